/* SPDX-License-Identifier: BSD-2-Clause */
/* Encoding and decoding of what include/ecert/ipc.h describes, for both ends. */
#ifndef ECERT_TOKEN_WIRE_H
#define ECERT_TOKEN_WIRE_H

#include "ecert/ipc.h"
#include "token/token.h"

/* The arguments of each request by their names in the table: arg.key_get.ref is a, arg.use.digest
 * the second field, and so on. What a type does not have stands in it as well, so that setting one
 * sets them all. */
#define WIRE_ONE(...)		     +1
#define WIRE_NUMBER(name, ...)	     uint32_t name;
#define WIRE_FIELD(name, most, kind) struct rd name;
#define WIRE_COUNTS(TYPE, code, name, word, served, numbers, fields, answer)                       \
	WIRE_NUMBERS_##TYPE = 0 numbers, WIRE_FIELDS_##TYPE = 0 fields,
#define WIRE_ARGUMENTS(TYPE, code, name, word, served, numbers, fields, answer)                    \
	struct wire_##name {                                                                       \
		numbers uint32_t no_number[IPC_NUMBERS - WIRE_NUMBERS_##TYPE];                     \
		fields struct rd no_field[IPC_FIELDS - WIRE_FIELDS_##TYPE];                        \
	} name;
enum { IPC_REQUESTS(WIRE_COUNTS, WIRE_ONE, WIRE_ONE) };
union wire_arguments {
	IPC_REQUESTS(WIRE_ARGUMENTS, WIRE_NUMBER, WIRE_FIELD)
};

struct wire_request {
	uint8_t type;
	uint32_t id, slot, generation;
	uint8_t fields; /* that came, or are to be sent; 0 = all of the type's */
	union {
		union wire_arguments arg;
		/* The same as they lie on the wire. */
		struct {
			union {
				uint32_t number[IPC_NUMBERS];
				struct {
					uint32_t a, b, c;
				};
			};
			struct rd field[IPC_FIELDS]; /* views into the frame; p is never NULL in a
							decoded one */
		};
	};
};

struct wire_answer {
	uint8_t type; /* of the request */
	uint32_t id;
	enum ecert_rc rc;
	uint32_t a;
	struct rd field;
};

/* What is fixed for a type. */
struct wire_range {
	uint32_t least, most;
	enum ecert_rc rc; /* of what is out of it; ECERT_OK: nothing is */
	bool ref;	  /* the reference of a key */
};
struct wire_field {
	uint32_t most;
	enum ipc_field kind;
};
struct wire_shape {
	const char *word;
	struct wire_range number[IPC_NUMBERS];
	struct wire_field field[IPC_FIELDS]; /* those that there are come first */
	uint32_t answer;		     /* the most bytes of the answer's field */
};
/* NULL: no such type. */
const struct wire_shape *wire_shape(uint8_t type);
/* How many fields a type has; least: that a request of revision 0 has. */
size_t wire_fields(const struct wire_shape *shape, size_t *least);
/* PINs or keys are among its fields: its frame belongs into locked memory. */
bool wire_is_secret(uint8_t type);
/* Whether each number may be what it is; the errors are those of the table. */
enum ecert_rc wire_in_range(const struct wire_request *q) MUST_CHECK;

/* The key that it is about; 0: none. */
uint8_t wire_ref(const struct wire_request *q);

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
