/* SPDX-License-Identifier: BSD-2-Clause */
/* The memo of judged paths: a table of fixed size. */
#include "trust/path/memo.h"

#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "trust/list/set_priv.h"
#include "trust/online/online_priv.h"
#include "trust/revocation/crl.h"

/* A new member of the question has to be in the key, or to keep it from being one. */
_Static_assert(sizeof(struct doc_path_query) == 3 * sizeof(void *) + 3 * sizeof(time_t),
    "all of the question is in the key");

/* More certificates than that are not kept: whoever makes the document chooses how many. */
#define MAX_OTHERS 16

/* Places for those whose keys begin alike; the one that was not asked for longest goes. */
#define WAYS 8

struct kept {
	struct path_memo_key key;
	uint64_t asked; /* when it was the last time */
	size_t n;
	struct check *check; /* NULL: nothing is kept here */
};

struct path_memo {
	time_t *limit; /* those of the set, in order */
	size_t limits;
	uint64_t asked;
	struct kept kept[PATH_MEMO_MAX];
};

static int by_time(const void *a, const void *b)
{
	time_t x = *(const time_t *)a, y = *(const time_t *)b;

	return (x > y) - (x < y);
}

static bool add_limits(struct path_memo *m, const X509 *x)
{
	return !x || (asn1_time_get(X509_get0_notBefore(x), &m->limit[m->limits++]) == ECERT_OK &&
			 asn1_time_get(X509_get0_notAfter(x), &m->limit[m->limits++]) == ECERT_OK);
}

/* Every limit of the set that a signing time is compared with. False: one cannot be read. */
static bool set_limits(struct path_memo *m, const struct trust_set *s)
{
	size_t helpers = (size_t)sk_X509_num(s->helpers);
	bool ok = true;

	m->limit = calloc(4 * s->n + 2 * helpers + 1, sizeof *m->limit);
	if (!m->limit)
		return false;
	for (size_t i = 0; ok && i < s->n; i++) {
		ok = add_limits(m, s->entries[i].cert);
		m->limit[m->limits++] = s->entries[i].from;
		m->limit[m->limits++] = s->entries[i].until;
	}
	for (size_t i = 0; ok && i < helpers; i++)
		ok = add_limits(m, sk_X509_value(s->helpers, (int)i));
	qsort(m->limit, m->limits, sizeof *m->limit, by_time);
	return ok;
}

struct path_memo *path_memo_new(const struct trust_set *s)
{
	struct path_memo *m = calloc(1, sizeof *m);

	if (m && !set_limits(m, s))
		path_memo_free(&m);
	return m;
}

void path_memo_free(struct path_memo **m)
{
	if (!*m)
		return;
	for (size_t i = 0; i < PATH_MEMO_MAX; i++)
		free((*m)->kept[i].check);
	free((*m)->limit);
	free(*m);
	*m = NULL;
}

static void put(struct path_memo_key *key, const void *bytes, size_t n)
{
	key->good = key->good && n <= sizeof key->bytes - key->n;
	if (!key->good)
		return;
	memcpy(key->bytes + key->n, bytes, n);
	key->n += n;
}

static void put_number(struct path_memo_key *key, uint64_t n)
{
	put(key, &n, sizeof n);
}

/* How many limits lie before at, and whether it is one: two times of the same place compare alike
 * with each of them, by < and by <=. */
static void put_place(struct path_memo_key *key, const struct path_memo *m, time_t at)
{
	size_t low = 0, high = m->limits;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->limit[mid] < at)
			low = mid + 1;
		else
			high = mid;
	}
	put_number(key, 2 * (uint64_t)low + (low < m->limits && m->limit[low] == at));
}

/* The certificate, and where at stands among its own limits. */
static void put_cert(struct path_memo_key *key, const X509 *x, time_t at)
{
	uint8_t of[32 + 2];
	time_t from = 0, until = 0;

	if (cert_sha256(x, of) != ECERT_OK || cert_times(x, &from, &until) != ECERT_OK)
		key->good = false;
	of[32] = (uint8_t)(1 + (at > from) - (at < from));
	of[33] = (uint8_t)(1 + (at > until) - (at < until));
	put(key, of, sizeof of);
}

/* What was of no use is told but for what a time stamp had use for. */
static void put_stamps_crls(struct path_memo_key *key, const struct trust_set *s)
{
	for (size_t i = 0; i < s->crls_n; i++)
		if (s->crls[i]->of_stamp)
			put_number(key, 1 + i);
	put_number(key, 0);
}

static void make_key(const struct trust_set *s, const struct doc_path_query *q,
    enum trust_purpose purpose, struct path_memo_key *key)
{
	int n = q->others ? sk_X509_num(q->others) : 0;

	key->good = true;
	key->n = 0;
	put_number(key, 4 * (uint64_t)purpose + 2 * q->unclaimed + (s->online ? 1 : 0));
	put_number(key, (uint64_t)q->now);
	put_stamps_crls(key, s);
	put_place(key, s->memo, q->at);
	put_cert(key, q->leaf, q->at);
	for (int i = 0; i < n; i++)
		put_cert(key, sk_X509_value(q->others, i), q->at);
}

static bool same(const struct path_memo_key *a, const struct path_memo_key *b)
{
	return a->n == b->n && !memcmp(a->bytes, b->bytes, a->n);
}

/* The one with this key, or the one that is to go. */
static struct kept *place_of(struct path_memo *m, const struct path_memo_key *key)
{
	struct kept *set, *place;
	unsigned sum = 0;

	for (size_t i = 0; i < key->n; i++)
		sum = sum * 31 + key->bytes[i];
	set = place = &m->kept[sum % (PATH_MEMO_MAX / WAYS) * WAYS];
	for (struct kept *k = set; k < set + WAYS; k++) {
		if (k->check && same(&k->key, key))
			return k;
		if (k->asked < place->asked)
			place = k;
	}
	return place;
}

bool path_memo_find(const struct trust_set *s, const struct doc_path_query *q,
    enum trust_purpose purpose, struct rd ocsp, struct path_memo_key *key, struct report *rep)
{
	struct path_memo *m = s->memo;
	struct kept *k;

	key->good = false;
	if (!m || (s->online && !s->online->by.only_told) || ocsp.n ||
	    (q->crls && sk_X509_CRL_num(q->crls) > 0) ||
	    (q->others && sk_X509_num(q->others) > MAX_OTHERS))
		return false;
	make_key(s, q, purpose, key);
	if (!key->good)
		return false;
	k = place_of(m, key);
	if (!k->check || !same(&k->key, key))
		return false;
	k->asked = ++m->asked;
	for (size_t i = 0; i < k->n; i++)
		report_copy(rep, &k->check[i]);
	return true;
}

void path_memo_keep(const struct trust_set *s, const struct path_memo_key *key,
    const struct report *rep, size_t first)
{
	struct path_memo *m = s->memo;
	struct check *copy;
	struct kept *k;
	size_t n = rep->n - first;

	if (!m || !key->good || rep->overflow || !n || (s->online && s->online->asked_n))
		return;
	copy = calloc(n, sizeof *copy);
	if (!copy)
		return;
	memcpy(copy, &rep->checks[first], n * sizeof *copy);
	k = place_of(m, key);
	free(k->check);
	memcpy(k->key.bytes, key->bytes, key->n);
	k->key.n = key->n;
	k->asked = ++m->asked;
	k->check = copy;
	k->n = n;
}
