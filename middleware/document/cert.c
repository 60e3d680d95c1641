/* SPDX-License-Identifier: BSD-2-Clause */
/* Small steps between bytes, base64 and OpenSSL's certificates. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "document/cert.h"
#include "util/hex.h"

enum ecert_rc cert_parse(struct rd der, X509 **out)
{
	const unsigned char *p;
	X509 *x;

	*out = NULL;
	if (der.n == 0 || der.n > 65536)
		return ECERT_E_MALFORMED;
	p = der.p;
	x = d2i_X509(NULL, &p, (long)der.n);
	if (!x || p != der.p + der.n) {
		X509_free(x);
		ERR_clear_error();
		return ECERT_E_MALFORMED;
	}
	*out = x;
	return ECERT_OK;
}

enum ecert_rc cert_der(const X509 *cert, struct buf *out)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);

	if (n <= 0)
		return ECERT_E_MEMORY;
	buf_put(out, der, (size_t)n);
	OPENSSL_free(der);
	return buf_rc(out);
}

enum ecert_rc cert_sha256(const X509 *cert, uint8_t out[32])
{
	return X509_digest(cert, EVP_sha256(), out, NULL) == 1 ? ECERT_OK : ECERT_E_CRYPTO;
}

enum ecert_rc bytes_sha256(struct rd bytes, uint8_t out[32])
{
	size_t n = 32;
	int ok = EVP_Q_digest(
	    NULL, "SHA256", NULL, bytes.n ? bytes.p : (const uint8_t *)"", bytes.n, out, &n);

	return ok == 1 ? ECERT_OK : ECERT_E_CRYPTO;
}

enum ecert_rc asn1_time_get(const ASN1_TIME *t, time_t *out)
{
	struct tm tm;

	*out = 0;
	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		return ECERT_E_MALFORMED;
	*out = timegm(&tm);
	return ECERT_OK;
}

enum ecert_rc b64_get(struct rd text, struct buf *out)
{
	struct buf url = BUF_INIT(1u << 20);
	size_t pad = 0;
	enum ecert_rc rc = ECERT_OK;

	if (text.n % 4 != 0)
		return ECERT_E_MALFORMED;
	while (pad < 2 && pad < text.n && text.p[text.n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < text.n - pad; i++) {
		uint8_t c = text.p[i];

		if (c == '-' || c == '_')
			rc = ECERT_E_MALFORMED;
		buf_u8(&url, (uint8_t)(c == '+' ? '-' : c == '/' ? '_' : c));
	}
	if (rc == ECERT_OK)
		rc = buf_rc(&url);
	if (rc == ECERT_OK)
		rc = b64url_get(buf_view(&url), out);
	buf_free(&url);
	return rc;
}

void b64_put(struct buf *out, struct rd bytes)
{
	size_t n;
	uint8_t *room;

	if (bytes.n > (1u << 20)) {
		buf_fail(out, ECERT_E_TOO_LARGE);
		return;
	}
	n = (bytes.n + 2) / 3 * 4;
	/* EVP_EncodeBlock writes a NUL behind the text. */
	room = buf_room(out, n + 1);
	if (!room)
		return;
	(void)EVP_EncodeBlock(room, bytes.p ? bytes.p : room, (int)bytes.n);
	buf_truncate(out, buf_len(out) - 1);
}
