/* SPDX-License-Identifier: BSD-2-Clause */
/* Which letters the codes of a font are: by its map to Unicode, or by its encoding. */
#include <stdlib.h>
#include <string.h>

#include "document/pdf/shown/words.h"
#include "document/pdf/syntax.h"

#define STEPS_MAX  400000u
#define OF_A_BYTE  256
#define LOWEST	   0x18 /* that PDFDocEncoding has */
#define LETTERS	   65536
#define STRING_MAX 64

static qpdf_oh entry(qpdf_data q, qpdf_oh dict, const char *key)
{
	return qpdf_oh_get_key_if_dict(q, dict, key);
}

/* ---- a map to Unicode (9.10.3) ---- */
enum mode { OUTSIDE, CHARACTERS, RANGES };

struct map {
	struct shown_codes *codes;
	enum mode mode;
	uint32_t lo, hi;
	unsigned got; /* of lo and hi */
	unsigned steps;
};

/* Up to four bytes of a string as one number; false: it is none. */
static bool code_of(struct rd written, uint32_t *out)
{
	struct buf bytes = BUF_INIT(STRING_MAX);
	bool good = pdf_string_get(written, &bytes) && buf_rc(&bytes) == ECERT_OK &&
		    buf_len(&bytes) && buf_len(&bytes) <= 4;
	struct rd r = buf_view(&bytes);

	*out = 0;
	for (; good && r.n; r = pdf_past(r, 1))
		*out = *out << 8 | *r.p;
	buf_free(&bytes);
	return good;
}

/* One letter in UTF-16BE; several for one code are not compared. */
static uint32_t letter_of(struct rd written)
{
	uint32_t v = 0;

	if (!code_of(written, &v))
		return 0;
	if (v <= 0xFFFF)
		return v;
	if ((v & 0xFC00FC00u) == 0xD800DC00u)
		return 0x10000 + ((v >> 16 & 0x3FF) << 10) + (v & 0x3FF);
	return 0;
}

/* What the encoding says is what is drawn. */
static void put(struct map *m, uint32_t code, uint32_t letter)
{
	if (code < LETTERS && !m->codes->letter[code])
		m->codes->letter[code] = letter;
}

/* Of codes from lo to hi the last byte alone counts up. */
static void put_range(struct map *m, uint32_t letter)
{
	for (uint32_t i = 0; letter && i <= m->hi - m->lo && i < OF_A_BYTE; i++)
		put(m, m->lo + i, letter + i);
}

static void put_list(struct map *m, struct rd array)
{
	struct rd r = pdf_skip(pdf_past(array, 1));

	for (uint32_t i = 0; r.n && *r.p != ']' && i < OF_A_BYTE; i++) {
		size_t n = pdf_value_size(r);

		if (!n)
			return;
		put(m, m->lo + i, letter_of(rd_of(r.p, n)));
		r = pdf_skip(pdf_past(r, n));
	}
}

static void operand(struct map *m, struct rd word)
{
	uint32_t code = 0;

	if (m->mode == OUTSIDE)
		return;
	if (m->got < (m->mode == RANGES ? 2u : 1u)) {
		(void)code_of(word, &code);
		if (!m->got)
			m->lo = m->hi = code;
		else
			m->hi = code < m->lo ? m->lo : code;
		m->got++;
		return;
	}
	m->got = 0;
	if (*word.p == '[')
		put_list(m, word);
	else
		put_range(m, letter_of(word));
}

static void operate(struct map *m, struct rd word)
{
	static const struct {
		const char *word;
		enum mode mode;
	} modes[] = {{"beginbfchar", CHARACTERS}, {"beginbfrange", RANGES}, {"endbfchar", OUTSIDE},
	    {"endbfrange", OUTSIDE}};

	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (word.n == strlen(modes[i].word) && !memcmp(word.p, modes[i].word, word.n)) {
			m->mode = modes[i].mode;
			m->got = 0;
		}
}

static bool read_map(qpdf_data q, qpdf_oh stream, struct shown_codes *out)
{
	struct map m = {.codes = out};
	unsigned char *data = NULL;
	size_t n = 0;
	QPDF_BOOL filtered;
	struct rd r;

	if (!qpdf_oh_is_stream(q, stream))
		return false;
	if (qpdf_oh_get_stream_data(q, stream, qpdf_dl_generalized, &filtered, &data, &n) &
	    QPDF_ERRORS)
		n = 0;
	r = pdf_skip(rd_of(data, n));
	while (r.n && m.steps++ < STEPS_MAX) {
		size_t size = pdf_value_size(r);

		if (!size)
			break;
		if (*r.p == '<' || *r.p == '[')
			operand(&m, rd_of(r.p, size));
		else
			operate(&m, rd_of(r.p, size));
		r = pdf_skip(pdf_past(r, size));
	}
	free(data);
	return true;
}

/* ---- encodings of one byte (9.6.6) ---- */
/* In ASCII all agree but for two quotes; above, these three where anything is compared. */
static void read_named(qpdf_data q, qpdf_oh name, uint32_t *letter)
{
	bool high = qpdf_oh_is_name_and_equals(q, name, "/WinAnsiEncoding") ||
		    qpdf_oh_is_name_and_equals(q, name, "/PDFDocEncoding");

	for (uint32_t c = 0; c < OF_A_BYTE; c++)
		if (c <= 0xA0 || high)
			letter[c] = c <= '~' && c > ' ' ? c : c > 0xA0 ? c : SHOWN_NO_LETTER;
}

/* A name that is not known here stands for what is not compared, or for what is usual in its
 * place; among ASCII nobody can tell. */
static void read_differences(qpdf_data q, qpdf_oh list, uint32_t *letter)
{
	int n = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;
	uint32_t code = 0;

	for (int i = 0; i < n; i++) {
		qpdf_oh item = qpdf_oh_get_array_item(q, list, i);

		if (qpdf_oh_is_integer(q, item)) {
			long long v = qpdf_oh_get_int_value(q, item);

			code = v >= 0 && v < OF_A_BYTE ? (uint32_t)v : OF_A_BYTE;
		} else if (qpdf_oh_is_name(q, item) && code < OF_A_BYTE) {
			uint32_t known = shown_glyph(qpdf_oh_get_name(q, item) + 1);

			if (known)
				letter[code] = known;
			else if (code > 0xA0)
				letter[code] = code;
			else if (code < LOWEST || (code > ' ' && code <= '~'))
				letter[code] = 0;
			code++;
		}
	}
}

static void read_simple(qpdf_data q, qpdf_oh font, struct shown_codes *out)
{
	static const char *const pictures[] = {"/Symbol", "/ZapfDingbats"};
	qpdf_oh encoding = entry(q, font, "/Encoding"), base = entry(q, font, "/BaseFont");
	bool drawn = qpdf_oh_is_name_and_equals(q, entry(q, font, "/Subtype"), "/Type3");

	out->bytes = 1;
	for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++)
		drawn = drawn || qpdf_oh_is_name_and_equals(q, base, pictures[i]);
	/* With codes of its own, in the order of its glyphs. */
	drawn = drawn || (qpdf_oh_is_null(q, encoding) &&
			     !qpdf_oh_is_null(q, entry(q, font, "/FontDescriptor")));
	if (!drawn && qpdf_oh_is_dictionary(q, encoding)) {
		read_named(q, entry(q, encoding, "/BaseEncoding"), out->letter);
		read_differences(q, entry(q, encoding, "/Differences"), out->letter);
	} else if (!drawn) {
		read_named(q, encoding, out->letter);
	}
	(void)read_map(q, entry(q, font, "/ToUnicode"), out);
}

/* ---- of several bytes (9.7.5) ---- */
static void read_composite(qpdf_data q, qpdf_oh font, struct shown_codes *out)
{
	qpdf_oh encoding = entry(q, font, "/Encoding");
	const char *name = qpdf_oh_is_name(q, encoding) ? qpdf_oh_get_name(q, encoding) : "";
	bool unicode = !strncmp(name, "/Uni", 4) &&
		       (strstr(name, "-UCS2-") || strstr(name, "-UTF16-"));

	if (unicode)
		for (uint32_t c = 1; c < LETTERS; c++)
			out->letter[c] = c;
	else if (strncmp(name, "/Identity-", strlen("/Identity-")) != 0 ||
		 !read_map(q, entry(q, font, "/ToUnicode"), out))
		return;
	out->bytes = 2;
}

void shown_codes_of(qpdf_data q, qpdf_oh font, struct shown_codes *out)
{
	memset(out, 0, sizeof *out);
	if (qpdf_oh_is_name_and_equals(q, entry(q, font, "/Subtype"), "/Type0"))
		read_composite(q, font, out);
	else if (qpdf_oh_is_dictionary(q, font))
		read_simple(q, font, out);
}
