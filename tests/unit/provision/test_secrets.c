/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a token by our own card layer, and the administrator's key, right and wrong. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/escrow.h"
#include "provision/init/init.h"
#include "provision/prov.h"
#include "provision/secret.h"

#define OLD	    "864213"
#define FACTORY_KEY "010203040506070801020304050607080102030405060708"

static enum outcome login(struct deed *d, const char *source)
{
	struct prov p;
	enum outcome code;

	assert_int_equal(prov_open(&d->job, &p), OUT_OK);
	code = prov_login_mgm(&p, source);
	prov_close(&p);
	return code;
}

static void a_token_is_opened_by_its_name(void **state)
{
	struct deed *d = *state;
	struct prov p;

	d->job.token = "e-Cert PIV 4711 (virtual)";
	assert_int_equal(prov_open(&d->job, &p), OUT_OK);
	assert_string_equal(p.info.label, d->job.token);
	assert_int_equal(p.info.pin_tries, 3);
	prov_close(&p);
	assert_null(p.tokens);
	d->job.token = "Wong";
	assert_int_equal(prov_open(&d->job, &p), OUT_NO_TOKEN);
	assert_null(p.tokens);
	deed_failed(d, OUT_NO_TOKEN, "token-not-found", "No token is named '{token}'",
	    "No token is named 'Wong'", "These are plugged in:");
}

/* As for the module: who names a socket wants that daemon and nothing else. */
static void the_daemon_that_is_named_is_asked(void **state)
{
	struct deed *d = *state;
	struct prov p;
	char none[sizeof d->dir + 16];

	snprintf(none, sizeof none, "%s/none.sock", d->dir);
	setenv("ECERT_DAEMON", none, 1);
	assert_int_equal(prov_open(&d->job, &p), OUT_NO_TOKEN);
	setenv("ECERT_DAEMON", "never", 1);
	assert_int_equal(prov_open(&d->job, &p), OUT_OK);
	prov_close(&p);
}

static void without_a_token_the_reason_is_told(void **state)
{
	struct deed *d = *state;
	struct prov p;
	char want[256];

	deed_pull(d);
	assert_int_equal(prov_open(&d->job, &p), OUT_NO_TOKEN);
	snprintf(want, sizeof want, "The virtual token at %s does not answer", d->reader);
	deed_failed(d, OUT_NO_TOKEN, "no-reader", "The virtual token at {where} does not answer",
	    want, "Start it with `ecert-vcard --listen PATH`.");
	deed_types(d, NULL);
	d->job.module = "/usr/lib/other-maker.so";
	assert_int_equal(prov_open(&d->job, &p), OUT_NO_TOKEN);
	assert_string_equal(recorder_failure(&d->said)->reason, "piv-only");
}

static void the_right_key_opens_wherever_it_is_from(void **state)
{
	struct deed *d = *state;
	struct escrow *e;
	struct pin hex;

	assert_int_equal(login(d, d->source), OUT_OK);
	assert_int_equal(escrow_read(d->escrow, &e), ECERT_OK);
	assert_int_equal(pin_new(&hex), ECERT_OK);
	assert_int_equal(mgm_key_text(&e->mgm, &hex), ECERT_OK);
	deed_types(d, hex.text, NULL);
	assert_int_equal(login(d, NULL), OUT_OK);
	pin_free(&hex);
	escrow_free(&e);
	assert_int_equal(d->said.n, 1);
	assert_string_equal(deed_said(d, ASKED_SECRET, 0)->id,
	    "Token {token}, key of the administrator (hexadecimal)");
	assert_int_equal(deed_said(d, ASKED_SECRET, 0)->wanted, PIN_WANT_MGM);
}

static void a_wrong_key_is_told(void **state)
{
	struct deed *d = *state;

	deed_types(d, FACTORY_KEY, NULL);
	assert_int_equal(login(d, NULL), OUT_PIN);
	deed_failed(d, OUT_PIN, "management-key-wrong", "The management key is wrong",
	    "The management key is wrong",
	    "Use the escrow file that `ecert token init` wrote for this token.");
}

static void what_is_no_key_is_not_sent(void **state)
{
	static const char *const texts[] = {"0102", "no hexadecimal", FACTORY_KEY "01"};
	struct deed *d = *state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		deed_types(d, texts[i], NULL);
		assert_int_equal(login(d, NULL), OUT_PIN);
		deed_failed(d, OUT_PIN, "management-key-form", "This is not a management key",
		    "This is not a management key", "It has 32, 48 or 64 hexadecimal digits.");
	}
}

/* Set up with --protect: the PIN is enough, and a wrong one costs its try. */
static void a_protected_key_wants_the_pin_only(void **state)
{
	struct deed *d = *state;
	const struct init_params o = {.escrow = d->escrow, .protect = true};
	struct init in = {.job = &d->job, .o = &o};

	deed_types(d, DEED_PIN, DEED_PIN, DEED_PUK, DEED_PUK, NULL);
	assert_int_equal(prov_open(&d->job, &in.token), OUT_OK);
	assert_int_equal(init_run(&in), OUT_OK);
	init_free(&in);
	deed_types(d, DEED_PIN, NULL);
	assert_int_equal(login(d, NULL), OUT_OK);
	assert_true(recorder_noted(
	    &d->said, "The token keeps its management key behind the PIN: the PIN is enough."));
	assert_int_equal(deed_said(d, ASKED_SECRET, 0)->wanted, PIN_WANT_PIN);
	deed_types(d, "000000", NULL);
	assert_int_equal(login(d, NULL), OUT_PIN);
	deed_failed(d, OUT_PIN, "pin-wrong", "The {what} is wrong; {tries} tries are left",
	    "The PIN is wrong; 2 tries are left", "Check it before you try again.");
}

static void a_new_secret_is_judged_by_each_rule(void **state)
{
	static const struct {
		const char *what, *typed, *reason, *sentence, *next;
	} rows[] = {
	    {"PIN", "12345", "pin-format", "A PIN has 6 to 8 characters",
		"Nothing was changed; choose another one."},
	    {"PUK", "123456789", "puk-format", "A PUK has 6 to 8 characters",
		"Nothing was changed; choose another one."},
	    {"PIN", "12 456", "pin-characters", "A PIN has no spaces and no special characters",
		"Nothing was changed; digits work everywhere."},
	    {"PUK", "12345678", "puk-common", "This PUK is one that everybody tries first",
		"Nothing was changed; choose another one."},
	    {"PUK", DEED_PIN, "puk-same",
		"The PUK is the same as the other: PIN and PUK have to differ",
		"Nothing was changed; choose different ones."},
	    {"PUK", OLD, "puk-unchanged", "The new PUK is the same as the old one",
		"Nothing was changed; choose another one."},
	    {"PIN", OLD, "pin-unchanged", "The new PIN is the same as the old one",
		"Nothing was changed; choose another one."},
	};
	struct deed d = {.job = {.slot_id = -1}};
	struct pin typed, other, present;

	(void)state;
	d.job.ui = &d.said.ui;
	assert_int_equal(pin_new(&typed), ECERT_OK);
	assert_int_equal(pin_new(&other), ECERT_OK);
	assert_int_equal(pin_new(&present), ECERT_OK);
	assert_int_equal(pin_set(&other, rd_of(DEED_PIN, strlen(DEED_PIN))), ECERT_OK);
	assert_int_equal(pin_set(&present, rd_of(OLD, strlen(OLD))), ECERT_OK);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		deed_types(&d, NULL);
		assert_int_equal(
		    pin_set(&typed, rd_of(rows[i].typed, strlen(rows[i].typed))), ECERT_OK);
		assert_int_equal(
		    secret_check(&d.job, rows[i].what, &typed, &other, &present), OUT_REFUSED);
		deed_failed(&d, OUT_REFUSED, rows[i].reason, rows[i].sentence, rows[i].sentence,
		    rows[i].next);
	}
	deed_types(&d, NULL);
	assert_int_equal(pin_set(&typed, rd_of(DEED_PUK, strlen(DEED_PUK))), ECERT_OK);
	assert_int_equal(secret_check(&d.job, "PUK", &typed, &other, NULL), OUT_OK);
	assert_int_equal(d.said.n, 0);
	pin_free(&typed);
	pin_free(&other);
	pin_free(&present);
}

#define READY(name) cmocka_unit_test_setup_teardown(name, deed_ready, deed_end)
#define FRESH(name) cmocka_unit_test_setup_teardown(name, deed_fresh, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    FRESH(a_token_is_opened_by_its_name),
	    FRESH(without_a_token_the_reason_is_told),
	    READY(the_daemon_that_is_named_is_asked),
	    READY(the_right_key_opens_wherever_it_is_from),
	    READY(a_wrong_key_is_told),
	    READY(what_is_no_key_is_not_sent),
	    FRESH(a_protected_key_wants_the_pin_only),
	    cmocka_unit_test(a_new_secret_is_judged_by_each_rule),
	};

	return cmocka_run_group_tests_name("provision: opening and secrets", tests, NULL, NULL);
}
