/* SPDX-License-Identifier: BSD-2-Clause */
/* A time stamp over bytes of any kind: of a signature that is not in CMS. */
#ifndef ECERT_DOCUMENT_CADES_STAMP_H
#define ECERT_DOCUMENT_CADES_STAMP_H

#include "document/cms/cades_material.h"
#include "document/format.h"
#include "document/result.h"

/*
 * Judges one (DER) that has to be about these bytes, as cades_stamps_judge does with one of a
 * signature; more: what the document brings beside it. It counts only when everything passed.
 * Errors: ECERT_E_MEMORY.
 */
enum ecert_rc cades_stamp_judge(struct rd der, struct rd covered, const struct cades_brought *more,
    const struct doc_verify_options *o, struct doc_stamp *out) MUST_CHECK;
/* Adds a check "time stamp" about one that was judged, which takes nothing away. */
void cades_stamp_tell(const struct doc_stamp *t, struct report *rep);

#endif
