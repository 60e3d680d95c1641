/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing a request through C_Sign, and putting the signature where it belongs. */
#include "provision/request_raw.h"

#include <openssl/err.h>
#include <string.h>

#include "crypto/key/pubkey.h"
#include "crypto/pad/sigfmt.h"
#include "ecert/vendor.h"
#include "util/hex.h"

/* GB/T 32918.2 with the usual identity: what the module hashes in front of the message. */
static const char sm2_id[] = "1234567812345678";

static const struct kind {
	enum key_alg alg;
	CK_MECHANISM_TYPE mechanism;
	int nid;  /* signatureAlgorithm: RFC 8410, 3, and GM/T 0006, without parameters */
	bool der; /* SEQUENCE{r,s}; else as it comes */
} kinds[] = {
    {KEY_ED25519, CKM_EDDSA, NID_ED25519, false},
    {KEY_SM2, CKM_ECERT_SM3_SM2, NID_SM2_with_SM3, true},
};

static const struct kind *kind_of(enum key_alg alg)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].alg == alg)
			return &kinds[i];
	return NULL;
}

static enum ecert_rc find_key(struct raw_key *k, const char *id)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	struct buf bytes = BUF_INIT(64);
	CK_ULONG n = 0;
	CK_RV rv = CKR_GENERAL_ERROR;

	if (hex_get(rd_of(id, strlen(id)), &bytes) == ECERT_OK) {
		struct rd v = buf_view(&bytes);
		CK_ATTRIBUTE t[] = {
		    {CKA_CLASS, &class, sizeof class}, {CKA_ID, (void *)(uintptr_t)v.p, v.n}};

		rv = k->p->fn->C_FindObjectsInit(k->session, t, 2);
		if (rv == CKR_OK) {
			rv = k->p->fn->C_FindObjects(k->session, &k->object, 1, &n);
			(void)k->p->fn->C_FindObjectsFinal(k->session);
		}
	}
	buf_free(&bytes);
	return rv != CKR_OK ? rc_of_ckr(rv) : n ? ECERT_OK : ECERT_E_NOT_FOUND;
}

static enum ecert_rc read_public(struct raw_key *k)
{
	uint8_t spki[1024];
	const unsigned char *at = spki;
	CK_ATTRIBUTE a = {CKA_PUBLIC_KEY_INFO, spki, sizeof spki};
	struct pubkey *pub = NULL;
	CK_RV rv = k->p->fn->C_GetAttributeValue(k->session, k->object, &a, 1);
	enum ecert_rc rc;

	if (rv != CKR_OK)
		return rc_of_ckr(rv);
	k->pub = d2i_PUBKEY(NULL, &at, (long)a.ulValueLen);
	ERR_clear_error();
	rc = k->pub ? pubkey_from_evp(k->pub, &pub) : ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		k->alg = pubkey_alg(pub);
	pubkey_free(&pub);
	return rc;
}

enum ecert_rc raw_key_open(struct p11 *p, const char *id, struct raw_key *out)
{
	CK_RV rv;
	enum ecert_rc rc;

	*out = (struct raw_key){.p = p, .session = CK_INVALID_HANDLE};
	rv = p->fn->C_OpenSession(
	    PKCS11_get_slotid_from_slot(p->slot), CKF_SERIAL_SESSION, NULL, NULL, &out->session);
	if (rv != CKR_OK)
		return rc_of_ckr(rv);
	rc = find_key(out, id);
	if (rc == ECERT_OK)
		rc = read_public(out);
	if (rc != ECERT_OK)
		raw_key_close(out);
	return rc;
}

void raw_key_close(struct raw_key *k)
{
	if (k->session != CK_INVALID_HANDLE)
		(void)k->p->fn->C_CloseSession(k->session);
	EVP_PKEY_free(k->pub);
	*k = (struct raw_key){.session = CK_INVALID_HANDLE};
}

/* Of a key with PIN always the PIN comes again, between C_SignInit and C_Sign. */
static CK_RV pay(const struct raw_key *k)
{
	CK_BBOOL always = CK_FALSE;
	CK_ATTRIBUTE a = {CKA_ALWAYS_AUTHENTICATE, &always, sizeof always};

	if (k->p->fn->C_GetAttributeValue(k->session, k->object, &a, 1) != CKR_OK || !always)
		return CKR_OK;
	return k->p->fn->C_Login(
	    k->session, CKU_CONTEXT_SPECIFIC, (CK_UTF8CHAR_PTR)k->p->pin.text, k->p->pin.n);
}

static enum ecert_rc sign(
    const struct raw_key *k, const struct kind *kind, struct rd tbs, struct buf *out)
{
	CK_MECHANISM m = {kind->mechanism, NULL, 0};
	uint8_t sig[256];
	CK_ULONG n = sizeof sig;
	CK_RV rv = k->p->fn->C_SignInit(k->session, &m, k->object);

	if (rv == CKR_OK)
		rv = pay(k);
	if (rv == CKR_OK)
		rv = k->p->fn->C_Sign(k->session, (CK_BYTE_PTR)(uintptr_t)tbs.p, tbs.n, sig, &n);
	if (rv != CKR_OK)
		return rc_of_ckr(rv);
	if (kind->der)
		return ecdsa_raw_to_der(rd_of(sig, n), out);
	buf_put(out, sig, n);
	return buf_rc(out);
}

static enum ecert_rc set_kind(X509_REQ *req, const struct kind *kind)
{
	X509_ALGOR *a = X509_ALGOR_new();
	bool good = a && X509_ALGOR_set0(a, OBJ_nid2obj(kind->nid), V_ASN1_UNDEF, NULL) == 1 &&
		    X509_REQ_set1_signature_algo(req, a) == 1;

	X509_ALGOR_free(a);
	return good ? ECERT_OK : ECERT_E_MEMORY;
}

static enum ecert_rc set_signature(X509_REQ *req, struct rd sig)
{
	ASN1_BIT_STRING *s = ASN1_BIT_STRING_new();

	if (!s || ASN1_STRING_set(s, sig.p, (int)sig.n) != 1) {
		ASN1_BIT_STRING_free(s);
		return ECERT_E_MEMORY;
	}
	/* All bits count, also the zero ones at the end. */
	s->flags = (s->flags & ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07)) | ASN1_STRING_FLAG_BITS_LEFT;
	X509_REQ_set0_signature(req, s);
	return ECERT_OK;
}

static enum ecert_rc check(const struct raw_key *k, X509_REQ *req)
{
	ASN1_OCTET_STRING *id = NULL;

	if (k->alg == KEY_SM2) {
		id = ASN1_OCTET_STRING_new();
		if (!id || ASN1_OCTET_STRING_set(
			       id, (const unsigned char *)sm2_id, sizeof sm2_id - 1) != 1) {
			ASN1_OCTET_STRING_free(id);
			return ECERT_E_MEMORY;
		}
		X509_REQ_set0_distinguishing_id(req, id);
	}
	return X509_REQ_verify(req, k->pub) == 1 ? ECERT_OK : ECERT_E_BAD_SIGNATURE;
}

enum ecert_rc raw_key_sign_request(struct raw_key *k, X509_REQ *req)
{
	const struct kind *kind = kind_of(k->alg);
	struct buf sig = BUF_INIT(256);
	unsigned char *tbs = NULL;
	enum ecert_rc rc = kind ? set_kind(req, kind) : ECERT_E_KEY_TYPE;
	int n = rc != ECERT_OK ? 0 : i2d_re_X509_REQ_tbs(req, &tbs);

	if (rc == ECERT_OK)
		rc = n > 0 ? sign(k, kind, rd_of(tbs, (size_t)n), &sig) : ECERT_E_CRYPTO;
	if (rc == ECERT_OK)
		rc = set_signature(req, buf_view(&sig));
	if (rc == ECERT_OK)
		rc = check(k, req);
	OPENSSL_free(tbs);
	buf_free(&sig);
	ERR_clear_error();
	return rc;
}
