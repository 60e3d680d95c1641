/* SPDX-License-Identifier: BSD-2-Clause */
/* PEM blocks and base64, byte by byte. */
#include "document/pem.h"

#include <string.h>

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool text_blank(struct rd text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_blank(text.p[i]))
			return false;
	return true;
}

static int value_of(uint8_t c)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

enum ecert_rc base64_lines_get(struct rd text, struct buf *out)
{
	uint32_t bits = 0;
	unsigned digits = 0, pads = 0;
	size_t start = buf_len(out);

	for (size_t i = 0; i < text.n; i++) {
		int v = value_of(text.p[i]);

		if (is_blank(text.p[i]))
			continue;
		if (text.p[i] == '=' && digits + pads >= 2 && digits + pads < 4) {
			pads++;
			continue;
		}
		if (v < 0 || pads)
			return ECERT_E_MALFORMED;
		bits = bits << 6 | (uint32_t)v;
		if (++digits < 4)
			continue;
		buf_u8(out, (uint8_t)(bits >> 16));
		buf_u16(out, (uint16_t)bits);
		bits = digits = 0;
	}
	if (digits && (digits + pads != 4 || (bits & (digits == 2 ? 0xFu : 3u))))
		return ECERT_E_MALFORMED;
	if (digits >= 2)
		buf_u8(out, (uint8_t)(bits >> (digits == 2 ? 4 : 10)));
	if (digits == 3)
		buf_u8(out, (uint8_t)(bits >> 2));
	if (buf_rc(out) == ECERT_OK && buf_len(out) == start)
		return ECERT_E_MALFORMED;
	return buf_rc(out);
}

/* Where `what` begins in text; text.n when it is not there. */
static size_t offset_of(struct rd text, const char *what)
{
	size_t n = strlen(what);
	const uint8_t *at = text.n >= n ? memmem(text.p, text.n, what, n) : NULL;

	return at ? (size_t)(at - text.p) : text.n;
}

static struct rd from(struct rd text, size_t at)
{
	return rd_of(text.p + at, text.n - at);
}

/* "LABEL-----" and the end of its line. */
static enum ecert_rc get_label(struct rd *text, char *label, size_t size)
{
	size_t n = offset_of(*text, "-----");

	if (n == text->n || n >= size || memchr(text->p, '\n', n))
		return ECERT_E_MALFORMED;
	memcpy(label, text->p, n);
	label[n] = 0;
	*text = from(*text, n + 5);
	while (text->n && is_blank(text->p[0]) && text->p[0] != '\n')
		*text = from(*text, 1);
	if (text->n && text->p[0] != '\n')
		return ECERT_E_MALFORMED;
	return ECERT_OK;
}

static bool is_private_key(const char *label)
{
	static const char tail[] = "PRIVATE KEY";
	size_t n = strlen(label);

	return n >= sizeof tail - 1 && strcmp(label + n - (sizeof tail - 1), tail) == 0;
}

enum ecert_rc pem_next(struct rd *text, struct pem *p)
{
	static const char begin[] = "-----BEGIN ", end[] = "-----END ";
	char closing[sizeof p->label];
	size_t at = offset_of(*text, begin);
	struct rd rest;
	enum ecert_rc rc;
	size_t body;

	buf_reset(&p->der);
	p->label[0] = 0;
	p->before = rd_of(text->p, at);
	if (at == text->n)
		return ECERT_E_NOT_FOUND;
	/* A block begins its line. */
	if (at && text->p[at - 1] != '\n' && text->p[at - 1] != '\r')
		return ECERT_E_MALFORMED;
	rest = from(*text, at + sizeof begin - 1);
	rc = get_label(&rest, p->label, sizeof p->label);
	if (rc != ECERT_OK)
		return rc;
	body = offset_of(rest, end);
	if (body == rest.n)
		return ECERT_E_MALFORMED;
	/* Keys are nobody's business here: they are passed over, encrypted ones with their headers,
	 * too. */
	if (!is_private_key(p->label))
		rc = base64_lines_get(rd_of(rest.p, body), &p->der);
	rest = from(rest, body + sizeof end - 1);
	if (rc == ECERT_OK)
		rc = get_label(&rest, closing, sizeof closing);
	if (rc == ECERT_OK && strcmp(closing, p->label) != 0)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		*text = rest;
	return rc;
}

/* Lines of 64 characters. */
static void put_lines(struct buf *out, struct rd der)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < der.n; i += 3) {
		size_t n = der.n - i < 3 ? der.n - i : 3;
		uint32_t v = (uint32_t)der.p[i] << 16 | (n > 1 ? (uint32_t)der.p[i + 1] << 8 : 0) |
			     (n > 2 ? der.p[i + 2] : 0);

		for (unsigned k = 0; k < 4; k++)
			buf_u8(out, k <= n ? (uint8_t)alphabet[v >> (18 - 6 * k) & 63] : '=');
		if (i % 48 == 45 || i + 3 >= der.n)
			buf_u8(out, '\n');
	}
}

enum ecert_rc pem_put(struct buf *out, const char *label, struct rd der)
{
	if (label) {
		buf_str(out, "-----BEGIN ");
		buf_str(out, label);
		buf_str(out, "-----\n");
	}
	put_lines(out, der);
	if (label) {
		buf_str(out, "-----END ");
		buf_str(out, label);
		buf_str(out, "-----\n");
	}
	return buf_rc(out);
}
