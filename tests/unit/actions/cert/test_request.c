/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking a CA for a certificate, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "actions/cert/request.h"
#include "provision/prov.h"

/* A token with a key in 9c that was made there. */
static int ready(void **state)
{
	const struct token_newkey spec = {.ref = 0x9C, .alg = KEY_P256};
	struct pubkey *pub = NULL;
	struct deed *d;
	struct prov p;
	int rc = deed_ready(state);

	if (rc)
		return rc;
	d = *state;
	assert_int_equal(prov_open(&d->job, &p), OUT_OK);
	assert_int_equal(prov_login_mgm(&p, d->source), OUT_OK);
	assert_int_equal(token_key_generate(&p.at, &spec, &pub), ECERT_OK);
	pubkey_free(&pub);
	prov_close(&p);
	deed_types(d, DEED_PIN, NULL);
	return 0;
}

static void it_is_signed_by_the_key(void **state)
{
	struct deed *d = *state;
	const char *san[] = {"email:mei@wong.example"};
	struct cert_request_deed o = {.subject = "C=HK, O=Wong Ltd, CN=WONG Mei",
	    .san = {.v = san, .n = 1},
	    .output = deed_file(d, "request.pem", NULL),
	    .attestation = deed_file(d, "attestation.pem", NULL)};
	X509_REQ *req;
	char cn[64];
	FILE *f;

	assert_int_equal(cert_request(&d->job, &o), OUT_OK);
	assert_int_equal(deed_count(d, ASKED_SECRET), 1);
	assert_string_equal(deed_said(d, ASKED_SECRET, 0)->next, "to sign a certificate request");
	f = fopen(o.output, "re");
	assert_non_null(f);
	req = PEM_read_X509_REQ(f, NULL, NULL, NULL);
	fclose(f);
	assert_non_null(req);
	assert_int_equal(X509_REQ_verify(req, X509_REQ_get0_pubkey(req)), 1);
	assert_true(X509_NAME_get_text_by_NID(
			X509_REQ_get_subject_name(req), NID_commonName, cn, sizeof cn) > 0);
	assert_string_equal(cn, "WONG Mei");
	X509_REQ_free(req);
	assert_int_equal(access(o.attestation, F_OK), 0);
}

/* Everything that can be refused is, before the PIN is asked. */
static void refused(
    struct deed *d, const struct cert_request_deed *o, enum outcome code, const char *reason)
{
	deed_types(d, DEED_PIN, NULL);
	assert_int_equal(cert_request(&d->job, o), code);
	assert_int_equal(deed_count(d, ASKED_SECRET), 0);
	assert_int_equal(deed_count(d, SAID_FAILED), 1);
	assert_string_equal(recorder_failure(&d->said)->reason, reason);
}

static void nothing_is_asked_for_what_cannot_be(void **state)
{
	struct deed *d = *state;
	struct cert_request_deed o = {.output = deed_file(d, "request.pem", NULL)};
	const char *there = deed_file(d, "there.pem", "x");

	refused(d, &o, OUT_USAGE, "subject-missing");
	o.subject = "Wong";
	refused(d, &o, OUT_USAGE, "subject-malformed");
	o.subject = "CN=x";
	o.attestation = o.output;
	refused(d, &o, OUT_USAGE, "outputs-same");
	o.attestation = there;
	refused(d, &o, OUT_REFUSED, "exists");
	o.attestation = NULL;
	o.slot = "99";
	refused(d, &o, OUT_USAGE, "slot-unknown");
	o.slot = NULL;
	o.template_file = there;
	refused(d, &o, OUT_INPUT, "template-malformed");
	assert_int_not_equal(access(o.output, F_OK), 0);
}

static void a_slot_without_a_key_is_told(void **state)
{
	struct deed *d = *state;
	struct cert_request_deed o = {
	    .slot = "9d", .subject = "CN=x", .output = deed_file(d, "request.pem", NULL)};

	assert_int_equal(cert_request(&d->job, &o), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "slot-empty", "There is no {what} in slot {slot}",
	    "There is no key in slot 9d", "Make one with `ecert key generate`.");
}

static void a_wrong_pin_writes_nothing(void **state)
{
	struct deed *d = *state;
	struct cert_request_deed o = {
	    .subject = "CN=x", .output = deed_file(d, "request.pem", NULL)};

	d->job.pin_source = deed_source(d, "pin", "999888\n");
	assert_int_equal(cert_request(&d->job, &o), OUT_PIN);
	assert_string_equal(recorder_failure(&d->said)->reason, "pin-wrong");
	assert_int_not_equal(access(o.output, F_OK), 0);
}

#define READY(f) cmocka_unit_test_setup_teardown(f, ready, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {READY(it_is_signed_by_the_key),
	    READY(nothing_is_asked_for_what_cannot_be), READY(a_slot_without_a_key_is_told),
	    READY(a_wrong_pin_writes_nothing)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
