/* SPDX-License-Identifier: BSD-2-Clause */
/* The hostile card: which command a case hits, and how the answer to it is bent. */
#ifndef ECERT_TESTS_HOSTILE_H
#define ECERT_TESTS_HOSTILE_H

#include "applet-spec/vcard/vcard.h"

/* Room for the largest answer that a case builds. */
#define SHOT_MAX (256u * 1024u)

/* The whole answer to a command, all pieces joined, while it is bent. */
struct shot {
	struct ap *ap;
	uint8_t data[SHOT_MAX];
	size_t len;
	uint16_t sw;
};

enum target {
	HIT_SELECT,
	HIT_OBJECT, /* GET DATA; arg: the object's tag */
	HIT_META,   /* GET METADATA; arg: the key's reference */
	HIT_USE,    /* GENERAL AUTHENTICATE; arg: the key's reference */
	HIT_TRIES,  /* VERIFY without a PIN */
	HIT_VERIFY, /* VERIFY with one */
	HIT_ATTEST, /* ATTEST of any key */
	HIT_AFTER,  /* every command after the first arg ones */
};

struct bend {
	const char *name;
	enum target hit;
	uint32_t arg;
	/* Before the applet sees the command. */
	void (*before)(struct ap *ap, uint8_t *apdu, size_t len);
	/* The joined answer, whatever its status word. */
	void (*answer)(struct shot *s, uint32_t n);
	/* What goes over the wire instead: this command's answer and each GET RESPONSE after it.
	 * round counts from 0. Returns the length, at most FRAME_MAX. */
	size_t (*wire)(uint8_t *resp, uint32_t n, unsigned round);
	uint32_t n;
};

/* cases.c: NULL when there is none of that name. */
const struct bend *bend_find(const char *name);

/* A TLV in a shot: where its tag, length and value begin; end is behind the value. */
struct place {
	size_t tag, length, value, end;
};
/* The TLV at `at`; false when there is none. */
bool place_at(const struct shot *s, size_t at, struct place *p);
/* The TLV with this one-byte tag among the siblings from `from` to `to`. */
bool place_find(const struct shot *s, size_t from, size_t to, uint8_t tag, struct place *p);
/* Appends tag, a length of three bytes (82 hh ll, or 83 where needed) and the value. */
size_t put_tlv(uint8_t *out, uint8_t tag, const uint8_t *value, size_t len);

/* bend_tlv.c; n as the comment says */
void bend_cut(struct shot *s, uint32_t percent);
void bend_length(struct shot *s, uint32_t form); /* 84, 80, or 83: non-minimal but right */
void bend_inner(struct shot *s, uint32_t tag);	 /* this tag's length says more than there is */
void bend_nest(struct shot *s, uint32_t tag);	 /* 10,000 deep, as this answer's value */
void bend_replace(struct shot *s, uint32_t byte);
void bend_status_word(struct shot *s, uint32_t sw);
void bend_meta_reorder(struct shot *s, uint32_t n);
void bend_meta_double(struct shot *s, uint32_t ref); /* the public key of this one comes first */
void bend_status_rows(struct shot *s, uint32_t rows);
void bend_status_ref(struct shot *s, uint32_t ref);
void bend_label(struct shot *s, uint32_t tag);
/* Says that there is a names object. */
void bend_announce_names(struct shot *s);

/* bend_names.c: that object */
enum names_form { NAMES_TEXT, NAMES_IDS, NAMES_LONG, NAMES_ROWS, NAMES_NEST, NAMES_CUT };
void bend_names(struct shot *s, uint32_t form);

/* bend_cert.c */
void bend_cert_double(struct shot *s, uint32_t tag); /* that object's certificate comes first */
void bend_cert_other(struct shot *s, uint32_t tag);  /* ... and is the only one */
void bend_cert_reorder(struct shot *s, uint32_t n);
void bend_cert_text(struct shot *s, uint32_t n); /* control bytes in the subject */
enum gzip_form { GZIP_RIGHT, GZIP_BOMB, GZIP_CUT, GZIP_JUNK, GZIP_NOT, GZIP_NEST };
void bend_gzip(struct shot *s, uint32_t form);
enum attest_form { ATTEST_NEST, ATTEST_OTHER, ATTEST_TEXT };
void bend_attest(struct shot *s, uint32_t form);

/* bend_result.c */
enum rsa_form { RSA_SHORT, RSA_LONG, RSA_OVER, RSA_ZERO, RSA_EMPTY };
void bend_rsa(struct shot *s, uint32_t form);
enum ec_form { EC_TAG, EC_NEGATIVE, EC_ZERO, EC_LEADING, EC_OVER, EC_TRAILING, EC_INNER, EC_OPEN };
void bend_ec(struct shot *s, uint32_t form);
void bend_result_double(struct shot *s, uint32_t n);
void before_other_digest(struct ap *ap, uint8_t *apdu, size_t len);
void before_reset(struct ap *ap, uint8_t *apdu, size_t len);

/* bend_wire.c */
size_t wire_more(uint8_t *resp, uint32_t n, unsigned round); /* n bytes and 61FF, without end */
size_t wire_le(uint8_t *resp, uint32_t n, unsigned round);   /* 6Cxx without end; n = 0: changing */
size_t wire_bytes(uint8_t *resp, uint32_t n, unsigned round);	    /* n bytes of 90 */
size_t wire_flood(uint8_t *resp, uint32_t n, unsigned round);	    /* n bytes, and 9000 */
size_t wire_status_word(uint8_t *resp, uint32_t n, unsigned round); /* n alone */

#endif
