/* SPDX-License-Identifier: BSD-2-Clause */
/* A key by its numbers alone: a JWK, and its name, the thumbprint (RFC 7638). */
#include <string.h>

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

/* A member in base64url, appended; false when it is missing or nothing. */
static bool bytes_of(const json_t *jwk, const char *name, struct buf *out)
{
	const char *text = json_string_value(json_object_get(jwk, name));
	size_t had = buf_len(out);

	return text && b64url_get(rd_of(text, strlen(text)), out) == ECERT_OK && buf_len(out) > had;
}

static enum ecert_rc rsa_of(const json_t *jwk, struct pubkey **out)
{
	struct buf n = BUF_INIT(2048), e = BUF_INIT(64);
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (bytes_of(jwk, "n", &n) && bytes_of(jwk, "e", &e))
		rc = pubkey_from_rsa(buf_view(&n), buf_view(&e), out);
	buf_free(&n);
	buf_free(&e);
	return rc;
}

/* As the card would say it: 86, the length, and the point. */
static enum ecert_rc curve_of(const json_t *jwk, struct pubkey **out)
{
	static const struct {
		const char *crv, *kty;
		enum key_alg alg;
		size_t half;
	} curves[] = {{"P-256", "EC", KEY_P256, 32}, {"P-384", "EC", KEY_P384, 48},
	    {"Ed25519", "OKP", KEY_ED25519, 32}};
	const char *crv = json_string_value(json_object_get(jwk, "crv"));
	const char *kty = json_string_value(json_object_get(jwk, "kty"));

	for (size_t i = 0; crv && i < sizeof curves / sizeof curves[0]; i++) {
		struct buf b = BUF_INIT(128);
		bool plain = curves[i].alg == KEY_ED25519;
		size_t n = plain ? curves[i].half : 1 + 2 * curves[i].half;
		enum ecert_rc rc = ECERT_E_MALFORMED;

		if (strcmp(crv, curves[i].crv) || strcmp(kty, curves[i].kty))
			continue;
		buf_u8(&b, 0x86);
		buf_u8(&b, (uint8_t)n);
		if (!plain)
			buf_u8(&b, 4);
		if (bytes_of(jwk, "x", &b) && (plain || bytes_of(jwk, "y", &b)) &&
		    buf_len(&b) == 2 + n)
			rc = pubkey_from_card(curves[i].alg, buf_view(&b), out);
		buf_free(&b);
		return rc;
	}
	return ECERT_E_UNSUPPORTED;
}

enum ecert_rc jws_jwk_spki(const json_t *jwk, struct buf *out)
{
	const char *kty = json_string_value(json_object_get(jwk, "kty"));
	struct pubkey *k = NULL;
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (kty)
		rc = !strcmp(kty, "RSA") ? rsa_of(jwk, &k) : curve_of(jwk, &k);
	if (rc == ECERT_OK) {
		buf_rd(out, pubkey_spki(k));
		rc = buf_rc(out);
	}
	pubkey_free(&k);
	return rc;
}
