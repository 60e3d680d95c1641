/* SPDX-License-Identifier: BSD-2-Clause */
/* What a path that was accepted stands on, so that it can be kept with what was signed: the
 * certificates below the trusted one, and who says of each of them that it was not revoked. */
#ifndef ECERT_TRUST_GATHER_H
#define ECERT_TRUST_GATHER_H

#include "document/format.h"
#include "trust/list/set.h"
#include "util/buf.h"

/* More than this of one path is not gathered. */
#define TRUST_GATHER_MAX 64

struct trust_material {
	enum doc_brought_kind kind;
	struct buf der;
	bool there; /* the document brings it */
	/* Of an answer about a CA from before the moment that is proved: it is good now, and tells
	 * of that moment no longer than this. 0: it tells of it for good. */
	time_t until;
	char about[80]; /* whose it is, or about whom; fit to be shown */
};

/* A certificate of which nobody says that it was not revoked, about that moment. */
struct trust_lack {
	char about[80];
	struct message_kept why;
	time_t
	    over; /* its certificate is over since then, and later answers need not tell of it; 0 */
};

struct trust_gathered {
	struct trust_material *v; /* owned */
	size_t n;
	struct trust_lack *lack; /* owned */
	size_t lacks;
	bool failed; /* memory was out, or there is too much */
	/* Why there is no such path, and whose it would be; its name is NULL: there is one. */
	struct check refused;
	char refused_about[80];
};

/*
 * The path of q->leaf for signatures (stamp: for time stamps) as trust_path_judge accepts it, with
 * proof->proved the moment that is to last. Where several answers are at hand the document's own
 * comes first, then OCSP, which is small. A responder's certificate without id-pkix-ocsp-nocheck,
 * and one that signs CRLs alone, are asked about, too: their lack counts when they name somebody.
 * False: there is no such path, or something of it was revoked, as out->refused says.
 * trust_gathered_free in any case.
 */
bool trust_gather(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, bool stamp, struct trust_gathered *out);
void trust_gathered_free(struct trust_gathered *g);

/* struct doc_path's `lasts`: the document brings all of it, and nothing has an end. */
bool trust_lasts(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, bool stamp);

#endif
