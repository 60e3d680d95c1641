/* SPDX-License-Identifier: BSD-2-Clause */
/* What is listed of one document for programs, when whoever made it put in as much as he could. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "document/result.h"

#define SIGNERS 64
#define MEMBERS 10000

/* A name of bytes that JSON writes as six characters each. */
static void name(struct identity *who)
{
	memset(who->subject, 1, sizeof who->subject - 1);
	memset(who->issuer, 2, sizeof who->issuer - 1);
	for (size_t i = 0; i < IDENTITY_OUS; i++)
		memset(who->ou[i], 3, sizeof who->ou[i] - 1);
	who->ou_n = IDENTITY_OUS;
}

static struct doc_result *made(size_t signers, size_t stamps, bool large)
{
	struct doc_result *r = doc_result_new(signers);

	assert_non_null(r);
	report_add(&r->report, CHK_STRUCTURE, CHECK_OK, MSG_EMPTY);
	for (size_t i = 0; i < signers; i++) {
		struct doc_signature *s = &r->signer[i];

		s->asked = true;
		if (large)
			name(&s->who);
		s->stamps = calloc(stamps, sizeof *s->stamps);
		assert_true(!stamps || s->stamps);
		s->stamps_n = stamps;
		for (size_t k = 0; k < stamps && large; k++)
			name(&s->stamps[k].who);
		/* The last one is what decides. */
		report_add(&s->report, CHK_SIGNATURE_VALUE,
		    i + 1 < signers ? CHECK_OK : CHECK_FAILED, MSG_EMPTY);
	}
	return r;
}

static size_t sum(const json_t *o, const char *list, const char *more)
{
	return json_array_size(json_object_get(o, list)) +
	       (size_t)json_integer_value(json_object_get(o, more));
}

static void what_an_honest_one_has_is_listed_whole(void **state)
{
	struct doc_result *r = made(20, DOC_STAMPS_MAX, false);
	json_t *o = doc_result_json(r), *one;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(json_object_get(o, "signers")), 20);
	assert_null(json_object_get(o, "signers_more"));
	assert_null(json_object_get(o, "members"));
	json_array_foreach(json_object_get(o, "signers"), i, one)
	{
		assert_int_equal(
		    json_array_size(json_object_get(one, "time_stamps")), DOC_STAMPS_MAX);
		assert_null(json_object_get(one, "time_stamps_more"));
		assert_null(json_object_get(one, "counter_signatures_more"));
	}
	json_decref(o);
	doc_result_free(&r);
}

static void what_a_hostile_one_has_is_counted(void **state)
{
	struct doc_result *r = made(SIGNERS, DOC_STAMPS_MAX, true);
	json_t *o, *one;
	size_t i, stamps = 0;

	(void)state;
	r->members = calloc(MEMBERS, sizeof *r->members);
	assert_non_null(r->members);
	r->members_n = MEMBERS;
	for (i = 0; i < MEMBERS; i++)
		memset(r->members[i].name, '"', sizeof r->members[i].name - 1);
	o = doc_result_json(r);
	assert_non_null(o);
	assert_true(json_dumpb(o, NULL, 0, JSON_COMPACT) < 2u << 20);
	assert_int_equal(sum(o, "signers", "signers_more"), SIGNERS);
	assert_int_equal(sum(o, "members", "members_more"), MEMBERS);
	assert_true(json_array_size(json_object_get(o, "signers")) > 0);
	assert_true(json_array_size(json_object_get(o, "members")) >= 100);
	json_array_foreach(json_object_get(o, "signers"), i, one)
	{
		assert_int_equal(sum(one, "time_stamps", "time_stamps_more"), DOC_STAMPS_MAX);
		stamps += json_array_size(json_object_get(one, "time_stamps"));
	}
	assert_true(stamps > 0);
	/* What is not listed counts all the same. */
	assert_string_equal(json_string_value(json_object_get(o, "verdict")), "failed");
	assert_string_equal(
	    json_string_value(json_object_get(o, "sub_indication")), "SIG_CRYPTO_FAILURE");
	json_decref(o);
	doc_result_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_an_honest_one_has_is_listed_whole),
	    cmocka_unit_test(what_a_hostile_one_has_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
