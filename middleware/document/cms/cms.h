/* SPDX-License-Identifier: BSD-2-Clause */
/* CMS in the table of formats: SignedData in all forms in which it travels. */
#ifndef ECERT_DOCUMENT_CMS_H
#define ECERT_DOCUMENT_CMS_H

#include "document/format.h"

extern const struct doc_format format_cms;

#endif
