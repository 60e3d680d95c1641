/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify: finds out what it is, then walks its checks. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/verify/trustrows.h"
#include "cli/commands.h"
#include "client/outfile.h"
#include "cli/verify/verify.h"
#include "document/format.h"
#include "document/jose/jws.h"
#include "trust/counterparty/counterparty.h"
#include "trust/mark/mark.h"
#include "trust/renewal/renewal.h"

static const struct {
	const char *typ;
	enum verify_kind kind;
	enum outcome (*verify)(struct verifying *v);
} kinds[] = {
    {RENEWAL_TYP, VERIFY_RENEWAL, verify_renewal},
    {COUNTERPARTY_TYP, VERIFY_COUNTERPARTY, verify_counterparty},
    {TRUST_MARK_TYP, VERIFY_MARK, verify_mark},
    {TRUST_MARK_STATUS_TYP, VERIFY_STATUS, verify_status},
};

/* Standard input by its name. */
static const char *pipe_name(const char *file)
{
	return strcmp(file, "-") ? file : "standard input";
}

static bool ends(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n > t && !strcmp(s + n - t, tail);
}

/* A JWS that we know: text with a typ of the table (media types are compared without case). */
static bool try_jws(struct verifying *v, struct rd text, enum outcome *code)
{
	char typ[64];
	bool known = false;

	if (jws_peek_typ(text, typ, sizeof typ))
		return false;
	v->text = text;
	for (size_t i = 0; !known && i < sizeof kinds / sizeof kinds[0]; i++) {
		known = !strcasecmp(typ, kinds[i].typ);
		if (known) {
			*code = verify_expected(v, kinds[i].kind);
			if (!*code)
				*code = kinds[i].verify(v);
		}
	}
	return known;
}

static bool try_jws_file(struct verifying *v, const struct stat *st, enum outcome *code)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	bool known = st->st_size <= JWS_MAX_SIZE && !infile_read(v->name, &text) &&
		     try_jws(v, buf_view(&text), code);

	v->text = rd_of(NULL, 0);
	buf_free(&text);
	return known;
}

/* "eyJ" is a JSON object in base64url: a JWS of another kind, or one of which something is missing.
 * What came through a pipe is at hand. */
static enum outcome damaged(struct verifying *v)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code;
	bool other = verify_other_token(v, v->text, &code) ||
		     (strcmp(v->name, "-") && !infile_read(v->name, &text) &&
			 verify_other_token(v, buf_view(&text), &code));
	struct check why;

	buf_free(&text);
	if (other)
		return code;
	check_set(&why, CHK_FORM, CHECK_FAILED, REASON_NONE, MSG("a signed token that is damaged"));
	return verify_close(v, "unknown", VERDICT_FAILED, &why,
	    json_pack("{s:s, s:[o]}", "verdict", verdict_name(VERDICT_FAILED), "checks",
		check_json(&why)));
}

/* What there is of a kind that is no document of ours, and has no signature beside it. */
static enum outcome by_kind(struct verifying *v, enum doc_kind kind, const char *beside)
{
	const struct doc_kind_row *row = doc_kind_row(kind);

	if (kind == DOC_KIND_JWS)
		return damaged(v);
	if (row && (!row->is_document || !beside))
		return verify_no_signature(v->c, pipe_name(v->name), row);
	if (!beside)
		return ui_fail(v->c->job.ui, OUT_INPUT, "not-a-signature",
		    MSG("What came from {file} is no signature",
			P_TEXT("file", pipe_name(v->name))),
		    MSG("A signed file is named, and behind it its signature."));
	return ui_fail(v->c->job.ui, OUT_INPUT, "no-signature",
	    MSG(row ? MSG_ID("There is no signature: {beside} is not there, and {file} is {kind}")
		    : MSG_ID("There is no signature: {beside} is not there, and {file} is not one "
			     "itself"),
		P_TEXT("beside", beside), P_TEXT("file", v->name),
		P_WORD("kind", row ? row->words : "")),
	    MSG(row ? row->next
		    : MSG_ID("If the signature is elsewhere, name it as the second file.")));
}

/* Standard input and pipes are read once: there is no file to look for beside them. */
static enum outcome piped(struct verifying *v)
{
	struct buf all = BUF_INIT(DOC_SIGNATURE_MAX);
	enum ecert_rc rc = infile_read(v->name, &all);
	enum outcome code = OUT_OK;
	struct rd text = buf_view(&all);

	if (rc == ECERT_E_TOO_LARGE)
		code = verify_too_large(v->c, pipe_name(v->name));
	else if (rc)
		code = ui_fail(v->c->job.ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_TEXT("file", pipe_name(v->name)),
			P_ERRNO("why", errno)),
		    MSG("Check the name and its permissions."));
	else if (!text.n)
		code = ui_fail(v->c->job.ui, OUT_INPUT, "file-empty",
		    MSG("{file} is empty", P_TEXT("file", pipe_name(v->name))),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	else if (try_jws(v, text, &code))
		; /* told */
	else if (doc_kind_bytes(text) == DOC_KIND_CMS)
		code = verify_signature_inside(v, text);
	else
		code = by_kind(v, doc_kind_bytes(text), NULL);
	buf_free(&all);
	return code;
}

static enum doc_kind kind_of(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	bool file = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode);
	enum doc_kind kind = file ? doc_kind_fd(fd) : DOC_KIND_OTHER;

	if (fd >= 0)
		close(fd);
	return kind;
}

static enum outcome one_file(struct verifying *v, const struct stat *st)
{
	char other[PATH_MAX];
	const char *file = v->name;
	enum doc_kind kind;
	enum outcome code;

	if (ends(file, ".p7s")) {
		snprintf(other, sizeof other, "%.*s", (int)strlen(file) - 4, file);
		return verify_signature(v, access(other, F_OK) ? NULL : other, file);
	}
	if (try_jws_file(v, st, &code))
		return code;
	snprintf(other, sizeof other, "%s.p7s", file);
	if (!access(other, F_OK))
		return verify_signature(v, file, other);
	kind = kind_of(file);
	return kind == DOC_KIND_CMS ? verify_signature(v, NULL, file) : by_kind(v, kind, other);
}

static enum outcome one(struct verifying *v, const char *file)
{
	struct stat st;

	v->name = file;
	if (!strcmp(file, "-"))
		return piped(v);
	if (stat(file, &st) || access(file, R_OK))
		return ui_fail(v->c->job.ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_TEXT("file", file), P_ERRNO("why", errno)),
		    MSG("Check the name and its permissions."));
	if (S_ISDIR(st.st_mode))
		return ui_fail(v->c->job.ui, OUT_INPUT, "is-a-folder",
		    MSG("{file} is a folder", P_TEXT("file", file)),
		    MSG("Name the files themselves."));
	return S_ISREG(st.st_mode) ? one_file(v, &st) : piped(v);
}

static enum outcome two(struct verifying *v, const char *a, const char *b)
{
	struct check token;

	/* By their names, else by what they are. */
	bool swapped = ends(a, ".p7s") != ends(b, ".p7s")
			   ? ends(a, ".p7s")
			   : kind_of(a) == DOC_KIND_CMS && kind_of(b) != DOC_KIND_CMS;

	if (!strcmp(a, "-") && !strcmp(b, "-"))
		return ui_fail(v->c->job.ui, OUT_USAGE, "standard-input-twice",
		    MSG("The file and its signature cannot both come from standard input"),
		    MSG("Name one of them."));
	v->name = swapped ? b : a;
	if (kind_of(swapped ? a : b) == DOC_KIND_JWS) {
		v->about = swapped ? a : b;
		check_set(&token, CHK_STRUCTURE, CHECK_FAILED, REASON_IS_TOKEN,
		    MSG("it is a signed token, and no signature of another file"));
		return verify_close(v, "signature", VERDICT_FAILED, &token,
		    json_pack("{s:s, s:[o]}", "verdict", verdict_name(VERDICT_FAILED), "checks",
			check_json(&token)));
	}
	return verify_signature(v, v->name, swapped ? a : b);
}

/* 0 is not what was left out: whoever takes no old status does not get the default. */
static bool read_age(struct verify_params *o)
{
	char *end;

	if (!o->status_age_text)
		return true;
	errno = 0;
	o->status_age = strtol(o->status_age_text, &end, 10);
	return !errno && end != o->status_age_text && !*end;
}

static enum outcome run(struct cli *c, void *params, const struct strlist *files)
{
	struct verifying v = {.c = c, .o = params};
	struct trust_set *set = NULL;
	enum outcome code;

	if (!read_age(params))
		return ui_fail(c->job.ui, OUT_USAGE, "status-age-malformed",
		    MSG("--{option} takes a number, not '{value}'", P_TEXT("option", "status-age"),
			P_TEXT("value", v.o->status_age_text)),
		    NULL);
	if (v.o->status_age_text && (v.o->status_age < 1 || v.o->status_age > 24L * 366))
		return ui_fail(c->job.ui, OUT_USAGE, "status-age-malformed",
		    MSG("--status-age takes hours, and not {hours} of them",
			P_NUMBER("hours", v.o->status_age)),
		    MSG("A day or a week is usual; a year is the most."));
	code = trust_options_load(&c->job, &v.o->trust, &set, &v.now);
	if (code)
		return code;
	v.set = set;
	code = files->n == 1 ? one(&v, files->v[0]) : two(&v, files->v[0], files->v[1]);
	trust_set_free(&set);
	return code;
}

#define AT(field) offsetof(struct verify_params, field)

static const struct opt opts[] = {TRUST_OPTS(struct verify_params, trust),
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
    {"status-age", 0, OPT_STR, "HOURS", AT(status_age_text),
	MSG_ID("how old a status may be, whatever it says of itself (default: 24)")},
    {"holder", 0, OPT_STR, "URL", AT(subject), MSG_ID("who presents the trust mark")}, {0}};

const struct command verify_commands[] = {
    {"verify", NULL, "FILE [SIGNATURE]", 1, 2, MSG_ID("check a signature: who, when, which CA"),
	MSG_ID("What it is shows by itself: a signed file (with FILE.p7s beside it), a renewal "
	       "request, a "
	       "counterparty token, a trust mark or its status; - is standard input. Nobody is "
	       "trusted "
	       "unless you say so.\n\n"
	       "Examples:\n"
	       "  ecert verify --anchor ca.pem invoice.pdf\n"
	       "  ecert verify --anchor ca.pem --crl ca.crl --json invoice.pdf signature.p7s\n"
	       "  ecert verify --anchor ca.pem --audience https://issuer.example request.jwt\n"
	       "  ecert verify --anchor ca.pem --attestation-root vendor.pem \\\n"
	       "      --audience https://me.example --nonce 8fK2mX01pQ --nonce-store used \\\n"
	       "      token.jwt\n\n"
	       "Exit code 0: every check passed; 1: it is not valid, or cannot be called valid."),
	opts, sizeof(struct verify_params), run},
    {0}};
