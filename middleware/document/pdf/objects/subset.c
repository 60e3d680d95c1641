/* SPDX-License-Identifier: BSD-2-Clause */
/* What PDF/A-1 wants to be said of a subset, and cairo does not say. */
#include "document/pdf/objects/ink.h"

#include <stdio.h>
#include <string.h>

/* Annex D.2: the names of WinAnsiEncoding from 32 on; "." where there is none. */
static const char win_ansi[] =
    "space/exclam/quotedbl/numbersign/dollar/percent/ampersand/quotesingle/parenleft/parenrig"
    "ht/asterisk/plus/comma/hyphen/period/slash/zero/one/two/three/four/five/six/seven/eight/"
    "nine/colon/semicolon/less/equal/greater/question/at/A/B/C/D/E/F/G/H/I/J/K/L/M/N/O/P/Q/R/"
    "S/T/U/V/W/X/Y/Z/bracketleft/backslash/bracketright/asciicircum/underscore/grave/a/b/c/d/"
    "e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/braceleft/bar/braceright/asciitilde/./Euro/."
    "/quotesinglbase/florin/quotedblbase/ellipsis/dagger/daggerdbl/circumflex/perthousand/Sca"
    "ron/guilsinglleft/OE/./Zcaron/././quoteleft/quoteright/quotedblleft/quotedblright/bullet"
    "/endash/emdash/tilde/trademark/scaron/guilsinglright/oe/./zcaron/Ydieresis/space/exclamd"
    "own/cent/sterling/currency/yen/brokenbar/section/dieresis/copyright/ordfeminine/guillemo"
    "tleft/logicalnot/hyphen/registered/macron/degree/plusminus/twosuperior/threesuperior/acu"
    "te/mu/paragraph/periodcentered/cedilla/onesuperior/ordmasculine/guillemotright/onequarte"
    "r/onehalf/threequarters/questiondown/Agrave/Aacute/Acircumflex/Atilde/Adieresis/Aring/AE"
    "/Ccedilla/Egrave/Eacute/Ecircumflex/Edieresis/Igrave/Iacute/Icircumflex/Idieresis/Eth/Nt"
    "ilde/Ograve/Oacute/Ocircumflex/Otilde/Odieresis/multiply/Oslash/Ugrave/Uacute/Ucircumfle"
    "x/Udieresis/Yacute/Thorn/germandbls/agrave/aacute/acircumflex/atilde/adieresis/aring/ae/"
    "ccedilla/egrave/eacute/ecircumflex/edieresis/igrave/iacute/icircumflex/idieresis/eth/nti"
    "lde/ograve/oacute/ocircumflex/otilde/odieresis/divide/oslash/ugrave/uacute/ucircumflex/u"
    "dieresis/yacute/thorn/ydieresis/";

static int items(const struct pdf_doc *d, qpdf_oh array)
{
	return qpdf_oh_is_array(d->q, array) ? qpdf_oh_get_array_n_items(d->q, array) : 0;
}

/* The codes that have a width are those that the subset has. */
static void put_names(const struct pdf_doc *d, qpdf_oh font, struct buf *out)
{
	qpdf_oh widths = pdf_get(d, font, "/Widths");
	const char *name = win_ansi;
	int first = 0;

	(void)qpdf_oh_get_value_as_int(d->q, pdf_get(d, font, "/FirstChar"), &first);
	for (int code = 32; *name; code++) {
		size_t n = strcspn(name, "/");
		int i = code - first;
		double width = 0;

		if (i >= 0 && i < items(d, widths))
			(void)qpdf_oh_get_value_as_number(
			    d->q, qpdf_oh_get_array_item(d->q, widths, i), &width);
		if (width > 0 && name[0] != '.') {
			buf_u8(out, '/');
			buf_put(out, name, n);
		}
		name += n + 1;
	}
}

/* Glyphs 0 to n - 1, a bit each (9.8.3.3), as an object of its own. */
static qpdf_oh cid_set(struct pdf_change *c, int n)
{
	struct buf text = BUF_INIT(PDF_TEXT_MAX);
	qpdf_oh oh = pdf_new(c->d);
	char head[64];

	snprintf(head, sizeof head, "<< /Length %d >>\nstream\n", (n + 7) / 8);
	buf_str(&text, head);
	for (int i = 0; i < n; i += 8)
		buf_u8(&text, (uint8_t)(n - i >= 8 ? 0xFF : 0xFF << (8 - (n - i))));
	buf_str(&text, "\nendstream");
	pdf_made(c, oh, buf_view(&text));
	buf_free(&text);
	return oh;
}

qpdf_oh pdf_complete_font(struct pdf_change *c, qpdf_oh font)
{
	const struct pdf_doc *d = c->d;
	qpdf_data q = d->q;
	qpdf_oh about = pdf_get(d, font, "/FontDescriptor"), kind = pdf_get(d, font, "/Subtype"),
		set;
	/* cairo numbers the glyphs of a subset one after the other: [ 0 [ widths ] ]. */
	qpdf_oh widths = pdf_get(d, font, "/W");
	int n = items(d, widths) == 2 ? items(d, qpdf_oh_get_array_item(q, widths, 1)) : 0;

	if (!qpdf_oh_is_dictionary(q, about))
		return 0;
	if (qpdf_oh_is_name_and_equals(q, kind, "/CIDFontType2"))
		qpdf_oh_replace_key(q, font, "/CIDToGIDMap", qpdf_oh_new_name(q, "/Identity"));
	if (n && !qpdf_oh_has_key(q, about, "/CIDSet")) {
		set = cid_set(c, n);
		qpdf_oh_replace_key(q, about, "/CIDSet", set);
		return set;
	}
	if (qpdf_oh_is_name_and_equals(q, kind, "/Type1") &&
	    !qpdf_oh_has_key(q, about, "/CharSet")) {
		struct buf names = BUF_INIT(PDF_TEXT_MAX);

		put_names(d, font, &names);
		buf_u8(&names, 0);
		if (buf_rc(&names) == ECERT_OK)
			qpdf_oh_replace_key(q, about, "/CharSet",
			    qpdf_oh_new_string(q, (const char *)buf_view(&names).p));
		buf_free(&names);
	}
	return 0;
}
