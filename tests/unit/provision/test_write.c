/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates onto a token, and the test signature with an imported key; simulated cards, because
 * some have to be of a kind that ecert-vcard is not. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provision/certput.h"
#include "provision/keyproof.h"
#include "tests/unit/token/sim.h"

static const char no_proof[] =
    "The token does not say whether the key came in whole, and without its PIN (--pin-source) no "
    "test signature was made.";

/* A simulated card in a room's hands. */
struct bench {
	struct sim *sim;
	struct sim_card *card;
	struct deed d;
	struct prov p;
};

static int set_out(void **state)
{
	static const uint8_t refs[] = {0x9A, 0x9C, 0};
	struct bench *b = calloc(1, sizeof *b);

	if (!b)
		return -1;
	*state = b;
	b->sim = sim_new(1);
	b->card = sim_card_new(4711);
	sim_insert(b->sim, 0, b->card);
	sim_provision(b->sim, 0, refs);
	b->d.job = (struct job){.ui = &b->d.said.ui, .slot_id = -1};
	b->p.job = &b->d.job;
	deed_types(&b->d, NULL);
	return 0;
}

/* The token opened, as the card is by now. */
static struct prov *open_it(struct bench *b, enum token_user who)
{
	int tries;
	const char *pin = who == TOKEN_SO ? SIM_MGM : SIM_PIN;

	b->p.tokens = sim_tokens(b->sim, ISOLATION_SESSION);
	b->p.at = (struct token_at){.tokens = b->p.tokens};
	assert_int_equal(token_info(&b->p.at, &b->p.info), ECERT_OK);
	assert_int_equal(token_login(&b->p.at, who, rd_of(pin, strlen(pin)), 0, &tries), ECERT_OK);
	return &b->p;
}

static int put_away(void **state)
{
	struct bench *b = *state;

	prov_close(&b->p);
	sim_card_free(&b->card);
	sim_free(&b->sim);
	free(b);
	return 0;
}

/* A certificate for the key in one slot. */
static void certificate(struct prov *p, uint8_t ref, struct buf *der)
{
	struct token_key k = {0};

	assert_int_equal(token_key_get(&p->at, ref, &k), ECERT_OK);
	sim_cert(k.pub, "Second", der);
	token_key_clear(&k);
}

static bool holds(struct prov *p, uint8_t ref, struct rd want)
{
	struct buf der = BUF_INIT(65536);
	bool same = !token_cert_get(&p->at, ref, &der) && rd_equal(buf_view(&der), want);

	buf_free(&der);
	return same;
}

static void a_certificate_takes_the_place_of_the_one_before(void **state)
{
	struct bench *b = *state;
	struct prov *p = open_it(b, TOKEN_SO);
	struct buf der = BUF_INIT(65536);

	certificate(p, 0x9C, &der);
	assert_false(holds(p, 0x9C, buf_view(&der)));
	assert_int_equal(cert_put(p, 0x9C, buf_view(&der)), OUT_OK);
	assert_true(holds(p, 0x9C, buf_view(&der)));
	assert_int_equal(b->d.said.n, 0);
	buf_free(&der);
}

/* Bytes that do not shrink, behind the head of a certificate. */
static void huge(struct buf *der, size_t n)
{
	uint32_t x = 1;

	while (buf_len(der) < n) {
		x = x * 1664525u + 1013904223u;
		buf_u8(der, (uint8_t)(x >> 24));
	}
}

static void one_that_is_too_large_leaves_what_was_there(void **state)
{
	static const char id[] = "The token has no room for a certificate of {n} bytes; what was "
				 "there before still is";
	struct bench *b = *state;
	struct prov *p = open_it(b, TOKEN_SO);
	struct buf was = BUF_INIT(65536), der = BUF_INIT(65536);

	assert_int_equal(token_cert_get(&p->at, 0x9C, &was), ECERT_OK);
	huge(&der, 60000);
	assert_int_equal(p->info.object_max, 0);
	assert_int_equal(cert_put(p, 0x9C, buf_view(&der)), OUT_CARD);
	deed_failed(&b->d, OUT_CARD, "certificate-too-large", id,
	    "The token has no room for a certificate of 60000 bytes; what was there before still "
	    "is",
	    "Use a token with more room, or ask the CA for a smaller one.");
	assert_true(holds(p, 0x9C, buf_view(&was)));
	/* Of a card that tells its limit that one is named; of one that keeps sizes, why. */
	p->info.object_max = 3052;
	deed_types(&b->d, NULL);
	assert_int_equal(cert_put(p, 0x9C, buf_view(&der)), OUT_CARD);
	deed_failed(&b->d, OUT_CARD, "certificate-too-large",
	    "The token has no room for a certificate of {n} bytes: this one takes about {max}; "
	    "what was there before still is",
	    "The token has no room for a certificate of 60000 bytes: this one takes about 3052; "
	    "what was there before still is",
	    "Use a token with more room, or ask the CA for a smaller one.");
	p->info.fixed_size = true;
	deed_types(&b->d, NULL);
	assert_int_equal(cert_put(p, 0x9C, buf_view(&der)), OUT_CARD);
	deed_failed(&b->d, OUT_CARD, "certificate-too-large",
	    "The token has no room for a certificate of {n} bytes: an object of this one keeps "
	    "the size that it was made with; what was there before still is",
	    "The token has no room for a certificate of 60000 bytes: an object of this one keeps "
	    "the size that it was made with; what was there before still is",
	    "Use a token with more room, or ask the CA for a smaller one.");
	buf_free(&was);
	buf_free(&der);
}

static void nobody_writes_without_the_key(void **state)
{
	struct bench *b = *state;
	struct prov *p = open_it(b, TOKEN_USER);
	struct buf der = BUF_INIT(65536);

	certificate(p, 0x9C, &der);
	assert_int_equal(cert_put(p, 0x9C, buf_view(&der)), OUT_PIN);
	deed_failed(&b->d, OUT_PIN, "auth", "Cannot write the certificate of slot {slot}: {why}",
	    "Cannot write the certificate of slot 9c: log in first",
	    "Give the PIN, or for provisioning the management key.");
	buf_free(&der);
}

/* ---- the test signature ---- */

static void a_card_that_tells_needs_no_test(void **state)
{
	struct bench *b = *state;

	assert_int_equal(key_proof(open_it(b, TOKEN_SO), 0x9C), OUT_OK);
	assert_int_equal(b->d.said.n, 0);
}

static void without_anybody_there_it_is_noted(void **state)
{
	struct bench *b = *state;

	sim_plain(b->card);
	assert_int_equal(key_proof(open_it(b, TOKEN_SO), 0x9C), OUT_OK);
	assert_int_equal(b->d.said.n, 1);
	assert_true(recorder_noted(&b->d.said, no_proof));
}

static void whoever_is_there_gives_the_pin(void **state)
{
	struct bench *b = *state;

	sim_plain(b->card);
	b->d.said.attended = true;
	deed_types(&b->d, SIM_PIN, NULL);
	assert_int_equal(key_proof(open_it(b, TOKEN_SO), 0x9C), OUT_OK);
	assert_int_equal(b->d.said.n, 1);
	assert_int_equal(deed_said(&b->d, ASKED_SECRET, 0)->wanted, PIN_WANT_PIN);
}

static void a_wrong_pin_is_told_with_its_tries(void **state)
{
	struct bench *b = *state;

	sim_plain(b->card);
	b->d.job.pin_source = "env:ECERT_TEST_PIN";
	setenv("ECERT_TEST_PIN", "000000", 1);
	assert_int_equal(key_proof(open_it(b, TOKEN_SO), 0x9C), OUT_PIN);
	unsetenv("ECERT_TEST_PIN");
	deed_failed(&b->d, OUT_PIN, "pin-wrong", "The {what} is wrong; {tries} tries are left",
	    "The PIN is wrong; 2 tries are left", "Check it before you try again.");
	assert_int_equal(sim_tries(b->card), 2);
}

/* The certificate is for another key than the one that is there. */
static void a_key_that_is_not_the_certificates_fails(void **state)
{
	struct bench *b = *state;
	struct prov *p = open_it(b, TOKEN_SO);
	struct buf der = BUF_INIT(65536);

	certificate(p, 0x9A, &der);
	assert_int_equal(cert_put(p, 0x9C, buf_view(&der)), OUT_OK);
	buf_free(&der);
	prov_close(p);
	b->p.job = &b->d.job;
	sim_plain(b->card);
	b->d.said.attended = true;
	deed_types(&b->d, SIM_PIN, NULL);
	assert_int_equal(key_proof(open_it(b, TOKEN_SO), 0x9C), OUT_CARD);
	deed_failed(&b->d, OUT_CARD, "test-signature-failed",
	    "The token took the key, and the test signature with slot {slot} failed: {why}",
	    "The token took the key, and the test signature with slot 9c failed: the signature "
	    "does not verify",
	    "Import it anew with --force; if that does not help, the token does not take this "
	    "file's key.");
}

static void a_key_that_is_gone_is_told(void **state)
{
	struct bench *b = *state;

	assert_int_equal(key_proof(open_it(b, TOKEN_SO), 0x9D), OUT_CARD);
	deed_failed(&b->d, OUT_CARD, "not-found", "Cannot find the key in slot {slot} again: {why}",
	    "Cannot find the key in slot 9d again: not found",
	    "See what the token holds with `ecert key list`.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_out, put_away)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_certificate_takes_the_place_of_the_one_before),
	    TEST(one_that_is_too_large_leaves_what_was_there),
	    TEST(nobody_writes_without_the_key),
	    TEST(a_card_that_tells_needs_no_test),
	    TEST(without_anybody_there_it_is_noted),
	    TEST(whoever_is_there_gives_the_pin),
	    TEST(a_wrong_pin_is_told_with_its_tries),
	    TEST(a_key_that_is_not_the_certificates_fails),
	    TEST(a_key_that_is_gone_is_told),
	};

	return cmocka_run_group_tests_name("provision: writing", tests, NULL, NULL);
}
