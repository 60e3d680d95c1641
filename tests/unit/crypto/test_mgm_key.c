/* SPDX-License-Identifier: BSD-2-Clause */
/* Management keys: the lengths that are tried of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/key/mgm_key.h"

static const uint8_t bytes[33] = {1, 2, 3};

static void a_key_has_one_of_three_lengths(void **state)
{
	struct mgm_key k = {.shrink = true};

	(void)state;
	for (size_t n = 0; n <= sizeof bytes; n++) {
		bool fits = n == 16 || n == 24 || n == 32;

		assert_int_equal(
		    mgm_key_set(rd_of(bytes, n), &k), fits ? ECERT_OK : ECERT_E_DATA_LEN);
		assert_int_equal(mgm_key_view(&k).n, fits ? n : 0);
		assert_true((mgm_key_view(&k).p != NULL) == fits);
		assert_false(k.shrink);
	}
}

/* The lengths that are tried of a key, as digits of a number: 32, 24 and 16 are 3, 2 and 1. */
static unsigned tried(size_t n, bool shrink, enum ecert_rc answer)
{
	const struct mgm_key k = {.n = n, .shrink = shrink};
	unsigned all = 0;

	for (; n > 0; n = mgm_key_shorter(&k, n, answer))
		all = 10 * all + (unsigned)(n / 8 - 1);
	return all;
}

static void an_escrow_s_key_is_tried_in_each_length(void **state)
{
	(void)state;
	assert_int_equal(tried(32, true, ECERT_E_PIN_WRONG), 321);
	assert_int_equal(tried(24, true, ECERT_E_DATA_LEN), 21);
	assert_int_equal(tried(16, true, ECERT_E_PIN_WRONG), 1);
	assert_int_equal(tried(0, true, ECERT_E_PIN_WRONG), 0);
}

static void other_keys_and_other_answers_end_it(void **state)
{
	(void)state;
	assert_int_equal(tried(32, false, ECERT_E_PIN_WRONG), 3);
	assert_int_equal(tried(32, true, ECERT_OK), 3);
	assert_int_equal(tried(32, true, ECERT_E_REMOVED), 3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_key_has_one_of_three_lengths),
	    cmocka_unit_test(an_escrow_s_key_is_tried_in_each_length),
	    cmocka_unit_test(other_keys_and_other_answers_end_it),
	};

	return cmocka_run_group_tests_name("mgm_key", tests, NULL, NULL);
}
