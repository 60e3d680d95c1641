/* SPDX-License-Identifier: BSD-2-Clause */
/* The test signature at the end of an import. */
#include "provision/keyproof.h"

#include <string.h>

#include "client/slot.h"

#define BLOCK_MAX 512

/* A digest, or PKCS#1's form of a signed block (RFC 8017, 9.2), of nothing in particular. */
static struct rd block_of(const struct alg *alg, uint8_t block[BLOCK_MAX])
{
	size_t n = alg->block ? alg->block : 32;

	if (n > BLOCK_MAX)
		n = BLOCK_MAX;
	memset(block, alg->family == FAMILY_RSA ? 0xFF : 0x5A, n);
	if (alg->family == FAMILY_RSA) {
		memcpy(block, "\0\1", 2);
		memset(block + n - 33, 0, 33);
	}
	return rd_of(block, n);
}

static enum outcome try_key(struct prov *p, const struct token_key *k)
{
	const struct alg *alg = alg_row(k->alg);
	uint8_t block[BLOCK_MAX];
	struct buf out = BUF_INIT(2 * BLOCK_MAX);
	struct token_request req = {.ref = k->ref, .op = TOKEN_SIGN, .in = block_of(alg, block)};
	enum ecert_rc rc = token_use(&p->at, &req, &out);

	buf_free(&out);
	/* A slot that agrees on keys, on a card that keeps to it: nothing to be shown by a
	 * signature.
	 */
	if (rc == ECERT_OK || rc == ECERT_E_KEY_FUNCTION)
		return OUT_OK;
	return ui_fail(p->job->ui, OUT_CARD, "test-signature-failed",
	    MSG("The token took the key, and the test signature with slot {slot} failed: "
		"{why}",
		P_TEXT("slot", slot_name(k->ref)), P_RC("why", rc)),
	    MSG("Import it anew with --force; if that does not help, the token does not take this "
		"file's "
		"key."));
}

enum outcome key_proof(struct prov *p, uint8_t ref)
{
	struct token_key k = {0};
	enum ecert_rc rc = token_key_get(&p->at, ref, &k);
	const struct alg *alg = rc != ECERT_OK ? NULL : alg_row(k.alg);
	bool needed = alg && k.from_cert && alg->can_sign;
	enum outcome code = OUT_OK;

	if (needed && k.pin != PIN_NEVER && !p->job->pin_source && !ui_attended(p->job->ui)) {
		ui_note(
		    p->job->ui, MSG("The token does not say whether the key came in whole, and "
				    "without its PIN (--pin-source) no test signature was made."));
		needed = false;
	}
	if (needed && k.pin != PIN_NEVER)
		code = prov_login_user(p, true);
	if (needed && !code)
		code = try_key(p, &k);
	token_key_clear(&k);
	return rc != ECERT_OK ? ui_fail_rc(p->job->ui, rc,
				    MSG("Cannot find the key in slot {slot} again: {why}",
					P_TEXT("slot", slot_name(ref))))
			      : code;
}
