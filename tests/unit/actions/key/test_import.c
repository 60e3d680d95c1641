/* SPDX-License-Identifier: BSD-2-Clause */
/* Putting a PKCS#12 e-Cert on a token, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <openssl/pkcs12.h>
#include <stdio.h>
#include <string.h>

#include "actions/key/import.h"
#include "actions/key/list.h"
#include "tests/unit/document/pki.h"

/* A file with a key, its certificate and maybe the CA's. */
struct parcel {
	struct deed *d;
	struct pki_id ca, own;
	struct key_import_deed deed;
	struct key_import_result done;
	char name[128];
	size_t stored, notes_before; /* calls, and notes made until then */
};
static struct parcel at;

static void stored(void *ctx, const struct key_import_result *so_far)
{
	struct parcel *p = ctx;

	p->stored++;
	p->notes_before = deed_count(p->d, SAID_NOTE);
	assert_string_equal(so_far->slot, "9c");
	assert_string_equal(so_far->who.name, "WONG Mei");
}

static void pack(bool with_ca, enum key_alg alg)
{
	STACK_OF(X509) *others = sk_X509_new_null();
	time_t until = time(NULL) + 300 * DAY;
	PKCS12 *p12;
	FILE *f;

	pki_make(&(struct pki_spec){.cn = "CA", .ca = true, .until = until}, &at.ca);
	pki_make(&(struct pki_spec){.cn = "WONG Mei",
		     .key = alg,
		     .issuer = &at.ca,
		     .usage = "digitalSignature",
		     .from = until - 400 * DAY,
		     .until = until},
	    &at.own);
	assert_non_null(others);
	if (with_ca)
		assert_true(sk_X509_push(others, at.ca.cert) > 0);
	p12 = PKCS12_create("demo", "mine", at.own.key, at.own.cert, others, 0, 0, 0, 0, 0);
	assert_non_null(p12);
	f = fopen(at.name, "we");
	assert_non_null(f);
	assert_int_equal(i2d_PKCS12_fp(f, p12), 1);
	assert_int_equal(fclose(f), 0);
	PKCS12_free(p12);
	sk_X509_free(others);
}

static int ready(void **state)
{
	int rc = deed_ready(state);

	if (rc)
		return rc;
	at = (struct parcel){.d = *state};
	snprintf(at.name, sizeof at.name, "%s", deed_file(at.d, "own.p12", NULL));
	at.deed = (struct key_import_deed){.place = {.mgm = at.d->source},
	    .file = at.name,
	    .password = deed_source(at.d, "password", "demo\n"),
	    .stored = stored,
	    .stored_ctx = &at};
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
	return key_import(&at.d->job, &at.deed, &at.done);
}

static size_t keys_there(void)
{
	struct key_list keys;
	size_t n;

	assert_int_equal(key_list(&at.d->job, &keys), OUT_OK);
	n = keys.n;
	key_list_free(&keys);
	return n;
}

static void key_and_certificate_are_there(void **state)
{
	struct key_list keys;

	(void)state;
	pack(true, KEY_P256);
	at.deed.place.label = "Mine";
	assert_int_equal(import(), OUT_OK);
	assert_string_equal(at.done.slot, "9c");
	assert_string_equal(at.done.who.name, "WONG Mei");
	assert_true(at.done.chain_complete);
	assert_int_equal(at.done.left_out, 0);
	assert_int_equal(at.stored, 1);
	assert_int_equal(at.notes_before, 0);
	assert_true(recorder_noted(
	    &at.d->said, "The file still holds a copy of the key: delete it, and its backups."));
	assert_int_equal(deed_count(at.d, SAID_FAILED), 0);
	assert_int_equal(key_list(&at.d->job, &keys), OUT_OK);
	assert_int_equal(keys.n, 1);
	assert_string_equal(keys.row[0].origin, "imported");
	assert_string_equal(keys.row[0].label, "Mine");
	assert_string_equal(keys.row[0].who->sha256, at.done.who.sha256);
	key_list_free(&keys);
}

static void a_chain_that_is_not_there_is_told(void **state)
{
	(void)state;
	pack(false, KEY_P256);
	assert_int_equal(import(), OUT_OK);
	assert_false(at.done.chain_complete);
	assert_true(deed_count(at.d, SAID_NOTE) >= 2);
}

static void the_password_of_another_is_refused(void **state)
{
	(void)state;
	pack(true, KEY_P256);
	at.deed.password = deed_source(at.d, "other", "guess\n");
	assert_int_equal(import(), OUT_INPUT);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "password");
	assert_int_equal(at.stored, 0);
	assert_int_equal(keys_there(), 0);
}

static void a_key_is_not_destroyed(void **state)
{
	(void)state;
	pack(true, KEY_P256);
	assert_int_equal(import(), OUT_OK);
	deed_types(at.d, NULL);
	assert_int_equal(import(), OUT_REFUSED);
	assert_string_equal(recorder_failure(&at.d->said)->reason, "slot-taken");
	assert_int_equal(at.stored, 1);
	at.deed.place.slot = "sign";
	at.deed.place.force = true;
	deed_types(at.d, NULL);
	assert_int_equal(import(), OUT_OK);
	assert_int_equal(keys_there(), 1);
}

static void a_key_that_nobody_believes_is_refused(void **state)
{
	(void)state;
	pack(true, KEY_RSA1024);
	assert_int_equal(import(), OUT_REFUSED);
	deed_failed(at.d, OUT_REFUSED, "key-too-short",
	    "The key is {name}, which is too short: nobody accepts its signatures any more",
	    "The key is RSA-1024, which is too short: nobody accepts its signatures any more",
	    "Ask the CA for a new e-Cert with RSA-2048 (or longer), P-256 or P-384.");
	assert_int_equal(keys_there(), 0);
}

#define READY(f) cmocka_unit_test_setup_teardown(f, ready, end)

int main(void)
{
	const struct CMUnitTest tests[] = {READY(key_and_certificate_are_there),
	    READY(a_chain_that_is_not_there_is_told), READY(the_password_of_another_is_refused),
	    READY(a_key_is_not_destroyed), READY(a_key_that_nobody_believes_is_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
