/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "actions/beside.h"
#include "cli/commands.h"
#include "cli/verify/many.h"
#include "cli/verify/trustrows.h"
#include "cli/verify/verify.h"

struct verify_params {
	struct verify_deed deed;
	const char *status_age_text; /* as it was given; NULL: not */
	const char *revision_text;   /* the same of --extract-revision */
	struct many_options many;
	struct strlist signers; /* the verdict is about one, or all */
};

/* 0 is not what was left out: whoever takes no old status does not get the default. */
static bool read_age(struct verify_params *o)
{
	char *end;

	if (!o->status_age_text)
		return true;
	errno = 0;
	o->deed.status_age = strtol(o->status_age_text, &end, 10);
	return !errno && end != o->status_age_text && !*end;
}

static enum outcome check_extract(const struct cli *c, const char *path)
{
	if (!c->json || !path || strcmp(path, "-"))
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_USAGE, "standard-output-twice",
	    MSG("The answer in JSON and the result cannot both go to standard output"),
	    MSG("Name a file with --extract, or leave --json out."));
}

static enum outcome check_age(const struct cli *c, struct verify_params *o)
{
	if (!read_age(o))
		return ui_fail(c->job.ui, OUT_USAGE, "status-age-malformed",
		    MSG("--{option} takes a number, not '{value}'", P_TEXT("option", "status-age"),
			P_TEXT("value", o->status_age_text)),
		    NULL);
	if (o->status_age_text && (o->deed.status_age < 1 || o->deed.status_age > 24L * 366))
		return ui_fail(c->job.ui, OUT_USAGE, "status-age-malformed",
		    MSG("--status-age takes hours, and not {hours} of them",
			P_NUMBER("hours", o->deed.status_age)),
		    MSG("A day or a week is usual; a year is the most."));
	return OUT_OK;
}

static enum outcome check_revision(const struct cli *c, struct verify_params *o)
{
	char *end = NULL;

	if (!o->revision_text)
		return OUT_OK;
	errno = 0;
	o->deed.extract_revision = strtol(o->revision_text, &end, 10);
	if (errno || *end || o->deed.extract_revision < 1)
		return ui_fail(c->job.ui, OUT_USAGE, "revision-malformed",
		    MSG("--{option} takes a number, not '{value}'",
			P_TEXT("option", "extract-revision"), P_TEXT("value", o->revision_text)),
		    MSG("The first signature's is 1."));
	if (!o->deed.extract)
		return ui_fail(c->job.ui, OUT_USAGE, "option-means-nothing",
		    MSG("--extract-revision says which revision, and not where it goes"),
		    MSG("Name a file for it with --extract."));
	return OUT_OK;
}

json_t *verify_json(const struct verified *r)
{
	json_t *o = verified_json(r);

	if (o) {
		json_object_set_new(o, "file", cli_json_file(r->file));
		json_object_set_new(o, "kind", json_string(verify_kind_name(r->kind)));
	}
	return o;
}

/* The object for programs is out before people are told the last sentence. */
static enum outcome tell(const struct cli *c, const struct verified *r)
{
	struct cli people;
	struct ui ui;
	enum outcome code = cli_json(c, c->json ? verify_json(r) : NULL);

	cli_for_people(c, &people, &ui);
	return code ? code : verified_close(people.job.ui, r);
}

static enum outcome check_signer(const struct cli *c, struct verify_params *o)
{
	const char *who = o->signers.n ? o->signers.v[0] : NULL;

	o->deed.signer = who;
	if (o->signers.n > 1)
		return ui_fail(c->job.ui, OUT_USAGE, "signer-twice",
		    MSG("--signer names {n} signers, and a verdict is about one or about all",
			P_NUMBER("n", o->signers.n)),
		    MSG("Verify it once for each of them, or leave --signer out."));
	if (!who || who[strspn(who, " \t\r\n")])
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_USAGE, "signer-empty",
	    MSG("--signer names nobody: it is empty"),
	    MSG("Name a signer, an e-mail address or a certificate's SHA-256, or leave it out."));
}

static enum outcome run_verify(struct cli *c, void *params, const struct strlist *files)
{
	struct verify_params *o = params;
	struct verified *r;
	struct cli rows = *c;
	enum outcome code = check_age(c, o);

	if (!code)
		code = check_revision(c, o);
	if (!code)
		code = check_signer(c, o);
	if (!code)
		code = many_jobs(c, o->many.jobs_text, &o->many.jobs);
	if (!code && many_wanted(&o->many, files) && o->deed.extract)
		code = ui_fail(c->job.ui, OUT_USAGE, "option-means-nothing",
		    MSG("--extract takes one signature, and not several files"), NULL);
	if (many_wanted(&o->many, files))
		return code ? code : many_run(c, &o->deed, &o->many, files);
	r = calloc(1, sizeof *r);
	if (!code)
		code = check_extract(c, o->deed.extract);
	/* Standard output is the content's then; what is wrong goes to standard error as always. */
	rows.quiet = c->quiet || (o->deed.extract && !strcmp(o->deed.extract, "-"));
	o->deed.force = o->many.force;
	if (!code && !r)
		code = ui_fail_rc(c->job.ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	if (!code)
		code = verify_files(&c->job, &o->deed, files, r);
	if (!code) {
		verify_say(&rows, r);
		code = tell(c, r);
	}
	if (r)
		verified_free(r);
	free(r);
	return code;
}

#define AT(field)   offsetof(struct verify_params, deed.field)
#define MANY(field) offsetof(struct verify_params, many.field)

static const struct opt opts[] = {{"recursive", 'r', OPT_FLAG, NULL, MANY(recursive),
				      MSG_ID("go through folders; links in them are not followed")},
    {"signer", 0, OPT_LIST, "WHO", offsetof(struct verify_params, signers),
	MSG_ID("whose signature the verdict is about: a whole name, an e-mail address or a "
	       "certificate's SHA-256 (default: all signers')")},
    {"extract", 0, OPT_OUT, "FILE", AT(extract),
	MSG_ID("take out what is signed inside when it is valid; - for standard output")},
    {"extract-revision", 0, OPT_STR, "N", offsetof(struct verify_params, revision_text),
	MSG_ID("of a signed PDF take out what its signature N covers (default: the last one)")},
    {"member", 0, OPT_STR, "NAME", AT(member),
	MSG_ID("of a container: which file --extract takes out")},
    {"extract-indeterminate", 0, OPT_FLAG, NULL, AT(extract_indeterminate),
	MSG_ID("take it out also when it cannot be called valid")},
    WHOM_OPTS(struct verify_params, deed.trust),
    {"algorithm", 0, OPT_LIST, "NAME=DATE", AT(algorithms),
	MSG_ID("until when you rely on an algorithm (may be repeated)")},
    REVOKED_OPTS(struct verify_params, deed.trust), ONLINE_OPTS(struct verify_params, deed.online),
    {"audience", 0, OPT_STR, "NAME", AT(audience), MSG_ID("for whom it has to be made: you")},
    {"nonce", 0, OPT_STR, "TEXT", AT(nonce), MSG_ID("the nonce that you gave the counterparty")},
    {"nonce-store", 0, OPT_STR, "DIR", AT(nonce_store),
	MSG_ID("where used nonces are remembered (default: ~/.local/state/ecert/nonces)")},
    {"level", 0, OPT_STR, "LEVEL", AT(level),
	MSG_ID("the evidence that you need: none, declared, co-resident, attested")},
    {"need-mark", 0, OPT_FLAG, NULL, AT(need_mark),
	MSG_ID("refuse a counterparty without a trust mark")},
    {"mark", 0, OPT_STR, "FILE", AT(previous),
	MSG_ID("the trust mark that a request or status is about")},
    {"status", 0, OPT_STR, "FILE", AT(status),
	MSG_ID("the trust mark's status, when you fetched it")},
    {"status-age", 0, OPT_STR, "HOURS", offsetof(struct verify_params, status_age_text),
	MSG_ID("how old a status may be, whatever it says of itself (default: 24)")},
    {"holder", 0, OPT_STR, "URL", AT(subject), MSG_ID("who presents the trust mark")},
    {"report", 0, OPT_OUT, "FILE", MANY(report),
	MSG_ID("write a page (HTML) with all of it, to print or to file")},
    {"json-lines", 0, OPT_FLAG, NULL, MANY(json_lines),
	MSG_ID("answer in JSON, a document a line, the last one sums up")},
    {"force", 'f', OPT_FLAG, NULL, MANY(force), MSG_ID("replace a file that is there")},
    {"jobs", 0, OPT_STR, "N", MANY(jobs_text),
	MSG_ID("processes that verify at once (default: one a processor)")},
    {0}};

const struct command verify_commands[] = {
    {"verify", NULL, "FILE...", 1, SIZE_MAX, MSG_ID("check a signature: who, when, which CA"),
	MSG_ID(
	    "What it is shows by itself: a signed file (with FILE.p7s beside it), a renewal "
	    "request, a "
	    "counterparty token, a trust mark or its status; - is standard input. Nobody is "
	    "trusted "
	    "unless you say so.\n\n"
	    "Two names are a file and its signature when one of them is a signature and the "
	    "other is "
	    "none, or when one cannot be verified without the other; else, and when there are "
	    "more, each is verified by itself.\n\n"
	    "Examples:\n"
	    "  ecert verify --anchor ca.pem invoice.pdf\n"
	    "  ecert verify --anchor ca.pem --crl ca.crl --json invoice.pdf signature.p7s\n"
	    "  ecert verify --anchor ca.pem --extract invoice.pdf invoice.pdf.p7m\n"
	    "  ecert verify --anchor ca.pem --recursive --report page.html received/\n"
	    "  ecert verify --anchor ca.pem --audience https://issuer.example request.jwt\n"
	    "  ecert verify --anchor ca.pem --attestation-root vendor.pem \\\n"
	    "      --audience https://me.example --nonce 8fK2mX01pQ --nonce-store used \\\n"
	    "      token.jwt\n\n"
	    "Exit code 0: every check passed; 1: it is not valid; 10: it cannot be called valid, "
	    "because something is missing, too old or not trusted. Behind the verdict is why, "
	    "in the words of the European standard for it."),
	opts, sizeof(struct verify_params), run_verify},
    {0}};
