/* SPDX-License-Identifier: BSD-2-Clause */
/* What a JWS looks like from outside, and which of them are signatures of files. */
#include "document/jose/jose.h"

#include <string.h>

#include "document/jose/jades.h"
#include "document/jose/jades_stamp.h"
#include "document/jose/jose_priv.h"
#include "document/kind/kind_priv.h"
#include "util/hex.h"

/* Of a JSON text only its beginning; its end may be cut. */
static bool is_object(struct rd json)
{
	json = kind_text(json);
	if (!kind_begins(json, KIND_WORD("{")))
		return false;
	json = kind_text(rd_of(json.p + 1, json.n - 1));
	return kind_begins(json, KIND_WORD("\"")) || kind_begins(json, KIND_WORD("}"));
}

/* "eyJ" is {" in base64url; before and behind the brace there may be blanks (RFC 8259, 2). */
bool jose_begins(struct rd head)
{
	struct rd text = kind_text(head);
	const uint8_t *dot = text.n ? memchr(text.p, '.', text.n) : NULL;
	struct buf b;
	bool is;

	if (kind_begins(text, KIND_WORD("eyJ")))
		return true;
	if (!dot)
		return false;
	buf_init(&b, text.n + 1);
	is = b64url_get(rd_of(text.p, (size_t)(dot - text.p)), &b) == ECERT_OK &&
	     is_object(buf_view(&b));
	buf_free(&b);
	return is;
}

const struct doc_format format_jades = {
    .kind = DOC_KIND_JADES,
    .name = "jades",
    .suffix = ".jws",
    .begins = jades_begins,
    .holds_content = jades_holds_content,
    .sign_fd = jades_sign_fd,
    .extend = jades_extend,
    .extends_to = DOC_LEVEL_T,
    .verify = jades_verify,
    .verify_fd = jades_verify_fd,
};

/* The whole file tells whether JSON is one (document/kind). */
const struct doc_format format_jades_json = {
    .kind = DOC_KIND_JSON_JWS,
    .holds_content = jades_holds_content,
    .extend = jades_extend,
    .extends_to = DOC_LEVEL_T,
    .verify = jades_verify,
    .verify_fd = jades_verify_fd,
};

/* A statement: the trust room makes and judges it. */
const struct doc_format format_jose = {.kind = DOC_KIND_JWS, .begins = jose_begins};
