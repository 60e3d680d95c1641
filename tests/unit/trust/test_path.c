/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of path validation. */
#include "path_fix.h"

static void chains(void **state)
{
	(void)state;
	struct trust_set *s = set_of(&root);
	struct report r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	expect(&r, "revocation", CHECK_SKIPPED);
	/* Without the CA between. */
	r = check(&(struct ask){.set = s, .leaf = &leaf});
	expect(&r, "chain", CHECK_FAILED);
	expect(&r, "policy", CHECK_SKIPPED);
	trust_set_free(&s);
	/* The signing CA itself as anchor. */
	s = set_of(&sub);
	r = check(&(struct ask){.set = s, .leaf = &leaf});
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	trust_set_free(&s);
	s = set_of(&other);
	r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&r, "chain", CHECK_FAILED);
	trust_set_free(&s);
	/* A root for another purpose is none. */
	s = set_of(NULL);
	assert_int_equal(
	    trust_set_add_der(s, root.der, TRUST_ATTESTATION, TRUST_EXPLICIT, NULL), ECERT_OK);
	r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&r, "chain", CHECK_UNKNOWN);
	assert_int_equal(report_verdict(&r), VERDICT_INDETERMINATE);
	trust_set_free(&s);
}

/* A list restricts the signing CA to a policy; the root above it is trusted as well. */
static void a_nearer_anchor_hides_no_farther_one(void **state)
{
	struct trust_entry e = {.name = "Sub by the list", .purposes = TRUST_ECERT_SIGNING};
	struct trust_set *s = set_of(NULL);
	(void)state;
	assert_int_equal(X509_up_ref(sub.cert), 1);
	e.cert = sub.cert;
	assert_int_equal(X509_digest(sub.cert, EVP_sha256(), e.sha256, NULL), 1);
	e.policies[0] = strdup("2.16.344.8.2.2008.810.2.1");
	e.policies_n = 1;
	assert_int_equal(trust_set_take(s, &e), ECERT_OK);
	struct report r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&r, "policy", CHECK_FAILED);
	assert_int_equal(
	    trust_set_add_der(s, other.der, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL), ECERT_OK);
	r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&r, "policy", CHECK_FAILED);
	/* For another purpose it counts for nothing here. */
	assert_int_equal(
	    trust_set_add_der(s, root.der, TRUST_ATTESTATION, TRUST_EXPLICIT, NULL), ECERT_OK);
	r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&r, "policy", CHECK_FAILED);
	assert_int_equal(
	    trust_set_add_der(s, root.der, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL), ECERT_OK);
	r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	assert_non_null(strstr(report_find(&r, "chain")->detail, "3 certificates"));
	/* The root's CRL counts on the longer path, too. */
	const struct pki_id *revoked[] = {&sub, NULL};
	struct rd top = pki_crl(&root, revoked, T0 - DAY, T0 + DAY, NULL);
	struct rd low = pki_crl(&sub, NULL, T0 - DAY, T0 + DAY, NULL);
	assert_int_equal(trust_set_add_crl(s, top), ECERT_OK);
	assert_int_equal(trust_set_add_crl(s, low), ECERT_OK);
	r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
	expect(&r, "revocation", CHECK_FAILED);
	OPENSSL_free((void *)(uintptr_t)top.p);
	OPENSSL_free((void *)(uintptr_t)low.p);
	trust_set_free(&s);
}

/* Two CAs that have signed each other, in any order and however often: an end, and no false one. */
static void cross_signed(void **state)
{
	struct pki_id a, b, ab, ba, user;
	STACK_OF(X509) *others = sk_X509_new_null();
	(void)state;
	pki_make(&(struct pki_spec){.cn = "A", .ca = true}, &a);
	pki_make(&(struct pki_spec){.cn = "B", .ca = true}, &b);
	pki_make(&(struct pki_spec){.cn = "A", .ca = true, .issuer = &b, .use_key = a.key}, &ab);
	pki_make(&(struct pki_spec){.cn = "B", .ca = true, .issuer = &a, .use_key = b.key}, &ba);
	pki_make(&(struct pki_spec){.cn = "U", .usage = USAGE, .issuer = &a}, &user);
	for (int i = 0; i < 40; i++)
		sk_X509_push(others, i % 2 ? ab.cert : ba.cert);
	for (int i = 0; i < 2; i++) {
		struct trust_set *s = set_of(i ? &b : &root);
		struct doc_path_query q = {user.cert, others, NULL, T0, T0, false};
		struct report r;
		report_init(&r);
		trust_path_check(s, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &r, NULL);
		expect(&r, "chain", i ? CHECK_OK : CHECK_FAILED);
		trust_set_free(&s);
	}
	sk_X509_free(others);
	pki_free(&user);
	pki_free(&ab);
	pki_free(&ba);
	pki_free(&a);
	pki_free(&b);
}

/* A root that changed its key and kept its name, and both are trusted: in either order. */
static void one_name_and_two_keys(void **state)
{
	struct pki_id fresh, below, user;
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Root CA 2", .ca = true}, &fresh);
	pki_make(&(struct pki_spec){.cn = "New", .ca = true, .issuer = &fresh}, &below);
	pki_make(&(struct pki_spec){.cn = "U", .usage = USAGE, .issuer = &below}, &user);
	for (int i = 0; i < 2; i++) {
		struct trust_set *s = set_of(i ? &root : &fresh);
		assert_int_equal(trust_set_add_der(s, i ? fresh.der : root.der, TRUST_ECERT_SIGNING,
				     TRUST_EXPLICIT, NULL),
		    ECERT_OK);
		struct report r = check(&(struct ask){.set = s, .leaf = &user, .helper = &below});
		expect(&r, "chain", CHECK_OK);
		r = check(&(struct ask){.set = s, .leaf = &leaf, .helper = &sub});
		expect(&r, "chain", CHECK_OK);
		trust_set_free(&s);
	}
	pki_free(&user);
	pki_free(&below);
	pki_free(&fresh);
}

static void forged_and_weak(void **state)
{
	struct pki_id forged, weak, notca, below;
	(void)state;
	struct trust_set *s = set_of(&root);
	pki_make(
	    &(struct pki_spec){
		.cn = "F", .usage = USAGE, .issuer = &root, .forged_signature = true},
	    &forged);
	pki_make(&(struct pki_spec){.cn = "W", .key = KEY_RSA1024, .usage = USAGE, .issuer = &root},
	    &weak);
	pki_make(&(struct pki_spec){.cn = "N", .usage = USAGE, .issuer = &root}, &notca);
	pki_make(&(struct pki_spec){.cn = "B", .usage = USAGE, .issuer = &notca}, &below);
	struct report r = check(&(struct ask){.set = s, .leaf = &forged});
	expect(&r, "chain", CHECK_FAILED);
	r = check(&(struct ask){.set = s, .leaf = &weak});
	expect(&r, "chain", CHECK_FAILED);
	r = check(&(struct ask){.set = s, .leaf = &below, .helper = &notca});
	expect(&r, "chain", CHECK_FAILED);
	pki_free(&forged);
	pki_free(&weak);
	pki_free(&below);
	pki_free(&notca);
	trust_set_free(&s);
}

/* leaf below mid below the anchor top (mid NULL: directly); the chain has to be in this state. */
static void expect_chain(
    const struct pki_id *top, struct pki_id *mid, struct pki_id *end, enum check_state state)
{
	struct trust_set *s = set_of(top);
	struct report r = check(&(struct ask){.set = s, .leaf = end, .helper = mid});
	expect(&r, "chain", state);
	trust_set_free(&s);
}

/* RFC 5280, 4.2.1.9, 4.2.1.10, 4.2.1.3: what a CA may not do. */
static void limits_of_cas(void **state)
{
	static const uint8_t pathlen0[] = {0x30, 6, 1, 1, 0xFF, 2, 1, 0};
	/* permittedSubtrees { rfc822Name good.example } */
	static const uint8_t names[] = {0x30, 0x12, 0xA0, 0x10, 0x30, 0x0E, 0x81, 0x0C, 'g', 'o',
	    'o', 'd', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e'};
	struct pki_id flat, deep, low, near, narrow, in, out, unfit, below, old;
	(void)state;
	pki_make(
	    &(struct pki_spec){.cn = "Flat", .ext = {{"2.5.29.19", pathlen0, sizeof pathlen0}}},
	    &flat);
	pki_make(&(struct pki_spec){.cn = "Deep", .ca = true, .issuer = &flat}, &deep);
	pki_make(&(struct pki_spec){.cn = "Low", .usage = USAGE, .issuer = &deep}, &low);
	pki_make(&(struct pki_spec){.cn = "Near", .usage = USAGE, .issuer = &flat}, &near);
	expect_chain(&flat, NULL, &near, CHECK_OK);
	expect_chain(&flat, &deep, &low, CHECK_FAILED);
	pki_make(&(struct pki_spec){.cn = "Narrow",
		     .ca = true,
		     .issuer = &root,
		     .ext = {{"2.5.29.30", names, sizeof names}}},
	    &narrow);
	pki_make(
	    &(struct pki_spec){
		.cn = "In", .usage = USAGE, .san = "email:a@good.example", .issuer = &narrow},
	    &in);
	pki_make(
	    &(struct pki_spec){
		.cn = "Out", .usage = USAGE, .san = "email:a@evil.example", .issuer = &narrow},
	    &out);
	expect_chain(&root, &narrow, &in, CHECK_OK);
	expect_chain(&root, &narrow, &out, CHECK_FAILED);
	pki_make(
	    &(struct pki_spec){.cn = "U", .ca = true, .usage = "cRLSign", .issuer = &root}, &unfit);
	pki_make(&(struct pki_spec){.cn = "B", .usage = USAGE, .issuer = &unfit}, &below);
	expect_chain(&root, &unfit, &below, CHECK_FAILED);
	/* SHA-1 under a root of today. */
	pki_make(&(struct pki_spec){.cn = "Old", .usage = USAGE, .issuer = &root}, &old);
	expect_chain(&root, NULL, &old, CHECK_OK);
	assert_true(X509_sign(old.cert, root.key, EVP_sha1()) > 0);
	X509 *read = X509_new(); /* what was judged before is remembered in the object */
	unsigned char *der = NULL;
	int n = i2d_X509(old.cert, &der);
	const unsigned char *p = der;
	assert_non_null(d2i_X509(&read, &p, n));
	OPENSSL_free(der);
	X509_free(old.cert);
	old.cert = read;
	expect_chain(&root, NULL, &old, CHECK_FAILED);
	struct pki_id *const all[] = {
	    &flat, &deep, &low, &near, &narrow, &in, &out, &unfit, &below, &old};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		pki_free(all[i]);
}

/* The entry's policies are the user's initial policy set of RFC 5280, 6.1: a CA hands down what it
 * was given, and one that was given none hands down none. An entry may take every version of a
 * policy. */
static void policies_of_cas(void **state)
{
	static const char P[] = "2.16.344.8.2.2008.810.2.1", ANY[] = "2.16.344.8.2.2008.810.2.*";
	static const struct {
		const char *of_ca, *of_entry;
		enum check_state state;
	} row[] = {{NULL, P, CHECK_FAILED}, {P, P, CHECK_OK}, {"2.5.29.32.0", P, CHECK_OK},
	    {"1.2.3", P, CHECK_FAILED}, {NULL, ANY, CHECK_FAILED}, {P, ANY, CHECK_OK},
	    {"2.5.29.32.0", ANY, CHECK_OK}, {"2.16.344.8.2.2008.810.2.2", ANY, CHECK_FAILED},
	    {"1.2.3", ANY, CHECK_FAILED}, {P, "2.16.344.8.2.2008.81.*", CHECK_FAILED}};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct trust_entry e = {.name = "Root", .purposes = TRUST_ECERT_SIGNING};
		struct trust_set *s = set_of(NULL);
		struct pki_id ca, user;
		pki_make(
		    &(struct pki_spec){
			.cn = "P", .ca = true, .policy = row[i].of_ca, .issuer = &root},
		    &ca);
		pki_make(&(struct pki_spec){.cn = "U", .usage = USAGE, .policy = P, .issuer = &ca},
		    &user);
		assert_int_equal(X509_up_ref(root.cert), 1);
		e.cert = root.cert;
		assert_int_equal(X509_digest(root.cert, EVP_sha256(), e.sha256, NULL), 1);
		e.policies[e.policies_n++] = strdup(row[i].of_entry);
		assert_int_equal(trust_set_take(s, &e), ECERT_OK);
		struct report r = check(&(struct ask){.set = s, .leaf = &user, .helper = &ca});
		expect(&r, "policy", row[i].state);
		assert_non_null(strstr(report_find(&r, "policy")->detail,
		    row[i].state == CHECK_OK ? "one that" : "no policy of the entry Root"));
		trust_set_free(&s);
		pki_free(&user);
		pki_free(&ca);
	}
}

static void times(void **state)
{
	struct pki_id old;
	(void)state;
	struct trust_set *s = set_of(&root);
	pki_make(&(struct pki_spec){.cn = "Old",
		     .usage = USAGE,
		     .issuer = &root,
		     .from = T0 - 90 * DAY,
		     .until = T0 - DAY},
	    &old);
	struct report r = check(&(struct ask){.set = s, .leaf = &old});
	expect(&r, "chain", CHECK_OK);
	expect(&r, "validity", CHECK_FAILED);
	r = check(&(struct ask){.set = s, .leaf = &old, .at = T0 - 10 * DAY});
	expect(&r, "validity", CHECK_UNKNOWN);
	r = check(&(struct ask){.set = s, .leaf = &old, .at = T0 - 10 * DAY, .now = T0 - 9 * DAY});
	expect(&r, "validity", CHECK_OK);
	r = check(&(struct ask){.set = s, .leaf = &old, .at = T0 - 95 * DAY, .now = T0 - 9 * DAY});
	expect(&r, "validity", CHECK_FAILED);
	pki_free(&old);
	trust_set_free(&s);
}

/* Certificates with the CA's name that have not signed it, before and behind the true one; more of
 * them than are looked at take no place of the relying party's own. */
static void namesakes(void **state)
{
	struct pki_id false_one[8];
	STACK_OF(X509) *others = sk_X509_new_null();
	struct trust_set *s = set_of(&root);
	(void)state;
	for (size_t i = 0; i < 8; i++)
		pki_make(
		    &(struct pki_spec){
			.cn = "e-Cert CA 2 - 15", .ca = true, .issuer = i % 2 ? &root : &other},
		    &false_one[i]);
	for (int place = 0; place < 3; place++) {
		sk_X509_zero(others);
		if (place == 0)
			sk_X509_push(others, sub.cert);
		for (int i = 0; i < (place == 2 ? 5000 : 40); i++)
			sk_X509_push(others, false_one[i % 8].cert);
		if (place == 1)
			sk_X509_push(others, sub.cert);
		if (place == 2)
			assert_true(X509_up_ref(sub.cert) && sk_X509_push(s->helpers, sub.cert));
		struct doc_path_query q = {leaf.cert, others, NULL, T0, T0, false};
		struct report r;
		report_init(&r);
		trust_path_check(s, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &r, NULL);
		expect(&r, "chain", CHECK_OK);
	}
	sk_X509_free(others);
	trust_set_free(&s);
	for (size_t i = 0; i < 8; i++)
		pki_free(&false_one[i]);
}

/* Words between blocks are usual, and other blocks; a damaged one takes the file with it. */
static void certificates_in_pem(void **state)
{
	char dir[] = "./path-XXXXXX", path[64], pem[8192], *der = NULL;
	BIO *b = BIO_new(BIO_s_mem());
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/some.pem", dir);
	assert_int_equal(PEM_write_bio_X509(b, root.cert), 1);
	long n = BIO_get_mem_data(b, &der);
	const struct {
		const char *before, *after;
		enum ecert_rc rc;
		size_t count;
	} rows[] = {
	    {"", "", ECERT_OK, 1},
	    {"subject=CN = Root\n\n", "\nand so on\n", ECERT_OK, 1},
	    {"-----BEGIN X-----\nAAAA\n-----END X-----\n", "", ECERT_OK, 1},
	    {"-----BEGIN EC PRIVATE\x20KEY-----\nProc-Type: 4\n\nAAAA\n-----END EC PRIVATE "
	     "KEY-----\n",
		"", ECERT_OK, 1},
	    {"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		ECERT_E_MALFORMED, 0},
	    {"", "-----BEGIN CERTIFICATE-----\nMIIB\n", ECERT_E_MALFORMED, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trust_set *s = set_of(NULL);
		snprintf(pem, sizeof pem, "%s%.*s%s", rows[i].before, (int)n, der, rows[i].after);
		pki_write(path, rd_of(pem, strlen(pem)));
		assert_int_equal(
		    trust_set_add_file(s, path, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL),
		    rows[i].rc);
		if (rows[i].rc == ECERT_OK)
			assert_int_equal(trust_set_count(s), rows[i].count);
		trust_set_free(&s);
	}
	/* Bytes behind the certificate, inside its block. */
	struct trust_set *s = set_of(NULL);
	uint8_t junk[4096];
	memcpy(junk, root.der.p, root.der.n);
	memcpy(junk + root.der.n, "JUNK", 4);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(PEM_write(f, "CERTIFICATE", "", junk, (long)root.der.n + 4) > 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(trust_set_add_file(s, path, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL),
	    ECERT_E_MALFORMED);
	trust_set_free(&s);
	BIO_free(b);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void from_files(void **state)
{
	char dir[] = "./path-XXXXXX", path[64], both[64];
	struct trust_set *s = set_of(NULL);
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/root.pem", dir);
	snprintf(both, sizeof both, "%s/sub.der", dir);
	pki_write_pem(path, &root);
	pki_write(both, sub.der);
	assert_int_equal(
	    trust_set_add_file(s, path, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL), ECERT_OK);
	assert_int_equal(trust_set_count(s), 1);
	assert_string_equal(trust_set_entry(s, 0)->name, "Root CA 2");
	assert_int_equal(trust_set_add_helper_file(s, both), ECERT_OK);
	struct report r = check(&(struct ask){.set = s, .leaf = &leaf});
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	struct doc_path seam = trust_set_path(s);
	struct doc_path_query q = {leaf.cert, NULL, NULL, T0, T0, false};
	report_init(&r);
	seam.check(seam.ctx, &q, &r);
	assert_int_equal(report_verdict(&r), VERDICT_PASSED);
	pki_write(path, rd_of("not a certificate", 17));
	assert_int_equal(trust_set_add_file(s, path, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL),
	    ECERT_E_MALFORMED);
	assert_int_equal(trust_set_add_crl_file(s, path), ECERT_E_MALFORMED);
	struct rd crl = pki_crl(&sub, NULL, T0 - DAY, T0 + DAY, NULL);
	pki_write(path, crl);
	assert_int_equal(trust_set_add_crl_file(s, path), ECERT_OK);
	OPENSSL_free((void *)(uintptr_t)crl.p);
	r = check(&(struct ask){.set = s, .leaf = &leaf});
	expect(&r, "revocation", CHECK_OK);
	/* The same in PEM, and two at once. */
	const struct pki_id *revoked[] = {&leaf, NULL};
	X509_CRL *one = NULL, *two = NULL;
	OPENSSL_free((void *)(uintptr_t)pki_crl(&root, NULL, T0 - DAY, T0 + DAY, &one).p);
	OPENSSL_free((void *)(uintptr_t)pki_crl(&sub, revoked, T0 - DAY / 2, T0 + DAY, &two).p);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(PEM_write_X509_CRL(f, one) + PEM_write_X509_CRL(f, two), 2);
	assert_int_equal(fclose(f), 0);
	X509_CRL_free(one);
	X509_CRL_free(two);
	assert_int_equal(trust_set_add_crl_file(s, path), ECERT_OK);
	r = check(&(struct ask){.set = s, .leaf = &leaf});
	expect(&r, "revocation", CHECK_FAILED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(trust_set_add_helper_file(s, path), ECERT_E_NOT_FOUND);
	assert_int_equal(unlink(both), 0);
	assert_int_equal(rmdir(dir), 0);
	trust_set_free(&s);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(chains),
	    cmocka_unit_test(a_nearer_anchor_hides_no_farther_one),
	    cmocka_unit_test(cross_signed),
	    cmocka_unit_test(one_name_and_two_keys),
	    cmocka_unit_test(forged_and_weak),
	    cmocka_unit_test(limits_of_cas),
	    cmocka_unit_test(policies_of_cas),
	    cmocka_unit_test(times),
	    cmocka_unit_test(namesakes),
	    cmocka_unit_test(certificates_in_pem),
	    cmocka_unit_test(from_files),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
