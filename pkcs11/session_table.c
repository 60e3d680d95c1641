/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of sessions. */
#include "pkcs11/session_table.h"

#include <stdlib.h>

#include "pkcs11/rvlist.h"
#include "pkcs11/object/store.h"

/* A handle is a running number above the place in the table, so that an old one never fits again
 * within two million sessions. */
#define INDEX_BITS  10
#define SERIAL_MASK 0x1fffffu
_Static_assert(SESSIONS_MAX == 1u << INDEX_BITS, "the place fits");

/* Every slot, where one is asked for. */
#define EVERY_SLOT TOKEN_SLOTS_MAX

static struct session *table[SESSIONS_MAX];
static size_t top; /* the places from here on are empty; under p11.lock */
static uint32_t serial;

static void session_free(struct session *s)
{
	for (int i = 0; i < OP_COUNT; i++)
		op_free(&s->op[i]);
	(void)pthread_mutex_destroy(&s->mutex);
	free(s);
}

/* Under p11.lock; true when the caller must free it. */
static bool unref(struct session *s)
{
	return --s->refs == 0;
}

static void release(struct session *s)
{
	bool gone;

	(void)pthread_mutex_lock(&p11.lock);
	gone = unref(s);
	(void)pthread_mutex_unlock(&p11.lock);
	if (gone)
		session_free(s);
}

static struct session *session_get(CK_SESSION_HANDLE h)
{
	struct session *s;

	(void)pthread_mutex_lock(&p11.lock);
	s = table[h & (SESSIONS_MAX - 1)];
	if (s && s->handle == h)
		s->refs++;
	else
		s = NULL;
	(void)pthread_mutex_unlock(&p11.lock);
	return s;
}

CK_RV session_enter(const char *func, CK_SESSION_HANDLE h, bool args_ok, struct session **out)
{
	CK_RV rv = p11_enter(func, true);
	struct session *s;
	bool closed;

	*out = NULL;
	if (rv != CKR_OK)
		return rv;
	s = session_get(h);
	if (!s)
		return p11_leave(func, CKR_SESSION_HANDLE_INVALID);
	(void)pthread_mutex_lock(&s->mutex);
	(void)pthread_mutex_lock(&p11.lock);
	closed = s->closed; /* while this call waited for its turn */
	(void)pthread_mutex_unlock(&p11.lock);
	if (closed) {
		(void)pthread_mutex_unlock(&s->mutex);
		release(s);
		return p11_leave(func, CKR_SESSION_HANDLE_INVALID);
	}
	if (!args_ok)
		return session_leave(func, s, CKR_ARGUMENTS_BAD);
	*out = s;
	return CKR_OK;
}

CK_RV session_enter_op(
    const char *func, CK_SESSION_HANDLE h, enum op_kind kind, bool args_ok, struct session **out)
{
	CK_RV rv = session_enter(func, h, true, out);

	if (rv != CKR_OK || args_ok)
		return rv;
	session_end(*out, kind);
	return session_leave(func, *out, CKR_ARGUMENTS_BAD);
}

/* Nobody is logged in on a token that is gone, and nothing of it is there: that is not what the
 * caller has to know. */
static bool may_be_removal(CK_RV rv)
{
	return rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_OBJECT_HANDLE_INVALID ||
	       rv == CKR_KEY_HANDLE_INVALID;
}

bool token_left(const struct token_at *at)
{
	struct token_slot now;

	return tokens_slot(at->tokens, at->slot, &now) != ECERT_OK || !now.present ||
	       now.generation != at->generation;
}

CK_RV session_leave(const char *func, struct session *s, CK_RV rv)
{
	CK_SESSION_HANDLE h = s->handle;
	struct token_at at = s->at;

	(void)pthread_mutex_unlock(&s->mutex);
	release(s);
	if (may_be_removal(rv) && token_left(&at))
		rv = CKR_DEVICE_REMOVED;
	if (rv == CKR_DEVICE_REMOVED || rv == CKR_TOKEN_NOT_PRESENT) {
		sessions_sweep(at.slot);
		rv = CKR_DEVICE_REMOVED;
	}
	rv = rv_listed(func, rv);
	p11_trace(func, h, rv);
	(void)pthread_rwlock_unlock(&p11.gate);
	return rv;
}

CK_RV session_new(const struct token_at *at, bool rw, CK_SESSION_HANDLE *out)
{
	struct session *s = calloc(1, sizeof *s);
	CK_RV rv = CKR_SESSION_COUNT;

	*out = CK_INVALID_HANDLE;
	if (!s)
		return CKR_HOST_MEMORY;
	(void)pthread_mutex_init(&s->mutex, NULL);
	s->at = *at;
	s->rw = rw;
	s->refs = 1;
	(void)pthread_mutex_lock(&p11.lock);
	for (size_t i = 0; i < SESSIONS_MAX && rv != CKR_OK; i++) {
		if (table[i])
			continue;
		serial = (serial + 1) & SERIAL_MASK ? (serial + 1) & SERIAL_MASK : 1;
		s->handle = (CK_ULONG)serial << INDEX_BITS | i;
		table[i] = s;
		top = i < top ? top : i + 1;
		*out = s->handle;
		rv = CKR_OK;
	}
	(void)pthread_mutex_unlock(&p11.lock);
	if (rv != CKR_OK)
		session_free(s);
	return rv;
}

CK_RV session_close(CK_SESSION_HANDLE h, struct token_at *at, bool *last)
{
	struct session *s;

	*last = true;
	(void)pthread_mutex_lock(&p11.lock);
	s = table[h & (SESSIONS_MAX - 1)];
	if (!s || s->handle != h) {
		(void)pthread_mutex_unlock(&p11.lock);
		return CKR_SESSION_HANDLE_INVALID;
	}
	*at = s->at;
	s->closed = true;
	table[h & (SESSIONS_MAX - 1)] = NULL;
	while (top && !table[top - 1])
		top--;
	for (size_t i = 0; i < top; i++)
		if (table[i] && table[i]->at.slot == at->slot)
			*last = false;
	(void)pthread_mutex_unlock(&p11.lock);
	store_drop_session(h);
	release(s);
	return CKR_OK;
}

static CK_SESSION_HANDLE first_of_slot(unsigned slot, uint32_t but)
{
	CK_SESSION_HANDLE h = CK_INVALID_HANDLE;

	(void)pthread_mutex_lock(&p11.lock);
	for (size_t i = 0; i < top && !h; i++)
		if (table[i] && (slot == EVERY_SLOT || table[i]->at.slot == slot) &&
		    (!but || table[i]->at.generation != but))
			h = table[i]->handle;
	(void)pthread_mutex_unlock(&p11.lock);
	return h;
}

void sessions_close_slot(unsigned slot, uint32_t but)
{
	CK_SESSION_HANDLE h;
	struct token_at at;
	bool last;

	while ((h = first_of_slot(slot, but)) != CK_INVALID_HANDLE)
		if (session_close(h, &at, &last) != CKR_OK)
			continue; /* somebody else was faster */
}

uint32_t sessions_sweep(unsigned slot)
{
	struct token_slot now;
	uint32_t generation = 0;

	if (tokens_slot(p11.tokens, slot, &now) == ECERT_OK && now.present)
		generation = now.generation;
	sessions_close_slot(slot, generation);
	return generation;
}

void sessions_close_all(void)
{
	sessions_close_slot(EVERY_SLOT, 0);
}

void sessions_discard(void)
{
	/* the whole table: another thread of the parent may have been in the middle of a change */
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		/* one that a call was using may be half written: it is left as it is */
		if (table[i] && table[i]->refs == 1)
			session_free(table[i]);
		table[i] = NULL;
	}
	top = 0;
}

struct session_count sessions_count(unsigned slot)
{
	struct session_count n = {0, 0};

	(void)pthread_mutex_lock(&p11.lock);
	for (size_t i = 0; i < top; i++) {
		if (!table[i] || table[i]->at.slot != slot)
			continue;
		n.all++;
		n.rw += table[i]->rw;
	}
	(void)pthread_mutex_unlock(&p11.lock);
	return n;
}

void session_end(struct session *s, enum op_kind kind)
{
	op_free(&s->op[kind]);
}

CK_RV session_op(struct session *s, enum op_kind kind, struct op **out)
{
	*out = s->op[kind];
	return *out ? CKR_OK : CKR_OPERATION_NOT_INITIALIZED;
}

CK_RV op_single(struct session *s, enum op_kind kind, const struct op *op)
{
	if (!op->multi)
		return CKR_OK;
	session_end(s, kind);
	return CKR_OPERATION_NOT_INITIALIZED;
}
