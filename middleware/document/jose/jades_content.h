/* SPDX-License-Identifier: BSD-2-Clause */
/* What a JAdES signature is about: inside of it, or a file beside it. */
#ifndef ECERT_DOCUMENT_JADES_CONTENT_H
#define ECERT_DOCUMENT_JADES_CONTENT_H

#include "document/jose/jades_object.h"
#include "document/jose/jades_read.h"

#define JADES_DIGESTS_MAX 4

struct jades_content {
	const struct doc_verify_options *o;
	struct rd coded; /* the payload as it came; empty: it is not inside */
	struct rd bytes; /* the same as it is meant */
	struct buf decoded;
	bool plain;		   /* by the first signature's word: it came as it is meant */
	int fd;			   /* the file; -1: none was given */
	bool used;		   /* something of it was read */
	uint64_t size, size_given; /* of what is signed; of the file that was given */
	struct buf file;	   /* all of it, when a signature is over itself */
	bool whole;		   /* it was read */
	struct buf text;	   /* its base64url, when that is signed */
	bool coded_whole;
	struct {
		const EVP_MD *md;
		bool coded;
		struct doc_digest d;
	} digest[JADES_DIGESTS_MAX];
	size_t digests;
	/* Files that signatures name together (owned), and by how many of them each is what was
	 * signed. */
	struct doc_member *members;
	size_t members_n;
};

/* NULL, or what is wrong (an id) and why. jades_content_free in any case. */
const char *jades_content_read(const struct jades *doc, int fd, bool plain,
    const struct doc_verify_options *o, struct jades_content *out, enum reason *reason);
void jades_content_free(struct jades_content *c);

/*
 * Check "content digest". over: the payload as the signature has it (RFC 7515, 5.1; RFC 7797, 3;
 * nothing for ObjectIdByURIHash). *known false: it is not at hand, so that there is nothing to
 * check a signature with. at: as of when digests are judged by their age. Errors: ECERT_E_IO,
 * ECERT_E_CANCELLED, ECERT_E_MEMORY.
 */
enum ecert_rc jades_content_check(struct jades_content *c, const struct jades_header *h, time_t at,
    struct rd *over, bool *known, struct report *rep) MUST_CHECK;

/* The digest of the file that was given, a view of c until the next one is asked for. Errors:
 * jades_object_digest's. */
enum ecert_rc jades_content_digest(
    struct jades_content *c, const EVP_MD *md, bool coded, struct rd *out) MUST_CHECK;
/* One that it names, beside the signature; *fd -1: it is not there, which is told. *row: of c's
 * members. Errors: ECERT_E_MEMORY. */
enum ecert_rc jades_files_open(struct jades_content *c, const char *uri, int *fd,
    struct doc_member **row, struct report *rep) MUST_CHECK;
/* Of the files that sigD names by URI and digest, as many as there are digests: the one that was
 * given, and those beside the signature. Errors: jades_content_check's. */
enum ecert_rc jades_files_check(struct jades_content *c, const struct jades_header *h,
    const EVP_MD *md, time_t at, struct report *rep) MUST_CHECK;

#endif
