/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify: finds out what it is, then walks its checks. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/outfile.h"
#include "cli/verify.h"
#include "document/jws.h"
#include "trust/counterparty.h"
#include "trust/mark.h"
#include "trust/renewal.h"

static const struct {
	const char *typ;
	enum cli_exit (*verify)(struct verifying *v);
} kinds[] = {
    {RENEWAL_TYP, verify_renewal},
    {COUNTERPARTY_TYP, verify_counterparty},
    {TRUST_MARK_TYP, verify_mark},
    {TRUST_MARK_STATUS_TYP, verify_status},
};

static bool ends(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n > t && !strcmp(s + n - t, tail);
}

/* A JWS that we know: text of limited size with a typ of the table. */
static bool try_jws(struct verifying *v, enum cli_exit *code)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	char typ[64];
	struct stat st;
	bool known = false;

	if (strcmp(v->name, "-") && (stat(v->name, &st) || st.st_size > JWS_MAX_SIZE))
		return false;
	if (!infile_read(v->name, &text) && !jws_peek_typ(buf_view(&text), typ, sizeof typ)) {
		v->text = buf_view(&text);
		for (size_t i = 0; !known && i < sizeof kinds / sizeof kinds[0]; i++) {
			known = !strcmp(typ, kinds[i].typ);
			if (known)
				*code = kinds[i].verify(v);
		}
	}
	buf_free(&text);
	return known;
}

/* "eyJ" is a JSON object in base64url: a JWS of which something is missing. */
static enum cli_exit damaged(struct verifying *v)
{
	static const struct check why = {"form", CHECK_FAILED, "a signed token that is damaged"};

	return verify_close(v, "unknown", VERDICT_FAILED, &why,
	    json_pack("{s:s, s:[{s:s, s:s, s:s}]}", "verdict", verdict_name(VERDICT_FAILED),
		"checks", "check", why.name, "state", check_state_name(why.state), "detail",
		why.detail));
}

/* The first bytes of a file; "" when it cannot be read. */
static ssize_t peek(const char *path, char head[32])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : read(fd, head, 31);

	if (fd >= 0)
		close(fd);
	head[n > 0 ? n : 0] = 0;
	return n;
}

/* A DER SEQUENCE, or PEM of a CMS. */
static bool looks_like_cms(const char *path)
{
	char head[32];
	ssize_t n = peek(path, head);

	return n > 2 && (head[0] == 0x30 || !strncmp(head, "-----BEGIN CMS", 14) ||
			    !strncmp(head, "-----BEGIN PKCS7", 16));
}

static enum cli_exit one(struct verifying *v, const char *file)
{
	char other[PATH_MAX], head[32];
	enum cli_exit code;

	v->name = file;
	if (access(file, R_OK))
		return cli_fail(v->c, CLI_IO, "Check the name and its permissions.",
		    "Cannot read %s: %s", cli_clean(file), strerror(errno));
	if (ends(file, ".p7s")) {
		snprintf(other, sizeof other, "%.*s", (int)strlen(file) - 4, file);
		return verify_signature(v, access(other, F_OK) ? NULL : other, file);
	}
	if (try_jws(v, &code))
		return code;
	snprintf(other, sizeof other, "%s.p7s", file);
	if (!access(other, F_OK))
		return verify_signature(v, file, other);
	if (looks_like_cms(file))
		return verify_signature(v, NULL, file);
	if (peek(file, head) > 3 && !strncmp(head, "eyJ", 3))
		return damaged(v);
	return cli_fail(v->c, CLI_INPUT,
	    "If the signature is elsewhere, name it as the second file.",
	    "There is no signature: %s is not there, and %s is not one itself", cli_clean(other),
	    cli_clean(file));
}

static enum cli_exit two(struct verifying *v, const char *a, const char *b)
{
	bool swapped = ends(a, ".p7s") && !ends(b, ".p7s");

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
	"counterparty token, a trust mark or its status. Nobody is trusted unless you say so.\n\n"
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
