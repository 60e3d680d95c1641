/* SPDX-License-Identifier: BSD-2-Clause */
/* Path building and judgement with OpenSSL's X509_STORE, never with the network. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "crypto/x509.h"
#include "document/cert.h"
#include "trust/path_priv.h"
#include "trust/usage.h"

static bool is_time_error(int err)
{
	return err == X509_V_ERR_CERT_HAS_EXPIRED || err == X509_V_ERR_CERT_NOT_YET_VALID;
}

/* Times are judged by check_validity, so that "chain" and "validity" are told apart. */
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

static bool add_untrusted(struct path_job *j, const STACK_OF(X509) * more)
{
	/* A document full of certificates must not cost more than this. */
	for (int i = 0; i < sk_X509_num(more) && sk_X509_num(j->untrusted) < 64; i++)
		if (sk_X509_push(j->untrusted, sk_X509_value(more, i)) <= 0)
			return false;
	return true;
}

bool path_open(struct path_job *j)
{
	j->store = X509_STORE_new();
	j->untrusted = sk_X509_new_null();
	return j->store && j->untrusted && add_untrusted(j, j->q->others) &&
	       add_untrusted(j, j->set->helpers) && add_anchors(j);
}

void path_close(struct path_job *j)
{
	sk_X509_pop_free(j->chain, X509_free);
	sk_X509_free(j->untrusted);
	X509_STORE_free(j->store);
	ERR_clear_error();
}

X509_STORE_CTX *path_ctx(struct path_job *j, time_t at, X509_STORE_CTX_verify_cb cb)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	if (!ctx || X509_STORE_CTX_init(ctx, j->store, j->q->leaf, j->untrusted) != 1) {
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
	X509_STORE_CTX_set_verify_cb(ctx, cb);
	return ctx;
}

bool path_build(struct path_job *j)
{
	X509_STORE_CTX *ctx = path_ctx(j, j->q->at, without_time);
	if (!ctx)
		return false;
	bool ok = X509_verify_cert(ctx) == 1;
	if (ok)
		j->chain = X509_STORE_CTX_get1_chain(ctx);
	else
		(void)snprintf(j->why, sizeof j->why, "%s",
		    X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
	X509_STORE_CTX_free(ctx);
	return ok && j->chain;
}

/* RFC 5280, 4.2.1.4: anyPolicy. */
#define ANY_POLICY "2.5.29.32.0"

/* A CA that names policies may hand out those only; one that names none is left to its CA, as old
 * ones name none. The entry's own certificate and what is above it is trusted as it is. */
static bool cas_allow(const struct path_job *j, const struct trust_entry *e, const char *policy)
{
	uint8_t have[32];
	for (int i = 1; i < sk_X509_num(j->chain); i++) {
		X509 *ca = sk_X509_value(j->chain, i);
		if (cert_sha256(ca, have) == ECERT_OK && memcmp(have, e->sha256, sizeof have) == 0)
			break;
		if (X509_get_ext_by_NID(ca, NID_certificate_policies, -1) >= 0 &&
		    !x509_has_policy(ca, policy) && !x509_has_policy(ca, ANY_POLICY))
			return false;
	}
	return true;
}

static bool has_policy(const struct path_job *j, const struct trust_entry *e)
{
	for (size_t i = 0; i < e->policies_n; i++)
		if (x509_has_policy(j->q->leaf, e->policies[i]) && cas_allow(j, e, e->policies[i]))
			return true;
	return e->policies_n == 0;
}

static bool in_chain(const struct path_job *j, const struct trust_entry *e)
{
	uint8_t have[32];
	for (int i = 0; i < sk_X509_num(j->chain); i++)
		if (cert_sha256(sk_X509_value(j->chain, i), have) == ECERT_OK &&
		    memcmp(have, e->sha256, sizeof have) == 0)
			return true;
	return false;
}

/* The entry that accepts the chain: it is in it, is in force, and its policy is the leaf's. */
static const struct trust_entry *entry_from(struct path_job *j, enum trust_origin origin)
{
	for (size_t i = 0; i < j->set->n; i++) {
		const struct trust_entry *e = &j->set->entries[i];
		if (!(e->purposes & (unsigned)j->purpose) || e->origin != origin ||
		    (j->only && j->only != e) || !in_chain(j, e))
			continue;
		if ((e->from && j->q->at < e->from) || (e->until && j->q->at > e->until))
			(void)snprintf(j->why, sizeof j->why,
			    "the entry %s is not in force at that time", e->name);
		else if (!has_policy(j, e))
			(void)snprintf(
			    j->why, sizeof j->why, "no policy of the entry %s is in it", e->name);
		else
			return e;
	}
	return NULL;
}

const struct trust_entry *path_entry(struct path_job *j)
{
	const struct trust_entry *e = entry_from(j, TRUST_EXPLICIT);
	return e ? e : entry_from(j, TRUST_FROM_LIST);
}

static bool valid_at(const X509 *x, time_t at)
{
	time_t from = 0, until = 0;
	return asn1_time_get(X509_get0_notBefore(x), &from) == ECERT_OK &&
	       asn1_time_get(X509_get0_notAfter(x), &until) == ECERT_OK && at >= from &&
	       at <= until;
}

static void check_validity(const struct path_job *j, struct report *rep)
{
	bool then = valid_at(j->q->leaf, j->q->at), today = valid_at(j->q->leaf, j->q->now);
	for (int i = 0; i < sk_X509_num(j->chain); i++) {
		then = then && valid_at(sk_X509_value(j->chain, i), j->q->at);
		today = today && valid_at(sk_X509_value(j->chain, i), j->q->now);
	}
	if (!then)
		report_add(rep, "validity", CHECK_FAILED,
		    "a certificate of the chain is expired or not yet valid at the time of "
		    "signing");
	else if (!today)
		/* EN 319 102-1: OUT_OF_BOUNDS_NO_POE. */
		report_add(rep, "validity", CHECK_UNKNOWN,
		    "expired since; only a time stamp that was verified could tell that it was "
		    "signed before");
	else
		report_add(rep, "validity", CHECK_OK, "at the time of signing and now");
}

static void check_usage(const struct path_job *j, struct report *rep)
{
	struct identity id;
	struct buf der = BUF_INIT(65536);
	const char *why = "the certificate cannot be read";
	if (cert_der(j->q->leaf, &der) == ECERT_OK &&
	    identity_read(buf_view(&der), &id) == ECERT_OK)
		why = usage_defect(j->q->leaf, &id);
	buf_free(&der);
	report_test(rep, "key usage", !why, "%s", why ? why : "may sign");
}

/* Without a chain the rest cannot be asked, and says so. */
static void no_chain(struct path_job *j, struct report *rep)
{
	if (j->anchors == 0)
		report_add(rep, "chain", CHECK_UNKNOWN, "no trusted certificates were given");
	else
		report_add(rep, "chain", CHECK_FAILED, "%s", j->why);
	check_validity(j, rep);
	check_usage(j, rep);
	report_add(rep, "policy", CHECK_SKIPPED, "there is no chain");
	report_add(rep, "revocation", CHECK_SKIPPED, "there is no chain");
}

/* The path ends at the first certificate that is trusted, so that a signing CA of a list hides the
 * root above it, which may be trusted for more. Tries every anchor by itself; j becomes the path of
 * the first that accepts. */
static const struct trust_entry *by_another_anchor(struct path_job *j)
{
	const struct trust_entry *found = NULL;
	for (size_t i = 0; !found && i < j->set->n; i++) {
		struct path_job alone = {
		    .set = j->set, .q = j->q, .purpose = j->purpose, .only = &j->set->entries[i]};
		if ((alone.only->purposes & (unsigned)j->purpose) && path_open(&alone) &&
		    path_build(&alone))
			found = path_entry(&alone);
		if (found) {
			path_close(j);
			*j = alone;
		} else {
			path_close(&alone);
		}
	}
	return found;
}

void trust_path_check(const struct trust_set *s, const struct doc_path_query *q,
    enum trust_purpose purpose, struct rd ocsp, struct report *rep, struct trust_path_result *out)
{
	struct path_job j = {.set = s, .q = q, .purpose = purpose};
	struct trust_path_result result = {0};
	if (!path_open(&j) || !path_build(&j)) {
		no_chain(&j, rep);
		goto out;
	}
	result.entry = path_entry(&j);
	if (!result.entry)
		result.entry = by_another_anchor(&j);
	int n = sk_X509_num(j.chain);
	report_add(rep, "chain", CHECK_OK, "%d certificate%s up to %s", n, n == 1 ? "" : "s",
	    result.entry ? result.entry->name : "a trusted one");
	check_validity(&j, rep);
	check_usage(&j, rep);
	report_test(rep, "policy", result.entry != NULL, "%s",
	    !result.entry	       ? j.why
	    : result.entry->type[0]    ? result.entry->type
	    : result.entry->policies_n ? "one that the trusted entry asks for"
				       : "the trusted entry asks for none");
	revocation_check(&j, ocsp, rep);
	/* An anchor that is the leaf itself has no issuer in the chain. */
	if (n > 1 && X509_up_ref(sk_X509_value(j.chain, 1)) == 1)
		result.issuer = sk_X509_value(j.chain, 1);
out:
	path_close(&j);
	if (out)
		*out = result;
	else
		X509_free(result.issuer);
}

void report_move(struct report *to, const struct report *from, const char *name)
{
	const struct check *c = report_find(from, name);
	if (c)
		report_add_why(to, c->name, c->state, c->reason, "%s", c->detail);
}
