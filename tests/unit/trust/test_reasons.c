/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of why a path does not hold: the same check for different reasons, which lead to
 * different next steps. */
#include "path_fix.h"
#include "trust/path/path_priv.h"

static void because(const struct ask *a, const char *name, enum reason reason, const char *words)
{
	struct report r = check(a);
	const struct check *c = report_find(&r, name);
	assert_non_null(c);
	assert_int_not_equal(c->state, CHECK_OK);
	if (c->reason != reason || !strstr(c->detail, words))
		fail_msg("%s: %s: %s", name, reason_code(c->reason), c->detail);
}

/* Each error has its own words, which are not the library's: those are English, and for
 * programmers. */
static void each_error_has_words_of_ours(void **state)
{
	size_t n = 0;

	(void)state;
	for (int e = 1; e < 100; e++) {
		if (!path_words(e))
			continue;
		if (e != X509_V_ERR_OUT_OF_MEM)
			assert_string_not_equal(path_words(e), X509_verify_cert_error_string(e));
		for (int o = 1; o < e; o++)
			assert_true(!path_words(o) || strcmp(path_words(o), path_words(e)) != 0);
		n++;
	}
	assert_int_equal(n, 42);
}

static void the_chain(void **state)
{
	struct trust_set *none = set_of(NULL), *ours = set_of(&root), *theirs = set_of(&other);
	struct pki_id strange, self;
	static const uint8_t what[] = {0x0C, 1, 'x'};
	(void)state;
	because(&(struct ask){.set = none, .leaf = &leaf, .helper = &sub}, "chain",
	    REASON_NO_ANCHOR, "no trusted");
	because(&(struct ask){.set = ours, .leaf = &leaf}, "chain", REASON_ISSUER_MISSING,
	    "(e-Cert CA 2 - 15)");
	because(&(struct ask){.set = theirs, .leaf = &leaf, .helper = &sub}, "chain",
	    REASON_UNKNOWN_CA, "(Root CA 2)");
	pki_make(&(struct pki_spec){.cn = "Self", .usage = USAGE}, &self);
	because(&(struct ask){.set = ours, .leaf = &self}, "chain", REASON_UNKNOWN_CA, "self");
	pki_make(&(struct pki_spec){.cn = "Strange", .usage = USAGE, .issuer = &sub}, &strange);
	X509_EXTENSION *e = NULL;
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.3.4.5", 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	assert_int_equal(ASN1_OCTET_STRING_set(value, what, sizeof what), 1);
	e = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);
	assert_int_equal(X509_add_ext(strange.cert, e, -1), 1);
	assert_true(X509_sign(strange.cert, sub.key, EVP_sha256()) > 0);
	because(&(struct ask){.set = ours, .leaf = &strange, .helper = &sub}, "chain",
	    REASON_CHAIN_REFUSED, "a critical extension that is not known here");
	X509_EXTENSION_free(e);
	ASN1_OBJECT_free(oid);
	ASN1_OCTET_STRING_free(value);
	pki_free(&strange);
	pki_free(&self);
	trust_set_free(&none);
	trust_set_free(&ours);
	trust_set_free(&theirs);
}

/* The certificates begin at T0 - 100 days and end at T0 + 265. */
static void times(void **state)
{
	struct trust_set *s = set_of(&root);
	(void)state;
	because(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub, .at = T0 - 200 * DAY},
	    "validity", REASON_NOT_YET_VALID, "begins on 2026-02-17");
	because(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub, .at = T0 + 300 * DAY},
	    "validity", REASON_EXPIRED_THEN, "ended on 2027-02-17");
	because(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub, .now = T0 + 300 * DAY},
	    "validity", REASON_EXPIRED_SINCE, "expired since, on 2027-02-17");
	/* No time is claimed: not that it was signed after the end either. */
	because(&(struct ask){.set = s,
		    .leaf = &leaf,
		    .helper = &sub,
		    .at = T0 + 300 * DAY,
		    .now = T0 + 300 * DAY,
		    .unclaimed = true},
	    "validity", REASON_EXPIRED_SINCE, "expired since, on 2027-02-17");
	/* Without a chain the leaf has times all the same. */
	struct trust_set *none = set_of(NULL);
	because(&(struct ask){.set = none, .leaf = &leaf, .at = T0 + 300 * DAY}, "validity",
	    REASON_EXPIRED_THEN, "ended on 2027-02-17");
	because(&(struct ask){.set = s, .leaf = &leaf, .at = T0 - 200 * DAY}, "validity",
	    REASON_NOT_YET_VALID, "begins on 2026-02-17");
	/* Dates that are none have no day, and are not called over. */
	struct pki_id odd = leaf;
	odd.cert = X509_dup(leaf.cert);
	assert_int_equal(ASN1_STRING_set(X509_getm_notBefore(odd.cert), "26", 2), 1);
	because(&(struct ask){.set = none, .leaf = &odd, .at = T0}, "validity",
	    REASON_CHAIN_REFUSED, "cannot be read");
	X509_free(odd.cert);
	trust_set_free(&none);
	/* A clock that is wrong, or --at before the beginning. */
	because(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub, .now = T0 - 200 * DAY},
	    "validity", REASON_NOT_YET_VALID, "begins on 2026-02-17");
	trust_set_free(&s);
}

static void uses(void **state)
{
	struct trust_set *s = set_of(&root);
	struct pki_id enc;
	(void)state;
	pki_make(&(struct pki_spec){.cn = "E", .usage = "critical,keyEncipherment", .issuer = &sub},
	    &enc);
	because(&(struct ask){.set = s, .leaf = &enc, .helper = &sub}, "key usage", REASON_USAGE,
	    "encipherment");
	pki_free(&enc);
	trust_set_free(&s);
}

static void crl(const struct pki_id *by, const struct pki_id *const *revoked, time_t from,
    time_t until, enum reason reason)
{
	struct trust_set *s = set_of(&root);
	struct rd der = pki_crl(by, revoked, from, until, NULL);
	assert_int_equal(trust_set_add_crl(s, der), ECERT_OK);
	because(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub}, "revocation", reason, "");
	OPENSSL_free((void *)(uintptr_t)der.p);
	trust_set_free(&s);
}

static void revocation(void **state)
{
	const struct pki_id *revoked[] = {&leaf, NULL};
	struct pki_id forger;
	(void)state;
	crl(&sub, revoked, T0 - DAY, T0 + DAY, REASON_REVOKED_THEN);
	crl(&sub, NULL, T0 - 9 * DAY, T0 - 2 * DAY, REASON_REVOCATION_STALE);
	crl(&sub, NULL, T0 + 2 * DAY, T0 + 9 * DAY, REASON_REVOCATION_STALE);
	crl(&other, NULL, T0 - DAY, T0 + DAY, REASON_REVOCATION_MISSING);
	pki_make(&(struct pki_spec){.cn = "e-Cert CA 2 - 15", .ca = true}, &forger);
	crl(&forger, NULL, T0 - DAY, T0 + DAY, REASON_REVOCATION_BAD);
	pki_free(&forger);
}

/* The signer's own word can be held against him, and proves nothing for him. */
static void revoked_then_or_since(void **state)
{
	const struct pki_id *gone[] = {&leaf, NULL}, *gone_ca[] = {&sub, NULL};
	struct trust_set *s = set_of(&root), *of_ca = set_of(&root);
	struct rd der = pki_crl(&sub, gone, T0 - DAY, T0 + DAY, NULL);
	struct rd ca = pki_crl(&root, gone_ca, T0 - DAY, T0 + DAY, NULL);
	struct ask a = {.set = s, .leaf = &leaf, .helper = &sub, .at = T0 - 2 * DAY};

	(void)state;
	assert_int_equal(trust_set_add_crl(s, der), ECERT_OK);
	assert_int_equal(trust_set_add_crl(of_ca, ca), ECERT_OK);
	because(&a, "revocation", REASON_REVOKED, "revoked on");
	a.at = T0 - DAY;
	because(&a, "revocation", REASON_REVOKED_THEN, "revoked on");
	a.at = T0;
	a.unclaimed = true;
	because(&a, "revocation", REASON_REVOKED, "revoked on");
	a.set = of_ca;
	a.unclaimed = false;
	because(&a, "revocation", REASON_CA_REVOKED, "the CA e-Cert CA 2 - 15 was revoked");
	OPENSSL_free((void *)(uintptr_t)der.p);
	OPENSSL_free((void *)(uintptr_t)ca.p);
	trust_set_free(&s);
	trust_set_free(&of_ca);
}

static void ocsp(void **state)
{
	struct trust_set *s = set_of(&root);
	(void)state;
	for (int i = 0; i < 3; i++) {
		static const enum reason want[] = {
		    REASON_REVOKED_THEN, REASON_REVOCATION_STALE, REASON_REVOCATION_BAD};
		struct rd der = pki_ocsp(i == 2 ? &other : &sub, &sub, &leaf,
		    i == 0 ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD,
		    T0 - (i == 1 ? 9 : 1) * DAY, T0 - (i == 1 ? 8 : -1) * DAY);
		because(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub, .ocsp = der},
		    "revocation", want[i], "");
		OPENSSL_free((void *)(uintptr_t)der.p);
	}
	trust_set_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_error_has_words_of_ours),
	    cmocka_unit_test(the_chain),
	    cmocka_unit_test(times),
	    cmocka_unit_test(uses),
	    cmocka_unit_test(revocation),
	    cmocka_unit_test(revoked_then_or_since),
	    cmocka_unit_test(ocsp),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
