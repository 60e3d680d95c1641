/* SPDX-License-Identifier: BSD-2-Clause */
/* Signature algorithms of documents, and the check of a signature before it is handed out. */
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "crypto/pad/sigfmt.h"
#include "crypto/scheme.h"
#include "document/cert.h"
#include "document/signer.h"

/* Everything else of them stands in the tables of crypto. RFC 7518, 3.1; RFC 8037, 3.1. */
static const char *const names[DOC_SIG_COUNT] = {
    [DOC_RS256] = "RS256",
    [DOC_PS256] = "PS256",
    [DOC_ES256] = "ES256",
    [DOC_ES384] = "ES384",
    [DOC_EDDSA] = "EdDSA",
};

const char *doc_sig_name(enum doc_sig_alg alg)
{
	return alg > DOC_SIG_NONE && alg < DOC_SIG_COUNT ? names[alg] : NULL;
}

static const struct scheme *scheme_of(enum doc_sig_alg alg)
{
	return scheme_by_jws(doc_sig_name(alg));
}

enum doc_sig_alg doc_sig_for_key(enum key_alg key)
{
	for (enum doc_sig_alg a = DOC_RS256; a < DOC_SIG_COUNT; a++)
		if (doc_sig_fits(a, key))
			return a;
	return DOC_SIG_NONE;
}

/* RSA keys that have a JWS name are long enough; each curve has one algorithm of its own. */
bool doc_sig_fits(enum doc_sig_alg alg, enum key_alg key)
{
	const struct scheme *s = scheme_of(alg);
	const struct alg *row = alg_row(key);

	return s && row && row->jws && scheme_fits(s, key) &&
	       (row->family == FAMILY_RSA || strcmp(row->jws, s->jws) == 0);
}

enum doc_sig_alg doc_sig_by_name(const char *name)
{
	for (enum doc_sig_alg a = DOC_RS256; name && a < DOC_SIG_COUNT; a++)
		if (strcmp(names[a], name) == 0)
			return a;
	return DOC_SIG_NONE;
}

const char *doc_sig_digest(enum doc_sig_alg alg)
{
	const struct scheme *s = scheme_of(alg);
	const struct md_row *md = s ? md_row(s->md) : NULL;

	return md ? md->name : NULL;
}

/* The key algorithm that an algorithm of a curve is for; NULL for RSA. */
static const struct alg *curve_of(const struct scheme *s)
{
	for (enum key_alg k = KEY_NONE; k < KEY_ALG_COUNT; k++) {
		const struct alg *row = alg_row(k);

		if (row && row->family == s->family && row->family != FAMILY_RSA && row->jws &&
		    strcmp(row->jws, s->jws) == 0)
			return row;
	}
	return NULL;
}

/* The key is of the kind that the algorithm names, and strong enough (SP 800-57 part 1, 5.6.3). */
static bool key_fits(const struct scheme *s, const struct alg *curve, EVP_PKEY *key)
{
	char group[32] = "";

	if (!curve)
		return EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= 2048 &&
		       EVP_PKEY_get_bits(key) <= 8192;
	if (s->family != FAMILY_EC)
		return EVP_PKEY_is_a(key, curve->group);
	return EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
	       strcmp(group, curve->group) == 0;
}

static enum ecert_rc verify_with(
    const struct scheme *s, EVP_PKEY *key, struct rd message, struct rd sig)
{
	const struct md_row *md = md_row(s->md);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	enum ecert_rc rc = ECERT_E_MEMORY;

	if (!ctx)
		goto out;
	rc = ECERT_E_CRYPTO;
	if (EVP_DigestVerifyInit_ex(ctx, &pctx, md ? md->name : NULL, NULL, NULL, key, NULL) != 1)
		goto out;
	/* RFC 7518, 3.5: the salt is as long as the digest. */
	if (s->kind == SCHEME_PSS &&
	    (EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) != 1 ||
		EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) != 1))
		goto out;
	rc = EVP_DigestVerify(ctx, sig.p, sig.n, message.p, message.n) == 1 ? ECERT_OK
									    : ECERT_E_BAD_SIGNATURE;
out:
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}

static enum ecert_rc check_pkey(
    EVP_PKEY *key, enum doc_sig_alg alg, struct rd message, struct rd raw)
{
	struct buf der = BUF_INIT(256);
	const struct scheme *s = scheme_of(alg);
	const struct alg *curve = s ? curve_of(s) : NULL;
	bool pair = s && s->family == FAMILY_EC;
	enum ecert_rc rc = ECERT_OK;

	if (!key)
		return ECERT_E_MALFORMED;
	if (!s || !key_fits(s, curve, key))
		return ECERT_E_KEY_TYPE;
	if (pair)
		rc = raw.n == curve->signature ? ecdsa_raw_to_der(raw, &der)
					       : ECERT_E_BAD_SIGNATURE;
	if (rc == ECERT_OK)
		rc = verify_with(s, key, message, pair ? buf_view(&der) : raw);
	buf_free(&der);
	return rc;
}

enum ecert_rc doc_check_message(
    struct rd cert, enum doc_sig_alg alg, struct rd message, struct rd raw)
{
	X509 *x = NULL;
	enum ecert_rc rc = cert_parse(cert, &x);

	if (rc == ECERT_OK)
		rc = check_pkey(X509_get0_pubkey(x), alg, message, raw);
	X509_free(x);
	return rc;
}

enum ecert_rc doc_check_spki(struct rd spki, enum doc_sig_alg alg, struct rd message, struct rd raw)
{
	const unsigned char *p = spki.p;
	EVP_PKEY *key = spki.n ? d2i_PUBKEY(NULL, &p, (long)spki.n) : NULL;
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (key && p == spki.p + spki.n)
		rc = check_pkey(key, alg, message, raw);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return rc;
}

enum ecert_rc doc_sign_message(
    const struct doc_signer *s, enum doc_sig_alg alg, struct rd message, struct buf *raw)
{
	uint8_t digest[64];
	size_t n = sizeof digest;
	struct buf sig = BUF_INIT(1024);
	const char *md = doc_sig_digest(alg);
	struct rd in;
	enum ecert_rc rc;

	if (!doc_sig_fits(alg, s->key))
		return ECERT_E_KEY_TYPE;
	in = message;
	if (md) {
		if (EVP_Q_digest(NULL, md, NULL, message.p, message.n, digest, &n) != 1)
			return ECERT_E_CRYPTO;
		in = rd_of(digest, n);
	}
	rc = s->sign(s->ctx, alg, in, &sig);
	if (rc == ECERT_OK)
		rc = buf_rc(&sig);
	if (rc == ECERT_OK && !s->proven)
		rc = doc_check_message(s->cert, alg, message, buf_view(&sig));
	if (rc == ECERT_OK) {
		buf_rd(raw, buf_view(&sig));
		rc = buf_rc(raw);
	}
	buf_free(&sig);
	return rc;
}
