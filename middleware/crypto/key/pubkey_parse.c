/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys from SubjectPublicKeyInfo, certificates, card templates and OpenSSL. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "crypto/cert/cert.h"
#include "crypto/der.h"
#include "crypto/ossl.h"
#include "crypto/key/pubkey_priv.h"

/* RFC 8017, A.1.1: RSAPublicKey. */
static enum ecert_rc get_rsa(struct rd der, struct key_parts *p)
{
	enum ecert_rc rc = der_only(der, DER_SEQUENCE, &der);

	if (rc == ECERT_OK)
		rc = der_positive(&der, &p->n);
	if (rc == ECERT_OK)
		rc = der_positive(&der, &p->e);
	if (rc == ECERT_OK)
		rc = rd_end(&der);
	return rc;
}

/* RSA's rows share one AlgorithmIdentifier; the modulus tells them apart. */
static enum ecert_rc choose_rsa(struct key_parts *p)
{
	if (p->n.n > 512)
		return ECERT_E_UNSUPPORTED;
	p->alg = alg_by_rsa_bits((unsigned)p->n.n * 8);
	return p->alg ? ECERT_OK : ECERT_E_UNSUPPORTED;
}

/* RFC 5280, 4.1: SubjectPublicKeyInfo. */
static enum ecert_rc get_spki(struct rd spki, struct key_parts *p)
{
	struct rd ignored, algid, bits;
	enum ecert_rc rc;
	uint8_t unused;

	rc = der_only(spki, DER_SEQUENCE, &spki);
	if (rc == ECERT_OK)
		rc = der_get(&spki, DER_SEQUENCE, &ignored, &algid);
	if (rc == ECERT_OK)
		rc = der_get(&spki, DER_BIT_STRING, &bits, NULL);
	if (rc == ECERT_OK)
		rc = rd_end(&spki);
	if (rc == ECERT_OK)
		rc = rd_u8(&bits, &unused);
	if (rc != ECERT_OK)
		return rc;
	p->alg = alg_by_algid(algid);
	if (!p->alg)
		return ECERT_E_UNSUPPORTED;
	if (unused != 0)
		return ECERT_E_MALFORMED;
	if (p->alg->family != FAMILY_RSA) {
		p->point = bits;
		return ECERT_OK;
	}
	return get_rsa(bits, p);
}

enum ecert_rc pubkey_from_spki(struct rd spki, struct pubkey **out)
{
	struct key_parts p = {0};
	enum ecert_rc rc = get_spki(spki, &p);

	*out = NULL;
	if (rc == ECERT_OK && p.alg->family == FAMILY_RSA)
		rc = choose_rsa(&p);
	return rc == ECERT_OK ? pubkey_make(&p, out) : rc;
}

enum ecert_rc pubkey_from_rsa(struct rd n, struct rd e, struct pubkey **out)
{
	struct key_parts p = {.n = der_strip(n), .e = der_strip(e)};
	unsigned bits = p.n.n > 512 ? 0 : der_unsigned_bits(p.n);
	struct alg own = *alg_row(KEY_RSA2048);

	*out = NULL;
	if (bits < alg_row(KEY_RSA1024)->bits || bits > alg_row(KEY_RSA4096)->bits)
		return ECERT_E_UNSUPPORTED;
	own.bits = bits;
	own.block = own.signature = (bits + 7) / 8;
	p.alg = alg_by_rsa_bits(bits);
	if (!p.alg)
		p.alg = &own;
	return pubkey_make(&p, out);
}

enum ecert_rc pubkey_from_any_spki(struct rd spki, struct pubkey **out)
{
	struct key_parts p = {0};
	enum ecert_rc rc = get_spki(spki, &p);

	*out = NULL;
	if (rc != ECERT_OK)
		return rc;
	return p.alg->family == FAMILY_RSA ? pubkey_from_rsa(p.n, p.e, out) : pubkey_make(&p, out);
}

enum ecert_rc pubkey_from_cert(struct rd der, struct pubkey **out)
{
	struct cert_parts c;
	enum ecert_rc rc = cert_walk(der, &c);

	*out = NULL;
	return rc == ECERT_OK ? pubkey_from_spki(c.spki, out) : rc;
}

enum ecert_rc pubkey_from_card(enum key_alg alg, struct rd template_, struct pubkey **out)
{
	struct key_parts p = {.alg = alg_row(alg)};
	enum ecert_rc rc;

	*out = NULL;
	if (!p.alg)
		return ECERT_E_UNSUPPORTED;
	if (p.alg->family == FAMILY_RSA) {
		rc = tlv_find(template_, 0x81, &p.n);
		if (rc == ECERT_OK)
			rc = tlv_find(template_, 0x82, &p.e);
		p.n = der_strip(p.n);
		p.e = der_strip(p.e);
	} else {
		rc = tlv_find(template_, 0x86, &p.point);
		/* SP 800-73-5 part 2, 3.3.2: the card's point is uncompressed. */
		if (rc == ECERT_OK && p.point.n != p.alg->point)
			rc = ECERT_E_MALFORMED;
	}
	if (rc != ECERT_OK)
		return ECERT_E_MALFORMED;
	return pubkey_make(&p, out);
}

enum ecert_rc pubkey_from_evp(EVP_PKEY *key, struct pubkey **out)
{
	unsigned char *der = NULL;
	enum ecert_rc rc;
	int n;

	*out = NULL;
	ossl_enter();
	n = i2d_PUBKEY(key, &der);
	ossl_leave();
	if (n <= 0)
		return ECERT_E_CRYPTO;
	rc = pubkey_from_spki(rd_of(der, (size_t)n), out);
	OPENSSL_free(der);
	return rc;
}

static int push_rsa(OSSL_PARAM_BLD *bld, const struct key_parts *p, BIGNUM **n, BIGNUM **e)
{
	*n = BN_bin2bn(p->n.p, (int)p->n.n, NULL);
	*e = BN_bin2bn(p->e.p, (int)p->e.n, NULL);
	return *n && *e && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, *n) &&
	       OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, *e);
}

static int push_point(OSSL_PARAM_BLD *bld, const struct key_parts *p)
{
	return OSSL_PARAM_BLD_push_octet_string(
		   bld, OSSL_PKEY_PARAM_PUB_KEY, p->point.p, p->point.n) &&
	       OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, p->alg->group, 0);
}

/* The curves of RFC 8410. A host that has given OpenSSL a method of its own for such a key (engines
 * do, for the whole process) takes EVP_PKEY_fromdata away from every library context; the raw way
 * stays. */
static EVP_PKEY *evp_raw(const struct key_parts *p)
{
	return EVP_PKEY_new_raw_public_key_ex(
	    ossl_ctx(), p->alg->group, NULL, p->point.p, p->point.n);
}

static EVP_PKEY *evp_from_parts(const struct key_parts *p)
{
	const char *type = p->alg->family == FAMILY_EC ? "EC" : p->alg->group;
	OSSL_PARAM_BLD *bld;
	OSSL_PARAM *params = NULL;
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *key = NULL;
	BIGNUM *n = NULL, *e = NULL;

	bld = OSSL_PARAM_BLD_new();
	if (!bld)
		goto out;
	if (!(p->alg->family == FAMILY_RSA ? push_rsa(bld, p, &n, &e) : push_point(bld, p)))
		goto out;
	params = OSSL_PARAM_BLD_to_param(bld);
	ctx = EVP_PKEY_CTX_new_from_name(ossl_ctx(), type, NULL);
	if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
out:
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(n);
	BN_free(e);
	return key;
}

EVP_PKEY *pubkey_make_evp(const struct key_parts *p)
{
	EVP_PKEY *key = NULL;

	ossl_enter();
	/* Without our context OpenSSL would silently take the host's. */
	if (ossl_ctx())
		key = p->alg->family == FAMILY_EDWARDS || p->alg->family == FAMILY_MONTGOMERY
			  ? evp_raw(p)
			  : evp_from_parts(p);
	ossl_leave();
	return key;
}
