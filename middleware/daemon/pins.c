/* SPDX-License-Identifier: BSD-2-Clause */
/* Logins by client. */
#include "daemon/pins.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

void pins_init(struct pins *p)
{
	memset(p, 0, sizeof *p);
	(void)pthread_mutex_init(&p->lock, NULL);
}

static void entry_release(struct pin_entry **at)
{
	struct pin_entry *e = *at;

	*at = e->next;
	secret_free(e->secret, PIN_SECRET_MAX);
	secret_free(e->key, PIN_SECRET_MAX);
	free(e);
}

static struct pin_entry **entry_at(struct pins *p, uint64_t client)
{
	struct pin_entry **at = &p->first;

	while (*at && (*at)->client != client)
		at = &(*at)->next;
	return at;
}

static enum ecert_rc entry_add(struct pins *p, struct pin_entry *e, struct rd secret)
{
	void *mem;
	enum ecert_rc rc = secret_alloc(PIN_SECRET_MAX, &mem);

	if (rc != ECERT_OK)
		return rc;
	e->secret = mem;
	e->len = secret.n;
	memcpy(mem, secret.p, secret.n);
	e->next = p->first;
	p->first = e;
	return ECERT_OK;
}

enum ecert_rc pins_set(
    struct pins *p, uint64_t client, uint32_t generation, enum token_user user, struct rd secret)
{
	struct pin_entry *e;
	enum ecert_rc rc;

	if (secret.n == 0 || secret.n > PIN_SECRET_MAX)
		return ECERT_E_PIN_FORMAT;
	e = calloc(1, sizeof *e);
	if (!e)
		return ECERT_E_MEMORY;
	e->client = client;
	e->user = user;
	e->generation = generation;
	pins_drop(p, client);
	(void)pthread_mutex_lock(&p->lock);
	rc = entry_add(p, e, secret);
	(void)pthread_mutex_unlock(&p->lock);
	if (rc != ECERT_OK)
		free(e);
	return rc;
}

enum token_user pins_user(struct pins *p, uint64_t client, uint32_t generation)
{
	enum token_user user = TOKEN_NOBODY;
	struct pin_entry **at;

	(void)pthread_mutex_lock(&p->lock);
	at = entry_at(p, client);
	if (*at && (*at)->generation == generation)
		user = (*at)->user;
	(void)pthread_mutex_unlock(&p->lock);
	return user;
}

bool pins_has(struct pins *p, uint64_t client)
{
	bool has;

	(void)pthread_mutex_lock(&p->lock);
	has = *entry_at(p, client);
	(void)pthread_mutex_unlock(&p->lock);
	return has;
}

struct rd pins_secret(struct pins *p, uint64_t client)
{
	struct rd secret = {NULL, 0};
	struct pin_entry **at;

	(void)pthread_mutex_lock(&p->lock);
	at = entry_at(p, client);
	if (*at)
		secret = rd_of((*at)->secret, (*at)->len);
	(void)pthread_mutex_unlock(&p->lock);
	return secret;
}

static enum ecert_rc let_write(struct pin_entry *e, struct rd key, bool shrinks)
{
	void *mem = NULL;
	enum ecert_rc rc = key.n > 0 ? secret_alloc(PIN_SECRET_MAX, &mem) : ECERT_OK;

	if (rc != ECERT_OK)
		return rc;
	if (key.n > 0)
		memcpy(mem, key.p, key.n);
	secret_free(e->key, PIN_SECRET_MAX);
	e->key = mem;
	e->key_len = key.n;
	e->shrinks = shrinks;
	e->writes = true;
	return ECERT_OK;
}

enum ecert_rc pins_let_write(struct pins *p, uint64_t client, struct rd key, bool shrinks)
{
	struct pin_entry **at;
	enum ecert_rc rc = ECERT_E_AUTH;

	if (key.n != 0 && key.n != 16 && key.n != 24 && key.n != 32)
		return ECERT_E_PIN_FORMAT;
	(void)pthread_mutex_lock(&p->lock);
	at = entry_at(p, client);
	if (*at && (*at)->user == TOKEN_USER)
		rc = let_write(*at, key, shrinks);
	(void)pthread_mutex_unlock(&p->lock);
	return rc;
}

bool pins_may_write(struct pins *p, uint64_t client, struct rd *key, bool *shrinks)
{
	struct pin_entry **at;
	bool may = false;

	*key = rd_of(NULL, 0);
	*shrinks = false;
	(void)pthread_mutex_lock(&p->lock);
	at = entry_at(p, client);
	if (*at && (*at)->user == TOKEN_USER && (*at)->writes) {
		may = true;
		*key = rd_of((*at)->key, (*at)->key_len);
		*shrinks = (*at)->shrinks;
	}
	(void)pthread_mutex_unlock(&p->lock);
	return may;
}

void pins_drop(struct pins *p, uint64_t client)
{
	struct pin_entry **at;

	(void)pthread_mutex_lock(&p->lock);
	at = entry_at(p, client);
	if (*at)
		entry_release(at);
	(void)pthread_mutex_unlock(&p->lock);
}

static bool same_secret(const struct pin_entry *a, const struct pin_entry *b)
{
	return a->user == b->user && rd_equal(rd_of(a->secret, a->len), rd_of(b->secret, b->len));
}

void pins_refused(struct pins *p, uint64_t client)
{
	struct pin_entry **at = &p->first, *own;

	(void)pthread_mutex_lock(&p->lock);
	own = *entry_at(p, client);
	while (own && *at) {
		if (*at != own && same_secret(*at, own))
			entry_release(at);
		else
			at = &(*at)->next;
	}
	at = entry_at(p, client);
	if (*at)
		entry_release(at);
	(void)pthread_mutex_unlock(&p->lock);
}

void pins_changed(struct pins *p, struct rd fresh)
{
	struct pin_entry **at = &p->first;

	(void)pthread_mutex_lock(&p->lock);
	while (*at) {
		if ((*at)->user == TOKEN_USER && !rd_equal(rd_of((*at)->secret, (*at)->len), fresh))
			entry_release(at);
		else
			at = &(*at)->next;
	}
	(void)pthread_mutex_unlock(&p->lock);
}

void pins_clear(struct pins *p)
{
	(void)pthread_mutex_lock(&p->lock);
	while (p->first)
		entry_release(&p->first);
	(void)pthread_mutex_unlock(&p->lock);
}
