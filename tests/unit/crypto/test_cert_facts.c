/* SPDX-License-Identifier: BSD-2-Clause */
/* What a certificate says about itself: validity, uses, addresses; right and malformed. */
#include "cert_fix.h"

static void facts(void **state)
{
	struct buf b = BUF_INIT(CERT_MAX);
	char oid[X509_OID_TEXT];
	struct x509_facts f;
	uint8_t print[32];
	bool has;

	(void)state;
	assert_rc(x509_facts(cert, &f), ECERT_OK);
	assert_int_equal(f.not_before, 1767323045);
	assert_true(f.not_after > 2840000000);
	assert_true(f.has_key_usage);
	assert_int_equal(f.key_usage, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
	assert_false(f.is_ca);
	assert_false(f.encipherment_only);
	assert_rc(x509_policy(cert, 0, oid), ECERT_OK);
	assert_string_equal(oid, "2.16.344.8.2.2008.810.2");
	assert_rc(x509_policy(cert, 2, oid), ECERT_E_NOT_FOUND);
	assert_string_equal(oid, "");
	assert_true(x509_has_policy(cert, "1.2.3"));
	assert_false(x509_has_policy(cert, "1.2.30"));
	/* Below an arc, node by node; the arc itself is not below it. */
	assert_true(x509_has_policy(cert, "1.2.*"));
	assert_true(x509_has_policy(cert, "2.16.344.8.2.2008.810.*"));
	assert_false(x509_has_policy(cert, "2.16.344.8.2.2008.81.*"));
	assert_false(x509_has_policy(cert, "1.2.3.*"));
	assert_false(x509_has_policy(cert, ".*"));
	assert_false(x509_has_policy(cert, "1.2.3*"));
	assert_true(x509_has_eku(cert, "1.3.6.1.5.5.7.3.2", &has));
	assert_true(has);
	assert_false(x509_has_eku(cert, "1.3.6.1.5.5.7.3.1", &has));
	assert_true(has);
	assert_rc(x509_put_der(cert, &b), ECERT_OK);
	assert_true(rd_equal(buf_view(&b), buf_view(&der)));
	assert_rc(x509_fingerprint(cert, print), ECERT_OK);
	buf_free(&b);
}

struct usage_case {
	struct ext ext[2];
	size_t n;
	bool ca, encipherment;
	long path_len;
};

static const struct usage_case usages[] = {
    {{{NID_key_usage, "keyEncipherment,dataEncipherment"}}, 1, false, true, -1},
    {{{NID_key_usage, "keyAgreement"}}, 1, false, true, -1},
    {{{NID_key_usage, "nonRepudiation"}}, 1, false, false, -1},
    {{{NID_key_usage, "digitalSignature,keyEncipherment"}}, 1, false, false, -1},
    {{{NID_ext_key_usage, "serverAuth"}}, 1, false, false, -1},
    {{{NID_basic_constraints, "CA:TRUE,pathlen:2"}, {NID_key_usage, "keyCertSign,cRLSign"}}, 2,
	true, true, 2},
};

static void usage_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof usages / sizeof usages[0]; i++) {
		const struct usage_case *u = &usages[i];
		struct buf d = BUF_INIT(CERT_MAX), b = BUF_INIT(100);
		char oid[X509_OID_TEXT];
		struct x509_facts f;
		bool has;
		X509 *x;

		make_cert(subject, 1, u->ext, u->n, key, &d);
		assert_rc(x509_parse(buf_view(&d), &x), ECERT_OK);
		assert_rc(x509_facts(x, &f), ECERT_OK);
		assert_int_equal(f.is_ca, u->ca);
		assert_int_equal(f.encipherment_only, u->encipherment);
		assert_int_equal(f.path_len, u->path_len);
		assert_int_equal(f.has_key_usage, u->ext[0].nid != NID_ext_key_usage);
		assert_rc(x509_policy(x, 0, oid), ECERT_E_NOT_FOUND);
		(void)x509_has_eku(x, "1.2.3", &has);
		assert_int_equal(has, u->ext[0].nid == NID_ext_key_usage);
		assert_rc(x509_email(x, &b), ECERT_E_NOT_FOUND);
		X509_free(x);
		buf_free(&d);
	}
}

/* No e-mail in the subject: the first rfc822Name counts. */
static void alternative_email(void **state)
{
	struct buf d = BUF_INIT(CERT_MAX), b = BUF_INIT(100);
	X509 *x;

	(void)state;
	make_cert(subject, 1, &signing[4], 1, key, &d);
	assert_rc(x509_parse(buf_view(&d), &x), ECERT_OK);
	assert_rc(x509_email(x, &b), ECERT_OK);
	assert_text(&b, "other@example.hk");
	X509_free(x);
	buf_free(&d);
	buf_free(&b);
}

/* An extension that does not decode, or is there twice, spoils the certificate. */
static void bad_extensions(void **state)
{
	static const struct ext twice[] = {
	    {NID_key_usage, "digitalSignature"}, {NID_key_usage, "keyEncipherment"}};
	static const struct ext junk[] = {{NID_key_usage, "DER:0400"}};
	struct buf d = BUF_INIT(CERT_MAX);
	X509 *x;

	(void)state;
	make_cert(subject, 1, twice, 2, key, &d);
	assert_rc(x509_parse(buf_view(&d), &x), ECERT_E_MALFORMED);
	buf_reset(&d);
	make_cert(subject, 1, junk, 1, key, &d);
	assert_rc(x509_parse(buf_view(&d), &x), ECERT_E_MALFORMED);
	assert_null(x);
	buf_free(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(facts),
	    cmocka_unit_test(usage_facts),
	    cmocka_unit_test(alternative_email),
	    cmocka_unit_test(bad_extensions),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
