/* SPDX-License-Identifier: BSD-2-Clause */
/* A JWS of a document taken apart, in each of its serializations (RFC 7515, 7). */
#ifndef ECERT_DOCUMENT_JADES_READ_H
#define ECERT_DOCUMENT_JADES_READ_H

#include <jansson.h>
#include <time.h>

#include "document/jose/jades.h"

/* One signature of it. Views of the text or of root. */
struct jades_one {
	struct rd coded;      /* the protected header in base64url, as it came */
	struct rd value;      /* the signature in base64url, as it came */
	json_t *header;	      /* protected; owned; NULL: no object with distinct keys */
	bool not_utf8;	      /* of the header: some byte of it */
	const json_t *beside; /* unprotected; NULL: there is none */
};

struct jades {
	enum doc_serialization form;
	json_t *root;	   /* owned; NULL: compact */
	struct rd payload; /* as it came; empty: it is not inside */
	size_t n;
	struct jades_one v[JADES_MAX_SIGNERS];
};

/* NULL, or what is wrong (an id) and why. text has to outlive it; jades_free in any case. */
const char *jades_read(struct rd text, struct jades *out, enum reason *reason);
void jades_free(struct jades *j);

/* What a protected header says. Views of it. */
struct jades_header {
	const char *alg;      /* NULL: none */
	time_t when;	      /* iat or sigT; 0: no time is claimed */
	bool plain;	      /* b64 is false: the payload is signed as it is (RFC 7797) */
	bool names_cert;      /* x5t#S256, x5t#o or sigX5ts */
	const json_t *object; /* sigD; NULL: there is none */
	const char *profile;  /* static: "JAdES-B-B" or "JWS" */
	bool unread; /* it asks for what this version does not do: nothing in it can be relied on */
};

/* Check "signed attributes". */
void jades_header_read(
    const struct jades_one *one, bool inside, struct jades_header *out, struct report *rep);

#endif
