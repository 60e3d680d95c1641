/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of session objects. */
#include "pkcs11/object/store.h"

#include <stdlib.h>

#define PLACE_BITS  10
#define SERIAL_MASK 0xfffffu
_Static_assert(STORE_MAX == 1u << PLACE_BITS, "the place fits");

static struct entry {
	CK_OBJECT_HANDLE handle;
	CK_SESSION_HANDLE owner;
	unsigned slot;
	struct stored *object;
} * table; /* made at the first use */
static uint32_t serial;

/* Under p11.lock. */
static struct entry *entry_of(unsigned slot, CK_OBJECT_HANDLE h)
{
	struct entry *e;

	if (!table || !(h & STORE_HANDLE_BIT))
		return NULL;
	e = &table[h & (STORE_MAX - 1)];
	return e->object && e->handle == h && e->slot == slot ? e : NULL;
}

CK_RV store_add(CK_SESSION_HANDLE owner, unsigned slot, struct stored *s, CK_OBJECT_HANDLE *out)
{
	CK_RV rv = CKR_DEVICE_MEMORY;

	*out = CK_INVALID_HANDLE;
	(void)pthread_mutex_lock(&p11.lock);
	if (!table)
		table = calloc(STORE_MAX, sizeof *table);
	if (!table)
		rv = CKR_HOST_MEMORY;
	for (CK_ULONG i = 0; table && i < STORE_MAX && rv != CKR_OK; i++) {
		if (table[i].object)
			continue;
		serial = (serial + 1) & SERIAL_MASK;
		*out = STORE_HANDLE_BIT | (CK_ULONG)serial << PLACE_BITS | i;
		table[i] = (struct entry){*out, owner, slot, s};
		rv = CKR_OK;
	}
	(void)pthread_mutex_unlock(&p11.lock);
	return rv;
}

struct stored *store_get(unsigned slot, CK_OBJECT_HANDLE h)
{
	struct entry *e;
	struct stored *s = NULL;

	(void)pthread_mutex_lock(&p11.lock);
	e = entry_of(slot, h);
	if (e) {
		s = e->object;
		s->refs++;
	}
	(void)pthread_mutex_unlock(&p11.lock);
	return s;
}

CK_RV store_replace(unsigned slot, CK_OBJECT_HANDLE h, struct stored *s)
{
	struct entry *e;
	struct stored *old = NULL;

	(void)pthread_mutex_lock(&p11.lock);
	e = entry_of(slot, h);
	if (e) {
		old = e->object;
		e->object = s;
	}
	(void)pthread_mutex_unlock(&p11.lock);
	if (!old)
		return CKR_OBJECT_HANDLE_INVALID;
	stored_free(&old);
	return CKR_OK;
}

typedef bool (*drop_fn)(const struct entry *e, CK_ULONG arg);

/* The first from place *at on that drop says yes to, taken out. */
static struct stored *take_next(drop_fn drop, CK_ULONG arg, size_t *at)
{
	struct stored *gone = NULL;

	(void)pthread_mutex_lock(&p11.lock);
	for (; table && *at < STORE_MAX && !gone; ++*at) {
		if (!table[*at].object || !drop(&table[*at], arg))
			continue;
		gone = table[*at].object;
		table[*at].object = NULL;
	}
	(void)pthread_mutex_unlock(&p11.lock);
	return gone;
}

/* Freed outside the lock. */
static void drop_if(drop_fn drop, CK_ULONG arg)
{
	struct stored *gone;
	size_t at = 0;

	while ((gone = take_next(drop, arg, &at)))
		stored_free(&gone);
}

static bool is_handle(const struct entry *e, CK_ULONG arg)
{
	return e->handle == arg;
}

static bool is_owned(const struct entry *e, CK_ULONG arg)
{
	return e->owner == arg;
}

static bool is_private(const struct entry *e, CK_ULONG arg)
{
	return e->slot == arg && stored_true(e->object, CKA_PRIVATE);
}

static bool is_any(const struct entry *e, CK_ULONG arg)
{
	(void)e;
	(void)arg;
	return true;
}

CK_RV store_remove(unsigned slot, CK_OBJECT_HANDLE h)
{
	struct stored *s = store_get(slot, h);

	if (!s)
		return CKR_OBJECT_HANDLE_INVALID;
	stored_free(&s);
	drop_if(is_handle, h);
	return CKR_OK;
}

CK_OBJECT_HANDLE store_next(unsigned slot, size_t *at)
{
	CK_OBJECT_HANDLE h = CK_INVALID_HANDLE;

	(void)pthread_mutex_lock(&p11.lock);
	for (; table && *at < STORE_MAX && !h; ++*at)
		if (table[*at].object && table[*at].slot == slot)
			h = table[*at].handle;
	(void)pthread_mutex_unlock(&p11.lock);
	return h;
}

void store_drop_session(CK_SESSION_HANDLE owner)
{
	drop_if(is_owned, owner);
}

void store_drop_private(unsigned slot)
{
	drop_if(is_private, slot);
}

void store_discard(void)
{
	drop_if(is_any, 0);
	(void)pthread_mutex_lock(&p11.lock);
	free(table);
	table = NULL;
	(void)pthread_mutex_unlock(&p11.lock);
}
