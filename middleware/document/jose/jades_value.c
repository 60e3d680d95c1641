/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying the signature value of a JWS with the key of a certificate (RFC 7518, 3).
 * Authentication codes and "none" are in no row. */
#include "document/jose/jades_value.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "crypto/pad/sigfmt.h"
#include "document/cms/cades_value.h"
#include "util/hex.h"
#include "util/text.h"

enum family { RSA_PKCS1, RSA_PSS, EC, EDWARDS };

static const struct row {
	const char *name, *md, *group;
	enum family family;
	size_t n; /* of r and s together */
} rows[] = {
    {"RS256", "SHA256", NULL, RSA_PKCS1, 0},
    {"RS384", "SHA384", NULL, RSA_PKCS1, 0},
    {"RS512", "SHA512", NULL, RSA_PKCS1, 0},
    {"PS256", "SHA256", NULL, RSA_PSS, 0},
    {"PS384", "SHA384", NULL, RSA_PSS, 0},
    {"PS512", "SHA512", NULL, RSA_PSS, 0},
    {"ES256", "SHA256", "prime256v1", EC, 64},
    {"ES384", "SHA384", "secp384r1", EC, 96},
    {"ES512", "SHA512", "secp521r1", EC, 132},
    /* RFC 8037, 3.1; RFC 9864, 2.2. */
    {"EdDSA", NULL, NULL, EDWARDS, 0},
    {"Ed25519", NULL, "ED25519", EDWARDS, 0},
    {"Ed448", NULL, "ED448", EDWARDS, 0},
};

static const struct row *row_of(const char *alg)
{
	for (size_t i = 0; alg && i < sizeof rows / sizeof rows[0]; i++)
		if (!strcmp(rows[i].name, alg))
			return &rows[i];
	return NULL;
}

static bool key_fits(const struct row *row, const EVP_PKEY *key)
{
	char group[32] = "";

	switch (row->family) {
	case RSA_PKCS1:
		return EVP_PKEY_is_a(key, "RSA");
	case RSA_PSS:
		return EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS");
	case EC:
		return EVP_PKEY_is_a(key, "EC") &&
		       EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
		       !strcmp(group, row->group);
	default:
		return row->group ? EVP_PKEY_is_a(key, row->group)
				  : EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448");
	}
}

static bool verify(const struct row *row, EVP_PKEY *key, struct rd input, struct rd raw)
{
	struct buf der = BUF_INIT(256);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	bool good = ctx && EVP_DigestVerifyInit_ex(ctx, &pctx, row->md, NULL, NULL, key, NULL) == 1;

	/* RFC 7518, 3.5: the salt is as long as the digest. */
	if (good && row->family == RSA_PSS)
		good = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) == 1;
	if (good && row->family == EC) {
		good = raw.n == row->n && ecdsa_raw_to_der(raw, &der) == ECERT_OK;
		raw = buf_view(&der);
	}
	good = good && EVP_DigestVerify(ctx, raw.p, raw.n, input.p, input.n) == 1;
	EVP_MD_CTX_free(ctx);
	buf_free(&der);
	ERR_clear_error();
	return good;
}

/* NULL: neither the digest nor the key is a reason for doubt. */
static const char *doubt_of(const struct row *row, const EVP_PKEY *key,
    const struct doc_verify_options *o, char since[16], enum reason *reason)
{
	const EVP_MD *md = row->md ? EVP_get_digestbyname(row->md) : NULL;
	time_t end = md ? algorithm_ended(o->algorithms, algorithm_of_digest(md), o->now) : 0;

	*reason = end ? REASON_ALGORITHM_OLD : REASON_KEY_WEAK;
	if (!end)
		return cades_value_doubt(key, o, since);
	(void)text_day(end, since);
	return MSG_ID("it fits, but {digest} is not relied on since {since}");
}

void jades_value_check(const char *alg, X509 *cert, struct rd input, struct rd value,
    const struct doc_verify_options *o, struct report *rep)
{
	const struct row *row = row_of(alg);
	EVP_PKEY *key = X509_get0_pubkey(cert);
	struct buf raw = BUF_INIT(4096);
	enum reason reason = REASON_SIGNATURE_BAD;
	const char *why = NULL;
	char since[16] = "";

	if (!row || !key) {
		reason = REASON_ALGORITHM_UNKNOWN;
		why = !row ? MSG_ID(
				 "this version does not verify signatures of that kind, which says "
				 "nothing against it")
			   : MSG_ID("the certificate's key is of an unknown kind");
	} else if (b64url_get(value, &raw) != ECERT_OK) {
		why = MSG_ID("the signature is not base64url");
	} else if (!key_fits(row, key)) {
		why = MSG_ID("the signature algorithm that is named is not the one of the key");
	} else if (!verify(row, key, input, buf_view(&raw))) {
		why = MSG_ID("the signature does not verify with the certificate's key");
	} else {
		why = doubt_of(row, key, o, since, &reason);
	}
	ERR_clear_error();
	buf_free(&raw);
	report_add_why(rep, CHK_SIGNATURE_VALUE, why ? reason_state(reason) : CHECK_OK,
	    why ? reason : REASON_NONE,
	    why ? MSG(why, P_TEXT("since", since), P_TEXT("digest", row ? row->md : NULL))
		: MSG_EMPTY);
}
