/* SPDX-License-Identifier: BSD-2-Clause */
/* Levels of evidence about a key, never better than what was proved. */
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/claims.h"
#include "trust/counterparty/evidence.h"

struct key_evidence {
	struct buf der[ATTESTATION_MAX + 1];
	struct rd view[ATTESTATION_MAX + 1];
	size_t n;
	const char *co_resident; /* JWS; NULL: none */
};

static bool load_x5c(const json_t *list, struct key_evidence *k)
{
	size_t i;
	json_t *item;

	if (json_array_size(list) < 2 || json_array_size(list) > ATTESTATION_MAX + 1)
		return false;
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item) ||
		    b64_get(rd_of(json_string_value(item), json_string_length(item)), &k->der[i]) !=
			ECERT_OK)
			return false;
		k->view[i] = buf_view(&k->der[i]);
		k->n = i + 1;
	}
	return true;
}

static bool load(const json_t *att, struct key_evidence *k)
{
	const char *fmt = json_string_value(json_object_get(att, "fmt"));

	for (size_t i = 0; i <= ATTESTATION_MAX; i++)
		buf_init(&k->der[i], 65536);
	k->co_resident = json_string_value(json_object_get(att, "co_resident"));
	return fmt && strcmp(fmt, "yubico-piv") == 0 && load_x5c(json_object_get(att, "x5c"), k);
}

/* The other, attested key has signed this e-Cert, this nonce and this audience. */
static const char *co_resident_defect(
    const struct jws *j, const struct counterparty_expect *e, const struct key_evidence *k)
{
	const struct jws_rules rules = {.typ = CO_RESIDENT_TYP, .max = 16384};
	struct jws *co = NULL;
	struct claim_times t = {0};
	char thumb[44];
	const char *why = NULL, *x5t, *nonce;

	if (jws_parse(rd_of(k->co_resident, strlen(k->co_resident)), &rules, &co, NULL) != ECERT_OK)
		return MSG_ID("the attested key's own statement is not a JWS");
	x5t = jws_str(co, "x5t#S256");
	nonce = jws_str(co, "eat_nonce");
	if (jws_check_cert(co, k->view[0]) != ECERT_OK)
		why = MSG_ID("the attested key's own signature does not verify");
	else if (!x5t || jws_sha256(buf_view(&j->x5c[0]), thumb) != ECERT_OK ||
		 strcmp(x5t, thumb) != 0)
		why = MSG_ID("the attested key vouches for another certificate");
	else if (!nonce || strcmp(nonce, e->nonce) != 0 || !jws_has_aud(co, e->audience))
		why = MSG_ID("the attested key vouches for another nonce or audience");
	else if (claim_window_defect(co, e->now, &t))
		why = MSG_ID("the attested key's own statement does not count at this time");
	jws_free(&co);
	return why;
}

static enum evidence_level level_of_key(const struct jws *j, const struct counterparty_expect *e,
    const struct key_evidence *k, struct counterparty_result *r)
{
	const char *why;

	if (attestation_same_key(buf_view(&j->x5c[0]), k->view[0])) {
		report_add(&r->report, CHK_ATTESTED_KEY, CHECK_OK, MSG("it is the e-Cert's key"));
		return EVIDENCE_ATTESTED;
	}
	why = k->co_resident ? co_resident_defect(j, e, k)
			     : MSG_ID("the attested key is not the e-Cert's key");
	report_test(&r->report, CHK_ATTESTED_KEY, !why,
	    MSG(why ? why : MSG_ID("another key of the same token, which signed for the e-Cert")));
	return why ? EVIDENCE_NONE : EVIDENCE_CO_RESIDENT;
}

/* What is known to ask somebody before the key signs; NULL: nothing, or nobody knows. 4 and 5 are
 * of tokens with a fingerprint reader, which fall back on the PIN. */
static const char *pin_policy_asks(uint8_t policy)
{
	static const char *const asks[] = {[2] = MSG_ID("the key asks for a PIN"),
	    [3] = MSG_ID("the key asks for a PIN each time"),
	    [4] = MSG_ID("the key asks for a fingerprint or a PIN"),
	    [5] = MSG_ID("the key asks for a fingerprint or a PIN each time")};

	return policy < sizeof asks / sizeof asks[0] ? asks[policy] : NULL;
}

/* A key that signs without a PIN proves a token, but nobody's will. */
static bool pin_policy_ok(struct counterparty_result *r)
{
	const struct attestation *a = &r->attestation;
	const char *asks;

	if (!a->has_policy) {
		report_add(
		    &r->report, CHK_PIN_POLICY, CHECK_SKIPPED, MSG("the token does not state it"));
		return true;
	}
	asks = pin_policy_asks(a->pin_policy);
	if (!asks && a->pin_policy != PIN_POLICY_NEVER)
		return report_test(&r->report, CHK_PIN_POLICY, false,
		    MSG("nobody here knows what the token's PIN policy {policy} is, so that the "
			"key may sign without a PIN",
			P_NUMBER("policy", a->pin_policy)));
	return report_test(&r->report, CHK_PIN_POLICY, asks,
	    MSG(asks ? asks : MSG_ID("the key signs without a PIN")));
}

static void say_level(struct counterparty_result *r, enum evidence_level level, const char *why)
{
	r->level = level;
	r->level_reason = why;
}

static void skip_all(struct counterparty_result *r, const char *why)
{
	static const enum check_name names[] = {
	    CHK_ATTESTATION_CHAIN, CHK_ATTESTATION_STATEMENT, CHK_ATTESTED_KEY, CHK_PIN_POLICY};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		report_add(&r->report, names[i], CHECK_SKIPPED, MSG(why));
}

static void judge(const struct jws *j, const struct counterparty_expect *e,
    const struct key_evidence *k, struct counterparty_result *r)
{
	bool origin = attestation_check(
	    e->trust, k->view[0], k->view + 1, k->n - 1, e->now, &r->attestation, &r->report);
	enum evidence_level level = level_of_key(j, e, k, r);
	bool pin = pin_policy_ok(r);

	r->has_attestation = true;
	/* An enrolled token that attests imported keys as well: it was there, and that is all. */
	if (!origin && r->attestation.enrolled && level != EVIDENCE_NONE && pin)
		say_level(r, EVIDENCE_CO_RESIDENT,
		    MSG_ID("the enrolled token was there, but the e-Cert's key may also live "
			   "elsewhere"));
	else if (!origin)
		say_level(r, EVIDENCE_NONE,
		    MSG_ID("the token's statement is not vouched for by a trusted root"));
	else if (level == EVIDENCE_NONE)
		say_level(r, EVIDENCE_NONE, MSG_ID("the token's statement is about another key"));
	else if (!pin)
		say_level(r, EVIDENCE_NONE,
		    MSG_ID("nothing says that the key asks for a PIN before it signs"));
	else
		say_level(r, level,
		    level == EVIDENCE_ATTESTED
			? MSG_ID("the key was generated in the token, says a trusted root")
			: MSG_ID(
			      "the token was there, but the e-Cert's key may also live elsewhere"));
}

void evidence_check(const struct jws *j, const struct counterparty_expect *e,
    const struct trust_entry *entry, bool by_leaf, struct counterparty_result *r)
{
	const json_t *att = json_object_get(j->claims, "hktm_key_att");
	struct key_evidence k = {0};
	bool readable = load(att, &k);

	if (!att) {
		skip_all(r, MSG_ID("no key evidence was given"));
		say_level(r, EVIDENCE_NONE, MSG_ID("no key evidence was given"));
	} else if (!readable) {
		report_add_why(&r->report, CHK_ATTESTATION_CHAIN, CHECK_FAILED,
		    REASON_ATTESTATION_BAD, MSG("hktm_key_att cannot be read"));
		say_level(r, EVIDENCE_NONE, MSG_ID("the key evidence cannot be read"));
	} else {
		judge(j, e, &k, r);
	}
	if (r->level == EVIDENCE_NONE && entry && entry->declares_token)
		say_level(r, EVIDENCE_DECLARED,
		    MSG_ID("the certificate's policy says that keys are in tokens"));
	if (!by_leaf)
		say_level(r, EVIDENCE_NONE, MSG_ID("the e-Cert's key has not signed the token"));
	report_test(&r->report, CHK_EVIDENCE_LEVEL, r->level >= e->min_level,
	    MSG("{level}: {reason}", P_TEXT("level", evidence_name(r->level)),
		P_WORD("reason", r->level_reason)));
	for (size_t i = 0; i <= ATTESTATION_MAX; i++)
		buf_free(&k.der[i]);
}
