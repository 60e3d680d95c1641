/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trust: whom to trust, set once. */
#include "actions/trust/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/language.h"
#include "util/buf.h"

/* What --kind calls it, in brackets. */
static const char *const kind_words[STORE_KINDS] = {[STORE_ANCHOR] = MSG_ID("CA (anchor)"),
    [STORE_LIST] = MSG_ID("trust list (list)"),
    [STORE_ATTESTATION] = MSG_ID("token maker (attestation)"),
    [STORE_TSA] = MSG_ID("time stamps (tsa)"),
    [STORE_MARK_ISSUER] = MSG_ID("trust marks (mark-issuer)")};

static void say_where(const struct cli *c, const struct trust_row *r)
{
	cli_row(c, 14, MSG_ID("Trusted by:"),
	    MSG(r->machine ? MSG_ID("everybody on this computer") : MSG_ID("you")));
}

/* Whom a list names, in the order of the purposes. */
static void say_named(const struct cli *c, const struct trust_row *r)
{
	bool first = true;

	for (size_t i = 0; i < LIST_PURPOSES; i++) {
		struct message words = list_purpose_words(i, r->named[i]);

		if (!r->named[i])
			continue;
		cli_row(c, 14, first ? MSG_ID("Names:") : "", &words);
		first = false;
	}
}

static void say_row(const struct cli *c, const struct trust_row *r)
{
	char until[TEXT_DAY];

	cli_row(c, 14, MSG_ID("Name:"), MSG(TEXT, P_TEXT("text", r->name)));
	cli_row(c, 14, MSG_ID("Kind:"), MSG(kind_words[r->kind]));
	say_where(c, r);
	cli_row(c, 14, MSG_ID("Subject:"), MSG(TEXT, P_TEXT("text", r->subject)));
	cli_row(
	    c, 14, MSG_ID("Valid until:"), MSG(TEXT, P_TEXT("text", text_day(r->until, until))));
	cli_row(c, 14, "SHA-256:", MSG(TEXT, P_TEXT("text", r->sha256)));
	say_named(c, r);
	if (r->url[0])
		cli_row(c, 14, "URL:", MSG(TEXT, P_TEXT("text", r->url)));
	if (r->added[0])
		cli_row(c, 14, MSG_ID("Added:"),
		    MSG("{time} by {who}", P_TEXT("time", r->added), P_TEXT("who", r->by)));
}

/* What a deed found or did, in both ways. */
static enum outcome answer(const struct cli *c, struct trust_rows *rows)
{
	enum outcome code;

	for (size_t i = 0; i < rows->n; i++) {
		if (i)
			cli_say(c, "%s", "");
		say_row(c, &rows->v[i]);
	}
	code = cli_json(c, json_pack("{s:o}", "trusted", trust_rows_json(rows)));
	trust_rows_free(rows);
	return code;
}

static enum outcome add(struct cli *c, void *params, const struct strlist *args)
{
	struct trust_rows rows;
	enum outcome code = trust_add(&c->job, params, args, &rows);

	if (code)
		return code;
	code = answer(c, &rows);
	cli_tell(c, MSG("From now on `ecert verify` trusts it."));
	return code;
}

static json_t *store_json(const struct trust_listed *l, int machine)
{
	return json_pack("{s:o, s:s}", "folder", cli_json_file(l->folder[machine]), "record",
	    record_state_name(l->record[machine]));
}

/* A line of the table; the last cell is as wide as it likes. */
#define CELLS 5
struct line {
	const char *cell[CELLS];
};

static void say_line(const struct cli *c, const struct line *l, const int wide[CELLS])
{
	struct buf text = BUF_INIT(4096);

	for (size_t i = 0; i < CELLS; i++) {
		int rest = i + 1 < CELLS ? wide[i] + 2 - language_columns(l->cell[i]) : 0;

		buf_str(&text, l->cell[i]);
		for (; rest > 0; rest--)
			buf_str(&text, " ");
	}
	cli_say(c, "%.*s", (int)buf_len(&text), (const char *)buf_view(&text).p);
	buf_free(&text);
}

static struct line line_of(const struct trust_row *r, char sha256[9], char until[TEXT_DAY])
{
	(void)snprintf(sha256, 9, "%.8s", r->sha256);
	return (struct line){{language_of(kind_words[r->kind]),
	    language_of(r->machine ? MSG_ID("this computer") : MSG_ID("you")), sha256,
	    text_day(r->until, until), r->name}};
}

static void say_table(const struct cli *c, const struct trust_rows *rows)
{
	const struct line head = {{language_of(MSG_ID("Kind")), language_of(MSG_ID("Trusted by")),
	    "SHA-256", language_of(MSG_ID("Valid until")), language_of(MSG_ID("Name"))}};
	char sha256[9], until[TEXT_DAY];
	int wide[CELLS];

	for (size_t k = 0; k < CELLS; k++)
		wide[k] = language_columns(head.cell[k]);
	for (size_t i = 0; i < rows->n; i++) {
		struct line l = line_of(&rows->v[i], sha256, until);

		for (size_t k = 0; k < CELLS; k++)
			if (language_columns(l.cell[k]) > wide[k])
				wide[k] = language_columns(l.cell[k]);
	}
	say_line(c, &head, wide);
	for (size_t i = 0; i < rows->n; i++) {
		struct line l = line_of(&rows->v[i], sha256, until);

		say_line(c, &l, wide);
	}
}

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	struct trust_listed *l = calloc(1, sizeof *l);
	enum outcome code = l ? trust_listing(&c->job, l) : OUT_INTERNAL;

	(void)params;
	(void)args;
	if (!l)
		return ui_fail_rc(c->job.ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	if (!code && l->rows.n)
		say_table(c, &l->rows);
	else if (!code)
		cli_tell(c, MSG("Nobody is trusted yet; `ecert trust add` adds a CA."));
	if (!code)
		code = cli_json(
		    c, json_pack("{s:o, s:o, s:o}", "trusted", trust_rows_json(&l->rows), "user",
			   store_json(l, 0), "machine", store_json(l, 1)));
	trust_rows_free(&l->rows);
	free(l);
	return code;
}

static enum outcome show(struct cli *c, void *params, const struct strlist *args)
{
	struct trust_rows rows;
	enum outcome code = trust_show(&c->job, args->v[0], &rows);

	(void)params;
	return code ? code : answer(c, &rows);
}

struct remove_params {
	bool machine, yes;
};

static enum outcome drop(struct cli *c, void *params, const struct strlist *args)
{
	const struct remove_params *o = params;
	struct trust_rows rows;
	enum outcome code = trust_remove(&c->job, o->machine, o->yes, args->v[0], &rows);

	if (code)
		return code;
	cli_tell(c, MSG("Removed: {name} is not trusted any more ({sha256}).",
			P_TEXT("name", rows.v[0].name), P_TEXT("sha256", rows.v[0].sha256)));
	code = cli_json(c, json_pack("{s:o}", "trusted", trust_rows_json(&rows)));
	trust_rows_free(&rows);
	return code;
}

#define AT(field) offsetof(struct trust_add_deed, field)

static const struct opt add_opts[] = {
    {"kind", 'k', OPT_STR, "KIND", AT(kind),
	MSG_ID("what it is trusted for: anchor, list, attestation, tsa, mark-issuer (default: as "
	       "the file shows)")},
    {"fingerprint", 0, OPT_LIST, "SHA256", AT(fingerprint),
	MSG_ID("the certificate that you mean, instead of being asked (may be repeated)")},
    {"trust-list-signer", 0, OPT_STR, "PEM", AT(list_signer),
	MSG_ID("the certificate that signs the list")},
    {"url", 0, OPT_STR, "URL", AT(url),
	MSG_ID("the mark issuer's URL, or where the TSA is asked for time stamps")},
    {"machine", 0, OPT_FLAG, NULL, AT(machine), MSG_ID("for everybody on this computer (as root)")},
    {"force", 'f', OPT_FLAG, NULL, AT(force), MSG_ID("also one that has expired")}, {0}};

static const struct opt remove_opts[] = {
    {"machine", 0, OPT_FLAG, NULL, offsetof(struct remove_params, machine),
	MSG_ID("for everybody on this computer (as root)")},
    {"yes", 'y', OPT_FLAG, NULL, offsetof(struct remove_params, yes), MSG_ID("do not ask")}, {0}};

const struct command trust_commands[] = {
    {"trust", "add", "FILE...", 1, 64, MSG_ID("trust a CA, a list or an issuer from now on"),
	MSG_ID("The fingerprint is shown, and you say yes when it is the one that the CA publishes "
	       "elsewhere; a script says it with --fingerprint. Nothing is added without. "
	       "`ecert verify` then needs no option.\n\n"
	       "Examples:\n"
	       "  ecert trust add root.pem\n"
	       "  ecert trust add --kind mark-issuer --url https://alliance.example us.pem\n"
	       "  ecert trust add --trust-list-signer publisher.pem list.jwt"),
	add_opts, sizeof(struct trust_add_deed), add},
    {"trust", "list", "", 0, 0, MSG_ID("whom you and this computer trust"),
	MSG_ID("For what each is trusted and by whom, the first digits of its SHA-256, its last "
	       "day, its name. Each change is in changes.log of the store; when that was cut or "
	       "altered, it is said.\n\n"
	       "Example:\n  ecert trust list"),
	NULL, 0, list},
    {"trust", "show", "NAME", 1, 1, MSG_ID("all about one that is trusted"),
	MSG_ID("NAME is the name, or eight or more digits that its SHA-256 begins with.\n\n"
	       "Example:\n  ecert trust show 'Example Root CA'"),
	NULL, 0, show},
    {"trust", "remove", "NAME", 1, 1, MSG_ID("trust somebody no longer"),
	MSG_ID("NAME is the name, or eight or more digits that its SHA-256 begins with.\n\n"
	       "Example:\n  ecert trust remove 'Example Root CA'"),
	remove_opts, sizeof(struct remove_params), drop},
    {0}};
