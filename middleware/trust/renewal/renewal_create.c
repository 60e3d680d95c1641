/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing a renewal request. */
#include <string.h>

#include "document/json.h"
#include "document/jose/jws.h"
#include "trust/claims.h"
#include "trust/renewal/renewal_priv.h"

#define WEEK (7L * 24 * 3600)

/* Fields of the file that stay as they are inside hktm_evidence. */
static const char *const kept[] = {"cop", "terms_url", "after_sales_url", "returns_url",
    "privacy_url", "odr", "complaint_contact", "domains", "br_no"};

static json_t *evidence_of(const json_t *file, enum ecert_rc *rc)
{
	json_t *o = json_object(), *entries = json_object_get(file, "evidence");

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		json_t *v = json_object_get(file, kept[i]);

		if (v)
			claim_set(o, kept[i], json_incref(v), rc);
	}
	claim_set(o, "entries", entries ? json_incref(entries) : json_array(), rc);
	return o;
}

static enum ecert_rc make_claims(const json_t *file, const struct renewal_options *o, json_t **out)
{
	enum ecert_rc rc = ECERT_OK;
	const char *merchant = json_string_value(json_object_get(file, "merchant"));
	json_t *c = json_object();

	claim_set_text(c, "iss", merchant, &rc);
	claim_set_text(c, "sub", merchant, &rc);
	claim_set_text(c, "aud", json_string_value(json_object_get(file, "issuer")), &rc);
	claim_set_time(c, "iat", o->now, &rc);
	claim_set_time(c, "exp", o->now + (o->lifetime ? o->lifetime : WEEK), &rc);
	claim_set_jti(c, &rc);
	claim_set(c, "trust_mark_type", json_incref(json_object_get(file, "trust_mark_type")), &rc);
	if (o->prev.n)
		claim_set_sha256(c, "hktm_prev", trimmed(o->prev), &rc);
	claim_set(c, "hktm_cop", json_incref(json_object_get(file, "code_of_practice")), &rc);
	claim_set(c, "hktm_evidence", evidence_of(file, &rc), &rc);
	if (rc != ECERT_OK) {
		json_decref(c);
		c = NULL;
	}
	*out = c;
	return rc;
}

enum ecert_rc renewal_create(const struct doc_signer *s, struct rd json,
    const struct renewal_options *o, struct buf *out, struct report *rep)
{
	const struct jws_options jo = {.typ = RENEWAL_TYP, .x5c = true, .alg = o->alg};
	json_error_t err;
	json_t *claims = NULL, *file = NULL;
	enum ecert_rc rc;

	if (o->lifetime < 0 || o->lifetime > RENEWAL_MAX_LIFE)
		return ECERT_E_ARG;
	if (!renewal_check_file(json, rep) ||
	    !renewal_check_signer(json, s->cert, rd_of(NULL, 0), rep))
		return ECERT_E_DATA;
	file = json_read(json, &err);
	rc = file ? make_claims(file, o, &claims) : ECERT_E_MEMORY;
	if (rc == ECERT_OK)
		rc = jws_create(s, &jo, claims, out);
	json_decref(claims);
	json_decref(file);
	return rc;
}
