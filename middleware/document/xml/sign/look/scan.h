/* SPDX-License-Identifier: BSD-2-Clause */
/* Tags of an XML file byte by byte: a parser's tree does not say where they are. */
#ifndef ECERT_DOCUMENT_XML_SIGN_LOOK_SCAN_H
#define ECERT_DOCUMENT_XML_SIGN_LOOK_SCAN_H

#include "util/buf.h"

/* Of one element: its start tag's name and end, and where its end tag begins; of an empty-element
 * tag that is where "/>" is. */
struct xsign_where {
	struct rd name;
	size_t inside, end;
	bool empty;
};

/*
 * Finds the element that has n elements before it in the file, which is in an encoding that has
 * ASCII's characters as single bytes, and no others in them. Of a file that is well-formed it is
 * right; of another it is a guess within the file. SIZE_MAX: goes through all of it. Errors:
 * ECERT_E_UNSUPPORTED (a declaration, as DOCTYPE is), ECERT_E_TOO_LARGE (deeper than
 * XSIGN_DEPTH_MAX), ECERT_E_MALFORMED, ECERT_E_NOT_FOUND.
 */
enum ecert_rc xsign_scan(struct rd file, size_t n, struct xsign_where *out) MUST_CHECK;

#endif
