/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#12 files: password and choice. */
#include "cli/p12.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/outfile.h"
#include "cli/prov.h"
#include "cli/serial.h"
#include "trust/path/check.h"

/* ---- why not ---- */
static enum cli_exit unusable(
    const struct cli *c, const struct pkcs12_reason *why, const char *path)
{
	switch (why->trouble) {
	case PKCS12_MAC:
		return cli_fail(c, CLI_INPUT,
		    "Write it anew with the program that made it, or with `openssl pkcs12` where "
		    "that can read it.",
		    "The integrity check of %s (%s) is of a kind that cannot be computed here",
		    path, why->what);
	case PKCS12_LEGACY:
		return cli_fail(c, CLI_INPUT,
		    "Install it (Debian 13: `sudo apt install openssl-provider-legacy`), or have "
		    "the file written anew where it is: `openssl pkcs12 -legacy -in OLD -nodes | "
		    "openssl pkcs12 -export -out NEW`.",
		    "%s is encrypted as old files are (%s), and OpenSSL's legacy provider, which "
		    "reads that, is not installed",
		    path, why->what);
	case PKCS12_KEY_KIND:
		return cli_fail(c, CLI_INPUT,
		    "Ask the CA for one with RSA-2048 (or longer), P-256 or P-384.",
		    "The key in %s is of a kind that no token takes (%s)", path, why->what);
	default:
		return cli_fail(c, CLI_INPUT,
		    "Write it anew with the program that made it: AES-256 and PBKDF2 are read "
		    "everywhere.",
		    "%s is encrypted in a way that OpenSSL does not know%s%s%s", path,
		    why->what[0] ? " (" : "", why->what, why->what[0] ? ")" : "");
	}
}

static enum cli_exit not_found(
    const struct cli *c, const struct pkcs12_reason *why, const char *path)
{
	if (why->trouble == PKCS12_NO_CERT)
		return cli_fail(c, CLI_INPUT,
		    "Export it again with its certificate, or ask the CA for the whole file.",
		    "%s holds a private key, but not its certificate", path);
	return cli_fail(c, CLI_INPUT,
	    "A file with certificates only goes in with `ecert cert import`; ask the CA for the "
	    "one with the key.",
	    "%s holds no private key", path);
}

static enum cli_exit open_failed(
    const struct cli *c, enum ecert_rc rc, const struct pkcs12_reason *why, const char *path)
{
	switch (rc) {
	case ECERT_E_MALFORMED:
		return cli_fail(c, CLI_INPUT,
		    "It has to be the .p12 or .pfx file that the CA sent.",
		    "%s is not a PKCS#12 file, or is damaged", path);
	case ECERT_E_PASSWORD:
		if (why->trouble == PKCS12_KEY_PASSWORD)
			return cli_fail(c, CLI_INPUT,
			    "Give both one password where it was made (Java: `keytool "
			    "-importkeystore` with -srckeypass and -destkeypass), or ask for a new "
			    "file.",
			    "The password is the one of %s, but its key is encrypted with another, "
			    "or damaged",
			    path);
		return cli_fail(c, CLI_INPUT,
		    "It is on the letter that came with the file. Try again.",
		    "The password of %s is wrong", path);
	case ECERT_E_NOT_FOUND:
		return not_found(c, why, path);
	case ECERT_E_UNSUPPORTED:
		return unusable(c, why, path);
	case ECERT_E_TOO_LARGE:
		if (why->trouble == PKCS12_WORK)
			return cli_fail(c, CLI_INPUT,
			    "No program writes such files by itself; do not trust this one.",
			    "%s asks for more than %d rounds of key derivation", path,
			    PKCS12_ROUNDS_MAX);
		return cli_fail(c, CLI_INPUT, "Export one key with its certificates.",
		    "%s holds more than %d keys or %d certificates, or is larger than %d KiB", path,
		    PKCS12_KEYS_MAX, PKCS12_CERTS_MAX, PKCS12_FILE_MAX / 1024);
	default:
		return cli_fail_rc(c, rc, "open %s", path);
	}
}

/* ---- the password ---- */
static enum cli_exit with_password(
    const struct cli *c, const char *path, struct rd file, const char *source, struct pkcs12 **out)
{
	struct pin_ask ask = {
	    .title = MSG("PKCS#12 file"), .prompt = MSG_ID("password"), .may_be_empty = true};
	struct pkcs12_reason why;
	struct pin password = {0};
	enum cli_exit code = prov_secret(c, source, "--password-source", &ask, &password);

	if (!code)
		code = open_failed(c, pkcs12_load(file, password.text, &why, out), &why, path);
	pin_free(&password);
	return code;
}

static enum cli_exit load(
    const struct cli *c, const char *path, const char *source, struct pkcs12 **out)
{
	struct buf text = BUF_INIT(PKCS12_FILE_MAX);
	struct pkcs12_reason why;
	enum cli_exit code = infile_load(c, path, &text);
	enum ecert_rc rc = ECERT_E_PASSWORD;

	/* Nobody is asked for a password that a file has not. */
	if (!code && !source)
		rc = pkcs12_load(buf_view(&text), "", &why, out);
	if (!code && rc == ECERT_E_PASSWORD)
		code = with_password(c, path, buf_view(&text), source, out);
	else if (!code)
		code = open_failed(c, rc, &why, path);
	buf_free(&text);
	return code;
}

/* ---- the choice ---- */
struct candidate_key {
	struct identity who;
	char reason[256]; /* why its certificate may not sign; "" when it may */
	bool named;
};

static enum cli_exit look(const struct cli *c, const struct p12 *p, const struct p12_choice *choice,
    size_t i, struct candidate_key *k)
{
	struct rd der = pkcs12_leaf(p->file, i);
	enum ecert_rc rc = identity_read(der, &k->who);

	if (rc)
		return cli_fail_rc(c, rc, "read the certificate");
	k->reason[0] = 0;
	(void)trust_may_sign(der, time(NULL), k->reason, sizeof k->reason);
	k->named = (!choice->friendly_name ||
		       !strcmp(choice->friendly_name, pkcs12_name(p->file, i))) &&
		   (!choice->serial || serial_same(choice->serial, k->who.serial));
	return CLI_OK;
}

static void describe(
    const struct p12 *p, size_t i, const struct candidate_key *k, char *out, size_t size)
{
	const char *name = pkcs12_name(p->file, i);

	snprintf(out, size, "--cert-serial %s%s%s%s  (%s%s%s)", k->who.serial,
	    *name ? " or --friendly-name '" : "", name, *name ? "'" : "", k->who.name,
	    k->reason[0] ? ": " : "", k->reason);
}

/* Those that were named; of them those that may sign, when only_fit. The last one in chosen. */
static size_t count(const struct candidate_key *keys, size_t n, bool only_fit, size_t *chosen)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		if (!keys[i].named || (only_fit && keys[i].reason[0]))
			continue;
		found++;
		*chosen = i;
	}
	return found;
}

static enum cli_exit say_which(const struct cli *c, const struct p12 *p, const char *path,
    const struct candidate_key *keys, bool any)
{
	size_t n = pkcs12_keys(p->file);
	char line[8192];
	enum cli_exit code = any ? cli_fail(c, CLI_USAGE, "Say which:",
				       "%s holds %zu keys, and it is not clear "
				       "which one is meant",
				       path, n)
				 : cli_fail(c, CLI_USAGE, "It has these:",
				       "%s has no key of that name or serial "
				       "number",
				       path);

	for (size_t i = 0; i < n; i++) {
		describe(p, i, &keys[i], line, sizeof line);
		cli_note(c, "         %s", line);
	}
	return code;
}

static enum cli_exit choose(const struct cli *c, const char *path, const struct p12_choice *choice,
    struct p12 *p, struct candidate_key *keys)
{
	size_t n = pkcs12_keys(p->file), fit, any;
	enum cli_exit code = CLI_OK;

	for (size_t i = 0; !code && i < n; i++)
		code = look(c, p, choice, i, &keys[i]);
	if (code)
		return code;
	any = count(keys, n, false, &p->chosen);
	fit = any > 1 ? count(keys, n, true, &p->chosen) : any;
	if (fit != 1)
		return say_which(c, p, path, keys, any > 0);
	p->who = keys[p->chosen].who;
	return CLI_OK;
}

static enum cli_exit decode(const struct cli *c, struct p12 *p)
{
	struct rd der = pkcs12_leaf(p->file, p->chosen);

	p->others = sk_X509_new_null();
	for (size_t i = 0; der.n; der = pkcs12_other(p->file, p->chosen, i++)) {
		const unsigned char *at = der.p;
		X509 *x = d2i_X509(NULL, &at, (long)der.n);

		if (x && !p->leaf) {
			p->leaf = x;
			continue;
		}
		if (!x || !p->others || sk_X509_push(p->others, x) <= 0) {
			X509_free(x);
			return cli_fail_rc(c, ECERT_E_MEMORY, "read the certificates");
		}
	}
	return CLI_OK;
}

enum cli_exit p12_open(
    const struct cli *c, const char *path, const struct p12_choice *choice, struct p12 *out)
{
	struct candidate_key *keys;
	enum cli_exit code;

	*out = (struct p12){.file = NULL};
	code = load(c, path, choice->password, &out->file);
	if (code)
		return code;
	keys = calloc(pkcs12_keys(out->file), sizeof *keys);
	code = keys ? choose(c, path, choice, out, keys)
		    : cli_fail_rc(c, ECERT_E_MEMORY, "read %s", path);
	free(keys);
	return code ? code : decode(c, out);
}

void p12_close(struct p12 *p)
{
	X509_free(p->leaf);
	sk_X509_pop_free(p->others, X509_free);
	pkcs12_free(&p->file);
	*p = (struct p12){.file = NULL};
}

void p12_tell_others(const struct cli *c, const struct p12 *p)
{
	const struct p12_choice any = {.password = NULL};
	struct candidate_key k;
	char line[8192];

	for (size_t i = 0; i < pkcs12_keys(p->file); i++) {
		if (i == p->chosen || look(c, p, &any, i, &k))
			continue;
		describe(p, i, &k, line, sizeof line);
		cli_note(c, "Another key of the file was left out: %s", line);
	}
	if (pkcs12_left_out(p->file))
		cli_note(c,
		    "%zu other %s of the file %s no certificate that fits, or %s of a kind "
		    "that no token takes.",
		    pkcs12_left_out(p->file), pkcs12_left_out(p->file) == 1 ? "key" : "keys",
		    pkcs12_left_out(p->file) == 1 ? "has" : "have",
		    pkcs12_left_out(p->file) == 1 ? "is" : "are");
}
