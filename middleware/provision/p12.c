/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#12 files: password and choice. */
#include "provision/p12.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/asking.h"
#include "client/outfile.h"
#include "provision/prov.h"
#include "client/serial.h"
#include "trust/path/check.h"

/* ---- why not ---- */
static enum outcome unusable(
    const struct job *job, const struct pkcs12_reason *why, const char *path)
{
	switch (why->trouble) {
	case PKCS12_MAC:
		return ui_fail(job->ui, OUT_INPUT, "integrity-check-not-supported",
		    MSG("The integrity check of {file} ({what}) is of a kind that cannot be "
			"computed here",
			P_FILE("file", path), P_TEXT("what", why->what)),
		    MSG("Write it anew with the program that made it, or with `openssl pkcs12` "
			"where "
			"that can read it."));
	case PKCS12_LEGACY:
		return ui_fail(job->ui, OUT_INPUT, "encryption-legacy",
		    MSG("{file} is encrypted as old files are ({what}), and OpenSSL's legacy "
			"provider, which reads that, is not installed",
			P_FILE("file", path), P_TEXT("what", why->what)),
		    MSG("Install it (Debian 13: `sudo apt install openssl-provider-legacy`), or "
			"have "
			"the file written anew where it is: `openssl pkcs12 -legacy -in OLD -nodes "
			"| "
			"openssl pkcs12 -export -out NEW`."));
	case PKCS12_KEY_KIND:
		return ui_fail(job->ui, OUT_INPUT, "key-type-not-supported",
		    MSG("The key in {file} is of a kind that no token takes ({what})",
			P_FILE("file", path), P_TEXT("what", why->what)),
		    MSG("Ask the CA for one with RSA-2048 (or longer), P-256 or P-384."));
	default:
		return ui_fail(job->ui, OUT_INPUT, "encryption-unknown",
		    MSG(why->what[0]
			    ? MSG_ID("{file} is encrypted in a way that OpenSSL does not know "
				     "({what})")
			    : MSG_ID("{file} is encrypted in a way that OpenSSL does not know"),
			P_FILE("file", path), P_TEXT("what", why->what)),
		    MSG("Write it anew with the program that made it: AES-256 and PBKDF2 are read "
			"everywhere."));
	}
}

static enum outcome not_found(
    const struct job *job, const struct pkcs12_reason *why, const char *path)
{
	if (why->trouble == PKCS12_NO_CERT)
		return ui_fail(job->ui, OUT_INPUT, "certificate-missing",
		    MSG("{file} holds a private key, but not its certificate",
			P_FILE("file", path)),
		    MSG("Export it again with its certificate, or ask the CA for the whole file."));
	return ui_fail(job->ui, OUT_INPUT, "no-private-key",
	    MSG("{file} holds no private key", P_FILE("file", path)),
	    MSG("A file with certificates only goes in with `ecert cert import`; ask the CA for "
		"the "
		"one with the key."));
}

static enum outcome open_failed(
    const struct job *job, enum ecert_rc rc, const struct pkcs12_reason *why, const char *path)
{
	switch (rc) {
	case ECERT_E_MALFORMED:
		return ui_fail(job->ui, OUT_INPUT, "not-pkcs12",
		    MSG("{file} is not a PKCS#12 file, or is damaged", P_FILE("file", path)),
		    MSG("It has to be the .p12 or .pfx file that the CA sent."));
	case ECERT_E_PASSWORD:
		if (why->trouble == PKCS12_KEY_PASSWORD)
			return ui_fail(job->ui, OUT_INPUT, "key-password-other",
			    MSG("The password is the one of {file}, but its key is encrypted with "
				"another, or damaged",
				P_FILE("file", path)),
			    MSG("Give both one password where it was made (Java: `keytool "
				"-importkeystore` with -srckeypass and -destkeypass), or ask for a "
				"new "
				"file."));
		return ui_fail(job->ui, OUT_INPUT, "password",
		    MSG("The password of {file} is wrong", P_FILE("file", path)),
		    MSG("It is on the letter that came with the file. Try again."));
	case ECERT_E_NOT_FOUND:
		return not_found(job, why, path);
	case ECERT_E_UNSUPPORTED:
		return unusable(job, why, path);
	case ECERT_E_TOO_LARGE:
		if (why->trouble == PKCS12_WORK)
			return ui_fail(job->ui, OUT_INPUT, "too-many-rounds",
			    MSG("{file} asks for more than {max} rounds of key "
				"derivation",
				P_FILE("file", path), P_NUMBER("max", PKCS12_ROUNDS_MAX)),
			    MSG("No program writes such files by itself; do not trust this one."));
		return ui_fail(job->ui, OUT_INPUT, "file-too-large",
		    MSG("{file} holds more than {keys} keys or {certificates} "
			"certificates, or is larger than {max} KiB",
			P_FILE("file", path), P_NUMBER("keys", PKCS12_KEYS_MAX),
			P_NUMBER("certificates", PKCS12_CERTS_MAX),
			P_NUMBER("max", PKCS12_FILE_MAX / 1024)),
		    MSG("Export one key with its certificates."));
	default:
		return ui_fail_rc(
		    job->ui, rc, MSG("Cannot open {file}: {why}", P_FILE("file", path)));
	}
}

/* ---- the password ---- */
static enum outcome with_password(const struct job *job, const char *path, struct rd file,
    const char *source, struct pkcs12 **out)
{
	struct pin_ask ask = {
	    .title = MSG("PKCS#12 file"), .prompt = MSG_ID("password"), .may_be_empty = true};
	struct pkcs12_reason why;
	struct pin password = {0};
	enum outcome code = secret_get(job, source, "--password-source", &ask, &password);

	if (!code)
		code = open_failed(job, pkcs12_load(file, password.text, &why, out), &why, path);
	pin_free(&password);
	return code;
}

static enum outcome load(
    const struct job *job, const char *path, const char *source, struct pkcs12 **out)
{
	struct buf text = BUF_INIT(PKCS12_FILE_MAX);
	struct pkcs12_reason why;
	enum outcome code = infile_load(job, path, &text);
	enum ecert_rc rc = ECERT_E_PASSWORD;

	/* Nobody is asked for a password that a file has not. */
	if (!code && !source)
		rc = pkcs12_load(buf_view(&text), "", &why, out);
	if (!code && rc == ECERT_E_PASSWORD)
		code = with_password(job, path, buf_view(&text), source, out);
	else if (!code)
		code = open_failed(job, rc, &why, path);
	buf_free(&text);
	return code;
}

/* ---- the choice ---- */
struct candidate_key {
	struct identity who;
	struct message_kept reason; /* why its certificate may not sign */
	bool may_sign;
	bool named;
};

static enum outcome look(const struct job *job, const struct p12 *p,
    const struct p12_choice *choice, size_t i, struct candidate_key *k)
{
	struct rd der = pkcs12_leaf(p->file, i);
	enum ecert_rc rc = identity_read(der, &k->who);

	if (rc != ECERT_OK)
		return ui_fail_rc(job->ui, rc, MSG("Cannot read the certificate: {why}"));
	k->may_sign = trust_may_sign(der, job_now(job), &k->reason);
	k->named = (!choice->friendly_name ||
		       !strcmp(choice->friendly_name, pkcs12_name(p->file, i))) &&
		   (!choice->serial || serial_same(choice->serial, k->who.serial));
	return OUT_OK;
}

/* Notes how a key is named, whose it is and why it may not sign. around: an id with {key} in it. */
static void note_key(const struct job *job, const char *around, const struct p12 *p, size_t i,
    const struct candidate_key *k)
{
	const char *name = pkcs12_name(p->file, i);
	const struct message *who = k->may_sign
					? MSG("({who})", P_TEXT("who", k->who.name))
					: MSG("({who}: {reason})", P_TEXT("who", k->who.name),
					      P_MSG("reason", MSG_KEPT(&k->reason)));
	const struct message *key =
	    *name ? MSG("--cert-serial {serial} or --friendly-name '{name}'  {who}",
			P_TEXT("serial", k->who.serial), P_TEXT("name", name), P_MSG("who", who))
		  : MSG("--cert-serial {serial}  {who}", P_TEXT("serial", k->who.serial),
			P_MSG("who", who));

	ui_note(job->ui, MSG(around, P_MSG("key", key)));
}

/* Those that were named; of them those that may sign, when only_fit. The last one in chosen. */
static size_t count(const struct candidate_key *keys, size_t n, bool only_fit, size_t *chosen)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		if (!keys[i].named || (only_fit && !keys[i].may_sign))
			continue;
		found++;
		*chosen = i;
	}
	return found;
}

static enum outcome say_which(const struct job *job, const struct p12 *p, const char *path,
    const struct candidate_key *keys, bool any)
{
	size_t n = pkcs12_keys(p->file);
	enum outcome code =
	    any ? ui_fail(job->ui, OUT_USAGE, "key-ambiguous",
		      MSG("{file} holds {n} keys, and it is not clear which one is meant",
			  P_FILE("file", path), P_NUMBER("n", n)),
		      MSG("Say which:"))
		: ui_fail(job->ui, OUT_USAGE, "key-not-found",
		      MSG("{file} has no key of that name or serial number", P_FILE("file", path)),
		      MSG("It has these:"));

	for (size_t i = 0; i < n; i++)
		note_key(job, MSG_ID("         {key}"), p, i, &keys[i]);
	return code;
}

static enum outcome choose(const struct job *job, const char *path, const struct p12_choice *choice,
    struct p12 *p, struct candidate_key *keys)
{
	size_t n = pkcs12_keys(p->file), fit, any;
	enum outcome code = OUT_OK;

	for (size_t i = 0; !code && i < n; i++)
		code = look(job, p, choice, i, &keys[i]);
	if (code)
		return code;
	any = count(keys, n, false, &p->chosen);
	fit = any > 1 ? count(keys, n, true, &p->chosen) : any;
	if (fit != 1)
		return say_which(job, p, path, keys, any > 0);
	p->who = keys[p->chosen].who;
	return OUT_OK;
}

static enum outcome decode(const struct job *job, struct p12 *p)
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
			return ui_fail_rc(
			    job->ui, ECERT_E_MEMORY, MSG("Cannot read the certificates: {why}"));
		}
	}
	return OUT_OK;
}

enum outcome p12_open(
    const struct job *job, const char *path, const struct p12_choice *choice, struct p12 *out)
{
	struct candidate_key *keys;
	enum outcome code;

	*out = (struct p12){.file = NULL};
	code = load(job, path, choice->password, &out->file);
	if (code)
		return code;
	keys = calloc(pkcs12_keys(out->file), sizeof *keys);
	code = keys ? choose(job, path, choice, out, keys)
		    : ui_fail_rc(job->ui, ECERT_E_MEMORY,
			  MSG("Cannot read {file}: {why}", P_FILE("file", path)));
	free(keys);
	return code ? code : decode(job, out);
}

void p12_close(struct p12 *p)
{
	X509_free(p->leaf);
	sk_X509_pop_free(p->others, X509_free);
	pkcs12_free(&p->file);
	*p = (struct p12){.file = NULL};
}

void p12_tell_others(const struct job *job, const struct p12 *p)
{
	const struct p12_choice any = {.password = NULL};
	struct candidate_key k;

	for (size_t i = 0; i < pkcs12_keys(p->file); i++) {
		if (i == p->chosen || look(job, p, &any, i, &k))
			continue;
		note_key(job, MSG_ID("Another key of the file was left out: {key}"), p, i, &k);
	}
	if (pkcs12_left_out(p->file))
		ui_note(job->ui, MSG_N("{n} other key of the file has no certificate that fits, or "
				       "is of a kind that no token takes.",
				     "{n} other keys of the file have no certificate that fits, or "
				     "are of a kind that no token takes.",
				     pkcs12_left_out(p->file), ));
}
