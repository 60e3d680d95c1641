/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom to trust, from files: each that is wrong ends it with its own reason and next step. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/trustopts.h"
#include "tests/unit/trust/list_fix.h"

#define CHECK_NAME "Check the name and its permissions."
#define RIGHT_FILE "Check that it is the right file."
#define AT_T0	   "1780000000"
#define NO_CERT_ID "{file} holds no {what}"
#define NO_FILE_ID "Cannot read {file}: {why}"
#define NOT_THERE  "Cannot read %s: No such file or directory"

static int begin(void **state)
{
	struct deed *d;

	if (deed_bare(state))
		return -1;
	d = *state;
	pki_write_pem(deed_file(d, "root.pem", NULL), &root);
	pki_write_pem(deed_file(d, "publisher.pem", NULL), &publisher);
	pki_write_pem(deed_file(d, "impostor.pem", NULL), &impostor);
	return 0;
}

static enum outcome load(struct deed *d, const struct trust_options *o, size_t entries)
{
	struct trust_set *set = NULL;
	time_t now = 0;
	enum outcome code;

	deed_types(d, NULL);
	code = trust_options_load(&d->job, o, &set, &now);
	if (code)
		assert_null(set);
	else
		assert_int_equal(trust_set_count(set), entries);
	if (!code && o->at)
		assert_int_equal(now, T0);
	trust_set_free(&set);
	return code;
}

/* One option with one file; the file is not there, then it holds something else. */
static void refused_as(struct deed *d, struct trust_options *o, const char **value,
    const char *prefix, const char *what, const char *reason)
{
	char option[256], want[512];
	const char *path = deed_file(d, "none", NULL);

	*value = option;
	snprintf(option, sizeof option, "%s%s", prefix, path);
	snprintf(want, sizeof want, NOT_THERE, path);
	assert_int_equal(load(d, o, 0), OUT_IO);
	deed_failed(d, OUT_IO, "file-unreadable", NO_FILE_ID, want, CHECK_NAME);
	path = deed_file(d, "text", "neither PEM nor DER\n");
	snprintf(option, sizeof option, "%s%s", prefix, path);
	snprintf(want, sizeof want, "%s holds no %s", path, what);
	assert_int_equal(load(d, o, 0), OUT_INPUT);
	deed_failed(d, OUT_INPUT, reason, NO_CERT_ID, want, RIGHT_FILE);
}

static void refused(struct deed *d, struct trust_options *o, const char **value, const char *prefix,
    const char *what)
{
	refused_as(d, o, value, prefix, what, "file-without-certificate");
}

static void what_is_right_is_taken(void **state)
{
	struct deed *d = *state;
	const char *ca = deed_file(d, "root.pem", NULL);
	char issuer_of[256], owner[256];
	const char *issuers[] = {issuer_of}, *owners[] = {owner};
	const struct trust_options o = {.anchor = {&ca, 1},
	    .attestation_root = {&ca, 1},
	    .mark_issuer = {issuers, 1},
	    .mark_owner = {owners, 1},
	    .helper = {&ca, 1},
	    .at = AT_T0};

	snprintf(issuer_of, sizeof issuer_of, "https://marks.example/?a=b=%s", ca);
	snprintf(owner, sizeof owner, "https://owner.example=https://marks.example/type=%s", ca);
	assert_int_equal(load(d, &o, 4), OUT_OK);
	assert_int_equal(load(d, &(struct trust_options){0}, 0), OUT_OK);
	assert_int_equal(d->said.n, 0);
}

static void each_file_that_is_wrong_is_named(void **state)
{
	struct deed *d = *state;
	const char *v = NULL;

	refused(d, &(struct trust_options){.anchor = {&v, 1}}, &v, "", "certificate");
	refused(d, &(struct trust_options){.attestation_root = {&v, 1}}, &v, "", "certificate");
	refused(d, &(struct trust_options){.mark_issuer = {&v, 1}}, &v,
	    "https://marks.example=", "certificate");
	refused(d, &(struct trust_options){.mark_owner = {&v, 1}}, &v,
	    "https://o.example=t=", "certificate");
	refused(d, &(struct trust_options){.helper = {&v, 1}}, &v, "", "certificate");
	refused_as(d, &(struct trust_options){.crl = {&v, 1}}, &v, "", "CRL, or a damaged one",
	    "file-without-crl");
}

static void an_ocsp_answer_that_is_wrong_is_named(void **state)
{
	struct deed *d = *state;
	struct trust_options o = {.ocsp = deed_file(d, "none", NULL)};
	char want[256];

	assert_int_equal(load(d, &o, 0), OUT_IO);
	assert_string_equal(recorder_failure(&d->said)->reason, "file-unreadable");
	o.ocsp = deed_file(d, "text", "no DER\n");
	snprintf(want, sizeof want, "%s holds no OCSP response", o.ocsp);
	assert_int_equal(load(d, &o, 0), OUT_INPUT);
	deed_failed(d, OUT_INPUT, "file-without-ocsp-response", NO_CERT_ID, want, RIGHT_FILE);
}

static void words_that_mean_nothing_are_told(void **state)
{
	struct deed *d = *state;
	const char *owner = "https://owner.example";

	assert_int_equal(load(d, &(struct trust_options){.at = "yesterday"}, 0), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "time-malformed", "--at '{at}' is not understood",
	    "--at 'yesterday' is not understood", "It looks like 2026-11-21T12:00:00Z.");
	assert_int_equal(load(d, &(struct trust_options){.mark_owner = {&owner, 1}}, 0), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "mark-owner-malformed", "--mark-owner takes URL=TYPE=PEM",
	    "--mark-owner takes URL=TYPE=PEM", "");
	assert_int_equal(load(d, &(struct trust_options){.list_seq = 3}, 0), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "trust-list-missing",
	    "--trust-list-signer, -seq and -store say how to read a --trust-list, and none is "
	    "given",
	    "--trust-list-signer, -seq and -store say how to read a --trust-list, and none is "
	    "given",
	    "Name the list: --trust-list FILE.");
	assert_int_equal(load(d, &(struct trust_options){.list = "list"}, 0), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "trust-list-signer-missing",
	    "--trust-list needs --trust-list-signer", "--trust-list needs --trust-list-signer",
	    "A list counts only with its signer's certificate.");
}

/* ---- lists ---- */

/* A list of the publisher's with this number, signed at T0. */
static const char *a_list(struct deed *d, const char *name, int seq)
{
	const char *path = deed_file(d, name, NULL);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	json_t *doc = document(&sub, false, T0 - DAY, T0 + DAY);

	assert_int_equal(json_object_set_new(doc, "seq", json_integer(seq)), 0);
	make(&publisher, doc, T0, 30 * DAY, &out);
	pki_write(path, buf_view(&out));
	buf_free(&out);
	return path;
}

static void a_list_counts_with_its_signer_only(void **state)
{
	static const char id[] = "The trust list {list} does not count: {detail}";
	static const char fresh[] = "Ask whoever publishes the list for a fresh one.";
	struct deed *d = *state;
	struct trust_options o = {.list = a_list(d, "list", 7),
	    .list_signer = deed_file(d, "publisher.pem", NULL),
	    .at = AT_T0};
	const struct recorded *f;

	assert_int_equal(load(d, &o, 2), OUT_OK);
	assert_int_equal(d->said.n, 0);
	o.list_signer = deed_file(d, "impostor.pem", NULL);
	assert_int_equal(load(d, &o, 0), OUT_INVALID);
	f = recorder_failure(&d->said);
	assert_string_equal(f->reason, "trust-list-invalid");
	assert_string_equal(f->id, id);
	assert_string_equal(f->next, fresh);
	o.list_signer = deed_file(d, "text", "no certificate\n");
	assert_int_equal(load(d, &o, 0), OUT_INPUT);
	assert_string_equal(recorder_failure(&d->said)->id, NO_CERT_ID);
}

static void a_list_that_is_not_there_is_told(void **state)
{
	struct deed *d = *state;
	struct trust_options o = {
	    .list = deed_file(d, "none", NULL), .list_signer = deed_file(d, "publisher.pem", NULL)};
	char want[256];

	snprintf(want, sizeof want, NOT_THERE, o.list);
	assert_int_equal(load(d, &o, 0), OUT_IO);
	deed_failed(d, OUT_IO, "file-unreadable", NO_FILE_ID, want, CHECK_NAME);
	o.list_signer = o.list;
	o.list = a_list(d, "list", 7);
	assert_int_equal(load(d, &o, 0), OUT_IO);
	deed_failed(d, OUT_IO, "file-unreadable", NO_FILE_ID, want, CHECK_NAME);
}

static void a_list_before_the_asked_number_is_refused(void **state)
{
	struct deed *d = *state;
	const struct trust_options o = {.list = a_list(d, "list", 7),
	    .list_signer = deed_file(d, "publisher.pem", NULL),
	    .list_seq = 8,
	    .at = AT_T0};
	const struct recorded *f;

	assert_int_equal(load(d, &o, 0), OUT_INVALID);
	f = recorder_failure(&d->said);
	assert_string_equal(f->reason, "trust-list-invalid");
	assert_string_equal(f->id, "The trust list {list} does not count: {detail}");
	assert_string_equal(f->next, "Use the newest one; whoever publishes it has it.");
}

/* One signed just now, so that no --at is needed: then it is remembered. */
static const char *a_list_of_now(struct deed *d, const char *name, int seq)
{
	const char *path = deed_file(d, name, NULL);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	time_t now = time(NULL);
	json_t *doc = document(&sub, false, now - DAY, now + DAY);
	struct pki_id by;
	const char *pem = deed_file(d, "now.pem", NULL);

	assert_int_equal(json_object_set_new(doc, "seq", json_integer(seq)), 0);
	pki_make(&(struct pki_spec){.cn = "Publisher",
		     .from = now - DAY,
		     .until = now + 90 * DAY,
		     .use_key = publisher.key},
	    &by);
	make(&by, doc, now, 30 * DAY, &out);
	pki_write(path, buf_view(&out));
	pki_write_pem(pem, &by);
	buf_free(&out);
	pki_free(&by);
	return path;
}

static void the_first_list_is_noted_and_remembered(void **state)
{
	struct deed *d = *state;
	char store[128];
	struct trust_options o = {.list = a_list_of_now(d, "list", 7),
	    .list_signer = deed_file(d, "now.pem", NULL),
	    .list_store = store};
	const struct recorded *f;

	snprintf(store, sizeof store, "%s/lists", d->dir);
	assert_int_equal(load(d, &o, 2), OUT_OK);
	assert_int_equal(d->said.n, 1);
	assert_string_equal(deed_said(d, SAID_NOTE, 0)->id,
	    "Note: the first trust list of {iss} seen here: seq {seq}, signed on {date}. From now "
	    "on older ones are refused.");
	assert_int_equal(load(d, &o, 2), OUT_OK);
	assert_int_equal(d->said.n, 0);
	o.list = a_list_of_now(d, "older", 6);
	assert_int_equal(load(d, &o, 0), OUT_INVALID);
	f = recorder_failure(&d->said);
	assert_string_equal(f->reason, "trust-list-invalid");
	assert_string_equal(f->next, "Use the newest one; whoever publishes it has it.");
}

static void a_store_that_cannot_be_used_is_told(void **state)
{
	struct deed *d = *state;
	const struct trust_options o = {.list = a_list_of_now(d, "list", 7),
	    .list_signer = deed_file(d, "now.pem", NULL),
	    .list_store = deed_file(d, "store", "a file\n")};
	const struct recorded *f;

	assert_int_equal(load(d, &o, 0), OUT_IO);
	f = recorder_failure(&d->said);
	assert_string_equal(f->reason, "trust-list-unusable");
	assert_string_equal(f->id, "The trust list {list} cannot be used: {detail}");
	assert_string_equal(
	    f->next, "Name a folder that you may write in: --trust-list-store DIR.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_right_is_taken),
	    TEST(each_file_that_is_wrong_is_named),
	    TEST(an_ocsp_answer_that_is_wrong_is_named),
	    TEST(words_that_mean_nothing_are_told),
	    TEST(a_list_counts_with_its_signer_only),
	    TEST(a_list_that_is_not_there_is_told),
	    TEST(a_list_before_the_asked_number_is_refused),
	    TEST(the_first_list_is_noted_and_remembered),
	    TEST(a_store_that_cannot_be_used_is_told),
	};

	return cmocka_run_group_tests_name("actions: whom to trust", tests, setup, teardown);
}
