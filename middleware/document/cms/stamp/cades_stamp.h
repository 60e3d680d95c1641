/* SPDX-License-Identifier: BSD-2-Clause */
/* A time stamp over bytes of any kind, for formats that bring their own. */
#ifndef ECERT_DOCUMENT_CADES_STAMP_H
#define ECERT_DOCUMENT_CADES_STAMP_H

#include "document/cms/cades_material.h"
#include "document/digest.h"
#include "document/result.h"

/* A later time stamp that counts and covers this one, and all of that. */
struct cades_kept {
	time_t when;
	const struct cades_brought *brought;
};

/* What is asked about one. */
struct cades_stamp_asked {
	struct rd der, covered; /* the token; what it is to be about */
	/* Instead of covered, when it is not in memory: its digest, which is not at hand
	 * (ECERT_E_NOT_FOUND), or what ends the verification. */
	enum ecert_rc (*digest)(void *ctx, const EVP_MD *md, struct doc_digest *out);
	void *digest_ctx;
	enum doc_stamp_kind kind;
	time_t after;  /* the latest time stamp that it covers; 0: none */
	time_t before; /* of the content: the signature was there, say others; 0: none does */
	const struct cades_brought *more;  /* what the document brings for its path */
	const struct cades_brought *heard; /* all that is in it; NULL: no more than that */
	const struct cades_kept *kept;	   /* the earliest first */
	size_t kept_n;
};

/*
 * Judges a token with the path seam: as of now, and where that does not pass as of each that keeps
 * it; its own algorithms as of the earliest of those. Fills out, which is zeroed before. Errors:
 * ECERT_E_MEMORY.
 */
enum ecert_rc cades_stamp_judge(const struct cades_stamp_asked *q,
    const struct doc_verify_options *o, struct doc_stamp *out) MUST_CHECK;
/* When a token says that it was made; 0: it cannot be read. known: may be NULL. Adds what it brings
 * to aside, which may be NULL. */
time_t cades_stamp_beside(struct rd der, struct doc_certs *known, struct cades_material *aside);
/* Check "time", when it cannot be. after, before: as in what is asked. */
void cades_stamp_check_time(
    time_t when, time_t after, time_t before, time_t now, struct report *rep);
/* An id: that it is about something else. */
const char *cades_stamp_other(enum doc_stamp_kind kind);
/* Adds a check "time stamp", which takes nothing away. */
void cades_stamp_tell(const struct doc_stamp *t, struct report *rep);

#endif
