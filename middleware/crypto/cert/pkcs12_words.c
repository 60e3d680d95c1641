/* SPDX-License-Identifier: BSD-2-Clause */
/* Password forms. */
#include "crypto/cert/pkcs12_words.h"

#include <stdint.h>
#include <string.h>

#include "util/mem.h"
#include "util/text.h"

/* As typed, twice as long in UTF-8 and in UTF-16, and the ends. */
#define STORE (8 * PKCS12_PASSWORD_MAX)

/* Writes into the store; what does not fit cannot be, by the sizes above. */
struct pen {
	char *at;
};

static void add(struct pkcs12_words *w, const char *p, const struct pen *pen, bool bmp, bool bytes)
{
	size_t n = (size_t)(pen->at - p);

	/* Appendix B.1 and PBKDF2 alike: one form twice is work twice. */
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].p && w->v[i].n == n && memcmp(w->v[i].p, p, n) == 0)
			return;
	w->v[w->n++] = (struct pkcs12_word){p, n, bmp, bytes};
}

/* Takes one character off; false when it is none. */
static bool next_char(const char **s, uint32_t *out)
{
	size_t n = text_char(rd_of(*s, strlen(*s)), out);

	*s += n;
	return n != 0;
}

static bool is_utf8(const char *s, uint32_t *largest)
{
	uint32_t c;

	*largest = 0;
	while (*s != '\0') {
		if (!next_char(&s, &c))
			return false;
		if (c > *largest)
			*largest = c;
	}
	return true;
}

static void put_latin1(struct pen *pen, const char *s)
{
	uint32_t c;

	while (*s != '\0' && next_char(&s, &c))
		*pen->at++ = (char)c;
}

/* Each byte as a character of its own: what is ISO 8859-1 becomes UTF-8. */
static void put_bytes_as_utf8(struct pen *pen, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char b = (unsigned char)*s;

		if (b >= 0x80)
			*pen->at++ = (char)(0xC0 | b >> 6);
		*pen->at++ = (char)(b < 0x80 ? b : 0x80 | (b & 0x3F));
	}
}

static void put_unit(struct pen *pen, uint32_t unit)
{
	*pen->at++ = (char)(unit >> 8 & 0xFF);
	*pen->at++ = (char)(unit & 0xFF);
}

static void put_bmp(struct pen *pen, const char *s)
{
	uint32_t c;

	while (*s != '\0' && next_char(&s, &c)) {
		if (c > 0xFFFF) {
			put_unit(pen, 0xD800 + ((c - 0x10000) >> 10));
			c = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		put_unit(pen, c);
	}
}

/* The BMPString with its end and without. */
static void add_bmp(struct pkcs12_words *w, struct pen *pen, const char *typed)
{
	char *p = pen->at;

	put_bmp(pen, typed);
	put_unit(pen, 0);
	add(w, p, pen, false, true);
}

static void add_beyond_ascii(
    struct pkcs12_words *w, struct pen *pen, const char *typed, uint32_t largest)
{
	char *p = pen->at;

	if (largest <= 0xFF) {
		put_latin1(pen, typed);
		add(w, p, pen, false, true);
	}
	p = pen->at;
	put_bytes_as_utf8(pen, typed);
	add(w, p, pen, true, true);
}

enum ecert_rc pkcs12_words_make(const char *typed, struct pkcs12_words *out)
{
	size_t n = strlen(typed);
	uint32_t largest = 0;
	struct pen pen;
	enum ecert_rc rc;
	void *store;
	char *p;

	*out = (struct pkcs12_words){.n = 0};
	if (n > PKCS12_PASSWORD_MAX)
		return ECERT_E_TOO_LARGE;
	rc = secret_alloc(STORE, &store);
	if (rc != ECERT_OK)
		return rc;
	p = out->store = store;
	pen.at = p;
	memcpy(p, typed, n + 1);
	pen.at += n;
	add(out, p, &pen, true, true);
	pen.at++; /* its end stays */
	if (n == 0)
		out->v[out->n++] = (struct pkcs12_word){NULL, 0, true, false};
	if (!is_utf8(typed, &largest)) {
		/* Typed on such a terminal: the others had the characters. */
		p = pen.at;
		put_bytes_as_utf8(&pen, typed);
		add(out, p, &pen, true, true);
	} else {
		if (largest >= 0x80)
			add_beyond_ascii(out, &pen, typed, largest);
		add_bmp(out, &pen, typed);
	}
	return ECERT_OK;
}

void pkcs12_words_free(struct pkcs12_words *w)
{
	secret_free(w->store, STORE);
	*w = (struct pkcs12_words){.n = 0};
}
