/* SPDX-License-Identifier: BSD-2-Clause */
/* Which key references there may be, for as little as the card lets us ask. */
#include <string.h>

#include "util/clock.h"
#include "ecert/piv_const.h"
#include "token/local/local.h"
#include "token/local/names.h"

#define PRIMARY 4  /* 9A 9C 9D 9E: always worth asking for */
#define RETIRED 20 /* 82..95 */
/* With more broken keys than that it is the card that is broken, or another application's. */
#define BROKEN_MAX 2

/* One key's metadata that is broken says nothing of the others'. */
static bool nonsense(enum ecert_rc rc)
{
	return rc == ECERT_E_CARD || rc == ECERT_E_MALFORMED;
}

/* A certificate without a key. They fill the slots from 82 on, so that none is looked for behind
 * the first slot that has neither. */
static enum ecert_rc cert_alone(struct conn *c, uint8_t ref, bool *yes)
{
	enum ecert_rc rc = read_cert(c, cache_entry(&c->view, ref), ref);

	*yes = rc == ECERT_OK || rc == ECERT_E_MALFORMED;
	return *yes || rc == ECERT_E_NOT_FOUND || nonsense(rc) ? ECERT_OK : rc;
}

static bool tells_keys(struct conn *c)
{
	unsigned unknown, has = card_features(c->card, &unknown);

	return ((has | unknown) & CARD_HAS_METADATA) != 0;
}

/* How many retired slots there are, as far as the card has shown: it may show their end (6A86) only
 * when it is asked for one behind it. */
static unsigned retired_slots(struct conn *c)
{
	struct card_abilities can;

	card_can(c->card, &can);
	return can.retired;
}

/* A card that does not say which retired keys it has is asked for each. */
static enum ecert_rc probe_retired(struct conn *c, uint32_t *mask)
{
	unsigned broken = 0;
	bool gap = false;
	struct cache_entry *e;

	*mask = 0;
	for (unsigned i = 0; tells_keys(c) && i < retired_slots(c); i++) {
		bool there = false;
		enum ecert_rc rc = probe_key(c, (uint8_t)(ECERT_KEY_82 + i), &e);

		if (rc == ECERT_E_ARG)
			return ECERT_OK;
		if (rc == ECERT_OK)
			there = true;
		else if (rc != ECERT_E_NOT_FOUND && (!nonsense(rc) || ++broken > BROKEN_MAX))
			return rc;
		if (!there && !gap && !nonsense(rc)) {
			rc = cert_alone(c, (uint8_t)(ECERT_KEY_82 + i), &there);
			gap = !there;
			if (rc != ECERT_OK)
				return rc;
		}
		if (there)
			*mask |= 1u << i;
	}
	return ECERT_OK;
}

static enum ecert_rc retired(struct conn *c, uint32_t *mask)
{
	enum ecert_rc rc = card_retired_keys(c->card, mask);

	return rc == ECERT_E_UNSUPPORTED ? probe_retired(c, mask) : rc;
}

static enum ecert_rc read_refs(struct conn *c)
{
	struct cache *v = &c->view;
	const struct token_names *names = NULL;
	uint32_t mask = 0;
	enum ecert_rc rc = retired(c, &mask);

	if (rc == ECERT_OK)
		rc = names_of(c, &names);
	if (rc != ECERT_OK)
		return rc;
	/* A certificate without a key shows up by its name alone. */
	for (size_t i = 0; i < names->n; i++)
		if (cache_index(names->name[i].ref) >= PRIMARY)
			mask |= 1u << (cache_index(names->name[i].ref) - PRIMARY);
	v->refs_n = 0;
	for (int i = 0; i < PRIMARY; i++)
		v->refs[v->refs_n++] = cache_ref(i);
	for (int i = 0; i < RETIRED; i++)
		if ((mask >> i & 1u) != 0)
			v->refs[v->refs_n++] = cache_ref(PRIMARY + i);
	v->refs_known = true;
	v->refs_read = clock_ms();
	return ECERT_OK;
}

struct refs_args {
	uint8_t *refs;
	size_t *n;
};

static enum ecert_rc get_refs(struct conn *c, struct slots *s, void *arg)
{
	struct refs_args *a = arg;
	enum ecert_rc rc = conn_identify(c, s);

	if (rc == ECERT_OK)
		rc = read_revalidate(c, CACHE_LIST_MS);
	if (rc == ECERT_OK && !cache_refs_fresh(&c->view))
		rc = read_refs(c);
	if (rc != ECERT_OK)
		return rc;
	memcpy(a->refs, c->view.refs, c->view.refs_n);
	*a->n = c->view.refs_n;
	return ECERT_OK;
}

enum ecert_rc local_refs(void *impl, const struct token_at *at, uint8_t *refs, size_t *n)
{
	struct refs_args a = {.refs = refs, .n = n};

	return local_run_looked(impl, at, get_refs, &a);
}
