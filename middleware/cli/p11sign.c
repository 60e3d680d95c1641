/* SPDX-License-Identifier: BSD-2-Clause */
/* The document room's signing callback over a libp11 key. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/ui.h>
#include <string.h>

#include "cli/signing.h"
#include "crypto/sigfmt.h"
#include "crypto/pubkey.h"
#include "util/hex.h"

/*
 * libp11 asks through this for the PIN before each signature of a key with CKA_ALWAYS_AUTHENTICATE
 * (C_Login with CKU_CONTEXT_SPECIFIC). The person gave the PIN for all that this one command signs.
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

static bool set_up(EVP_PKEY_CTX *ctx, enum doc_sig_alg alg)
{
	const char *name = doc_sig_digest(alg);
	const EVP_MD *md = name ? EVP_get_digestbyname(name) : NULL;

	if (!md || EVP_PKEY_sign_init(ctx) <= 0 || EVP_PKEY_CTX_set_signature_md(ctx, md) <= 0)
		return false;
	if (alg == DOC_RS256)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
	if (alg == DOC_PS256) /* RFC 7518, 3.5: salt as long as the digest, MGF1 with the same */
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0 &&
		       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) > 0;
	return alg == DOC_ES256 || alg == DOC_ES384;
}

static enum ecert_rc put_raw(enum key_alg alg, struct rd sig, struct buf *raw)
{
	const struct alg *row = alg_row(alg);

	if (!row)
		return ECERT_E_KEY_TYPE;
	if (row->family == FAMILY_EC)
		return ecdsa_der_to_raw(sig, row->signature / 2, raw);
	buf_rd(raw, sig);
	return buf_rc(raw);
}

enum ecert_rc p11_key_sign(void *arg, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	const struct p11_key *k = arg;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	uint8_t sig[1024];
	size_t n = sizeof sig;
	enum ecert_rc rc;

	ERR_clear_error();
	if (!ctx || (size_t)EVP_PKEY_get_size(k->pkey) > sizeof sig)
		rc = ECERT_E_CRYPTO;
	else if (!set_up(ctx, alg))
		rc = ECERT_E_KEY_TYPE;
	else if (EVP_PKEY_sign(ctx, sig, &n, in.p, in.n) <= 0)
		rc = p11_error();
	else
		rc = put_raw(k->alg, rd_of(sig, n), raw);
	EVP_PKEY_CTX_free(ctx);
	return rc;
}

enum ecert_rc p11_key_open(struct p11 *p, PKCS11_KEY *from, struct p11_key *out)
{
	struct pubkey *pub = NULL;
	enum ecert_rc rc;

	*out = (struct p11_key){NULL, KEY_NONE};
	ERR_clear_error();
	PKCS11_set_ui_method(p->ctx, pin_method(), p);
	out->pkey = PKCS11_get_private_key(from);
	if (!out->pkey)
		return p11_error();
	rc = pubkey_from_evp(out->pkey, &pub);
	if (!rc)
		out->alg = pubkey_alg(pub);
	else
		p11_key_close(out);
	pubkey_free(&pub);
	return rc;
}

void p11_key_close(struct p11_key *k)
{
	EVP_PKEY_free(k->pkey);
	*k = (struct p11_key){NULL, KEY_NONE};
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
