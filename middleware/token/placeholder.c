/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeping the public key of a new key on tokens that tell their keys by certificates alone. */
#include "crypto/cert/x509.h"
#include "token/token.h"

static enum ecert_rc put_placeholder(
    const struct token_at *at, uint8_t ref, const struct pubkey *pub, bool roomy)
{
	struct buf der = BUF_INIT(CERT_MAX);
	enum ecert_rc rc = cert_placeholder(pub, roomy, &der);

	if (rc == ECERT_OK)
		rc = token_cert_put(at, ref, buf_view(&der));
	buf_free(&der);
	return rc;
}

enum ecert_rc token_public_keep(const struct token_at *at, uint8_t ref, const struct pubkey *pub)
{
	struct token_info info;
	enum ecert_rc rc = token_prove(at, &info);

	/* One that is not needed would only be in the way. */
	if (rc != ECERT_OK || info.has_metadata)
		return rc;
	/* Some cards give an object no more room than it had first (OpenFIPS201 without deletion):
	 * that of the real certificate is taken with this one. */
	rc = put_placeholder(at, ref, pub, true);
	return rc == ECERT_E_CARD_FULL ? put_placeholder(at, ref, pub, false) : rc;
}
