/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing files, called as a page or a program would: what is asked, what comes out, and what is
 * done when it ends early. */
#include "tests/unit/client/deed.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/sign/sign.h"
#include "document/format.h"
#include "tests/unit/actions/certified.h"
#include "tests/unit/document/pki.h"

#define FILES 3
#define MANY  10

/* Three files to sign, or ten,, on a token that can. */
struct desk {
	struct deed *d;
	char name[MANY][128];
	const char *v[MANY];
	struct strlist files;
	struct sign_deed deed;
	struct sign_result result;
	size_t each;
	const char *gone; /* deleted when the first one is done */
};
static struct desk at;

static void one_done(void *ctx, const struct signed_file *done)
{
	struct desk *k = ctx;

	assert_string_equal(done->file, k->v[k->each]);
	k->each++;
	if (k->gone)
		assert_int_equal(unlink(k->gone), 0);
	k->gone = NULL;
}

static int ready(void **state)
{
	int rc = deed_ready(state);

	if (rc)
		return rc;
	at = (struct desk){.d = *state, .files = {.v = at.v, .n = FILES}};
	at.deed = (struct sign_deed){.each = one_done, .each_ctx = &at};
	certify(at.d, at.d->source, time(NULL) + 90 * DAY);
	for (size_t i = 0; i < MANY; i++) {
		char base[16];

		snprintf(base, sizeof base, "%c.txt", (char)('a' + i));
		snprintf(at.name[i], sizeof at.name[i], "%s", deed_file(at.d, base, base));
		at.v[i] = at.name[i];
	}
	deed_types(at.d, DEED_PIN, NULL);
	return 0;
}

static int end(void **state)
{
	sign_result_free(&at.result);
	return deed_end(state);
}

static enum outcome sign(void)
{
	return sign_files(&at.d->job, &at.deed, &at.files, &at.result);
}

static bool has_signature(size_t i)
{
	char path[160];

	snprintf(path, sizeof path, "%s.p7s", at.v[i]);
	return !access(path, F_OK);
}

/* By the rules of documents: its mathematics hold over this very file. */
static void is_signed(size_t i)
{
	const struct doc_verify_options o = {.now = time(NULL)};
	char path[160];
	struct doc_result *r = NULL;
	int sig, file;

	snprintf(path, sizeof path, "%s.p7s", at.v[i]);
	assert_string_equal(at.result.files[i].signature, path);
	sig = open(path, O_RDONLY | O_CLOEXEC);
	file = open(at.v[i], O_RDONLY | O_CLOEXEC);
	assert_true(sig >= 0 && file >= 0);
	assert_int_equal(doc_verify_fd(sig, file, &o, &r), ECERT_OK);
	assert_int_equal(r->n, 1);
	assert_int_equal(report_get(&r->signer[0].report, CHK_SIGNATURE_VALUE)->state, CHECK_OK);
	assert_int_equal(report_get(&r->signer[0].report, CHK_CONTENT_DIGEST)->state, CHECK_OK);
	doc_result_free(&r);
	close(sig);
	close(file);
}

static void one_file_is_signed(void **state)
{
	(void)state;
	at.files.n = 1;
	assert_int_equal(sign(), OUT_OK);
	assert_int_equal(at.result.done, 1);
	assert_true(at.result.began);
	assert_string_equal(at.result.signer.name, "WONG Mei");
	assert_string_equal(at.result.algorithm, "ES256");
	assert_int_equal(at.each, 1);
	is_signed(0);
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 1);
	assert_string_equal(deed_said(at.d, ASKED_SECRET, 0)->next, "to sign a.txt");
	assert_int_equal(deed_count(at.d, SAID_FAILED), 0);
	assert_true(recorder_noted(&at.d->said, "Signing as WONG Mei"));
	assert_true(at.d->said.progress_ends >= 1);
}

static void many_files_need_the_pin_once(void **state)
{
	(void)state;
	assert_int_equal(sign(), OUT_OK);
	assert_int_equal(at.result.done, FILES);
	assert_int_equal(at.each, FILES);
	for (size_t i = 0; i < FILES; i++)
		is_signed(i);
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 1);
	assert_string_equal(
	    deed_said(at.d, ASKED_SECRET, 0)->next, "to sign a.txt and 2 other files");
}

static void a_person_stops_it_between_two_files(void **state)
{
	(void)state;
	at.d->said.cancel_after = 1;
	assert_int_equal(sign(), OUT_INTERRUPTED);
	assert_int_equal(at.result.done, 1);
	is_signed(0);
	assert_false(has_signature(1));
	deed_failed(at.d, OUT_INTERRUPTED, "interrupted",
	    "Stopped when {n} of {all} files were signed", "Stopped when 1 of 3 files was signed",
	    "The same command with --resume goes on with those that are not.");
}

/* The others are read while the first one is signed: only what comes after all of them is gone. */
static void what_was_done_before_a_failure_is_kept(void **state)
{
	char want[256];

	(void)state;
	at.gone = at.v[MANY - 1];
	at.files.n = MANY;
	assert_int_equal(sign(), OUT_IO);
	assert_int_equal(at.result.done, MANY - 1);
	assert_int_equal(at.result.files[MANY - 1].fate, SIGNED_FAILED);
	is_signed(0);
	assert_false(has_signature(MANY - 1));
	snprintf(want, sizeof want, "Cannot read %s: No such file or directory", at.v[MANY - 1]);
	deed_failed(at.d, OUT_IO, "file-unreadable", "Cannot read {file}: {why}", want,
	    "Check the disk that it is on.");
	assert_true(recorder_noted(&at.d->said, "       9 of 10 files were signed before that."));
}

/* Whoever is asked is asked in the order of the files, and by one thread. */
static void a_bad_file_stops_no_other(void **state)
{
	char want[256];

	(void)state;
	at.gone = at.v[MANY - 1];
	at.files.n = MANY;
	at.deed.keep_going = true;
	assert_int_equal(sign(), OUT_IO);
	assert_int_equal(at.result.done, MANY - 1);
	assert_int_equal(at.result.failed, 1);
	assert_string_equal(at.result.files[MANY - 1].why->reason, "file-unreadable");
	for (size_t i = 0; i + 1 < MANY; i++)
		is_signed(i);
	snprintf(want, sizeof want, "Not signed: Cannot read %s: No such file or directory",
	    at.v[MANY - 1]);
	assert_true(recorder_noted(&at.d->said, want));
	deed_failed(at.d, OUT_IO, "batch-incomplete", "{n} of {all} files are not signed",
	    "1 of 10 files is not signed",
	    "Put right what is said of each, and run the same command with --resume.");
}

static void what_is_signed_needs_no_pin(void **state)
{
	(void)state;
	at.files.n = 1;
	assert_int_equal(sign(), OUT_OK);
	sign_result_free(&at.result);
	deed_types(at.d, NULL);
	at.deed.skip_signed = true;
	assert_int_equal(sign(), OUT_OK);
	assert_int_equal(at.result.passed, 1);
	assert_int_equal(at.result.files[0].fate, SIGNED_BEFORE);
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 0);
	assert_true(at.result.began);
}

/* Nothing is asked and nothing is begun. */
static void refused_before(enum outcome code, const char *reason)
{
	deed_types(at.d, DEED_PIN, NULL);
	assert_int_equal(sign(), code);
	assert_string_equal(recorder_failure(&at.d->said)->reason, reason);
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 0);
	assert_false(at.result.began);
	assert_int_equal(at.result.done, 0);
	sign_result_free(&at.result);
	for (size_t i = 0; i < FILES; i++)
		if (at.v[i] == at.name[i])
			assert_false(has_signature(i) && strcmp(reason, "exists") != 0);
}

static void what_can_be_known_is_said_before_the_pin(void **state)
{
	(void)state;
	at.v[2] = at.v[0];
	refused_before(OUT_USAGE, "named-twice");
	at.v[2] = deed_file(at.d, "empty.txt", "");
	refused_before(OUT_INPUT, "file-empty");
	at.v[2] = deed_file(at.d, "none.txt", NULL);
	refused_before(OUT_IO, "file-unreadable");
	at.v[2] = at.d->dir;
	refused_before(OUT_INPUT, "is-a-folder");
	at.v[2] = at.name[2];
	at.deed.output = "one.p7s";
	refused_before(OUT_USAGE, "output-for-many");
	at.deed.output = NULL;
	at.deed.key.alg = "RS256";
	refused_before(OUT_REFUSED, "algorithm-not-of-key");
	at.deed.key.alg = NULL;
	(void)deed_file(at.d, "b.txt.p7s", "here");
	refused_before(OUT_REFUSED, "exists");
}

/* By the job's moment, not by the clock's: its certificate ends in 90 days. */
static void a_deed_is_done_at_the_moment_of_its_job(void **state)
{
	struct doc_verify_options o = {0};
	struct doc_result *r = NULL;
	char path[160];
	int sig, file;

	(void)state;
	at.d->job.now = time(NULL) + 100 * DAY;
	refused_before(OUT_REFUSED, "certificate-unfit");
	at.d->job.now = o.now = time(NULL) + 60 * DAY;
	assert_int_equal(sign(), OUT_OK);
	snprintf(path, sizeof path, "%s.p7s", at.v[0]);
	sig = open(path, O_RDONLY | O_CLOEXEC);
	file = open(at.v[0], O_RDONLY | O_CLOEXEC);
	assert_int_equal(doc_verify_fd(sig, file, &o, &r), ECERT_OK);
	assert_int_equal(r->signer[0].when, at.d->job.now);
	doc_result_free(&r);
	close(sig);
	close(file);
}

static void a_person_who_gives_no_pin_signs_nothing(void **state)
{
	(void)state;
	deed_types(at.d, NULL);
	assert_int_equal(sign(), OUT_PIN);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "cancelled");
	assert_false(at.result.began);
	assert_false(has_signature(0));
}

#define READY(name) cmocka_unit_test_setup_teardown(name, ready, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    READY(one_file_is_signed),
	    READY(many_files_need_the_pin_once),
	    READY(a_person_stops_it_between_two_files),
	    READY(what_was_done_before_a_failure_is_kept),
	    READY(a_bad_file_stops_no_other),
	    READY(what_is_signed_needs_no_pin),
	    READY(what_can_be_known_is_said_before_the_pin),
	    READY(a_deed_is_done_at_the_moment_of_its_job),
	    READY(a_person_who_gives_no_pin_signs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
