/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of commands, capabilities of ATRs, status words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "apdu/encode.h"
#include "util/hex.h"

static const struct {
	const char *data;
	uint32_t le;
	const char *as_short, *as_extended;
} cases[] = {
    /* ISO 7816-4, 5.2: case 1, 2, 3, 4 */
    {"", APDU_LE_NONE, "00cb3fff", "00cb3fff"},
    {"", 8, "00cb3fff08", "00cb3fff000008"},
    {"", 256, "00cb3fff00", "00cb3fff000100"},
    {"", APDU_LE_ALL, "00cb3fff00", "00cb3fff000000"},
    {"5c017e", APDU_LE_NONE, "00cb3fff035c017e", "00cb3fff0000035c017e"},
    {"5c017e", 8, "00cb3fff035c017e08", "00cb3fff0000035c017e0008"},
    {"5c017e", 255, "00cb3fff035c017eff", "00cb3fff0000035c017e00ff"},
    {"5c017e", 1000, "00cb3fff035c017e00", "00cb3fff0000035c017e03e8"},
    {"5c017e", APDU_LE_ALL, "00cb3fff035c017e00", "00cb3fff0000035c017e0000"},
};

static void get_bytes(const char *hex, struct buf *out)
{
	buf_init(out, 1 << 20);
	assert_int_equal(hex_get(rd_of(hex, strlen(hex)), out), ECERT_OK);
}

static void assert_bytes(const uint8_t *got, size_t n, const char *hex)
{
	char *text = calloc(1, 2 * n + 1);

	assert_non_null(text);
	hex_str(rd_of(got, n), text);
	assert_string_equal(text, hex);
	free(text);
}

static void four_cases_in_both_forms(void **state)
{
	uint8_t out[APDU_SHORT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf data;
		struct apdu a = {0x00, 0xCB, 0x3F, 0xFF, {NULL, 0}, cases[i].le, false};

		get_bytes(cases[i].data, &data);
		a.data = buf_view(&data);
		assert_bytes(out, apdu_encode_short(&a, out), cases[i].as_short);
		assert_true(apdu_extended_size(&a) <= sizeof out);
		assert_bytes(out, apdu_encode_extended(&a, out), cases[i].as_extended);
		buf_free(&data);
	}
}

static void longest_commands_fill_their_buffers(void **state)
{
	static uint8_t data[65535], out[APDU_EXT_HEAD + 65535 + 2];
	struct apdu a = {0x00, 0xDB, 0x3F, 0xFF, rd_of(data, 255), APDU_LE_ALL, false};

	(void)state;
	memset(data, 0xA5, sizeof data);
	assert_int_equal(apdu_encode_short(&a, out), APDU_SHORT_MAX);
	assert_int_equal(out[4], 0xFF);
	assert_int_equal(out[APDU_SHORT_MAX - 1], 0x00);
	a.data = rd_of(data, sizeof data);
	assert_int_equal(apdu_extended_size(&a), sizeof out);
	assert_int_equal(apdu_encode_extended(&a, out), sizeof out);
	assert_int_equal(out[5], 0xFF);
	assert_int_equal(out[6], 0xFF);
	assert_int_equal(out[sizeof out - 3], 0xA5);
}

static const struct {
	const char *atr;
	bool extended;
} atrs[] = {
    {"3bfd1300008131fe158073c021c057597562694b657940", true}, /* YubiKey 5 */
    {"3bf81300008131fe15597562696b657934d4", false},	      /* YubiKey 4: text only */
    {"3b8001 81", false},				      /* none */
    {"", false},					      /* no ATR */
    {"3b", false},					      /* cut */
    {"3bff", false},					      /* promises more than it has */
    {"3b80808080808080808080808080808080808080808080808080808080808080", false}, /* TDs only */
    {"3b058073c02140", true},							 /* category 80 */
    {"3b058073c02180", false},							 /* chaining only */
    {"3b0373c021", false},	     /* unknown category */
    {"3b0680 6f c021 40 11", false}, /* tag before it past the end */
    {"3b078031c073c02140", true},    /* after another tag */
    {"3b088073c02140829000", true},  /* 82 9000 behind it */
    {"3b080073c02140079000", true},  /* category 00, status at the end */
    {"3b030073c0", false},	     /* category 00 too short for it */
    {"3b028071", false},	     /* capabilities without their bytes */
    {"3b048072c021", false},	     /* two bytes: no third */
};

static void atrs_say_extended_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof atrs / sizeof atrs[0]; i++) {
		struct apdu_caps caps;
		struct buf atr;

		get_bytes(atrs[i].atr, &atr);
		caps = apdu_caps_of_atr(buf_view(&atr));
		if (caps.extended != atrs[i].extended)
			fail_msg("ATR %s", atrs[i].atr);
		assert_true(caps.chaining);
		buf_free(&atr);
	}
}

static void status_words_map_by_the_table(void **state)
{
	(void)state;
	assert_int_equal(sw_rc(0x9000), ECERT_OK);
	assert_int_equal(sw_rc(0x6982), ECERT_E_AUTH);
	assert_int_equal(sw_rc(0x6983), ECERT_E_PIN_BLOCKED);
	assert_int_equal(sw_rc(0x63C0), ECERT_E_PIN_BLOCKED);
	assert_int_equal(sw_rc(0x63C1), ECERT_E_PIN_WRONG);
	assert_int_equal(sw_rc(0x63CF), ECERT_E_PIN_WRONG);
	assert_int_equal(sw_rc(0x6300), ECERT_E_CARD);
	assert_int_equal(sw_rc(0x6A82), ECERT_E_NOT_FOUND);
	assert_int_equal(sw_rc(0x6A88), ECERT_E_NOT_FOUND);
	assert_int_equal(sw_rc(0x6A84), ECERT_E_CARD_FULL);
	assert_int_equal(sw_rc(0x6A81), ECERT_E_UNSUPPORTED);
	assert_int_equal(sw_rc(0x6D00), ECERT_E_UNSUPPORTED);
	assert_int_equal(sw_rc(0x6E00), ECERT_E_UNSUPPORTED);
	assert_int_equal(sw_rc(0x6700), ECERT_E_DATA_LEN);
	assert_int_equal(sw_rc(0x6A80), ECERT_E_DATA);
	assert_int_equal(sw_tries(0x63C3), 3);
	assert_int_equal(sw_tries(0x63CF), 15);
	assert_int_equal(sw_tries(0x6300), -1);
	assert_int_equal(sw_tries(0x9000), -1);
	assert_true(sw_not_verified(0x6300) && sw_not_verified(0x63C2) && sw_not_verified(0x63FF));
	assert_false(sw_not_verified(0x9000) || sw_not_verified(0x6983) || sw_not_verified(0x6200));
}

/* Adversarial case 18: nothing but 9000 is a success, whatever the class. */
static void case_18_only_9000_is_success(void **state)
{
	(void)state;
	for (unsigned sw = 0; sw <= 0xFFFF; sw++)
		if ((sw_rc((uint16_t)sw) == ECERT_OK) != (sw == 0x9000))
			fail_msg("status word %04x", sw);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(four_cases_in_both_forms),
	    cmocka_unit_test(longest_commands_fill_their_buffers),
	    cmocka_unit_test(atrs_say_extended_or_not),
	    cmocka_unit_test(status_words_map_by_the_table),
	    cmocka_unit_test(case_18_only_9000_is_success),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
