/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of revocation: CRLs, OCSP responses that are brought along or given. */
#include "path_fix.h"

static void crls(void **state)
{
	const struct pki_id *revoked[] = {&leaf, NULL};
	(void)state;
	struct rd clean = pki_crl(&sub, NULL, T0 - DAY, T0 + DAY, NULL);
	struct rd bad = pki_crl(&sub, revoked, T0 - DAY, T0 + DAY, NULL);
	struct rd foreign = pki_crl(&other, NULL, T0 - DAY, T0 + DAY, NULL);
	struct rd stale = pki_crl(&sub, NULL, T0 - 9 * DAY, T0 - 8 * DAY, NULL);
	const struct {
		struct rd crl;
		enum check_state state;
		const char *text;
	} row[] = {
	    {clean, CHECK_OK, "not on the CRL"},
	    {bad, CHECK_FAILED, "revoked on 2026-05-27"},
	    {foreign, CHECK_UNKNOWN, "unable to get"},
	    {stale, CHECK_UNKNOWN, "expired"},
	};
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct trust_set *s = set_of(&root);
		assert_int_equal(trust_set_add_crl(s, row[i].crl), ECERT_OK);
		struct report r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
		expect(&r, "revocation", row[i].state);
		if (!strstr(report_find(&r, "revocation")->detail, row[i].text))
			fail_msg("%s", report_find(&r, "revocation")->detail);
		trust_set_free(&s);
	}
	struct trust_set *s = set_of(&root);
	assert_int_equal(trust_set_add_crl(s, rd_of(clean.p, clean.n - 1)), ECERT_E_MALFORMED);
	/* Signed by somebody who only has the CA's name. */
	struct pki_id twin;
	pki_make(&(struct pki_spec){.cn = "e-Cert CA 2 - 15", .ca = true, .issuer = &root}, &twin);
	struct rd forged = pki_crl(&twin, NULL, T0 - DAY, T0 + DAY, NULL);
	assert_int_equal(trust_set_add_crl(s, forged), ECERT_OK);
	struct report r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&r, "revocation", CHECK_UNKNOWN);
	trust_set_free(&s);
	/* A revoked CA between. */
	const struct pki_id *ca[] = {&sub, NULL};
	struct rd top = pki_crl(&root, ca, T0 - DAY, T0 + DAY, NULL);
	s = set_of(&root);
	assert_int_equal(trust_set_add_crl(s, clean), ECERT_OK);
	assert_int_equal(trust_set_add_crl(s, top), ECERT_OK);
	r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&r, "revocation", CHECK_FAILED);
	trust_set_free(&s);
	pki_free(&twin);
	const struct rd all[] = {clean, bad, foreign, stale, forged, top};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		OPENSSL_free((void *)(uintptr_t)all[i].p);
}

static void one_ocsp(const struct pki_id *signer, int status, time_t from, time_t until,
    enum check_state state, const char *text)
{
	struct trust_set *s = set_of(&root);
	struct rd o = pki_ocsp(signer, &sub, &leaf, status, from, until);
	struct report r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub, .ocsp = o});
	expect(&r, "revocation", state);
	if (!strstr(report_find(&r, "revocation")->detail, text))
		fail_msg("%s", report_find(&r, "revocation")->detail);
	OPENSSL_free((void *)(uintptr_t)o.p);
	trust_set_free(&s);
}

static void ocsp(void **state)
{
	struct pki_id delegate, impostor;
	(void)state;
	pki_make(
	    &(struct pki_spec){
		.cn = "OCSP", .usage = "digitalSignature", .eku = "OCSPSigning", .issuer = &sub},
	    &delegate);
	pki_make(&(struct pki_spec){.cn = "OCSP", .usage = "digitalSignature", .issuer = &sub},
	    &impostor);
	one_ocsp(&sub, V_OCSP_CERTSTATUS_GOOD, T0 - 60, T0 + DAY, CHECK_OK, "good");
	one_ocsp(&delegate, V_OCSP_CERTSTATUS_GOOD, T0 - 60, T0 + DAY, CHECK_OK, "good");
	one_ocsp(&delegate, V_OCSP_CERTSTATUS_REVOKED, T0 - 60, T0 + DAY, CHECK_FAILED, "revoked");
	one_ocsp(&delegate, V_OCSP_CERTSTATUS_UNKNOWN, T0 - 60, T0 + DAY, CHECK_UNKNOWN,
	    "does not know");
	one_ocsp(&delegate, V_OCSP_CERTSTATUS_GOOD, T0 - 9 * DAY, T0 - DAY, CHECK_UNKNOWN, "stale");
	one_ocsp(&delegate, V_OCSP_CERTSTATUS_GOOD, T0 + DAY, T0 + 2 * DAY, CHECK_UNKNOWN, "stale");
	one_ocsp(&impostor, V_OCSP_CERTSTATUS_GOOD, T0 - 60, T0 + DAY, CHECK_UNKNOWN, "not signed");
	one_ocsp(&other, V_OCSP_CERTSTATUS_GOOD, T0 - 60, T0 + DAY, CHECK_UNKNOWN, "not signed");
	struct trust_set *s = set_of(&root);
	struct report r = check(
	    &(struct ask){.set = s, .leaf = &leaf, .helper = &sub, .ocsp = rd_of("junk", 4)});
	expect(&r, "revocation", CHECK_UNKNOWN);
	trust_set_free(&s);
	pki_free(&delegate);
	pki_free(&impostor);
}

/* One response for everything that is judged with a set: signed documents, too. */
static void ocsp_of_the_set(void **state)
{
	static const struct {
		int status;
		enum check_state state;
	} row[] = {{V_OCSP_CERTSTATUS_GOOD, CHECK_OK}, {V_OCSP_CERTSTATUS_REVOKED, CHECK_FAILED}};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct trust_set *s = set_of(&root);
		struct rd o = pki_ocsp(&sub, &sub, &leaf, row[i].status, T0 - 60, T0 + DAY);
		struct rd good = pki_ocsp(
		    &sub, &sub, &leaf, V_OCSP_CERTSTATUS_GOOD, T0 - 60, T0 + DAY);
		assert_int_equal(trust_set_add_ocsp(s, rd_of("x", 1)), ECERT_E_MALFORMED);
		assert_int_equal(trust_set_add_ocsp(s, rd_of(o.p, o.n - 1)), ECERT_E_MALFORMED);
		assert_int_equal(trust_set_add_ocsp(s, o), ECERT_OK);
		assert_int_equal(trust_set_add_ocsp(s, o), ECERT_E_EXISTS);
		struct ask a = {.set = s, .leaf = &leaf, .helper = &sub};
		struct report r = check(&a);
		expect(&r, "revocation", row[i].state);
		/* A good one that was brought along does not talk it away. */
		a.ocsp = good;
		r = check(&a);
		expect(&r, "revocation", row[i].state);
		STACK_OF(X509) *others = sk_X509_new_null();
		sk_X509_push(others, sub.cert);
		struct doc_path seam = trust_set_path(s);
		struct doc_path_query q = {leaf.cert, others, NULL, T0, T0, false};
		report_init(&r);
		seam.check(seam.ctx, &q, &r);
		expect(&r, "revocation", row[i].state);
		sk_X509_free(others);
		/* About another certificate it says nothing, and that is told. */
		a.leaf = &sub;
		a.helper = NULL;
		a.ocsp = rd_of(NULL, 0);
		r = check(&a);
		expect(&r, "revocation", CHECK_UNKNOWN);
		a.leaf = &root;
		r = check(&a);
		expect(&r, "revocation", CHECK_UNKNOWN);
		trust_set_free(&s);
		OPENSSL_free((void *)(uintptr_t)o.p);
		OPENSSL_free((void *)(uintptr_t)good.p);
	}
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(crls),
	    cmocka_unit_test(ocsp),
	    cmocka_unit_test(ocsp_of_the_set),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
