/* SPDX-License-Identifier: BSD-2-Clause */
/* Attesting and signing a trust list, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "actions/attest/attest.h"
#include "actions/list/list.h"
#include "tests/unit/actions/certified.h"
#include "tests/unit/document/pki.h"

#define NONCE "8fK2mX01pQ"

static struct {
	struct deed *d;
	char taken[65536];
} at;

static int ready(void **state)
{
	int rc = deed_ready(state);

	if (rc)
		return rc;
	memset(&at, 0, sizeof at);
	at.d = *state;
	certify(at.d, at.d->source, time(NULL) + 90 * DAY);
	deed_types(at.d, DEED_PIN, NULL);
	return 0;
}

static enum outcome take(void *ctx, const char *jws)
{
	assert_ptr_equal(ctx, &at);
	snprintf(at.taken, sizeof at.taken, "%s", jws);
	return OUT_OK;
}

static struct attest_deed usual(void)
{
	return (struct attest_deed){.audience = "https://buyer.example",
	    .nonce = NONCE,
	    .merchant = "https://wong.example",
	    .to = {.take = take, .ctx = &at}};
}

static void a_key_of_the_token_is_attested(void **state)
{
	struct attest_deed deed = usual();
	struct attested out;

	(void)state;
	assert_int_equal(attest(&at.d->job, &deed, &out), OUT_OK);
	assert_string_equal(out.file, "-");
	assert_true(out.key_attested);
	assert_false(out.co_resident);
	assert_memory_equal(at.taken, "eyJ", 3);
	assert_string_equal(
	    deed_said(at.d, ASKED_SECRET, 0)->next, "to attest to https://buyer.example");
	deed_types(at.d, DEED_PIN, NULL);
	deed.no_evidence = true;
	deed.to.path = deed_file(at.d, "token.jwt", NULL);
	at.taken[0] = 0;
	assert_int_equal(attest(&at.d->job, &deed, &out), OUT_OK);
	assert_string_equal(out.file, deed.to.path);
	assert_false(out.key_attested);
	assert_string_equal(at.taken, ""); /* a file is a file */
	assert_int_equal(access(deed.to.path, F_OK), 0);
}

static void refused(const struct attest_deed *deed, enum outcome code, const char *reason)
{
	struct attested out;

	deed_types(at.d, DEED_PIN, NULL);
	assert_int_equal(attest(&at.d->job, deed, &out), code);
	assert_string_equal(recorder_failure(&at.d->said)->reason, reason);
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 0);
	assert_string_equal(at.taken, "");
}

static void what_is_wrong_is_told_before_the_pin(void **state)
{
	struct attest_deed deed = usual();

	(void)state;
	deed.nonce = "short";
	refused(&deed, OUT_USAGE, "nonce-length");
	deed = usual();
	deed.audience = NULL;
	refused(&deed, OUT_USAGE, "audience-missing");
	deed.audience = "buyer\x1b[0m";
	refused(&deed, OUT_USAGE, "not-text");
	deed = usual();
	deed.merchant = NULL;
	refused(&deed, OUT_USAGE, "merchant-missing");
	deed.merchant = "http://wong.example";
	refused(&deed, OUT_USAGE, "url-malformed");
	deed = usual();
	deed.mark = deed_file(at.d, "mark.jwt", "no mark\n");
	refused(&deed, OUT_INPUT, "trust-mark-malformed");
	deed = usual();
	deed.to.path = deed.mark = NULL;
	deed.status = deed_file(at.d, "status.jwt", "no status\n");
	refused(&deed, OUT_USAGE, "mark-missing");
}

static void a_list_is_signed_when_it_is_one(void **state)
{
	struct list_deed deed = {.to = {.take = take, .ctx = &at}};
	const char *file = deed_file(at.d, "list.json",
	    "{\"iss\":\"https://list.example\",\"seq\":1,\"entries\":[{\"name\":\"A\","
	    "\"purposes\":[\"ecert-signing\"],\"policies\":[\"1.2.3\"],\"sha256\":"
	    "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}]}");

	(void)state;
	assert_int_equal(trustlist_sign(&at.d->job, &deed, file), OUT_OK);
	assert_memory_equal(at.taken, "eyJ", 3);
	assert_string_equal(deed_said(at.d, ASKED_SECRET, 0)->next, "to sign a trust list");
	deed_types(at.d, DEED_PIN, NULL);
	at.taken[0] = 0;
	file = deed_file(at.d, "list.json", "{\"iss\":\"https://list.example\"}");
	assert_int_equal(trustlist_sign(&at.d->job, &deed, file), OUT_INPUT);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "list-malformed");
	deed.days = 367;
	deed_types(at.d, DEED_PIN, NULL);
	assert_int_equal(trustlist_sign(&at.d->job, &deed, file), OUT_USAGE);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "days-too-many");
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 0);
	assert_string_equal(at.taken, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ready, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_key_of_the_token_is_attested),
	    TEST(what_is_wrong_is_told_before_the_pin),
	    TEST(a_list_is_signed_when_it_is_one),
	};

	return cmocka_run_group_tests_name("actions: attestations and lists", tests, NULL, NULL);
}
