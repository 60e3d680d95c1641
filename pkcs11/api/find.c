/* SPDX-License-Identifier: BSD-2-Clause */
/* Searching: the template decides what is read, so that one CKA_ID costs one key's reading. */
#include <stdlib.h>
#include <string.h>

#include "pkcs11/object/attr.h"

#define ATTEST_PREFIX "X.509 Certificate for PIV Attestation"

struct search {
	struct session *s;
	struct op *op;
	const CK_ATTRIBUTE *t;
	CK_ULONG n;
	unsigned kinds;	     /* KIND_BIT */
	bool refs_known;     /* the token was asked where something may be */
	unsigned places;     /* then: bit i = place i */
	unsigned candidates; /* that fit by what costs nothing */
	bool names_known;    /* the template asks for what the owner may have named */
	struct token_names names;
	bool cacerts_known; /* something fits that only the CAs' certificates can tell */
	struct buf cacerts;
};

static CK_RV found(struct op *op, CK_OBJECT_HANDLE h)
{
	CK_OBJECT_HANDLE *more;

	if (op->found_n % 32 == 0) {
		more = realloc(op->found, (op->found_n + 32) * sizeof *more);
		if (!more)
			return CKR_HOST_MEMORY;
		op->found = more;
	}
	op->found[op->found_n++] = h;
	return CKR_OK;
}

static bool named(const struct search *q, CK_ATTRIBUTE_TYPE type)
{
	return template_get(q->t, q->n, type);
}

/* What never shows up by itself: it would cost a reading, or a program would take it for its own.
 */
static bool wants_attestation(const struct search *q)
{
	struct rd id = template_bytes(q->t, q->n, CKA_ID);
	struct rd label = template_bytes(q->t, q->n, CKA_LABEL);
	bool asked = false;

	if (template_bool(q->t, q->n, CKA_ECERT_ATTESTATION, &asked) != CKR_OK)
		return false;
	if (id.n == 2 || (id.n == 1 && id.p[0] == PLACE_F9 + 1))
		return true;
	return asked || (label.n >= sizeof ATTEST_PREFIX - 1 &&
			    !memcmp(label.p, ATTEST_PREFIX, sizeof ATTEST_PREFIX - 1));
}

static bool wants_data(const struct search *q)
{
	return named(q, CKA_CLASS) || named(q, CKA_LABEL) || named(q, CKA_APPLICATION) ||
	       named(q, CKA_OBJECT_ID) || named(q, CKA_UNIQUE_ID);
}

static CK_RV choose_kinds(struct search *q)
{
	static const struct {
		CK_OBJECT_CLASS class;
		unsigned kinds;
	} of_class[] = {
	    {CKO_CERTIFICATE,
		KIND_BIT(OBJECT_CERT) | KIND_BIT(OBJECT_ATTEST) | KIND_BIT(OBJECT_CA)},
	    {CKO_PUBLIC_KEY, KIND_BIT(OBJECT_PUBLIC)},
	    {CKO_PRIVATE_KEY, KIND_BIT(OBJECT_PRIVATE)},
	    {CKO_DATA, KIND_BIT(OBJECT_DATA)},
	    {CKO_PROFILE, KIND_BIT(OBJECT_PROFILE)},
	    {CKO_MECHANISM, KIND_BIT(OBJECT_MECHANISM)},
	};
	CK_OBJECT_CLASS class = CK_UNAVAILABLE_INFORMATION;
	bool on_token = true;
	CK_RV rv = template_ulong(q->t, q->n, CKA_CLASS, &class);

	if (rv == CKR_OK)
		rv = template_bool(q->t, q->n, CKA_TOKEN, &on_token);
	if (rv != CKR_OK)
		return rv;
	q->kinds = 0;
	for (size_t i = 0; i < sizeof of_class / sizeof of_class[0]; i++) {
		bool storage = of_class[i].class != CKO_PROFILE &&
			       of_class[i].class != CKO_MECHANISM;

		/* profiles and mechanisms are no storage objects: only where they are named */
		if (named(q, CKA_CLASS) ? of_class[i].class == class : storage)
			q->kinds |= of_class[i].kinds;
	}
	if (!wants_attestation(q))
		q->kinds &= ~KIND_BIT(OBJECT_ATTEST);
	if (!wants_data(q))
		q->kinds &= ~KIND_BIT(OBJECT_DATA);
	if (cacerts_unwanted(q->n))
		q->kinds &= ~KIND_BIT(OBJECT_CA);
	if (!on_token)
		q->kinds = 0;
	return CKR_OK;
}

/* TOKEN=TRUE on a search for a profile is what NSS and pkcs11-provider send. */
static bool ignored(const struct object *o, CK_ATTRIBUTE_TYPE type)
{
	return (o->kind == OBJECT_PROFILE || o->kind == OBJECT_MECHANISM) &&
	       (type == CKA_TOKEN || type == CKA_PRIVATE);
}

/*
 * free: compares what is known without reading, else the rest. An attribute that the object does
 * not have, or does not show, is another one; without memory nobody can tell.
 */
static CK_RV matches(const struct search *q, struct object *o, bool free_ones, bool *same)
{
	struct buf value = BUF_INIT(ATTR_VALUE_MAX + 16);
	CK_RV rv = CKR_OK;

	*same = true;
	for (CK_ULONG i = 0; i < q->n && *same; i++) {
		const CK_ATTRIBUTE *a = &q->t[i];

		if (attr_is_free(o, a->type) != free_ones || ignored(o, a->type))
			continue;
		buf_reset(&value);
		rv = attr_get(o, a->type, &value);
		*same = rv == CKR_OK && rd_equal(buf_view(&value), rd_of(a->pValue, a->ulValueLen));
	}
	buf_free(&value);
	return rv == CKR_HOST_MEMORY ? rv : CKR_OK;
}

/* Asked once, and only when more than one place is left. */
static CK_RV ask_places(struct search *q)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;
	enum ecert_rc rc;

	if (q->refs_known)
		return CKR_OK;
	rc = token_refs(&q->s->at, refs, &n);
	if (rc != ECERT_OK)
		return p11_rv(rc);
	q->places = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned place;

		if (place_of_ref(refs[i], &place))
			q->places |= 1u << place;
	}
	q->refs_known = true;
	return CKR_OK;
}

/* Once, and only when one of them fits by what costs nothing. */
static CK_RV ask_cacerts(struct search *q, struct object *o)
{
	enum ecert_rc rc = ECERT_OK;

	if (!q->cacerts_known)
		rc = cacerts_read(&q->s->at, &q->cacerts);
	q->cacerts_known = rc == ECERT_OK;
	o->cacerts = &q->cacerts;
	return p11_rv(rc);
}

static bool has_place(enum object_kind kind)
{
	return kind == OBJECT_CERT || kind == OBJECT_PUBLIC || kind == OBJECT_PRIVATE ||
	       kind == OBJECT_ATTEST;
}

/* Once, and only for a search that something named could fit. */
static CK_RV ask_names(struct search *q)
{
	const unsigned nameable = KIND_BIT(OBJECT_CERT) | KIND_BIT(OBJECT_PUBLIC) |
				  KIND_BIT(OBJECT_PRIVATE);
	enum ecert_rc rc;

	if (!(q->kinds & nameable) ||
	    (!named(q, CKA_ID) && !named(q, CKA_LABEL) && !named(q, CKA_MODIFIABLE)))
		return CKR_OK;
	rc = token_names(&q->s->at, &q->names);
	q->names_known = rc == ECERT_OK;
	return p11_rv(rc);
}

static void begin(const struct search *q, struct object *o, enum object_kind kind, unsigned place)
{
	object_init(o, &q->s->at, kind, place);
	if (q->names_known)
		o->names = &q->names;
}

/* One candidate that fits so far: is it there, seen, and the same in everything? */
static CK_RV try_object(struct search *q, struct object *o)
{
	bool same;
	CK_RV rv;

	if (has_place(o->kind) && q->candidates > 1) {
		rv = ask_places(q);
		if (rv != CKR_OK)
			return rv;
		if (!(q->places & 1u << o->place))
			return CKR_OK;
	}
	rv = o->kind == OBJECT_CA ? ask_cacerts(q, o) : CKR_OK;
	if (rv == CKR_OK)
		rv = object_load(o);
	if (rv != CKR_OK)
		return rv == CKR_OBJECT_HANDLE_INVALID ? CKR_OK : rv;
	if (!object_visible(o))
		return CKR_OK;
	rv = matches(q, o, false, &same);
	return rv != CKR_OK || !same ? rv : found(q->op, o->handle);
}

static unsigned places_of(enum object_kind kind)
{
	unsigned n = 0;

	switch (kind) {
	case OBJECT_DATA:
		while (data_name(n))
			n++;
		return n;
	case OBJECT_PROFILE:
		while (profile_at(n))
			n++;
		return n;
	case OBJECT_MECHANISM:
		while (mech_at(n))
			n++;
		return n;
	case OBJECT_ATTEST:
		return PLACES;
	case OBJECT_CA:
		return CACERTS_MAX;
	default:
		return PLACE_F9;
	}
}

/* Distinct places that fit, over all kinds: two kinds of one place are read together. */
static CK_RV count_candidates(struct search *q)
{
	unsigned seen = 0;
	CK_RV rv = CKR_OK;

	for (int kind = 0; kind < OBJECT_STORED; kind++) {
		if (!(q->kinds & KIND_BIT(kind)) || !has_place((enum object_kind)kind))
			continue;
		for (unsigned place = 0; place < places_of((enum object_kind)kind) && rv == CKR_OK;
		     place++) {
			struct object o;
			bool same;

			begin(q, &o, (enum object_kind)kind, place);
			rv = matches(q, &o, true, &same);
			if (same)
				seen |= 1u << place;
			object_close(&o);
		}
	}
	q->candidates = (unsigned)__builtin_popcount(seen);
	return rv;
}

static CK_RV search_token(struct search *q)
{
	CK_RV rv = choose_kinds(q);

	if (rv == CKR_OK)
		rv = ask_names(q);
	if (rv == CKR_OK)
		rv = count_candidates(q);
	for (int kind = 0; kind < OBJECT_STORED && rv == CKR_OK; kind++) {
		if (!(q->kinds & KIND_BIT(kind)))
			continue;
		for (unsigned i = 0; i < places_of((enum object_kind)kind) && rv == CKR_OK; i++) {
			struct object o;
			bool same;

			begin(q, &o, (enum object_kind)kind, i);
			rv = matches(q, &o, true, &same);
			if (rv == CKR_OK && same)
				rv = try_object(q, &o);
			object_close(&o);
		}
	}
	return rv;
}

static CK_RV search_stored(struct search *q)
{
	CK_OBJECT_HANDLE h;
	size_t at = 0;
	CK_RV rv = CKR_OK;

	while (rv == CKR_OK && (h = store_next(q->s->at.slot, &at)) != CK_INVALID_HANDLE) {
		struct object o;
		bool same;

		rv = object_open(q->s, h, &o);
		if (rv != CKR_OK) { /* gone since, or not to be seen */
			rv = rv == CKR_HOST_MEMORY ? rv : CKR_OK;
			continue;
		}
		rv = matches(q, &o, true, &same);
		if (rv == CKR_OK && same)
			rv = matches(q, &o, false, &same);
		if (rv == CKR_OK && same)
			rv = found(q->op, h);
		object_close(&o);
	}
	return rv;
}

CK_RV C_FindObjectsInit(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount)
{
	struct session *s;
	struct search q = {.t = pTemplate, .n = ulCount, .cacerts = BUF_INIT(STORE_VALUE_MAX)};
	struct op *op = NULL;
	CK_RV rv = session_enter(__func__, hSession, pTemplate || !ulCount, &s);

	if (rv != CKR_OK)
		return rv;
	if (s->op[OP_FIND])
		return session_leave(__func__, s, CKR_OPERATION_ACTIVE);
	rv = template_sane(pTemplate, ulCount); /* 5.7.7: each must match, twice if need be */
	if (rv == CKR_OK)
		rv = op_new(&op);
	q.s = s;
	q.op = op;
	if (rv == CKR_OK)
		rv = search_token(&q);
	if (rv == CKR_OK)
		rv = search_stored(&q);
	buf_free(&q.cacerts);
	if (rv != CKR_OK)
		op_free(&op);
	s->op[OP_FIND] = op;
	return session_leave(__func__, s, rv);
}

CK_RV C_FindObjects(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE_PTR phObject,
    CK_ULONG ulMaxObjectCount, CK_ULONG_PTR pulObjectCount)
{
	struct session *s;
	struct op *op;
	CK_ULONG n;
	CK_RV rv = session_enter(
	    __func__, hSession, (phObject || !ulMaxObjectCount) && pulObjectCount, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_FIND, &op);
	if (rv == CKR_OK) {
		n = op->found_n - op->found_at;
		if (n > ulMaxObjectCount)
			n = ulMaxObjectCount;
		if (n)
			memcpy(phObject, op->found + op->found_at, n * sizeof *phObject);
		op->found_at += n;
		*pulObjectCount = n;
	}
	return session_leave(__func__, s, rv);
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE hSession)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_FIND, &op);
	session_end(s, OP_FIND);
	return session_leave(__func__, s, rv);
}
