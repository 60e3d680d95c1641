/* SPDX-License-Identifier: BSD-2-Clause */
/* The file with the management key: hex digits, or an escrow however its JSON is laid out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "token/mgmkey.h"

static char path[] = "/tmp/mgmkey.XXXXXX";

static void put(const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

#define KEY "000102030405060708090a0b0c0d0e0f"

static void a_key_is_read_from_digits_or_an_escrow(void **state)
{
	static const struct {
		const char *text;
		bool escrow;
	} good[] = {
	    {KEY "\n", false},
	    {"{\n  \"format\": \"ecert-escrow-1\",\n  \"management_key\": \"" KEY "\"\n}\n", true},
	    {"{\"management_key\":\"" KEY "\",\"format\":\"ecert-escrow-1\"}", true},
	    {"{\"token_label\":\"\\\"management_key\\\": \\\"00\",\"management_key\" : \"" KEY
	     "\"}",
		true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct mgm_key k = {0};

		put(good[i].text, 0600);
		assert_int_equal(mgmkey_file(path, &k), ECERT_OK);
		assert_int_equal(k.n, 16);
		assert_int_equal(k.v[15], 15);
		assert_int_equal(k.shrink, good[i].escrow);
	}
}

static void a_file_without_one_or_that_others_read_is_refused(void **state)
{
	static const char *const bad[] = {"", "00", "{}", "{\"management_key\": \"00\"}",
	    "{\"management_key\": \"" KEY "\"", "0123456789abcdef"};
	struct mgm_key k = {0};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		put(bad[i], 0600);
		assert_int_equal(mgmkey_file(path, &k), ECERT_E_DENIED);
		assert_int_equal(k.n, 0);
	}
	put(KEY, 0640);
	assert_int_equal(mgmkey_file(path, &k), ECERT_E_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_key_is_read_from_digits_or_an_escrow),
	    cmocka_unit_test(a_file_without_one_or_that_others_read_is_refused),
	};
	int fd = mkstemp(path), failed;

	if (fd < 0 || close(fd) != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(path);
	return failed;
}
