/* SPDX-License-Identifier: BSD-2-Clause */
/* Key attestation in Yubico's format: the chain, and who may vouch for a key. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/attestation/attestation_priv.h"
#include "trust/path/path_priv.h"

bool attestation_same_key(struct rd a, struct rd b)
{
	X509 *x = NULL, *y = NULL;
	bool same = cert_parse(a, &x) == ECERT_OK && cert_parse(b, &y) == ECERT_OK &&
		    X509_get0_pubkey(x) && X509_get0_pubkey(y) &&
		    EVP_PKEY_eq(X509_get0_pubkey(x), X509_get0_pubkey(y)) == 1;

	X509_free(x);
	X509_free(y);
	ERR_clear_error();
	return same;
}

static bool name_says_test(const X509_NAME *name)
{
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const ASN1_STRING *s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		const uint8_t *p = ASN1_STRING_get0_data(s);
		size_t n = (size_t)ASN1_STRING_length(s);

		if (memmem(p, n, "TEST", 4))
			return true;
	}
	return false;
}

static bool marked_test(const X509 *x)
{
	return name_says_test(X509_get_subject_name(x)) || name_says_test(X509_get_issuer_name(x));
}

struct f9_chain {
	X509 *slot, *f9;
	STACK_OF(X509) * rest;
};

/* NULL, or what cannot be read. */
static const char *f9_parse(struct f9_chain *c, struct rd slot, const struct rd *others, size_t n)
{
	memset(c, 0, sizeof *c);
	c->rest = sk_X509_new_null();
	if (!c->rest || n == 0 || n > ATTESTATION_MAX)
		return MSG_ID(
		    "it is not a statement followed by the token's attestation certificate");
	if (cert_parse(slot, &c->slot) != ECERT_OK)
		return MSG_ID(
		    "the token's statement about the key is malformed: it is no certificate");
	if (cert_parse(others[0], &c->f9) != ECERT_OK)
		return MSG_ID(
		    "the token's attestation certificate is malformed: it is no certificate");
	for (size_t i = 1; i < n; i++) {
		X509 *x = NULL;

		if (cert_parse(others[i], &x) != ECERT_OK)
			return MSG_ID(
			    "what follows the token's attestation certificate is malformed");
		if (sk_X509_push(c->rest, x) <= 0) {
			X509_free(x);
			return MSG_ID("memory is out");
		}
	}
	return NULL;
}

static void f9_free(struct f9_chain *c)
{
	X509_free(c->slot);
	X509_free(c->f9);
	sk_X509_pop_free(c->rest, X509_free);
}

/* Nothing but what any certificate may have: no name of a person or a host, no purpose, nothing
 * that another application of a token states. */
static bool is_bare(X509 *x)
{
	static const int plain[] = {NID_subject_key_identifier, NID_authority_key_identifier,
	    NID_key_usage, NID_certificate_policies, NID_crl_distribution_points, NID_info_access};

	for (int i = 0; i < X509_get_ext_count(x); i++) {
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(X509_get_ext(x, i)));
		bool known = false;

		for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++)
			known = known || plain[k] == nid;
		if (!known)
			return false;
	}
	/* A person's or a machine's says what its key does; absent, every bit is set. */
	return (X509_get_key_usage(x) & KU_KEY_CERT_SIGN) != 0;
}

/* Makers' roots stand above other things than F9 too: statements of OpenPGP and FIDO keys, whose
 * owner signs with them what he likes. Those are no CAs. The F9 of a YubiKey up to firmware 5.2
 * does not say what it is: its only extension is the PIV application's firmware. Other makers' say
 * nothing at all: the relying party that named the root itself knows what is below it. */
static bool may_attest(X509 *f9, enum trust_origin named)
{
	if (X509_check_ca(f9) == 1)
		return true;
	return X509_get_ext_by_NID(f9, NID_basic_constraints, -1) < 0 &&
	       (attestation_has_firmware(f9) || (named == TRUST_EXPLICIT && is_bare(f9)));
}

/* Pinned at enrolment by its key, since a token like PivApplet makes the certificate anew, with the
 * extensions of a slot's statement and signed by itself. No maker stands above it. */
static const struct trust_entry *enrolled_as(
    const struct trust_set *s, const struct f9_chain *c, time_t at)
{
	uint8_t hash[32];

	if (X509_self_signed(c->f9, 1) != 1 || cert_sha256(c->f9, hash) != ECERT_OK)
		return NULL;
	for (size_t i = 0; i < trust_set_count(s); i++) {
		const struct trust_entry *e = trust_set_entry(s, i);

		/* A card has no clock: only the entry's own times count. */
		if (!(e->purposes & TRUST_ATTESTATION) || (e->from && at < e->from) ||
		    (e->until && at > e->until))
			continue;
		if (e->cert ? EVP_PKEY_eq(X509_get0_pubkey(e->cert), X509_get0_pubkey(c->f9)) == 1
			    : memcmp(e->sha256, hash, sizeof hash) == 0)
			return e;
	}
	return NULL;
}

static bool names_statement(const struct f9_chain *c)
{
	for (int i = 0; i < sk_X509_num(c->rest); i++)
		if (attestation_is_statement(sk_X509_value(c->rest, i)))
			return true;
	return attestation_is_statement(c->f9);
}

/* F9 signs for its slots without being a CA on some tokens, so that this one step is done by
 * hand. */
static bool f9_signed_slot(const struct f9_chain *c)
{
	EVP_PKEY *key = X509_get0_pubkey(c->f9);

	return key &&
	       X509_NAME_cmp(X509_get_issuer_name(c->slot), X509_get_subject_name(c->f9)) == 0 &&
	       EVP_PKEY_get_security_bits(key) >= 112 && X509_verify(c->slot, key) == 1;
}

/* True with the entry's facts in out when F9 chains to an attestation root. */
static bool f9_trusted(const struct trust_set *s, const struct f9_chain *c, time_t at,
    struct attestation *out, struct message_kept *why)
{
	struct doc_path_query q = {c->f9, c->rest, NULL, at, at, false};
	struct path_job j = {.set = s, .q = &q, .purpose = TRUST_ATTESTATION};
	enum path_acceptance how;
	const struct trust_entry *e = NULL;

	if (path_open(&j, NULL) && path_search(&j))
		for (size_t i = 0; !e && i < j.found_n; i++)
			if (path_take(&j, i))
				e = path_entry(&j, &how);
	if (j.anchors)
		*why = j.why;
	else
		message_keep(why, MSG("no attestation root is trusted"));
	if (e) {
		uint8_t hash[32];

		(void)snprintf(out->root, sizeof out->root, "%s", e->name);
		out->pinned = cert_sha256(c->f9, hash) == ECERT_OK &&
			      memcmp(hash, e->sha256, 32) == 0;
		out->test_root = strstr(e->name, "TEST");
		for (int i = 0; i < sk_X509_num(j.chain); i++)
			out->test_root = out->test_root || marked_test(sk_X509_value(j.chain, i));
		if (!out->pinned && !may_attest(c->f9, e->origin)) {
			message_keep(why, MSG("what stands in the place of the token's attestation "
					      "key may not attest"));
			e = NULL;
		} else if (out->test_root && e->origin != TRUST_EXPLICIT) {
			message_keep(
			    why, MSG("it ends in a TEST root that was not given explicitly"));
			e = NULL;
		}
	}
	path_close(&j);
	return e;
}

static bool enrolled_check(const struct trust_entry *e, const struct f9_chain *c,
    struct attestation *out, struct report *rep)
{
	bool ok;

	(void)snprintf(out->root, sizeof out->root, "%s", e->name);
	out->pinned = true;
	out->test_root = strstr(e->name, "TEST") || marked_test(c->f9);
	ok = !out->test_root || e->origin == TRUST_EXPLICIT;
	out->enrolled = ok;
	return report_test(rep, CHK_ATTESTATION_CHAIN, ok,
	    ok ? MSG("to the enrolled token's own key: {entry}", P_TEXT("entry", out->root))
	       : MSG("it is a TEST token that was not given explicitly"));
}

static bool chain_check(const struct trust_set *s, const struct f9_chain *c, time_t now,
    struct attestation *out, struct report *rep)
{
	struct message_kept why;
	const struct trust_entry *enrolled = f9_signed_slot(c) ? enrolled_as(s, c, now) : NULL;
	bool ok;

	if (enrolled)
		return enrolled_check(enrolled, c, out, rep);
	if (names_statement(c)) {
		report_add_why(rep, CHK_ATTESTATION_CHAIN, CHECK_FAILED, REASON_ATTESTATION_BAD,
		    MSG("a slot's key stands where the token's attestation key has to"));
		return false;
	}
	if (!f9_signed_slot(c)) {
		report_add_why(rep, CHK_ATTESTATION_CHAIN, CHECK_FAILED, REASON_ATTESTATION_BAD,
		    MSG("the statement is not signed by the token's attestation key"));
		return false;
	}
	/* A card has no clock: path_search judges no certificate's time, only the entry's. */
	ok = f9_trusted(s, c, now, out, &why);
	return report_test(rep, CHK_ATTESTATION_CHAIN, ok,
	    ok ? MSG("to {root}", P_TEXT("root", out->root)) : MSG_KEPT(&why));
}

bool attestation_check(const struct trust_set *s, struct rd slot, const struct rd *others, size_t n,
    time_t now, struct attestation *out, struct report *rep)
{
	struct f9_chain c;
	char serial[24];
	bool ok = false;
	const char *unreadable;

	memset(out, 0, sizeof *out);
	unreadable = f9_parse(&c, slot, others, n);
	if (unreadable) {
		report_add_why(rep, CHK_ATTESTATION_CHAIN, CHECK_FAILED, REASON_ATTESTATION_BAD,
		    MSG(unreadable));
		report_add(rep, CHK_ATTESTATION_STATEMENT, CHECK_SKIPPED, MSG("it cannot be read"));
		goto out;
	}
	attestation_extensions(out, c.slot);
	ok = chain_check(s, &c, now, out, rep);
	if (!ok) {
		report_add(rep, CHK_ATTESTATION_STATEMENT, CHECK_SKIPPED,
		    MSG("nobody trusted vouches for it"));
	} else if (!out->has_policy) {
		/* An OpenPGP application attests imported keys as well, under the same root. */
		ok = report_test(rep, CHK_ATTESTATION_STATEMENT, false,
		    MSG("it is not a PIV token's statement about a key"));
		out->enrolled = false;
	} else if (out->enrolled || (out->pinned && !out->has_serial)) {
		/* PivApplet attests imported keys as well, and gives no serial number. */
		report_add(rep, CHK_ATTESTATION_STATEMENT, CHECK_SKIPPED,
		    MSG("the key is in the enrolled token, but such a token attests imported keys "
			"too, so that its origin is not known"));
		out->enrolled = true;
		ok = false;
	} else if (!out->has_serial) {
		/* YubiKey 4. */
		report_add(rep, CHK_ATTESTATION_STATEMENT, CHECK_OK,
		    MSG("generated in a token that does not state its serial number"));
	} else {
		(void)snprintf(serial, sizeof serial, "%llu", (unsigned long long)out->serial);
		report_add(rep, CHK_ATTESTATION_STATEMENT, CHECK_OK,
		    MSG("generated in token {serial}", P_TEXT("serial", serial)));
	}
out:
	f9_free(&c);
	ERR_clear_error();
	return ok;
}
