/* SPDX-License-Identifier: BSD-2-Clause */
/* Handles, and the reading of objects from the token. */
#include "pkcs11/object/object.h"

#include <string.h>

#include "ecert/piv_const.h"

/*
 * A token object's handle says all: slot, generation of the token, kind, place. It needs no table,
 * stays the same while the token is in, and fits no other token. That of a private object dies with
 * the user's logout (5.6.9): both counters only grow, so their sum never comes back.
 */
#define PLACE_MASK 0xffUL
#define MAGIC	   0x500UL /* keeps small numbers from being handles */
#define KIND_SHIFT 11
#define KIND_MASK  0xfUL
#define GEN_SHIFT  15
#define GEN_MASK   0x3ffUL
#define SLOT_SHIFT 25
_Static_assert(TOKEN_SLOTS_MAX <= 32, "a slot has 5 bits");
_Static_assert(OBJECT_KINDS <= KIND_MASK, "a kind has 4 bits");

static const CK_ULONG profiles[] = {
    CKP_BASELINE_PROVIDER, CKP_AUTHENTICATION_TOKEN, CKP_PUBLIC_CERTIFICATES_TOKEN, 0};

CK_ULONG profile_at(unsigned i)
{
	return i < sizeof profiles / sizeof profiles[0] ? profiles[i] : 0;
}

/* What only a login shows; the key of 9E needs none. */
static bool dies_with_logout(enum object_kind kind, unsigned place)
{
	if (kind == OBJECT_DATA)
		return data_name(place) && data_name(place)->needs_pin;
	return kind == OBJECT_PRIVATE && place_ref(place) != ECERT_KEY_9E;
}

void object_handles_die(const struct token_at *at)
{
	if (token_user(at) == TOKEN_USER)
		atomic_fetch_add(&p11.logouts[at->slot], 1);
}

CK_OBJECT_HANDLE object_handle(const struct token_at *at, enum object_kind kind, unsigned place)
{
	CK_ULONG generation = at->generation;

	if (dies_with_logout(kind, place))
		generation += atomic_load(&p11.logouts[at->slot]);
	return (CK_ULONG)at->slot << SLOT_SHIFT | (generation & GEN_MASK) << GEN_SHIFT |
	       (CK_ULONG)kind << KIND_SHIFT | MAGIC | place;
}

void object_init(struct object *o, const struct token_at *at, enum object_kind kind, unsigned place)
{
	*o = (struct object){.at = *at, .kind = kind, .place = place};
	buf_init(&o->value, STORE_VALUE_MAX);
	if (kind != OBJECT_STORED)
		o->handle = object_handle(at, kind, place);
}

void object_close(struct object *o)
{
	token_key_clear(&o->key);
	buf_free(&o->value);
	stored_free(&o->stored);
}

static bool place_exists(enum object_kind kind, unsigned place)
{
	switch (kind) {
	case OBJECT_CERT:
	case OBJECT_PUBLIC:
	case OBJECT_PRIVATE:
		return place < PLACE_F9;
	case OBJECT_ATTEST:
		return place < PLACES;
	case OBJECT_DATA:
		return data_name(place);
	case OBJECT_CA:
		return place < CACERTS_MAX;
	case OBJECT_PROFILE:
		return profile_at(place) != 0;
	case OBJECT_MECHANISM:
		return mech_at(place);
	default:
		return false;
	}
}

CK_RV object_open(struct session *s, CK_OBJECT_HANDLE h, struct object *out)
{
	enum object_kind kind = (enum object_kind)(h >> KIND_SHIFT & KIND_MASK);
	unsigned place = (unsigned)(h & PLACE_MASK);
	CK_RV rv = CKR_OK;

	if (h & STORE_HANDLE_BIT) {
		object_init(out, &s->at, OBJECT_STORED, 0);
		out->handle = h;
		out->stored = store_get(s->at.slot, h);
		if (!out->stored)
			rv = CKR_OBJECT_HANDLE_INVALID;
	} else {
		object_init(out, &s->at, kind, place);
		if (out->handle != h || !place_exists(kind, place))
			return CKR_OBJECT_HANDLE_INVALID;
		rv = object_load(out);
	}
	if (rv == CKR_OK && !object_visible(out))
		rv = CKR_OBJECT_HANDLE_INVALID;
	if (rv != CKR_OK)
		object_close(out);
	return rv;
}

CK_RV object_key(struct object *o)
{
	enum ecert_rc rc;

	if (o->key_read)
		return CKR_OK;
	rc = token_key_get(&o->at, place_ref(o->place), &o->key);
	/* A key that nobody here can use. What the card says of it may be nonsense (the card as a
	 * whole has been asked since, and is well): that must not hide the other keys. */
	if (rc == ECERT_E_MALFORMED || rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_CARD)
		rc = ECERT_E_NOT_FOUND;
	if (rc != ECERT_OK)
		return p11_rv(rc);
	o->key_read = true;
	return CKR_OK;
}

/* One of them, out of what a search has read, or read now. */
static enum ecert_rc read_cacert(struct object *o)
{
	struct buf own = BUF_INIT(STORE_VALUE_MAX);
	const struct buf *all = o->cacerts ? o->cacerts : &own;
	struct rd der;
	enum ecert_rc rc = o->cacerts ? ECERT_OK : cacerts_read(&o->at, &own);

	if (rc == ECERT_OK)
		rc = cacerts_at(buf_view(all), o->place, &der);
	if (rc == ECERT_OK) {
		buf_rd(&o->value, der);
		rc = buf_rc(&o->value);
	}
	buf_free(&own);
	return rc;
}

static enum ecert_rc read_value(struct object *o)
{
	uint8_t ref = place_ref(o->place);

	switch (o->kind) {
	case OBJECT_DATA:
		return token_data_get(&o->at, data_name(o->place)->tag, &o->value);
	case OBJECT_CA:
		return read_cacert(o);
	case OBJECT_ATTEST:
		return token_attest(&o->at, ref, &o->value);
	default:
		return token_cert_get(&o->at, ref, &o->value);
	}
}

CK_RV object_value(struct object *o)
{
	enum ecert_rc rc;

	if (o->value_read)
		return CKR_OK;
	rc = read_value(o);
	if (rc == ECERT_OK && o->kind != OBJECT_DATA)
		rc = certview_parse(buf_view(&o->value), &o->cert);
	switch (rc) {
	case ECERT_OK:
		o->value_read = true;
		return CKR_OK;
	/* what the card will not give, or what is no certificate, is no object */
	case ECERT_E_MALFORMED:
	case ECERT_E_UNSUPPORTED:
	case ECERT_E_DENIED:
	case ECERT_E_AUTH:
	case ECERT_E_CARD:
	case ECERT_E_TOO_LARGE:
		return CKR_OBJECT_HANDLE_INVALID;
	default:
		return p11_rv(rc);
	}
}

CK_RV object_load(struct object *o)
{
	switch (o->kind) {
	case OBJECT_PUBLIC:
	case OBJECT_PRIVATE:
		return object_key(o);
	case OBJECT_CERT:
	case OBJECT_ATTEST:
	case OBJECT_CA:
		return object_value(o);
	case OBJECT_DATA:
		if (data_name(o->place)->needs_pin && token_user(&o->at) != TOKEN_USER)
			return CKR_OBJECT_HANDLE_INVALID;
		return object_value(o);
	default:
		return CKR_OK;
	}
}

bool object_private(const struct object *o)
{
	switch (o->kind) {
	case OBJECT_PRIVATE:
		return o->key.pin != PIN_NEVER; /* 9E works without a PIN */
	case OBJECT_DATA:
		return data_name(o->place)->needs_pin;
	case OBJECT_STORED:
		return stored_true(o->stored, CKA_PRIVATE);
	default:
		return false;
	}
}

/*
 * 5.6.5 keeps private objects from the SO. Here the SO makes and deletes keys, so private keys can
 * be seen by the SO as well; using one needs the user.
 */
bool object_visible(const struct object *o)
{
	return !object_private(o) || token_user(&o->at) != TOKEN_NOBODY;
}

CK_OBJECT_CLASS object_class(const struct object *o)
{
	static const CK_OBJECT_CLASS class_of[] = {
	    [OBJECT_CERT] = CKO_CERTIFICATE,
	    [OBJECT_PUBLIC] = CKO_PUBLIC_KEY,
	    [OBJECT_PRIVATE] = CKO_PRIVATE_KEY,
	    [OBJECT_DATA] = CKO_DATA,
	    [OBJECT_ATTEST] = CKO_CERTIFICATE,
	    [OBJECT_PROFILE] = CKO_PROFILE,
	    [OBJECT_MECHANISM] = CKO_MECHANISM,
	    [OBJECT_CA] = CKO_CERTIFICATE,
	};
	CK_OBJECT_CLASS class = 0;

	if (o->kind != OBJECT_STORED)
		return class_of[o->kind];
	memcpy(&class, stored_get(o->stored, CKA_CLASS)->value, sizeof class);
	return class;
}

bool object_nameable(const struct object *o)
{
	return o->kind == OBJECT_CERT || o->kind == OBJECT_PUBLIC || o->kind == OBJECT_PRIVATE;
}

CK_RV object_name(struct object *o)
{
	struct token_names own;
	const struct token_names *names = o->names;
	const struct token_name *name;
	enum ecert_rc rc = ECERT_OK;

	if (o->name_read || !object_nameable(o))
		return CKR_OK;
	if (!names) {
		rc = token_names(&o->at, &own);
		names = &own;
	}
	if (rc != ECERT_OK)
		return p11_rv(rc);
	name = token_name_of(names, place_ref(o->place));
	if (name)
		o->name = *name;
	o->names_kept = names->kept;
	o->name_read = true;
	return CKR_OK;
}

/* An attestation certificate with its key's CKA_ID would be taken for the key's certificate, and a
 * CA's with any key's. */
CK_RV object_id(struct object *o, struct buf *out)
{
	CK_RV rv = object_name(o);

	if (rv != CKR_OK)
		return rv;
	if (o->kind == OBJECT_CA) {
		buf_u8(out, CACERTS_ID);
		buf_u8(out, (uint8_t)(CACERTS_FIRST + o->place));
		return CKR_OK;
	}
	if (o->kind == OBJECT_ATTEST && o->place != PLACE_F9)
		buf_u8(out, place_ref(PLACE_F9));
	if (o->name.id_len)
		buf_put(out, o->name.id, o->name.id_len);
	else if (o->kind == OBJECT_ATTEST || object_nameable(o))
		buf_u8(out, (uint8_t)(o->place + 1));
	return CKR_OK;
}
