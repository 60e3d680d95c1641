/* SPDX-License-Identifier: BSD-2-Clause */
/* Making, listing and labelling keys, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#include "actions/key/generate.h"
#include "actions/key/label.h"
#include "actions/key/list.h"
#include "tests/unit/actions/certified.h"
#include "tests/unit/document/pki.h"

static enum outcome make(struct deed *d, struct generate_deed *o, struct generate_result *made)
{
	o->place.mgm = d->source;
	return key_generate(&d->job, o, made);
}

static void a_key_is_made_and_listed(void **state)
{
	struct deed *d = *state;
	struct generate_deed o = {.place = {.label = "Tax returns", .pin_policy = "always"}};
	struct generate_result made;
	struct key_list keys;

	assert_int_equal(key_list(&d->job, &keys), OUT_OK);
	assert_int_equal(keys.n, 0);
	key_list_free(&keys);

	assert_int_equal(make(d, &o, &made), OUT_OK);
	assert_string_equal(made.slot, "9c");
	assert_string_equal(made.algorithm, "P-256");
	assert_true(made.signs);

	assert_int_equal(key_list(&d->job, &keys), OUT_OK);
	assert_int_equal(keys.n, 1);
	assert_false(keys.by_module);
	assert_string_equal(keys.row[0].slot, "9c");
	assert_string_equal(keys.row[0].id, "02");
	assert_string_equal(keys.row[0].label, "Tax returns");
	assert_string_equal(keys.row[0].use, "digital signature");
	assert_string_equal(keys.row[0].algorithm, "P-256");
	assert_string_equal(keys.row[0].pin_policy, "always");
	assert_string_equal(keys.row[0].origin, "generated");
	assert_null(keys.row[0].who);
	assert_false(keys.row[0].ends_soon);
	key_list_free(&keys);
	assert_int_equal(d->said.n, 0);
}

static void a_certificate_that_ends_soon_is_told(void **state)
{
	struct deed *d = *state;
	struct key_list keys;

	certify(d, d->source, time(NULL) + 30 * DAY);
	deed_types(d, NULL);
	assert_int_equal(key_list(&d->job, &keys), OUT_OK);
	assert_int_equal(keys.n, 1);
	assert_non_null(keys.row[0].who);
	assert_string_equal(keys.row[0].who->name, "WONG Mei");
	assert_true(keys.row[0].ends_soon);
	assert_non_null(strstr(keys.row[0].ends.m.id, "expires on"));
	key_list_free(&keys);
}

/* Soon is soon after the deed's moment, and not after what the clock says. */
static void soon_is_counted_from_the_deed(void **state)
{
	struct deed *d = *state;
	struct key_list keys;

	certify(d, d->source, time(NULL) + 300 * DAY);
	deed_types(d, NULL);
	assert_int_equal(key_list(&d->job, &keys), OUT_OK);
	assert_false(keys.row[0].ends_soon);
	key_list_free(&keys);
	d->job.now = time(NULL) + 290 * DAY;
	assert_int_equal(key_list(&d->job, &keys), OUT_OK);
	assert_true(keys.row[0].ends_soon);
	key_list_free(&keys);
}

static void a_key_that_agrees_signs_nothing(void **state)
{
	struct deed *d = *state;
	struct generate_deed o = {.place = {.slot = "9d"}, .alg = "x25519"};
	struct generate_result made;

	assert_int_equal(make(d, &o, &made), OUT_OK);
	assert_string_equal(made.slot, "9d");
	assert_false(made.signs);
}

static void a_slot_that_is_taken_is_refused(void **state)
{
	struct deed *d = *state;
	struct generate_deed o = {.alg = "p256"};
	struct generate_result made;

	assert_int_equal(make(d, &o, &made), OUT_OK);
	assert_int_equal(make(d, &o, &made), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "slot-taken",
	    "Slot {slot} holds a key already; a new one would destroy it",
	    "Slot 9c holds a key already; a new one would destroy it",
	    "Choose another slot, or replace it for good with --force.");
	o.place.force = true;
	o.alg = "p384";
	assert_int_equal(make(d, &o, &made), OUT_OK);
	assert_string_equal(made.algorithm, "P-384");
}

static void what_is_no_kind_of_key_is_told(void **state)
{
	struct deed *d = *state;
	struct generate_deed o = {.alg = "p255"};
	struct generate_result made;

	assert_int_equal(make(d, &o, &made), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "key-algorithm-unknown", "There is no key algorithm '{alg}'",
	    "There is no key algorithm 'p255'",
	    "p256, p384, rsa2048, rsa3072, rsa4096, ed25519, x25519 or sm2.");
	deed_types(d, NULL);
	o.alg = "rsa1024";
	assert_int_equal(make(d, &o, &made), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "key-too-short",
	    "RSA-1024 is too short: nobody accepts its signatures any more",
	    "RSA-1024 is too short: nobody accepts its signatures any more",
	    "Make one with p256 or rsa2048.");
	deed_types(d, NULL);
	o = (struct generate_deed){.place = {.touch_policy = "sometimes"}};
	assert_int_equal(make(d, &o, &made), OUT_USAGE);
	assert_string_equal(recorder_failure(&d->said)->reason, "value-unknown");
}

static void a_management_key_of_another_is_refused(void **state)
{
	struct deed *d = *state;
	struct generate_deed o = {.place = {.slot = "9a"}};
	struct generate_result made;
	struct key_list keys;

	o.place.mgm = deed_source(
	    d, "other", "0102030405060708010203040506070801020304050607080102030405060708\n");
	assert_int_equal(key_generate(&d->job, &o, &made), OUT_PIN);
	deed_failed(d, OUT_PIN, "management-key-wrong", "The management key is wrong",
	    "The management key is wrong",
	    "Use the escrow file that `ecert token init` wrote for this token.");
	assert_int_equal(key_list(&d->job, &keys), OUT_OK);
	assert_int_equal(keys.n, 0);
	key_list_free(&keys);
}

static void its_public_key_is_written(void **state)
{
	struct deed *d = *state;
	struct generate_deed o = {.output = deed_file(d, "public.pem", NULL)};
	struct generate_result made;
	EVP_PKEY *pub;
	FILE *f;

	assert_int_equal(make(d, &o, &made), OUT_OK);
	f = fopen(o.output, "re");
	assert_non_null(f);
	pub = PEM_read_PUBKEY(f, NULL, NULL, NULL);
	fclose(f);
	assert_non_null(pub);
	assert_true(EVP_PKEY_is_a(pub, "EC"));
	EVP_PKEY_free(pub);
	/* A file that is there is seen before anything is made. */
	o.place.slot = "9a";
	assert_int_equal(make(d, &o, &made), OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "exists");
	deed_types(d, NULL);
	o.output = NULL;
	assert_int_equal(make(d, &o, &made), OUT_OK);
}

static void a_key_is_called_something_else(void **state)
{
	struct deed *d = *state;
	struct generate_deed o = {.place = {.label = "Old"}};
	struct slot_label_deed called = {.mgm = d->source, .what = SLOT_KEY, .label = "Neu é"};
	struct slot_label_result done;
	struct generate_result made;
	struct key_list keys;

	assert_int_equal(make(d, &o, &made), OUT_OK);
	assert_int_equal(slot_label(&d->job, &called, &done), OUT_OK);
	assert_string_equal(done.slot, "9c");
	assert_int_equal(key_list(&d->job, &keys), OUT_OK);
	assert_string_equal(keys.row[0].label, "Neu é");
	key_list_free(&keys);
	called.label = "";
	assert_int_equal(slot_label(&d->job, &called, &done), OUT_OK);
	assert_int_equal(key_list(&d->job, &keys), OUT_OK);
	assert_null(keys.row[0].label);
	key_list_free(&keys);
}

static void what_cannot_be_a_label_is_told(void **state)
{
	struct deed *d = *state;
	char longest[TOKEN_NAME_MAX + 2];
	struct slot_label_deed called = {.mgm = d->source, .what = SLOT_KEY};
	struct slot_label_result done;

	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	called.label = longest;
	assert_int_equal(slot_label(&d->job, &called, &done), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "label-too-long",
	    "A label has at most {max} bytes, and this one has {n}",
	    "A label has at most 96 bytes, and this one has 97", "Choose a shorter one.");
	deed_types(d, NULL);
	called.label = "a\xE2\x80\xAEz"; /* turns what follows round */
	assert_int_equal(slot_label(&d->job, &called, &done), OUT_USAGE);
	assert_string_equal(recorder_failure(&d->said)->reason, "label-malformed");
	deed_types(d, NULL);
	called.label = "x";
	assert_int_equal(slot_label(&d->job, &called, &done), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "slot-empty", "There is no key in slot {slot}",
	    "There is no key in slot 9c", "`ecert key list` shows what there is.");
	deed_types(d, NULL);
	called.what = SLOT_CERT;
	assert_int_equal(slot_label(&d->job, &called, &done), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "slot-empty", "There is no certificate in slot {slot}",
	    "There is no certificate in slot 9c", "`ecert cert list` shows what there is.");
}

static void a_token_that_is_out_has_no_list(void **state)
{
	struct deed *d = *state;
	struct key_list keys;

	deed_pull(d);
	assert_int_equal(key_list(&d->job, &keys), OUT_NO_TOKEN);
	assert_int_equal(keys.n, 0);
	assert_int_equal(deed_count(d, SAID_FAILED), 1);
	key_list_free(&keys);
}

#define READY(f) cmocka_unit_test_setup_teardown(f, deed_ready, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {READY(a_key_is_made_and_listed),
	    READY(a_certificate_that_ends_soon_is_told), READY(soon_is_counted_from_the_deed),
	    READY(a_key_that_agrees_signs_nothing), READY(a_slot_that_is_taken_is_refused),
	    READY(what_is_no_kind_of_key_is_told), READY(a_management_key_of_another_is_refused),
	    READY(its_public_key_is_written), READY(a_key_is_called_something_else),
	    READY(what_cannot_be_a_label_is_told), READY(a_token_that_is_out_has_no_list)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
