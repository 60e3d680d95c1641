/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting a token up, with a recorder in the person's place: what is asked anew, what is refused.
 */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/escrow.h"
#include "provision/init/init.h"

/* One run; *done (may be NULL) is how it came out. */
static enum outcome run(struct deed *d, const struct init_params *o, struct init *done)
{
	struct init in = {.job = &d->job, .o = o};
	enum outcome code;

	assert_int_equal(prov_open(&d->job, &in.token), OUT_OK);
	code = init_run(&in);
	if (done)
		*done = (struct init){
		    .already = in.already, .mgm_name = in.mgm_name, .mgm_len = in.mgm_len};
	init_free(&in);
	return code;
}

/* Whether the token takes this PIN now. */
static bool takes(struct deed *d, const char *pin)
{
	struct prov p;
	int tries;
	enum ecert_rc rc;

	assert_int_equal(prov_open(&d->job, &p), OUT_OK);
	rc = token_login(&p.at, TOKEN_USER, rd_of(pin, strlen(pin)), 0, &tries);
	prov_close(&p);
	return !rc;
}

static void a_factory_token_gets_new_secrets(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {.escrow = d->escrow};
	const struct recorded *asked;
	struct escrow *kept;
	struct init done;

	deed_types(d, DEED_PIN, DEED_PIN, DEED_PUK, DEED_PUK, NULL);
	assert_int_equal(run(d, &o, &done), OUT_OK);
	assert_false(done.already);
	assert_string_equal(done.mgm_name, "AES-256");
	assert_int_equal(done.mgm_len, 32);
	assert_int_equal(d->said.n, 4);
	asked = deed_said(d, ASKED_SECRET, 0);
	assert_string_equal(asked->id, "Token {token}: choose a new PIN of {min} to {max} digits, "
				       "not one that everybody tries first");
	assert_string_equal(asked->text,
	    "Token e-Cert PIV 4711 (virtual): choose a new PIN of 6 to 8 digits, not one that "
	    "everybody tries first");
	assert_int_equal(asked->wanted, PIN_WANT_PIN);
	assert_int_equal(deed_said(d, ASKED_SECRET, 3)->wanted, PIN_WANT_PUK);
	assert_true(takes(d, DEED_PIN));
	assert_int_equal(escrow_read(d->escrow, &kept), ECERT_OK);
	assert_string_equal(kept->label, "e-Cert PIV 4711 (virtual)");
	assert_string_equal(kept->pin, ""); /* the person's own is kept nowhere */
	assert_int_equal(kept->mgm.n, 32);
	escrow_free(&kept);
}

static void what_everybody_tries_first_is_asked_anew(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {.escrow = d->escrow};
	const struct recorded *asked;

	deed_types(d, "111111", "12", DEED_PIN, DEED_PIN, DEED_PIN, DEED_PUK, DEED_PUK, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_OK);
	asked = deed_said(d, ASKED_SECRET, 1);
	assert_string_equal(asked->error_id, "This PIN is one that everybody tries first");
	assert_string_equal(deed_said(d, ASKED_SECRET, 2)->error_id, "A PIN has 6 to 8 characters");
	assert_string_equal(deed_said(d, ASKED_SECRET, 3)->error_id, ""); /* once more */
	assert_string_equal(deed_said(d, ASKED_SECRET, 5)->error_id,
	    "The PUK is the same as the other: PIN and PUK have to differ");
	assert_int_equal(deed_count(d, SAID_FAILED), 0);
	assert_true(takes(d, DEED_PIN));
}

static void two_entries_that_differ_are_asked_anew(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {.escrow = d->escrow};

	deed_types(d, DEED_PIN, "248164", DEED_PIN, DEED_PIN, DEED_PUK, DEED_PUK, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_OK);
	assert_string_equal(deed_said(d, ASKED_SECRET, 2)->error_id, "The two entries differ");
	assert_true(takes(d, DEED_PIN));
}

static void entries_that_never_agree_change_nothing(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {.escrow = d->escrow};

	deed_types(d, DEED_PIN, "248164", DEED_PIN, "248165", DEED_PIN, "248166", DEED_PIN, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_PIN);
	deed_failed(d, OUT_PIN, "secret-entries-differ", "The two entries of the {what} differ",
	    "The two entries of the new PIN differ", "Try again.");
	assert_int_equal(deed_count(d, ASKED_SECRET), 6);
	assert_int_equal(access(d->escrow, F_OK), -1);
	assert_true(takes(d, FACTORY_PIN));
}

static void cancelling_changes_nothing(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {.escrow = d->escrow};

	deed_types(d, DEED_PIN, DEED_PIN, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_PIN);
	deed_failed(d, OUT_PIN, "cancelled", "Cannot get the {what}: {why}",
	    "Cannot get the new PUK: cancelled", "Run the command again when you are ready.");
	assert_int_equal(access(d->escrow, F_OK), -1);
	assert_true(takes(d, FACTORY_PIN));
}

static void a_file_with_a_common_pin_is_refused(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {
	    .escrow = d->escrow, .new_pin = deed_source(d, "new", "000000\n")};

	deed_types(d, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "pin-common", "This PIN is one that everybody tries first",
	    "This PIN is one that everybody tries first",
	    "Nothing was changed; choose another one.");
	assert_int_equal(d->said.n, 1);
	assert_true(takes(d, FACTORY_PIN));
}

/* ---- a token that was set up before ---- */

static void a_second_time_wants_the_present_secrets(void **state)
{
	struct deed *d = *state;
	struct init_params o = {.escrow = deed_file(d, "second.json", NULL), .generate = true};

	assert_int_equal(run(d, &o, NULL), OUT_PIN);
	deed_failed(d, OUT_PIN, "puk-not-default",
	    "The PUK is no longer the factory's; nothing was changed",
	    "The PUK is no longer the factory's; nothing was changed",
	    "Give it with --puk-source.");
	o.puk = deed_source(d, "puk", DEED_PUK "\n");
	deed_types(d, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_PIN);
	deed_failed(d, OUT_PIN, "pin-not-default",
	    "The PIN is no longer the factory's; nothing was changed",
	    "The PIN is no longer the factory's; nothing was changed",
	    "Give it with --pin-source.");
	d->job.pin_source = deed_source(d, "pin", DEED_PIN "\n");
	deed_types(d, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_PIN);
	deed_failed(d, OUT_PIN, "management-key-wrong",
	    "The token has been set up before; nothing was changed",
	    "The token has been set up before; nothing was changed",
	    "Name its escrow file with --management-key-source file:PATH.");
	assert_int_equal(access(o.escrow, F_OK), -1);
	o.mgm = d->source;
	deed_types(d, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_OK);
	assert_int_equal(d->said.n, 0);
	assert_int_equal(access(o.escrow, R_OK), 0);
	assert_false(takes(d, DEED_PIN));
}

static void a_folder_knows_whom_it_has_set_up(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {.escrow_dir = d->dir, .generate = true};
	struct init done;

	assert_int_equal(run(d, &o, &done), OUT_OK);
	assert_false(done.already);
	assert_int_equal(run(d, &o, &done), OUT_OK);
	assert_true(done.already);
	assert_int_equal(d->said.n, 0);
}

static void an_escrow_of_another_token_is_not_gone_on_with(void **state)
{
	struct deed *d = *state;
	struct init_params o = {.escrow = deed_file(d, "other.json", NULL), .resume = true};
	struct init in = {.job = &d->job, .o = &o};
	struct escrow *e;
	char want[512];

	assert_int_equal(escrow_new(&e), ECERT_OK);
	snprintf(e->serial, sizeof e->serial, "ABC");
	e->mgm.n = sizeof e->mgm.v;
	assert_int_equal(escrow_write(o.escrow, e), ECERT_OK);
	escrow_free(&e);
	assert_int_equal(prov_open(&d->job, &in.token), OUT_OK);
	snprintf(want, sizeof want, "The escrow %s is of the token ABC, not of %s", o.escrow,
	    in.token.info.serial_full);
	assert_int_equal(init_run(&in), OUT_REFUSED);
	init_free(&in);
	deed_failed(d, OUT_REFUSED, "escrow-of-other-token",
	    "The escrow {escrow} is of the token {serial}, not of {token}", want,
	    "Plug that token in, or name the right file.");
	o.escrow = deed_file(d, "text.json", "no escrow\n");
	snprintf(want, sizeof want, "%s is not an escrow file", o.escrow);
	deed_types(d, NULL);
	assert_int_equal(run(d, &o, NULL), OUT_INPUT);
	deed_failed(d, OUT_INPUT, "not-an-escrow", "{escrow} is not an escrow file", want,
	    "Check that it is the right file.");
	assert_true(takes(d, FACTORY_PIN));
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, deed_fresh, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    FRESH(a_factory_token_gets_new_secrets),
	    FRESH(what_everybody_tries_first_is_asked_anew),
	    FRESH(two_entries_that_differ_are_asked_anew),
	    FRESH(entries_that_never_agree_change_nothing),
	    FRESH(cancelling_changes_nothing),
	    FRESH(a_file_with_a_common_pin_is_refused),
	    cmocka_unit_test_setup_teardown(
		a_second_time_wants_the_present_secrets, deed_ready, deed_end),
	    FRESH(a_folder_knows_whom_it_has_set_up),
	    FRESH(an_escrow_of_another_token_is_not_gone_on_with),
	};

	return cmocka_run_group_tests_name("provision: setting a token up", tests, NULL, NULL);
}
