/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of several signers and counter-signatures: each its own verdict, and whose counts. */
#include "cades_make.h"

static CMS_ContentInfo *plain(void)
{
	return foreign(&p256, EVP_sha256(), CMS_DETACHED | CMS_CADES, false);
}

/* The certificates of counter-signers are in the document, too. */
static struct doc_result *judged(CMS_ContentInfo *cms)
{
	struct pki_id *const ids[] = {&rsa, &p384};

	/* One that is there already is refused. */
	for (size_t i = 0; i < 2; i++)
		(void)!CMS_add1_cert(cms, ids[i]->cert);
	return verify_foreign(cms, true);
}

/* The real clock's signing time is later than ours. */
static bool is_good(const struct doc_signature *s)
{
	const struct check *c;

	for (size_t i = 0; i < s->report.n; i++) {
		c = &s->report.checks[i];
		if ((c->state == CHECK_FAILED || c->state == CHECK_UNKNOWN) &&
		    strcmp(c->name, "signing time") != 0) {
			print_message("%s: %s\n", c->name, c->detail);
			return false;
		}
	}
	return s->report.n > 0;
}

static void one_and_one_over_it(void **state)
{
	CMS_ContentInfo *cms = plain(), *counter, *over_counter;
	CMS_SignerInfo *si = info_of(cms);

	(void)state;
	counter = over(&rsa, value_of(si), false);
	over_counter = over(&p384, value_of(info_of(counter)), false);
	attach(info_of(counter), over_counter);
	attach(si, counter);
	attach(si, over(&p384, value_of(si), false));
	struct doc_result *r = judged(cms);
	assert_int_equal(r->n, 1);
	assert_int_equal(r->signer[0].counters, 2);
	expect(r, 0, "counter-signature", CHECK_SKIPPED);
	/* A set is in the order of its bytes. */
	const struct doc_signature *both = r->signer[0].counter;
	const struct doc_signature *c = &both[strcmp(both[0].who.user_name, "R") != 0];
	assert_true(is_good(&both[0]) && is_good(&both[1]));
	assert_string_equal(c->who.user_name, "R");
	assert_int_equal(c->counters, 1);
	assert_true(is_good(&c->counter[0]));
	assert_string_equal(c->counter[0].who.user_name, "F");
	assert_int_equal(both[0].counters + both[1].counters, 1);
	assert_false(c->asked);
	json_t *j = doc_result_json(r);
	assert_non_null(j);
	json_decref(j);
	expect_passed(r, 1);
}

static void bad_one(CMS_ContentInfo *counter, const char *check, const char *words)
{
	CMS_ContentInfo *cms = plain();

	attach(info_of(cms), counter);
	struct doc_result *r = judged(cms);
	assert_int_equal(r->signer[0].counters, 1);
	const struct check *c = report_find(&r->signer[0].counter[0].report, check);
	assert_non_null(c);
	assert_int_equal(c->state, CHECK_FAILED);
	if (!strstr(c->detail, words))
		fail_msg("%s", c->detail);
	/* Anybody can add one: the signature itself is as good as before. */
	expect_passed(r, 1);
}

static void hostile_ones(void **state)
{
	CMS_ContentInfo *other = plain(), *bent;

	(void)state;
	/* Copied from another signature. */
	bad_one(over(&rsa, value_of(info_of(other)), false), "content digest", "another signature");
	/* The signature of a document that looks like a signature's value. */
	bad_one(over(&rsa, value_of(info_of(other)), true), "signed attributes", "must not have");
	bent = over(&rsa, value_of(info_of(other)), false);
	((uint8_t *)(uintptr_t)value_of(info_of(bent)).p)[7] ^= 1;
	bad_one(bent, "signature value", "does not verify");
	CMS_ContentInfo_free(other);
}

static void what_is_none(void **state)
{
	static const uint8_t junk[] = {0x30, 3, 2, 1, 1};
	CMS_ContentInfo *cms = plain();

	(void)state;
	assert_int_equal(CMS_unsigned_add1_attr_by_NID(info_of(cms), NID_pkcs9_countersignature,
			     V_ASN1_SEQUENCE, junk, sizeof junk),
	    1);
	assert_int_equal(CMS_unsigned_add1_attr_by_NID(info_of(cms), NID_pkcs9_countersignature,
			     V_ASN1_OCTET_STRING, junk, sizeof junk),
	    1);
	struct doc_result *r = judged(cms);
	assert_int_equal(r->signer[0].counters, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct doc_signature *c = &r->signer[0].counter[i];
		assert_int_equal(report_find(&c->report, "structure")->state, CHECK_FAILED);
	}
	expect_passed(r, 1);
}

/* Anybody can add an attribute that holds none. */
static void an_empty_set(void **state)
{
	CMS_ContentInfo *cms = plain();

	(void)state;
	assert_int_equal(
	    CMS_unsigned_add1_attr_by_NID(info_of(cms), NID_pkcs9_countersignature, 0, NULL, 0), 1);
	struct doc_result *r = judged(cms);
	assert_int_equal(r->signer[0].counters, 0);
	assert_non_null(strstr(
	    report_find(&r->signer[0].report, "counter-signature")->detail, "that holds none"));
	expect_passed(r, 1);
}

/* Sixteen in a document and four one behind another; the rest is told. */
static void too_many(void **state)
{
	CMS_ContentInfo *cms = plain(), *deep[6];

	(void)state;
	for (int i = 0; i < 20; i++)
		attach(info_of(cms), over(&rsa, value_of(info_of(cms)), false));
	struct doc_result *r = judged(cms);
	assert_int_equal(r->signer[0].counters, 16);
	assert_non_null(strstr(report_find(&r->signer[0].report, "counter-signature")->detail,
	    "there are 20, of which 16 were looked at: no more than 16"));
	/* Nobody knows whose the others are. */
	doc_result_ask(r, "Carol");
	assert_int_equal(report_find(&r->report, "signer asked for")->state, CHECK_UNKNOWN);
	assert_int_equal(report_find(&r->report, "signer asked for")->reason, REASON_TOO_MUCH);
	assert_int_equal(doc_verdict(r), VERDICT_INDETERMINATE);
	doc_result_free(&r);
	cms = plain();
	for (int i = 0; i < 6; i++)
		deep[i] = over(&rsa, value_of(info_of(i ? deep[i - 1] : cms)), false);
	for (int i = 5; i > 0; i--)
		attach(info_of(deep[i - 1]), deep[i]);
	attach(info_of(cms), deep[0]);
	r = judged(cms);
	const struct doc_signature *s = &r->signer[0];
	for (int i = 0; i < 4; i++) {
		assert_int_equal(s->counters, 1);
		s = &s->counter[0];
	}
	assert_int_equal(s->counters, 0);
	assert_non_null(strstr(report_find(&s->report, "counter-signature")->detail,
	    "there is one, which was not looked at"));
	expect_passed(r, 1);
}

/* By R and E, of which E's is bent; R's is counter-signed by F. */
static struct doc_result *two(void)
{
	const unsigned f = CMS_DETACHED | CMS_CADES | CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
	BIO *in = BIO_new_mem_buf(invoice, sizeof invoice);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, f);

	assert_non_null(CMS_add1_signer(cms, rsa.cert, rsa.key, EVP_sha256(), f));
	assert_non_null(CMS_add1_signer(cms, p256.cert, p256.key, EVP_sha256(), f));
	assert_int_equal(CMS_final(cms, in, NULL, f), 1);
	BIO_free(in);
	for (int i = 0; i < 2; i++) {
		CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), i);
		drop_signed(si, NID_pkcs9_signingTime);
		if (CMS_SignerInfo_cert_cmp(si, rsa.cert) == 0) {
			sign_again(si, &rsa);
			CMS_ContentInfo *counter = over(&p384, value_of(si), false);
			drop_signed(info_of(counter), NID_pkcs9_signingTime);
			sign_again(info_of(counter), &p384);
			attach(si, counter);
		} /* the other one stays signed as it was, and is bent by that */
	}
	return judged(cms);
}

static void asked_for(const char *who, enum verdict want, enum check_state found)
{
	struct doc_result *r = two();

	assert_int_equal(doc_verdict(r), VERDICT_FAILED);
	doc_result_ask(r, who);
	assert_int_equal(report_find(&r->report, "signer asked for")->state, found);
	if (doc_verdict(r) != want)
		fail_msg("%s: %s", who, verdict_name(doc_verdict(r)));
	doc_result_free(&r);
}

static void whose_verdict_it_is(void **state)
{
	struct doc_result *r = two();
	char sha256[65] = "", colons[97] = "", subject[2048] = "";

	(void)state;
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->signer[i].who.user_name, "R") == 0) {
			memcpy(sha256, r->signer[i].who.sha256, sizeof sha256);
			memcpy(subject, r->signer[i].who.subject, sizeof subject);
		}
	doc_result_free(&r);
	for (size_t i = 0, n = 0; i < 64; i++) {
		if (i && i % 2 == 0)
			colons[n++] = ':';
		colons[n++] = (char)(sha256[i] >= 'a' ? sha256[i] - 32 : sha256[i]);
	}
	asked_for("R", VERDICT_PASSED, CHECK_OK);
	asked_for("r", VERDICT_PASSED, CHECK_OK);
	asked_for(sha256, VERDICT_PASSED, CHECK_OK);
	asked_for(colons, VERDICT_PASSED, CHECK_OK);
	asked_for(subject, VERDICT_PASSED, CHECK_OK);
	asked_for("E", VERDICT_FAILED, CHECK_OK);
	asked_for("F", VERDICT_PASSED, CHECK_OK);
	asked_for("Demo CA", VERDICT_FAILED, CHECK_FAILED);
	asked_for("", VERDICT_FAILED, CHECK_FAILED);
	sha256[63] = 0;
	asked_for(sha256, VERDICT_FAILED, CHECK_FAILED);
}

/* Who asks for the counter-signer asks for what it stands on, up to the content. */
static void a_counter_signature_stands_on_another(void **state)
{
	CMS_ContentInfo *cms = plain();
	CMS_SignerInfo *si = info_of(cms);
	CMS_ContentInfo *counter;
	unsigned char *der = NULL;
	int n;

	(void)state;
	drop_signed(si, NID_pkcs9_signingTime);
	sign_again(si, &p256);
	counter = over(&rsa, value_of(si), false);
	drop_signed(info_of(counter), NID_pkcs9_signingTime);
	sign_again(info_of(counter), &rsa);
	attach(si, counter);
	(void)!CMS_add1_cert(cms, rsa.cert);
	n = i2d_CMS_ContentInfo(cms, &der);
	CMS_ContentInfo_free(cms);
	for (int altered = 0; altered < 2; altered++) {
		struct doc_result *r = altered
					   ? verify(rd_of(der, (size_t)n), "another", 7)
					   : verify(rd_of(der, (size_t)n), invoice, sizeof invoice);
		doc_result_ask(r, "R");
		assert_int_equal(r->signer[0].counter[0].asked, true);
		assert_int_equal(report_verdict(&r->signer[0].counter[0].report), VERDICT_PASSED);
		assert_int_equal(doc_verdict(r), altered ? VERDICT_FAILED : VERDICT_PASSED);
		assert_int_equal(doc_judge(r).sub, altered ? SUB_HASH_FAILURE : SUB_NONE);
		doc_result_free(&r);
	}
	OPENSSL_free(der);
}

/* A common name that looks like something else stands for nothing else. */
static void names_that_look_like_others(void **state)
{
	static const char sha256[] =
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
	static const struct {
		const char *cn, *company, *email, *who;
		bool found;
	} row[] = {
	    {sha256, "", "", sha256, false},
	    {"alice@good.example", "", "mallory@evil.example", "alice@good.example", false},
	    {"Alice", "", "alice@good.example", "Alice@good.example", true},
	    {"CHAN Tai Man, ACME Limited", "", "", "CHAN Tai Man, ACME Limited", false},
	    {"CHAN Tai Man", "ACME Limited", "", "CHAN Tai Man, ACME Limited", true},
	    {"CHAN Tai Man", "ACME Limited", "", "chan tai man", true},
	    {"CHAN Tai Man", "ACME Limited", "", "ACME Limited", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct doc_result *r = verify_foreign(plain(), true);
		struct identity *who = &r->signer[0].who;

		memset(who, 0, sizeof *who);
		snprintf(who->user_name, sizeof who->user_name, "%s", row[i].cn);
		snprintf(who->company, sizeof who->company, "%s", row[i].company);
		snprintf(who->email, sizeof who->email, "%s", row[i].email);
		snprintf(who->name, sizeof who->name, "%s%s%s", row[i].cn,
		    row[i].company[0] ? ", " : "", row[i].company);
		snprintf(who->subject, sizeof who->subject, "CN=%s", row[i].cn);
		doc_result_ask(r, row[i].who);
		if (r->signer[0].asked != row[i].found)
			fail_msg("%s as %s", row[i].cn, row[i].who);
		doc_result_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_and_one_over_it),
	    cmocka_unit_test(hostile_ones),
	    cmocka_unit_test(what_is_none),
	    cmocka_unit_test(an_empty_set),
	    cmocka_unit_test(too_many),
	    cmocka_unit_test(whose_verdict_it_is),
	    cmocka_unit_test(a_counter_signature_stands_on_another),
	    cmocka_unit_test(names_that_look_like_others),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
