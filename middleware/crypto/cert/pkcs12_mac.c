/* SPDX-License-Identifier: BSD-2-Clause */
/* The integrity check of a PKCS#12 file: RFC 7292, appendix B, and PBMAC1 (RFC 9579), which OpenSSL
 * computes from 3.4 on only. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "crypto/der.h"
#include "crypto/cert/pkcs12_priv.h"
#include "crypto/cert/pkcs12_rounds.h"
#include "util/mem.h"

#define KEY_BYTES_MAX 128 /* no HMAC here has a longer block */

enum ecert_rc pkcs12_unlock(struct pkcs12_reading *r, const struct pkcs12_lock *l)
{
	bool tried = false;

	for (size_t k = 0; k <= r->words.n; k++) {
		/* The form that fitted before, then all in order. */
		size_t i = k == 0 ? r->fits : k - 1;
		const struct pkcs12_word *w = &r->words.v[i];
		enum ecert_rc rc;

		if ((k > 0 && i == r->fits) || !(l->bmp ? w->bmp : w->bytes))
			continue;
		rc = l->charge(r, l->arg);
		if (rc != ECERT_OK)
			return tried ? ECERT_E_PASSWORD : rc;
		if (l->open(r, w, l->arg)) {
			r->fits = i;
			return ECERT_OK;
		}
		tried = true;
	}
	return ECERT_E_PASSWORD;
}

static enum ecert_rc charge(struct pkcs12_reading *r, const void *arg)
{
	(void)arg;
	return pkcs12_check_mac(r->ctx, r->p12, &r->rounds, r->why);
}

static bool appendix_b(struct pkcs12_reading *r, const struct pkcs12_word *w, const void *arg)
{
	(void)arg;
	return PKCS12_verify_mac(r->p12, w->p, (int)w->n) == 1;
}

/* ---- PBMAC1 ---- */
struct pbmac1 {
	PBKDF2PARAM *kdf;
	EVP_MD *prf, *md;
	size_t key_n;
	struct rd salt, content, mac;
	unsigned char *der; /* what content points into */
};

/* hmacWithSHA256 and the like; RFC 8018, A.2: an absent PRF is HMAC with SHA-1. */
static EVP_MD *md_of(OSSL_LIB_CTX *ctx, const X509_ALGOR *hmac)
{
	int md = NID_undef, nid = hmac ? pkcs12_algor_nid(hmac) : NID_hmacWithSHA1;

	if (EVP_PBE_find(EVP_PBE_TYPE_PRF, nid, NULL, &md, NULL) != 1)
		return NULL;
	return EVP_MD_fetch(ctx, OBJ_nid2sn(md), NULL);
}

/* The bytes of the authSafe's OCTET STRING. Written anew in DER, so that a file in pieces (BER) is
 * one. */
static enum ecert_rc content_of(struct pkcs12_reading *r, struct pbmac1 *m)
{
	int n = i2d_PKCS12(r->p12, &m->der);
	struct rd pfx, number, info, oid, explicit;
	struct rd all = rd_of(m->der, n > 0 ? (size_t)n : 0);
	enum ecert_rc rc = n > 0 ? der_only(all, DER_SEQUENCE, &pfx) : ECERT_E_MEMORY;

	if (rc == ECERT_OK)
		rc = der_positive(&pfx, &number);
	if (rc == ECERT_OK)
		rc = der_get(&pfx, DER_SEQUENCE, &info, NULL);
	if (rc == ECERT_OK)
		rc = der_get(&info, DER_OID, &oid, NULL);
	if (rc == ECERT_OK)
		rc = der_only(info, 0xA0, &explicit);
	return rc == ECERT_OK ? der_only(explicit, DER_OCTETS, &m->content) : rc;
}

static enum ecert_rc key_size(const PBKDF2PARAM *kdf, size_t *out)
{
	int64_t n = 0;

	/* RFC 9579, 5: the length must be there. */
	if (!kdf->keylength || ASN1_INTEGER_get_int64(&n, kdf->keylength) != 1 || n <= 0 ||
	    n > KEY_BYTES_MAX)
		return ECERT_E_MALFORMED;
	*out = (size_t)n;
	return ECERT_OK;
}

static enum ecert_rc pbmac1_begin(struct pkcs12_reading *r, struct pbmac1 *m)
{
	const ASN1_OCTET_STRING *mac = NULL;
	const X509_ALGOR *algor = NULL;
	PBE2PARAM *p;
	enum ecert_rc rc = ECERT_E_MALFORMED;

	PKCS12_get0_mac(&mac, &algor, NULL, NULL, r->p12);
	m->mac = rd_of(ASN1_STRING_get0_data(mac), (size_t)ASN1_STRING_length(mac));
	p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algor->parameter);
	if (!p)
		return rc;
	m->kdf = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), p->keyfunc->parameter);
	if (m->kdf && m->kdf->salt->type == V_ASN1_OCTET_STRING) {
		const ASN1_OCTET_STRING *salt = m->kdf->salt->value.octet_string;

		m->salt = rd_of(ASN1_STRING_get0_data(salt), (size_t)ASN1_STRING_length(salt));
		m->prf = md_of(r->ctx, m->kdf->prf);
		m->md = md_of(r->ctx, p->encryption);
		rc = key_size(m->kdf, &m->key_n);
	}
	if (rc == ECERT_OK && (!m->prf || !m->md)) {
		pkcs12_because(r->why, PKCS12_MAC, algor->algorithm);
		rc = ECERT_E_UNSUPPORTED;
	}
	PBE2PARAM_free(p);
	return rc == ECERT_OK ? content_of(r, m) : rc;
}

static void pbmac1_end(struct pbmac1 *m)
{
	PBKDF2PARAM_free(m->kdf);
	EVP_MD_free(m->prf);
	EVP_MD_free(m->md);
	OPENSSL_free(m->der);
}

static bool pbmac1_fits(struct pkcs12_reading *r, const struct pkcs12_word *w, const void *arg)
{
	const struct pbmac1 *m = arg;
	unsigned char key[KEY_BYTES_MAX], mac[EVP_MAX_MD_SIZE];
	int64_t rounds = 0;
	size_t n = 0;
	bool good = ASN1_INTEGER_get_int64(&rounds, m->kdf->iter) == 1 && rounds > 0;

	good = good &&
	       PKCS5_PBKDF2_HMAC(w->p, (int)w->n, m->salt.p, (int)m->salt.n, (int)rounds, m->prf,
		   (int)m->key_n, key) == 1 &&
	       EVP_Q_mac(r->ctx, "HMAC", NULL, EVP_MD_get0_name(m->md), NULL, key, m->key_n,
		   m->content.p, m->content.n, mac, sizeof mac, &n);
	good = good && n == m->mac.n && CRYPTO_memcmp(mac, m->mac.p, n) == 0;
	mem_wipe(key, sizeof key);
	return good;
}

static enum ecert_rc pbmac1(struct pkcs12_reading *r)
{
	struct pbmac1 m = {.kdf = NULL};
	const struct pkcs12_lock lock = {false, charge, pbmac1_fits, &m};
	enum ecert_rc rc = pbmac1_begin(r, &m);

	if (rc == ECERT_OK)
		rc = pkcs12_unlock(r, &lock);
	pbmac1_end(&m);
	return rc;
}

enum ecert_rc pkcs12_mac(struct pkcs12_reading *r)
{
	static const struct pkcs12_lock lock = {true, charge, appendix_b, NULL};
	const X509_ALGOR *algor = NULL;
	enum ecert_rc rc;

	if (PKCS12_mac_present(r->p12) != 1)
		return ECERT_OK;
	PKCS12_get0_mac(NULL, &algor, NULL, NULL, r->p12);
	rc = pkcs12_algor_nid(algor) == NID_pbmac1 ? pbmac1(r) : pkcs12_unlock(r, &lock);
	r->mac = rc == ECERT_OK;
	return rc;
}
