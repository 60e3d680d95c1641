/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded reader, capped writer, and memory that is wiped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "util/buf.h"
#include "util/mem.h"
#include "util/rd.h"

static const uint8_t abc[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09};

static void numbers_are_big_endian(void **state)
{
	struct rd r = rd_of(abc, sizeof abc);
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	(void)state;
	assert_int_equal(rd_u8(&r, &u8), ECERT_OK);
	assert_int_equal(u8, 0x01);
	assert_int_equal(rd_u16(&r, &u16), ECERT_OK);
	assert_int_equal(u16, 0x0203);
	assert_int_equal(rd_u32(&r, &u32), ECERT_OK);
	assert_int_equal(u32, 0x04050607);
	assert_int_equal(rd_u64(&r, &u64), ECERT_E_MALFORMED);
	assert_int_equal(u64, 0);
	r = rd_of(abc + 1, 8);
	assert_int_equal(rd_u64(&r, &u64), ECERT_OK);
	assert_true(u64 == 0x0203040506070809u);
	assert_int_equal(rd_end(&r), ECERT_OK);
}

static void a_short_read_moves_nothing(void **state)
{
	struct rd r = rd_of(abc, 1), part;
	uint8_t copy[4] = {9, 9, 9, 9}, u8;
	uint16_t u16;
	uint32_t u32;

	(void)state;
	assert_int_equal(rd_u16(&r, &u16), ECERT_E_MALFORMED);
	assert_int_equal(rd_u32(&r, &u32), ECERT_E_MALFORMED);
	assert_int_equal(rd_take(&r, 2, &part), ECERT_E_MALFORMED);
	assert_null(part.p);
	assert_int_equal(rd_take(&r, SIZE_MAX, &part), ECERT_E_MALFORMED);
	assert_int_equal(rd_copy(&r, copy, 2), ECERT_E_MALFORMED);
	assert_int_equal(copy[0], 9);
	assert_int_equal(r.n, 1);
	assert_int_equal(rd_end(&r), ECERT_E_MALFORMED);
	assert_int_equal(rd_u8(&r, &u8), ECERT_OK);
	assert_int_equal(rd_u8(&r, &u8), ECERT_E_MALFORMED);
	assert_int_equal(u8, 0);
}

static void nothing_is_a_view_too(void **state)
{
	struct rd none = rd_of(NULL, 7), part;

	(void)state;
	assert_int_equal(none.n, 0);
	assert_true(rd_empty(&none));
	assert_int_equal(rd_take(&none, 0, &part), ECERT_OK);
	assert_int_equal(rd_copy(&none, NULL, 0), ECERT_OK);
	assert_int_equal(rd_end(&none), ECERT_OK);
	assert_true(rd_equal(none, part));
}

static void equality_looks_at_every_byte(void **state)
{
	uint8_t other[sizeof abc];

	(void)state;
	for (size_t i = 0; i < sizeof abc; i++) {
		memcpy(other, abc, sizeof abc);
		assert_true(rd_equal(rd_of(abc, sizeof abc), rd_of(other, sizeof abc)));
		other[i] ^= 0x80;
		assert_false(rd_equal(rd_of(abc, sizeof abc), rd_of(other, sizeof abc)));
	}
	assert_false(rd_equal(rd_of(abc, 2), rd_of(abc, 3)));
	assert_int_equal(rd_order(rd_of(abc, 3), rd_of(abc, 3)), 0);
	assert_true(rd_order(rd_of(abc, 2), rd_of(abc, 3)) < 0);
	assert_true(rd_order(rd_of(abc + 1, 1), rd_of(abc, 3)) > 0);
	assert_true(rd_order(rd_of(NULL, 0), rd_of(abc, 1)) < 0);
	assert_int_equal(rd_order(rd_of(NULL, 0), rd_of(NULL, 0)), 0);
}

static void text_is_found_anywhere_but_in_nothing(void **state)
{
	struct rd r = rd_of("e-Cert PIV (virtual)", 20);

	(void)state;
	assert_true(rd_contains(r, "(virtual)"));
	assert_true(rd_contains(r, "e-Cert"));
	assert_false(rd_contains(r, "(virtual) "));
	assert_false(rd_contains(rd_of("e", 1), "e-Cert"));
	assert_false(rd_contains(rd_of(NULL, 0), "e"));
}

/* What the kernel notes of the memory that p is in (proc(5), VmFlags). */
static bool has_flag(const void *p, const char *flag)
{
	char line[512];
	unsigned long from, to;
	bool inside = false, found = false;
	FILE *f = fopen("/proc/self/smaps", "re");

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = (uintptr_t)p >= from && (uintptr_t)p < to;
		else if (inside && strncmp(line, "VmFlags:", 8) == 0)
			found = strstr(line, flag) != NULL;
	}
	(void)fclose(f);
	return found;
}

/* In no core dump, however it grows; and it is never handed over to where it would be. */
static void secrets_are_kept_apart(void **state)
{
	struct buf b = BUF_LOCKED(65536), open = BUF_INIT(16);
	uint8_t *p;
	size_t n;

	(void)state;
	buf_u8(&open, 1);
	assert_false(has_flag(buf_view(&open).p, " dd"));
	for (int i = 0; i < 20000; i += 2000) {
		buf_fill(&b, 0x5A, 2000);
		assert_true(has_flag(buf_view(&b).p, " dd"));
	}
	assert_int_equal(buf_view(&b).p[19999], 0x5A);
	buf_free(&b);
	buf_u8(&b, 7); /* the same again */
	assert_true(has_flag(buf_view(&b).p, " dd"));
	assert_int_equal(buf_detach(&b, &p, &n), ECERT_E_INTERNAL);
	assert_null(p);
	buf_free(&b);
	buf_free(&open);
}

static void what_is_written_is_read_back(void **state)
{
	struct buf b = BUF_INIT(1000);
	struct rd r;
	uint64_t u64;

	(void)state;
	buf_u8(&b, 0x11);
	buf_u16(&b, 0x2233);
	buf_u32(&b, 0x44556677);
	buf_u64(&b, 0x8899AABBCCDDEEFFu);
	buf_str(&b, "xy");
	buf_rd(&b, rd_of(abc, 2));
	buf_fill(&b, 0xFF, 300);
	buf_fill(&b, 0xFF, 0);
	buf_put(&b, NULL, 0);
	assert_int_equal(buf_rc(&b), ECERT_OK);
	assert_int_equal(buf_len(&b), 15 + 2 + 2 + 300);
	r = buf_view(&b);
	assert_memory_equal(r.p, "\x11\x22\x33\x44\x55\x66\x77", 7);
	r.p += 7;
	r.n -= 7;
	assert_int_equal(rd_u64(&r, &u64), ECERT_OK);
	assert_true(u64 == 0x8899AABBCCDDEEFFu);
	assert_memory_equal(r.p, "xy\x01\x02\xFF", 5);
	buf_free(&b);
	assert_int_equal(buf_len(&b), 0);
}

static void the_maximum_holds_and_failure_sticks(void **state)
{
	struct buf b = BUF_INIT(4);
	uint8_t *out;
	size_t len;

	(void)state;
	buf_u32(&b, 1);
	assert_int_equal(buf_rc(&b), ECERT_OK);
	buf_u8(&b, 2);
	assert_int_equal(buf_rc(&b), ECERT_E_TOO_LARGE);
	assert_int_equal(buf_view(&b).n, 0);
	buf_fail(&b, ECERT_E_IO);
	assert_int_equal(buf_rc(&b), ECERT_E_TOO_LARGE);
	assert_null(buf_room(&b, 0));
	assert_int_equal(buf_detach(&b, &out, &len), ECERT_E_TOO_LARGE);
	assert_null(out);
	buf_fill(&b, 1, 5);
	assert_int_equal(buf_rc(&b), ECERT_E_TOO_LARGE);
	buf_reset(&b);
	buf_fill(&b, 1, SIZE_MAX);
	assert_int_equal(buf_rc(&b), ECERT_E_TOO_LARGE);
	buf_reset(&b);
	buf_u8(&b, 3);
	assert_int_equal(buf_rc(&b), ECERT_OK);
	assert_int_equal(buf_len(&b), 1);
	buf_free(&b);
	buf_free(NULL);
}

static void cutting_and_handing_over(void **state)
{
	struct buf b;
	uint8_t *out;
	size_t len;

	(void)state;
	buf_init(&b, 100);
	assert_int_equal(buf_detach(&b, &out, &len), ECERT_OK);
	assert_non_null(out);
	assert_int_equal(len, 0);
	mem_free(out, len);
	buf_str(&b, "secret");
	buf_truncate(&b, 3);
	assert_int_equal(buf_len(&b), 3);
	assert_memory_equal(b.data, "sec\0\0\0", 6);
	buf_truncate(&b, 3);
	buf_truncate(&b, 4);
	assert_int_equal(buf_rc(&b), ECERT_E_INTERNAL);
	buf_reset(&b);
	buf_str(&b, "hand over");
	assert_int_equal(buf_detach(&b, &out, &len), ECERT_OK);
	assert_int_equal(len, 9);
	assert_memory_equal(out, "hand over", 9);
	assert_int_equal(buf_len(&b), 0);
	mem_free(out, len);
}

static void copies_and_wipes(void **state)
{
	uint8_t *copy, bytes[4] = {1, 2, 3, 4};

	(void)state;
	assert_int_equal(mem_dup(bytes, 4, &copy), ECERT_OK);
	assert_memory_equal(copy, bytes, 4);
	mem_free(copy, 4);
	assert_int_equal(mem_dup(NULL, 0, &copy), ECERT_OK);
	assert_non_null(copy);
	mem_free(copy, 0);
	mem_free(NULL, 4);
	mem_wipe(NULL, 4);
	mem_wipe(bytes, 3);
	assert_memory_equal(bytes, "\0\0\0\4", 4);
}

/* A forked child finds zeros where the parent's secret is. */
static void a_child_sees_no_secret(void **state)
{
	void *secret, *none;
	int status;
	pid_t child;

	(void)state;
	assert_int_equal(secret_alloc(100, &secret), ECERT_OK);
	memcpy(secret, "248163", 6);
	child = fork();
	if (child == 0)
		_exit(memcmp(secret, "\0\0\0\0\0\0", 6) ? 1 : 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_memory_equal(secret, "248163", 6);
	secret_free(secret, 100);
	secret_free(NULL, 100);
	assert_int_equal(secret_alloc(SIZE_MAX / 2, &none), ECERT_E_MEMORY);
	assert_null(none);
}

/* kB of the process that cannot be swapped out; -1: nobody says. */
static long locked_kb(void)
{
	char line[128];
	long kb = -1;
	FILE *f = fopen("/proc/self/status", "re");

	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "VmLck: %ld", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb;
}

/* Pages that were given back are handed out again: empty, locked, also in a child, and not kept by
 * the hundred. */
static void a_page_comes_back_empty_and_locked(void **state)
{
	static uint8_t empty[4096];
	void *page[64], *one;
	long before, kept;
	int status;
	pid_t child;

	(void)state;
	before = locked_kb();
	for (size_t i = 0; i < 64; i++) {
		assert_int_equal(secret_alloc(32, &page[i]), ECERT_OK);
		memset(page[i], 0x5A, 32);
	}
	for (size_t i = 0; i < 64; i++)
		secret_free(page[i], 32);
	kept = locked_kb();
	assert_in_range(kept, before, before + 32);
	for (size_t i = 0; i < 64; i++) {
		assert_int_equal(secret_alloc(4096, &page[i]), ECERT_OK);
		assert_memory_equal(page[i], empty, 4096);
		for (size_t k = 0; k < i; k++)
			assert_ptr_not_equal(page[i], page[k]);
	}
	for (size_t i = 0; i < 64; i++)
		secret_free(page[i], 4096);
	assert_int_equal(locked_kb(), kept);
	child = fork();
	if (child == 0) {
		before = locked_kb();
		_exit(secret_alloc(32, &one) != ECERT_OK || memcmp(one, empty, 4096) != 0 ||
		      locked_kb() < before + (kept > 0 ? 4 : 0));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* RFC 8259, 7. */
static void a_string_of_json(void **state)
{
	static const char text[] = "a\"b\\c\n\x01\0\xE4\xB8\xAD",
			  want[] = "\"a\\\"b\\\\c\\u000a\\u0001\\u0000\xE4\xB8\xAD\"";
	struct buf b = BUF_INIT(64);

	(void)state;
	buf_json(&b, rd_of(text, sizeof text - 1));
	assert_true(rd_equal(buf_view(&b), rd_of(want, sizeof want - 1)));
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_string_of_json),
	    cmocka_unit_test(numbers_are_big_endian),
	    cmocka_unit_test(a_short_read_moves_nothing),
	    cmocka_unit_test(nothing_is_a_view_too),
	    cmocka_unit_test(equality_looks_at_every_byte),
	    cmocka_unit_test(text_is_found_anywhere_but_in_nothing),
	    cmocka_unit_test(secrets_are_kept_apart),
	    cmocka_unit_test(what_is_written_is_read_back),
	    cmocka_unit_test(the_maximum_holds_and_failure_sticks),
	    cmocka_unit_test(cutting_and_handing_over),
	    cmocka_unit_test(copies_and_wipes),
	    cmocka_unit_test(a_child_sees_no_secret),
	    cmocka_unit_test(a_page_comes_back_empty_and_locked),
	};

	return cmocka_run_group_tests_name("util: bytes", tests, NULL, NULL);
}
