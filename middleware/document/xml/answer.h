/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall says of the signatures in a document, read strictly (questions.h). */
#ifndef ECERT_DOCUMENT_XML_ANSWER_H
#define ECERT_DOCUMENT_XML_ANSWER_H

#include "document/wall/ask.h"
#include "document/xml/questions.h"

/* Strings are views of the answer. p of octets is NULL where there are none. */
struct xml_ref {
	enum xml_reference state;
	enum xml_place place;
	uint8_t flags;
	uint32_t value_of; /* the signature whose value it is about, from 1 */
	struct rd uri, type, digest, value, path, unknown, octets;
	bool has_octets;
};

struct xml_property {
	enum xml_fact kind;
	struct rd a, b, c, octets;
	bool has_octets;
};

struct xml_sig {
	struct rd path, id;
	uint32_t of; /* the signature whose properties it is in, from 1 */
	struct rd canonical, method, pss_digest, pss_mgf;
	uint32_t salt;
	struct rd info; /* the octets that are signed */
	bool has_info;
	struct rd value;
	struct rd *cert; /* owned */
	uint32_t certs;
	struct xml_ref *ref; /* owned */
	uint32_t refs;
	uint32_t gaps;	   /* parts of the document that it is not about */
	struct rd gap;	   /* the first of them */
	bool left_out;	   /* some that are known to hold signatures alone */
	uint32_t comments; /* unsigned, in text that is signed */
	struct rd comment; /* the path of the element that has the first of them */
	enum xml_properties properties;
	struct rd ns;
	struct xml_property *fact; /* owned */
	uint32_t facts;
};

struct xml_answer {
	struct buf raw;
	enum xml_state state;
	uint32_t total;	     /* signatures in the document */
	uint32_t references; /* in the document */
	bool more;	     /* there is more than was looked at */
	struct xml_sig *v;   /* owned */
	uint32_t n;
};

/*
 * The signatures from the first-th on, as many as go into one answer. *end says how the question
 * ended, WALL_CRASHED also for an answer that is nonsense. xml_answer_free in any case. Errors:
 * wall_ask's.
 */
enum ecert_rc xml_answer_get(
    int fd, uint32_t first, struct xml_answer *out, enum wall_end *end) MUST_CHECK;
void xml_answer_free(struct xml_answer *a);
/* The same of bytes that are an answer: false when they are none. For who has them already. */
bool xml_answer_read(struct xml_answer *a);

#endif
