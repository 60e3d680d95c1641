/* SPDX-License-Identifier: BSD-2-Clause */
/* Armour around DER (RFC 7468), and bare base64, read strictly. */
#ifndef ECERT_DOCUMENT_PEM_H
#define ECERT_DOCUMENT_PEM_H

#include "util/buf.h"

/* One block. */
struct pem {
	char label[48];	  /* "CERTIFICATE" */
	struct rd before; /* what stands between the block before and this one */
	struct buf der;	  /* what is inside, up to the maximum that it was initialised with */
};

/*
 * Takes the next block off the front of text. The lines between have to be base64 and nothing else:
 * what OpenSSL's reader passes over in silence (headers, characters of no alphabet, a label at the
 * end that is another) is no block. A private key is passed over unread: its der is empty. p->der
 * is emptied first. Errors: ECERT_E_NOT_FOUND when no "-----BEGIN " is left (before is the rest
 * then), ECERT_E_MALFORMED, ECERT_E_TOO_LARGE, ECERT_E_MEMORY.
 */
enum ecert_rc pem_next(struct rd *text, struct pem *p) MUST_CHECK;

/* Appends what base64 with line ends and blanks says (RFC 4648, 4: padded, no unused bits).
 * Errors: ECERT_E_MALFORMED (also when there is nothing), out's. */
enum ecert_rc base64_lines_get(struct rd text, struct buf *out) MUST_CHECK;

/* Appends a block of lines of 64 characters; label NULL: its base64 alone. Errors: out's. */
enum ecert_rc pem_put(struct buf *out, const char *label, struct rd der) MUST_CHECK;

/* Nothing but blanks and line ends. */
bool text_blank(struct rd text);

#endif
