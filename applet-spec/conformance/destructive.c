/* SPDX-License-Identifier: BSD-2-Clause */
/* The destructive part: the card is set back, filled, tried and set back again. */
#include "applet-spec/conformance/conformance.h"

#include <string.h>

#define RESET_CLAUSE "e-Cert profile, RESET"
#define AUTH_CLAUSE  "SP 800-73-5 part 2, appendix A.1"
#define PUT_CLAUSE   "SP 800-73-5 part 2, 3.3.1"
#define COUNT_CLAUSE "e-Cert profile, change counter"
#define NAMES_CLAUSE "e-Cert profile, names"

static const uint8_t wrong[] = {'9', '9', '9', '9', '9', '8', 0xFF, 0xFF};

static void block(struct session *s, uint8_t ins, uint8_t ref)
{
	uint8_t both[16];
	uint16_t sw = 0;

	memcpy(both, wrong, 8);
	memcpy(both + 8, wrong, 8);
	for (int i = 0; i <= ECERT_TRIES_MAX && sw != ECERT_SW_BLOCKED && s->dead == ECERT_OK; i++)
		sw = send(s, ins, 0, ref, rd_of(both, ins == ECERT_INS_VERIFY ? 8 : 16));
}

/* A PIN that nothing can open again would end the card: only one that knows RESET is blocked. */
static bool factory_reset(struct session *s)
{
	uint16_t sw;

	(void)select_piv(s);
	sw = send(s, ECERT_INS_RESET, 0, 0, rd_of(NULL, 0));
	if (sw == ECERT_SW_BAD_INS || sw == ECERT_SW_BAD_CLA || sw == 0) {
		s->has[F_RESET] = NO;
		return false;
	}
	block(s, ECERT_INS_VERIFY, ECERT_REF_PIN);
	block(s, ECERT_INS_RESET_RETRY, ECERT_REF_PIN);
	s->has[F_RESET] = send(s, ECERT_INS_RESET, 0, 0, rd_of(NULL, 0)) == ECERT_SW_OK ? YES : NO;
	(void)select_piv(s);
	return s->has[F_RESET] == YES && login(s) && management(s);
}

/* Sizes around the limits of short commands, answers and one chained part. */
static void objects(struct session *s)
{
	static const size_t sizes[] = {1, 127, 128, 250, 255, 256, 511, 1000, 2000};
	static uint8_t value[2000];
	struct rd back;
	bool ok = management(s);

	for (size_t i = 0; i < sizeof value; i++)
		value[i] = (uint8_t)(i * 7);
	for (size_t i = 0; ok && i < sizeof sizes / sizeof sizes[0]; i++) {
		struct rd want = rd_of(value, sizes[i]);

		ok = put_object(s, ECERT_OBJ_CERT_82, want) == ECERT_SW_OK &&
		     get_object(s, ECERT_OBJ_CERT_82) == ECERT_SW_OK &&
		     answer_path(s, "53", &back) && rd_equal(back, want);
		if (!ok)
			report_note("with an object of %zu bytes", sizes[i]);
	}
	report_ok(s, ok, PUT_CLAUSE, "objects of 1 to 2000 bytes come back as they were written");
	(void)put_object(s, ECERT_OBJ_CERT_82, rd_of(NULL, 0));
	report_ok(s, get_object(s, ECERT_OBJ_CERT_82) == ECERT_SW_NOT_FOUND, PUT_CLAUSE,
	    "an empty value deletes the object");
}

static void refusals(struct session *s)
{
	static const uint8_t p256[] = {
	    ECERT_TAG_GENERATE, 3, ECERT_TAG_GENERATE_ALG, 1, ECERT_ALG_P256};

	/* SELECT of the selected application keeps what was authenticated (3.1.1); a reset does
	 * not. */
	s->dead = channel_reset(s->ch);
	(void)select_piv(s);
	report_ok(s, put_object(s, ECERT_OBJ_CERT_82, rd_of(p256, 1)) == ECERT_SW_SECURITY_STATUS,
	    PUT_CLAUSE, "PUT DATA needs the management key");
	report_ok(s,
	    send(s, ECERT_INS_GENERATE, 0, ECERT_KEY_9A, rd_of(p256, sizeof p256)) ==
		ECERT_SW_SECURITY_STATUS,
	    "SP 800-73-5 part 2, 3.3.2", "GENERATE needs the management key");
	report_ok(s, management(s), AUTH_CLAUSE, "mutual authentication with the management key");
}

static void change_counter(struct session *s)
{
	struct rd v;
	uint32_t before = 0, after = 0;
	bool ok;

	if (s->has[F_COUNTERS] != YES) {
		report_skip(s, COUNT_CLAUSE, "change counter", "the card does not have it");
		return;
	}
	ok = status_field(s, ECERT_TAG_STATUS_CHANGES, &v) && rd_u32(&v, &before) == ECERT_OK;
	ok = ok && put_object(s, ECERT_OBJ_CERT_82, rd_of(wrong, 4)) == ECERT_SW_OK;
	ok = ok && status_field(s, ECERT_TAG_STATUS_CHANGES, &v) && rd_u32(&v, &after) == ECERT_OK;
	report_ok(s, ok && after != before, COUNT_CLAUSE, "a write moves it");
}

static void names(struct session *s)
{
	static const uint8_t some[] = {ECERT_TAG_NAME, 7, ECERT_TAG_NAME_SLOT, 1, ECERT_KEY_9A,
	    ECERT_TAG_NAME_KEY, 2, 'o', 'k'};
	struct rd v, all = rd_of(some, sizeof some);
	bool ok;

	if (s->has[F_COUNTERS] != YES) {
		report_skip(s, NAMES_CLAUSE, "names", "the card is not of the e-Cert profile");
		return;
	}
	ok = !status_field(s, ECERT_TAG_STATUS_NAMES, &v) &&
	     put_object(s, ECERT_OBJ_ECERT_NAMES, all) == ECERT_SW_OK &&
	     status_field(s, ECERT_TAG_STATUS_NAMES, &v) && v.n == 2 && v.p[0] == 0 &&
	     v.p[1] == sizeof some;
	ok = ok && get_object(s, ECERT_OBJ_ECERT_NAMES) == ECERT_SW_OK &&
	     answer_path(s, "53", &v) && rd_equal(v, all);
	report_ok(s, ok, NAMES_CLAUSE, "5FFF20 tells the length of 5FFF24 while there is one");
	ok = put_object(s, ECERT_OBJ_ECERT_NAMES, rd_of(NULL, 0)) == ECERT_SW_OK &&
	     !status_field(s, ECERT_TAG_STATUS_NAMES, &v);
	report_ok(s, ok, NAMES_CLAUSE, "and nothing when it is deleted");
}

void run_destructive(struct session *s)
{
	bool ready = factory_reset(s);

	if (s->has[F_RESET] == YES)
		report_ok(
		    s, ready, RESET_CLAUSE, "blocked PIN and PUK allow RESET to factory values");
	else
		report_skip(s, RESET_CLAUSE, "RESET", "the card does not have it");
	/* Without RESET the card must still have its factory PIN and management key. */
	if (!ready && !(login(s) && management(s))) {
		report_ok(
		    s, false, RESET_CLAUSE, "the card has its factory PIN and management key");
		return;
	}
	refusals(s);
	objects(s);
	change_counter(s);
	names(s);
	run_pins(s);
	run_keys(s);
	report_ok(s, s->has[F_RESET] != YES || factory_reset(s), RESET_CLAUSE,
	    "the card is left at its factory values");
	report_ok(s,
	    s->has[F_RESET] != YES || get_object(s, ECERT_OBJ_CERT_82) == ECERT_SW_NOT_FOUND,
	    RESET_CLAUSE, "objects are gone after RESET");
}
