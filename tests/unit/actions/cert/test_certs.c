/* SPDX-License-Identifier: BSD-2-Clause */
/* Listing, exporting and importing certificates, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#include "actions/cert/export.h"
#include "actions/cert/import.h"
#include "actions/cert/list.h"
#include "provision/prov.h"
#include "tests/unit/actions/certified.h"
#include "tests/unit/document/pki.h"

static void a_token_without_any_says_what_to_do(void **state)
{
	struct deed *d = *state;
	struct cert_list certs;

	assert_int_equal(cert_list(&d->job, &certs), OUT_OK);
	assert_int_equal(certs.n, 0);
	assert_non_null(strstr(certs.next, "ecert key import FILE.p12"));
	cert_list_free(&certs);
}

static void what_is_there_is_listed(void **state)
{
	struct deed *d = *state;
	struct cert_list certs;

	certify(d, d->source, time(NULL) + 30 * DAY);
	assert_int_equal(cert_list(&d->job, &certs), OUT_OK);
	assert_int_equal(certs.n, 1);
	assert_string_equal(certs.row[0].id, "02");
	assert_string_equal(certs.row[0].who.name, "WONG Mei");
	assert_true(certs.row[0].may_sign);
	assert_true(certs.row[0].ends_soon);
	assert_in_range(certs.row[0].days_left, 29, 30);
	cert_list_free(&certs);
}

static void one_that_ended_does_not_sign(void **state)
{
	struct deed *d = *state;
	struct cert_list certs;
	char why[256];

	certify(d, d->source, time(NULL) - 2 * DAY);
	assert_int_equal(cert_list(&d->job, &certs), OUT_OK);
	assert_int_equal(certs.n, 1);
	assert_false(certs.row[0].may_sign);
	message_kept_text(&certs.row[0].reason, NULL, why, sizeof why);
	assert_non_null(strstr(why, "expired"));
	assert_true(certs.row[0].days_left < 0);
	cert_list_free(&certs);
}

static void a_certificate_is_exported(void **state)
{
	struct deed *d = *state;
	struct cert_export_deed o = {.output = deed_file(d, "exported.pem", NULL)};
	struct cert_export_result done;
	X509 *x;
	FILE *f;

	certify(d, d->source, time(NULL) + 90 * DAY);
	deed_types(d, NULL);
	assert_int_equal(cert_export(&d->job, &o, &done), OUT_OK);
	assert_string_equal(done.slot, "9c");
	assert_string_equal(done.who.name, "WONG Mei");
	f = fopen(o.output, "re");
	assert_non_null(f);
	x = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	assert_non_null(x);
	X509_free(x);

	assert_int_equal(cert_export(&d->job, &o, &done), OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "exists");
	deed_types(d, NULL);
	o.force = true;
	o.slot = "9d";
	assert_int_equal(cert_export(&d->job, &o, &done), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "slot-empty", "There is no {what} in slot {slot}",
	    "There is no certificate in slot 9d", "`ecert cert list` shows what there is.");
}

/* ---- import ---- */
struct answered {
	struct deed *d;
	struct pki_id ca, own;
	struct cert_import_deed deed;
	struct cert_import_result done;
	char file[128];
	size_t stored, notes_before; /* calls, and notes made until then */
};
static struct answered at;

static void stored(void *ctx, const struct cert_import_result *so_far)
{
	struct answered *a = ctx;

	a->stored++;
	a->notes_before = deed_count(a->d, SAID_NOTE);
	assert_string_equal(so_far->slot, "9a");
	assert_string_equal(so_far->who.name, "WONG Mei");
}

/* A key in 9a, and a CA's certificate for it; of: NULL, or another key that it is for. */
static void ask_ca(EVP_PKEY *of)
{
	const struct token_newkey spec = {.ref = 0x9A, .alg = KEY_P256};
	time_t until = time(NULL) + 300 * DAY;
	struct pubkey *pub = NULL;
	struct prov p;

	assert_int_equal(prov_open(&at.d->job, &p), OUT_OK);
	assert_int_equal(prov_login_mgm(&p, at.d->source), OUT_OK);
	assert_int_equal(token_key_generate(&p.at, &spec, &pub), ECERT_OK);
	prov_close(&p);
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true, .until = until}, &at.ca);
	pki_make(&(struct pki_spec){.cn = "WONG Mei",
		     .issuer = &at.ca,
		     .usage = "digitalSignature",
		     .from = until - 400 * DAY,
		     .until = until,
		     .use_key = of ? of : pubkey_evp(pub)},
	    &at.own);
	pubkey_free(&pub);
}

static int ready(void **state)
{
	int rc = deed_ready(state);

	if (rc)
		return rc;
	at = (struct answered){.d = *state};
	snprintf(at.file, sizeof at.file, "%s", deed_file(at.d, "answer.pem", NULL));
	at.deed = (struct cert_import_deed){
	    .file = at.file, .mgm = at.d->source, .stored = stored, .stored_ctx = &at};
	return 0;
}

static int end(void **state)
{
	pki_free(&at.ca);
	pki_free(&at.own);
	return deed_end(state);
}

static enum outcome import(void)
{
	deed_types(at.d, NULL);
	return cert_import(&at.d->job, &at.deed, &at.done);
}

static void it_goes_where_its_key_is(void **state)
{
	const char *ca;

	(void)state;
	ask_ca(NULL);
	pki_write_pem(at.file, &at.own);
	assert_int_equal(import(), OUT_OK);
	assert_int_equal(at.stored, 1);
	assert_int_equal(at.notes_before, 0);
	assert_string_equal(at.done.slot, "9a");
	assert_int_equal(at.done.authorities, 0);
	assert_string_equal(at.done.who.name, "WONG Mei");
	assert_int_equal(deed_count(at.d, SAID_FAILED), 0);

	/* The CA's alone afterwards complete it. */
	ca = deed_file(at.d, "ca.pem", NULL);
	pki_write_pem(ca, &at.ca);
	at.deed.file = ca;
	assert_int_equal(import(), OUT_OK);
	assert_int_equal(at.done.authorities, 1);
	assert_string_equal(at.done.slot, "");
	assert_int_equal(at.stored, 1);
}

static void one_of_no_key_here_is_refused(void **state)
{
	struct pki_id other;

	(void)state;
	pki_make(&(struct pki_spec){.cn = "other"}, &other);
	ask_ca(other.key);
	pki_write_pem(at.file, &at.own);
	assert_int_equal(import(), OUT_REFUSED);
	deed_failed(at.d, OUT_REFUSED, "certificate-without-key",
	    "No key on this token belongs to the certificate",
	    "No key on this token belongs to the certificate",
	    "Was it made for another token? `ecert key list` shows the keys here.");
	at.deed.slot = "9a";
	assert_int_equal(import(), OUT_REFUSED);
	deed_failed(at.d, OUT_REFUSED, "certificate-of-other-key",
	    "The key in slot {slot} is not the one of this certificate",
	    "The key in slot 9a is not the one of this certificate",
	    "Leave --slot out to find the right one.");
	at.deed.force = true;
	assert_int_equal(import(), OUT_OK);
	assert_string_equal(at.done.slot, "9a");
	pki_free(&other);
}

static void what_is_no_certificate_is_told(void **state)
{
	(void)state;
	ask_ca(NULL);
	at.deed.file = deed_file(at.d, "note.txt", "no certificate\n");
	assert_int_equal(import(), OUT_INPUT);
	assert_int_equal(at.stored, 0);
	assert_int_equal(deed_count(at.d, SAID_FAILED), 1);
}

#define READY(f)    cmocka_unit_test_setup_teardown(f, deed_ready, deed_end)
#define ANSWERED(f) cmocka_unit_test_setup_teardown(f, ready, end)

int main(void)
{
	const struct CMUnitTest tests[] = {READY(a_token_without_any_says_what_to_do),
	    READY(what_is_there_is_listed), READY(one_that_ended_does_not_sign),
	    READY(a_certificate_is_exported), ANSWERED(it_goes_where_its_key_is),
	    ANSWERED(one_of_no_key_here_is_refused), ANSWERED(what_is_no_certificate_is_told)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
