/* SPDX-License-Identifier: BSD-2-Clause */
/* Choosing the certificate and preparing its key. */
#include "client/signing.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/certfile.h"
#include "client/look.h"
#include "crypto/key/pubkey.h"
#include "trust/path/check.h"

/* What helps: another certificate where there is one, time, or the CA. */
static const char *unfit_next(const struct signing *s)
{
	const struct identity *who = &s->chosen->who;
	time_t now = job_now(s->p11.job);

	if (signing_others(s))
		return MSG_ID(
		    "Nothing was signed. `ecert cert list` shows the others; choose one with "
		    "--id.");
	if (who->not_before > now)
		return MSG_ID(
		    "Nothing was signed. Wait for that day; if it is past, put this computer's "
		    "clock right.");
	if (who->not_after < now)
		return MSG_ID(
		    "Nothing was signed. Ask your CA for a new one: `ecert doctor` says how.");
	return MSG_ID("Nothing was signed. Ask your CA for a certificate that may sign documents.");
}

static enum outcome refuse_unfit(const struct signing *s)
{
	struct message_kept reason;

	if (trust_may_sign(buf_view(&s->chosen->der), job_now(s->p11.job), &reason))
		return OUT_OK;
	return ui_fail(s->p11.job->ui, OUT_REFUSED, "certificate-unfit",
	    MSG("The certificate of {name} (id {id}) may not sign: {reason}",
		P_TEXT("name", s->chosen->who.name), P_TEXT("id", s->chosen->id),
		P_MSG("reason", MSG_KEPT(&reason))),
	    MSG(unfit_next(s)));
}

static enum outcome choose_alg(struct signing *s, const struct signing_choice *choice)
{
	struct pubkey *pub = NULL;
	enum ecert_rc rc = pubkey_from_cert(buf_view(&s->chosen->der), &pub);

	if (rc != ECERT_OK)
		return ui_fail_rc(
		    s->p11.job->ui, rc, MSG("Cannot read the certificate's key: {why}"));
	s->doc.key = pubkey_alg(pub);
	pubkey_free(&pub);
	s->alg = choice->alg ? doc_sig_by_name(choice->alg) : doc_sig_for_key(s->doc.key);
	if (choice->alg && s->alg == DOC_SIG_NONE)
		return ui_fail(s->p11.job->ui, OUT_USAGE, "signature-algorithm-unknown",
		    MSG("There is no signature algorithm '{alg}'", P_TEXT("alg", choice->alg)),
		    MSG("Choose RS256, PS256, ES256 or ES384."));
	if (s->alg == DOC_SIG_NONE || !doc_sig_fits(s->alg, s->doc.key))
		return ui_fail(s->p11.job->ui, OUT_REFUSED, "algorithm-not-of-key",
		    MSG(choice->alg
			    ? MSG_ID("The key {id} ({key}) does not sign with {alg}")
			    : MSG_ID(
				  "The key {id} ({key}) does not sign with any document algorithm"),
			P_TEXT("id", s->chosen->id),
			P_TEXT("key", alg_row(s->doc.key) ? alg_row(s->doc.key)->name : "unknown"),
			P_TEXT("alg", choice->alg)),
		    MSG("Leave --alg out, or choose another key."));
	return OUT_OK;
}

static enum ecert_rc add_chain(struct signing *s, X509 *x)
{
	struct buf *b = &s->chain_der[s->doc.chain_n];
	uint8_t *der = NULL;
	int n = i2d_X509(x, &der);
	enum ecert_rc rc;

	if (n <= 0)
		return ECERT_E_MALFORMED;
	buf_init(b, 65536);
	buf_put(b, der, (size_t)n);
	OPENSSL_free(der);
	rc = buf_rc(b);
	if (rc == ECERT_OK)
		s->chain[s->doc.chain_n++] = buf_view(b);
	return rc;
}

static enum outcome chain_file(struct signing *s, const char *path)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	enum outcome code = certfile_load(s->p11.job, path, list);

	for (int i = 0; !code && i < sk_X509_num(list) && s->doc.chain_n < SIGNING_CHAIN; i++)
		code = ui_fail_rc(s->p11.job->ui, add_chain(s, sk_X509_value(list, i)),
		    MSG("Cannot read {file}: {why}", P_FILE("file", path)));
	sk_X509_pop_free(list, X509_free);
	return code;
}

/* CA certificates in the token: in its slots, and those that an e-Cert token keeps beside them. */
static enum ecert_rc authorities(const struct signing *s, STACK_OF(X509) * pool)
{
	const struct look *look = s->p11.job->look;
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < s->certs_n; i++) {
		X509 *x = s->certs[i].cert->x509;

		if (s->certs[i].who.is_ca && sk_X509_push(pool, x) > 0 && !X509_up_ref(x))
			rc = ECERT_E_MEMORY;
	}
	if (rc == ECERT_OK && !p11_foreign(s->p11.job) && look)
		rc = look->authorities(s->p11.job, s->p11.slot->description, pool);
	return rc;
}

/* The chosen certificate's issuer by issuer, as far as the token knows them. */
static enum ecert_rc chain_of_token(struct signing *s)
{
	STACK_OF(X509) *pool = sk_X509_new_null();
	X509 *child = s->chosen->cert->x509;
	enum ecert_rc rc = pool ? authorities(s, pool) : ECERT_E_MEMORY;

	for (size_t depth = 0; rc == ECERT_OK && child && depth < SIGNING_CHAIN; depth++) {
		X509 *issuer = NULL;

		for (int i = 0; i < sk_X509_num(pool) && !issuer; i++) {
			X509 *x = sk_X509_value(pool, i);

			if (X509_cmp(x, child) && X509_check_issued(x, child) == X509_V_OK)
				issuer = x;
		}
		if (issuer && s->doc.chain_n < SIGNING_CHAIN)
			rc = add_chain(s, issuer);
		child = issuer;
	}
	sk_X509_pop_free(pool, X509_free);
	ERR_clear_error();
	return rc;
}

static enum outcome no_certificate(const struct signing *s, const struct signing_choice *choice)
{
	enum ecert_rc rc = p11_present(&s->p11);

	if (rc != ECERT_OK)
		return ui_fail_rc(
		    s->p11.job->ui, rc, MSG("Cannot read the token's certificates: {why}"));
	if (choice->id || choice->cert_serial)
		return ui_fail(s->p11.job->ui, OUT_REFUSED, "certificate-not-found",
		    MSG(choice->id
			    ? MSG_ID("The token has no certificate with id {wanted}")
			    : MSG_ID("The token has no certificate with serial number {wanted}"),
			P_TEXT("wanted", choice->id ? choice->id : choice->cert_serial)),
		    MSG("`ecert cert list` shows what there is."));
	return ui_fail(s->p11.job->ui, OUT_REFUSED, "no-certificate",
	    MSG("The token holds no certificate to sign with"), MSG(P11_NO_CERT_HINT));
}

enum outcome signing_begin(
    const struct job *job, const struct signing_choice *choice, struct signing *out)
{
	enum outcome code;

	*out = (struct signing){.certs = NULL};
	code = p11_begin_certs(job, &out->p11, &out->certs, &out->certs_n);
	if (code)
		return code;
	out->chosen = signing_choose(out, choice);
	if (!out->chosen)
		return no_certificate(out, choice);
	code = refuse_unfit(out);
	if (!code)
		code = choose_alg(out, choice);
	for (size_t i = 0; !code && i < choice->chain.n; i++)
		code = chain_file(out, choice->chain.v[i]);
	if (!code && !choice->chain.n && !choice->bare)
		code = ui_fail_rc(
		    job->ui, chain_of_token(out), MSG("Cannot read the CA's certificates: {why}"));
	if (!code)
		signing_tell(out, choice);
	return code;
}

enum outcome signing_login(struct signing *s, const struct message *reason)
{
	PKCS11_KEY *key;
	enum ecert_rc rc;
	enum outcome code;

	ui_note(s->p11.job->ui, MSG("Signing as {name}", P_TEXT("name", s->chosen->who.name)));
	code = p11_login(&s->p11, reason);
	if (code)
		return code;
	ERR_clear_error();
	key = PKCS11_find_key(s->chosen->cert);
	rc = key ? ECERT_OK : p11_present(&s->p11);
	if (rc != ECERT_OK)
		return ui_fail_rc(s->p11.job->ui, rc, MSG("Cannot find the key: {why}"));
	if (!key)
		return ui_fail(s->p11.job->ui, OUT_REFUSED, "private-key-missing",
		    MSG("The token has the certificate with id {id}, but not its private key",
			P_TEXT("id", s->chosen->id)),
		    MSG("`ecert key list` shows the keys."));
	code = ui_fail_rc(
	    s->p11.job->ui, p11_key_open(&s->p11, key, &s->key), MSG("Cannot use the key: {why}"));
	s->doc.cert = buf_view(&s->chosen->der);
	s->doc.chain = s->chain;
	s->doc.alg = s->alg;
	s->doc.sign = p11_key_sign;
	s->doc.ctx = &s->key;
	return code;
}

void signing_end(struct signing *s)
{
	p11_key_close(&s->key);
	for (size_t i = 0; i < SIGNING_CHAIN; i++)
		buf_free(&s->chain_der[i]);
	p11_certs_free(&s->certs, s->certs_n);
	p11_close(&s->p11);
	*s = (struct signing){.certs = NULL};
}
