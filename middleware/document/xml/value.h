/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature value of an XML signature. */
#ifndef ECERT_DOCUMENT_XML_VALUE_H
#define ECERT_DOCUMENT_XML_VALUE_H

#include "document/format.h"
#include "document/xml/answer.h"

/* Whether this certificate's key made it. */
bool xml_value_fits(const struct xml_sig *s, X509 *cert);
/* Check "signature value": the mathematics first, then whether they can be relied on at o->now. */
void xml_value_check(
    const struct xml_sig *s, X509 *cert, const struct doc_verify_options *o, struct report *rep);
/* What the algorithm is called, or its URI. */
void xml_value_name(const struct xml_sig *s, char *name, size_t size);

#endif
