/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of key attestation: chains, statements, TEST roots. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "document/cert.h"
#include "trust/attestation/attestation.h"
#include "ecert/piv_const.h"
#include "token_sim.h"

static struct token_sim vendor, test;
static struct pki_id key, stmt, test_stmt;

static int setup(void **state)
{
	(void)state;
	token_sim_make("Vendor PIV Root", &vendor);
	token_sim_make("ecert-vcard TEST Root", &test);
	pki_make(&(struct pki_spec){.cn = "Chan"}, &key);
	token_sim_attest(&vendor, key.key, 2, false, &stmt);
	token_sim_attest(&test, key.key, 3, false, &test_stmt);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pki_free(&stmt);
	pki_free(&test_stmt);
	pki_free(&key);
	token_sim_free(&vendor);
	token_sim_free(&test);
	return 0;
}

static struct trust_set *trust(const struct pki_id *root, enum trust_origin origin)
{
	struct trust_set *s = NULL;
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	if (root)
		assert_int_equal(
		    trust_set_add_der(s, root->der, TRUST_ATTESTATION, origin, NULL), ECERT_OK);
	return s;
}

static bool judge(const struct pki_id *anchor, enum trust_origin origin, const struct pki_id *slot,
    const struct pki_id *f9, struct attestation *a, struct report *rep)
{
	struct trust_set *s = trust(anchor, origin);
	report_init(rep);
	bool ok = attestation_check(s, slot->der, &f9->der, 1, T0, a, rep);
	assert_int_equal(rep->n, 2);
	trust_set_free(&s);
	return ok;
}

static void a_vendor_token(void **state)
{
	struct attestation a;
	struct report rep;
	(void)state;
	assert_true(judge(&vendor.root, TRUST_FROM_LIST, &stmt, &vendor.f9, &a, &rep));
	assert_true(a.has_firmware && a.has_serial && a.has_policy && a.has_counter);
	assert_false(a.has_form);
	assert_memory_equal(a.firmware, "\x05\x07\x02", 3);
	assert_int_equal(a.serial, 1234567);
	assert_int_equal(a.pin_policy, 2);
	assert_int_equal(a.touch_policy, 1);
	assert_int_equal(a.counter, 9);
	assert_false(a.test_root || a.pinned);
	assert_string_equal(a.root, "Vendor PIV Root");
	assert_true(attestation_same_key(stmt.der, key.der));
	assert_false(attestation_same_key(vendor.f9.der, key.der));
	assert_false(attestation_same_key(rd_of("x", 1), key.der));
	json_t *j = attestation_json(&a);
	assert_string_equal(json_string_value(json_object_get(j, "firmware")), "5.7.2");
	assert_true(json_is_null(json_object_get(j, "form_factor")));
	assert_string_equal(json_string_value(json_object_get(j, "serial")), "1234567");
	assert_string_equal(json_string_value(json_object_get(j, "pin_policy")), "once");
	assert_string_equal(json_string_value(json_object_get(j, "touch_policy")), "never");
	json_decref(j);
	/* A policy that came later, one that is none, and nothing of it all. */
	a.pin_policy = 6;
	a.touch_policy = 0;
	j = attestation_json(&a);
	assert_string_equal(json_string_value(json_object_get(j, "pin_policy")), "unknown");
	assert_string_equal(json_string_value(json_object_get(j, "touch_policy")), "unknown");
	json_decref(j);
	a = (struct attestation){.root = ""};
	j = attestation_json(&a);
	assert_true(json_is_null(json_object_get(j, "serial")));
	assert_true(json_is_null(json_object_get(j, "pin_policy")));
	assert_true(json_is_null(json_object_get(j, "touch_policy")));
	json_decref(j);
	/* The F9 certificate itself, pinned. */
	assert_true(judge(&vendor.f9, TRUST_EXPLICIT, &stmt, &vendor.f9, &a, &rep));
	assert_true(a.pinned);
}

static void test_roots_count_only_when_given(void **state)
{
	struct attestation a;
	struct report rep;
	(void)state;
	assert_true(judge(&test.root, TRUST_EXPLICIT, &test_stmt, &test.f9, &a, &rep));
	assert_true(a.test_root);
	assert_false(judge(&test.root, TRUST_FROM_LIST, &test_stmt, &test.f9, &a, &rep));
	assert_non_null(strstr(report_reason(&rep)->detail, "TEST"));
	/* Nor does its F9 in a list. */
	assert_false(judge(&test.f9, TRUST_FROM_LIST, &test_stmt, &test.f9, &a, &rep));
	assert_false(judge(&vendor.root, TRUST_EXPLICIT, &test_stmt, &test.f9, &a, &rep));
	assert_false(judge(NULL, TRUST_EXPLICIT, &test_stmt, &test.f9, &a, &rep));
	/* In both, the explicit one counts. */
	struct trust_set *s = trust(&test.root, TRUST_FROM_LIST);
	assert_int_equal(
	    trust_set_add_der(s, test.root.der, TRUST_ATTESTATION, TRUST_EXPLICIT, NULL), ECERT_OK);
	report_init(&rep);
	assert_true(attestation_check(s, test_stmt.der, &test.f9.der, 1, T0, &a, &rep));
	trust_set_free(&s);
}

static void forged_statements(void **state)
{
	struct attestation a;
	struct report rep;
	struct pki_id forged, twin;
	(void)state;
	pki_make(&(struct pki_spec){.cn = "PIV Attestation 9a",
		     .issuer = &vendor.f9,
		     .use_key = key.key,
		     .forged_signature = true},
	    &forged);
	assert_false(judge(&vendor.root, TRUST_EXPLICIT, &forged, &vendor.f9, &a, &rep));
	/* Another F9 of the same name, not signed by the root. */
	pki_make(&(struct pki_spec){.cn = "PIV Attestation F9", .ca = true}, &twin);
	assert_false(judge(&vendor.root, TRUST_EXPLICIT, &stmt, &twin, &a, &rep));
	assert_false(judge(&vendor.root, TRUST_EXPLICIT, &key, &vendor.f9, &a, &rep));
	pki_free(&forged);
	pki_free(&twin);
	/* Not certificates at all, none, too many. */
	struct trust_set *s = trust(&vendor.root, TRUST_EXPLICIT);
	struct rd junk[ATTESTATION_MAX + 1];
	for (size_t i = 0; i <= ATTESTATION_MAX; i++)
		junk[i] = vendor.f9.der;
	report_init(&rep);
	assert_false(attestation_check(s, stmt.der, junk, 0, T0, &a, &rep));
	assert_false(attestation_check(s, stmt.der, junk, ATTESTATION_MAX + 1, T0, &a, &rep));
	assert_false(attestation_check(s, rd_of("x", 1), junk, 1, T0, &a, &rep));
	junk[1] = rd_of("y", 1);
	assert_false(attestation_check(s, stmt.der, junk, 2, T0, &a, &rep));
	junk[1] = vendor.root.der;
	assert_true(attestation_check(s, stmt.der, junk, 2, T0, &a, &rep));
	trust_set_free(&s);
}

/* A generated key of a genuine token signs a statement about a key made elsewhere. */
static void a_slot_key_is_no_attestation_key(void **state)
{
	struct token_sim owner = {.f9 = stmt};
	struct pki_id software, forged;
	struct attestation a;
	struct report rep;
	struct trust_set *s = trust(&vendor.root, TRUST_EXPLICIT);
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Software"}, &software);
	token_sim_attest(&owner, software.key, 3, false, &forged);
	const struct rd others[] = {stmt.der, vendor.f9.der, vendor.root.der};
	report_init(&rep);
	assert_false(attestation_check(s, forged.der, others, 3, T0, &a, &rep));
	const struct check *c = report_find(&rep, "attestation chain");
	assert_int_equal(c->state, CHECK_FAILED);
	assert_non_null(strstr(c->detail, "slot's key"));
	trust_set_free(&s);
	/* Nor under the token's pinned F9. */
	s = trust(&vendor.f9, TRUST_EXPLICIT);
	report_init(&rep);
	assert_false(attestation_check(s, forged.der, others, 2, T0, &a, &rep));
	trust_set_free(&s);
	pki_free(&forged);
	pki_free(&software);
}

/* Makers' roots stand above statements of other applications, whose keys sign what one likes. */
static void another_applications_key_is_no_attestation_key(void **state)
{
	static const uint8_t imported[] = {0x02, 0x01, 0x00}, serial[] = {0x02, 0x01, 5}, none[1];
	struct token_sim owner = {0};
	struct pki_id software, forged, att;
	struct attestation a;
	struct report rep;
	struct trust_set *s = trust(&vendor.root, TRUST_EXPLICIT);
	(void)state;
	/* The statement of an OpenPGP key, 1.3.6.1.4.1.41482.5.2: generated or imported. */
	pki_make(
	    &(struct pki_spec){.cn = "OPGP Attestation", .ca = true, .issuer = &vendor.root}, &att);
	pki_make(&(struct pki_spec){.cn = "OPGP SIG",
		     .issuer = &att,
		     .ext = {{"1.3.6.1.4.1.41482.5.2", imported, sizeof imported},
			 {ECERT_OID_YUBICO_SERIAL, serial, sizeof serial}}},
	    &owner.f9);
	pki_make(&(struct pki_spec){.cn = "Software"}, &software);
	token_sim_attest(&owner, software.key, 3, false, &forged);
	const struct rd others[] = {owner.f9.der, att.der, vendor.root.der};
	report_init(&rep);
	assert_false(attestation_check(s, forged.der, others, 3, T0, &a, &rep));
	assert_non_null(strstr(report_find(&rep, "attestation chain")->detail, "may not attest"));
	/* Its own, with an imported key, as if it were a PIV statement. */
	report_init(&rep);
	assert_false(attestation_check(s, owner.f9.der, others + 1, 2, T0, &a, &rep));
	assert_int_equal(report_find(&rep, "attestation chain")->state, CHECK_OK);
	assert_int_equal(report_find(&rep, "attestation statement")->state, CHECK_FAILED);
	trust_set_free(&s);
	pki_free(&forged);
	pki_free(&owner.f9);
	/* A slot's statement whose policy cannot be read is a statement all the same. */
	pki_make(&(struct pki_spec){.cn = "odd",
		     .ca = true,
		     .issuer = &vendor.f9,
		     .ext = {{ECERT_OID_YUBICO_POLICY, none, sizeof none}}},
	    &owner.f9);
	token_sim_attest(&owner, software.key, 3, false, &forged);
	assert_false(judge(&owner.f9, TRUST_EXPLICIT, &forged, &owner.f9, &a, &rep));
	assert_non_null(strstr(report_find(&rep, "attestation chain")->detail, "slot's key"));
	pki_free(&forged);
	pki_free(&owner.f9);
	pki_free(&att);
	pki_free(&software);
}

/* A YubiKey 4 states no serial number; an F9 of an owner's own needs no CA flag when it is pinned,
 * or below a root of his own. */
static void older_and_own_tokens(void **state)
{
	struct token_sim own = {0};
	struct pki_id bare, full;
	struct attestation a;
	struct report rep;
	(void)state;
	token_sim_attest(&vendor, key.key, 2, true, &bare);
	assert_true(judge(&vendor.root, TRUST_EXPLICIT, &bare, &vendor.f9, &a, &rep));
	assert_non_null(
	    strstr(report_find(&rep, "attestation statement")->detail, "does not state"));
	pki_make(&(struct pki_spec){.cn = "Own F9", .issuer = &vendor.root}, &own.f9);
	token_sim_attest(&own, key.key, 2, false, &full);
	assert_true(judge(&own.f9, TRUST_EXPLICIT, &full, &own.f9, &a, &rep));
	assert_true(a.pinned);
	/* It does not say what it is: below a root that the relying party has named it is believed,
	 * below a list's it is not. */
	assert_true(judge(&vendor.root, TRUST_EXPLICIT, &full, &own.f9, &a, &rep));
	assert_false(judge(&vendor.root, TRUST_FROM_LIST, &full, &own.f9, &a, &rep));
	pki_free(&bare);
	pki_free(&full);
	pki_free(&own.f9);
}

/* Customers' certificates below the same root often lack basicConstraints as well. */
static void a_customers_key_is_no_attestation_key(void **state)
{
	static const uint8_t opgp[] = {0x02, 0x01, 0x00};
	static const struct pki_spec row[] = {
	    {.cn = "Chan", .usage = "digitalSignature,nonRepudiation"},
	    {.cn = "Chan", .eku = "emailProtection"},
	    {.cn = "Chan", .san = "email:chan@shop.example"},
	    {.cn = "OPGP SIG", .ext = {{"1.3.6.1.4.1.41482.5.2", opgp, sizeof opgp}}},
	};
	struct attestation a;
	struct report rep;
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct token_sim own = {0};
		struct pki_id full;
		struct pki_spec s = row[i];
		s.issuer = &vendor.root;
		pki_make(&s, &own.f9);
		token_sim_attest(&own, key.key, 2, false, &full);
		assert_false(judge(&vendor.root, TRUST_EXPLICIT, &full, &own.f9, &a, &rep));
		assert_non_null(
		    strstr(report_find(&rep, "attestation chain")->detail, "may not attest"));
		pki_free(&full);
		pki_free(&own.f9);
	}
}

/* YubiKeys up to firmware 5.2: F9 has one extension, its firmware, and no basicConstraints. */
static void an_f9_that_does_not_call_itself_a_ca(void **state)
{
	static const uint8_t firmware[] = {4, 3, 3}, no_ca[] = {0x30, 0x00};
	struct token_sim old = {0};
	struct pki_id full;
	struct attestation a;
	struct report rep;
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Yubico PIV Attestation",
		     .issuer = &vendor.root,
		     .ext = {{ECERT_OID_YUBICO_FIRMWARE, firmware, sizeof firmware}}},
	    &old.f9);
	token_sim_attest(&old, key.key, 2, false, &full);
	assert_true(judge(&vendor.root, TRUST_EXPLICIT, &full, &old.f9, &a, &rep));
	assert_false(a.pinned);
	pki_free(&full);
	pki_free(&old.f9);
	/* One that says it is none is none. */
	pki_make(&(struct pki_spec){.cn = "Yubico PIV Attestation",
		     .issuer = &vendor.root,
		     .ext = {{ECERT_OID_YUBICO_FIRMWARE, firmware, sizeof firmware},
			 {"2.5.29.19", no_ca, sizeof no_ca}}},
	    &old.f9);
	token_sim_attest(&old, key.key, 2, false, &full);
	assert_false(judge(&vendor.root, TRUST_EXPLICIT, &full, &old.f9, &a, &rep));
	assert_non_null(strstr(report_find(&rep, "attestation chain")->detail, "may not attest"));
	pki_free(&full);
	pki_free(&old.f9);
}

/* PivApplet: F9 signs itself, the statement has no serial, and imported keys are attested too. */
static void origin_is_not_vouched_for(void **state)
{
	struct token_sim applet;
	struct pki_id bare;
	struct attestation a;
	struct report rep;
	(void)state;
	pki_make(&(struct pki_spec){.cn = "PivApplet F9", .ca = true}, &applet.f9);
	token_sim_attest(&applet, key.key, 2, true, &bare);
	assert_false(judge(&applet.f9, TRUST_EXPLICIT, &bare, &applet.f9, &a, &rep));
	assert_int_equal(report_find(&rep, "attestation chain")->state, CHECK_OK);
	assert_int_equal(report_find(&rep, "attestation statement")->state, CHECK_SKIPPED);
	pki_free(&bare);
	pki_free(&applet.f9);
}

/* PivApplet makes F9's certificate anew, with a slot's extensions: it is pinned by its key. */
static void an_enrolled_token(void **state)
{
	static const uint8_t firmware[] = {5, 4, 0}, policy[] = {2, 1};
	static const bool bare[] = {true, false};
	struct pki_spec spec = {.cn = "PIV Attestation F9",
	    .ext = {{ECERT_OID_YUBICO_FIRMWARE, firmware, sizeof firmware},
		{ECERT_OID_YUBICO_POLICY, policy, sizeof policy}}};
	struct token_sim then, now, other;
	struct pki_id st, junk;
	struct attestation a;
	struct report rep;
	(void)state;
	pki_make(&spec, &then.f9);
	pki_make(&spec, &other.f9);
	spec.use_key = then.f9.key;
	pki_make(&spec, &now.f9);
	for (size_t i = 0; i < 2; i++) {
		token_sim_attest(&now, key.key, 2, bare[i], &st);
		/* The token is known, the key's origin is not: whatever the statement says. */
		assert_false(judge(&then.f9, TRUST_EXPLICIT, &st, &now.f9, &a, &rep));
		assert_int_equal(report_find(&rep, "attestation chain")->state, CHECK_OK);
		assert_int_equal(report_find(&rep, "attestation statement")->state, CHECK_SKIPPED);
		assert_true(a.enrolled && a.pinned);
		/* Another token of the same make and name; none pinned; a root of its name. */
		assert_false(judge(&other.f9, TRUST_EXPLICIT, &st, &now.f9, &a, &rep));
		assert_int_equal(report_find(&rep, "attestation chain")->state, CHECK_FAILED);
		assert_false(a.enrolled);
		assert_false(judge(NULL, TRUST_EXPLICIT, &st, &now.f9, &a, &rep));
		assert_false(a.enrolled);
		pki_free(&st);
	}
	/* Its F9 in the place of a statement, and a statement by another key. */
	pki_make(&(struct pki_spec){.cn = "no statement", .issuer = &now.f9}, &junk);
	assert_false(judge(&then.f9, TRUST_EXPLICIT, &junk, &now.f9, &a, &rep));
	assert_int_equal(report_find(&rep, "attestation statement")->state, CHECK_FAILED);
	assert_false(a.enrolled);
	token_sim_attest(&other, key.key, 2, true, &st);
	assert_false(judge(&then.f9, TRUST_EXPLICIT, &st, &now.f9, &a, &rep));
	assert_int_equal(report_find(&rep, "attestation chain")->state, CHECK_FAILED);
	assert_false(a.enrolled);
	pki_free(&st);
	pki_free(&junk);
	pki_free(&then.f9);
	pki_free(&now.f9);
	pki_free(&other.f9);
}

static void what_is_malformed_is_named(void **state)
{
	const struct {
		struct rd slot, other[2];
		size_t n;
		const char *why;
	} row[] = {
	    {rd_of("x", 1), {vendor.f9.der}, 1, "statement about the key is malformed"},
	    {stmt.der, {rd_of("x", 1)}, 1, "attestation certificate is malformed"},
	    {stmt.der, {rd_of(vendor.f9.der.p, vendor.f9.der.n - 1)}, 1,
		"attestation certificate is malformed"},
	    {stmt.der, {vendor.f9.der, rd_of("x", 1)}, 2, "what follows"},
	    {stmt.der, {rd_of(NULL, 0)}, 0, "not a statement followed by"},
	};
	struct trust_set *s = trust(&vendor.root, TRUST_EXPLICIT);
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct attestation a;
		struct report rep;
		report_init(&rep);
		assert_false(
		    attestation_check(s, row[i].slot, row[i].other, row[i].n, T0, &a, &rep));
		const struct check *c = report_find(&rep, "attestation chain");
		if (!strstr(c->detail, row[i].why))
			fail_msg("%s instead of %s", c->detail, row[i].why);
	}
	trust_set_free(&s);
}

static void tolerant_extensions(void **state)
{
	static const uint8_t two[] = {5, 7}, negative[] = {2, 1, 0x80}, policy[] = {9, 7, 1},
			     form[] = {0x83};
	struct attestation a;
	struct pki_id odd;
	(void)state;
	pki_make(
	    &(struct pki_spec){.cn = "odd",
		.ext = {{ECERT_OID_YUBICO_FIRMWARE, two, 2}, {ECERT_OID_YUBICO_SERIAL, negative, 3},
		    {ECERT_OID_YUBICO_POLICY, policy, 3}, {ECERT_OID_YUBICO_FORM_FACTOR, form, 1}}},
	    &odd);
	assert_int_equal(attestation_read(odd.der, &a), ECERT_OK);
	assert_false(a.has_firmware || a.has_serial);
	assert_true(a.has_policy && a.pin_policy == 9 && a.touch_policy == 7);
	assert_true(a.has_form && a.form_factor == 3 && a.fips);
	pki_free(&odd);
	assert_int_equal(attestation_read(rd_of("x", 1), &a), ECERT_E_MALFORMED);
}

static void names_of_levels(void **state)
{
	enum evidence_level l;
	(void)state;
	assert_true(evidence_by_name("co-resident", &l));
	assert_int_equal(l, EVIDENCE_CO_RESIDENT);
	assert_false(evidence_by_name("in hardware", &l));
	assert_string_equal(evidence_name(EVIDENCE_ATTESTED), "attested");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_vendor_token),
	    cmocka_unit_test(test_roots_count_only_when_given),
	    cmocka_unit_test(forged_statements),
	    cmocka_unit_test(a_slot_key_is_no_attestation_key),
	    cmocka_unit_test(another_applications_key_is_no_attestation_key),
	    cmocka_unit_test(older_and_own_tokens),
	    cmocka_unit_test(a_customers_key_is_no_attestation_key),
	    cmocka_unit_test(an_f9_that_does_not_call_itself_a_ca),
	    cmocka_unit_test(origin_is_not_vouched_for),
	    cmocka_unit_test(an_enrolled_token),
	    cmocka_unit_test(what_is_malformed_is_named),
	    cmocka_unit_test(tolerant_extensions),
	    cmocka_unit_test(names_of_levels),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
