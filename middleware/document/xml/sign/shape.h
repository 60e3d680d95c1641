/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands around a new ds:Signature: known on both sides of the wall, so that what is digested
 * there is what is written here. */
#ifndef ECERT_DOCUMENT_XML_SIGN_SHAPE_H
#define ECERT_DOCUMENT_XML_SIGN_SHAPE_H

#include "document/xml/sign/questions.h"
#include "util/buf.h"

struct xsign_shape {
	enum xsign_place place;
	uint64_t at;	     /* where in the file */
	struct rd empty;     /* name of the element that ends there as an empty one; else nothing */
	uint8_t signatures;  /* that are there already */
	struct rd signed_id; /* of the cac:Signature that the signature is for; nothing: none */
};

/* Bytes of the file that are left out at shape->at. */
size_t xsign_shape_dropped(const struct xsign_shape *shape);
/* Appends what comes before and behind the signature. */
void xsign_shape_before(const struct xsign_shape *shape, struct buf *out);
void xsign_shape_behind(const struct xsign_shape *shape, struct buf *out);

#endif
