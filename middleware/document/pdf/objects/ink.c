/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours that do not depend on a device. */
#include "document/pdf/objects/ink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* sRGB, with the simple curve that CalRGB can say (8.6.5.3); of greys as well: CalGray is shown as
 * a shade by some readers, where it is to be white. */
#define RGB                                                                                        \
	"[ /CalRGB << /WhitePoint [ 0.9505 1 1.089 ] /Gamma [ 2.2 2.2 2.2 ] /Matrix [ 0.4124 "     \
	"0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505 ] >> ]"

static bool is_archived(const struct pdf_doc *d)
{
	static const char word[] = "http://www.aiim.org/pdfa/ns/id/";
	qpdf_oh xmp = pdf_get(d, d->root, "/Metadata");
	unsigned char *data = NULL;
	size_t n = 0;
	bool found;

	if (!qpdf_oh_is_stream(d->q, xmp) ||
	    (qpdf_oh_get_stream_data(d->q, xmp, qpdf_dl_generalized, NULL, &data, &n) &
		QPDF_ERRORS))
		return false;
	found = rd_contains(rd_of(data, n), word);
	free(data);
	return found;
}

struct pdf_ink pdf_ink_of(const struct pdf_doc *d)
{
	qpdf_oh intents = pdf_get(d, d->root, "/OutputIntents");
	int n = qpdf_oh_is_array(d->q, intents) ? qpdf_oh_get_array_n_items(d->q, intents) : 0;
	struct pdf_ink ink = {is_archived(d), true};

	ink.rgb = ink.grey;
	for (int i = 0; i < n; i++) {
		qpdf_oh to = qpdf_oh_get_array_item(d->q, intents, i), profile;
		int parts = 0;

		if (!qpdf_oh_is_name_and_equals(d->q, pdf_get(d, to, "/S"), "/GTS_PDFA1"))
			continue;
		profile = pdf_get(d, to, "/DestOutputProfile");
		if (!qpdf_oh_is_stream(d->q, profile))
			continue;
		(void)qpdf_oh_get_value_as_int(
		    d->q, pdf_get(d, qpdf_oh_get_dict(d->q, profile), "/N"), &parts);
		ink.grey = false;
		ink.rgb = ink.rgb && parts != 3;
	}
	return ink;
}

const char *pdf_ink_resources(struct pdf_ink ink)
{
	return ink.grey ? PDF_GREY_NAME " " RGB : NULL;
}

/* Each of an image's greys as an RGB (8.6.6.3). */
static qpdf_oh grey_palette(const struct pdf_doc *d, qpdf_oh image)
{
	struct buf text = BUF_INIT(8192);
	qpdf_oh out = qpdf_oh_new_null(d->q);
	char piece[32];
	int bits = 8, last;

	(void)qpdf_oh_get_value_as_int(d->q, pdf_get(d, image, "/BitsPerComponent"), &bits);
	last = bits >= 1 && bits <= 8 ? (1 << bits) - 1 : 255;
	buf_str(&text, "[ /Indexed " RGB);
	snprintf(piece, sizeof piece, " %d <", last);
	buf_str(&text, piece);
	for (int i = 0; i <= last; i++) {
		int v = i * 255 / last;

		snprintf(piece, sizeof piece, "%02X%02X%02X", v, v, v);
		buf_str(&text, piece);
	}
	buf_str(&text, "> ]");
	buf_u8(&text, 0);
	if (buf_rc(&text) == ECERT_OK)
		out = qpdf_oh_parse(d->q, (const char *)buf_view(&text).p);
	buf_free(&text);
	return out;
}

void pdf_ink_image(const struct pdf_doc *d, qpdf_oh dict, struct pdf_ink ink)
{
	qpdf_oh space = pdf_get(d, dict, "/ColorSpace");

	if (ink.grey && qpdf_oh_is_name_and_equals(d->q, space, "/DeviceGray"))
		qpdf_oh_replace_key(d->q, dict, "/ColorSpace", grey_palette(d, dict));
	if (ink.rgb && qpdf_oh_is_name_and_equals(d->q, space, "/DeviceRGB"))
		qpdf_oh_replace_key(d->q, dict, "/ColorSpace", qpdf_oh_parse(d->q, RGB));
}

/* One pass over content: the last words that were no operators, and what was copied. */
struct inking {
	struct rd word[4]; /* the last one is the newest */
	size_t n;
};

static bool is_space(uint8_t c)
{
	return !c || strchr(" \t\r\n\f", c);
}

/* How long a string is that begins here, in parentheses or in angle brackets; 0: there is none. */
static size_t string_n(struct rd r)
{
	size_t depth = 0;

	if (r.p[0] == '<')
		for (size_t i = 1; i < r.n; i++)
			if (r.p[i] == '>')
				return i + 1;
	if (r.p[0] != '(')
		return 0;
	for (size_t i = 0; i < r.n; i++) {
		if (r.p[i] == '\\')
			i++;
		else if (r.p[i] == '(')
			depth++;
		else if (r.p[i] == ')' && !--depth)
			return i + 1;
	}
	return r.n;
}

static size_t word_n(struct rd r)
{
	size_t n = 0;

	while (n < r.n && !is_space(r.p[n]) && !strchr("()<>[]", r.p[n]))
		n++;
	return n;
}

static bool is_word(struct rd word, const char *text)
{
	return rd_equal(word, rd_of(text, strlen(text)));
}

/* "0.5 g", or what says the same. */
static void put_grey(struct rd value, bool stroke, struct pdf_ink ink, struct buf *out)
{
	if (ink.grey)
		buf_str(out, stroke ? PDF_GREY_NAME " CS " : PDF_GREY_NAME " cs ");
	for (int i = 0; i < (ink.grey ? 3 : 1); i++) {
		buf_rd(out, value);
		buf_u8(out, ' ');
	}
	buf_str(out, ink.grey ? (stroke ? "SC" : "sc") : (stroke ? "G" : "g"));
}

/* The operands of a colour have not been written yet: they are, or something in their stead. */
static void end_words(struct inking *k, struct rd op, struct pdf_ink ink, struct buf *out)
{
	bool stroke = is_word(op, "RG") || is_word(op, "G");
	bool three = (is_word(op, "rg") || is_word(op, "RG")) && k->n >= 3;
	bool one = (is_word(op, "g") || is_word(op, "G")) && k->n >= 1;
	const struct rd *last = k->word + k->n;

	if (three)
		three = rd_equal(last[-1], last[-2]) && rd_equal(last[-2], last[-3]);
	for (size_t i = 0; i + (three ? 3 : one ? 1 : 0) < k->n; i++) {
		buf_rd(out, k->word[i]);
		buf_u8(out, ' ');
	}
	if (three || one)
		put_grey(last[-1], stroke, ink, out);
	else
		buf_rd(out, op);
	k->n = 0;
}

void pdf_put_inked(struct rd r, struct pdf_ink ink, struct buf *out)
{
	struct inking k = {.n = 0};

	while (r.n) {
		size_t n = string_n(r), word = n ? 0 : word_n(r);
		struct rd now = rd_of(r.p, n ? n : word ? word : 1);

		r = rd_of(r.p + now.n, r.n - now.n);
		if (word &&
		    (now.p[0] == '.' || now.p[0] == '-' || (now.p[0] >= '0' && now.p[0] <= '9'))) {
			if (k.n == 4) {
				buf_rd(out, k.word[0]);
				buf_u8(out, ' ');
				memmove(k.word, k.word + 1, 3 * sizeof k.word[0]);
				k.n--;
			}
			k.word[k.n++] = now;
		} else if (!is_space(now.p[0]) || !k.n) {
			end_words(&k, now, ink, out);
		}
	}
	end_words(&k, rd_of("", 0), ink, out);
}
