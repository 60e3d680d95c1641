/* SPDX-License-Identifier: BSD-2-Clause */
/* From a request to a mark and its status, called as a page or a program would: what is signed,
 * what is refused before any PIN, and where it goes. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/mark/grant.h"
#include "actions/mark/renew.h"
#include "actions/mark/show.h"
#include "actions/mark/status.h"
#include "tests/unit/actions/certified.h"
#include "tests/unit/document/pki.h"

#define ISS  "https://issuer.example"
#define SHOP "https://shop.example.hk"
#define TYPE ISS "/mark/1"

static const char request[] =
    "{\"merchant\":\"" SHOP "\",\"issuer\":\"" ISS "\",\"trust_mark_type\":\"" TYPE "\","
    "\"code_of_practice\":{\"name\":\"Code of Practice\",\"version\":\"2025\"},"
    "\"cop\":[{\"item\":1,\"statement\":\"Prices are shown with all charges\"}],"
    "\"terms_url\":\"" SHOP "/t\",\"privacy_url\":\"" SHOP "/y\","
    "\"complaint_contact\":\"help@shop.example.hk\",\"domains\":[\"shop.example.hk\"],"
    "\"br_no\":\"00123456\"}";

static struct {
	struct deed *d;
	char json[128], jwt[128], mark[128], ca[128], crl[128], store[128];
	const char *anchors[1], *crls[1];
	struct grant_deed grant;
	char taken[16384];
	enum outcome answer; /* of take */
} at;

static void path(char out[128], const char *name, const char *text)
{
	snprintf(out, 128, "%s", deed_file(at.d, name, text));
}

static int ready(void **state)
{
	int rc = deed_ready(state);

	if (rc)
		return rc;
	memset(&at, 0, sizeof at);
	at.d = *state;
	certify(at.d, at.d->source, time(NULL) + 90 * DAY);
	path(at.json, "request.json", request);
	path(at.jwt, "request.jwt", NULL);
	path(at.mark, "mark.jwt", NULL);
	path(at.ca, "ca.pem", NULL);
	path(at.crl, "ca.crl", NULL);
	path(at.store, "store", NULL);
	at.anchors[0] = at.ca;
	at.crls[0] = at.crl;
	at.grant = (struct grant_deed){.issuer = ISS,
	    .nonce_store = at.store,
	    .trust = {.anchor = {at.anchors, 1}, .crl = {at.crls, 1}},
	    .to = {.path = at.mark}};
	return 0;
}

static enum outcome renew(void)
{
	const struct renew_deed deed = {.request = at.json};
	char file[STATEMENT_PATH_MAX];
	enum outcome code;

	deed_types(at.d, DEED_PIN, NULL);
	code = trustmark_renew(&at.d->job, &deed, file);
	if (!code)
		assert_string_equal(file, at.jwt);
	return code;
}

static enum outcome grant(void)
{
	deed_types(at.d, DEED_PIN, NULL);
	return trustmark_grant(&at.d->job, &at.grant, at.jwt);
}

static enum outcome take(void *ctx, const char *jws)
{
	assert_ptr_equal(ctx, &at);
	snprintf(at.taken, sizeof at.taken, "%s", jws);
	return at.answer;
}

static void a_request_becomes_a_mark(void **state)
{
	struct mark_shown m;

	(void)state;
	assert_int_equal(renew(), OUT_OK);
	assert_string_equal(
	    deed_said(at.d, ASKED_SECRET, 0)->next, "to sign the renewal of your trust mark");
	assert_int_equal(grant(), OUT_OK);
	assert_true(recorder_noted(&at.d->said, "The request is signed by WONG Mei"));
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 1);
	assert_int_equal(trustmark_show(&at.d->job, at.mark, &m), OUT_OK);
	assert_string_equal(m.typ, "trust-mark+jwt");
	assert_string_equal(json_string_value(json_object_get(m.claims, "sub")), SHOP);
	assert_string_equal(json_string_value(json_object_get(m.claims, "iss")), ISS);
	mark_shown_free(&m);
}

static void of_a_request_one_mark_is_granted(void **state)
{
	const struct recorded *f;

	(void)state;
	assert_int_equal(renew(), OUT_OK);
	assert_int_equal(grant(), OUT_OK);
	at.grant.to.force = true;
	assert_int_equal(grant(), OUT_INVALID);
	f = recorder_failure(&at.d->said);
	assert_string_equal(f->reason, "request-invalid");
	assert_string_equal(f->next, "Nothing was signed. `ecert verify` shows every check.");
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 0);
}

static void a_mark_that_nobody_took_was_not_granted(void **state)
{
	(void)state;
	assert_int_equal(renew(), OUT_OK);
	at.grant.to = (struct statement_to){.take = take, .ctx = &at};
	at.answer = OUT_IO;
	assert_int_equal(grant(), OUT_IO);
	at.answer = OUT_OK;
	assert_int_equal(grant(), OUT_OK);
	assert_memory_equal(at.taken, "eyJ", 3); /* {" in base64url */
	assert_null(strchr(at.taken, '\n'));
}

static void what_is_missing_in_a_request_is_noted(void **state)
{
	(void)state;
	path(at.json, "request.json", "{\"merchant\":\"" SHOP "\"}");
	assert_int_equal(renew(), OUT_INPUT);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "request-incomplete");
	assert_true(deed_count(at.d, SAID_NOTE) > 1);
	assert_string_equal(deed_said(at.d, SAID_NOTE, 0)->id, "  {check}: {detail}");
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 0);
	assert_int_not_equal(access(at.jwt, F_OK), 0);
}

static void a_request_for_another_issuer_is_refused_in_words_of_ours(void **state)
{
	const struct recorded *note = NULL;
	bool failed = false;

	(void)state;
	assert_int_equal(renew(), OUT_OK);
	at.grant.issuer = "https://other.example";
	assert_int_equal(grant(), OUT_INVALID);
	for (size_t i = 0; (note = deed_said(at.d, SAID_NOTE, i)); i++)
		failed |= !strcmp(note->id, "  {state} {check} {detail}") &&
			  !strncmp(note->text, "  failed audience ", 18);
	assert_true(failed);
	assert_int_not_equal(access(at.mark, F_OK), 0);
}

static enum outcome status(const char *issuer, const char *word)
{
	const char *own = deed_file(at.d, "own.pem", NULL);
	const struct status_deed deed = {.issuer = issuer,
	    .status = word,
	    .trust = {.mark_issuer = {&own, 1}},
	    .to = {.take = take, .ctx = &at}};

	deed_types(at.d, DEED_PIN, NULL);
	return trustmark_status(&at.d->job, &deed, at.mark);
}

static void a_status_is_of_a_mark_of_ours(void **state)
{
	(void)state;
	assert_int_equal(renew(), OUT_OK);
	assert_int_equal(grant(), OUT_OK);
	assert_int_equal(status(ISS, "active"), OUT_OK);
	assert_memory_equal(at.taken, "eyJ", 3);
	at.taken[0] = 0;
	assert_int_equal(status("https://other.example", "active"), OUT_REFUSED);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "unfit");
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 0);
	assert_int_equal(status(ISS, "splendid"), OUT_USAGE);
	assert_string_equal(at.taken, "");
}

static void what_is_no_mark_is_not_shown(void **state)
{
	struct mark_shown m;

	(void)state;
	assert_int_equal(trustmark_show(&at.d->job, at.json, &m), OUT_INPUT);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "not-of-a-trust-mark");
	assert_null(m.claims);
	mark_shown_free(&m);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ready, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_request_becomes_a_mark),
	    TEST(of_a_request_one_mark_is_granted),
	    TEST(a_mark_that_nobody_took_was_not_granted),
	    TEST(what_is_missing_in_a_request_is_noted),
	    TEST(a_request_for_another_issuer_is_refused_in_words_of_ours),
	    TEST(a_status_is_of_a_mark_of_ours),
	    TEST(what_is_no_mark_is_not_shown),
	};

	return cmocka_run_group_tests_name("actions: marks", tests, NULL, NULL);
}
