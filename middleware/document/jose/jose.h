/* SPDX-License-Identifier: BSD-2-Clause */
/* JOSE in the table of formats: compact JWS. What one states, and to whom, its typ decides. */
#ifndef ECERT_DOCUMENT_JOSE_H
#define ECERT_DOCUMENT_JOSE_H

#include "document/format.h"

extern const struct doc_format format_jose;

#endif
