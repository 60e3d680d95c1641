/* SPDX-License-Identifier: BSD-2-Clause */
/* A path judged by OpenSSL's X509_STORE, never with the network; what it is made of is
 * path_search.c's. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/path/made.h"
#include "trust/path/pairs.h"
#include "trust/path/path_priv.h"
#include "trust/path/subtrees.h"

/* Of CAs; the longest of real ones are half as long. */
#define MAX_CAS_BETWEEN 16

static bool is_time_error(int err)
{
	return err == X509_V_ERR_CERT_HAS_EXPIRED || err == X509_V_ERR_CERT_NOT_YET_VALID;
}

/* Times are judged by "validity", so that it is told apart from "chain"; hosts of URIs are read
 * anew. */
static int without_time(int ok, X509_STORE_CTX *ctx)
{
	int error = X509_STORE_CTX_get_error(ctx);

	return ok || is_time_error(error) ||
	       (error == X509_V_ERR_PERMITTED_VIOLATION &&
		   path_subtrees_permit(
		       X509_STORE_CTX_get0_chain(ctx), X509_STORE_CTX_get_error_depth(ctx)));
}

static bool made(X509_STORE_CTX *ctx, X509 *ca, X509 *x)
{
	return X509_check_issued(ca, x) == X509_V_OK &&
	       path_made(X509_STORE_CTX_get_app_data(ctx), ca, x);
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

		if ((!found || !path_valid_at(found, at)) && made(ctx, ca, x))
			found = ca;
	}
	for (int i = 0; !found && !elsewhere && i < sk_X509_num(others); i++)
		elsewhere = made(ctx, sk_X509_value(others, i), x);
	*issuer = found && X509_up_ref(found) == 1 ? found : NULL;
	sk_X509_pop_free(trusted, X509_free);
	if (*issuer || elsewhere)
		return *issuer ? 1 : 0;
	return X509_STORE_CTX_get1_issuer(issuer, ctx, x);
}

static X509_STORE_CTX *new_ctx(
    const struct path_job *j, X509_STORE *store, X509 *x, STACK_OF(X509) * untrusted, time_t at)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *p;

	X509_STORE_set_get_issuer(store, trusted_issuer);
	if (!ctx || X509_STORE_CTX_init(ctx, store, x, untrusted) != 1) {
		X509_STORE_CTX_free(ctx);
		return NULL;
	}
	X509_STORE_CTX_set_app_data(ctx, j->set->pairs);
	p = X509_STORE_CTX_get0_param(ctx);
	/* A signing CA may be the anchor: trust lists name them. */
	(void)X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	X509_VERIFY_PARAM_set_depth(p, MAX_CAS_BETWEEN);
	X509_VERIFY_PARAM_set_time(p, at);
	/* path_too_old has the dates, and what the relying party says of them. */
	X509_VERIFY_PARAM_set_auth_level(p, 0);
	return ctx;
}

void path_name_text(const X509_NAME *subject, char *name, size_t size)
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
	*name = 0;
	if (n > 0)
		(void)snprintf(name, size - 3, "%.*s", n, (const char *)text);
	else
		(void)X509_NAME_oneline(subject, name, (int)size);
	if (!*name)
		(void)snprintf(name, size, "?");
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
		    path_made(j->set->pairs, ca, x))
			return ca;
	}
	return NULL;
}

/* Somebody of its issuer's name is trusted, and has not made it: whoever makes a CA chooses its
 * name. */
static bool is_twin_of_trusted(const struct path_job *j, X509 *x)
{
	for (size_t i = 0; i < trust_set_count(j->set); i++) {
		const struct trust_entry *e = trust_set_entry(j->set, i);

		if ((e->purposes & j->purpose) && e->cert &&
		    X509_NAME_cmp(X509_get_subject_name(e->cert), X509_get_issuer_name(x)) == 0 &&
		    !path_made(j->set->pairs, e->cert, x))
			return true;
	}
	return false;
}

/* Why there is no path; for a certificate that is missing, whose. */
static void explain(struct path_job *j, X509_STORE_CTX *ctx)
{
	int error = X509_STORE_CTX_get_error(ctx);
	const char *words = path_words(error);
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);
	char name[80] = "";
	bool missing;
	const X509 *bad;
	struct path_defect unread;

	j->reason = reason_of(error, X509_STORE_CTX_get_error_depth(ctx));
	missing = j->reason == REASON_ISSUER_MISSING || j->reason == REASON_UNKNOWN_CA;
	bad = x && (missing || error == X509_V_ERR_INVALID_EXTENSION ||
		       error == X509_V_ERR_UNSPECIFIED)
		  ? unreadable(j, x)
		  : NULL;
	if (bad) {
		j->reason = REASON_CHAIN_REFUSED;
		path_name(bad, name, sizeof name);
		message_keep(&j->why,
		    MSG("an extension of the certificate {name} cannot be read, or is there twice",
			P_TEXT("name", name)));
		return;
	}
	/* A curve that it does not know is told of no certificate. */
	if ((missing || error == X509_V_ERR_CERT_SIGNATURE_FAILURE ||
		error == X509_V_ERR_UNSPECIFIED) &&
	    path_unread(x ? x : j->q->leaf, &unread)) {
		j->reason = unread.reason;
		j->why = unread.why;
		return;
	}
	if (x && missing)
		path_name_text(X509_get_issuer_name(x), name, sizeof name);
	if (x && missing && is_twin_of_trusted(j, x)) {
		j->reason = REASON_UNKNOWN_CA;
		message_keep(&j->why, MSG("a CA of the name {name} is trusted, and it is not this "
					  "one: its key is another",
					  P_TEXT("name", name)));
		return;
	}
	if (!words)
		message_keep(
		    &j->why, MSG("a rule of certificates that has no words here (error {n} "
				 "of OpenSSL)",
				 P_NUMBER("n", error)));
	else
		message_keep(&j->why,
		    name[0] ? MSG("{what} ({name})", P_WORD("what", words), P_TEXT("name", name))
			    : MSG(words));
}

/* In the place of OpenSSL's, which verifies them each time anew: every signature from the trusted
 * one down. Times are not for it ("validity" judges them). */
static int signatures(X509_STORE_CTX *ctx)
{
	const STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);

	for (int i = sk_X509_num(chain) - 2; i >= 0; i--) {
		X509 *ca = sk_X509_value(chain, i + 1), *x = sk_X509_value(chain, i);
		int why = X509_check_issued(ca, x);

		if (why == X509_V_OK && !path_signed(ca, x))
			why = X509_V_ERR_CERT_SIGNATURE_FAILURE;
		if (why == X509_V_OK)
			continue;
		X509_STORE_CTX_set_error(ctx, why);
		X509_STORE_CTX_set_error_depth(ctx, i);
		X509_STORE_CTX_set_current_cert(ctx, x);
		return 0;
	}
	return 1;
}

/* OpenSSL's judgement, and what it does not see of names. */
static bool accepted(X509_STORE_CTX *ctx)
{
	const STACK_OF(X509) * chain;
	int error, depth;

	if (X509_verify_cert(ctx) != 1)
		return false;
	chain = X509_STORE_CTX_get0_chain(ctx);
	error = path_subtrees_defect(chain, &depth);
	if (error == X509_V_OK)
		return true;
	X509_STORE_CTX_set_error(ctx, error);
	X509_STORE_CTX_set_error_depth(ctx, depth);
	X509_STORE_CTX_set_current_cert(ctx, sk_X509_value(chain, depth));
	return false;
}

bool path_try(struct path_job *j, STACK_OF(X509) * ladder, STACK_OF(X509) * *chain)
{
	X509_STORE_CTX *ctx = new_ctx(j, j->store, j->q->leaf, ladder, j->q->at);
	bool ok;

	*chain = NULL;
	if (!ctx)
		return false;
	X509_STORE_CTX_set_verify(ctx, signatures);
	X509_STORE_CTX_set_verify_cb(ctx, without_time);
	ok = accepted(ctx);
	*chain = X509_STORE_CTX_get1_chain(ctx);
	/* The first one's failure is told. */
	if (!ok && !j->why.n)
		explain(j, ctx);
	X509_STORE_CTX_free(ctx);
	ERR_clear_error();
	return ok && *chain;
}

int path_vouches(const struct path_job *j, X509 *x, int above)
{
	int last = sk_X509_num(j->chain) - 1, found = -1;
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *between = sk_X509_new_null();
	X509_STORE_CTX *ctx = NULL;
	struct path_defect old;
	bool ok = store && between && above <= last &&
		  X509_STORE_add_cert(store, sk_X509_value(j->chain, last)) == 1;

	for (int i = above; ok && i < last; i++)
		ok = sk_X509_push(between, sk_X509_value(j->chain, i)) > 0;
	ctx = ok ? new_ctx(j, store, x, between, j->answer_at) : NULL;
	if (ctx && accepted(ctx) &&
	    !path_too_old(j, X509_STORE_CTX_get0_chain(ctx), j->answer_at, &old)) {
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
	path_name_text(X509_get_subject_name(x), name, size);
}

bool path_valid_at(const X509 *x, time_t at)
{
	time_t from = 0, until = 0;

	return cert_times(x, &from, &until) == ECERT_OK && at >= from && at <= until;
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

void report_move(struct report *to, const struct report *from, enum check_name name)
{
	const struct check *c = report_get(from, name);

	if (c)
		report_copy(to, c);
}
