/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a counterparty token. */
#include <string.h>

#include "document/cert.h"
#include "document/jose/jws.h"
#include "trust/claims.h"
#include "trust/counterparty/counterparty.h"
#include "util/hex.h"

static void set_base64_list(
    json_t *o, const char *key, const struct rd *ders, size_t n, enum ecert_rc *rc)
{
	json_t *list = json_array();

	for (size_t i = 0; *rc == ECERT_OK && i < n; i++) {
		struct buf b = BUF_INIT(1u << 17);
		struct rd t;

		b64_put(&b, ders[i]);
		t = buf_view(&b);
		*rc = buf_rc(&b);
		if (*rc == ECERT_OK &&
		    json_array_append_new(list, json_stringn((const char *)t.p, t.n)) != 0)
			*rc = ECERT_E_MEMORY;
		buf_free(&b);
	}
	claim_set(o, key, list, rc);
}

/* The attested key of the same card over SHA-256(e-Cert), nonce and audience. */
static void set_co_resident(json_t *o, const struct doc_signer *ecert,
    const struct counterparty_options *opt, enum ecert_rc *rc)
{
	const struct jws_options jo = {.typ = CO_RESIDENT_TYP};
	struct doc_signer other = *opt->co_resident;
	struct buf b = BUF_INIT(8192);
	json_t *c = json_object();

	/* The statement is the certificate of that key. */
	other.cert = opt->attestation[0];
	claim_set_sha256(c, "x5t#S256", ecert->cert, rc);
	claim_set_text(c, "eat_nonce", opt->nonce, rc);
	claim_set_text(c, "aud", opt->audience, rc);
	if (*rc == ECERT_OK)
		*rc = jws_create(&other, &jo, c, &b);
	claim_set_rd(o, "co_resident", buf_view(&b), rc);
	json_decref(c);
	buf_free(&b);
}

static void set_key_evidence(
    json_t *c, const struct doc_signer *s, const struct counterparty_options *o, enum ecert_rc *rc)
{
	json_t *k = json_object();

	claim_set_text(k, "fmt", "yubico-piv", rc);
	claim_set_text(k, "slot", o->slot ? o->slot : "", rc);
	set_base64_list(k, "x5c", o->attestation, o->attestation_n, rc);
	if (o->co_resident)
		set_co_resident(k, s, o, rc);
	claim_set(c, "hktm_key_att", k, rc);
}

static void set_mark(json_t *c, const struct counterparty_options *o, enum ecert_rc *rc)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP, .need_kid = true};
	struct jws *mark = NULL;
	json_t *list = json_array(), *item = json_object();
	const char *type = NULL;

	if (*rc == ECERT_OK && jws_parse(o->mark, &rules, &mark, NULL) == ECERT_OK)
		type = jws_str(mark, "trust_mark_type");
	if (*rc == ECERT_OK && !type)
		*rc = ECERT_E_DATA;
	claim_set_text(item, "trust_mark_type", type, rc);
	claim_set_rd(item, "trust_mark", o->mark, rc);
	if (json_array_append_new(list, item) != 0 && *rc == ECERT_OK)
		*rc = ECERT_E_MEMORY;
	claim_set(c, "trust_marks", list, rc);
	jws_free(&mark);
}

bool counterparty_alg(enum doc_sig_alg alg)
{
	return alg == DOC_RS256 || alg == DOC_PS256 || alg == DOC_ES256;
}

static enum ecert_rc check_options(const struct doc_signer *s, const struct counterparty_options *o)
{
	size_t n = o->nonce ? strlen(o->nonce) : 0;
	enum doc_sig_alg alg = o->alg ? o->alg : doc_sig_for_key(s->key);

	if (!o->audience || !o->audience[0] || !o->subject || !o->subject[0])
		return ECERT_E_ARG;
	if (n < NONCE_MIN || n > NONCE_MAX || o->lifetime < 0 ||
	    o->lifetime > COUNTERPARTY_MAX_LIFE)
		return ECERT_E_ARG;
	if (!counterparty_alg(alg))
		return ECERT_E_KEY_TYPE;
	if (o->attestation_n == 1 || o->attestation_n > ATTESTATION_MAX + 1 ||
	    (o->co_resident && !o->attestation_n))
		return ECERT_E_ARG;
	/* A statement about another key would only be refused by the other side. */
	if (o->attestation_n && !o->co_resident &&
	    !attestation_same_key(s->cert, o->attestation[0]))
		return ECERT_E_DATA;
	return ECERT_OK;
}

enum ecert_rc counterparty_create(
    const struct doc_signer *s, const struct counterparty_options *o, struct buf *out)
{
	const struct jws_options jo = {.typ = COUNTERPARTY_TYP, .x5c = true, .alg = o->alg};
	struct buf ocsp = BUF_INIT(1u << 17);
	enum ecert_rc rc = check_options(s, o);
	json_t *c;

	if (rc != ECERT_OK)
		return rc;
	c = json_object();
	claim_set_text(c, "eat_profile", COUNTERPARTY_PROFILE, &rc);
	claim_set_text(c, "iss", o->subject, &rc);
	claim_set_text(c, "sub", o->subject, &rc);
	claim_set_text(c, "aud", o->audience, &rc);
	claim_set_text(c, "eat_nonce", o->nonce, &rc);
	claim_set_time(c, "iat", o->now, &rc);
	claim_set_time(c, "exp", o->now + (o->lifetime ? o->lifetime : COUNTERPARTY_MAX_LIFE), &rc);
	claim_set_jti(c, &rc);
	if (o->attestation_n)
		set_key_evidence(c, s, o, &rc);
	if (o->mark.n)
		set_mark(c, o, &rc);
	if (o->status.n)
		claim_set_rd(c, "hktm_status", o->status, &rc);
	if (o->ocsp.n) {
		b64url_put(&ocsp, o->ocsp);
		claim_set_rd(c, "hktm_ocsp", buf_view(&ocsp), &rc);
	}
	if (rc == ECERT_OK)
		rc = jws_create(s, &jo, c, out);
	json_decref(c);
	buf_free(&ocsp);
	return rc;
}
