/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify: finds out what it is, then walks its checks. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/outfile.h"
#include "cli/verify.h"
#include "document/cades.h"
#include "document/jws.h"
#include "trust/counterparty.h"
#include "trust/mark.h"
#include "trust/renewal.h"

static const struct {
	const char *typ;
	enum verify_kind kind;
	enum cli_exit (*verify)(struct verifying *v);
} kinds[] = {
    {RENEWAL_TYP, VERIFY_RENEWAL, verify_renewal},
    {COUNTERPARTY_TYP, VERIFY_COUNTERPARTY, verify_counterparty},
    {TRUST_MARK_TYP, VERIFY_MARK, verify_mark},
    {TRUST_MARK_STATUS_TYP, VERIFY_STATUS, verify_status},
};

/* Standard input by its name. */
static const char *pipe_name(const char *file)
{
	return strcmp(file, "-") ? cli_clean(file) : "standard input";
}

static bool ends(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n > t && !strcmp(s + n - t, tail);
}

/* A JWS that we know: text with a typ of the table (media types are compared without case). */
static bool try_jws(struct verifying *v, struct rd text, enum cli_exit *code)
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

static bool try_jws_file(struct verifying *v, const struct stat *st, enum cli_exit *code)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	bool known = st->st_size <= JWS_MAX_SIZE && !infile_read(v->name, &text) &&
		     try_jws(v, buf_view(&text), code);

	buf_free(&text);
	return known;
}

/* "eyJ" is a JSON object in base64url: a JWS of which something is missing. */
static enum cli_exit damaged(struct verifying *v)
{
	static const struct check why = {
	    .name = "form", .state = CHECK_FAILED, .detail = "a signed token that is damaged"};

	return verify_close(v, "unknown", VERDICT_FAILED, &why,
	    json_pack("{s:s, s:[{s:s, s:s, s:s}]}", "verdict", verdict_name(VERDICT_FAILED),
		"checks", "check", why.name, "state", check_state_name(why.state), "detail",
		why.detail));
}

/* A DER SEQUENCE, or PEM of a CMS. */
static bool looks_like_cms(struct rd head)
{
	static const char *const pem[] = {"-----BEGIN CMS", "-----BEGIN PKCS7"};

	for (size_t i = 0; i < sizeof pem / sizeof pem[0]; i++)
		if (head.n > strlen(pem[i]) && !memcmp(head.p, pem[i], strlen(pem[i])))
			return true;
	return head.n > 2 && head.p[0] == 0x30;
}

static bool looks_like_jws(struct rd head)
{
	return head.n > 3 && !memcmp(head.p, "eyJ", 3);
}

/* The first bytes of a file; none when it cannot be read. */
static struct rd peek(const char *path, uint8_t head[32])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : read(fd, head, 32);

	if (fd >= 0)
		close(fd);
	return rd_of(head, n > 0 ? (size_t)n : 0);
}

/* Standard input and pipes are read once: there is no file to look for beside them. */
static enum cli_exit piped(struct verifying *v)
{
	struct buf all = BUF_INIT(CADES_MAX_SIZE);
	enum cli_exit code = infile_load(v->c, v->name, &all);
	struct rd text = buf_view(&all);

	if (code || try_jws(v, text, &code))
		; /* told */
	else if (looks_like_cms(text))
		code = verify_signature_inside(v, text);
	else if (looks_like_jws(text))
		code = damaged(v);
	else
		code = cli_fail(v->c, CLI_INPUT,
		    "A signed file is named, and behind it its signature.",
		    "What came from %s is no signature", pipe_name(v->name));
	buf_free(&all);
	return code;
}

static enum cli_exit one_file(struct verifying *v, const struct stat *st)
{
	char other[PATH_MAX];
	uint8_t bytes[32];
	const char *file = v->name;
	enum cli_exit code;

	if (ends(file, ".p7s")) {
		snprintf(other, sizeof other, "%.*s", (int)strlen(file) - 4, file);
		return verify_signature(v, access(other, F_OK) ? NULL : other, file);
	}
	if (try_jws_file(v, st, &code))
		return code;
	snprintf(other, sizeof other, "%s.p7s", file);
	if (!access(other, F_OK))
		return verify_signature(v, file, other);
	if (looks_like_cms(peek(file, bytes)))
		return verify_signature(v, NULL, file);
	if (looks_like_jws(peek(file, bytes)))
		return damaged(v);
	return cli_fail(v->c, CLI_INPUT,
	    "If the signature is elsewhere, name it as the second file.",
	    "There is no signature: %s is not there, and %s is not one itself", cli_clean(other),
	    cli_clean(file));
}

static enum cli_exit one(struct verifying *v, const char *file)
{
	struct stat st;

	v->name = file;
	if (!strcmp(file, "-"))
		return piped(v);
	if (stat(file, &st) || access(file, R_OK))
		return cli_fail(v->c, CLI_IO, "Check the name and its permissions.",
		    "Cannot read %s: %s", cli_clean(file), strerror(errno));
	if (S_ISDIR(st.st_mode))
		return cli_fail(v->c, CLI_INPUT, "Name the files themselves.", "%s is a folder",
		    cli_clean(file));
	return S_ISREG(st.st_mode) ? one_file(v, &st) : piped(v);
}

static enum cli_exit two(struct verifying *v, const char *a, const char *b)
{
	bool swapped = ends(a, ".p7s") && !ends(b, ".p7s");

	if (!strcmp(a, "-") && !strcmp(b, "-"))
		return cli_fail(v->c, CLI_USAGE, "Name one of them.",
		    "The file and its signature cannot both come from standard input");
	v->name = swapped ? b : a;
	return verify_signature(v, v->name, swapped ? a : b);
}

static enum cli_exit run(struct cli *c, void *params, const struct strlist *files)
{
	struct verifying v = {.c = c, .o = params};
	struct trust_set *set = NULL;
	enum cli_exit code = trust_options_load(c, &v.o->trust, &set, &v.now);

	if (code)
		return code;
	v.set = set;
	code = files->n == 1 ? one(&v, files->v[0]) : two(&v, files->v[0], files->v[1]);
	trust_set_free(&set);
	return code;
}

#define AT(field) offsetof(struct verify_params, field)

static const struct opt opts[] = {TRUST_OPTS(struct verify_params, trust),
    {"audience", 0, OPT_STR, "NAME", AT(audience), "for whom it has to be made: you"},
    {"nonce", 0, OPT_STR, "TEXT", AT(nonce), "the nonce that you gave the counterparty"},
    {"nonce-store", 0, OPT_STR, "DIR", AT(nonce_store),
	"where used nonces are remembered (default: ~/.local/state/ecert/nonces)"},
    {"level", 0, OPT_STR, "LEVEL", AT(level),
	"the evidence that you need: none, declared, co-resident, attested"},
    {"need-mark", 0, OPT_FLAG, NULL, AT(need_mark), "refuse a counterparty without a trust mark"},
    {"mark", 0, OPT_STR, "FILE", AT(previous), "the trust mark that a request or status is about"},
    {"status", 0, OPT_STR, "FILE", AT(status), "the trust mark's status, when you fetched it"},
    {"holder", 0, OPT_STR, "URL", AT(subject), "who presents the trust mark"}, {0}};

const struct command verify_commands[] = {
    {"verify", NULL, "FILE [SIGNATURE]", 1, 2, "check a signature: who, when, which CA",
	"What it is shows by itself: a signed file (with FILE.p7s beside it), a renewal request, a "
	"counterparty token, a trust mark or its status; - is standard input. Nobody is trusted "
	"unless you say so.\n\n"
	"Examples:\n"
	"  ecert verify --anchor ca.pem invoice.pdf\n"
	"  ecert verify --anchor ca.pem --crl ca.crl --json invoice.pdf signature.p7s\n"
	"  ecert verify --anchor ca.pem --audience https://issuer.example request.jwt\n"
	"  ecert verify --anchor ca.pem --attestation-root vendor.pem --audience "
	"https://me.example \\\n"
	"      --nonce 8fK2mX01pQ --nonce-store used token.jwt\n\n"
	"Exit code 0: every check passed; 1: it is not valid, or cannot be called valid.",
	opts, sizeof(struct verify_params), run},
    {0}};
