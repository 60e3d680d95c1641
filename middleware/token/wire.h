/* SPDX-License-Identifier: BSD-2-Clause */
/* Encoding and decoding of what include/ecert/ipc.h describes, for both ends. */
#ifndef ECERT_TOKEN_WIRE_H
#define ECERT_TOKEN_WIRE_H

#include "ecert/ipc.h"
#include "token/token.h"

struct wire_request {
	uint8_t type;
	uint32_t id, slot, generation, a, b, c;
	uint8_t fields;		     /* that came, or are to be sent; 0 = all of the type's */
	struct rd field[IPC_FIELDS]; /* views into the frame; p is never NULL in a decoded one */
};

struct wire_answer {
	uint8_t type; /* of the request */
	uint32_t id;
	enum ecert_rc rc;
	uint32_t a;
	struct rd field;
};

/* What is fixed for a type: how many fields, and each one's limit. */
struct wire_shape {
	const char *name;
	uint8_t fields;
	uint32_t max[IPC_FIELDS];
	bool secret;   /* PINs or keys: its frame belongs into locked memory */
	uint8_t added; /* of the fields, the last ones that revision 0 does not have */
};
/* NULL: no such type. */
const struct wire_shape *wire_shape(uint8_t type);

/* Appends a whole frame. Errors: ECERT_E_TOO_LARGE, ECERT_E_ARG (a type that there is not). */
enum ecert_rc wire_put_request(struct buf *out, const struct wire_request *q) MUST_CHECK;
enum ecert_rc wire_put_answer(struct buf *out, const struct wire_answer *w) MUST_CHECK;
/* body: a frame without its length, exactly. Errors: ECERT_E_MALFORMED, ECERT_E_TOO_LARGE,
 * ECERT_E_UNSUPPORTED (another version or type). */
enum ecert_rc wire_get_request(struct rd body, struct wire_request *out) MUST_CHECK;
enum ecert_rc wire_get_answer(struct rd body, struct wire_answer *out) MUST_CHECK;

/* The structures that travel in a field, as a revision has them. What one lacks is unknown, or not
 * there. */
void wire_put_slot(struct buf *b, const struct token_slot *s);
enum ecert_rc wire_get_slot(struct rd *r, struct token_slot *out) MUST_CHECK;
void wire_put_info(struct buf *b, const struct token_info *i, uint32_t revision);
enum ecert_rc wire_get_info(struct rd r, uint32_t revision, struct token_info *out) MUST_CHECK;
void wire_put_key(struct buf *b, const struct token_key *k);
/* Checks the public key anew. Errors: ECERT_E_MALFORMED. */
enum ecert_rc wire_get_key(struct rd r, struct token_key *out) MUST_CHECK;
void wire_put_names(struct buf *b, const struct token_names *n, uint32_t revision);
enum ecert_rc wire_get_names(struct rd r, uint32_t revision, struct token_names *out) MUST_CHECK;

#endif
