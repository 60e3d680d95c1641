/* SPDX-License-Identifier: BSD-2-Clause */
/* Signature algorithms of documents, and the check of every signature before it is handed out. */
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "crypto/pad/sigfmt.h"
#include "document/cert.h"
#include "document/signer.h"

struct sig_row {
	const char *name;   /* RFC 7518, 3.1; RFC 8037, 3.1 */
	const char *digest; /* NULL: the message itself is signed */
	const char *type;   /* OpenSSL key type */
	const char *group;  /* EC only */
	size_t half;	    /* EC: bytes of r */
	bool pss;
};

static const struct sig_row rows[DOC_SIG_COUNT] = {
    [DOC_RS256] = {"RS256", "SHA256", "RSA", NULL, 0, false},
    [DOC_PS256] = {"PS256", "SHA256", "RSA", NULL, 0, true},
    [DOC_ES256] = {"ES256", "SHA256", "EC", "prime256v1", 32, false},
    [DOC_ES384] = {"ES384", "SHA384", "EC", "secp384r1", 48, false},
    [DOC_EDDSA] = {"EdDSA", NULL, "ED25519", NULL, 0, false},
};

static const struct sig_row *row_of(enum doc_sig_alg alg)
{
	return alg > DOC_SIG_NONE && alg < DOC_SIG_COUNT ? &rows[alg] : NULL;
}

enum doc_sig_alg doc_sig_for_key(enum key_alg key)
{
	for (enum doc_sig_alg a = DOC_RS256; a < DOC_SIG_COUNT; a++)
		if (doc_sig_fits(a, key))
			return a;
	return DOC_SIG_NONE;
}

bool doc_sig_fits(enum doc_sig_alg alg, enum key_alg key)
{
	switch (key) {
	case KEY_RSA2048:
	case KEY_RSA3072:
	case KEY_RSA4096:
		return alg == DOC_RS256 || alg == DOC_PS256;
	case KEY_P256:
		return alg == DOC_ES256;
	case KEY_P384:
		return alg == DOC_ES384;
	case KEY_ED25519:
		return alg == DOC_EDDSA;
	default:
		return false;
	}
}

const char *doc_sig_name(enum doc_sig_alg alg)
{
	const struct sig_row *r = row_of(alg);

	return r ? r->name : NULL;
}

enum doc_sig_alg doc_sig_by_name(const char *name)
{
	for (enum doc_sig_alg a = DOC_RS256; name && a < DOC_SIG_COUNT; a++)
		if (strcmp(rows[a].name, name) == 0)
			return a;
	return DOC_SIG_NONE;
}

const char *doc_sig_digest(enum doc_sig_alg alg)
{
	const struct sig_row *r = row_of(alg);

	return r ? r->digest : NULL;
}

/* The key is of the kind that the algorithm names, and strong enough (SP 800-57 part 1, 5.6.3). */
static bool key_fits(const struct sig_row *r, EVP_PKEY *key)
{
	char group[32] = "";

	if (!EVP_PKEY_is_a(key, r->type))
		return false;
	if (strcmp(r->type, "RSA") == 0)
		return EVP_PKEY_get_bits(key) >= 2048 && EVP_PKEY_get_bits(key) <= 8192;
	return !r->group || (EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
				strcmp(group, r->group) == 0);
}

static enum ecert_rc verify_with(
    const struct sig_row *r, EVP_PKEY *key, struct rd message, struct rd sig)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	enum ecert_rc rc = ECERT_E_MEMORY;

	if (!ctx)
		goto out;
	rc = ECERT_E_CRYPTO;
	if (EVP_DigestVerifyInit_ex(ctx, &pctx, r->digest, NULL, NULL, key, NULL) != 1)
		goto out;
	/* RFC 7518, 3.5: the salt is as long as the digest. */
	if (r->pss && (EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) != 1 ||
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
	const struct sig_row *r = row_of(alg);
	enum ecert_rc rc = ECERT_OK;

	if (!key)
		return ECERT_E_MALFORMED;
	if (!r || !key_fits(r, key))
		return ECERT_E_KEY_TYPE;
	if (r->half)
		rc = raw.n == 2 * r->half ? ecdsa_raw_to_der(raw, &der) : ECERT_E_BAD_SIGNATURE;
	if (rc == ECERT_OK)
		rc = verify_with(r, key, message, r->half ? buf_view(&der) : raw);
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
	const struct sig_row *r = row_of(alg);
	struct rd in;
	enum ecert_rc rc;

	if (!r || !doc_sig_fits(alg, s->key))
		return ECERT_E_KEY_TYPE;
	in = message;
	if (r->digest) {
		if (EVP_Q_digest(NULL, r->digest, NULL, message.p, message.n, digest, &n) != 1)
			return ECERT_E_CRYPTO;
		in = rd_of(digest, n);
	}
	rc = s->sign(s->ctx, alg, in, &sig);
	if (rc == ECERT_OK)
		rc = buf_rc(&sig);
	if (rc == ECERT_OK)
		rc = doc_check_message(s->cert, alg, message, buf_view(&sig));
	if (rc == ECERT_OK) {
		buf_rd(raw, buf_view(&sig));
		rc = buf_rc(raw);
	}
	buf_free(&sig);
	return rc;
}
