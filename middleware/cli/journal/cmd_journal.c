/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal: the table of its commands; verify and seal. */
#include <stdio.h>
#include <string.h>

#include "actions/journal/seal.h"
#include "actions/journal/show.h"
#include "actions/journal/verify.h"
#include "actions/who.h"
#include "cli/commands.h"
#include "cli/journal/journal.h"
#include "cli/sign/signrows.h"
#include "cli/verify/trustrows.h"
#include "util/hex.h"

/* ---- verify ---- */

static const char *state_word(bool known, bool good)
{
	return !known ? MSG_ID("not checked") : good ? MSG_ID("ok") : MSG_ID("broken");
}

json_t *journal_report_json(const struct journal_judged *j)
{
	const struct journal_report *r = &j->report;
	char head[2 * sizeof r->head + 1];
	json_t *o = json_pack("{s:o, s:I, s:I, s:s, s:s, s:s}", "journal", cli_json_file(j->dir),
	    "records", (json_int_t)r->records, "files", (json_int_t)r->files, "chain",
	    state_word(true, r->chain_ok), "codes", state_word(r->mac_known, r->mac_ok), "end",
	    state_word(r->head_known, r->head_ok));

	hex_str(rd_of(r->head, sizeof r->head), head);
	json_object_set_new(o, "head", json_string(head));
	if (r->bad) {
		json_object_set_new(o, "first_broken", json_integer((json_int_t)r->bad));
		json_object_set_new(o, "why", json_string(r->why));
	}
	return o;
}

static void say_report(const struct cli *c, const struct journal_judged *j)
{
	const struct journal_report *r = &j->report;

	cli_row(c, 9, MSG_ID("Journal:"), MSG(TEXT, P_FILE("text", j->dir)));
	cli_row(c, 9, MSG_ID("Records:"),
	    MSG_N("{records} in {n} file", "{records} in {n} files", r->files,
		P_NUMBER("records", r->records)));
	cli_row(c, 9, MSG_ID("Chain:"), MSG(state_word(true, r->chain_ok)));
	cli_row(c, 9, MSG_ID("Codes:"),
	    MSG(r->mac_known ? state_word(true, r->mac_ok)
			     : MSG_ID("not checked: name the first key with --key, where it was "
				      "taken to")));
	cli_row(c, 9, MSG_ID("End:"),
	    MSG(r->head_known ? state_word(true, r->head_ok)
			      : MSG_ID("not checked: journal.key is not here")));
}

static void say_seal(const struct cli *c, const struct journal_seal_seen *s)
{
	char when[32] = "";
	struct tm tm;

	if (gmtime_r(&s->at, &tm))
		strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", &tm);
	cli_row(c, 9, MSG_ID("Seal:"),
	    MSG(s->ca_checked
		    ? MSG_ID("{n} records, {when}, by {who}")
		    : MSG_ID("{n} records, {when}, by {who} (its CA not checked: say --anchor)"),
		P_NUMBER("n", s->n), P_TEXT("when", when), P_TEXT("who", s->who.name)));
}

static json_t *seal_json(const struct journal_seal_seen *s)
{
	char at[32] = "", why[256];
	struct tm tm;

	message_kept_text(&s->why, NULL, why, sizeof why);
	/* As the records have theirs; of a year with more digits it was never made. */
	if (s->at > 0 && gmtime_r(&s->at, &tm) && tm.tm_year + 1900 <= 9999)
		strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_pack("{s:o, s:b, s:s, s:o, s:I, s:o, s:s?, s:b}", "file",
	    cli_json_file(s->file), "valid", s->valid, "verdict",
	    s->valid	? "passed"
	    : s->unsure ? "indeterminate"
			: "failed",
	    "why", cli_json_text(why), "records", (json_int_t)s->n, "signer", who_json(&s->who),
	    "at", *at ? at : NULL, "ca_checked", s->ca_checked);
}

/* With --json a failure is one object: what was found, and the sentences for people alone. */
static enum outcome tell(const struct cli *c, const struct journal_verified *v)
{
	json_t *list = json_array(), *all = journal_report_json(&v->journal);
	enum outcome code, sealed = OUT_OK;
	struct cli people;
	struct ui ui;

	cli_for_people(c, &people, &ui);
	say_report(c, &v->journal);
	for (size_t i = 0; i < v->n; i++) {
		json_array_append_new(list, seal_json(&v->seal[i]));
		if (v->seal[i].valid)
			say_seal(c, &v->seal[i]);
		else
			sealed = journal_seal_tell(&people.job, &v->seal[i]);
	}
	code = journal_tell(&people.job, &v->journal);
	code = code ? code : sealed;
	json_object_set_new(all, "seals", list);
	json_object_set_new(all, "valid", json_boolean(v->valid));
	return cli_json(c, all) ? OUT_IO : code;
}

static enum outcome verify(struct cli *c, void *params, const struct strlist *args)
{
	struct journal_verified v;
	enum outcome code = journal_check(&c->job, params, args, &v);

	if (!code)
		code = tell(c, &v);
	journal_verified_free(&v);
	return code;
}

/* ---- seal ---- */

static enum outcome seal(struct cli *c, void *params, const struct strlist *args)
{
	const struct journal_seal_deed *deed = params;
	struct journal_sealed out;
	enum outcome code = cli_not_both(c, deed->output ? deed->output : "");

	(void)args;
	if (!code)
		code = journal_seal(&c->job, deed, &out);
	if (code)
		return code;
	if (strcmp(out.file, "-"))
		cli_tell(c, MSG("Sealed {n} records: {file}", P_NUMBER("n", out.records),
				P_FILE("file", out.file)));
	return cli_json(c, json_pack("{s:o, s:I}", "seal", cli_json_file(out.file), "records",
			       (json_int_t)out.records));
}

/* ---- the table ---- */

#define STATE_OPT(type)                                                                            \
	{                                                                                          \
		"state", 0, OPT_STR, "DIR", offsetof(type, state),                                 \
		    MSG_ID("the journal's folder (default: your own ecertd's, else "               \
			   "/var/lib/ecertd)")                                                     \
	}
#define SEAL_AT(field)	 offsetof(struct journal_seal_deed, field)
#define VERIFY_AT(field) offsetof(struct journal_verify_deed, field)

static const struct opt show_opts[] = {STATE_OPT(struct journal_show_deed),
    {"since", 0, OPT_STR, "TIME", offsetof(struct journal_show_deed, since),
	MSG_ID("only from then on: 2026-11-21T12:00:00Z, or seconds since 1970")},
    {0}};
static const struct opt dir_opts[] = {STATE_OPT(struct journal_show_deed), {0}};
static const struct opt verify_opts[] = {STATE_OPT(struct journal_verify_deed),
    {"key", 0, OPT_STR, "FILE", VERIFY_AT(key),
	MSG_ID("the first key (journal.verify), from where it was taken to")},
    {"anchor", 'a', OPT_LIST, "PEM", VERIFY_AT(trust.anchor),
	MSG_ID("a CA that you trust for the seals' certificates (may be repeated)")},
    {"intermediate", 0, OPT_LIST, "PEM", VERIFY_AT(trust.helper),
	MSG_ID("certificates that help to build the chain (may be repeated)")},
    {"crl", 0, OPT_LIST, "FILE", VERIFY_AT(trust.crl),
	MSG_ID("a CA's list of revoked certificates (may be repeated)")},
    {"at", 0, OPT_STR, "TIME", VERIFY_AT(trust.at),
	MSG_ID("judge the seals as of this time: 2026-11-21T12:00:00Z, or seconds since 1970")},
    {0}};
static const struct opt seal_opts[] = {STATE_OPT(struct journal_seal_deed),
    SIGNING_OPTS(struct journal_seal_deed, key),
    {"output", 'o', OPT_OUT, "FILE", SEAL_AT(output),
	MSG_ID("where the seal goes (default: beside the journal)")},
    {"force", 'f', OPT_FLAG, NULL, SEAL_AT(force), MSG_ID("replace a file that is there")}, {0}};

const struct command journal_commands[] = {
    {"journal", "show", "", 0, 0, MSG_ID("what keys were used for, when and by which program"),
	MSG_ID("ecertd writes down every use of a key, every PIN event and every write before it "
	       "happens, "
	       "and its outcome. --token takes a serial number here. The hash is that of what the "
	       "key was "
	       "given to sign: for a .p7s its signed attributes, which hold the file's hash.\n\n"
	       "Examples:\n"
	       "  ecert journal show\n"
	       "  ecert journal show --since 2026-11-21T00:00:00Z --token 12345678\n"
	       "  sudo ecert journal show --json"),
	show_opts, sizeof(struct journal_show_deed), cmd_journal_show},
    {"journal", "verify", "[SEAL...]", 0, SIZE_MAX,
	MSG_ID("whether the journal is as it was written"),
	MSG_ID(
	    "Every record names the one before it and has a code under a key that is gone after "
	    "it; "
	    "the first record that is not as it was written is named. Seals beside the journal and "
	    "those "
	    "named are checked, too; --anchor says whose.\n\n"
	    "Example:\n  ecert journal verify --key /media/safe/journal.verify --anchor ca.pem"),
	verify_opts, sizeof(struct journal_verify_deed), verify},
    {"journal", "export", "", 0, 0,
	MSG_ID("all records: as they are, or with --json in one document"),
	MSG_ID("Without --json the lines are those of the files, oldest first.\n\n"
	       "Example:\n  ecert journal export --json >journal.json"),
	dir_opts, sizeof(struct journal_show_deed), cmd_journal_export},
    {"journal", "seal", "", 0, 0, MSG_ID("sign the journal's end with the key on your token"),
	MSG_ID(
	    "A seal says that the journal had so many records and ended with this one; whoever "
	    "changes "
	    "one of them later needs the token to hide it. Keep a copy of the seal elsewhere.\n\n"
	    "Examples:\n  ecert journal seal\n  ecert journal seal -o /media/safe/journal.jws"),
	seal_opts, sizeof(struct journal_seal_deed), seal},
    {"journal", "reconcile", "", 0, 0,
	MSG_ID("compare it with the signature counters of the token"),
	MSG_ID(
	    "The token counts every use of a key, whoever asked for it. More than the journal has "
	    "on "
	    "record means that the key was used past ecertd. Needs a token with such counters.\n\n"
	    "Example:\n  ecert journal reconcile"),
	dir_opts, sizeof(struct journal_show_deed), cmd_journal_compare},
    {0}};
