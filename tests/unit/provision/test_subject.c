/* SPDX-License-Identifier: BSD-2-Clause */
/* Subjects and other names as people type them: what they become, and why they are refused. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <string.h>

#include "provision/subject.h"

/* What is wrong, in English; "" when nothing is. */
static void words(const struct message_kept *why, char *out, size_t cap)
{
	char whole[1024];

	message_kept_text(why, NULL, whole, sizeof whole);
	snprintf(out, cap, "%.*s", (int)cap - 1, whole);
}

/* The subject in RFC 2253's order and escapes; or, refused, why. */
static enum ecert_rc parse(const char *text, char *out, size_t cap)
{
	X509_NAME *name = X509_NAME_new();
	BIO *bio = BIO_new(BIO_s_mem());
	char *p;
	struct message_kept why = {.n = 0};
	enum ecert_rc rc;
	long n;

	assert_non_null(name);
	assert_non_null(bio);
	out[0] = 0;
	rc = subject_parse(text, name, &why);
	words(&why, out, cap);
	if (!rc) {
		assert_true(
		    X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0);
		n = BIO_get_mem_data(bio, &p);
		snprintf(out, cap, "%.*s", (int)n, p);
	}
	BIO_free(bio);
	X509_NAME_free(name);
	return rc;
}

static void each_way_of_writing_one_is_read(void **state)
{
	static const struct {
		const char *typed, *read;
	} rows[] = {
	    {"C=HK, O=Wong Ltd, CN=WONG Mei", "CN=WONG Mei,O=Wong Ltd,C=HK"},
	    {"/C=HK/O=Wong Ltd/CN=WONG Mei", "CN=WONG Mei,O=Wong Ltd,C=HK"},
	    {"O=Wong \\, Sons Ltd", "O=Wong \\, Sons Ltd"},
	    {"O=\"Wong, Sons Ltd\"", "O=Wong\\, Sons Ltd"},
	    {"O=Fish+Chips", "O=Fish\\+Chips"},
	    {"CN=Mei+OU=Sales", "OU=Sales+CN=Mei"},
	    {"CN=\\4D\\65\\69", "CN=Mei"},
	    {"O=A;CN=B", "CN=B,O=A"},
	    {"O=A;B", "O=A\\;B"},
	    {"CN=#0C034D6569", "CN=Mei"},
	    {"CN=\xE7\x8E\x8B", "CN=\xE7\x8E\x8B"},
	    {"commonName=Mei", "CN=Mei"},
	    {"2.5.4.3=Mei", "CN=Mei"},
	};
	char got[512];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (parse(rows[i].typed, got, sizeof got))
			fail_msg("'%s': %s", rows[i].typed, got);
		assert_string_equal(got, rows[i].read);
	}
}

static void each_wrong_one_has_its_reason(void **state)
{
	static const struct {
		const char *typed, *why;
	} rows[] = {
	    {"", "it is empty"},
	    {"/", "it is empty"},
	    {"Wong Ltd", "'Wong Ltd' has no '=' (a comma inside a name is written \\,)"},
	    {"O=Wong, Sons Ltd", "'Sons Ltd' has no '=' (a comma inside a name is written \\,)"},
	    {"/O=Wong/Sons", "'Sons' has no '=' (a slash inside a name is written \\/)"},
	    {"=Wong", "there is no kind of name before a '='"},
	    {"O=", "O has no value"},
	    {"ZZ=Wong", "there is no kind of name called 'ZZ'"},
	    {"C=Hong Kong", "C takes a country's code of two letters, as HK"},
	    {"CN=\xFF", "the value of CN is not plain UTF-8 text"},
	    {"CN=a\xE2\x80\xAE"
	     "b",
		"the value of CN has U+202E in it, which is not seen, or makes "
		"the text read otherwise"},
	    {"CN=#GG", "what follows # for CN is not hexadecimal (write \\#)"},
	    {"CN=#0101FF", "what follows # for CN is no text in BER"},
	    {"CN=12345678901234567890123456789012345678901234567890123456789012345",
		"CN takes 64 characters at most (X.520), and this one has 65"},
	};
	char got[512];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(parse(rows[i].typed, got, sizeof got), ECERT_E_MALFORMED);
		assert_string_equal(got, rows[i].why);
	}
}

/* One byte more than a value may have, and a buffer for the reason that is too small for it. */
static void what_is_too_long_is_cut_nowhere_else(void **state)
{
	char typed[1100] = "OU=", got[512], small[8];

	(void)state;
	memset(typed + 3, 'x', 1024);
	assert_int_equal(parse(typed, got, sizeof got), ECERT_E_MALFORMED);
	assert_string_equal(got, "the value of OU is too long");
	assert_int_equal(parse(typed, small, sizeof small), ECERT_E_MALFORMED);
	assert_string_equal(small, "the val");
}

static enum ecert_rc alternative(const char *text, char *why, size_t cap)
{
	GENERAL_NAMES *list = GENERAL_NAMES_new();
	struct message_kept kept = {.n = 0};
	enum ecert_rc rc;

	assert_non_null(list);
	rc = san_parse(text, list, &kept);
	words(&kept, why, cap);
	assert_int_equal(sk_GENERAL_NAME_num(list), !rc);
	GENERAL_NAMES_free(list);
	return rc;
}

static void other_names_are_judged_by_their_kind(void **state)
{
	static const char *const good[] = {"email:mei@wong.example", "dns:wong.example",
	    "uri:https://wong.example/a", "ip:192.0.2.1", "ip:2001:db8::1"};
	char why[512];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_int_equal(alternative(good[i], why, sizeof why), ECERT_OK);
	assert_int_equal(alternative("mei@wong.example", why, sizeof why), ECERT_E_MALFORMED);
	assert_string_equal(why, "it begins with none of email:, dns:, uri: and ip:");
	assert_int_equal(alternative("ip:300.1.1.1", why, sizeof why), ECERT_E_MALFORMED);
	assert_string_equal(why, "an IP address is like 192.0.2.1 or 2001:db8::1");
}

static enum ecert_rc template(const char *json, char *why, size_t cap) {
	X509_NAME *name = X509_NAME_new(); GENERAL_NAMES *list = GENERAL_NAMES_new();
	struct message_kept kept = {.n = 0}; enum ecert_rc rc;

	assert_non_null(name); assert_non_null(list);
	rc = template_parse(rd_of(json, strlen(json)), name, list, &kept); words(&kept, why, cap);
	if (!rc){assert_int_equal(X509_NAME_entry_count(name), 2);
		 assert_int_equal(sk_GENERAL_NAME_num(list), 1);}
GENERAL_NAMES_free(list);
X509_NAME_free(name);
return rc;
}

static void a_template_is_told_where_it_is_wrong(void **state)
{
	static const struct {
		const char *json, *why;
	} rows[] = {
	    {"no JSON", "it is not JSON"},
	    {"{}", "'subject' is missing or no list"},
	    {"{\"subject\": [{\"C\": 852}]}", "the value of 'C' is no text"},
	    {"{\"subject\": [{\"ZZ\": \"x\"}]}", "there is no kind of name called 'ZZ'"},
	    {"{\"subject\": [{\"C\": \"HK\"}], \"san\": [7]}",
		"an entry of 'san' is not understood: it is no text"},
	    {"{\"subject\": [{\"C\": \"HK\"}], \"san\": [\"x\"]}",
		"an entry of 'san' is not understood: it begins with none of email:, dns:, uri: "
		"and ip:"},
	};
	char why[512];

	(void)state;
	assert_int_equal(template("{\"subject\": [{\"C\": \"HK\"}, {\"CN\": \"Mei\"}], "
				  "\"san\": [\"email:mei@wong.example\"]}",
			     why, sizeof why),
	    ECERT_OK);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(template(rows[i].json, why, sizeof why), ECERT_E_MALFORMED);
		assert_string_equal(why, rows[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_way_of_writing_one_is_read),
	    cmocka_unit_test(each_wrong_one_has_its_reason),
	    cmocka_unit_test(what_is_too_long_is_cut_nowhere_else),
	    cmocka_unit_test(other_names_are_judged_by_their_kind),
	    cmocka_unit_test(a_template_is_told_where_it_is_wrong),
	};

	return cmocka_run_group_tests_name("provision: subjects", tests, NULL, NULL);
}
