/* SPDX-License-Identifier: BSD-2-Clause */
/* The beginning of every operation with a key. */
#include "pkcs11/op/able.h"
#include "pkcs11/template/keytempl.h"
#include "pkcs11/api/sign_priv.h"

/* A NULL mechanism ends what is active (3.0); without anything active it is a missing argument. */
static CK_RV cancel_or_refuse(struct session *s, enum op_kind kind)
{
	if (!s->op[kind])
		return CKR_ARGUMENTS_BAD;
	session_end(s, kind);
	return CKR_OK;
}

static CK_RV open_key(struct session *s, CK_OBJECT_HANDLE h, struct object *o)
{
	CK_RV rv = object_open(s, h, o);

	return rv == CKR_OBJECT_HANDLE_INVALID ? CKR_KEY_HANDLE_INVALID : rv;
}

/* A key of the other half, or a secret: a wrong type is said before a wrong use (5.1.6). */
static CK_RV other_key(const struct object *o, const struct mech *m)
{
	enum key_alg alg = KEY_NONE;

	switch (object_class(o)) {
	case CKO_PUBLIC_KEY:
	case CKO_PRIVATE_KEY:
		alg = o->kind == OBJECT_STORED ? pubkey_alg(o->stored->pub) : o->key.alg;
		break;
	case CKO_SECRET_KEY:
		break;
	default:
		return CKR_KEY_HANDLE_INVALID;
	}
	return mech_fits(m, alg) ? CKR_KEY_FUNCTION_NOT_PERMITTED : CKR_KEY_TYPE_INCONSISTENT;
}

/* A private key that would be there after C_Login is not an invalid handle to its user. */
static CK_RV open_private(
    struct session *s, CK_OBJECT_HANDLE h, const struct mech *m, struct object *o)
{
	struct object probe;
	CK_RV rv = open_key(s, h, o);

	if (rv == CKR_OK && o->kind != OBJECT_PRIVATE) {
		rv = other_key(o, m);
		object_close(o);
		return rv;
	}
	if (rv == CKR_OK && object_private(o) && token_user(&s->at) != TOKEN_USER) {
		object_close(o);
		return CKR_USER_NOT_LOGGED_IN;
	}
	if (rv != CKR_KEY_HANDLE_INVALID || token_user(&s->at) != TOKEN_NOBODY)
		return rv;
	for (unsigned place = 0; place < PLACE_F9; place++) {
		if (object_handle(&s->at, OBJECT_PRIVATE, place) != h)
			continue;
		object_init(&probe, &s->at, OBJECT_PRIVATE, place);
		if (object_load(&probe) == CKR_OK)
			rv = CKR_USER_NOT_LOGGED_IN;
		object_close(&probe);
	}
	return rv;
}

/* By its kind, and as far as the card has answered. PIV's rule alone is no refusal: many cards are
 * not that strict. */
static CK_RV key_can(const struct token_at *at, const struct token_key *key, enum token_op use)
{
	const struct alg *a = alg_row(key->alg);
	bool can = false;

	if (able_refused(at, key->ref, use))
		return CKR_KEY_FUNCTION_NOT_PERMITTED;

	if (a && use == TOKEN_SIGN)
		can = a->can_sign;
	else if (a && use == TOKEN_DECRYPT)
		can = a->can_decrypt;
	else if (a)
		can = a->can_derive;
	return can ? CKR_OK : CKR_KEY_FUNCTION_NOT_PERMITTED;
}

static CK_RV op_for(const struct mech *m, const CK_MECHANISM *given, CK_FLAGS need, struct op **out)
{
	CK_RV rv;

	*out = NULL;
	if (!m || !(mech_flags(m) & need))
		return CKR_MECHANISM_INVALID;
	rv = op_new(out);
	if (rv != CKR_OK)
		return rv;
	(*out)->mech = m;
	return mech_params_get(m, given, &(*out)->params);
}

/* The algorithm fits, and the message can begin. */
static CK_RV op_ready(struct op *op)
{
	if (!mech_fits(op->mech, op->key.alg))
		return CKR_KEY_TYPE_INCONSISTENT;
	return op->mech->use == USE_SIGN ? op_message_start(op) : CKR_OK;
}

CK_RV private_once(struct session *s, const CK_MECHANISM *m, CK_OBJECT_HANDLE key, CK_FLAGS need,
    enum token_op use, struct op **out)
{
	struct object o;
	CK_RV rv = op_for(mech_find(m->mechanism), m, need, out);

	if (rv == CKR_OK)
		rv = open_private(s, key, (*out)->mech, &o);
	if (rv != CKR_OK)
		goto out;
	(*out)->key = o.key;
	(*out)->key.pub = pubkey_ref(o.key.pub);
	rv = op_ready(*out);
	if (rv == CKR_OK)
		rv = key_can(&s->at, &(*out)->key, use);
	object_close(&o);
out:
	if (rv != CKR_OK)
		op_free(out);
	return rv;
}

/*
 * An operation whose key wants the PIN each time, and did not get it, goes nowhere: the next one
 * takes its place. Programs that never ask for that PIN (ssh-agent) leave it behind, and would find
 * the session busy for ever.
 */
static bool in_the_way(const struct op *op)
{
	return op && (op->key.pin != PIN_ALWAYS || op->paid);
}

/* The old one stays unless the new one can begin. */
static CK_RV private_begin(struct session *s, enum op_kind kind, const CK_MECHANISM *m,
    CK_OBJECT_HANDLE key, CK_FLAGS need, enum token_op use)
{
	struct op *op = NULL;
	CK_RV rv = private_once(s, m, key, need, use, &op);

	if (rv != CKR_OK)
		return rv;
	session_end(s, kind);
	op->begun = ++s->begun;
	s->op[kind] = op;
	return CKR_OK;
}

CK_RV private_init(const char *func, CK_SESSION_HANDLE h, enum op_kind kind, const CK_MECHANISM *m,
    CK_OBJECT_HANDLE key, CK_FLAGS need, enum token_op use)
{
	struct session *s;
	CK_RV rv = session_enter(func, h, true, &s);

	if (rv != CKR_OK)
		return rv;
	if (!m)
		rv = cancel_or_refuse(s, kind);
	else if (in_the_way(s->op[kind]))
		rv = CKR_OPERATION_ACTIVE;
	else
		rv = private_begin(s, kind, m, key, need, use);
	return session_leave(func, s, rv);
}

static CK_RV public_of(const struct object *o, const struct mech *m, struct token_key *key)
{
	const struct pubkey *pub = NULL;

	if (o->kind == OBJECT_PUBLIC && able_denied(&o->at, place_ref(o->place)) & DENY_VERIFY)
		return CKR_KEY_FUNCTION_NOT_PERMITTED;
	if (o->kind == OBJECT_PUBLIC)
		pub = o->key.pub;
	else if (o->kind == OBJECT_STORED && o->stored->pub)
		pub = o->stored->pub;
	if (!pub)
		return other_key(o, m);
	if (o->kind == OBJECT_STORED && !stored_true(o->stored, CKA_VERIFY))
		return other_key(o, m);
	*key = (struct token_key){.alg = pubkey_alg(pub), .pub = pubkey_ref(pub)};
	return CKR_OK;
}

CK_RV verify_init_in(struct session *s, enum op_kind kind, const CK_MECHANISM *m,
    CK_OBJECT_HANDLE key, CK_FLAGS need)
{
	struct object o;
	struct op *op = NULL;
	CK_RV rv;

	if (!m)
		return cancel_or_refuse(s, kind);
	if (s->op[kind])
		return CKR_OPERATION_ACTIVE;
	rv = op_for(mech_find(m->mechanism), m, need, &op);
	if (rv == CKR_OK)
		rv = open_key(s, key, &o);
	if (rv != CKR_OK)
		goto out;
	rv = public_of(&o, op->mech, &op->key);
	if (rv == CKR_OK)
		rv = op_ready(op);
	object_close(&o);
out:
	if (rv != CKR_OK)
		op_free(&op);
	s->op[kind] = op;
	return rv;
}

CK_RV verify_init(const char *func, CK_SESSION_HANDLE h, enum op_kind kind, const CK_MECHANISM *m,
    CK_OBJECT_HANDLE key, CK_FLAGS need)
{
	struct session *s;
	CK_RV rv = session_enter(func, h, true, &s);

	if (rv != CKR_OK)
		return rv;
	rv = verify_init_in(s, kind, m, key, need);
	return session_leave(func, s, rv);
}
