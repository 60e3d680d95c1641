/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#12 files. */
#include "crypto/pkcs12.h"

#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/ossl.h"
#include "crypto/pkcs12_rounds.h"
#include "crypto/x509.h"

struct pkcs12 {
	struct privkey *key;
	struct buf leaf, other[PKCS12_CHAIN_MAX];
	size_t others;
};

/* What one call needs of OpenSSL, and nothing of it stays. */
struct reading {
	OSSL_LIB_CTX *ctx;
	OSSL_PROVIDER *base, *legacy;
	PKCS12 *p12;
	EVP_PKEY *key;
	STACK_OF(X509) * certs;
	const char *password; /* NULL and "" are two passwords to RFC 7292, appendix B.1 */
	enum ecert_rc wrong;  /* what a failed decryption means */
	int64_t rounds;	      /* of key derivation that may still be spent */
	unsigned parts;	      /* encrypted parts opened so far */
};

static enum ecert_rc reading_begin(struct reading *r, struct rd file)
{
	const unsigned char *at = file.p;

	r->ctx = OSSL_LIB_CTX_new();
	if (r->ctx == NULL)
		return ECERT_E_MEMORY;
	r->base = OSSL_PROVIDER_load(r->ctx, "default");
	/* Not installed everywhere; a modern file needs it not. */
	r->legacy = OSSL_PROVIDER_load(r->ctx, "legacy");
	r->p12 = PKCS12_init_ex(NID_pkcs7_data, r->ctx, NULL);
	r->certs = sk_X509_new_null();
	if (r->base == NULL || r->p12 == NULL || r->certs == NULL)
		return ECERT_E_MEMORY;
	if (d2i_PKCS12(&r->p12, &at, (long)file.n) == NULL || at != file.p + file.n)
		return ECERT_E_MALFORMED;
	return pkcs12_check_outer(r->ctx, r->p12, &r->rounds);
}

static void reading_end(struct reading *r)
{
	EVP_PKEY_free(r->key);
	sk_X509_pop_free(r->certs, X509_free);
	PKCS12_free(r->p12);
	OSSL_PROVIDER_unload(r->legacy);
	OSSL_PROVIDER_unload(r->base);
	OSSL_LIB_CTX_free(r->ctx);
}

static int password_len(const struct reading *r)
{
	return r->password != NULL ? (int)strlen(r->password) : 0;
}

static enum ecert_rc check_mac(struct reading *r)
{
	/* Without a MAC only the decryption can tell. */
	r->wrong = ECERT_E_PASSWORD;
	if (!PKCS12_mac_present(r->p12))
		return ECERT_OK;
	r->wrong = ECERT_E_MALFORMED;
	if (PKCS12_verify_mac(r->p12, r->password, password_len(r)) == 1)
		return ECERT_OK;
	if (r->password[0] != '\0')
		return ECERT_E_PASSWORD;
	r->password = NULL;
	return PKCS12_verify_mac(r->p12, NULL, 0) == 1 ? ECERT_OK : ECERT_E_PASSWORD;
}

static enum ecert_rc take_key(struct reading *r, const PKCS8_PRIV_KEY_INFO *info)
{
	if (info == NULL)
		return r->wrong;
	/* One e-Cert, one key: the first counts, as for OpenSSL's own PKCS12_parse. */
	if (r->key == NULL)
		r->key = EVP_PKCS82PKEY_ex(info, r->ctx, NULL);
	return r->key != NULL ? ECERT_OK : ECERT_E_UNSUPPORTED;
}

static enum ecert_rc take_shrouded(struct reading *r, const PKCS12_SAFEBAG *bag)
{
	const X509_SIG *sig = PKCS12_SAFEBAG_get0_pkcs8(bag);
	PKCS8_PRIV_KEY_INFO *info;
	const X509_ALGOR *algor;
	enum ecert_rc rc;

	if (r->key != NULL)
		return ECERT_OK;
	if (++r->parts > PKCS12_PARTS_MAX)
		return ECERT_E_TOO_LARGE;
	X509_SIG_get0(sig, &algor, NULL);
	rc = pkcs12_check_algor(r->ctx, algor, &r->rounds);
	if (rc != ECERT_OK)
		return rc;
	info = PKCS12_decrypt_skey_ex(bag, r->password, password_len(r), r->ctx, NULL);
	rc = take_key(r, info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return rc;
}

static enum ecert_rc take_cert(struct reading *r, const PKCS12_SAFEBAG *bag)
{
	X509 *x;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
		return ECERT_OK;
	if (sk_X509_num(r->certs) > PKCS12_CHAIN_MAX)
		return ECERT_E_TOO_LARGE;
	x = PKCS12_SAFEBAG_get1_cert(bag);
	if (x == NULL)
		return ECERT_E_MALFORMED;
	if (sk_X509_push(r->certs, x) > 0)
		return ECERT_OK;
	X509_free(x);
	return ECERT_E_MEMORY;
}

static enum ecert_rc take_bag(struct reading *r, const PKCS12_SAFEBAG *bag)
{
	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_keyBag:
		return take_key(r, PKCS12_SAFEBAG_get0_p8inf(bag));
	case NID_pkcs8ShroudedKeyBag:
		return take_shrouded(r, bag);
	case NID_certBag:
		return take_cert(r, bag);
	default: /* CRLs, secrets and bags in bags carry nothing that a card takes */
		return ECERT_OK;
	}
}

static enum ecert_rc take_safe(struct reading *r, PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	enum ecert_rc rc = ECERT_OK;

	if (PKCS7_type_is_data(safe))
		bags = PKCS12_unpack_p7data(safe);
	else if (PKCS7_type_is_encrypted(safe) && ++r->parts > PKCS12_PARTS_MAX)
		return ECERT_E_TOO_LARGE;
	else if (PKCS7_type_is_encrypted(safe))
		bags = PKCS12_unpack_p7encdata(safe, r->password, password_len(r));
	else /* enveloped to a public key: not ours to open */
		return ECERT_OK;
	if (bags == NULL)
		return PKCS7_type_is_data(safe) ? ECERT_E_MALFORMED : r->wrong;
	for (int i = 0; rc == ECERT_OK && i < sk_PKCS12_SAFEBAG_num(bags); i++)
		rc = take_bag(r, sk_PKCS12_SAFEBAG_value(bags, i));
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return rc;
}

static enum ecert_rc take_all(struct reading *r)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(r->p12);
	enum ecert_rc rc = safes != NULL ? ECERT_OK : ECERT_E_MALFORMED;

	for (int i = 0; rc == ECERT_OK && i < sk_PKCS7_num(safes); i++)
		rc = take_safe(r, sk_PKCS7_value(safes, i));
	sk_PKCS7_pop_free(safes, PKCS7_free);
	if (rc == ECERT_OK && r->key == NULL)
		rc = ECERT_E_NOT_FOUND;
	return rc;
}

/* Takes the certificate that wants() says yes to off the stack; NULL when there is none. */
static X509 *pull(struct reading *r, bool (*wants)(const X509 *, const void *), const void *arg)
{
	for (int i = 0; i < sk_X509_num(r->certs); i++) {
		if (wants(sk_X509_value(r->certs, i), arg))
			return sk_X509_delete(r->certs, i);
	}
	return NULL;
}

static bool has_key(const X509 *x, const void *key)
{
	return x509_matches(x, key);
}

static bool is_issuer(const X509 *x, const void *child)
{
	return X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(child)) == 0;
}

static bool is_any(const X509 *x, const void *unused)
{
	(void)x;
	(void)unused;
	return true;
}

static enum ecert_rc sort_chain(struct reading *r, struct pkcs12 *p)
{
	X509 *x = pull(r, has_key, p->key != NULL ? privkey_public(p->key) : NULL), *next;
	enum ecert_rc rc = x != NULL ? x509_put_der(x, &p->leaf) : ECERT_E_NOT_FOUND;

	while (rc == ECERT_OK && x != NULL && p->others < PKCS12_CHAIN_MAX) {
		next = pull(r, is_issuer, x);
		if (next == NULL)
			next = pull(r, is_any, NULL);
		X509_free(x);
		x = next;
		if (x != NULL)
			rc = x509_put_der(x, &p->other[p->others++]);
	}
	X509_free(x);
	return rc;
}

static enum ecert_rc read_file(struct reading *r, struct rd file, struct pkcs12 *p)
{
	enum ecert_rc rc = reading_begin(r, file);

	if (rc == ECERT_OK)
		rc = check_mac(r);
	if (rc == ECERT_OK)
		rc = take_all(r);
	if (rc == ECERT_OK)
		rc = privkey_from_evp(r->key, &p->key);
	return rc == ECERT_OK ? sort_chain(r, p) : rc;
}

enum ecert_rc pkcs12_load(struct rd file, const char *password, struct pkcs12 **out)
{
	struct reading r = {.password = password, .rounds = PKCS12_ROUNDS_MAX};
	struct pkcs12 *p;
	enum ecert_rc rc;

	*out = NULL;
	if (file.n > PKCS12_FILE_MAX)
		return ECERT_E_TOO_LARGE;
	p = calloc(1, sizeof *p);
	if (p == NULL)
		return ECERT_E_MEMORY;
	buf_init(&p->leaf, CERT_MAX);
	for (size_t i = 0; i < PKCS12_CHAIN_MAX; i++)
		buf_init(&p->other[i], CERT_MAX);
	ossl_enter();
	rc = read_file(&r, file, p);
	reading_end(&r);
	ossl_leave();
	if (rc == ECERT_OK) {
		*out = p;
		p = NULL;
	}
	pkcs12_free(&p);
	return rc;
}

void pkcs12_free(struct pkcs12 **p)
{
	if (*p == NULL)
		return;
	privkey_free(&(*p)->key);
	buf_free(&(*p)->leaf);
	for (size_t i = 0; i < PKCS12_CHAIN_MAX; i++)
		buf_free(&(*p)->other[i]);
	free(*p);
	*p = NULL;
}

const struct privkey *pkcs12_key(const struct pkcs12 *p)
{
	return p->key;
}

struct rd pkcs12_leaf(const struct pkcs12 *p)
{
	return buf_view(&p->leaf);
}

struct rd pkcs12_other(const struct pkcs12 *p, size_t i)
{
	return i < p->others ? buf_view(&p->other[i]) : rd_of(NULL, 0);
}
