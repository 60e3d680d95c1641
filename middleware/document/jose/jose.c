/* SPDX-License-Identifier: BSD-2-Clause */
/* What a JWS looks like from outside. */
#include "document/jose/jose.h"

#include "document/kind/kind_priv.h"

/* "eyJ": a JSON object in base64url. */
static bool begins(struct rd head)
{
	return kind_begins(kind_text(head), KIND_WORD("eyJ"));
}

const struct doc_format format_jose = {.kind = DOC_KIND_JWS, .begins = begins};
