/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam: what passes through it, what stands in for a person who is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "recorder.h"

static void a_failure_passes_with_all_its_parts(void **state)
{
	struct recorder r;
	const struct recorded *f;

	(void)state;
	recorder_init(&r);
	assert_null(recorder_failure(&r));
	assert_int_equal(ui_fail(&r.ui, OUT_INPUT, "file-empty",
			     MSG("{file} is empty", P_TEXT("file", "a")), MSG("Look again.")),
	    OUT_INPUT);
	f = recorder_failure(&r);
	assert_non_null(f);
	assert_int_equal(f->code, OUT_INPUT);
	assert_string_equal(f->reason, "file-empty");
	assert_string_equal(f->id, "{file} is empty");
	assert_string_equal(f->text, "a is empty");
	assert_string_equal(f->next, "Look again.");
}

static void a_return_code_brings_its_words(void **state)
{
	struct recorder r;
	const struct recorded *f;

	(void)state;
	recorder_init(&r);
	assert_int_equal(ui_fail_rc(&r.ui, ECERT_OK, MSG("Cannot: {why}")), OUT_OK);
	assert_int_equal(r.n, 0);
	assert_int_equal(ui_fail_rc(&r.ui, ECERT_E_PIN_BLOCKED,
			     MSG("Cannot use {token}: {why}", P_TEXT("token", "T"))),
	    OUT_PIN);
	f = recorder_failure(&r);
	assert_string_equal(f->text, "Cannot use T: the PIN is blocked");
	assert_string_equal(f->reason, "pin-blocked");
	assert_string_equal(f->next, "Set a new PIN with the PUK: `ecert pin unblock`.");
	/* No advice, no step: nothing empty is said. */
	assert_int_equal(ui_fail_rc(&r.ui, ECERT_E_DENIED, MSG("Cannot: {why}")), OUT_REFUSED);
	assert_string_equal(recorder_failure(&r)->next, "");
}

/* Every return code has a class, and a name that fits where it is kept. */
static void every_return_code_leads_somewhere(void **state)
{
	char name[REASON_NAME_MAX];

	(void)state;
	for (int rc = ECERT_OK + 1; rc < ECERT_RC_COUNT; rc++) {
		assert_int_not_equal(outcome_of_rc((enum ecert_rc)rc), OUT_OK);
		assert_non_null(next_of_rc((enum ecert_rc)rc));
		(void)reason_of_rc((enum ecert_rc)rc, name);
		assert_true(strlen(name) > 1 && strlen(name) < REASON_NAME_MAX - 1);
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
	}
	assert_int_equal(outcome_of_rc(ECERT_RC_COUNT), OUT_INTERNAL);
	assert_string_equal(next_of_rc(ECERT_RC_COUNT), "Please report it.");
}

static void secrets_are_asked_and_typed(void **state)
{
	struct recorder r;
	struct pin pin;
	struct pin_ask ask = {.title = MSG("Token {token}", P_TEXT("token", "T")),
	    .reason = MSG("to sign"),
	    .prompt = "PIN",
	    .want = PIN_WANT_PUK};

	(void)state;
	recorder_init(&r);
	r.secrets[0] = "248163";
	assert_int_equal(pin_new(&pin), ECERT_OK);
	assert_int_equal(ui_ask_secret(&r.ui, &ask, &pin), ECERT_OK);
	assert_string_equal(pin.text, "248163");
	assert_int_equal(ui_ask_secret(&r.ui, &ask, &pin), ECERT_E_CANCELLED);
	pin_free(&pin);
	assert_int_equal(r.said[0].what, ASKED_SECRET);
	assert_int_equal(r.said[0].wanted, PIN_WANT_PUK);
	assert_string_equal(r.said[0].text, "Token T");
	assert_string_equal(r.said[0].next, "to sign");
}

static void the_rest_passes_too(void **state)
{
	struct recorder r;
	const struct ui_progress at = {"f", 5, 10, 1, 1};

	(void)state;
	recorder_init(&r);
	ui_note(&r.ui, MSG("{n} left", P_NUMBER("n", 2)));
	assert_true(recorder_noted(&r, "2 left"));
	assert_false(recorder_noted(&r, "3 left"));
	ui_progress(&r.ui, &at);
	ui_progress(&r.ui, NULL);
	assert_int_equal(r.progress, 1);
	assert_int_equal(r.progress_done, 5);
	assert_int_equal(r.progress_ends, 1);
	assert_false(ui_confirm(&r.ui, MSG("Sure?")));
	r.yes = true;
	assert_true(ui_confirm(&r.ui, MSG("Sure?")));
	assert_false(ui_attended(&r.ui));
	r.attended = true;
	assert_true(ui_attended(&r.ui));
	assert_false(ui_cancelled(&r.ui));
	r.cancel_after = 2;
	assert_false(ui_cancelled(&r.ui));
	assert_true(ui_cancelled(&r.ui));
}

/* A front end may leave anything out, and a deed may be run for nobody. */
static void nobody_is_there(void **state)
{
	static const struct ui_calls none = {0};
	const struct ui deaf = {&none, NULL};
	const struct ui *const uis[] = {NULL, &deaf};
	struct pin_ask ask = {.title = MSG("x"), .prompt = "PIN"};
	struct pin pin = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(ui_fail(uis[i], OUT_CARD, "x", MSG("x"), NULL), OUT_CARD);
		assert_int_equal(ui_fail_rc(uis[i], ECERT_E_CARD, MSG("{why}")), OUT_CARD);
		ui_note(uis[i], MSG("x"));
		ui_progress(uis[i], NULL);
		assert_int_equal(ui_ask_secret(uis[i], &ask, &pin), ECERT_E_UNSUPPORTED);
		assert_false(ui_confirm(uis[i], MSG("x")));
		assert_false(ui_attended(uis[i]));
		assert_false(ui_cancelled(uis[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_failure_passes_with_all_its_parts),
	    cmocka_unit_test(a_return_code_brings_its_words),
	    cmocka_unit_test(every_return_code_leads_somewhere),
	    cmocka_unit_test(secrets_are_asked_and_typed),
	    cmocka_unit_test(the_rest_passes_too),
	    cmocka_unit_test(nobody_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
