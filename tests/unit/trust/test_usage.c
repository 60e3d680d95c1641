/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of who may sign documents, by key usage, name and time, and below which CAs. */
#include "path_fix.h"

#include "trust/path/path_priv.h"

static void usages(void **state)
{
	static const uint8_t policy[] = {2, 1};
	static const struct {
		struct pki_spec spec;
		const char *reason; /* NULL: may sign */
	} row[] = {
	    {{.cn = "a", .usage = "digitalSignature"}, NULL},
	    {{.cn = "b", .usage = "nonRepudiation", .eku = "clientAuth,emailProtection"}, NULL},
	    {{.cn = "c"}, NULL},
	    {{.cn = "d", .usage = "keyEncipherment,dataEncipherment"}, "encipherment"},
	    {{.cn = "e",
		 .o = "Hongkong Post e-Cert (Encipherment)",
		 .usage = "digitalSignature,keyEncipherment"},
		"encipherment"},
	    {{.cn = "f", .usage = "digitalSignature", .eku = "serverAuth"}, "server"},
	    {{.cn = "g", .usage = "digitalSignature", .eku = "serverAuth,clientAuth"}, "server"},
	    {{.cn = "k", .usage = "digitalSignature", .eku = "serverAuth,emailProtection"}, NULL},
	    {{.cn = "l", .usage = "digitalSignature", .eku = "serverAuth,1.3.6.1.5.5.7.3.36"},
		NULL},
	    {{.cn = "m", .usage = "digitalSignature", .eku = "timeStamping"}, "service"},
	    {{.cn = "n", .usage = "digitalSignature", .eku = "1.3.6.1.5.5.7.3.36"}, NULL},
	    {{.cn = "p", .usage = "digitalSignature", .eku = "critical,1.3.6.1.5.5.7.3.36"}, NULL},
	    {{.cn = "q", .usage = "digitalSignature", .eku = "critical,1.3.6.1.5.2.3.5"},
		"service"},
	    {{.cn = "r", .usage = "digitalSignature", .eku = "1.3.6.1.5.2.3.5"}, "service"},
	    {{.cn = "s", .usage = "digitalSignature", .eku = "critical,1.2.3.4"},
		"a critical extension limits the certificate to another use"},
	    {{.cn = "t", .usage = "digitalSignature", .eku = "1.2.3.4"}, NULL},
	    {{.cn = "u", .usage = "digitalSignature", .eku = "critical,1.2.3.4,emailProtection"},
		NULL},
	    {{.cn = "v", .usage = "digitalSignature", .eku = "critical,clientAuth"}, NULL},
	    {{.cn = "w", .usage = "digitalSignature", .eku = "critical,anyExtendedKeyUsage"}, NULL},
	    {{.cn = "h", .usage = "digitalSignature,keyCertSign", .ca = true}, "CA's"},
	    {{.cn = "o", .usage = "keyCertSign,cRLSign", .ca = true}, "CA's"},
	    {{.cn = "i", .usage = "digitalSignature", .from = T0 - 2 * DAY, .until = T0 - DAY},
		"expired on 2026-05-27"},
	    {{.cn = "j", .usage = "digitalSignature", .from = T0 + DAY},
		"not valid before 2026-05-29"},
	    {{.cn = "k", .ext = {{"1.3.6.1.4.1.41482.3.8", policy, sizeof policy}}}, "statement"},
	};
	struct message_kept kept;
	char why[200];
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct pki_id id;
		pki_make(&row[i].spec, &id);
		bool may = trust_may_sign(id.der, T0, &kept);
		message_kept_text(&kept, NULL, why, sizeof why);
		if (may != !row[i].reason || (!may && !strstr(why, row[i].reason)))
			fail_msg("%s: %d %s", row[i].spec.cn, may, why);
		pki_free(&id);
	}
	assert_false(trust_may_sign(rd_of("x", 1), T0, &kept));
	message_kept_text(&kept, NULL, why, sizeof why);
	assert_non_null(strstr(why, "cannot be read"));
}

static void usage_in_the_path(void **state)
{
	struct pki_id enc;
	(void)state;
	struct trust_set *s = set_of(&root);
	pki_make(
	    &(struct pki_spec){.cn = "Enc", .usage = "keyEncipherment", .issuer = &root}, &enc);
	struct report r = check(&(struct ask){.set = s, .leaf = &enc});
	expect(&r, "chain", CHECK_OK);
	expect(&r, "key usage", CHECK_FAILED);
	pki_free(&enc);
	trust_set_free(&s);
}

/* A CA's extended key usage limits what is below it, unless the relying party named it. */
static void usage_of_cas(void **state)
{
	static const struct {
		const char *eku;
		enum check_state state;
	} row[] = {
	    {NULL, CHECK_OK},
	    {"serverAuth", CHECK_FAILED},
	    {"critical,serverAuth", CHECK_FAILED},
	    {"OCSPSigning", CHECK_FAILED},
	    {"codeSigning,timeStamping", CHECK_FAILED},
	    {"critical,1.2.3.4", CHECK_FAILED},
	    {"1.2.3.4", CHECK_OK},
	    {"serverAuth,clientAuth", CHECK_OK},
	    {"serverAuth,emailProtection", CHECK_OK},
	    {"anyExtendedKeyUsage", CHECK_OK},
	    {"critical,1.3.6.1.5.5.7.3.36", CHECK_OK},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct pki_id ca, user;
		pki_make(
		    &(struct pki_spec){.cn = "L", .ca = true, .eku = row[i].eku, .issuer = &root},
		    &ca);
		pki_make(&(struct pki_spec){.cn = "U", .usage = USAGE, .issuer = &ca}, &user);
		struct trust_set *s = set_of(&root);
		struct report r = check(&(struct ask){.set = s, .leaf = &user, .helper = &ca});
		expect(&r, "chain", CHECK_OK);
		expect(&r, "key usage", row[i].state);
		assert_non_null(strstr(report_find(&r, "key usage")->detail,
		    row[i].state == CHECK_OK ? "may sign"
		    : i == 5		     ? "the CA L is limited by a critical extension"
					     : "the CA L is limited to certificates of servers"));
		trust_set_free(&s);
		s = set_of(&ca);
		r = check(&(struct ask){.set = s, .leaf = &user});
		expect(&r, "key usage", CHECK_OK);
		trust_set_free(&s);
		pki_free(&user);
		pki_free(&ca);
	}
}

/* What names nobody has no English words in place of a name, in whatever language it is told. */
static void called(const char *type, const char *value, const char *want)
{
	X509_NAME *n = X509_NAME_new();
	char name[64];

	if (type)
		assert_int_equal(X509_NAME_add_entry_by_txt(
				     n, type, MBSTRING_UTF8, (const uint8_t *)value, -1, -1, 0),
		    1);
	path_name_text(n, name, sizeof name);
	assert_string_equal(name, want);
	X509_NAME_free(n);
}

static void what_certificates_are_called(void **state)
{
	struct pki_id nobody;
	struct trust_set *s;

	(void)state;
	called("CN", "WONG Mei", "WONG Mei");
	called("O", "Wong Ltd", "Wong Ltd");
	called("L", "Kowloon", "/L=Kowloon");
	called(NULL, NULL, "?");
	pki_make(&(struct pki_spec){.o = "Wong Ltd", .ca = true}, &nobody);
	s = set_of(&nobody);
	assert_non_null(strstr(s->entries[0].name, "/O=Wong Ltd"));
	trust_set_free(&s);
	pki_free(&nobody);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(usages),
	    cmocka_unit_test(usage_in_the_path),
	    cmocka_unit_test(usage_of_cas),
	    cmocka_unit_test(what_certificates_are_called),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
