/* SPDX-License-Identifier: BSD-2-Clause */
/* UBL Digital Signature Profiles 1.0, 5: an extension of its own, whose elements bring their
 * namespaces along, whatever prefixes the document has. */
#include "document/xml/sign/shape.h"

#include <stdio.h>

#include "document/xml/names.h"

#define UBL_XADES "urn:oasis:names:specification:ubl:dsig:enveloped:xades"
#define UBL_XSD	  "urn:oasis:names:specification:ubl:schema:xsd:"

size_t xsign_shape_dropped(const struct xsign_shape *shape)
{
	return shape->empty.n ? 2 : 0;
}

/* Text (XML 1.0, 2.4). */
static void put_text(struct buf *out, struct rd text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '&')
			buf_str(out, "&amp;");
		else if (text.p[i] == '<')
			buf_str(out, "&lt;");
		else if (text.p[i] == '>')
			buf_str(out, "&gt;");
		else if (text.p[i] == '\r')
			buf_str(out, "&#xD;");
		else
			buf_u8(out, text.p[i]);
	}
}

static void put_information(const struct xsign_shape *shape, struct buf *out)
{
	char number[8];

	(void)snprintf(number, sizeof number, "%u", shape->signatures + 1u);
	buf_str(out, "<sac:SignatureInformation xmlns:sac=\"" UBL_XSD
		     "SignatureAggregateComponents-2\"><cbc:ID xmlns:cbc=\"" XMLN_UBL_CBC
		     "\">urn:oasis:names:specification:ubl:signature:");
	buf_str(out, number);
	buf_str(out, "</cbc:ID>");
	if (!shape->signed_id.n)
		return;
	buf_str(
	    out, "<sbc:ReferencedSignatureID xmlns:sbc=\"" UBL_XSD "SignatureBasicComponents-2\">");
	put_text(out, shape->signed_id);
	buf_str(out, "</sbc:ReferencedSignatureID>");
}

void xsign_shape_before(const struct xsign_shape *shape, struct buf *out)
{
	if (shape->empty.n)
		buf_str(out, ">");
	if (shape->place == XSIGN_UBL_FIRST)
		buf_str(out, "<ext:UBLExtensions xmlns:ext=\"" XMLN_UBL_EXT "\">");
	if (shape->place == XSIGN_UBL_FIRST || shape->place == XSIGN_UBL_EXTENSION)
		buf_str(out,
		    "<ext:UBLExtension xmlns:ext=\"" XMLN_UBL_EXT "\"><ext:ExtensionURI>" UBL_XADES
		    "</ext:ExtensionURI><ext:ExtensionContent>"
		    "<sig:UBLDocumentSignatures xmlns:sig=\"" XMLN_UBL_SIG "\">");
	if (shape->place != XSIGN_AT_END)
		put_information(shape, out);
}

void xsign_shape_behind(const struct xsign_shape *shape, struct buf *out)
{
	if (shape->place != XSIGN_AT_END)
		buf_str(out, "</sac:SignatureInformation>");
	if (shape->place == XSIGN_UBL_FIRST || shape->place == XSIGN_UBL_EXTENSION)
		buf_str(out, "</sig:UBLDocumentSignatures></ext:ExtensionContent>"
			     "</ext:UBLExtension>");
	if (shape->place == XSIGN_UBL_FIRST)
		buf_str(out, "</ext:UBLExtensions>");
	if (shape->empty.n) {
		buf_str(out, "</");
		buf_rd(out, shape->empty);
		buf_str(out, ">");
	}
}
