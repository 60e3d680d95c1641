/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor on a virtual token: what it finds out, and what it makes of it. (Made-up computers:
 * tests/unit/cli/test_doctor*.) */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/doctor/doctor.h"
#include "provision/prov.h"
#include "tests/unit/actions/certified.h"
#include "tests/unit/document/pki.h"

#define LABEL "e-Cert PIV 4711 (virtual)"

static struct doctor seen;

static void look(struct deed *d)
{
	memset(&seen, 0, sizeof seen);
	doctor_probe(&d->job, &seen);
	seen.root = d->dir; /* nothing of this computer: no reader, no browser */
}

static const struct doctor_finding *finding(const char *check)
{
	for (size_t i = 0; i < seen.findings; i++)
		if (!strcmp(seen.finding[i].check, check))
			return &seen.finding[i];
	return NULL;
}

static void found(const char *check, enum doctor_level level, const char *what, const char *advice)
{
	const struct doctor_finding *f = finding(check);

	if (!f) {
		fail_msg("nothing is said of %s", check);
		return;
	}
	assert_string_equal(f->what, what);
	assert_string_equal(f->advice, advice);
	assert_int_equal(f->level, level);
}

static void login_fails(struct deed *d, const char *pin)
{
	struct prov p;
	int tries;

	assert_int_equal(prov_open(&d->job, &p), OUT_OK);
	assert_int_not_equal(
	    token_login(&p.at, TOKEN_USER, rd_of(pin, strlen(pin)), TOKEN_ALLOW_LAST_TRY, &tries),
	    ECERT_OK);
	prov_close(&p);
}

static void a_factory_token_is_a_problem(void **state)
{
	struct deed *d = *state;
	char want[128];

	look(d);
	assert_int_equal(seen.service, ECERT_OK);
	assert_int_equal(seen.cards, 1);
	assert_true(seen.card[0].present);
	assert_int_equal(seen.card[0].rc, ECERT_OK);
	assert_int_equal(seen.card[0].pin_tries, 3);
	assert_int_equal(seen.card[0].puk_tries, 3);
	assert_int_equal(seen.card[0].certs, 0);
	assert_int_equal(doctor_examine(&seen), DOCTOR_PROBLEM);
	found("service", DOCTOR_FINE, "A virtual token was named and answers", "");
	found("reader", DOCTOR_FINE, seen.card[0].reader, "");
	snprintf(want, sizeof want, LABEL ", serial number %s", seen.card[0].serial);
	found("card", DOCTOR_FINE, want, "");
	found("secrets", DOCTOR_PROBLEM,
	    LABEL " still has the factory's PIN, PUK, management key, which everybody knows",
	    "Set the token up: `ecert token init --escrow FILE`.");
	found("pin", DOCTOR_FINE, "3 tries of the PIN of " LABEL " are left", "");
	assert_int_equal(d->said.n, 0); /* a person is asked nothing, told nothing */
}

static void one_that_is_set_up_is_fine(void **state)
{
	struct deed *d = *state;
	char want[8192];

	look(d);
	(void)doctor_examine(&seen);
	assert_null(finding("secrets"));
	found("pin", DOCTOR_FINE, "3 tries of the PIN of " LABEL " are left", "");
	snprintf(want, sizeof want, "%s shows 1 token", d->module);
	found("module", DOCTOR_FINE, want, "");
	assert_int_equal(seen.named.state, DOCTOR_MODULE_WORKS);
}

static void tries_are_counted_and_none_is_used(void **state)
{
	struct deed *d = *state;

	login_fails(d, "000000");
	login_fails(d, "000000");
	look(d);
	look(d);
	assert_int_equal(doctor_examine(&seen), DOCTOR_WARNING);
	found("pin", DOCTOR_WARNING, "Only one try of the PIN of " LABEL " is left",
	    "Use it only when you are sure of the PIN, else set a new one: `ecert pin unblock`.");
	login_fails(d, "000000");
	look(d);
	assert_int_equal(doctor_examine(&seen), DOCTOR_PROBLEM);
	found("pin", DOCTOR_PROBLEM, "The PIN of " LABEL " is blocked",
	    "Set a new one with the PUK: `ecert pin unblock`.");
}

static void a_token_that_is_out_is_one_problem(void **state)
{
	struct deed *d = *state;
	char want[256];

	deed_pull(d);
	look(d);
	assert_int_equal(doctor_examine(&seen), DOCTOR_PROBLEM);
	snprintf(want, sizeof want, "The virtual token at %s does not answer", d->reader);
	found("service", DOCTOR_PROBLEM, want,
	    "Start it with `ecert-vcard --listen PATH`, or leave --reader and ECERT_READER out.");
	assert_null(finding("card"));
	assert_null(finding("pin"));
}

static void a_certificate_is_judged_by_its_end(void **state)
{
	struct deed *d = *state;
	time_t until = time(NULL) + 90 * DAY;
	char want[256], date[16];
	struct tm tm;

	certify(d, d->source, until);
	look(d);
	assert_int_equal(seen.card[0].certs, 1);
	assert_string_equal(seen.card[0].cert[0].name, "WONG Mei");
	assert_string_equal(seen.card[0].cert[0].id, "9c");
	assert_false(seen.card[0].cert[0].imported);
	(void)doctor_examine(&seen);
	gmtime_r(&until, &tm);
	strftime(date, sizeof date, "%Y-%m-%d", &tm);
	snprintf(want, sizeof want, "WONG Mei (9c), until %s", date);
	found("certificate", DOCTOR_FINE, want, "");
	look(d);
	seen.now = until + DAY;
	assert_int_equal(doctor_examine(&seen), DOCTOR_PROBLEM);
	assert_int_equal(finding("certificate")->level, DOCTOR_PROBLEM);
	assert_string_equal(finding("certificate")->advice,
	    "Ask your CA for a new one: `ecert cert request`, then `ecert cert import`.");
	look(d);
	seen.now = until - 301 * DAY;
	assert_int_equal(doctor_examine(&seen), DOCTOR_PROBLEM);
	found("certificate", DOCTOR_PROBLEM, "The certificate of WONG Mei (9c) is not valid yet",
	    "Compare the computer's clock; a new certificate may begin tomorrow.");
	d->job.now = until - 10 * DAY;
	look(d);
	assert_int_equal(seen.now, d->job.now);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, deed_fresh, deed_end)
#define READY(name) cmocka_unit_test_setup_teardown(name, deed_ready, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    FRESH(a_factory_token_is_a_problem),
	    READY(one_that_is_set_up_is_fine),
	    READY(tries_are_counted_and_none_is_used),
	    FRESH(a_token_that_is_out_is_one_problem),
	    READY(a_certificate_is_judged_by_its_end),
	};

	return cmocka_run_group_tests_name("actions: the doctor on a token", tests, NULL, NULL);
}
