/* SPDX-License-Identifier: BSD-2-Clause */
/* A card in memory for the tests: flash that can lose its power, OpenSSL or toy arithmetic. */
#ifndef TEST_APPLET_FIXTURE_H
#define TEST_APPLET_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "applet-spec/core/applet.h"
#include "applet-spec/core/card.h"
#include "applet-spec/host/host.h"

#define TEST_SERIAL 12345678u

/* How much of the operation that the power cut hits is still done. */
enum cut { CUT_BEFORE, CUT_HALF, CUT_ALMOST, CUT_AFTER, CUT_MODES };

struct card {
	struct host host; /* first: the HAL's ctx is both */
	struct ap ap;
	uint32_t area;
	uint8_t *flash;
	/* Writes and erases so far; the power goes at number cut_at (0: never). */
	unsigned long ops, cut_at;
	enum cut mode;
	bool dead;
	/* Toy arithmetic: keys and random numbers made by counting. */
	uint32_t seed;
	/* The person and the clock. */
	bool touching;
	unsigned int touches;
	uint32_t now;
	/* The last answer, without its status word. */
	uint8_t resp[AP_RESPONSE_MAX];
	size_t len;
};

/* A personalised card with real arithmetic; freed by card_free. */
struct card *card_new(void);
/* The same, blank and with a flash of 2 * area bytes. */
struct card *card_blank(uint32_t area);
void card_free(struct card *c);

/* Replaces slow arithmetic by toy arithmetic that the core cannot tell apart. */
void card_use_toys(struct card *c);

void card_personalise(struct card *c);

/* One APDU in hex, spaces allowed; the answer is in c->resp. Returns the status word. */
uint16_t card_send(struct card *c, const char *hex);

/* One command of any length: extended when it must be. */
uint16_t card_command(
    struct card *c, uint8_t ins, uint8_t p1, uint8_t p2, const uint8_t *data, size_t len);

/* The same in parts of `part` bytes, and the answer by GET RESPONSE. */
uint16_t card_chained(struct card *c, uint8_t ins, uint8_t p1, uint8_t p2, const uint8_t *data,
    size_t len, size_t part);

/* Shorthands that fail the test when the card refuses. */
void card_login(struct card *c);
void card_admin(struct card *c);
void card_generate(struct card *c, uint8_t slot, uint8_t alg, int pin, int touch);

/* Writes 53 { value } and returns the status word. */
uint16_t card_put(struct card *c, uint32_t tag, const uint8_t *value, size_t len);
/* Reads an object; the answer begins with 53. */
uint16_t card_get(struct card *c, uint32_t tag);

/* GENERAL AUTHENTICATE with 7C { 82, tag data }; *out points at the answer's 82. */
uint16_t card_authenticate(struct card *c, uint8_t alg, uint8_t slot, uint8_t tag,
    const uint8_t *data, size_t len, struct ap_span *out);

/* Whether these bytes are anywhere in the flash. */
bool card_flash_has(const struct card *c, const uint8_t *bytes, size_t len);

size_t from_hex(const char *hex, uint8_t *out, size_t cap);

#define assert_sw(call, sw) assert_int_equal((call), (sw))

#endif
