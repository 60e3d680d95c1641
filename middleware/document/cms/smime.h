/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed S/MIME messages (RFC 8551) taken apart. */
#ifndef ECERT_DOCUMENT_SMIME_H
#define ECERT_DOCUMENT_SMIME_H

#include "util/buf.h"

/* What is around that which is signed. */
struct smime_around {
	char from[512]; /* the header's From, else its Sender: addresses with their names */
	bool outside;	/* there is text before the first part, or behind the last */
};

struct smime {
	bool signed_data; /* false: encrypted, compressed or certificates only, by its own words */
	bool certs;	  /* certificates only */
	bool multipart;	  /* the content is a part of its own */
	bool part; /* it is none, and has one as a part: a list's, or one that was forwarded */
	struct smime_around around;
	struct rd content; /* the content, a view of the message */
	struct buf der;	   /* the CMS; up to the maximum that it was initialised with */
};

/*
 * A message of type application/pkcs7-mime, application/pkcs7-signature or multipart/signed. What
 * stands outside the two parts of the latter is to be ignored (RFC 2046, 5.1.1); it is told when it
 * is more than the customary sentence. Errors: ECERT_E_NOT_FOUND when it is no such message,
 * ECERT_E_MALFORMED, ECERT_E_TOO_LARGE, ECERT_E_MEMORY.
 */
enum ecert_rc smime_read(struct rd message, struct smime *out) MUST_CHECK;

#define SMIME_DELIMITER_MAX 80

/* Of a message that is too large for memory, by its beginning. */
struct smime_outline {
	size_t at;   /* where the body begins, or behind the line before the signed part */
	bool base64; /* how the body is written; false: as it is */
	char delimiter[SMIME_DELIMITER_MAX]; /* begins the line behind the signed part */
};

/* Fills all of out but content and der. Errors: as smime_read. */
enum ecert_rc smime_outline(
    struct rd head, struct smime *out, struct smime_outline *where) MUST_CHECK;

#endif
