/* SPDX-License-Identifier: BSD-2-Clause */
/* Small steps between bytes, base64 and OpenSSL's certificates. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/digest.h"
#include "util/hex.h"
#include "util/tlv.h"

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

static void drop(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl, void *more)
{
	(void)parent;
	(void)ad;
	(void)idx;
	(void)argl;
	(void)more;
	free(ptr);
}

int cert_place(void)
{
	return X509_get_ex_new_index(0, NULL, NULL, NULL, drop);
}

void *cert_room(const X509 *cert, int place, size_t size)
{
	void *room = place >= 0 ? X509_get_ex_data(cert, place) : NULL;

	if (room || place < 0)
		return room;
	room = calloc(1, size);
	if (room && X509_set_ex_data((X509 *)(uintptr_t)cert, place, room) == 1)
		return room;
	free(room);
	return NULL;
}

/* What is worked out once of a certificate, for as long as it lives. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int place = -1;

static void prepare(void)
{
	place = cert_place();
}

struct kept {
	bool digested, timed;
	uint8_t sha256[32];
	time_t from, until;
};

/* What is kept with it; room when memory is out. */
static struct kept *kept_with(const X509 *cert, struct kept *room)
{
	struct kept *k;

	(void)pthread_once(&once, prepare);
	*room = (struct kept){.digested = false};
	k = cert_room(cert, place, sizeof *k);
	return k ? k : room;
}

enum ecert_rc cert_sha256(const X509 *cert, uint8_t out[32])
{
	struct kept room, *k = kept_with(cert, &room);

	if (!k->digested)
		k->digested = X509_digest(cert, digest_ready(EVP_sha256()), k->sha256, NULL) == 1;
	memcpy(out, k->sha256, 32);
	return k->digested ? ECERT_OK : ECERT_E_CRYPTO;
}

enum ecert_rc cert_times(const X509 *cert, time_t *from, time_t *until)
{
	struct kept room, *k = kept_with(cert, &room);

	if (!k->timed)
		k->timed = asn1_time_get(X509_get0_notBefore(cert), &k->from) == ECERT_OK &&
			   asn1_time_get(X509_get0_notAfter(cert), &k->until) == ECERT_OK;
	*from = k->timed ? k->from : 0;
	*until = k->timed ? k->until : 0;
	return k->timed ? ECERT_OK : ECERT_E_MALFORMED;
}

enum ecert_rc cert_issuer_serial(const X509 *cert, struct buf *out)
{
	unsigned char *name = NULL, *number = NULL;
	int n = i2d_X509_NAME(X509_get_issuer_name(cert), &name);
	int m = i2d_ASN1_INTEGER(X509_get0_serialNumber(cert), &number);
	struct buf inner = BUF_INIT(1u << 20), outer = BUF_INIT(1u << 20);

	if (n > 0 && m > 0) {
		tlv_put(&inner, 0xA4, rd_of(name, (size_t)n)); /* GeneralName directoryName */
		tlv_put(&outer, 0x30, buf_view(&inner));       /* GeneralNames */
		buf_put(&outer, number, (size_t)m);
		tlv_put(out, 0x30, buf_view(&outer));
	} else {
		buf_fail(out, ECERT_E_MEMORY);
	}
	OPENSSL_free(name);
	OPENSSL_free(number);
	buf_free(&inner);
	buf_free(&outer);
	return buf_rc(out);
}

enum ecert_rc bytes_sha256(struct rd bytes, uint8_t out[32])
{
	return EVP_Digest(bytes.n ? bytes.p : (const uint8_t *)"", bytes.n, out, NULL,
		   digest_ready(EVP_sha256()), NULL) == 1
		   ? ECERT_OK
		   : ECERT_E_CRYPTO;
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
