/* SPDX-License-Identifier: BSD-2-Clause */
/* JOSE in the table of formats: signatures of files (JAdES), and statements in compact JWS, of
 * which the typ decides what one states, and to whom. */
#ifndef ECERT_DOCUMENT_JOSE_H
#define ECERT_DOCUMENT_JOSE_H

#include "document/format.h"

extern const struct doc_format format_jades, format_jades_json, format_jose;

#endif
