/* SPDX-License-Identifier: BSD-2-Clause */
/* The time stamps of one XML signature: judged, and what they keep. */
#ifndef ECERT_DOCUMENT_XML_STAMPS_H
#define ECERT_DOCUMENT_XML_STAMPS_H

#include "document/cms/stamp/cades_stamp.h"
#include "document/xml/beside.h"
#include "document/xml/content.h"

/* An archive time stamp covers all that stands before it (EN 319 132-1, 5.5.2.2). */
struct xml_archives {
	struct cades_kept kept[DOC_STAMPS_MAX]; /* those that count, the earliest first */
	struct cades_brought brought[DOC_STAMPS_MAX];
	size_t n;
};

/*
 * Judges each into out->stamps, those of the content behind the others in their order, sets
 * out->proved, and adds a check "time stamp" for each to told, which takes nothing away.
 * xml_archives_free in any case. Errors: ECERT_E_MEMORY, xml_content_feed's.
 */
enum ecert_rc xml_stamps_judge(struct xml_content *c, const struct xml_sig *s, struct xml_beside *b,
    struct doc_signature *out, struct xml_archives *archives, struct report *told) MUST_CHECK;
void xml_archives_free(struct xml_archives *a);

#endif
