/* SPDX-License-Identifier: BSD-2-Clause */
/* A library is loaded once, whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <zlib.h>

#include "util/library.h"

static struct {
	__typeof__(&zlibVersion) version;
	__typeof__(&crc32) crc;
} zlib;

static const struct library_row rows[] = {{"zlibVersion", 0}, {"crc32", sizeof(void *)}};
LIBRARY_COUNTS(rows, zlib);
static int begun;

static bool begin(void)
{
	begun++;
	return zlib.version && zlib.crc;
}

static bool refuse(void)
{
	return false;
}

static struct library of(const char *name, const struct library_row *r, bool (*first)(void))
{
	return (struct library){name, r, 2, &zlib, first, LIBRARY_UNTRIED};
}

static void its_functions_work(void **state)
{
	struct library l = of("libz.so.1", rows, begin);

	(void)state;
	assert_ptr_equal(library_functions(&l), &zlib);
	assert_ptr_equal(library_functions(&l), &zlib);
	assert_int_equal(begun, 1);
	assert_int_equal(zlib.crc(0, (const unsigned char *)"123456789", 9), 0xCBF43926);
}

static void what_is_not_whole_is_none(void **state)
{
	static const struct library_row lacking[] = {
	    {"zlibVersion", 0}, {"zlibNoSuch", sizeof(void *)}};
	struct library l[] = {of("libnone.so.99", rows, begin), of("libz.so.1", lacking, begin),
	    of("libz.so.1", rows, refuse)};

	(void)state;
	begun = 0;
	for (size_t i = 0; i < sizeof l / sizeof l[0]; i++) {
		assert_null(library_functions(&l[i]));
		assert_null(library_functions(&l[i]));
	}
	assert_int_equal(begun, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(its_functions_work),
	    cmocka_unit_test(what_is_not_whole_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
