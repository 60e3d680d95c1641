/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signed trust list: a JWS, typ hktm-trust-list+jwt, signed by one pinned certificate. Claims:
 * iss iat exp, seq (a whole number that grows with every list), entries: [{name, purposes:
 * ["ecert-signing", "tsa", ...], x5c: base64 DER, or sha256: hexadecimal, policies: ["2.16...."],
 * type, declares_token, from, until (NumericDate), entity, kid, mark_types}]. The five checks of
 * the Hong Kong-Guangdong scheme are validity, root, signing CA, type name and policy OID; that
 * scheme lets the OID's last three nodes (year, version, release) be any, which
 * is 2.16.344.8.2.2008.810.2.*. A field of an entry that is not known here is a defect: a misspelt
 * or a new restriction must not vanish. What a later version only tells, without restricting,
 * belongs beside entries, where unknown claims are passed over.
 */
#ifndef ECERT_TRUST_LIST_H
#define ECERT_TRUST_LIST_H

#include "document/signer.h"
#include "trust/list/set.h"

#define TRUST_LIST_TYP "hktm-trust-list+jwt"

/* text: the JWS; signer: DER of the pinned certificate. As trust_set_add_list_file. */
enum ecert_rc trust_list_read(struct trust_set *s, struct rd text, struct rd signer, time_t now,
    struct trust_list_order *order, struct report *rep) MUST_CHECK;
/* The checks of trust_list_sign alone. Errors: ECERT_E_MALFORMED, and why gets what to fix. */
enum ecert_rc trust_list_check(struct rd json, struct message_kept *why) MUST_CHECK;
/*
 * Signs a list from JSON text ({"iss":, "seq":, "entries":[...]}); iat and exp are set here. The
 * entries are checked as they are when read; why gets what to fix. Errors: ECERT_E_MALFORMED,
 * doc_sign_message's.
 */
enum ecert_rc trust_list_sign(const struct doc_signer *s, struct rd json, time_t now, long lifetime,
    struct buf *out, struct message_kept *why) MUST_CHECK;

#endif
