/* SPDX-License-Identifier: BSD-2-Clause */
/* The time stamps of one signer: read, judged, and what they prove. */
#ifndef ECERT_DOCUMENT_CADES_STAMPS_H
#define ECERT_DOCUMENT_CADES_STAMPS_H

#include "document/cms/cades_material.h"
#include "document/cms/stamp/cades_token.h"
#include "document/digest.h"
#include "document/format.h"
#include "document/result.h"

struct cades_stamp {
	enum doc_stamp_kind kind;
	struct rd type, value; /* of the attribute, as it is in the file */
	struct cades_token token;
	const char *defect; /* why it cannot be read; NULL: it was */
	enum reason reason;
	struct doc_stamp *out;
};

/* Its imprint is made with a digest of the content. */
static inline bool cades_stamp_covers_content(const struct cades_stamp *t)
{
	return t->token.md && (t->kind == DOC_STAMP_CONTENT || t->token.index.md);
}

struct cades_stamps {
	struct cades_signer_parts signer;
	struct cades_stamp v[DOC_STAMPS_MAX];
	size_t n;
	bool more;	 /* there are more than are looked at */
	time_t archived; /* of the earliest archive time stamp that counts; 0: none does */
	bool unread;	 /* there is an archive time stamp of an older kind */
};

/* Reads those of the i-th signer. doc has to outlive s; cades_stamps_free in any case. known:
 * certificates that were parsed before; may be NULL. */
void cades_stamps_read(
    const struct cades_parts *doc, size_t i, struct doc_certs *known, struct cades_stamps *s);
/* Adds what their tokens bring, aside. */
void cades_stamps_beside(const struct cades_stamps *s, struct cades_material *to);
void cades_stamps_free(struct cades_stamps *s);

/* The signature that the time stamps belong to, and what it is judged with. */
struct cades_stamped {
	const struct doc_verify_options *o;
	const struct cades_parts *doc;
	const struct cades_material *material;
	const struct cades_brought *heard; /* that, and what is in time-stamp tokens */
	CMS_SignerInfo *si;
	bool unclaimed; /* the signer claims no time */
	time_t proved;	/* the signature was there, say those that were judged before; 0: none */
	/* The content by several digests, in each form that it may have been signed in. */
	const struct digest_set *content[2];
};

/* Judges each into sig->stamps, sets sig->proved by those that are not of the content alone, and
 * adds a check "time stamp" for each to told, which takes nothing away. Errors: ECERT_E_MEMORY. */
enum ecert_rc cades_stamps_judge(struct cades_stamps *s, const struct cades_stamped *of,
    struct doc_signature *sig, struct report *told) MUST_CHECK;
/* The path of the signer's certificate with what the document brings: as of now, and where that
 * does not pass, with what the time stamps prove. lasts: nobody has to be asked about it any more
 * (doc_path's). Errors: ECERT_E_MEMORY. */
enum ecert_rc cades_stamps_path(const struct cades_stamps *s, const struct cades_stamped *of,
    struct doc_path_query *q, time_t proved, struct report *rep, bool *lasts) MUST_CHECK;
/* When the content was there before it was signed, say time stamps of it that count: the latest
 * one; 0: there is none. */
time_t cades_stamps_content(const struct doc_stamp *v, size_t n);
/* Of the path as of that time: the signature came when the certificate was over or revoked (EN 319
 * 102-1, 5.3.4), which is a proof then, and late says so. Nothing else that it says counts. */
bool cades_stamps_too_late(struct report *late);
/* Of the path with what time stamps prove, beside that of now, which is out of bounds: the
 * signature was there before the certificate (5.5.4, 4 b). */
bool cades_stamps_too_early(const struct report *then, const struct report *now);
/* The level that its time stamps, and what lasts, make a signature of a baseline profile. */
enum doc_level cades_stamps_level(const struct doc_signature *sig);
/* Of two moments; 0: there is none. */
time_t cades_stamps_earlier(time_t a, time_t b);

#endif
