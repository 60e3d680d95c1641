/* SPDX-License-Identifier: BSD-2-Clause */
/* What a JWS looks like from outside, and which of them are signatures of files. */
#include "document/jose/jose.h"

#include "document/jose/jades.h"
#include "document/kind/kind_priv.h"

/* "eyJ": a JSON object in base64url. */
static bool begins(struct rd head)
{
	return kind_begins(kind_text(head), KIND_WORD("eyJ"));
}

/* The whole file tells whether JSON is one (document/kind). */
static bool never(struct rd head)
{
	(void)head;
	return false;
}

const struct doc_format format_jades = {
    .kind = DOC_KIND_JADES,
    .name = "jades",
    .suffix = ".jws",
    .begins = jades_begins,
    .holds_content = jades_holds_content,
    .sign_fd = jades_sign_fd,
    .verify = jades_verify,
    .verify_fd = jades_verify_fd,
};

const struct doc_format format_jades_json = {
    .kind = DOC_KIND_JSON_JWS,
    .begins = never,
    .holds_content = jades_holds_content,
    .verify = jades_verify,
    .verify_fd = jades_verify_fd,
};

/* A statement: the trust room makes and judges it. */
const struct doc_format format_jose = {.kind = DOC_KIND_JWS, .begins = begins};
