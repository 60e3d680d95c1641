/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert registry review: an application on one sheet. */
#include <stdlib.h>
#include <string.h>

#include "actions/answer.h"
#include "cli/registry/registry.h"

#define WIDE 20

static const char *text_of(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

static void row(const struct cli *c, const char *label, const char *value)
{
	if (value && value[0])
		cli_row(c, WIDE, label, MSG(TEXT, P_TEXT("text", value)));
}

/* A number, text or truth value with its own digits. */
static void scalar(const struct cli *c, const char *label, const json_t *v, const char *unit)
{
	char *text = json_is_string(v) ? NULL : v ? answer_text(v, JSON_ENCODE_ANY) : NULL;
	const char *shown = json_is_string(v) ? json_string_value(v) : text;

	if (shown && unit)
		cli_row(c, WIDE, label,
		    MSG("{value} {unit}", P_TEXT("value", shown), P_TEXT("unit", unit)));
	else
		row(c, label, shown);
	free(text);
}

static void truth(const struct cli *c, const char *label, const json_t *v)
{
	if (json_is_boolean(v))
		cli_row(c, WIDE, label,
		    MSG(TEXT, P_WORD("text", json_is_true(v) ? MSG_ID("yes") : MSG_ID("no"))));
}

/* Where the sheet is in what was fetched. */
struct fetched {
	const json_t *all;
	size_t at;
	bool other, missing;
};

static void outcome_of(const struct cli *c, struct fetched *f)
{
	const json_t *e = json_array_get(f->all, f->at++);
	const char *word = text_of(e, "outcome");

	if (!e)
		return;
	if (json_is_true(json_object_get(e, "same"))) {
		cli_row(c, WIDE, MSG_ID("  Fetched:"), MSG("it is what the application says"));
	} else if (word && !strcmp(word, "ok")) {
		f->other = true;
		cli_row(c, WIDE, MSG_ID("  Fetched:"),
		    MSG("it is something else: its SHA-256 is {hash}",
			P_TEXT("hash", text_of(e, "sha256"))));
	} else {
		f->missing = true;
		cli_row(c, WIDE, MSG_ID("  Fetched:"),
		    MSG(TEXT, P_WORD("text", desk_fetch_words(word))));
	}
}

static void links(const struct cli *c, const json_t *list, struct fetched *f)
{
	size_t i;
	json_t *e;

	json_array_foreach(list, i, e)
	{
		row(c, MSG_ID("  Evidence:"), text_of(e, "uri"));
		row(c, MSG_ID("  SHA-256:"), text_of(e, "sha256"));
		outcome_of(c, f);
	}
}

static void practice(const struct cli *c, const json_t *said, struct fetched *f)
{
	size_t i;
	json_t *e;

	cli_say(c, "%s", "");
	cli_tell(c, MSG("The code of practice:"));
	json_array_foreach(json_object_get(said, "cop"), i, e)
	{
		scalar(c, MSG_ID("Item:"), json_object_get(e, "item"), NULL);
		truth(c, MSG_ID("  Kept:"), json_object_get(e, "kept"));
		row(c, MSG_ID("  Statement:"), text_of(e, "statement"));
		links(c, json_object_get(e, "evidence"), f);
	}
}

static void entries(const struct cli *c, const json_t *said, struct fetched *f)
{
	size_t i;
	json_t *e;

	if (json_array_size(json_object_get(said, "entries")) == 0)
		return;
	cli_say(c, "%s", "");
	cli_tell(c, MSG("Evidence by standards:"));
	json_array_foreach(json_object_get(said, "entries"), i, e)
	{
		scalar(c, MSG_ID("Standard:"), json_object_get(e, "std"), NULL);
		scalar(c, MSG_ID("  Edition:"), json_object_get(e, "edition"), NULL);
		scalar(c, MSG_ID("  Factor:"), json_object_get(e, "factor"), NULL);
		scalar(c, MSG_ID("  Topic:"), json_object_get(e, "topic_ref"), NULL);
		scalar(c, MSG_ID("  Indicator:"), json_object_get(e, "indicator_ref"), NULL);
		scalar(
		    c, MSG_ID("  Consideration:"), json_object_get(e, "consideration_ref"), NULL);
		scalar(c, MSG_ID("  Value:"), json_object_get(e, "value"), text_of(e, "unit"));
		row(c, MSG_ID("  Method:"), text_of(e, "method"));
		row(c, MSG_ID("  Period:"), text_of(e, "period"));
		row(c, MSG_ID("  Assessor:"), text_of(e, "assessor"));
		cli_row(c, WIDE, MSG_ID("  Shown to:"),
		    MSG(TEXT, P_WORD("text", json_is_true(json_object_get(e, "public"))
						 ? MSG_ID("shoppers")
						 : MSG_ID("the issuer alone"))));
		links(c, json_object_get(e, "evidence"), f);
	}
}

static void addresses(const struct cli *c, const json_t *said)
{
	const json_t *odr = json_object_get(said, "odr");
	size_t i;
	json_t *domain;

	json_array_foreach(json_object_get(said, "domains"), i, domain)
	{
		row(c, MSG_ID("Domain:"), json_string_value(domain));
	}
	row(c, MSG_ID("Terms:"), text_of(said, "terms_url"));
	row(c, MSG_ID("Privacy:"), text_of(said, "privacy_url"));
	row(c, MSG_ID("Returns:"), text_of(said, "returns_url"));
	row(c, MSG_ID("After-sales:"), text_of(said, "after_sales_url"));
	row(c, MSG_ID("Complaints:"), text_of(said, "complaint_contact"));
	row(c, MSG_ID("Disputes:"), text_of(odr, "provider"));
	row(c, "", text_of(odr, "url"));
}

static void history(const struct cli *c, const json_t *decisions)
{
	size_t i;
	json_t *d;

	cli_say(c, "%s", "");
	cli_tell(c, MSG("What was decided:"));
	json_array_foreach(decisions, i, d)
	{
		const char *why = text_of(d, "reason");

		cli_row(c, WIDE, "",
		    MSG("{time} {event} by {by}{why}",
			P_TIME("time", json_integer_value(json_object_get(d, "at"))),
			P_TEXT("event", text_of(d, "event")), P_TEXT("by", text_of(d, "by")),
			P_MSG("why", why ? MSG(": {reason}", P_TEXT("reason", why)) : MSG_EMPTY)));
	}
}

static void sheet(const struct cli *c, const struct desk_sheet *s, struct fetched *f)
{
	const json_t *said = json_object_get(s->claims, "hktm_evidence");
	const json_t *cop = json_object_get(s->claims, "hktm_cop");

	registry_line(c, &s->a);
	row(c, MSG_ID("Merchant:"), s->a.merchant);
	row(c, MSG_ID("Company:"), s->a.company);
	row(c, MSG_ID("Signed by:"), text_of(s->who, "name"));
	cli_row(c, WIDE, MSG_ID("Business number:"),
	    MSG(s->br_same ? MSG_ID("{br}, the certificate's")
			   : MSG_ID("{br}; the certificate does not confirm it"),
		P_TEXT("br", s->br)));
	row(c, MSG_ID("Type of mark:"), s->a.type);
	row(c, MSG_ID("Code of practice:"), text_of(cop, "name"));
	scalar(c, MSG_ID("  Version:"), json_object_get(cop, "version"), NULL);
	addresses(c, said);
	practice(c, said, f);
	entries(c, said, f);
	history(c, s->decisions);
	if (!json_is_null(s->mark)) {
		row(c, MSG_ID("Mark:"), text_of(s->mark, "sha256"));
		row(c, MSG_ID("  Status:"), text_of(s->mark, "status"));
		cli_row(c, WIDE, MSG_ID("  Until:"), MSG(TEXT, P_TIME("text", s->a.mark_exp)));
	}
}

enum outcome cmd_registry_review(struct cli *c, void *params, const struct strlist *args)
{
	struct fetched f = {.at = 0};
	struct desk_sheet s;
	enum outcome code = desk_review(&c->job, params, args->v[0], &s);

	if (!code) {
		f.all = s.fetched;
		sheet(c, &s, &f);
		code = cli_json(
		    c, json_pack("{s:o, s:O, s:s, s:b, s:O, s:O, s:O, s:O}", "application",
			   desk_application_json(&s.a), "signer", s.who, "br_no_claimed", s.br,
			   "br_no_confirmed", s.br_same, "claims", s.claims, "decisions",
			   s.decisions, "mark", s.mark, "fetched", s.fetched));
	}
	desk_sheet_free(&s);
	if (!code)
		code = f.other ? OUT_INVALID : f.missing ? OUT_INDETERMINATE : OUT_OK;
	return code;
}
