/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting tokens up, one and many, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/token/init.h"

static void one_is_set_up(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {.escrow = d->escrow, .generate = true};
	struct token_set_up done;

	assert_int_equal(token_init(&d->job, &o, &done), OUT_OK);
	assert_string_equal(done.serial, "4711");
	assert_string_equal(done.escrow, d->escrow);
	assert_string_equal(done.mgm_name, "AES-256");
	assert_int_equal(done.digits, 0);
	assert_int_equal(done.keys, 0);
	assert_true(done.pin_made && done.puk_made);
	assert_false(done.already || done.kept);
	assert_int_equal(deed_count(d, SAID_FAILED), 0);

	assert_int_equal(token_init(&d->job, &o, &done), OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "exists");
}

static void refused(
    struct deed *d, const struct init_params *o, enum outcome code, const char *reason)
{
	struct token_set_up done;

	deed_types(d, NULL);
	assert_int_equal(token_init(&d->job, o, &done), code);
	assert_int_equal(deed_count(d, SAID_FAILED), 1);
	assert_string_equal(recorder_failure(&d->said)->reason, reason);
}

static void an_escrow_has_one_place(void **state)
{
	struct deed *d = *state;
	struct init_params o = {.generate = true};

	refused(d, &o, OUT_USAGE, "escrow-missing");
	o.escrow = d->escrow;
	o.escrow_dir = d->dir;
	refused(d, &o, OUT_USAGE, "options-exclude");
	o.escrow = NULL;
	o.escrow_dir = deed_file(d, "nowhere", NULL);
	refused(d, &o, OUT_IO, "folder-unwritable");
}

/* ---- many ---- */
struct watched {
	struct token_set_up one[4];
	size_t n;
};

static void told(void *ctx, const struct token_set_up *one)
{
	struct watched *w = ctx;

	assert_true(w->n < 4);
	w->one[w->n++] = *one;
}

static struct many_result run_many(struct deed *d, struct watched *w, enum outcome want)
{
	char folder[80];
	const struct init_params each = {.escrow_dir = folder, .generate = true, .many = true};
	const struct many_deed o = {.each = &each, .told = told, .told_ctx = w};
	struct many_result sum;

	snprintf(folder, sizeof folder, "%s/escrows", d->dir);
	(void)mkdir(folder, 0700);
	deed_types(d, NULL);
	d->said.cancel_after = 2; /* the second time there is nothing new */
	assert_int_equal(token_init_many(&d->job, &o, &sum), want);
	assert_true(d->said.cancel_asked > 2);
	return sum;
}

static void many_end_when_the_person_wants(void **state)
{
	struct deed *d = *state;
	struct watched w = {.n = 0};
	struct many_result sum = run_many(d, &w, OUT_OK);

	assert_int_equal(sum.done, 1);
	assert_int_equal(sum.already, 0);
	assert_int_equal(sum.failed, 0);
	assert_int_equal(w.n, 1);
	assert_int_equal(w.one[0].code, OUT_OK);
	assert_string_equal(w.one[0].serial, "4711");
	assert_non_null(strstr(w.one[0].escrow, "/escrows/4711.json"));
	assert_int_equal(access(w.one[0].escrow, F_OK), 0);
	assert_true(recorder_noted(&d->said, "Put the first token in; Ctrl-C ends."));
	assert_true(recorder_noted(
	    &d->said, "1 set up, 0 before, 0 failed. Put the next token in; Ctrl-C ends."));

	sum = run_many(d, &w, OUT_OK);
	assert_int_equal(sum.done, 0);
	assert_int_equal(sum.already, 1);
	assert_int_equal(w.n, 2);
	assert_true(w.one[1].already);
}

/* Its secrets are not the factory's, and no escrow of it is there. */
static void one_that_fails_is_counted(void **state)
{
	struct deed *d = *state;
	struct watched w = {.n = 0};
	struct many_result sum = run_many(d, &w, OUT_PIN);

	assert_int_equal(sum.failed, 1);
	assert_int_equal(sum.done + sum.already, 0);
	assert_int_equal(w.n, 1);
	assert_int_equal(w.one[0].code, OUT_PIN);
	assert_string_equal(w.one[0].serial, "4711");
	assert_int_equal(deed_count(d, SAID_FAILED), 1);
}

static void many_want_a_folder(void **state)
{
	struct deed *d = *state;
	const struct init_params each = {.escrow = d->escrow, .many = true};
	const struct many_deed o = {.each = &each};
	struct many_result sum;

	assert_int_equal(token_init_many(&d->job, &o, &sum), OUT_USAGE);
	assert_string_equal(recorder_failure(&d->said)->reason, "escrow-folder-missing");
	assert_int_equal(d->said.cancel_asked, 0);
}

#define READY(f) cmocka_unit_test_setup_teardown(f, deed_ready, deed_end)
#define FRESH(f) cmocka_unit_test_setup_teardown(f, deed_fresh, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {FRESH(one_is_set_up), FRESH(an_escrow_has_one_place),
	    FRESH(many_end_when_the_person_wants), READY(one_that_fails_is_counted),
	    FRESH(many_want_a_folder)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
