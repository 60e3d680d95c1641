/* SPDX-License-Identifier: BSD-2-Clause */
/* Which signatures a step has something to add to, the same for every format. */
#ifndef ECERT_DOCUMENT_EXTEND_LACKING_H
#define ECERT_DOCUMENT_EXTEND_LACKING_H

#include "document/extend/extend.h"

/* One more time stamp would be more than are read (DOC_STAMPS_MAX). */
extern const struct doc_refusal doc_stamps_full;

/* It has a time stamp that counts and is of the signature; one of the content is none. */
bool doc_is_stamped(const struct doc_signature *s);
/* Step T: found->signer[signer] has no such time stamp; LT: some of the material is for it. */
bool doc_lacks(const struct doc_extend_options *o, size_t signer);

/* A doc_content_fn: ctx is a struct buf, which part is appended to. Errors: buf_rc's. */
enum ecert_rc doc_keep_part(void *ctx, struct rd part) MUST_CHECK;

#endif
