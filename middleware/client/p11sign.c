/* SPDX-License-Identifier: BSD-2-Clause */
/* The document room's signing callback over a key of the module. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ui.h>
#include <string.h>

#include "client/signing.h"
#include "crypto/key/pubkey.h"
#include "util/hex.h"

/*
 * Certificate requests are signed by OpenSSL through libp11, which asks through this for the PIN
 * before each signature of a key with CKA_ALWAYS_AUTHENTICATE (C_Login with CKU_CONTEXT_SPECIFIC),
 * and wipes what it got.
 */
static int give_pin(UI *ui, UI_STRING *string)
{
	const struct p11 *p = UI_get0_user_data(ui);

	if (UI_get_string_type(string) != UIT_PROMPT && UI_get_string_type(string) != UIT_VERIFY)
		return 1;
	return p && p->pin.text && !UI_set_result(ui, string, p->pin.text);
}

static UI_METHOD *pin_method(void)
{
	static UI_METHOD *method;

	if (!method) {
		method = UI_create_method("ecert");
		if (method)
			UI_method_set_reader(method, give_pin);
	}
	return method;
}

/* ---- signing: by the module's own functions, so that the PIN goes from where it is kept to the
 * module and nowhere else ---- */

/* RFC 8017, 9.2, note 1: DigestInfo of a SHA-256 digest up to the digest. */
static const uint8_t sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
    0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
#define SHA256_LEN 32

/* What the module is given. ECDSA and PSS take the digest itself. */
static enum ecert_rc mechanism(enum doc_sig_alg alg, struct rd in, CK_RSA_PKCS_PSS_PARAMS *pss,
    CK_MECHANISM *m, struct buf *input)
{
	*m = (CK_MECHANISM){CKM_ECDSA, NULL, 0};
	switch (alg) {
	case DOC_RS256:
		m->mechanism = CKM_RSA_PKCS;
		buf_put(input, sha256_info, sizeof sha256_info);
		break;
	case DOC_PS256: /* RFC 7518, 3.5: salt as long as the digest, MGF1 with the same */
		*pss = (CK_RSA_PKCS_PSS_PARAMS){CKM_SHA256, CKG_MGF1_SHA256, SHA256_LEN};
		*m = (CK_MECHANISM){CKM_RSA_PKCS_PSS, pss, sizeof *pss};
		break;
	case DOC_ES256:
	case DOC_ES384:
		break;
	default:
		return ECERT_E_KEY_TYPE;
	}
	if ((alg == DOC_RS256 || alg == DOC_PS256) && in.n != SHA256_LEN)
		return ECERT_E_DATA_LEN;
	buf_rd(input, in);
	return buf_rc(input);
}

/* PKCS#11 2.40, 4.9: such a key wants the PIN between init and operation. The person gave it for
 * all that this one command signs; without one it was typed on the reader's pad, and is again. */
static CK_RV log_in_for_one(const struct p11 *p)
{
	return p->fn->C_Login(p->session, CKU_CONTEXT_SPECIFIC, (CK_UTF8CHAR_PTR)p->pin.text,
	    p->pin.text ? p->pin.n : 0);
}

enum ecert_rc p11_key_sign(void *arg, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	const struct p11_key *k = arg;
	CK_FUNCTION_LIST *fn = k->p->fn;
	CK_SESSION_HANDLE session = k->p->session;
	struct buf input = BUF_INIT(128);
	CK_RSA_PKCS_PSS_PARAMS pss;
	CK_MECHANISM m;
	CK_BYTE sig[1024];
	CK_ULONG n = sizeof sig;
	CK_RV rv = CKR_OK;
	enum ecert_rc rc = mechanism(alg, in, &pss, &m, &input);

	if (rc == ECERT_OK)
		rv = fn->C_SignInit(session, &m, k->object);
	if (rc == ECERT_OK && rv == CKR_OK && k->always)
		rv = log_in_for_one(k->p);
	if (rc == ECERT_OK && rv == CKR_OK)
		rv = fn->C_Sign(
		    session, (CK_BYTE_PTR)(uintptr_t)buf_view(&input).p, buf_len(&input), sig, &n);
	if (rc == ECERT_OK)
		rc = rc_of_ckr(rv);
	if (rc == ECERT_OK) {
		buf_put(raw, sig, n);
		rc = buf_rc(raw);
	}
	buf_free(&input);
	return rc;
}

static CK_RV find_object(const struct p11 *p, const PKCS11_KEY *from, struct p11_key *out)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &class, sizeof class}, {CKA_ID, from->id, (CK_ULONG)from->id_len}};
	CK_BBOOL always = CK_FALSE;
	CK_ATTRIBUTE ask = {CKA_ALWAYS_AUTHENTICATE, &always, sizeof always};
	CK_ULONG n = 0;
	CK_RV rv = p->fn->C_FindObjectsInit(p->session, t, 2);

	if (rv != CKR_OK)
		return rv;
	rv = p->fn->C_FindObjects(p->session, &out->object, 1, &n);
	(void)p->fn->C_FindObjectsFinal(p->session);
	if (rv != CKR_OK || n == 0)
		return rv != CKR_OK ? rv : CKR_KEY_HANDLE_INVALID;
	/* A module that does not know the attribute has no such keys. */
	if (p->fn->C_GetAttributeValue(p->session, out->object, &ask, 1) == CKR_OK)
		out->always = always == CK_TRUE;
	return CKR_OK;
}

enum ecert_rc p11_key_open(struct p11 *p, PKCS11_KEY *from, struct p11_key *out)
{
	struct pubkey *pub = NULL;
	enum ecert_rc rc;

	*out = (struct p11_key){.p = p};
	ERR_clear_error();
	PKCS11_set_ui_method(p->ctx, pin_method(), p);
	out->pkey = PKCS11_get_private_key(from);
	if (!out->pkey)
		return p11_error();
	rc = pubkey_from_evp(out->pkey, &pub);
	if (rc == ECERT_OK)
		out->alg = pubkey_alg(pub);
	if (rc == ECERT_OK)
		rc = rc_of_ckr(find_object(p, from, out));
	if (rc != ECERT_OK)
		p11_key_close(out);
	pubkey_free(&pub);
	return rc;
}

void p11_key_close(struct p11_key *k)
{
	EVP_PKEY_free(k->pkey);
	*k = (struct p11_key){.pkey = NULL};
}

PKCS11_KEY *p11_find_key(struct p11 *p, const char *id)
{
	PKCS11_KEY *keys = NULL;
	unsigned n = 0;

	ERR_clear_error();
	if (PKCS11_enumerate_keys(p->slot->token, &keys, &n))
		return NULL;
	for (unsigned i = 0; i < n; i++) {
		char own[129];

		if (keys[i].id_len > 64)
			continue;
		hex_str(rd_of(keys[i].id, keys[i].id_len), own);
		if (!strcmp(own, id))
			return &keys[i];
	}
	return NULL;
}
