/* SPDX-License-Identifier: BSD-2-Clause */
/* Armour around DER (RFC 7468), and bare base64, read strictly. */
#ifndef ECERT_DOCUMENT_PEM_H
#define ECERT_DOCUMENT_PEM_H

#include "util/buf.h"

#define PEM_LABEL_MAX 48

/* One block. */
struct pem {
	char label[PEM_LABEL_MAX]; /* "CERTIFICATE" */
	struct rd before;	   /* what stands between the block before and this one */
	struct buf der; /* what is inside, up to the maximum that it was initialised with */
};

/*
 * Takes the next block off the front of text. The lines between have to be base64 and nothing else:
 * what OpenSSL's reader passes over in silence (headers, characters of no alphabet, a label at the
 * end that is another) is no block. A private key is passed over unread: its der is empty. p->der
 * is emptied first. Errors: ECERT_E_NOT_FOUND when no "-----BEGIN " is left (before is the rest
 * then), ECERT_E_MALFORMED, ECERT_E_TOO_LARGE, ECERT_E_MEMORY.
 */
enum ecert_rc pem_next(struct rd *text, struct pem *p) MUST_CHECK;

/* Of a block that is too large for memory: its label, what stands before it and where its lines
 * begin, by the beginning of the file; and whether its last line follows, with that label, which is
 * taken. Errors: ECERT_E_NOT_FOUND, ECERT_E_MALFORMED. */
enum ecert_rc pem_begin(
    struct rd head, char label[PEM_LABEL_MAX], struct rd *before, size_t *body) MUST_CHECK;
bool pem_ends(struct rd *tail, const char *label);

/* Appends what base64 with line ends and blanks says (RFC 4648, 4: padded, no unused bits).
 * Errors: ECERT_E_MALFORMED (also when there is nothing), out's. */
enum ecert_rc base64_lines_get(struct rd text, struct buf *out) MUST_CHECK;

/* Appends a block of lines of 64 characters; label NULL: its base64 alone. Errors: out's. */
enum ecert_rc pem_put(struct buf *out, const char *label, struct rd der) MUST_CHECK;

/* The same piece by piece: what is left of the text before. */
struct base64_state {
	uint32_t bits;
	unsigned digits, pads; /* of a group of four */
};

/* Takes text as far as it is base64; out has room for three bytes of each four of it, and three
 * more. False: text begins with what is none. */
bool base64_piece(struct base64_state *s, struct rd *text, uint8_t *out, size_t *n);
/* Nothing is missing behind the last piece. */
bool base64_whole(const struct base64_state *s);

/* Nothing but blanks and line ends. */
bool text_blank(struct rd text);

#endif
