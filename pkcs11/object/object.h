/* SPDX-License-Identifier: BSD-2-Clause */
/* An object as one call sees it: what a handle names, read from the token only as far as needed. */
#ifndef ECERT_PKCS11_OBJECT_H
#define ECERT_PKCS11_OBJECT_H

#include "pkcs11/object/cacerts.h"
#include "pkcs11/object/certview.h"
#include "pkcs11/object/names.h"
#include "pkcs11/session_table.h"
#include "pkcs11/object/store.h"

enum object_kind {
	OBJECT_CERT,
	OBJECT_PUBLIC,
	OBJECT_PRIVATE,
	OBJECT_DATA,
	OBJECT_ATTEST, /* place 24: the attestation key's own certificate */
	OBJECT_PROFILE,
	OBJECT_MECHANISM,
	OBJECT_CA,     /* place: which of the CAs' certificates that the token keeps */
	OBJECT_STORED, /* a session object */
	OBJECT_KINDS
};
#define KIND_BIT(kind) (1u << (kind))

struct object {
	CK_OBJECT_HANDLE handle;
	enum object_kind kind;
	unsigned place; /* of the key, the data object's, profile's or mechanism's row */
	struct token_at at;
	bool key_read, value_read;
	struct token_key key;
	struct buf value; /* certificate, attestation or data */
	struct certview cert;
	struct stored *stored;
	const struct token_names *names; /* those of a search, which has read them once */
	const struct buf *cacerts;	 /* the same */
	bool name_read, names_kept;
	struct token_name name; /* what the owner calls it; zeros when nothing is chosen */
};

/* Nothing is read yet. */
void object_init(
    struct object *o, const struct token_at *at, enum object_kind kind, unsigned place);
/* What handle names, if it is there and this client may see it. Errors:
 * CKR_OBJECT_HANDLE_INVALID, those of the token. */
CK_RV object_open(struct session *s, CK_OBJECT_HANDLE h, struct object *out) MUST_CHECK;
void object_close(struct object *o);

/* Reads what proves that it exists. Errors: CKR_OBJECT_HANDLE_INVALID. */
CK_RV object_load(struct object *o) MUST_CHECK;
/* Read the key of the place into o->key, and the certificate or data into o->value, at the first
 * call only. Errors: as object_load. */
CK_RV object_key(struct object *o) MUST_CHECK;
CK_RV object_value(struct object *o) MUST_CHECK;
/* 4.4: private objects are there for who has logged in. Known after object_load. */
bool object_visible(const struct object *o);
bool object_private(const struct object *o);

CK_OBJECT_CLASS object_class(const struct object *o);
/* Appends the CKA_ID: the one that the owner chose, else the place's. Errors: the token's. */
CK_RV object_id(struct object *o, struct buf *out) MUST_CHECK;
/* Fills o->name with what the owner calls it, and o->names_kept with whether this token keeps names
 * at all; asks the card at the first call only. Errors: the token's. */
CK_RV object_name(struct object *o) MUST_CHECK;
/* Keys and certificates of places: what can have a name. */
bool object_nameable(const struct object *o);

/* The rows of the profiles that we keep (PKCS #11 Profiles 3.2); 0 after the last. */
CK_ULONG profile_at(unsigned i);

/* Before the user's logout: handles of private objects fit no more (5.6.9). The SO's logout leaves
 * the handles of new keys to the user who comes next. */
void object_handles_die(const struct token_at *at);
/* A token object's handle. */
CK_OBJECT_HANDLE object_handle(const struct token_at *at, enum object_kind kind, unsigned place);

#endif
