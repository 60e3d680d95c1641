/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustmark due, staple, snippet: what shops do with a mark that they have. */
#include <stdlib.h>

#include "actions/mark/due.h"
#include "actions/mark/snippet.h"
#include "actions/mark/staple.h"
#include "cli/language.h"
#include "cli/terminal.h"
#include "cli/trust/trustmark.h"
#include "cli/verify/trustrows.h"

/* ---- due ---- */

struct due_params {
	struct due_deed deed;
	const char *command;
	bool remind;
};

static json_t *row_json(const struct due_row *r)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s}", "kind", due_kind_name(r->kind), "file",
	    cli_json_file(r->file), "name", cli_json_text(r->name), "until",
	    r->until ? json_integer(r->until) : json_null(), "days",
	    r->until ? json_integer(r->days) : json_null(), "state", due_state_name(r->state));
}

static const struct message *row_words(const struct due_row *r, struct message *out)
{
	static const char *const words[][3] = {
	    [DUE_MARK] =
		{MSG_ID("{file}: the trust mark of {name} counts until {time} (days left: {days})"),
		    MSG_ID("{file}: the trust mark of {name} ends on {time} (days left: {days})"),
		    MSG_ID("{file}: the trust mark of {name} ended on {time}")},
	    [DUE_STATUS] = {MSG_ID("{file}: the status by {name} counts until {time}"),
		MSG_ID("{file}: the status by {name} ends on {time}; `ecert trustmark staple` "
		       "fetches another"),
		MSG_ID("{file}: the status by {name} ended on {time}; `ecert trustmark staple` "
		       "fetches another")},
	    [DUE_CERTIFICATE] = {
		MSG_ID("{file}: the certificate of {name} counts until {time} (days left: {days})"),
		MSG_ID("{file}: the certificate of {name} ends on {time} (days left: {days})"),
		MSG_ID("{file}: the certificate of {name} ended on {time}")}};
	const char *id = r->until ? words[r->kind][r->state]
				  : MSG_ID("{file}: the trust mark of {name} has no end");

	*out = *MSG(id, P_FILE("file", r->file), P_TEXT("name", r->name), P_TIME("time", r->until),
	    P_NUMBER("days", r->days));
	return out;
}

static enum outcome remind(struct cli *c, const struct due_params *o, const struct due_result *r)
{
	const char *command = o->command ? o->command : getenv("ECERT_REMINDER");
	struct buf lines = BUF_INIT(65536);
	struct message row;
	enum outcome code;
	char *words;

	if (!due_wants_reminder(&c->job, r)) {
		cli_tell(c, MSG("Nobody has to be reminded today."));
		return OUT_OK;
	}
	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].state == DUE_FINE)
			continue;
		words = cli_words(row_words(&r->v[i], &row));
		buf_str(&lines, words ? words : r->v[i].file);
		buf_u8(&lines, '\n');
		message_free(words);
	}
	buf_u8(&lines, 0);
	code = ui_fail_rc(c->job.ui, buf_rc(&lines), MSG("Cannot start: {why}"));
	if (!code)
		code = trustmark_remind(c, command && *command ? command : NULL,
		    language_of(MSG_ID("Trust mark: something ends soon")),
		    (const char *)buf_view(&lines).p);
	buf_free(&lines);
	return code ? code : due_reminded(&c->job);
}

static enum outcome tell_due(struct cli *c, const struct due_result *r)
{
	json_t *all = json_array();
	struct message row;

	for (size_t i = 0; i < r->n; i++) {
		cli_tell(c, row_words(&r->v[i], &row));
		(void)json_array_append_new(all, row_json(&r->v[i]));
	}
	if (!r->n)
		cli_tell(c, MSG("There is nothing in {dir} that ends: put your trust mark, its "
				"status and your certificate there, or links to them.",
				P_FILE("dir", r->folder)));
	return cli_json(
	    c, json_pack("{s:o, s:s}", "items", all, "state", due_state_name(r->worst)));
}

enum outcome cmd_due(struct cli *c, void *params, const struct strlist *args)
{
	static const enum outcome codes[] = {
	    [DUE_FINE] = OUT_OK, [DUE_SOON] = OUT_INDETERMINATE, [DUE_OVER] = OUT_INVALID};
	struct due_params *o = params;
	struct due_result r;
	enum outcome code;

	o->deed.files = *args;
	if (o->command && !o->remind)
		return ui_fail(c->job.ui, OUT_USAGE, "option-means-nothing",
		    MSG("--command says how to remind, and --remind is not given"),
		    MSG("Say --remind, too."));
	code = trustmark_due(&c->job, &o->deed, &r);
	if (!code)
		code = tell_due(c, &r);
	if (!code && o->remind)
		code = remind(c, o, &r);
	else if (!code)
		code = codes[r.worst];
	due_free(&r);
	return code;
}

#define DUE(field) offsetof(struct due_params, field)

const struct opt trustmark_due_opts[] = {
    {"days", 0, OPT_COUNT, "N", DUE(deed.days),
	MSG_ID("how long before its end something is due (default: 60)")},
    {"remind", 0, OPT_FLAG, NULL, DUE(remind),
	MSG_ID("tell me elsewhere, once a week, and in the last week every day")},
    {"command", 0, OPT_STR, "TEXT", DUE(command),
	MSG_ID("how: a command of the shell that reads it (default: notify-send)")},
    {0}};

/* ---- staple ---- */

static json_t *staple_json(const struct staple_deed *deed, const struct stapled *s)
{
	json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:b}", "file", cli_json_file(deed->output),
	    "status", cli_json_text(s->status), "iat", json_integer(s->iat), "exp",
	    s->exp ? json_integer(s->exp) : json_null(), "active", s->active);

	if (o && s->reason[0])
		(void)json_object_set_new(o, "status_reason", cli_json_text(s->reason));
	if (o)
		online_json(&s->online, o);
	return o;
}

enum outcome cmd_staple(struct cli *c, void *params, const struct strlist *args)
{
	const struct staple_deed *deed = params;
	struct stapled s;
	enum outcome code = trustmark_staple(&c->job, deed, &s);

	(void)args;
	if (!code) {
		cli_tell(c, MSG("{file}: {status}, until {time}", P_FILE("file", deed->output),
				P_TEXT("status", s.status), P_TIME("time", s.exp)));
		code = cli_json(c, staple_json(deed, &s));
	}
	stapled_free(&s);
	return code;
}

#define STAPLE(field) offsetof(struct staple_deed, field)

const struct opt trustmark_staple_opts[] = {
    {"mark", 0, OPT_STR, "FILE", STAPLE(mark), MSG_ID("your trust mark")},
    {"output", 'o', OPT_OUT, "FILE", STAPLE(output),
	MSG_ID("where the status goes, in the place of the one before")},
    {"mark-issuer", 0, OPT_LIST, "[URL=]PEM", STAPLE(trust.mark_issuer),
	MSG_ID("an issuer of trust marks (may be repeated)")},
    {"online-allow", 0, OPT_LIST, "HOST[:PORT]", STAPLE(online.allow),
	MSG_ID("a host that may be asked though it is in a private network (may be repeated)")},
    {"online-timeout", 0, OPT_COUNT, "SECONDS", STAPLE(online.seconds),
	MSG_ID("how long one answer may take (default: 10)")},
    {0}};

/* ---- snippet ---- */

enum outcome cmd_snippet(struct cli *c, void *params, const struct strlist *args)
{
	struct buf html = BUF_INIT(16384);
	enum outcome code = trustmark_snippet(&c->job, params, &html);

	(void)args;
	buf_u8(&html, 0);
	if (!code && c->json)
		code = cli_json(
		    c, json_pack("{s:o}", "html", cli_json_text((const char *)buf_view(&html).p)));
	else if (!code && fputs((const char *)buf_view(&html).p, stdout) < 0)
		code = ui_fail_rc(
		    c->job.ui, ECERT_E_IO, MSG("Cannot write to standard output: {why}"));
	buf_free(&html);
	return code;
}

#define SNIPPET(field) offsetof(struct snippet_deed, field)

const struct opt trustmark_snippet_opts[] = {
    {"mark", 0, OPT_STR, "FILE", SNIPPET(mark), MSG_ID("your trust mark")},
    {"page", 0, OPT_STR, "URL", SNIPPET(page),
	MSG_ID("the issuer's page about you (default: as the mark says)")},
    {"logo", 0, OPT_STR, "URL", SNIPPET(logo), MSG_ID("the picture (default: as the mark says)")},
    {"language", 0, OPT_STR, "WORD", SNIPPET(language),
	MSG_ID("en, zh-Hant or zh-Hans (default: en)")},
    {"width", 0, OPT_COUNT, "N", SNIPPET(width),
	MSG_ID("of the picture, in pixels (default: 120)")},
    {0}};

_Static_assert(sizeof(struct due_params) <= TRUSTMARK_PARAMS &&
		   sizeof(struct staple_deed) <= TRUSTMARK_PARAMS &&
		   sizeof(struct snippet_deed) <= TRUSTMARK_PARAMS,
    "room for the parameters");
