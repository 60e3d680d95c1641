/* SPDX-License-Identifier: BSD-2-Clause */
/* The memo of judged paths: a table of fixed size, by digests. */
#include "trust/path/memo.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "trust/list/set_priv.h"
#include "trust/online/online_priv.h"
#include "util/buf.h"

/* A new member of the question has to be in the key, or to keep it from being one. */
_Static_assert(sizeof(struct doc_path_query) == 3 * sizeof(void *) + 3 * sizeof(time_t),
    "all of the question is in the key");

/* More certificates than that are not kept: whoever makes the document chooses how many. */
#define MAX_OTHERS 16

/* Places for those whose keys begin alike; the one that was not asked for longest goes. */
#define WAYS 8

struct kept {
	uint8_t key[32];
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

/* How many limits lie before at, and whether it is one: two times of the same place compare alike
 * with each of them, by < and by <=. */
static void put_place(struct buf *out, const struct path_memo *m, time_t at)
{
	size_t low = 0, high = m->limits;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->limit[mid] < at)
			low = mid + 1;
		else
			high = mid;
	}
	buf_u64(out, low);
	buf_u8(out, low < m->limits && m->limit[low] == at);
}

/* The certificate, and where at stands among its own limits. */
static void put_cert(struct buf *out, const X509 *x, time_t at)
{
	uint8_t digest[32];
	time_t from = 0, until = 0;

	if (cert_sha256(x, digest) != ECERT_OK || cert_times(x, &from, &until) != ECERT_OK)
		buf_fail(out, ECERT_E_MALFORMED);
	buf_put(out, digest, sizeof digest);
	buf_u8(out, (uint8_t)(1 + (at > from) - (at < from)));
	buf_u8(out, (uint8_t)(1 + (at > until) - (at < until)));
}

static void make_key(const struct trust_set *s, const struct doc_path_query *q,
    enum trust_purpose purpose, struct path_memo_key *key)
{
	struct buf all = BUF_INIT(1u << 20);
	int n = q->others ? sk_X509_num(q->others) : 0;

	buf_u32(&all, (uint32_t)purpose);
	buf_u8(&all, q->unclaimed);
	buf_u64(&all, (uint64_t)q->now);
	buf_u8(&all, s->online ? 1 : 0);
	put_place(&all, s->memo, q->at);
	put_cert(&all, q->leaf, q->at);
	for (int i = 0; i < n; i++)
		put_cert(&all, sk_X509_value(q->others, i), q->at);
	key->good = buf_rc(&all) == ECERT_OK &&
		    bytes_sha256(buf_view(&all), key->sha256) == ECERT_OK;
	buf_free(&all);
}

/* The one with this key, or the one that is to go. */
static struct kept *place_of(struct path_memo *m, const struct path_memo_key *key)
{
	struct kept *set = &m->kept[key->sha256[0] % (PATH_MEMO_MAX / WAYS) * WAYS], *place = set;

	for (struct kept *k = set; k < set + WAYS; k++) {
		if (k->check && !memcmp(k->key, key->sha256, sizeof k->key))
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
	if (!k->check || memcmp(k->key, key->sha256, sizeof k->key) != 0)
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
	memcpy(k->key, key->sha256, sizeof k->key);
	k->asked = ++m->asked;
	k->check = copy;
	k->n = n;
}
