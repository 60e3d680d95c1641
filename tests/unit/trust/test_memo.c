/* SPDX-License-Identifier: BSD-2-Clause */
/* Judgements that are kept: what comes out is what a set without a memo says, whatever was asked
 * before; and what another set, another moment or another signer's evidence is answered. */
#include "tests/unit/trust/path_fix.h"

#include "trust/online/online.h"
#include "trust/path/made.h"
#include "trust/path/memo.h"

static struct trust_set *remembering(const struct pki_id *anchor)
{
	struct trust_set *s = set_of(anchor);

	trust_set_remember(s);
	assert_non_null(s->memo);
	return s;
}

/* By the seam of documents: the one that keeps. */
static struct report ask(const struct trust_set *s, X509 *x, X509 *helper, time_t at, time_t now,
    STACK_OF(X509_CRL) * crls)
{
	STACK_OF(X509) *others = sk_X509_new_null();
	struct doc_path path = trust_set_path(s);
	struct report rep;

	if (helper)
		sk_X509_push(others, helper);
	struct doc_path_query q = {x, others, crls, at, now, false};

	report_init(&rep);
	path.check(path.ctx, &q, &rep);
	sk_X509_free(others);
	return rep;
}

static void same(const struct report *a, const struct report *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert_int_equal(a->checks[i].id, b->checks[i].id);
		assert_int_equal(a->checks[i].state, b->checks[i].state);
		assert_int_equal(a->checks[i].reason, b->checks[i].reason);
		assert_string_equal(a->checks[i].detail, b->checks[i].detail);
	}
}

/* Each limit of each certificate, a second before it, at it and behind it, in an order in which a
 * neighbour was asked before. */
static void test_signing_times(void **state)
{
	static struct pki_id young, brief;
	struct trust_set *kept, *plain;
	time_t limit[] = {T0 - 40 * DAY, T0 + 40 * DAY, T0 - 10 * DAY, T0 + 10 * DAY, T0};

	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA of a while",
		     .ca = true,
		     .issuer = &root,
		     .from = limit[0],
		     .until = limit[1]},
	    &young);
	pki_make(&(struct pki_spec){.cn = "Wong",
		     .usage = USAGE,
		     .issuer = &young,
		     .from = limit[2],
		     .until = limit[3]},
	    &brief);
	kept = remembering(&root);
	plain = set_of(&root);
	kept->entries[0].from = plain->entries[0].from = T0 - 3 * DAY;
	kept->entries[0].until = plain->entries[0].until = T0 + 3 * DAY;
	trust_set_remember(kept);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sizeof limit / sizeof limit[0]; i++)
			for (int d = -2; d <= 2; d++)
				for (int far = -3; far <= 3; far += 3) {
					time_t at = limit[i] + d + far * DAY;
					struct report a = ask(
					    kept, brief.cert, young.cert, at, T0, NULL);
					struct report b = ask(
					    plain, brief.cert, young.cert, at, T0, NULL);

					same(&a, &b);
				}
	trust_set_free(&kept);
	trust_set_free(&plain);
	pki_free(&brief);
	pki_free(&young);
}

static void test_it_is_kept(void **state)
{
	struct trust_set *s = remembering(&root);
	struct report a, b;

	(void)state;
	a = ask(s, leaf.cert, sub.cert, T0 - 5, T0, NULL);
	expect(&a, "chain", CHECK_OK);
	/* Proof that the second answer is the first one: it is another anchor's word now. */
	snprintf(s->entries[0].name, sizeof s->entries[0].name, "renamed");
	b = ask(s, leaf.cert, sub.cert, T0 - 9, T0, NULL);
	same(&a, &b);
	b = ask(s, leaf.cert, sub.cert, T0 - 5, T0 + 1, NULL);
	assert_string_not_equal(report_find(&b, "chain")->detail, report_find(&a, "chain")->detail);
	trust_set_free(&s);
}

/* The leaf's own chain was good; without the CA's certificate there is none, and another leaf's is
 * not this one's. */
static void test_evidence_of_another(void **state)
{
	static struct pki_id forged;
	struct trust_set *s = remembering(&root);
	struct report rep;

	(void)state;
	pki_make(
	    &(struct pki_spec){
		.cn = "Chan", .usage = USAGE, .issuer = &sub, .forged_signature = true},
	    &forged);
	rep = ask(s, leaf.cert, sub.cert, T0, T0, NULL);
	expect(&rep, "chain", CHECK_OK);
	rep = ask(s, leaf.cert, NULL, T0, T0, NULL);
	expect(&rep, "chain", CHECK_FAILED);
	rep = ask(s, forged.cert, sub.cert, T0, T0, NULL);
	expect(&rep, "chain", CHECK_FAILED);
	rep = ask(s, other.cert, sub.cert, T0, T0, NULL);
	expect(&rep, "chain", CHECK_FAILED);
	rep = ask(s, leaf.cert, sub.cert, T0, T0, NULL);
	expect(&rep, "chain", CHECK_OK);
	pki_free(&forged);
	trust_set_free(&s);
}

/* Whatever is added to the set counts at once; two sets know nothing of each other. */
static void test_the_set_changes(void **state)
{
	const struct pki_id *revoked[] = {&leaf, NULL};
	struct rd crl = pki_crl(&sub, revoked, T0 - DAY, T0 + DAY, NULL);
	struct trust_set *s = remembering(&root), *nobody = remembering(&other);
	struct report rep = ask(s, leaf.cert, sub.cert, T0, T0, NULL);

	(void)state;
	expect(&rep, "revocation", CHECK_SKIPPED);
	assert_int_equal(trust_set_add_crl(s, crl), ECERT_OK);
	assert_null(s->memo);
	trust_set_remember(s);
	for (int i = 0; i < 2; i++) {
		rep = ask(s, leaf.cert, sub.cert, T0, T0, NULL);
		expect(&rep, "revocation", CHECK_FAILED);
	}
	rep = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&rep, "revocation", CHECK_FAILED);
	rep = ask(nobody, leaf.cert, sub.cert, T0, T0, NULL);
	expect(&rep, "chain", CHECK_FAILED);
	trust_set_free(&s);
	trust_set_free(&nobody);
	OPENSSL_free((void *)(uintptr_t)crl.p);
}

/* What a document brings is judged with that document, before and behind one without it. */
static void test_revocation_of_the_document(void **state)
{
	const struct pki_id *revoked[] = {&leaf, NULL};
	struct rd der = pki_crl(&sub, revoked, T0 - DAY, T0 + DAY, NULL);
	const unsigned char *p = der.p;
	X509_CRL *crl = d2i_X509_CRL(NULL, &p, (long)der.n);
	STACK_OF(X509_CRL) *crls = sk_X509_CRL_new_null();
	struct trust_set *s = remembering(&root);
	struct report rep;

	(void)state;
	sk_X509_CRL_push(crls, crl);
	for (int i = 0; i < 2; i++) {
		rep = ask(s, leaf.cert, sub.cert, T0, T0, NULL);
		expect(&rep, "revocation", CHECK_SKIPPED);
		rep = ask(s, leaf.cert, sub.cert, T0, T0, crls);
		expect(&rep, "revocation", CHECK_FAILED);
	}
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
	trust_set_free(&s);
	OPENSSL_free((void *)(uintptr_t)der.p);
}

/* More signers than are kept: each has an own answer, in any order. */
static void test_many_signers(void **state)
{
	enum { SIGNERS = 2 * PATH_MEMO_MAX };
	static struct pki_id signer[4];
	struct trust_set *s = remembering(&root);

	(void)state;
	for (size_t i = 0; i < 4; i++)
		pki_make(&(struct pki_spec){.cn = "Lam",
			     .usage = i % 2 ? "critical,keyEncipherment" : USAGE,
			     .issuer = &sub},
		    &signer[i]);
	for (size_t i = 0; i < SIGNERS; i++) {
		struct report rep = ask(
		    s, signer[i % 4].cert, sub.cert, T0, T0 + (time_t)(i / 4), NULL);

		expect(&rep, "key usage", i % 2 ? CHECK_FAILED : CHECK_OK);
	}
	for (size_t i = 0; i < 4; i++)
		pki_free(&signer[i]);
	trust_set_free(&s);
}

static enum trust_got ask_nobody(void *ctx, const struct trust_want *want, struct buf *out)
{
	(void)ctx;
	(void)want;
	(void)out;
	return TRUST_GOT_NOTHING;
}

/* What may be fetched is asked for each document; what is only told is kept when there was nothing
 * to tell. */
static void test_online(void **state)
{
	(void)state;
	for (int told = 0; told < 2; told++) {
		struct trust_set *s = remembering(&root);
		struct report a, b;

		assert_int_equal(trust_set_online(s,
				     &(struct trust_online){.ask = ask_nobody, .only_told = told}),
		    ECERT_OK);
		a = ask(s, leaf.cert, sub.cert, T0, T0, NULL);
		snprintf(s->entries[0].name, sizeof s->entries[0].name, "renamed");
		b = ask(s, leaf.cert, sub.cert, T0, T0, NULL);
		assert_int_equal(
		    strcmp(report_find(&a, "chain")->detail, report_find(&b, "chain")->detail) == 0,
		    told);
		trust_set_free(&s);
	}
}

/* ---- signatures that are verified once ---- */
static void another_key_has_not_made_it(void **state)
{
	struct pki_id namesake;

	(void)state;
	pki_make(
	    &(struct pki_spec){.cn = "e-Cert CA 2 - 15", .ca = true, .issuer = &root}, &namesake);
	for (int i = 0; i < 3; i++) {
		assert_false(path_signed(namesake.cert, leaf.cert));
		assert_true(path_signed(sub.cert, leaf.cert));
		assert_false(path_signed(leaf.cert, leaf.cert));
		assert_false(path_signed(root.cert, leaf.cert));
		assert_true(path_signed(root.cert, sub.cert));
		assert_true(path_signed(root.cert, namesake.cert));
		assert_false(path_signed(sub.cert, namesake.cert));
	}
	pki_free(&namesake);
}

/* One of the same content whose signature is false is not the one that was found good. */
static void a_false_copy_is_no_copy(void **state)
{
	unsigned char *der = NULL;
	int n = i2d_X509(leaf.cert, &der);
	const unsigned char *p = der;
	(void)state;
	assert_true(n > 0 && path_signed(sub.cert, leaf.cert));
	der[n - 1] ^= 1;
	X509 *copy = d2i_X509(NULL, &p, n);
	assert_non_null(copy);
	for (int i = 0; i < 2; i++)
		assert_false(path_signed(sub.cert, copy));
	X509_free(copy);
	OPENSSL_free(der);
}

static unsigned asked;

static bool verify(void *good, EVP_PKEY *key)
{
	assert_non_null(key);
	asked++;
	return *(bool *)good;
}

static void what_is_good_is_asked_once_for_each_key(void **state)
{
	struct made_by by = {.known = false};
	bool good = false;
	(void)state;
	/* What is not, is not kept. */
	for (unsigned i = 1; i < 3; i++) {
		assert_false(path_signed_once(sub.cert, &by, verify, &good));
		assert_int_equal(asked, i);
	}
	good = true;
	for (int i = 0; i < 3; i++) {
		assert_true(path_signed_once(sub.cert, &by, verify, &good));
		assert_int_equal(asked, 3);
	}
	good = false;
	assert_true(path_signed_once(sub.cert, &by, verify, &good));
	assert_false(path_signed_once(other.cert, &by, verify, &good));
	assert_int_equal(asked, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(another_key_has_not_made_it),
	    cmocka_unit_test(a_false_copy_is_no_copy),
	    cmocka_unit_test(what_is_good_is_asked_once_for_each_key),
	    cmocka_unit_test(test_it_is_kept),
	    cmocka_unit_test(test_signing_times),
	    cmocka_unit_test(test_evidence_of_another),
	    cmocka_unit_test(test_the_set_changes),
	    cmocka_unit_test(test_revocation_of_the_document),
	    cmocka_unit_test(test_many_signers),
	    cmocka_unit_test(test_online),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
