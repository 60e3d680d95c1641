/* SPDX-License-Identifier: BSD-2-Clause */
/* What a template asks of a key on the token: kept, or refused before anything is made. */
#ifndef ECERT_PKCS11_KEYTEMPL_H
#define ECERT_PKCS11_KEYTEMPL_H

#include "pkcs11/object/attr.h"
#include "pkcs11/object/place.h"

struct template
{
	const CK_ATTRIBUTE *t;
	CK_ULONG n;
	bool in_memory; /* of an object of the session, which may be whatever it likes */
};

/* The names object's bit for the public key; those of the private one are 1 << enum token_op. */
#define DENY_VERIFY 0x80u

/*
 * Refuses a template in which an attribute that can have only one value has another, or which asks
 * for a use that this kind of key does not know. made: the key comes from the card, so that no part
 * of it may be given. pub is empty for an import. Errors: CKR_TEMPLATE_INCONSISTENT,
 * CKR_ATTRIBUTE_VALUE_INVALID.
 */
CK_RV keytempl_check(const struct token_at *at, enum key_alg alg, const struct template *pub,
    const struct template *priv, bool made) MUST_CHECK;
/* The uses that the templates exclude, for the key's name. Errors: CKR_TEMPLATE_INCONSISTENT (a
 * card that keeps no names, and the key would sign all the same). */
CK_RV keytempl_deny(const struct token_at *at, enum key_alg alg, const struct template *pub,
    const struct template *priv, uint8_t *deny) MUST_CHECK;
/* PIN and touch policy for that place: of the vendor's attributes, CKA_ALWAYS_AUTHENTICATE and
 * CKA_PRIVATE. Errors: CKR_TEMPLATE_INCONSISTENT, CKR_ATTRIBUTE_VALUE_INVALID. */
CK_RV keytempl_policies(
    const struct template *priv, unsigned place, struct token_newkey *spec) MUST_CHECK;
/* CKA_ALWAYS_AUTHENTICATE or the policy says so, before there is a place. */
CK_RV keytempl_always(const struct template *priv, bool *always) MUST_CHECK;

#endif
