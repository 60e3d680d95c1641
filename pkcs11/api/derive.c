/* SPDX-License-Identifier: BSD-2-Clause */
/* C_DeriveKey with ECDH (6.3.19): the card agrees, the host derives a session secret. */
#include <string.h>

#include "crypto/der.h"
#include "crypto/key/ec.h"
#include "pkcs11/op/able.h"
#include "pkcs11/template/make.h"
#include "pkcs11/template/shape.h"
#include "pkcs11/api/sign_priv.h"
#include "util/mem.h"

#define SECRET_MAX 512u

static const struct kdf {
	CK_ULONG ckd;
	enum md md;	    /* MD_NONE: none, the secret itself */
	bool counter_first; /* SP 800-56C one-step; else ANSI X9.63 */
} kdfs[] = {
    {.ckd = CKD_NULL, .md = MD_NONE},
    {.ckd = CKD_SHA1_KDF, .md = MD_SHA1},
    {.ckd = CKD_SHA224_KDF, .md = MD_SHA224},
    {.ckd = CKD_SHA256_KDF, .md = MD_SHA256},
    {.ckd = CKD_SHA384_KDF, .md = MD_SHA384},
    {.ckd = CKD_SHA512_KDF, .md = MD_SHA512},
    {.ckd = CKD_SHA3_224_KDF, .md = MD_SHA3_224},
    {.ckd = CKD_SHA3_256_KDF, .md = MD_SHA3_256},
    {.ckd = CKD_SHA3_384_KDF, .md = MD_SHA3_384},
    {.ckd = CKD_SHA3_512_KDF, .md = MD_SHA3_512},
    {.ckd = CKD_SHA1_KDF_SP800, .md = MD_SHA1, .counter_first = true},
    {.ckd = CKD_SHA224_KDF_SP800, .md = MD_SHA224, .counter_first = true},
    {.ckd = CKD_SHA256_KDF_SP800, .md = MD_SHA256, .counter_first = true},
    {.ckd = CKD_SHA384_KDF_SP800, .md = MD_SHA384, .counter_first = true},
    {.ckd = CKD_SHA512_KDF_SP800, .md = MD_SHA512, .counter_first = true},
    {.ckd = CKD_SHA3_224_KDF_SP800, .md = MD_SHA3_224, .counter_first = true},
    {.ckd = CKD_SHA3_256_KDF_SP800, .md = MD_SHA3_256, .counter_first = true},
    {.ckd = CKD_SHA3_384_KDF_SP800, .md = MD_SHA3_384, .counter_first = true},
    {.ckd = CKD_SHA3_512_KDF_SP800, .md = MD_SHA3_512, .counter_first = true},
};

static const struct kdf *kdf_of(CK_ULONG ckd)
{
	for (size_t i = 0; i < sizeof kdfs / sizeof kdfs[0]; i++)
		if (kdfs[i].ckd == ckd)
			return &kdfs[i];
	return NULL;
}

/* One block: H(Z || counter || info), or the counter first. */
static enum ecert_rc kdf_block(const struct kdf *k, struct rd z, uint32_t counter, struct rd info,
    uint8_t hash[MD_MAX_SIZE], size_t *n)
{
	const uint8_t c[4] = {(uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
	    (uint8_t)(counter >> 8), (uint8_t)counter};
	const struct rd count = rd_of(c, sizeof c);
	struct digest *d = NULL;
	enum ecert_rc rc = digest_new(k->md, &d);

	if (rc == ECERT_OK)
		rc = digest_update(d, k->counter_first ? count : z);
	if (rc == ECERT_OK)
		rc = digest_update(d, k->counter_first ? z : count);
	if (rc == ECERT_OK)
		rc = digest_update(d, info);
	if (rc == ECERT_OK)
		rc = digest_final(d, hash, n);
	digest_free(&d);
	return rc;
}

static CK_RV kdf_run(const struct kdf *k, struct rd z, struct rd info, size_t want, struct buf *out)
{
	uint8_t hash[MD_MAX_SIZE];
	size_t n = 0, left = want;
	enum ecert_rc rc = ECERT_OK;

	if (k->md == MD_NONE) {
		/* 6.3.19: truncation removes bytes from the leading end */
		if (want > z.n)
			return CKR_KEY_SIZE_RANGE;
		buf_put(out, z.p + (z.n - want), want);
		return p11_rv(buf_rc(out));
	}
	for (uint32_t i = 1; left && rc == ECERT_OK; i++) {
		rc = kdf_block(k, z, i, info, hash, &n);
		if (n > left)
			n = left;
		if (rc == ECERT_OK)
			buf_put(out, hash, n);
		left -= n;
	}
	mem_wipe(hash, sizeof hash);
	return p11_rv(rc != ECERT_OK ? rc : buf_rc(out));
}

/* How many bytes the new key has, by its type and CKA_VALUE_LEN. */
static CK_RV secret_size(
    CK_KEY_TYPE type, CK_ULONG value_len, const struct kdf *k, size_t z, size_t *out)
{
	static const struct {
		CK_KEY_TYPE type;
		size_t fixed;
	} sizes[] = {{CKK_DES, 8}, {CKK_DES2, 16}, {CKK_DES3, 24}};

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		if (sizes[i].type != type)
			continue;
		*out = sizes[i].fixed;
		return value_len && value_len != *out ? CKR_TEMPLATE_INCONSISTENT : CKR_OK;
	}
	if (type != CKK_GENERIC_SECRET && type != CKK_AES && type != CKK_HKDF)
		return CKR_TEMPLATE_INCONSISTENT;
	*out = value_len ? value_len : k->md ? md_row(k->md)->size : z;
	if (*out > SECRET_MAX)
		return CKR_KEY_SIZE_RANGE;
	if (type == CKK_AES && *out != 16 && *out != 24 && *out != 32)
		return value_len ? CKR_KEY_SIZE_RANGE : CKR_TEMPLATE_INCOMPLETE;
	return CKR_OK;
}

static CK_RV default_bool(struct stored *o, CK_ATTRIBUTE_TYPE type, bool v)
{
	return stored_get(o, type) ? CKR_OK : stored_set_bool(o, type, v);
}

/* The attributes of a derived secret (4.10, 5.18.5). */
static CK_RV secret_object(const CK_ATTRIBUTE *t, CK_ULONG n, CK_KEY_TYPE type,
    const struct buf *value, bool never_left, struct stored **out)
{
	CK_RV rv = stored_new(out);

	if (rv == CKR_OK)
		rv = make_common(*out, t, n);
	if (rv == CKR_OK)
		rv = stored_set_ulong(*out, CKA_CLASS, CKO_SECRET_KEY);
	if (rv == CKR_OK)
		rv = stored_set_ulong(*out, CKA_KEY_TYPE, type);
	if (rv == CKR_OK)
		rv = stored_set_ulong(*out, CKA_VALUE_LEN, buf_len(value));
	if (rv == CKR_OK)
		rv = stored_set(*out, CKA_VALUE, buf_view(value));
	if (rv == CKR_OK)
		rv = default_bool(*out, CKA_SENSITIVE, false);
	if (rv == CKR_OK)
		rv = default_bool(*out, CKA_EXTRACTABLE, true);
	if (rv == CKR_OK)
		rv = stored_set_bool(*out, CKA_LOCAL, false);
	if (rv == CKR_OK)
		rv = stored_set_bool(
		    *out, CKA_ALWAYS_SENSITIVE, never_left && stored_true(*out, CKA_SENSITIVE));
	if (rv == CKR_OK)
		rv = stored_set_bool(
		    *out, CKA_NEVER_EXTRACTABLE, never_left && !stored_true(*out, CKA_EXTRACTABLE));
	if (rv == CKR_OK)
		rv = shape_defaults(*out, CKO_SECRET_KEY);
	return rv;
}

struct agreement {
	const struct kdf *kdf;
	struct rd peer, info;
};

/* The peer's point: bare, or in a DER OCTET STRING as some programs send it. A bare one may look
 * like the beginning of the other, so its length decides. */
static CK_RV agreement_of(const CK_MECHANISM *m, const struct alg *alg, struct agreement *out)
{
	CK_ECDH1_DERIVE_PARAMS p;
	struct rd inner;

	if (!m->pParameter || m->ulParameterLen != sizeof p)
		return CKR_MECHANISM_PARAM_INVALID;
	memcpy(&p, m->pParameter, sizeof p);
	out->kdf = kdf_of(p.kdf);
	if (!out->kdf || !p.pPublicData || !p.ulPublicDataLen || p.ulPublicDataLen > 4096 ||
	    (p.ulSharedDataLen && !p.pSharedData) || p.ulSharedDataLen > 65536)
		return CKR_MECHANISM_PARAM_INVALID;
	if (out->kdf->md == MD_NONE && p.ulSharedDataLen)
		return CKR_MECHANISM_PARAM_INVALID;
	out->peer = rd_of(p.pPublicData, p.ulPublicDataLen);
	out->info = rd_of(p.pSharedData, p.ulSharedDataLen);
	if (out->peer.n != alg->point && der_only(out->peer, DER_OCTETS, &inner) == ECERT_OK)
		out->peer = inner;
	return CKR_OK;
}

static CK_RV agree(struct session *s, struct op *op, const struct agreement *a, struct buf *z)
{
	struct token_request req = {.ref = op->key.ref, .op = TOKEN_DERIVE, .in = a->peer};
	enum ecert_rc rc = ec_peer_check(op->key.alg, a->peer);

	if (rc != ECERT_OK)
		return rc == ECERT_E_DATA ? CKR_MECHANISM_PARAM_INVALID : p11_rv(rc);
	return p11_use_rv(able_token_use(&s->at, &req, z));
}

static CK_RV derive(struct session *s, struct op *op, const CK_MECHANISM *m, const CK_ATTRIBUTE *t,
    CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct agreement a;
	struct buf z = BUF_INIT(128), value = BUF_INIT(SECRET_MAX);
	struct stored *key = NULL;
	CK_KEY_TYPE type = CKK_GENERIC_SECRET;
	CK_ULONG value_len = 0;
	bool on_token = false, private = false;
	size_t want = 0;
	CK_RV rv = agreement_of(m, alg_row(op->key.alg), &a);

	if (rv == CKR_OK)
		rv = template_ulong(t, n, CKA_KEY_TYPE, &type);
	if (rv == CKR_OK)
		rv = template_ulong(t, n, CKA_VALUE_LEN, &value_len);
	if (rv == CKR_OK)
		rv = template_bool(t, n, CKA_TOKEN, &on_token);
	if (rv == CKR_OK)
		rv = template_bool(t, n, CKA_PRIVATE, &private);
	if (rv == CKR_OK && private &&
	    token_user(&s->at) != TOKEN_USER) /* the key of 9E asks no login */
		rv = CKR_USER_NOT_LOGGED_IN;
	if (rv == CKR_OK && (on_token || template_get(t, n, CKA_VALUE)))
		rv = on_token && !s->rw ? CKR_SESSION_READ_ONLY : CKR_TEMPLATE_INCONSISTENT;
	if (rv == CKR_OK)
		rv = agree(s, op, &a, &z);
	if (rv == CKR_OK)
		rv = secret_size(type, value_len, a.kdf, buf_len(&z), &want);
	if (rv == CKR_OK)
		rv = kdf_run(a.kdf, buf_view(&z), a.info, want, &value);
	if (rv == CKR_OK)
		rv = secret_object(t, n, type, &value, op->key.origin == 1, &key);
	if (rv == CKR_OK)
		rv = store_add(s->handle, s->at.slot, key, out);
	if (rv != CKR_OK)
		stored_free(&key);
	buf_free(&z);
	buf_free(&value);
	return rv;
}

CK_RV C_DeriveKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
    CK_OBJECT_HANDLE hBaseKey, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulAttributeCount,
    CK_OBJECT_HANDLE_PTR phKey)
{
	struct session *s;
	CK_MECHANISM bare;
	struct op *op = NULL;
	CK_RV rv = session_enter(
	    __func__, hSession, pMechanism && (pTemplate || !ulAttributeCount) && phKey, &s);

	if (rv != CKR_OK)
		return rv;
	rv = template_check(pTemplate, ulAttributeCount);
	if (rv == CKR_OK)
		rv = shape_check(CKO_SECRET_KEY, pTemplate, ulAttributeCount, false);
	bare = (CK_MECHANISM){pMechanism->mechanism, NULL, 0};
	/* the key is looked up as for any operation; nothing stays active */
	if (rv == CKR_OK)
		rv = private_once(s, &bare, hBaseKey, CKF_DERIVE, TOKEN_DERIVE, &op);
	if (rv == CKR_OK)
		rv = derive(s, op, pMechanism, pTemplate, ulAttributeCount, phKey);
	op_free(&op);
	return session_leave(__func__, s, rv);
}
