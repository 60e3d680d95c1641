/* SPDX-License-Identifier: BSD-2-Clause */
/* A document that is being looked through for its signatures, shared by the parts of the answer. */
#ifndef ECERT_DOCUMENT_XML_LOOK_H
#define ECERT_DOCUMENT_XML_LOOK_H

#include "document/xml/nodes/transform.h"

/* Octets of the answer: equal ones are there once. */
struct xml_octets {
	struct buf all;
	struct {
		size_t at, n;
	} * v; /* owned */
	size_t n, room;
	bool failed; /* memory was out */
};

/* What the last reference was, and what came of it: the next one may be the same again. */
struct xml_last {
	const xmlNode *list; /* its Transforms */
	const xmlNode *top, *signature;
	bool comments;
	enum xml_reference state;
	uint8_t flags;
	uint32_t octets;
};

struct xml_look {
	struct xml_tree t;
	xmlNode *sig[XML_SIGNATURES_MAX];
	size_t n, total;
	size_t found;	   /* references that there are */
	size_t references; /* that were looked at so far */
	bool more;	   /* there are more than are looked at */
	struct xml_octets octets;
	struct xml_last last;
};

/* One signature and what was found of it. */
struct xml_signature {
	xmlNode *node, *info, *properties; /* properties: its QualifyingProperties; NULL: none */
	xmlNode *signed_properties;
	enum xml_properties state;
	uint8_t *covered;	   /* of each number whether it is signed; owned */
	bool whole;		   /* a reference begins with the whole document */
	bool selections;	   /* a reference to data ends with nodes, not with octets */
	bool own_selection;	   /* that to its properties does */
	const xmlNode **reference; /* those of SignedInfo; owned; NULL: nobody asks */
	uint32_t *number;	   /* of each its number in the answer; owned */
	uint32_t named;
};

/* XML_NO_NUMBER when there is no room. */
uint32_t xml_octets_add(struct xml_octets *o, struct rd octets);
void xml_octets_free(struct xml_octets *o);

/* Appends the references of a SignedInfo or Manifest, and of Manifests that those select; *n: how
 * many. */
void xml_put_references(struct xml_look *l, struct xml_signature *s, const xmlNode *parent,
    bool manifest, struct buf *out, uint32_t *n);
/* Appends what is not signed. */
void xml_put_uncovered(const struct xml_look *l, const struct xml_signature *s, struct buf *out);
/* Finds its properties; appends them. */
void xml_find_properties(const struct xml_look *l, struct xml_signature *s);
void xml_put_properties(struct xml_look *l, struct xml_signature *s, struct buf *out);

/* Fills sig; none is looked at when there are more references, or signatures, than are. */
void xml_find_signatures(struct xml_look *l);
/* The signature's number from 1; 0: it is none of them. */
uint32_t xml_signature_number(const struct xml_look *l, const xmlNode *n);
/* That of the one which it countersigns by standing in its properties (EN 319 132-1, 5.2.7.2). */
uint32_t xml_countersigned(const struct xml_look *l, const xmlNode *n);
/* What can be said of an enum as one byte. */
#define XML_PUT(out, e) buf_u8((out), (uint8_t)(e))

#endif
