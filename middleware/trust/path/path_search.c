/* SPDX-License-Identifier: BSD-2-Clause */
/* What a path can be made of: anchors, and the certificates at hand, in every combination. */
#include <openssl/err.h>
#include <string.h>

#include "document/cert.h"
#include "trust/online/online_priv.h"
#include "trust/path/pairs.h"
#include "trust/path/path_priv.h"
#include "trust/revocation/crl.h"

/* The certificate of an entry that the list knows by its SHA-256 only. */
static X509 *find_by_hash(const struct path_job *j, const uint8_t sha256[32])
{
	uint8_t have[32];

	for (int i = 0; i < sk_X509_num(j->untrusted); i++) {
		X509 *x = sk_X509_value(j->untrusted, i);

		if (cert_sha256(x, have) == ECERT_OK && memcmp(have, sha256, sizeof have) == 0)
			return x;
	}
	return NULL;
}

static bool add_anchors(struct path_job *j)
{
	for (size_t i = 0; i < j->set->n; i++) {
		const struct trust_entry *e = &j->set->entries[i];
		X509 *x;

		if (!(e->purposes & (unsigned)j->purpose) || (j->only && j->only != e))
			continue;
		j->anchors++;
		x = e->cert ? e->cert : find_by_hash(j, e->sha256);
		if (x && X509_STORE_add_cert(j->store, x) != 1)
			return false;
	}
	return true;
}

static bool add_untrusted(struct path_job *j, const STACK_OF(X509) * more, int most)
{
	for (int i = 0; i < sk_X509_num(more) && i < most; i++)
		if (sk_X509_push(j->untrusted, sk_X509_value(more, i)) <= 0)
			return false;
	return true;
}

static bool has(const STACK_OF(X509) * list, const X509 *x)
{
	for (int i = 0; i < sk_X509_num(list); i++)
		if (X509_cmp(sk_X509_value(list, i), x) == 0)
			return true;
	return false;
}

/* Those of the pool that have issued x; when their signatures tell nothing, those that have the
 * name. */
static bool add_issuers(struct path_job *j, X509 *x)
{
	int n = sk_X509_num(j->untrusted), had = sk_X509_num(j->ladder);

	for (int pass = 0; pass < 2 && sk_X509_num(j->ladder) == had; pass++) {
		for (int i = 0; i < n; i++) {
			X509 *ca = sk_X509_value(j->untrusted, i);

			if (X509_NAME_cmp(X509_get_subject_name(ca), X509_get_issuer_name(x)) !=
				0 ||
			    has(j->ladder, ca))
				continue;
			if (pass == 0 && !path_made(j->set->pairs, ca, x))
				continue;
			if (sk_X509_push(j->ladder, ca) <= 0)
				return false;
		}
	}
	return true;
}

static int by_value(const X509 *const *a, const X509 *const *b)
{
	return X509_cmp(*a, *b);
}

/* In an order of their own, each once: who sends them chooses theirs, and how often, and the
 * verdict must not hang on it. */
static STACK_OF(X509) * sorted(const STACK_OF(X509) * list)
{
	STACK_OF(X509) *copy = list ? sk_X509_dup(list) : sk_X509_new_null();

	if (copy) {
		(void)sk_X509_set_cmp_func(copy, by_value);
		sk_X509_sort(copy);
		for (int i = sk_X509_num(copy) - 1; i > 0; i--)
			if (X509_cmp(sk_X509_value(copy, i), sk_X509_value(copy, i - 1)) == 0)
				(void)sk_X509_delete(copy, i);
	}
	return copy;
}

/* Those that are valid both when it was signed and now come first: a CA's certificate may have been
 * renewed, and the old one sent along, too. */
static bool sort_ladder(struct path_job *j)
{
	STACK_OF(X509) *all = sorted(j->ladder), *out = sk_X509_new_null();
	bool ok = all && out;

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; ok && i < sk_X509_num(all); i++) {
			X509 *x = sk_X509_value(all, i);
			bool valid = path_valid_at(x, j->q->at) && path_valid_at(x, j->q->now);

			if (valid == (pass == 0))
				ok = sk_X509_push(out, x) > 0;
		}
	}
	sk_X509_free(all);
	sk_X509_free(ok ? j->ladder : out);
	if (ok)
		j->ladder = out;
	return ok;
}

/* OpenSSL takes the first certificate that has the issuer's name and does not look for another when
 * the path fails: whoever brings a false one would make a good path bad. It gets those only that
 * fit. */
static bool make_ladder(struct path_job *j)
{
	bool ok = add_issuers(j, j->q->leaf);

	for (int i = 0; ok && i < sk_X509_num(j->ladder); i++)
		ok = add_issuers(j, sk_X509_value(j->ladder, i));
	ERR_clear_error();
	return ok && sort_ladder(j);
}

static bool gather(struct path_job *j)
{
	STACK_OF(X509) *brought = sorted(j->q->others);
	const struct online *o = j->set->online;
	bool ok;

	j->untrusted = sk_X509_new_null();
	j->ladder = sk_X509_new_null();
	/* The relying party's own first: what a document brings takes no place of theirs. */
	ok = brought && j->untrusted && j->ladder &&
	     add_untrusted(j, j->set->helpers, sk_X509_num(j->set->helpers)) &&
	     (!o || add_untrusted(j, o->issuers, ONLINE_MAX)) &&
	     add_untrusted(j, brought, PATH_MAX_BROUGHT) && make_ladder(j);
	sk_X509_free(brought);
	return ok;
}

/* Paths that are tried for one question, beyond the first of each anchor. */
#define MAX_TRIES (2 * PATH_MAX_BROUGHT)

bool path_open(struct path_job *j, const struct path_job *like)
{
	bool ok = true;

	j->store = X509_STORE_new();
	if (like) {
		j->untrusted = sk_X509_dup(like->untrusted);
		j->ladder = sk_X509_dup(like->ladder);
	} else {
		j->tries = MAX_TRIES;
		ok = gather(j);
	}
	return ok && j->store && j->untrusted && j->ladder && add_anchors(j);
}

void path_close(struct path_job *j)
{
	while (j->found_n)
		sk_X509_pop_free(j->found[--j->found_n], X509_free);
	for (size_t i = 0; i < j->brought_n; i++)
		crl_free(&j->brought[i]);
	j->brought_n = 0;
	for (size_t i = 0; i < j->heard_n; i++)
		crl_free(&j->heard[i]);
	j->heard_n = 0;
	sk_X509_pop_free(j->chain, X509_free);
	sk_X509_free(j->untrusted);
	sk_X509_free(j->ladder);
	X509_STORE_free(j->store);
	j->chain = NULL;
	j->untrusted = NULL;
	j->ladder = NULL;
	j->store = NULL;
	ERR_clear_error();
}

/* The same CA's, or one of its name: the path may go by another way. */
static bool has_twin(const STACK_OF(X509) * ladder, const X509 *x)
{
	for (int i = 0; i < sk_X509_num(ladder); i++) {
		const X509 *other = sk_X509_value(ladder, i);

		if (X509_cmp(other, x) != 0 &&
		    X509_NAME_cmp(X509_get_subject_name(other), X509_get_subject_name(x)) == 0)
			return has(ladder, x);
	}
	return false;
}

static STACK_OF(X509) * all_but(const STACK_OF(X509) * ladder, const X509 *x)
{
	STACK_OF(X509) *rest = sk_X509_dup(ladder);

	for (int i = sk_X509_num(rest) - 1; i >= 0; i--)
		if (X509_cmp(sk_X509_value(rest, i), x) == 0)
			(void)sk_X509_delete(rest, i);
	return rest;
}

static bool same_chain(const STACK_OF(X509) * a, const STACK_OF(X509) * b)
{
	if (sk_X509_num(a) != sk_X509_num(b))
		return false;
	for (int i = 0; i < sk_X509_num(a); i++)
		if (X509_cmp(sk_X509_value(a, i), sk_X509_value(b, i)) != 0)
			return false;
	return true;
}

static void keep(struct path_job *j, const STACK_OF(X509) * chain)
{
	for (size_t i = 0; i < j->found_n; i++)
		if (same_chain(j->found[i], chain))
			return;
	if (j->found_n < PATH_MAX_FOUND)
		j->found[j->found_n] = X509_chain_up_ref((STACK_OF(X509) *)(uintptr_t)chain);
	if (j->found_n < PATH_MAX_FOUND && j->found[j->found_n])
		j->found_n++;
}

/* A CA may have several certificates: by another root, by itself, older ones, with other limits.
 * OpenSSL tries one of them; here each one of a path is left out in turn, also when that one does:
 * its policies, or a revocation, are looked at later. */
static void search(struct path_job *j, STACK_OF(X509) * ladder)
{
	STACK_OF(X509) *chain = NULL;

	if (path_try(j, ladder, &chain))
		keep(j, chain);
	for (int i = 1; j->tries && i < sk_X509_num(chain); i++) {
		const X509 *x = sk_X509_value(chain, i);
		STACK_OF(X509) *rest = has_twin(ladder, x) ? all_but(ladder, x) : NULL;

		if (!rest)
			continue;
		j->tries--;
		search(j, rest);
		sk_X509_free(rest);
	}
	sk_X509_pop_free(chain, X509_free);
}

bool path_search(struct path_job *j)
{
	search(j, j->ladder);
	return j->found_n > 0;
}

bool path_take(struct path_job *j, size_t found)
{
	sk_X509_pop_free(j->chain, X509_free);
	j->chain = X509_chain_up_ref(j->found[found]);
	return j->chain;
}
