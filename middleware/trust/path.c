/* SPDX-License-Identifier: BSD-2-Clause */
/* Path building with OpenSSL's X509_STORE, never with the network. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/path_priv.h"
#include "trust/revocation/crl.h"

static bool is_time_error(int err)
{
	return err == X509_V_ERR_CERT_HAS_EXPIRED || err == X509_V_ERR_CERT_NOT_YET_VALID;
}

/* Times are judged by "validity", so that it is told apart from "chain". */
static int without_time(int ok, X509_STORE_CTX *ctx)
{
	return ok || is_time_error(X509_STORE_CTX_get_error(ctx));
}

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
		if (!(e->purposes & (unsigned)j->purpose) || (j->only && j->only != e))
			continue;
		j->anchors++;
		X509 *x = e->cert ? e->cert : find_by_hash(j, e->sha256);
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

/* Signatures that are verified to find out who issued what. */
#define MAX_LADDER 256

static bool has(const STACK_OF(X509) * list, const X509 *x)
{
	for (int i = 0; i < sk_X509_num(list); i++)
		if (X509_cmp(sk_X509_value(list, i), x) == 0)
			return true;
	return false;
}

/* Those of the pool that have issued x; when their signatures tell nothing, those that have the
 * name. */
static bool add_issuers(struct path_job *j, X509 *x, int *budget)
{
	int n = sk_X509_num(j->untrusted), had = sk_X509_num(j->ladder);
	for (int pass = 0; pass < 2 && sk_X509_num(j->ladder) == had; pass++) {
		for (int i = 0; i < n; i++) {
			X509 *ca = sk_X509_value(j->untrusted, i);
			if (X509_NAME_cmp(X509_get_subject_name(ca), X509_get_issuer_name(x)) !=
				0 ||
			    has(j->ladder, ca))
				continue;
			if (pass == 0 &&
			    ((*budget)-- <= 0 || X509_verify(x, X509_get0_pubkey(ca)) != 1))
				continue;
			if (sk_X509_push(j->ladder, ca) <= 0)
				return false;
		}
	}
	return true;
}

/* Those that are valid both when it was signed and now come first: a CA's certificate may have been
 * renewed, and the old one sent along, too. */
static bool sort_ladder(struct path_job *j)
{
	STACK_OF(X509) *sorted = sk_X509_new_null();
	bool ok = sorted;
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; ok && i < sk_X509_num(j->ladder); i++) {
			X509 *x = sk_X509_value(j->ladder, i);
			bool valid = path_valid_at(x, j->q->at) && path_valid_at(x, j->q->now);
			if (valid == (pass == 0))
				ok = sk_X509_push(sorted, x) > 0;
		}
	}
	sk_X509_free(ok ? j->ladder : sorted);
	if (ok)
		j->ladder = sorted;
	return ok;
}

/* OpenSSL takes the first certificate that has the issuer's name and does not look for another when
 * the path fails: whoever brings a false one would make a good path bad. It gets those only that
 * fit. */
static bool make_ladder(struct path_job *j)
{
	int budget = MAX_LADDER;
	bool ok = add_issuers(j, j->q->leaf, &budget);
	for (int i = 0; ok && i < sk_X509_num(j->ladder); i++)
		ok = add_issuers(j, sk_X509_value(j->ladder, i), &budget);
	ERR_clear_error();
	return ok && sort_ladder(j);
}

static bool gather(struct path_job *j)
{
	j->untrusted = sk_X509_new_null();
	j->ladder = sk_X509_new_null();
	/* The relying party's own first: what a document brings takes no place of theirs. */
	return j->untrusted && j->ladder &&
	       add_untrusted(j, j->set->helpers, sk_X509_num(j->set->helpers)) &&
	       add_untrusted(j, j->q->others, PATH_MAX_BROUGHT) && make_ladder(j);
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
	for (size_t i = 0; i < j->brought_n; i++)
		crl_free(&j->brought[i]);
	j->brought_n = 0;
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

static bool made(X509 *ca, X509 *x)
{
	return X509_check_issued(ca, x) == X509_V_OK && X509_verify(x, X509_get0_pubkey(ca)) == 1;
}

/* One that made x: OpenSSL takes the first of that name, and a CA may have two keys. One with the
 * name only is taken when nobody at hand made x, so that the reason is told. */
static int trusted_issuer(X509 **issuer, X509_STORE_CTX *ctx, X509 *x)
{
	STACK_OF(X509) *trusted = X509_STORE_CTX_get1_certs(ctx, X509_get_issuer_name(x));
	const STACK_OF(X509) *others = X509_STORE_CTX_get0_untrusted(ctx);
	time_t at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(ctx));
	X509 *found = NULL;
	bool elsewhere = false;
	for (int i = 0; i < sk_X509_num(trusted); i++) {
		X509 *ca = sk_X509_value(trusted, i);
		if ((!found || !path_valid_at(found, at)) && made(ca, x))
			found = ca;
	}
	for (int i = 0; !found && !elsewhere && i < sk_X509_num(others); i++)
		elsewhere = made(sk_X509_value(others, i), x);
	*issuer = found && X509_up_ref(found) == 1 ? found : NULL;
	sk_X509_pop_free(trusted, X509_free);
	return *issuer || elsewhere ? *issuer != NULL : X509_STORE_CTX_get1_issuer(issuer, ctx, x);
}

static X509_STORE_CTX *new_ctx(X509_STORE *store, X509 *x, STACK_OF(X509) * untrusted, time_t at)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_STORE_set_get_issuer(store, trusted_issuer);
	if (!ctx || X509_STORE_CTX_init(ctx, store, x, untrusted) != 1) {
		X509_STORE_CTX_free(ctx);
		return NULL;
	}
	X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(ctx);
	/* A signing CA may be the anchor: trust lists name them. */
	(void)X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	X509_VERIFY_PARAM_set_depth(p, 8);
	X509_VERIFY_PARAM_set_time(p, at);
	/* 112 bits: RSA-2048 and SHA-256 up. */
	X509_VERIFY_PARAM_set_auth_level(p, 2);
	return ctx;
}

static void name_text(const X509_NAME *subject, char *name, size_t size)
{
	static const int nids[] = {
	    NID_commonName, NID_organizationName, NID_organizationalUnitName};
	unsigned char *text = NULL;
	int n = -1;
	for (size_t i = 0; !text && i < sizeof nids / sizeof nids[0]; i++) {
		int at = X509_NAME_get_index_by_NID(subject, nids[i], -1);
		if (at >= 0)
			n = ASN1_STRING_to_UTF8(
			    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	}
	(void)snprintf(
	    name, size - 3, "%.*s", n > 0 ? n : 14, n > 0 ? (const char *)text : "without a name");
	text_scrub(name);
	if (n > 0 && (size_t)n > strlen(name))
		strcat(name, "...");
	OPENSSL_free(text);
	ERR_clear_error();
}

/* What has to change for a path: whose certificate is missing, whom nobody trusts, or a rule. */
static enum reason reason_of(int error, int depth)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return depth ? REASON_UNKNOWN_CA : REASON_ISSUER_MISSING;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return REASON_UNKNOWN_CA;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
		return REASON_KEY_WEAK;
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return REASON_ALGORITHM_OLD;
	default:
		return REASON_CHAIN_REFUSED;
	}
}

/* OpenSSL takes none whose extensions it cannot read, and calls it missing: x, or the one that has
 * issued it. */
static const X509 *unreadable(const struct path_job *j, X509 *x)
{
	if (X509_get_extension_flags(x) & EXFLAG_INVALID)
		return x;
	for (int i = 0; i < sk_X509_num(j->untrusted); i++) {
		X509 *ca = sk_X509_value(j->untrusted, i);
		if ((X509_get_extension_flags(ca) & EXFLAG_INVALID) &&
		    X509_NAME_cmp(X509_get_subject_name(ca), X509_get_issuer_name(x)) == 0 &&
		    X509_verify(x, X509_get0_pubkey(ca)) == 1)
			return ca;
	}
	return NULL;
}

/* Why there is no path; for a certificate that is missing, whose. */
static void explain(struct path_job *j, X509_STORE_CTX *ctx)
{
	int error = X509_STORE_CTX_get_error(ctx);
	const char *text = X509_verify_cert_error_string(error);
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);
	char name[80] = "";
	j->reason = reason_of(error, X509_STORE_CTX_get_error_depth(ctx));
	bool missing = j->reason == REASON_ISSUER_MISSING || j->reason == REASON_UNKNOWN_CA;
	const X509 *bad = x && (missing || error == X509_V_ERR_INVALID_EXTENSION ||
				   error == X509_V_ERR_UNSPECIFIED)
			      ? unreadable(j, x)
			      : NULL;
	if (bad) {
		j->reason = REASON_CHAIN_REFUSED;
		path_name(bad, name, sizeof name);
		(void)snprintf(j->why, sizeof j->why,
		    "an extension of the certificate %s cannot be read, or is there twice", name);
		return;
	}
	if (x && missing)
		name_text(X509_get_issuer_name(x), name, sizeof name);
	(void)snprintf(
	    j->why, sizeof j->why, "%s%s%s%s", text, name[0] ? " (" : "", name, name[0] ? ")" : "");
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

/* One try; the first one's failure is told. failed: the path that did not do, as far as it went. */
static bool build_once(
    struct path_job *j, STACK_OF(X509) * ladder, bool first, STACK_OF(X509) * *failed)
{
	X509_STORE_CTX *ctx = new_ctx(j->store, j->q->leaf, ladder, j->q->at);
	*failed = NULL;
	if (!ctx)
		return false;
	X509_STORE_CTX_set_verify_cb(ctx, without_time);
	bool ok = X509_verify_cert(ctx) == 1;
	if (ok)
		j->chain = X509_STORE_CTX_get1_chain(ctx);
	else
		*failed = X509_STORE_CTX_get1_chain(ctx);
	if (!ok && first)
		explain(j, ctx);
	X509_STORE_CTX_free(ctx);
	return ok && j->chain;
}

/* A CA may have several certificates: by another root, by itself, older ones, with other limits.
 * OpenSSL tries one of them; here each one of a path that failed is left out in turn. */
static bool build(struct path_job *j, STACK_OF(X509) * ladder, bool first)
{
	STACK_OF(X509) *failed = NULL;
	bool ok = build_once(j, ladder, first, &failed);
	for (int i = 1; !ok && j->tries && i < sk_X509_num(failed); i++) {
		const X509 *x = sk_X509_value(failed, i);
		STACK_OF(X509) *rest = has_twin(ladder, x) ? all_but(ladder, x) : NULL;
		if (!rest)
			continue;
		j->tries--;
		ok = build(j, rest, false);
		sk_X509_free(rest);
	}
	sk_X509_pop_free(failed, X509_free);
	return ok;
}

bool path_build(struct path_job *j)
{
	return build(j, j->ladder, true);
}

int path_vouches(const struct path_job *j, X509 *x, int above)
{
	int last = sk_X509_num(j->chain) - 1, found = -1;
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *between = sk_X509_new_null();
	X509_STORE_CTX *ctx = NULL;
	bool ok = store && between && above <= last &&
		  X509_STORE_add_cert(store, sk_X509_value(j->chain, last)) == 1;
	for (int i = above; ok && i < last; i++)
		ok = sk_X509_push(between, sk_X509_value(j->chain, i)) > 0;
	ctx = ok ? new_ctx(store, x, between, j->q->now) : NULL;
	if (ctx && X509_verify_cert(ctx) == 1) {
		X509 *issuer = sk_X509_value(X509_STORE_CTX_get0_chain(ctx), 1);
		for (int i = above; issuer && i <= last; i++)
			if (X509_cmp(issuer, sk_X509_value(j->chain, i)) == 0)
				found = i;
	}
	X509_STORE_CTX_free(ctx);
	sk_X509_free(between);
	X509_STORE_free(store);
	ERR_clear_error();
	return found;
}

void path_name(const X509 *x, char *name, size_t size)
{
	name_text(X509_get_subject_name(x), name, size);
}

bool path_valid_at(const X509 *x, time_t at)
{
	time_t from = 0, until = 0;
	return asn1_time_get(X509_get0_notBefore(x), &from) == ECERT_OK &&
	       asn1_time_get(X509_get0_notAfter(x), &until) == ECERT_OK && at >= from &&
	       at <= until;
}

int path_index(const struct path_job *j, const struct trust_entry *e)
{
	uint8_t have[32];
	for (int i = 0; i < sk_X509_num(j->chain); i++)
		if (cert_sha256(sk_X509_value(j->chain, i), have) == ECERT_OK &&
		    memcmp(have, e->sha256, sizeof have) == 0)
			return i;
	return -1;
}
