/* SPDX-License-Identifier: BSD-2-Clause */
/* Session objects: certificates, data, public keys and derived secrets that live in memory. */
#ifndef ECERT_PKCS11_STORE_H
#define ECERT_PKCS11_STORE_H

#include "pkcs11/module.h"

#define STORE_MAX	 1024u
#define STORE_VALUE_MAX	 65536u
#define STORE_ATTRS_MAX	 48u
#define STORE_HANDLE_BIT 0x40000000UL

struct stored_attr {
	CK_ATTRIBUTE_TYPE type;
	uint8_t *value;
	size_t len;
};

/* One object. Counted by references, and never changed once it is in the table: whoever changes it
 * puts a changed copy in its place. */
struct stored {
	unsigned refs;
	size_t n;
	struct stored_attr attr[STORE_ATTRS_MAX];
	struct pubkey *pub; /* public keys only */
};

/* An empty one with one reference, the caller's. Errors: CKR_HOST_MEMORY. */
CK_RV stored_new(struct stored **out) MUST_CHECK;
/* Sets or replaces one. Errors: CKR_HOST_MEMORY, CKR_ATTRIBUTE_VALUE_INVALID (too large). */
CK_RV stored_set(struct stored *s, CK_ATTRIBUTE_TYPE type, struct rd value) MUST_CHECK;
CK_RV stored_set_bool(struct stored *s, CK_ATTRIBUTE_TYPE type, bool value) MUST_CHECK;
CK_RV stored_set_ulong(struct stored *s, CK_ATTRIBUTE_TYPE type, CK_ULONG value) MUST_CHECK;
/* NULL when it has none. */
const struct stored_attr *stored_get(const struct stored *s, CK_ATTRIBUTE_TYPE type);
bool stored_true(const struct stored *s, CK_ATTRIBUTE_TYPE type);
/* A copy that may be changed, with one reference, the caller's. Errors: CKR_HOST_MEMORY. */
CK_RV stored_dup(const struct stored *s, struct stored **out) MUST_CHECK;
/* Drops one reference; secrets are wiped with the last. */
void stored_free(struct stored **s);

/* Puts it into the table, which takes the reference over. Errors: CKR_DEVICE_MEMORY (full). */
CK_RV store_add(
    CK_SESSION_HANDLE owner, unsigned slot, struct stored *s, CK_OBJECT_HANDLE *out) MUST_CHECK;
/* A new reference to what is behind a handle, for the caller to free; NULL: nothing is. */
struct stored *store_get(unsigned slot, CK_OBJECT_HANDLE h);
/* Takes s over when the handle is still there. Errors: CKR_OBJECT_HANDLE_INVALID. */
CK_RV store_replace(unsigned slot, CK_OBJECT_HANDLE h, struct stored *s) MUST_CHECK;
/* Errors: CKR_OBJECT_HANDLE_INVALID. */
CK_RV store_remove(unsigned slot, CK_OBJECT_HANDLE h) MUST_CHECK;
/* Handles of a slot's objects from place *at on; 0 after the last. */
CK_OBJECT_HANDLE store_next(unsigned slot, size_t *at);
/* C_CloseSession: objects live as long as the session that made them (4.4). */
void store_drop_session(CK_SESSION_HANDLE owner);
/* C_Logout: private ones go (5.6.9). */
void store_drop_private(unsigned slot);
/* C_Finalize, and a forked child: all of them. */
void store_discard(void);

#endif
