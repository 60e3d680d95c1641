/* SPDX-License-Identifier: BSD-2-Clause */
/* ASiCManifest: which files a signature is about, and their digests (EN 319 162-1, A.4). */
#ifndef ECERT_DOCUMENT_ASIC_MANIFEST_H
#define ECERT_DOCUMENT_ASIC_MANIFEST_H

#include "document/asic/container.h"

struct asic_reference {
	struct rd uri;
	const EVP_MD *md; /* NULL: not known here */
	struct rd digest; /* in base64 */
};

struct asic_manifest {
	size_t member;	/* of the container */
	struct buf xml; /* as it is signed */
	struct buf answer;
	struct rd signature;	  /* URI */
	struct asic_reference *v; /* owned; views of answer */
	size_t n;
};

/* Reads a member through the wall. *why as in asic_open; asic_manifest_free in any case. */
enum ecert_rc asic_manifest_read(struct asic_container *c, size_t member, struct asic_manifest *out,
    const char **why, enum reason *reason) MUST_CHECK;
void asic_manifest_free(struct asic_manifest *m);

/* The only member that a URI names, as it is or percent-decoded. False: none, or several. */
bool asic_find(const struct asic_container *c, struct rd uri, size_t *member);

/* ---- writing ---- */
void asic_manifest_begin(struct buf *out, const char *signature);
void asic_manifest_add(struct buf *out, const char *name, const char *md, struct rd digest);
void asic_manifest_end(struct buf *out);

#endif
