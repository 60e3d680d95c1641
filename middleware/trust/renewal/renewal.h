/* SPDX-License-Identifier: BSD-2-Clause */
/* The renewal request that a merchant signs to have its trust mark renewed. */
#ifndef ECERT_TRUST_RENEWAL_H
#define ECERT_TRUST_RENEWAL_H

#include "document/identity.h"
#include "document/signer.h"
#include "trust/nonce.h"
#include "trust/list/set.h"

#define RENEWAL_TYP	 "hktm-renewal-request+jwt"
#define RENEWAL_MAX_LIFE (30L * 24 * 3600)

/*
 * The merchant's file: {"merchant": URL, "issuer": URL, "trust_mark_type": URL, "code_of_practice":
 * {"name":, "version":}, "cop": [{"item":, "kept":, "statement":, "evidence":}], "evidence":
 * [entries], "terms_url":, "after_sales_url":, "returns_url":, "privacy_url":, "odr": {"provider":,
 * "url":}, "complaint_contact":, "domains": [], "br_no":}. An entry of evidence: {std, edition,
 * factor, topic_ref, indicator_ref, consideration_ref, value, unit, method, period, evidence:
 * [{uri, sha256, media_type}], assessor, public}. References are opaque: no list of indicators is
 * known here.
 */
struct renewal_options {
	time_t now;
	long lifetime;	      /* seconds, 0: 7 days; at most RENEWAL_MAX_LIFE */
	struct rd prev;	      /* the mark being renewed; empty: a first application */
	enum doc_sig_alg alg; /* DOC_SIG_NONE: by the key */
};

/* Adds one failed check "request file" per defect to rep, which names the place and what to fix
 * ("cop[3].item: ..."), or one that is ok. True: it can be signed. */
bool renewal_check_file(struct rd json, struct report *rep);
/* While it is being written: whether something is wrong at this place, "cop[3].item", or below it;
 * why: the first of it. */
bool renewal_wrong_at(const json_t *file, const char *place, struct message_kept *why);
/* The same for what the file says against the certificate that is to sign it and the mark that is
 * to be renewed (empty: none): "business number", "previous mark". True: its issuer will not refuse
 * it for them. */
bool renewal_check_signer(struct rd json, struct rd cert, struct rd prev, struct report *rep);
/* A business number as it was claimed against the certificate's: check "business number". True: it
 * is not another one. */
bool renewal_business_check(const char *claimed, const char *certified, struct report *rep);
/* Errors: ECERT_E_DATA when the file has defects (rep says which); doc_sign_message's. */
enum ecert_rc renewal_create(const struct doc_signer *s, struct rd json,
    const struct renewal_options *o, struct buf *out, struct report *rep) MUST_CHECK;

struct renewal_expect {
	const char *audience; /* the issuer's URL; NULL: reported, not compared */
	struct rd prev;	      /* compared with hktm_prev; empty: not compared */
	/* jti are looked up here, and not burned: renewal_burn does that. NULL: replay is not
	 * checked. */
	struct nonce_store *used;
	time_t now;
	const struct trust_set *trust;
	struct rd ocsp; /* empty: none */
};

struct renewal_result {
	struct report report; /* "form", "subject", "audience", "time", path checks, "signature",
				 "content", "previous mark", "business number", "replay" */
	struct identity who;
	char merchant[256], issuer[256], type[256], id[128];
	time_t iat, exp;
	json_t *claims; /* owned */
};

/* A request that fails is ECERT_OK with a report that says so. Errors: ECERT_E_MEMORY, ECERT_E_IO.
 */
enum ecert_rc renewal_verify(
    struct rd text, const struct renewal_expect *e, struct renewal_result **out) MUST_CHECK;
/* Appends the certificate of who signed it, unverified. Errors: jws_parse's, buf_rc's. */
enum ecert_rc renewal_signer(struct rd text, struct buf *out) MUST_CHECK;
/* Burns the jti of a request that has verified, when what it asks for is done. Errors:
 * ECERT_E_EXISTS when it was burned meanwhile; ECERT_E_IO. */
enum ecert_rc renewal_burn(struct nonce_store *used, const struct renewal_result *r) MUST_CHECK;
/* Takes the burning back, when what was asked for could not be done after all. */
void renewal_unburn(struct nonce_store *used, const struct renewal_result *r);
json_t *renewal_json(const struct renewal_result *r);
void renewal_result_free(struct renewal_result **r);

#endif
