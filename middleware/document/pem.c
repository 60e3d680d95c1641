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

static struct rd from(struct rd text, size_t at)
{
	return rd_of(text.p + at, text.n - at);
}

/* A digit is its value and one more (RFC 4648, 4). */
#define BLANK 65
#define PAD   66

static const uint8_t kinds[256] = {[' '] = BLANK,
    ['\t'] = BLANK,
    ['\r'] = BLANK,
    ['\n'] = BLANK,
    ['='] = PAD,
    ['A'] = 1,
    ['B'] = 2,
    ['C'] = 3,
    ['D'] = 4,
    ['E'] = 5,
    ['F'] = 6,
    ['G'] = 7,
    ['H'] = 8,
    ['I'] = 9,
    ['J'] = 10,
    ['K'] = 11,
    ['L'] = 12,
    ['M'] = 13,
    ['N'] = 14,
    ['O'] = 15,
    ['P'] = 16,
    ['Q'] = 17,
    ['R'] = 18,
    ['S'] = 19,
    ['T'] = 20,
    ['U'] = 21,
    ['V'] = 22,
    ['W'] = 23,
    ['X'] = 24,
    ['Y'] = 25,
    ['Z'] = 26,
    ['a'] = 27,
    ['b'] = 28,
    ['c'] = 29,
    ['d'] = 30,
    ['e'] = 31,
    ['f'] = 32,
    ['g'] = 33,
    ['h'] = 34,
    ['i'] = 35,
    ['j'] = 36,
    ['k'] = 37,
    ['l'] = 38,
    ['m'] = 39,
    ['n'] = 40,
    ['o'] = 41,
    ['p'] = 42,
    ['q'] = 43,
    ['r'] = 44,
    ['s'] = 45,
    ['t'] = 46,
    ['u'] = 47,
    ['v'] = 48,
    ['w'] = 49,
    ['x'] = 50,
    ['y'] = 51,
    ['z'] = 52,
    ['0'] = 53,
    ['1'] = 54,
    ['2'] = 55,
    ['3'] = 56,
    ['4'] = 57,
    ['5'] = 58,
    ['6'] = 59,
    ['7'] = 60,
    ['8'] = 61,
    ['9'] = 62,
    ['+'] = 63,
    ['/'] = 64};

/* The first of one or two: what the digits before it say, which has no bits that mean nothing. */
static bool pad(struct base64_state *s, uint8_t *out, size_t *n)
{
	unsigned all = s->digits + s->pads;

	if (all < 2 || all > 3 || (!s->pads && (s->bits & (s->digits == 2 ? 0xFu : 3u))))
		return false;
	if (!s->pads) {
		uint32_t bits = s->bits << (s->digits == 2 ? 12 : 6);

		out[(*n)++] = (uint8_t)(bits >> 16);
		if (s->digits == 3)
			out[(*n)++] = (uint8_t)(bits >> 8);
	}
	s->pads++;
	return true;
}

bool base64_piece(struct base64_state *s, struct rd *text, uint8_t *out, size_t *n)
{
	const uint8_t *p = text->p, *end = p + text->n;
	bool ok = true;

	*n = 0;
	while (p < end) {
		uint8_t kind = kinds[*p];

		if (kind && kind < BLANK && !s->pads) {
			s->bits = s->bits << 6 | (uint32_t)(kind - 1);
			if (++s->digits == 4) {
				out[(*n)++] = (uint8_t)(s->bits >> 16);
				out[(*n)++] = (uint8_t)(s->bits >> 8);
				out[(*n)++] = (uint8_t)s->bits;
				s->bits = s->digits = 0;
			}
		} else {
			ok = kind == BLANK || (kind == PAD && pad(s, out, n));
		}
		if (!ok)
			break;
		p++;
	}
	*text = rd_of(p, (size_t)(end - p));
	return ok;
}

bool base64_whole(const struct base64_state *s)
{
	return s->digits ? s->digits + s->pads == 4 : !s->pads;
}

enum ecert_rc base64_lines_get(struct rd text, struct buf *out)
{
	struct base64_state s = {0};
	uint8_t piece[3 * 1024 + 3];
	size_t start = buf_len(out), n;

	while (text.n) {
		struct rd part = rd_of(text.p, text.n < 4096 ? text.n : 4096);

		text = from(text, part.n);
		if (!base64_piece(&s, &part, piece, &n))
			return ECERT_E_MALFORMED;
		buf_put(out, piece, n);
	}
	if (!base64_whole(&s))
		return ECERT_E_MALFORMED;
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

enum ecert_rc pem_begin(struct rd head, char label[PEM_LABEL_MAX], struct rd *before, size_t *body)
{
	static const char begin[] = "-----BEGIN ";
	size_t at = offset_of(head, begin);
	struct rd rest;
	enum ecert_rc rc;

	label[0] = 0;
	*before = rd_of(head.p, at);
	*body = at;
	if (at == head.n)
		return ECERT_E_NOT_FOUND;
	if (at && head.p[at - 1] != '\n' && head.p[at - 1] != '\r')
		return ECERT_E_MALFORMED;
	rest = from(head, at + sizeof begin - 1);
	rc = get_label(&rest, label, PEM_LABEL_MAX);
	*body = (size_t)(rest.p - head.p);
	return rc;
}

bool pem_ends(struct rd *tail, const char *label)
{
	static const char end[] = "-----END ";
	char closing[PEM_LABEL_MAX];

	if (tail->n < sizeof end || memcmp(tail->p, end, sizeof end - 1) != 0)
		return false;
	*tail = from(*tail, sizeof end - 1);
	return get_label(tail, closing, sizeof closing) == ECERT_OK && !strcmp(closing, label);
}
