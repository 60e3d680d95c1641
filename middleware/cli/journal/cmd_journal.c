/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal: the table of its commands, where the journal is, and whether it is right. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/sign/signrows.h"
#include "cli/commands.h"
#include "cli/journal/journal.h"
#include "client/outfile.h"

/* ---- where ---- */

static bool has_journal(const char *dir)
{
	char path[4200];

	snprintf(path, sizeof path, "%s/journal.key", dir);
	if (!access(path, F_OK))
		return true;
	snprintf(path, sizeof path, "%s/journal.jsonl", dir);
	return !access(path, F_OK);
}

/* As ecertd(8) chooses it. */
static bool own_dir(char *out, size_t cap)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = state  ? snprintf(out, cap, "%s/ecertd", state)
		: home ? snprintf(out, cap, "%s/.local/state/ecertd", home)
		       : -1;

	return n > 0 && (size_t)n < cap;
}

enum outcome journal_where(const struct cli *c, const char *state, char *out, size_t cap)
{
	if (state)
		snprintf(out, cap, "%s", state);
	else if (!own_dir(out, cap) || !has_journal(out))
		snprintf(out, cap, "%s", JOURNAL_DIR_SYSTEM);
	if (has_journal(out))
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_IO, "no-journal",
	    MSG("There is no journal in {out}, or you may not read it", P_TEXT("out", out)),
	    MSG("ecertd keeps it; the system's is in {system} and for root only. Name its folder "
		"with --state.",
		P_TEXT("system", JOURNAL_DIR_SYSTEM)));
}

/* ---- verify ---- */

enum ecert_rc journal_judge(const char *dir, struct rd first_key, struct journal_report *out)
{
	enum ecert_rc rc = journal_verify_with(dir, first_key, out);

	/* ecertd may have been in the middle of an append. */
	if (rc != ECERT_E_BAD_SIGNATURE)
		return rc;
	usleep(200000);
	return journal_verify_with(dir, first_key, out);
}

static const char *state_word(bool known, bool good)
{
	return !known ? MSG_ID("not checked") : good ? MSG_ID("ok") : MSG_ID("broken");
}

json_t *journal_report_json(const char *dir, const struct journal_report *r)
{
	char head[2 * JOURNAL_HASH + 1];
	json_t *o = json_pack("{s:o, s:I, s:I, s:s, s:s, s:s}", "journal", cli_json_text(dir),
	    "records", (json_int_t)r->records, "files", (json_int_t)r->files, "chain",
	    state_word(true, r->chain_ok), "codes", state_word(r->mac_known, r->mac_ok), "end",
	    state_word(r->head_known, r->head_ok));

	for (size_t i = 0; i < JOURNAL_HASH; i++)
		snprintf(head + 2 * i, 3, "%02x", r->head[i]);
	json_object_set_new(o, "head", json_string(head));
	if (r->bad) {
		json_object_set_new(o, "first_broken", json_integer((json_int_t)r->bad));
		json_object_set_new(o, "why", json_string(r->why));
	}
	return o;
}

enum outcome journal_tell(
    const struct cli *c, const char *dir, enum ecert_rc rc, const struct journal_report *r)
{
	if (rc != ECERT_E_BAD_SIGNATURE)
		return ui_fail_rc(c->job.ui, rc,
		    MSG("Cannot read the journal in {dir}: {why}", P_TEXT("dir", dir)));
	return ui_fail(c->job.ui, OUT_INVALID, "journal-changed",
	    MSG("The journal was changed: record {record}: {why}", P_NUMBER("record", r->bad),
		P_WORD("why", r->why)),
	    MSG("Keep a copy of the folder as it is. What stands before that record is as it was "
		"written."));
}

enum outcome journal_tell_people(
    const struct cli *c, const char *dir, enum ecert_rc rc, const struct journal_report *r)
{
	struct cli people;
	struct ui ui;

	cli_for_people(c, &people, &ui);
	return journal_tell(&people, dir, rc, r);
}

static enum outcome load_key(const struct cli *c, const char *path, struct buf *key)
{
	enum outcome code = path ? infile_load(&c->job, path, key) : OUT_OK;

	if (!code && path && buf_len(key) != JOURNAL_HASH)
		code = ui_fail(c->job.ui, OUT_INPUT, "not-a-journal-key",
		    MSG("{file} is not the first key of a journal", P_TEXT("file", path)),
		    MSG("It is a copy of journal.verify, 32 bytes."));
	return code;
}

static void say_report(const struct cli *c, const char *dir, const struct journal_report *r)
{
	cli_row(c, 9, MSG_ID("Journal:"), MSG(TEXT, P_TEXT("text", dir)));
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

static enum outcome verify_all(
    const struct cli *c, const struct journal_verify_params *o, const struct strlist *seals)
{
	char dir[4096];
	struct buf key = BUF_INIT(4096);
	struct journal_report r = {0};
	json_t *list = json_array(), *all;
	enum outcome code = journal_where(c, o->state, dir, sizeof dir), sealed = OUT_OK;
	enum ecert_rc rc = ECERT_OK;

	if (!code)
		code = load_key(c, o->key, &key);
	if (code)
		goto out;
	rc = journal_judge(dir, buf_view(&key), &r);
	if (!rc || rc == ECERT_E_BAD_SIGNATURE) {
		say_report(c, dir, &r);
		sealed = journal_check_seals(c, o, dir, seals, list);
	}
	/* With --json a failure is one object: what was found, not the sentence alone. */
	if (c->json && rc == ECERT_E_BAD_SIGNATURE)
		code = journal_tell_people(c, dir, rc, &r);
	else
		code = journal_tell(c, dir, rc, &r);
	code = code ? code : sealed;
	if (!rc || rc == ECERT_E_BAD_SIGNATURE) {
		all = journal_report_json(dir, &r);
		json_object_set(all, "seals", list);
		json_object_set_new(all, "valid", json_boolean(!code));
		if (cli_json(c, all))
			code = OUT_IO;
	}
out:
	json_decref(list);
	buf_free(&key);
	return code;
}

static enum outcome verify(struct cli *c, void *params, const struct strlist *args)
{
	return verify_all(c, params, args);
}

/* ---- the table ---- */

#define STATE_OPT(type)                                                                            \
	{                                                                                          \
		"state", 0, OPT_STR, "DIR", offsetof(type, state),                                 \
		    MSG_ID("the journal's folder (default: your own ecertd's, else "               \
			   "/var/lib/ecertd)")                                                     \
	}
#define SEAL_AT(field)	 offsetof(struct journal_seal_params, field)
#define VERIFY_AT(field) offsetof(struct journal_verify_params, field)

static const struct opt show_opts[] = {STATE_OPT(struct journal_show_params),
    {"since", 0, OPT_STR, "TIME", offsetof(struct journal_show_params, since),
	MSG_ID("only from then on: 2026-11-21T12:00:00Z, or seconds since 1970")},
    {0}};
static const struct opt dir_opts[] = {STATE_OPT(struct journal_show_params), {0}};
static const struct opt verify_opts[] = {STATE_OPT(struct journal_verify_params),
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
static const struct opt seal_opts[] = {STATE_OPT(struct journal_seal_params),
    SIGNING_OPTS(struct journal_seal_params, key),
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
	show_opts, sizeof(struct journal_show_params), journal_show},
    {"journal", "verify", "[SEAL...]", 0, SIZE_MAX,
	MSG_ID("whether the journal is as it was written"),
	MSG_ID(
	    "Every record names the one before it and has a code under a key that is gone after "
	    "it; "
	    "the first record that is not as it was written is named. Seals beside the journal and "
	    "those "
	    "named are checked, too; --anchor says whose.\n\n"
	    "Example:\n  ecert journal verify --key /media/safe/journal.verify --anchor ca.pem"),
	verify_opts, sizeof(struct journal_verify_params), verify},
    {"journal", "export", "", 0, 0,
	MSG_ID("all records: as they are, or with --json in one document"),
	MSG_ID("Without --json the lines are those of the files, oldest first.\n\n"
	       "Example:\n  ecert journal export --json >journal.json"),
	dir_opts, sizeof(struct journal_show_params), journal_export},
    {"journal", "seal", "", 0, 0, MSG_ID("sign the journal's end with the key on your token"),
	MSG_ID(
	    "A seal says that the journal had so many records and ended with this one; whoever "
	    "changes "
	    "one of them later needs the token to hide it. Keep a copy of the seal elsewhere.\n\n"
	    "Examples:\n  ecert journal seal\n  ecert journal seal -o /media/safe/journal.jws"),
	seal_opts, sizeof(struct journal_seal_params), journal_seal},
    {"journal", "reconcile", "", 0, 0,
	MSG_ID("compare it with the signature counters of the token"),
	MSG_ID(
	    "The token counts every use of a key, whoever asked for it. More than the journal has "
	    "on "
	    "record means that the key was used past ecertd. Needs a token with such counters.\n\n"
	    "Example:\n  ecert journal reconcile"),
	dir_opts, sizeof(struct journal_show_params), journal_compare},
    {0}};
