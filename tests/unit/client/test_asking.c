/* SPDX-License-Identifier: BSD-2-Clause */
/* Secrets by the option that says where they come from, and each way in which that fails. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/asking.h"
#include "client/escrow.h"

#define NOTHING_SENT(rest) "Nothing was sent to the token; " rest

/* A PIN for the token 4711. */
static enum outcome get(struct deed *d, const char *source, char out[16])
{
	struct pin_ask ask = {.title = MSG("Token"),
	    .prompt = "PIN",
	    .want = PIN_WANT_PIN,
	    .serial = "0000000000004711"};
	struct pin pin;
	enum outcome code = secret_get(&d->job, source, "--pin-source", &ask, &pin);

	snprintf(out, 16, "%s", code ? "" : pin.text);
	pin_free(&pin);
	return code;
}

static void it_comes_from_where_the_option_says(void **state)
{
	struct deed *d = *state;
	char pin[16];

	deed_types(d, "111222", NULL);
	assert_int_equal(get(d, NULL, pin), OUT_OK);
	assert_string_equal(pin, "111222");
	assert_int_equal(deed_count(d, ASKED_SECRET), 1);
	setenv("ECERT_TEST_PIN", "333444", 1);
	assert_int_equal(get(d, "env:ECERT_TEST_PIN", pin), OUT_OK);
	assert_string_equal(pin, "333444");
	unsetenv("ECERT_TEST_PIN");
	assert_int_equal(get(d, deed_source(d, "pin", "555666\r\nmore\n"), pin), OUT_OK);
	assert_string_equal(pin, "555666");
	assert_int_equal(d->said.n, 1);
}

static void a_source_that_is_not_there_is_told(void **state)
{
	struct deed *d = *state;
	char pin[16], want[256];
	const char *source = deed_source(d, "none", NULL);

	assert_int_equal(get(d, "env:ECERT_TEST_PIN", pin), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "secret-not-found",
	    "The environment has no variable {arg} for the {what}",
	    "The environment has no variable ECERT_TEST_PIN for the PIN",
	    "Set it, or choose another source.");
	deed_types(d, NULL);
	snprintf(want, sizeof want, "Cannot read the PIN from %s", source + strlen("file:"));
	assert_int_equal(get(d, source, pin), OUT_IO);
	deed_failed(d, OUT_IO, "secret-unreadable", "Cannot read the {what} from {arg}", want,
	    "Check the path and its permissions.");
	deed_types(d, NULL);
	assert_int_equal(get(d, "248163", pin), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "secret-source-malformed",
	    "{option} takes prompt, pinentry, env:NAME or file:PATH",
	    "--pin-source takes prompt, pinentry, env:NAME or file:PATH",
	    "A secret itself never goes on the command line, where other programs can read it.");
}

static void nobody_there_is_told(void **state)
{
	struct deed *d = *state;
	struct recorder *r = &d->said;
	struct ui_calls calls = *r->ui.calls;
	struct ui deaf = {&calls, r};
	char pin[16];

	calls.ask_secret = NULL;
	d->job.ui = &deaf;
	assert_int_equal(get(d, NULL, pin), OUT_PIN);
	deed_failed(d, OUT_PIN, "nobody-to-ask",
	    "There is no terminal to ask for the {what} ({option})",
	    "There is no terminal to ask for the PIN (--pin-source)",
	    "Say where it comes from: env:NAME, file:PATH or pinentry.");
	recorder_init(r);
	assert_int_equal(get(d, "pinentry", pin), OUT_PIN);
	deed_failed(d, OUT_PIN, "nobody-to-ask",
	    "There is no pinentry program to ask for the {what} ({option})",
	    "There is no pinentry program to ask for the PIN (--pin-source)",
	    "Install one (for instance pinentry-curses), or choose another source.");
}

/* Without its password a file cannot be read, as with a wrong one. */
static void a_password_that_is_not_given_is_the_files_fault(void **state)
{
	struct deed *d = *state;
	struct pin_ask ask = {
	    .title = MSG("PKCS#12 file"), .prompt = MSG_ID("password"), .want = PIN_WANT_TEXT};
	struct pin pin;

	assert_int_equal(
	    secret_get(&d->job, deed_source(d, "none", "\n"), "--password-source", &ask, &pin),
	    OUT_INPUT);
	deed_failed(d, OUT_INPUT, "secret-empty", "The {what} is empty", "The password is empty",
	    "Nothing was sent to the token.");
	deed_types(d, NULL);
	assert_int_equal(secret_get(&d->job, "prompt", "--password-source", &ask, &pin), OUT_INPUT);
	assert_string_equal(recorder_failure(&d->said)->reason, "cancelled");
}

static void a_file_of_something_else_is_told(void **state)
{
	struct deed *d = *state;
	char pin[16], want[256];
	const char *damaged;

	assert_int_equal(get(d, deed_source(d, "empty", "\n"), pin), OUT_PIN);
	deed_failed(d, OUT_PIN, "secret-empty", "The {what} is empty", "The PIN is empty",
	    "Nothing was sent to the token.");
	deed_types(d, NULL);
	damaged = deed_source(d, "damaged", "{\"format\": \"ecert-escrow-1\", \"pin\": \"24");
	snprintf(want, sizeof want,
	    "The escrow file %s is cut short, damaged, or of another version",
	    damaged + strlen("file:"));
	assert_int_equal(get(d, damaged, pin), OUT_PIN);
	deed_failed(d, OUT_PIN, "escrow-damaged",
	    "The escrow file {arg} is cut short, damaged, or of another version", want,
	    NOTHING_SENT("use a whole copy of what `ecert token init` wrote."));
}

static const char *escrow(struct deed *d, const char *serial, const char *pin)
{
	struct escrow *e;
	const char *source = deed_source(d, serial, NULL);

	assert_int_equal(escrow_new(&e), ECERT_OK);
	snprintf(e->serial, sizeof e->serial, "%s", serial);
	snprintf(e->pin, sizeof e->pin, "%s", pin);
	e->mgm.n = sizeof e->mgm.v;
	assert_int_equal(escrow_write(source + strlen("file:"), e), ECERT_OK);
	escrow_free(&e);
	return source;
}

static void an_escrow_counts_for_its_token_only(void **state)
{
	struct deed *d = *state;
	char pin[16], want[256];
	const char *other;

	assert_int_equal(get(d, escrow(d, "0000000000004711", "248163"), pin), OUT_OK);
	assert_string_equal(pin, "248163");
	assert_int_equal(d->said.n, 0);
	other = escrow(d, "0000000000004712", "248163");
	snprintf(
	    want, sizeof want, "The escrow file %s is of another token", other + strlen("file:"));
	assert_int_equal(get(d, other, pin), OUT_PIN);
	deed_failed(d, OUT_PIN, "escrow-of-other-token",
	    "The escrow file {arg} is of another token", want,
	    NOTHING_SENT("name the escrow file of this one."));
	assert_string_equal(pin, "");
}

static void an_escrow_without_a_pin_is_told(void **state)
{
	struct deed *d = *state;
	char pin[16], want[256];
	const char *source = escrow(d, "0000000000004711", "");

	snprintf(want, sizeof want, "The escrow file %s does not hold the PIN",
	    source + strlen("file:"));
	assert_int_equal(get(d, source, pin), OUT_PIN);
	deed_failed(d, OUT_PIN, "escrow-without-secret",
	    "The escrow file {arg} does not hold the {what}", want,
	    "An escrow holds PIN and PUK only when `ecert token init --generate` made them.");
}

/* What to do about the last try of a PUK is not to set a new PIN by it. */
static void the_last_try_of_a_puk_has_its_own_advice(void **state)
{
	struct deed *d = *state;

	deed_types(d, NULL);
	assert_int_equal(pin_told(&d->job, ECERT_E_PIN_LAST_TRY, "PUK", 1), OUT_PIN);
	deed_failed(d, OUT_PIN, "puk-last-try",
	    "Only one try of the {what} is left, so nothing was sent to the token",
	    "Only one try of the PUK is left, so nothing was sent to the token",
	    "If you are sure of the PUK add --allow-last-try; a wrong one blocks it for good. "
	    "Whoever "
	    "set the token up, or its escrow, can tell.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, deed_bare, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(it_comes_from_where_the_option_says),
	    TEST(a_source_that_is_not_there_is_told),
	    TEST(nobody_there_is_told),
	    TEST(a_password_that_is_not_given_is_the_files_fault),
	    TEST(a_file_of_something_else_is_told),
	    TEST(an_escrow_counts_for_its_token_only),
	    TEST(an_escrow_without_a_pin_is_told),
	    TEST(the_last_try_of_a_puk_has_its_own_advice),
	};

	return cmocka_run_group_tests_name("client: where secrets come from", tests, NULL, NULL);
}
