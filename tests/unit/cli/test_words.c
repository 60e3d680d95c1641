/* SPDX-License-Identifier: BSD-2-Clause */
/* What people type: places for keys, subjects, other names, times. */
#include "cli_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "provision/subject.h"
#include "client/expiry.h"
#include "client/serial.h"
#include "client/slot.h"
#include "actions/trustopts.h"

static void places_have_several_names(void **state)
{
	static const struct {
		const char *name, *id;
		uint8_t ref;
	} rows[] = {{"9a", "01", 0x9A}, {"9C", "2", 0x9C}, {"sign", "02", 0x9C}, {"9d", "03", 0x9D},
	    {"9e", "4", 0x9E}, {"82", "05", 0x82}, {"95", "18", 0x95}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(slot_by_name(rows[i].name), rows[i].ref);
		assert_int_equal(slot_by_id(rows[i].id), rows[i].ref);
		assert_int_equal(slot_by_id((char[]){'0', '0', 0}), 0);
	}
	for (unsigned ref = 0x82; ref <= 0x95; ref++) {
		char id[8];

		snprintf(id, sizeof id, "%02x", slot_id((uint8_t)ref));
		assert_int_equal(slot_by_id(id), ref);
		assert_int_equal(slot_by_name(slot_name((uint8_t)ref)), ref);
	}
}

static void what_is_no_place(void **state)
{
	static const char *const bad[] = {"", "9b", "f9", "81", "96", "9", "x", "9c ", "0x", "-1"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(slot_by_name(bad[i]), 0);
	assert_int_equal(slot_by_id("19"), 0);
	assert_int_equal(slot_by_id("0"), 0);
	assert_int_equal(slot_id(0xF9), 0);
}

static enum ecert_rc subject(const char *text, char *line, size_t cap)
{
	X509_NAME *name = X509_NAME_new();
	BIO *bio = BIO_new(BIO_s_mem());
	struct message_kept bad;
	enum ecert_rc rc = subject_parse(text, name, &bad);
	int n;

	X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
	n = BIO_read(bio, line, (int)cap - 1);
	line[n > 0 ? n : 0] = 0;
	BIO_free(bio);
	X509_NAME_free(name);
	return rc;
}

static void subjects(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"CN=WONG Mei", "CN = WONG Mei"},
	    {"C=HK,O=Wong Ltd,CN=x", "C = HK, O = Wong Ltd, CN = x"},
	    {"C=HK,  O=Wong\\, Sons = Co , CN=x", "C = HK, O = \"Wong, Sons = Co\", CN = x"},
	    {"O=\xE9\xBB\x83\xE6\xB0\x8F", "O = \xE9\xBB\x83\xE6\xB0\x8F"},
	    {"emailAddress=a@b.example", "emailAddress = a@b.example"},
	    {"/C=HK/O=Wong, Sons Ltd/CN=x", "C = HK, O = \"Wong, Sons Ltd\", CN = x"},
	    {"/O=Import\\/Export/CN=x", "O = Import/Export, CN = x"},
	    {"C=HK, OU=x+CN=CHAN Siu Ming", "C = HK, OU = x + CN = CHAN Siu Ming"},
	    {"OU=x + serialNumber=7, CN=y", "OU = x + serialNumber = 7, CN = y"},
	    {"/OU=x+CN=y/O=z", "OU = x + CN = y, O = z"},
	    {"O=Fish+Chips, CN=x", "O = \"Fish+Chips\", CN = x"},
	    {"O=A\\+CN=B", "O = \"A+CN=B\""},
	    {"C=HK, O=\"Example Company, Ltd.\", CN=x",
		"C = HK, O = \"Example Company, Ltd.\", CN = x"},
	    {"O=\"a \\\"b\\\" c\"", "O = a \\\"b\\\" c"},
	    {"O=The \"Best\" Ltd", "O = The \\\"Best\\\" Ltd"},
	    {"C=HK; O=x;CN=y", "C = HK, O = x, CN = y"},
	    {"O=a;b, CN=y\n", "O = \"a;b\", CN = y"},
	    {"E=a@b.example", "emailAddress = a@b.example"},
	    {"EMAIL=a@b.example, cn=x, S=HK", "emailAddress = a@b.example, CN = x, ST = HK"},
	    {"O=caf\\C3\\a9, CN=x", "O = caf\xC3\xA9, CN = x"},
	    {"2.5.4.3=x, OID.2.5.4.10=y", "CN = x, O = y"},
	    {"CN=#0C0178", "CN = x"},
	    {"CN=\\#1", "CN = \"#1\""},
	    {"O=ends \\ , CN=x", "O = \"ends  \", CN = x"},
	    {"organizationIdentifier=VATHK-1, CN=x", "organizationIdentifier = VATHK-1, CN = x"},
	};
	char line[256];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(subject(rows[i].text, line, sizeof line), ECERT_OK);
		assert_string_equal(line, rows[i].want);
	}
}

static void what_is_no_subject(void **state)
{
	static const char *const bad[] = {"", "nonsense", "CN=", "XX=y", "C=Hongkong", "CN=a,",
	    "CN=a,,O=b", "=x", "CN=\xFF\xFE", "/", "//CN=a", "/CN=a/B", "CN=a\\00b", "CN=a\\0Ab",
	    "CN=#zz", "CN=#0101FF", "CN=#0C02", "sha256=x", "E=\xC3\xA4@b"};
	char line[256], large[600] = "CN=";

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (strcmp(bad[i], "CN=a,")) /* a comma at the end is forgiven */
			assert_int_equal(subject(bad[i], line, sizeof line), ECERT_E_MALFORMED);
	memset(large + 3, 'x', sizeof large - 4);
	assert_int_equal(subject(large, line, sizeof line), ECERT_E_MALFORMED);
}

/* X.520's bounds count characters, not bytes, and are named. */
static void how_long(void **state)
{
	X509_NAME *name = X509_NAME_new();
	char text[400] = "O=", why[160];
	struct message_kept kept;

	(void)state;
	for (int i = 0; i < 64; i++)
		strcat(text, "\xE9\xA6\x99");
	assert_int_equal(subject_parse(text, name, &kept), ECERT_OK);
	strcat(text, "x");
	assert_int_equal(subject_parse(text, name, &kept), ECERT_E_MALFORMED);
	message_kept_text(&kept, NULL, why, sizeof why);
	assert_string_equal(why, "O takes 64 characters at most (X.520), and this one has 65");
	assert_int_equal(subject_parse("C=HKG", name, &kept), ECERT_E_MALFORMED);
	message_kept_text(&kept, NULL, why, sizeof why);
	assert_non_null(strstr(why, "two letters"));
	assert_int_equal(subject_parse("O=Wong, Sons Ltd, CN=x", name, &kept), ECERT_E_MALFORMED);
	message_kept_text(&kept, NULL, why, sizeof why);
	assert_string_equal(why, "'Sons Ltd' has no '=' (a comma inside a name is written \\,)");
	X509_NAME_free(name);
}

static void serials(void **state)
{
	static const char *const same[] = {"0A1B2C", "a1b2c", "0x0A1B2C", "0a:1b:2c", "0A 1B 2C",
	    " 0A-1B-2C", "serial=0A1B2C", "00:0a:1b:2c", "662316"};
	static const char *const other[] = {
	    "", "0A1B2D", "0A1B2C00", "x", "0x", "0A1B2G", "-0A1B2C"};

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		assert_true(serial_same(same[i], "0A1B2C"));
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		assert_false(serial_same(other[i], "0A1B2C"));
	assert_true(serial_same("-7f", "-7F"));
	assert_false(serial_same("7f", "-7F"));
	assert_true(serial_same("0", "00"));
	assert_true(serial_of_token("2587 8142", "25878142"));
	assert_true(serial_of_token("AE:BD:03", "aebd03"));
	assert_false(serial_of_token("0x2587", "2587"));
	assert_false(serial_of_token("", "2587"));
	assert_false(serial_of_token("2587", ""));
	/* either may be PKCS#11's part of it */
	assert_true(serial_of_token("aebd033d68f821e1", "b553912bed7b4b53aebd033d68f821e1"));
	assert_true(serial_of_token("b553912bed7b4b53aebd033d68f821e1", "aebd033d68f821e1"));
	assert_false(serial_of_token("ebd033d68f821e1", "b553912bed7b4b53aebd033d68f821e1"));
}

/* Around the borders: 60 days before, the last day, the end itself. */
static void ends_of_certificates(void **state)
{
	static const struct {
		long left; /* seconds */
		bool near;
		const char *want;
	} rows[] = {
	    {60 * 86400L, false, ""},
	    {60 * 86400L - 1, true, "expires on 2026-11-21, in 59 days"},
	    {86400, true, "expires on 2026-11-21, in 1 day"},
	    {86399, true, "expires on 2026-11-21, within a day"},
	    {0, true, "expired on 2026-11-21"},
	    {-86400, true, "expired on 2026-11-21"},
	};
	const time_t end = 1795262400;
	struct expiry text;
	char *said;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(expiry_near(end, end - rows[i].left, &text), rows[i].near);
		said = rows[i].near ? message_string(&text.m, NULL) : strdup("");
		assert_string_equal(said, rows[i].want);
		free(said);
	}
	assert_int_equal(expiry_days(end, end - 86400), 1);
	assert_int_equal(expiry_days(end, end + 1), -1);
}

/* Why it is none, or "". */
static const char *san(const char *text, GENERAL_NAMES *list)
{
	static char why[160];
	struct message_kept kept = {.n = 0};
	enum ecert_rc rc = san_parse(text, list, &kept);

	message_kept_text(&kept, NULL, why, sizeof why);
	assert_int_equal(rc, why[0] ? ECERT_E_MALFORMED : ECERT_OK);
	return why;
}

static void other_names(void **state)
{
	static const char *const good[] = {"email:a@b.example", "DNS:b.example", "dns:*.b.example",
	    "dns:xn--fiq228c.example", "uri:https://b.example/x", "uri:urn:uuid:0", "ip:192.0.2.1",
	    "IP:2001:db8::1"};
	static const struct {
		const char *text, *why;
	} bad[] = {{"b.example", "none of email:, dns:, uri: and ip:"},
	    {"dns:", "nothing is behind the colon"}, {"dns:a b", "letters, digits, hyphens"},
	    {"dns:a..b", "between two dots is empty"}, {"dns:-a.b", "hyphen"},
	    {"dns:*.*.b", "letters, digits"}, {"dns:\xE4\xB8\xAD.example", "xn--"},
	    {"email:\xE9@b.example", "before the @ has to be ASCII"},
	    {"email:a@\xE4\xB8\xAD.example", "xn--"}, {"email:a", "mei@wong.example"},
	    {"email:@b", "mei@wong.example"}, {"email:a@b@c", "letters, digits"},
	    {"email:a..b@c.example", "a dot before the @"},
	    {"email:a b@c.example", "no address has"}, {"uri:b.example/x", "https://wong.example/"},
	    {"uri:https:", "https://wong.example/"}, {"uri:https://b/ x", "%XX"},
	    {"uri:https://\xE4\xB8\xAD/", "xn--"}, {"ip:192.0.2", "192.0.2.1"},
	    {"ip:", "192.0.2.1"}};
	GENERAL_NAMES *list = GENERAL_NAMES_new();
	const size_t n = sizeof good / sizeof good[0];

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_string_equal(san(good[i], list), "");
	assert_int_equal(sk_GENERAL_NAME_num(list), n);
	assert_int_equal(
	    ASN1_STRING_length(sk_GENERAL_NAME_value(list, (int)n - 1)->d.iPAddress), 16);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_non_null(strstr(san(bad[i].text, list), bad[i].why));
	assert_int_equal(sk_GENERAL_NAME_num(list), n);
	GENERAL_NAMES_free(list);
}

static enum ecert_rc template(const char *json, char bad[64]) {
	X509_NAME *name = X509_NAME_new(); GENERAL_NAMES *list = GENERAL_NAMES_new();
	struct message_kept kept = {.n = 0};
	char whole[256];
	enum ecert_rc rc = template_parse(rd_of(json, strlen(json)), name, list, &kept);

	message_kept_text(&kept, NULL, whole, sizeof whole);
	snprintf(bad, 64, "%.63s", whole);

	GENERAL_NAMES_free(list);
	X509_NAME_free(name);
	return rc;
}

static void templates(void **state)
{
	char bad[64];

	(void)state;
	assert_int_equal(
	    template("{\"subject\": [{\"C\": \"HK\"}, {\"CN\": \"x\"}]}", bad), ECERT_OK);
	assert_int_equal(
	    template("{\"subject\": [{\"CN\": \"x\"}], \"san\": [\"dns:a.example\"]}", bad),
	    ECERT_OK);
	assert_int_equal(template("", bad), ECERT_E_MALFORMED);
	assert_int_equal(template("{}", bad), ECERT_E_MALFORMED);
	assert_string_equal(bad, "'subject' is missing or no list");
	assert_int_equal(template("{\"subject\": [{\"QQ\": \"x\"}]}", bad), ECERT_E_MALFORMED);
	assert_string_equal(bad, "there is no kind of name called 'QQ'");
	assert_int_equal(template("{\"subject\": [{\"CN\": 1}]}", bad), ECERT_E_MALFORMED);
	assert_int_equal(
	    template("{\"subject\": [{\"CN\": \"x\"}], \"san\": [\"x\"]}", bad), ECERT_E_MALFORMED);
	assert_string_equal(bad, "an entry of 'san' is not understood: it begins with none of ema");
}

static void times(void **state)
{
	static const struct {
		const char *text;
		time_t want;
	} rows[] = {{"2026-11-21T12:00:00Z", 1795262400}, {"2026-11-21 12:00:00", 1795262400},
	    {"2026-11-21", 1795219200}, {"0", 0}, {"1795262400", 1795262400}};
	static const char *const bad[] = {
	    "", "now", "2026-13-01", "-1", "12x", "2026-11-21T12:00:00"};
	time_t t;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(time_parse(rows[i].text, &t), ECERT_OK);
		assert_int_equal(t, rows[i].want);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(time_parse(bad[i], &t), ECERT_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(places_have_several_names),
	    cmocka_unit_test(what_is_no_place),
	    cmocka_unit_test(subjects),
	    cmocka_unit_test(what_is_no_subject),
	    cmocka_unit_test(how_long),
	    cmocka_unit_test(serials),
	    cmocka_unit_test(ends_of_certificates),
	    cmocka_unit_test(other_names),
	    cmocka_unit_test(templates),
	    cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
