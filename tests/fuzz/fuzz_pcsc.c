/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PC/SC as a hostile or broken service gives it: reader names, ATR lengths, the features of a PIN
 * pad, answers that lie about their length.
 *
 * Input: 1 byte reader state, 1 byte ATR length, 2 bytes claimed length of the answer, then three
 * texts with 2 bytes of length each: names, features, answer. What is over fails calls (call, how
 * many go well before, which failure).
 */
#include <string.h>

#include "fuzz.h"
#include "tests/unit/transport/fake_pcsc.h"
#include "transport/reader.h"

/* As much as the stand-in holds. */
#define NAMES_MAX 4096u
#define SMALL_MAX 512u

static struct rd text(struct rd *in, size_t max)
{
	struct rd v = {NULL, 0};
	uint16_t n = 0;

	if (rd_u16(in, &n) != ECERT_OK)
		return v;
	if (n > max)
		n = (uint16_t)max;
	if (rd_take(in, n, &v) != ECERT_OK)
		(void)!rd_take(in, in->n < max ? in->n : max, &v);
	return v;
}

static void set_names(struct rd names)
{
	static char multi[NAMES_MAX + 2];

	memset(multi, 0, sizeof multi);
	if (names.n)
		memcpy(multi, names.p, names.n);
	fake_names(multi, names.n ? names.n + 2 : 0);
}

static void fail_calls(struct rd in)
{
	static const LONG failures[] = {SCARD_E_NO_SERVICE, SCARD_W_RESET_CARD,
	    SCARD_W_REMOVED_CARD, SCARD_F_COMM_ERROR, SCARD_E_INSUFFICIENT_BUFFER,
	    SCARD_E_SHARING_VIOLATION, SCARD_E_INVALID_HANDLE, SCARD_W_UNRESPONSIVE_CARD,
	    SCARD_E_NO_MEMORY, SCARD_E_TIMEOUT};
	uint8_t call, skip, which;

	while (rd_u8(&in, &call) == ECERT_OK && rd_u8(&in, &skip) == ECERT_OK &&
	       rd_u8(&in, &which) == ECERT_OK)
		/* A release that fails is a leak of pcscd's, not of ours to see. */
		if (call % FAKE_CALLS != FAKE_RELEASE && call % FAKE_CALLS != FAKE_DISCONNECT)
			fake_fail(call % FAKE_CALLS, skip % 8, 1,
			    failures[which % (sizeof failures / sizeof failures[0])]);
}

static void check_reader(const struct reader_info *r)
{
	const char *end = memchr(r->name, 0, sizeof r->name);

	REQUIRE(end && r->atr_len <= READER_ATR_MAX);
	for (const char *p = r->name; p < end; p++)
		REQUIRE((unsigned char)*p >= 0x20 && *p != 0x7F);
}

static void talk(struct channel *c)
{
	static const uint8_t verify[] = {
	    0, 0x20, 0, 0x80, 8, 255, 255, 255, 255, 255, 255, 255, 255};
	uint8_t *resp = malloc(300);
	struct pinpad pad = channel_pinpad(c);
	size_t n = 0;
	enum ecert_rc rc;

	REQUIRE(resp);
	REQUIRE(channel_atr(c).n <= READER_ATR_MAX);
	rc = channel_begin(c);
	if (channel_transmit(c, rd_of(verify, 5), resp, 300, &n) == ECERT_OK)
		REQUIRE(n >= 2 && n <= 300);
	if (rc == ECERT_OK || rc == ECERT_E_RESET)
		channel_end(c);
	for (int modify = 0; modify < 2; modify++) {
		n = 0;
		rc = channel_pinpad_transmit(
		    c, rd_of(verify, sizeof verify), modify != 0, resp, 300, &n);
		REQUIRE(rc != ECERT_OK || (n >= 2 && n <= 300));
		REQUIRE(rc != ECERT_OK || (modify ? pad.modify : pad.verify));
	}
	(void)!channel_reset(c);
	free(resp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd in = rd_of(data, size), part;
	struct reader_info info[READER_MAX];
	struct readers *r = NULL;
	uint8_t state, atr_len;
	uint16_t claims;
	size_t n = 0;

	if (rd_u8(&in, &state) != ECERT_OK || rd_u8(&in, &atr_len) != ECERT_OK ||
	    rd_u16(&in, &claims) != ECERT_OK)
		return 0;
	readers_use_threads(false);
	fake_reset();
	fake_state((DWORD)state << 2 | (DWORD)state << 16, atr_len);
	set_names(text(&in, NAMES_MAX));
	part = text(&in, SMALL_MAX);
	fake_features(part.n ? (const void *)part.p : "", part.n, claims & 1 ? claims : 0);
	part = text(&in, SMALL_MAX);
	fake_answer(part.n ? (const void *)part.p : "", part.n, claims & 2 ? claims : 0);
	fail_calls(in);
	REQUIRE(readers_open(NULL, &r) == ECERT_OK);
	if (readers_list(r, info, READER_MAX, &n) != ECERT_OK)
		REQUIRE(n == 0);
	REQUIRE(n <= READER_MAX);
	for (size_t i = 0; i < n; i++) {
		struct channel *c = NULL;

		check_reader(&info[i]);
		if (channel_open(r, info[i].name, &c) == ECERT_OK)
			talk(c);
		REQUIRE(!fake_held());
		channel_close(&c);
	}
	readers_close(&r);
	REQUIRE(fake_contexts() == 0 && fake_cards() == 0);
	return 0;
}
