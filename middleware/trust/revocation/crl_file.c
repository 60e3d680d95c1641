/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of CRLs: whole or refused, since a CRL that is lost is a revocation that is lost. */
#include <openssl/evp.h>
#include <string.h>

#include "trust/revocation/crl.h"
#include "util/buf.h"
#include "util/tlv.h"

static struct rd next_line(struct rd *text)
{
	const uint8_t *end = text->n ? memchr(text->p, '\n', text->n) : NULL;
	size_t n = end ? (size_t)(end - text->p) : text->n;
	struct rd line = rd_of(text->p, n);

	*text = rd_of(text->p + n + (end ? 1 : 0), text->n - n - (end ? 1 : 0));
	while (line.n && strchr(" \t\r", line.p[line.n - 1]) && line.p[line.n - 1])
		line.n--;
	return line;
}

static bool is(struct rd line, const char *text)
{
	return line.n == strlen(text) && memcmp(line.p, text, line.n) == 0;
}

static bool is_border(struct rd line, const char *label, const char *which)
{
	char text[80];

	(void)snprintf(text, sizeof text, "-----%s %s-----", which, label);
	return is(line, text);
}

/* EVP keeps up to 64 characters of a line that is no multiple of four, and gives what they say with
 * the next one, or at the end. */
#define KEPT 64

/* RFC 7468, 3: from behind the first line to the last one. */
static enum ecert_rc read_block(struct rd *text, const char *label, struct buf *der)
{
	EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	enum ecert_rc rc = ctx ? ECERT_E_MALFORMED : ECERT_E_MEMORY;
	int n = 0;

	if (ctx)
		EVP_DecodeInit(ctx);
	while (ctx && text->n) {
		struct rd line = next_line(text);
		uint8_t *to;

		if (is_border(line, label, "END")) {
			uint8_t rest[KEPT];

			rc = EVP_DecodeFinal(ctx, rest, &n) == 1 ? buf_rc(der) : ECERT_E_MALFORMED;
			break;
		}
		/* EVP takes '-' for the end of everything. */
		to = line.n < 4096 && !memchr(line.n ? line.p : (const uint8_t *)"", '-', line.n)
			 ? buf_room(der, line.n + KEPT)
			 : NULL;
		if (!to || EVP_DecodeUpdate(ctx, to, &n, line.p, (int)line.n) < 0)
			break;
		buf_truncate(der, buf_len(der) - line.n - KEPT + (size_t)n);
	}
	if (buf_rc(der) != ECERT_OK)
		rc = buf_rc(der);
	EVP_ENCODE_CTX_free(ctx);
	return rc;
}

/* Certificates beside the CRLs are passed over, and so is text; what looks like the border of a
 * block and is none is damage. */
static const char *begins(struct rd line)
{
	static const char *const labels[] = {
	    "X509 CRL", "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"};

	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (is_border(line, labels[i], "BEGIN"))
			return labels[i];
	return NULL;
}

static bool looks_like_border(struct rd line)
{
	size_t dashes = 0;

	while (dashes < line.n && line.p[dashes] == '-')
		dashes++;
	return rd_contains(line, "----") || (line.n && dashes == line.n);
}

static enum ecert_rc give(struct rd der, enum ecert_rc (*fn)(void *ctx, struct crl *c), void *ctx)
{
	struct crl *c = NULL;
	enum ecert_rc rc = crl_read(der, &c);

	return rc == ECERT_OK ? fn(ctx, c) : rc;
}

static enum ecert_rc each_pem(
    struct rd text, enum ecert_rc (*fn)(void *ctx, struct crl *c), void *ctx)
{
	struct buf der = BUF_INIT(CRL_MAX);
	enum ecert_rc rc = ECERT_OK;
	size_t count = 0;

	while (rc == ECERT_OK && text.n) {
		struct rd line = next_line(&text);
		const char *label = begins(line);

		if (!label && looks_like_border(line))
			rc = ECERT_E_MALFORMED;
		if (!label)
			continue;
		buf_reset(&der);
		rc = read_block(&text, label, &der);
		if (rc != ECERT_OK || label[0] != 'X' || strcmp(label, "X509 CRL") != 0)
			continue;
		rc = give(buf_view(&der), fn, ctx);
		count++;
	}
	buf_free(&der);
	return rc == ECERT_OK && count == 0 ? ECERT_E_MALFORMED : rc;
}

enum ecert_rc crl_each(struct rd file, enum ecert_rc (*fn)(void *ctx, struct crl *c), void *ctx)
{
	enum ecert_rc rc = ECERT_OK;

	if (file.n == 0)
		return ECERT_E_MALFORMED;
	if (file.p[0] != 0x30)
		return each_pem(file, fn, ctx);
	while (rc == ECERT_OK && file.n) {
		const uint8_t *from = file.p;
		struct rd value;

		rc = tlv_expect(&file, 0x30, &value);
		if (rc == ECERT_OK)
			rc = give(rd_of(from, (size_t)(file.p - from)), fn, ctx);
	}
	return rc;
}
