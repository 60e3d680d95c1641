/* SPDX-License-Identifier: BSD-2-Clause */
/* How things are: tokens and certificates, what ends, what is wrong. */
#include <stdlib.h>

#include "actions/doctor/doctor.h"
#include "actions/mark/due.h"
#include "actions/token/info.h"
#include "actions/token/list.h"
#include "desk/deeds/deeds.h"

static json_t *cert_json(const struct token_cert *c)
{
	const struct identity *who = &c->who;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:b, s:b, s:b}", "id",
	    shown_json(c->id), "name", shown_json(who->name[0] ? who->name : who->subject), "ca",
	    shown_json(who->issuer_cn[0] ? who->issuer_cn : who->issuer), "serial",
	    shown_json(who->serial), "email", shown_json(who->email), "from",
	    (json_int_t)who->not_before, "until", (json_int_t)who->not_after, "soon",
	    (int)c->ends_soon, "signs", (int)(who->can_sign && !who->is_ca), "authority",
	    (int)who->is_ca);
}

/* Its certificates, when it can be looked at. */
static void say_token(const struct job *job, struct page_ui *p, const struct token_row *row)
{
	static const struct ui_calls silent = {.failed = NULL};
	const struct ui nobody = {&silent, NULL};
	struct job one = *job;
	struct token_facts f;
	json_t *certs = json_array();
	bool seen;

	one.ui = &nobody;
	one.slot_id = row->slot_id;
	seen = !token_look(&one, &f);
	for (size_t i = 0; seen && i < f.n; i++)
		(void)json_array_append_new(certs, cert_json(&f.cert[i]));
	say(p, json_pack("{s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:i, s:b, s:o}", "kind", "token",
		   "label", shown_json(row->label), "serial", shown_json(row->serial), "model",
		   shown_json(row->model), "reader", shown_json(row->reader), "blocked",
		   (int)row->pin_blocked, "last_try", (int)row->pin_last_try, "virtual",
		   (int)(seen && f.has_card && f.card.is_virtual), "tries",
		   seen && f.has_card ? f.card.pin_tries : -1, "keypad",
		   (int)(seen && f.has_card && f.card.pinpad), "certificates", certs));
	token_facts_free(&f);
}

static void say_due(const struct job *job, struct page_ui *p)
{
	static const struct ui_calls silent = {.failed = NULL};
	const struct ui nobody = {&silent, NULL};
	const struct due_deed deed = {.days = 0};
	struct job quiet = *job;
	struct due_result due;

	quiet.ui = &nobody;
	if (!trustmark_due(&quiet, &deed, &due))
		for (size_t i = 0; i < due.n; i++)
			say(p, json_pack("{s:s, s:s, s:s, s:o, s:I, s:I}", "kind", "due", "what",
				   due_kind_name(due.v[i].kind), "state",
				   due_state_name(due.v[i].state), "name",
				   shown_json(due.v[i].name), "until", (json_int_t)due.v[i].until,
				   "days", (json_int_t)due.v[i].days));
	due_free(&due);
}

static void say_findings(const struct job *job, struct page_ui *p)
{
	struct doctor *d = calloc(1, sizeof *d);

	if (!d)
		return;
	doctor_probe(job, d);
	(void)doctor_examine(d);
	for (size_t i = 0; i < d->findings; i++)
		say(p, json_pack("{s:s, s:s, s:s, s:o, s:o}", "kind", "finding", "check",
			   d->finding[i].check, "level", doctor_level_name(d->finding[i].level),
			   "what", kept_json(&d->finding[i].said), "next",
			   kept_json(&d->finding[i].next)));
	free(d);
}

enum outcome deed_today(const struct job *job, struct page_ui *p, const json_t *asked)
{
	const struct token_list_deed deed = {.none_is_fine = true};
	struct token_list found;
	enum outcome code = token_list(job, &deed, &found);

	(void)asked;
	for (size_t i = 0; !code && i < found.n; i++)
		say_token(job, p, &found.row[i]);
	say_due(job, p);
	say_findings(job, p);
	return code;
}
