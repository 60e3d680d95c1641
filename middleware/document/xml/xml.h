/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures in XML in the table of formats: XML Signature 1.1, and XAdES (EN 319 132-1). */
#ifndef ECERT_DOCUMENT_XML_H
#define ECERT_DOCUMENT_XML_H

#include "document/format.h"

extern const struct doc_format format_xades;

#endif
