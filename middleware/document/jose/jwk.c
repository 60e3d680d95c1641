/* SPDX-License-Identifier: BSD-2-Clause */
/* A key by its numbers alone: a JWK, and its name, the thumbprint (RFC 7638). */
#include "crypto/key/pubkey.h"
#include "document/jose/jws.h"
#include "util/hex.h"

/* ,"NAME":"base64url" */
static void member(struct buf *b, const char *name, struct rd value)
{
	buf_str(b, ",\"");
	buf_str(b, name);
	buf_str(b, "\":\"");
	b64url_put(b, value);
	buf_u8(b, '"');
}

/* RFC 7638, 3.2: the required members in the order of their names, without blanks. */
static enum ecert_rc put_rsa(struct buf *b, const struct pubkey *k)
{
	struct rd n, e;
	enum ecert_rc rc = pubkey_rsa(k, &n, &e);

	if (rc != ECERT_OK)
		return rc;
	buf_str(b, "{\"e\":\"");
	b64url_put(b, e);
	buf_str(b, "\",\"kty\":\"RSA\"");
	member(b, "n", n);
	return ECERT_OK;
}

/* RFC 7518, 6.2: both coordinates in full length. RFC 8037, 2: the 32 bytes of an Edwards key. */
static enum ecert_rc put_curve(struct buf *b, const struct pubkey *k)
{
	static const struct {
		enum key_alg alg;
		const char *crv, *kty;
	} curves[] = {
	    {KEY_P256, "P-256", "EC"}, {KEY_P384, "P-384", "EC"}, {KEY_ED25519, "Ed25519", "OKP"}};
	struct rd point;
	enum ecert_rc rc = pubkey_point(k, &point);

	for (size_t i = 0; rc == ECERT_OK && i < sizeof curves / sizeof curves[0]; i++) {
		size_t half;

		if (curves[i].alg != pubkey_alg(k))
			continue;
		half = point.n / 2; /* 04 X Y: an odd number of bytes */
		buf_str(b, "{\"crv\":\"");
		buf_str(b, curves[i].crv);
		buf_str(b, "\",\"kty\":\"");
		buf_str(b, curves[i].kty);
		buf_u8(b, '"');
		member(b, "x", point.n % 2 ? rd_of(point.p + 1, half) : point);
		if (point.n % 2)
			member(b, "y", rd_of(point.p + 1 + half, half));
		return ECERT_OK;
	}
	return rc == ECERT_OK ? ECERT_E_KEY_TYPE : rc;
}

enum ecert_rc jws_jwk(struct rd cert, struct buf *out)
{
	struct pubkey *k = NULL;
	enum ecert_rc rc = pubkey_from_cert(cert, &k);

	if (rc == ECERT_OK) {
		rc = put_rsa(out, k);
		if (rc == ECERT_E_KEY_TYPE)
			rc = put_curve(out, k);
	}
	buf_u8(out, '}');
	pubkey_free(&k);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

enum ecert_rc jws_thumbprint(struct rd cert, char out[44])
{
	struct buf b = BUF_INIT(4096);
	enum ecert_rc rc = jws_jwk(cert, &b);

	out[0] = 0;
	if (rc == ECERT_OK)
		rc = jws_sha256(buf_view(&b), out);
	buf_free(&b);
	return rc;
}
