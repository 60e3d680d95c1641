/* SPDX-License-Identifier: BSD-2-Clause */
/* A sentence for each reason not to sign. */
#include "document/pdf/sign/refusal.h"

#include "util/message.h"

#define AGAIN                                                                                      \
	MSG_ID("Print or export it to a new PDF and sign that; or --format cades makes a "         \
	       "signature beside it.")
#define BESIDE MSG_ID("With --format cades the signature goes into a file beside it.")

const struct doc_refusal pdf_is_none = {REASON_ID("not-a-pdf"), MSG_ID("it is no PDF"),
    MSG_ID("Leave --format out: then the signature fits the file.")};

static const struct doc_refusal refusals[PDF_REFUSAL_COUNT] = {
    [PDF_BROKEN] = {REASON_ID("pdf-broken"),
	MSG_ID("its list of objects is damaged, and each reader mends that its own way"), AGAIN},
    [PDF_ENCRYPTED] = {REASON_ID("pdf-encrypted"), MSG_ID("it is encrypted"),
	MSG_ID("Save it without a password and sign that; or --format cades makes a signature "
	       "beside it.")},
    [PDF_HYBRID] = {REASON_ID("pdf-hybrid"),
	MSG_ID("it lists its objects twice (a hybrid file), and readers may see different ones"),
	AGAIN},
    [PDF_TWICE] = {REASON_ID("pdf-object-twice"),
	MSG_ID("it has two objects under one number, and readers may show either of them"), AGAIN},
    [PDF_PAGES] = {REASON_ID("pdf-odd-tree"),
	MSG_ID("its pages or form fields are not in the order that the standard asks for"), AGAIN},
    [PDF_NO_PAGE] = {REASON_ID("pdf-no-page"), MSG_ID("it has no such page"),
	MSG_ID("Name a page that it has, or none.")},
    [PDF_FORBIDDEN] = {REASON_ID("pdf-certified"),
	MSG_ID("it is certified, and its author allows no change, not even a signature"), BESIDE},
    [PDF_FIELD_TAKEN] = {REASON_ID("pdf-field-signed"), MSG_ID("that field is signed already"),
	MSG_ID("Name another field, or none.")},
    [PDF_FIELD_NAME] = {REASON_ID("pdf-field-name"),
	MSG_ID("it has no field of that name, and the name of a new one has no dot in it"),
	MSG_ID("Name a field that is there, or a new one without a dot.")},
    [PDF_FIELD_WANTS] = {REASON_ID("pdf-field-wants"),
	MSG_ID("that field demands another kind of signature than is made here"),
	MSG_ID("Name another field, or sign it with the program of whoever made the form.")},
    [PDF_FIELD_OTHER] = {REASON_ID("pdf-field-other"),
	MSG_ID("that field is not for signatures, or has its places apart from it"),
	MSG_ID("Name another field, or none.")},
    [PDF_FIELD_UNSEEN] = {REASON_ID("pdf-field-unseen"),
	MSG_ID("nothing would be seen in that field: it is hidden, or has no place on the page"),
	MSG_ID("Name another field or none, or leave --visible out.")},
    [PDF_OFF_PAGE] = {REASON_ID("pdf-off-page"), MSG_ID("that point is outside of the page"),
	MSG_ID("X and Y count in points from the left and lower edge; an A4 page has 595 by 842.")},
    [PDF_SIGNED_OFTEN] = {REASON_ID("pdf-signed-often"),
	MSG_ID("it has as many signatures and time stamps as are looked at"), BESIDE},
    /* What is seen needs numbers for its own objects, for which all of the file is read. */
    [PDF_MANY] = {REASON_ID("pdf-too-large-to-show"),
	MSG_ID("it has too many objects for a signature that is seen"),
	MSG_ID("Leave --visible out; or --format cades makes a signature beside it.")},
    [PDF_COVERS] = {REASON_ID("pdf-covers"),
	MSG_ID("it is signed, and the visible signature would cover what was signed there"),
	MSG_ID("Name another place or page with --visible, or leave it out.")},
    [PDF_SIGNED] = {REASON_ID("pdf-signed"),
	MSG_ID("it has a signature, and only the first one can certify"),
	MSG_ID("Leave --certify out.")},
};

const struct doc_refusal *pdf_refused(enum pdf_refusal why)
{
	return why > PDF_GOOD && why < PDF_REFUSAL_COUNT ? &refusals[why] : NULL;
}

const struct doc_refusal *pdf_not_drawn(enum pdf_undrawn why)
{
	static const struct doc_refusal rows[] = {
	    [PDF_NO_CAIRO] = {REASON_ID("pdf-no-drawing"),
		MSG_ID("what draws a visible signature (pango and cairo) is not installed"),
		MSG_ID("Install the package libpangocairo-1.0-0, or leave --visible out.")},
	    [PDF_NO_QR] = {REASON_ID("pdf-no-qr"),
		MSG_ID("what makes QR codes (libqrencode) is not installed"),
		MSG_ID("Install the package libqrencode4, or leave --qr out.")},
	    [PDF_NO_FONT] = {REASON_ID("pdf-no-font"),
		MSG_ID("no font of this computer has all characters of what is to be seen"),
		MSG_ID("Install a font that has them (for Chinese fonts-noto-cjk), or leave "
		       "--visible out.")},
	    [PDF_NO_LOGO] = {REASON_ID("pdf-no-logo"),
		MSG_ID("the logo is no PNG or JPEG picture, or too large"),
		MSG_ID("Save it as a PNG or JPEG of at most 4 MB and 16 million pixels.")},
	    [PDF_LOGO_CMYK] = {REASON_ID("pdf-logo-cmyk"),
		MSG_ID("the logo is a JPEG in the four colours of printing (CMYK)"),
		MSG_ID("Save it in RGB, or as a PNG.")},
	    [PDF_LOGO_KIND] = {REASON_ID("pdf-logo-kind"),
		MSG_ID(
		    "the logo is a JPEG of a kind that PDF readers do not show (12 bits, lossless "
		    "or arithmetic coding)"),
		MSG_ID("Save it as an ordinary JPEG, or as a PNG.")}};

	return why > PDF_DRAWN && why < PDF_UNDRAWN_COUNT ? &rows[why] : NULL;
}

const struct doc_refusal *pdf_unread(enum wall_end end, bool seen)
{
	static const struct doc_refusal large = {REASON_ID("pdf-too-large"),
	    MSG_ID("there is more in it than can be looked at"), BESIDE};
	static const struct doc_refusal memory = {REASON_ID("pdf-too-large"),
	    MSG_ID("looking at all that is in it takes too much memory"), BESIDE};
	static const struct doc_refusal slow = {REASON_ID("pdf-too-large"),
	    MSG_ID("looking at all that is in it takes too long"), BESIDE};

	switch (end) {
	case WALL_ANSWERED:
		return NULL;
	case WALL_OVER_MEMORY:
		return seen ? &refusals[PDF_MANY] : &memory;
	case WALL_OVER_TIME:
		return seen ? &refusals[PDF_MANY] : &slow;
	default:
		return wall_reason(end) == REASON_TOO_MUCH ? &large : &refusals[PDF_BROKEN];
	}
}
