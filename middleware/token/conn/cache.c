/* SPDX-License-Identifier: BSD-2-Clause */
/* The token view. */
#include "token/conn/cache.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/cert/cert.h"
#include "ecert/piv_const.h"
#include "util/clock.h"
#include "util/mem.h"

#define REF(name, ref, object, pin) ref,
static const uint8_t refs[] = {ECERT_KEY_ROWS(REF)};
#undef REF
_Static_assert(sizeof refs == TOKEN_KEYS_MAX, "a place in the view for each key");

int cache_index(uint8_t ref)
{
	for (int i = 0; i < TOKEN_KEYS_MAX; i++)
		if (refs[i] == ref)
			return i;
	return -1;
}

uint8_t cache_ref(int index)
{
	return refs[index];
}

struct cache_entry *cache_entry(struct cache *c, uint8_t ref)
{
	int i = cache_index(ref);

	return i < 0 ? NULL : &c->entry[i];
}

void cache_drop_entry(struct cache_entry *e)
{
	token_key_clear(&e->key);
	mem_free(e->cert, e->cert_len);
	memset(e, 0, sizeof *e);
}

void cache_drop(struct cache *c)
{
	for (size_t i = 0; i < TOKEN_KEYS_MAX; i++)
		cache_drop_entry(&c->entry[i]);
	free(c->names);
	mem_free(c->chain, c->chain_len);
	memset(c, 0, sizeof *c);
}

void cache_set_key(struct cache_entry *e, struct token_key *key)
{
	token_key_clear(&e->key);
	e->key = *key;
	memset(key, 0, sizeof *key);
	e->key_state = e->key.alg == KEY_NONE ? ENTRY_ABSENT : ENTRY_PRESENT;
	e->key_read = clock_ms();
}

enum ecert_rc cache_set_cert(struct cache_entry *e, struct rd der)
{
	uint8_t *copy;
	enum ecert_rc rc = mem_dup(der.p, der.n, &copy);

	if (rc != ECERT_OK)
		return rc;
	mem_free(e->cert, e->cert_len);
	e->cert = copy;
	e->cert_len = der.n;
	e->placeholder = cert_is_placeholder(der);
	e->cert_state = ENTRY_PRESENT;
	e->cert_read = clock_ms();
	return ECERT_OK;
}

void cache_set_cert_absent(struct cache_entry *e, enum ecert_rc why)
{
	mem_free(e->cert, e->cert_len);
	e->cert = NULL;
	e->cert_len = 0;
	e->cert_state = ENTRY_ABSENT;
	e->cert_rc = why;
	e->cert_read = clock_ms();
}

enum ecert_rc cache_set_chain(struct cache *c, struct rd object)
{
	uint8_t *copy;
	enum ecert_rc rc = mem_dup(object.p, object.n, &copy);

	if (rc != ECERT_OK)
		return rc;
	mem_free(c->chain, c->chain_len);
	c->chain = copy;
	c->chain_len = object.n;
	c->chain_state = ENTRY_PRESENT;
	c->chain_read = clock_ms();
	return ECERT_OK;
}

static bool fresh(const struct cache *c, enum entry_state state, int64_t read, int64_t used)
{
	int64_t now = clock_ms();

	if (state == ENTRY_UNKNOWN)
		return false;
	if (state == ENTRY_ABSENT)
		return now - read < CACHE_ABSENT_MS;
	if (c->counter_known)
		return true;
	/* A key in use proves itself: each signature is checked against what is remembered. */
	return now - read < CACHE_KEEP_MS || now - used < CACHE_CHECK_MS;
}

bool cache_key_fresh(const struct cache *c, const struct cache_entry *e)
{
	return fresh(c, e->key_state, e->key_read, e->used);
}

bool cache_cert_fresh(const struct cache *c, const struct cache_entry *e)
{
	return fresh(c, e->cert_state, e->cert_read, 0);
}

bool cache_refs_fresh(const struct cache *c)
{
	return fresh(c, c->refs_known ? ENTRY_PRESENT : ENTRY_UNKNOWN, c->refs_read, 0);
}

bool cache_chain_fresh(const struct cache *c)
{
	return fresh(c, c->chain_state, c->chain_read, 0);
}

bool cache_names_fresh(const struct cache *c)
{
	return fresh(c, c->names ? ENTRY_PRESENT : ENTRY_UNKNOWN, c->names_read, 0);
}

void cache_counted(struct cache *c, uint32_t counter)
{
	if (!c->counter_known || counter != c->counter)
		cache_drop(c);
	c->counter_known = true;
	c->counter = counter;
	c->counter_read = clock_ms();
}

bool cache_due(const struct cache *c, int ms)
{
	return !c->counter_known || clock_ms() - c->counter_read >= ms;
}
