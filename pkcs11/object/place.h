/* SPDX-License-Identifier: BSD-2-Clause */
/* Where on the token something new goes, and what it is called there. */
#ifndef ECERT_PKCS11_PLACE_H
#define ECERT_PKCS11_PLACE_H

#include "pkcs11/object/object.h"

/* Held from the choice of a free place until something is in it: without it another thread of this
 * process would choose the same one. */
void places_lock(const struct session *s);
void places_unlock(const struct session *s);
/* In a forked child, whose parent may have been at it. */
void places_forget(void);

/*
 * The place for a new key: the one that has the CKA_ID. For an ID that no place has, on a token
 * that keeps names: the first without key and certificate of 9A, 82..95, 9D (with always, PIN
 * always: of 9C first); 9E, whose key works without a PIN, never. Without an ID the first without a
 * key, 9E excepted, and slots that the card lacks. Errors: CKR_ATTRIBUTE_VALUE_INVALID (an ID that
 * cannot be had here), CKR_ACTION_PROHIBITED (a key with this ID is there and the option says not
 * to overwrite; or the ID is that of a place by itself, and what is there is called otherwise),
 * CKR_DEVICE_MEMORY (none free).
 */
CK_RV place_for_key(struct session *s, struct rd id, bool always, unsigned *place) MUST_CHECK;
/*
 * The place for a certificate: the one that has the CKA_ID; for another ID, or none, the one of its
 * key, unless the owner gave that another ID. On a token that keeps names, a certificate without a
 * key there goes to the first free retired place. Errors: as above, CKR_TEMPLATE_INCOMPLETE.
 */
CK_RV place_for_cert(struct session *s, struct rd id, struct rd der, unsigned *place) MUST_CHECK;

/* Puts a CKA_ID or CKA_LABEL into a name; class: the kind of object whose label it is. An empty
 * value goes back to the place's own, and for a public key to its private key's. Errors:
 * CKR_ATTRIBUTE_VALUE_INVALID. */
CK_RV name_set(struct token_name *name, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *a) MUST_CHECK;
/* Writes the name to the token. Errors: CKR_ATTRIBUTE_VALUE_INVALID (no text, or an ID that another
 * place has), CKR_ACTION_PROHIBITED (this token keeps none), the token's. */
CK_RV name_write(const struct token_at *at, const struct token_name *name) MUST_CHECK;

/* The name is written before the thing itself, so that nothing is made that cannot be called as
 * wanted, and taken back when the thing could not be made. */
struct naming {
	struct token_at at;
	struct token_name before;
	bool changed;
};
/* What something new is to be called. */
struct new_name {
	CK_OBJECT_CLASS class; /* CKO_CERTIFICATE, or CKO_PRIVATE_KEY for the pair */
	struct rd id, label;
	struct rd pub_label; /* the public key's */
	uint8_t deny;	     /* uses that are excluded (token.h) */
};
/* Writes the name of what is about to be made in this place. Errors: name_set's, name_write's. */
CK_RV naming_begin(struct session *s, unsigned place, const struct new_name *new_name,
    struct naming *out) MUST_CHECK;
/* made: how the making went. When it failed, the name of before is written back. Returns made. */
CK_RV naming_end(const struct naming *n, CK_RV made) MUST_CHECK;

#endif
