/* SPDX-License-Identifier: BSD-2-Clause */
/* One signature of a document, judged. */
#ifndef ECERT_DOCUMENT_XML_ONE_H
#define ECERT_DOCUMENT_XML_ONE_H

#include "document/result.h"
#include "document/xml/content.h"

/* Fills out, which was made by doc_result_new. Errors: xml_content_check's. */
enum ecert_rc xml_one_judge(
    struct xml_content *c, const struct xml_sig *s, struct doc_signature *out) MUST_CHECK;

#endif
