/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of reading e-Cert subjects. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "document/identity.h"
#include "pki.h"

static void an_organisational_ecert(void **state)
{
	struct identity id;
	struct pki_id ca, leaf;
	(void)state;
	pki_make(
	    &(struct pki_spec){
		.cn = "Demonstration e-Cert CA 2 - 15", .o = "Demo Post", .ca = true},
	    &ca);
	pki_make(&(struct pki_spec){.cn = "CHAN TAI MAN \xE9\x99\xB3",
		     .o = "Hongkong Post e-Cert (Organisational)",
		     .ou = {"00123456780001230001234567", "Example Trading Limited", "1234567890"},
		     .email = "chan@example.hk",
		     .usage = "critical,digitalSignature,nonRepudiation",
		     .issuer = &ca},
	    &leaf);
	assert_int_equal(identity_read(leaf.der, &id), ECERT_OK);
	assert_string_equal(id.user_name, "CHAN TAI MAN \xE9\x99\xB3");
	assert_string_equal(id.org, "Hongkong Post e-Cert (Organisational)");
	assert_int_equal(id.ou_n, 3);
	assert_string_equal(id.ou[1], "Example Trading Limited");
	assert_string_equal(id.br, "0012345678000123");
	assert_string_equal(id.cr, "0001234567");
	assert_string_equal(id.srn, "1234567890");
	assert_string_equal(id.email, "chan@example.hk");
	assert_string_equal(id.country, "HK");
	assert_string_equal(id.issuer_cn, "Demonstration e-Cert CA 2 - 15");
	assert_int_equal(id.not_before, T0 - 100 * DAY);
	assert_int_equal(id.not_after, T0 + 265 * DAY);
	assert_true(id.can_sign && id.has_key_usage && !id.is_ca);
	assert_int_equal(strlen(id.sha256), 64);
	assert_non_null(strstr(id.subject, "CN=CHAN TAI MAN \xE9\x99\xB3"));
	json_t *j = identity_json(&id);
	assert_string_equal(json_string_value(json_object_get(j, "br_no")), "0012345678000123");
	assert_int_equal(json_array_size(json_object_get(j, "units")), 3);
	json_decref(j);
	assert_int_equal(identity_read(ca.der, &id), ECERT_OK);
	assert_true(id.is_ca);
	pki_free(&leaf);
	pki_free(&ca);
}

static void lenient(void **state)
{
	struct identity id;
	struct pki_id leaf;
	(void)state;
	/* Control bytes, an OU without meaning, no e-mail, no business number, no key usage. */
	pki_make(
	    &(struct pki_spec){.cn = "a\x1B[2Jb", .ou = {"0000000000000000", "12ab", "SRN: 42"}},
	    &leaf);
	assert_int_equal(identity_read(leaf.der, &id), ECERT_OK);
	assert_string_equal(id.user_name, "a?[2Jb");
	assert_string_equal(id.br, "");
	assert_string_equal(id.srn, "42");
	assert_string_equal(id.email, "");
	assert_true(id.can_sign && !id.has_key_usage);
	pki_free(&leaf);
}

/* The OU of numbers as different people fill it in. */
static void business_numbers(void **state)
{
	static const struct {
		const char *ou, *br, *cr;
	} rows[] = {
	    {"51234567000000000000000001234567", "5123456700000000", "0000000001234567"},
	    {"51234567000000000000000000000000", "5123456700000000", ""},
	    {"00000000000000000001234567", "", "0001234567"},
	    {"5123456700000000F0012345", "5123456700000000", "F0012345"},
	    {"51234567-000    01234567", "51234567-000", "01234567"},
	    {"51234567        1234567  ", "51234567", "1234567"},
	    {"51234567", "51234567", ""},
	    {"51234567-000", "51234567-000", ""},
	    {"5123456", "", ""},
	    {"20260101 Sales Office", "", ""},
	    {"Level 12, 51234567 Road", "", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct identity id;
		struct pki_id leaf;
		pki_make(&(struct pki_spec){.cn = "x", .ou = {rows[i].ou, "0000417733"}}, &leaf);
		assert_int_equal(identity_read(leaf.der, &id), ECERT_OK);
		assert_string_equal(id.br, rows[i].br);
		assert_string_equal(id.cr, rows[i].cr);
		assert_string_equal(id.srn, "0000417733");
		pki_free(&leaf);
	}
}

static void the_newer_address_wins(void **state)
{
	struct identity id;
	struct pki_id leaf;
	(void)state;
	pki_make(
	    &(struct pki_spec){
		.cn = "x", .email = "old@example.hk", .san = "DNS:example.hk,email:new@example.hk"},
	    &leaf);
	assert_int_equal(identity_read(leaf.der, &id), ECERT_OK);
	assert_string_equal(id.email, "new@example.hk");
	pki_free(&leaf);
}

static void only_certificates(void **state)
{
	struct identity id;
	struct pki_id leaf;
	uint8_t copy[4096];
	(void)state;
	pki_make(&(struct pki_spec){.cn = "x"}, &leaf);
	memcpy(copy, leaf.der.p, leaf.der.n);
	copy[leaf.der.n] = 0;
	assert_int_equal(identity_read(rd_of(copy, leaf.der.n + 1), &id), ECERT_E_MALFORMED);
	for (size_t n = 0; n < leaf.der.n; n += 13)
		assert_int_equal(identity_read(rd_of(copy, n), &id), ECERT_E_MALFORMED);
	pki_free(&leaf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_organisational_ecert),
	    cmocka_unit_test(lenient),
	    cmocka_unit_test(business_numbers),
	    cmocka_unit_test(the_newer_address_wins),
	    cmocka_unit_test(only_certificates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
