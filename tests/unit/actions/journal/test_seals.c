/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal verified, sealed and compared, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/journal/compare.h"
#include "actions/journal/seal.h"
#include "actions/journal/show.h"
#include "actions/journal/verify.h"
#include "tests/unit/actions/certified.h"
#include "tests/unit/document/pki.h"

static struct {
	struct deed *d;
	struct journal_sealed sealed;
	struct journal_verified v;
	const char *anchor;
	char ca[128];
} at;

static void record(const char *what, struct rd counters)
{
	const struct journal_entry e = {.phase = JOURNAL_EVENT,
	    .what = what,
	    .exe = "",
	    .serial = "4711",
	    .counters = counters};
	struct journal *j;
	uint64_t n;

	assert_int_equal(journal_open(at.d->dir, &j), ECERT_OK);
	assert_int_equal(journal_append(j, &e, &n), ECERT_OK);
	journal_close(&j);
}

static int ready(void **state)
{
	int rc = deed_ready(state);

	if (rc)
		return rc;
	memset(&at, 0, sizeof at);
	at.d = *state;
	certify(at.d, at.d->source, time(NULL) + 90 * DAY);
	snprintf(at.ca, sizeof at.ca, "%s", deed_file(at.d, "ca.pem", NULL));
	record("token", rd_of(NULL, 0));
	deed_types(at.d, DEED_PIN, NULL);
	return 0;
}

static int end(void **state)
{
	journal_verified_free(&at.v);
	return deed_end(state);
}

static enum outcome seal(const char *output)
{
	const struct journal_seal_deed deed = {.state = at.d->dir, .output = output};

	return journal_seal(&at.d->job, &deed, &at.sealed);
}

static enum outcome check(bool anchored)
{
	struct journal_verify_deed deed = {.state = at.d->dir};
	const struct strlist none = {.n = 0};

	at.anchor = at.ca;
	if (anchored)
		deed.trust.anchor = (struct strlist){&at.anchor, 1};
	journal_verified_free(&at.v);
	deed_types(at.d, NULL);
	return journal_check(&at.d->job, &deed, &none, &at.v);
}

static void a_seal_stands_beside_the_journal_and_is_checked(void **state)
{
	char want[128];

	(void)state;
	assert_int_equal(seal(NULL), OUT_OK);
	snprintf(want, sizeof want, "%s/seal-0000000002.jws", at.d->dir);
	assert_string_equal(at.sealed.file, want);
	assert_int_equal(at.sealed.records, 2);
	assert_string_equal(deed_said(at.d, ASKED_SECRET, 0)->next, "to seal the journal");
	record("token", rd_of(NULL, 0));
	assert_int_equal(check(false), OUT_OK);
	assert_int_equal(at.v.n, 1);
	assert_true(at.v.valid && at.v.journal.right && at.v.seal[0].valid);
	assert_false(at.v.seal[0].ca_checked);
	assert_string_equal(at.v.seal[0].file, want);
	assert_string_equal(at.v.seal[0].who.name, "WONG Mei");
	assert_int_equal(at.v.seal[0].n, 2);
	assert_int_equal(check(true), OUT_OK);
	assert_int_equal(at.v.n, 1);
	assert_true(at.v.valid && at.v.seal[0].ca_checked);
	assert_int_equal(journal_seal_tell(&at.d->job, &at.v.seal[0]), OUT_OK);
	assert_int_equal(at.d->said.n, 0);
}

static void a_seal_of_nobody_trusted_does_not_hold(void **state)
{
	struct pki_id other;
	const struct recorded *f;

	(void)state;
	assert_int_equal(seal(NULL), OUT_OK);
	pki_make(&(struct pki_spec){.cn = "Other", .ca = true}, &other);
	pki_write_pem(at.ca, &other);
	pki_free(&other);
	assert_int_equal(check(true), OUT_OK);
	assert_true(at.v.journal.right);
	assert_false(at.v.valid || at.v.seal[0].valid || at.v.seal[0].ca_checked);
	assert_int_equal(journal_seal_tell(&at.d->job, &at.v.seal[0]), OUT_INVALID);
	f = recorder_failure(&at.d->said);
	assert_string_equal(f->reason, "seal-invalid");
	assert_string_equal(f->id, "The seal {file} cannot be called valid: {why}");
	assert_string_equal(f->next,
	    "Say whom you trust with --anchor; a seal of nobody you trust proves nothing.");
}

/* One byte of the record that was sealed. */
static void meddle(void)
{
	const char *path = deed_file(at.d, "journal.jsonl", NULL);
	char text[4096];
	FILE *f = fopen(path, "r+e");
	size_t n;
	long where;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = 0;
	where = strstr(text, "\"token\"") - text + 1;
	assert_true(where > 0);
	assert_int_equal(fseek(f, where, SEEK_SET), 0);
	assert_int_equal(fputc('#', f), '#');
	assert_int_equal(fclose(f), 0);
}

static void a_changed_journal_is_told_and_not_sealed(void **state)
{
	(void)state;
	assert_int_equal(seal(NULL), OUT_OK);
	meddle();
	assert_int_equal(check(false), OUT_OK);
	assert_false(at.v.valid || at.v.journal.right || at.v.seal[0].valid);
	assert_int_equal(at.v.journal.report.bad, 2);
	assert_int_equal(journal_tell(&at.d->job, &at.v.journal), OUT_INVALID);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "journal-changed");
	deed_types(at.d, DEED_PIN, NULL);
	assert_int_equal(seal(NULL), OUT_INVALID);
	assert_int_equal(deed_count(at.d, ASKED_SECRET), 0);
}

static void no_journal_is_told_with_its_folder(void **state)
{
	const struct journal_show_deed deed = {.state = "/nonexistent"};

	(void)state;
	assert_int_equal(journal_show(&at.d->job, &deed, NULL, NULL), OUT_IO);
	deed_failed(at.d, OUT_IO, "no-journal",
	    "There is no journal in {out}, or you may not read it",
	    "There is no journal in /nonexistent, or you may not read it",
	    "ecertd keeps it; the system's is in /var/lib/ecertd and for root only. Name its "
	    "folder "
	    "with --state.");
}

static void a_token_is_compared_when_the_journal_has_seen_it(void **state)
{
	const uint8_t at_least[] = {0x9C, 0, 0, 0, 0};
	struct journal_compared c;

	(void)state;
	assert_int_equal(journal_compare(&at.d->job, at.d->dir, &c), OUT_REFUSED);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "token-not-in-journal");
	record("token", rd_of(at_least, sizeof at_least));
	assert_int_equal(seal(NULL), OUT_OK); /* past ecertd */
	assert_int_equal(journal_compare(&at.d->job, at.d->dir, &c), OUT_OK);
	assert_string_equal(c.serial, "4711");
	assert_true(c.n > 0);
	assert_string_equal(c.key[0].slot, "9c");
	assert_int_equal(c.key[0].verdict, JOURNAL_USE_GAP);
	assert_int_equal(c.missing, 1);
	assert_false(c.replaced);
	deed_types(at.d, NULL);
	assert_int_equal(journal_compare_tell(&at.d->job, &c), OUT_INVALID);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "uses-not-in-journal");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ready, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_seal_stands_beside_the_journal_and_is_checked),
	    TEST(a_seal_of_nobody_trusted_does_not_hold),
	    TEST(a_changed_journal_is_told_and_not_sealed),
	    TEST(no_journal_is_told_with_its_folder),
	    TEST(a_token_is_compared_when_the_journal_has_seen_it),
	};

	return cmocka_run_group_tests_name("actions: the journal and its seals", tests, NULL, NULL);
}
