/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of reading e-Cert subjects. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
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
	assert_string_equal(id.cert_type, "Hongkong Post e-Cert (Organisational)");
	assert_string_equal(id.company, "Example Trading Limited");
	assert_string_equal(id.name, "CHAN TAI MAN \xE9\x99\xB3, Example Trading Limited");
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
	assert_string_equal(
	    json_string_value(json_object_get(j, "organisation")), "Example Trading Limited");
	assert_string_equal(json_string_value(json_object_get(j, "certificate_type")),
	    "Hongkong Post e-Cert (Organisational)");
	assert_int_equal(json_integer_value(json_object_get(j, "not_after")), T0 + 265 * DAY);
	json_decref(j);
	/* Nobody: of a certificate that could not be read. */
	j = identity_json(&(struct identity){.name = ""});
	assert_string_equal(json_string_value(json_object_get(j, "serial")), "");
	assert_true(json_is_null(json_object_get(j, "not_before")));
	assert_true(json_is_null(json_object_get(j, "not_after")));
	json_decref(j);
	assert_int_equal(identity_read(ca.der, &id), ECERT_OK);
	assert_true(id.is_ca);
	pki_free(&leaf);
	pki_free(&ca);
}

static void lenient(void **state)
{
	struct identity id;
	json_t *said;
	struct pki_id leaf;
	(void)state;
	/* Control bytes, an OU without meaning, no e-mail, no business number, no key usage. */
	pki_make(
	    &(struct pki_spec){.cn = "a\x1B[2Jb", .ou = {"0000000000000000", "12ab", "SRN: 42"}},
	    &leaf);
	assert_int_equal(identity_read(leaf.der, &id), ECERT_OK);
	assert_string_equal(id.user_name, "a\x1B[2Jb");
	/* In JSON it is escaped, and whole: two names that differ there stay different. */
	said = identity_json(&id);
	assert_string_equal(json_string_value(json_object_get(said, "user_name")), "a\x1B[2Jb");
	json_decref(said);
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

#define HONGKONG      "\xE9\xA6\x99\xE6\xB8\xAF"
#define LIGHTS_LTD_ZH "\xE7\x87\x88\xE9\xA3\xBE\xE6\x9C\x89\xE9\x99\x90\xE5\x85\xAC\xE5\x8F\xB8"

/* Where the company is when O is the certificate's type, and where it is not. */
static void the_company_behind_the_user(void **state)
{
	static const struct {
		const char *o, *ou[6], *company, *unit;
	} rows[] = {
	    {"Hongkong Post e-Cert (Organisational)",
		{"1234567890", "51234567000000000000000001234567", "Kowloon Branch", "Lights Ltd."},
		"Lights Ltd.", "Kowloon Branch"},
	    /* The order is the CA's; both languages; numbers in between. */
	    {"Hongkong Post e-Cert (Organisational)",
		{LIGHTS_LTD_ZH, "5123456700000000", "Sales", "Lights Limited", "SRN: 1"},
		LIGHTS_LTD_ZH " / Lights Limited", "Sales"},
	    {"Hongkong Post e-Cert (Organisational Role)", {"1234567890", "Hospital Authority"},
		"Hospital Authority", ""},
	    /* Nothing tells which it is: both are shown. */
	    {"Hongkong Post Bank-Cert (Corporate)", {"Lights", HONGKONG}, "Lights / " HONGKONG, ""},
	    {"Hongkong Post e-Cert (Personal)", {"1234567890"}, "", ""},
	    /* Where O is the organisation, OUs are its units. */
	    {"Lights Ltd.", {"Sales", "Another Company Ltd."}, "Lights Ltd.",
		"Sales, Another Company Ltd."},
	    {"e-Cert Services (HK) Ltd.", {"Sales"}, "e-Cert Services (HK) Ltd.", "Sales"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct identity id;
		struct pki_id leaf;
		struct pki_spec spec = {.cn = "Chan", .o = rows[i].o};
		char name[600];
		memcpy(spec.ou, rows[i].ou, sizeof spec.ou);
		pki_make(&spec, &leaf);
		assert_int_equal(identity_read(leaf.der, &id), ECERT_OK);
		assert_string_equal(id.company, rows[i].company);
		assert_string_equal(id.unit, rows[i].unit);
		snprintf(name, sizeof name, "Chan%s%s", id.company[0] ? ", " : "", id.company);
		assert_string_equal(id.name, name);
		pki_free(&leaf);
	}
}

/* 64 characters of three bytes are whole; what is longer than any room says that it was cut, so
 * that two who differ behind it are not taken for one. */
static void long_names(void **state)
{
	char chinese[64 * 3 + 1] = "";
	struct identity id;
	struct pki_id leaf;
	(void)state;
	for (size_t i = 0; i < 63; i++)
		memcpy(chinese + 3 * i, "\xE9\xA6\x99", 3);
	strcpy(chinese + 63 * 3, "\xE6\xB8\xAF");
	pki_make(&(struct pki_spec){.cn = chinese, .o = chinese, .ou = {chinese}}, &leaf);
	assert_int_equal(identity_read(leaf.der, &id), ECERT_OK);
	assert_string_equal(id.user_name, chinese);
	assert_string_equal(id.company, chinese);
	assert_string_equal(id.unit, chinese);
	assert_int_equal(strlen(id.name), 2 * 64 * 3 + 2);
	assert_non_null(strstr(id.subject, chinese));
	/* More than a certificate may have (X.520), which some CA issued all the same. */
	X509_NAME *n = X509_NAME_new();
	char more[1000];
	memset(more, 'x', sizeof more - 1);
	more[sizeof more - 1] = 0;
	ASN1_STRING *s = ASN1_STRING_type_new(V_ASN1_UTF8STRING);
	assert_int_equal(ASN1_STRING_set(s, more, -1), 1);
	X509_NAME_ENTRY *e = X509_NAME_ENTRY_create_by_NID(
	    NULL, NID_commonName, V_ASN1_UTF8STRING, (const unsigned char *)"x", 1);
	assert_int_equal(X509_NAME_ENTRY_set_data(
			     e, V_ASN1_UTF8STRING, ASN1_STRING_get0_data(s), ASN1_STRING_length(s)),
	    1);
	assert_int_equal(X509_NAME_add_entry(n, e, -1, 0), 1);
	assert_int_equal(X509_set_subject_name(leaf.cert, n), 1);
	assert_true(X509_sign(leaf.cert, leaf.key, EVP_sha256()) > 0);
	unsigned char *der = NULL;
	int len = i2d_X509(leaf.cert, &der);
	assert_int_equal(identity_read(rd_of(der, (size_t)len), &id), ECERT_OK);
	assert_string_equal(id.user_name + strlen(id.user_name) - 3, "\xE2\x80\xA6");
	assert_int_equal(id.user_name[strlen(id.user_name) - 4], 'x');
	OPENSSL_free(der);
	ASN1_STRING_free(s);
	X509_NAME_ENTRY_free(e);
	X509_NAME_free(n);
	pki_free(&leaf);
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
	    cmocka_unit_test(the_company_behind_the_user),
	    cmocka_unit_test(long_names),
	    cmocka_unit_test(the_newer_address_wins),
	    cmocka_unit_test(only_certificates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
