/* SPDX-License-Identifier: BSD-2-Clause */
/* Hexadecimal, base64url, return codes in words, and the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "util/hex.h"
#include "util/log.h"
#include "util/text.h"

static struct rd text(const char *s)
{
	return rd_of(s, strlen(s));
}

static void hexadecimal(void **state)
{
	static const char *const bad[] = {"0", "0g", "0 0", "00 1", "-1", "0x00"};
	struct buf b = BUF_INIT(16);
	char out[9];

	(void)state;
	assert_int_equal(hex_get(text(" 00 fF\n\tA0\r1b "), &b), ECERT_OK);
	assert_memory_equal(buf_view(&b).p, "\x00\xFF\xA0\x1B", 4);
	hex_str(buf_view(&b), out);
	assert_string_equal(out, "00ffa01b");
	hex_str(rd_of(NULL, 0), out);
	assert_string_equal(out, "");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_reset(&b);
		assert_int_equal(hex_get(text(bad[i]), &b), ECERT_E_MALFORMED);
	}
	buf_reset(&b);
	hex_put(&b, rd_of("\xDE\xAD", 2));
	assert_memory_equal(buf_view(&b).p, "dead", 4);
	hex_put(&b, rd_of("1234567", 7));
	assert_int_equal(buf_rc(&b), ECERT_E_TOO_LARGE);
	buf_free(&b);
}

/* RFC 4648, 10, in the URL alphabet and without padding. */
static const struct {
	const char *plain, *coded;
} vectors[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"},
    {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xEF\xFF", "--__"}};

static void base64url(void **state)
{
	static const char *const bad[] = {
	    "Z", "Zg==", "Zh", "Zm9", "+/+/", "Zm 8", "Zm8\n", "Zm9vY", "Zm\x80v"};
	struct buf b = BUF_INIT(64);

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		buf_reset(&b);
		b64url_put(&b, text(vectors[i].plain));
		assert_true(rd_equal(buf_view(&b), text(vectors[i].coded)));
		buf_reset(&b);
		assert_int_equal(b64url_get(text(vectors[i].coded), &b), ECERT_OK);
		assert_true(rd_equal(buf_view(&b), text(vectors[i].plain)));
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_reset(&b);
		assert_int_equal(b64url_get(text(bad[i]), &b), ECERT_E_MALFORMED);
	}
	buf_free(&b);
}

static void every_code_has_its_words(void **state)
{
	(void)state;
	for (int i = 0; i < ECERT_RC_COUNT; i++) {
		const char *sentence = ecert_strerror((enum ecert_rc)i);

		assert_non_null(sentence);
		assert_true(strlen(sentence) > 3);
		assert_int_not_equal(sentence[strlen(sentence) - 1], '.');
		assert_int_equal(strncmp(ecert_rc_name((enum ecert_rc)i), "ECERT_", 6), 0);
	}
	assert_string_equal(ecert_strerror((enum ecert_rc)ECERT_RC_COUNT), "unknown error");
	assert_string_equal(ecert_rc_name((enum ecert_rc)(-1)), "ECERT_E_UNKNOWN");
	assert_string_equal(ecert_rc_name(ECERT_E_PIN_WRONG), "ECERT_E_PIN_WRONG");
}

/* The environment is read once in a process, so one test has to do. */
static void the_log_cannot_be_forged(void **state)
{
	char path[] = "/tmp/ecert-log.XXXXXX", setting[64], line[4096], big[3000];
	int fd = mkstemp(path);
	struct stat st;
	FILE *f;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	snprintf(setting, sizeof setting, "2:%s", path);
	setenv("ECERT_DEBUG", setting, 1);
	log_init();
	assert_true(log_enabled(LOG_ERROR));
	assert_true(log_enabled(LOG_INFO));
	assert_false(log_enabled(LOG_DEBUG));
	log_debug("not shown");
	log_error("label '%s'", "a\n12:00 forged\x1b[2J\x7f");
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	log_info("%s", big);

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	assert_non_null(strstr(line, "label 'a\\x0a12:00 forged\\x1b[2J\\x7f'"));
	assert_non_null(fgets(line, sizeof line, f));
	assert_non_null(strstr(line, "xxxx"));
	assert_true(strlen(line) < 1200);
	assert_int_equal(line[strlen(line) - 1], '\n');
	assert_null(fgets(line, sizeof line, f));
	fclose(f);
	unlink(path);
}

/* What each code point is, and how long: the edges of every range that is hidden. */
static void what_may_be_shown(void **state)
{
	static const struct {
		const char *utf8;
		size_t n;
		uint32_t cp;
		bool shown;
	} rows[] = {
	    {"a", 1, 'a', true},
	    {"~", 1, '~', true},
	    {"\x1B", 1, 0x1B, false},
	    {"\n", 1, '\n', false},
	    {"\x7F", 1, 0x7F, false},
	    {"\xC2\x80", 2, 0x80, false},
	    {"\xC2\x9B", 2, 0x9B, false},
	    {"\xC2\xA0", 2, 0xA0, true},
	    {"\xC2\xAC", 2, 0xAC, true},
	    {"\xC2\xAD", 2, 0xAD, false},
	    {"\xC2\xAE", 2, 0xAE, true},
	    {"\xD8\x9C", 2, 0x61C, false},
	    {"\xE1\x85\x9E", 3, 0x115E, true},
	    {"\xE1\x85\x9F", 3, 0x115F, false},
	    {"\xE1\x85\xA0", 3, 0x1160, false},
	    {"\xE1\x85\xA1", 3, 0x1161, true},
	    {"\xE1\xA0\x8E", 3, 0x180E, false},
	    {"\xE2\x80\x8B", 3, 0x200B, false},
	    {"\xE2\x80\x8C", 3, 0x200C, true},
	    {"\xE2\x80\x8D", 3, 0x200D, true},
	    {"\xE2\x80\x8F", 3, 0x200F, false},
	    {"\xE2\x80\xA7", 3, 0x2027, true},
	    {"\xE2\x80\xA8", 3, 0x2028, false},
	    {"\xE2\x80\xA9", 3, 0x2029, false},
	    {"\xE2\x80\xAE", 3, 0x202E, false},
	    {"\xE2\x81\xA6", 3, 0x2066, false},
	    {"\xE2\x81\xA9", 3, 0x2069, false},
	    {"\xE2\xA0\x80", 3, 0x2800, false},
	    {"\xE2\xA0\x81", 3, 0x2801, true},
	    {"\xE3\x85\xA3", 3, 0x3163, true},
	    {"\xE3\x85\xA4", 3, 0x3164, false},
	    {"\xE3\x85\xA5", 3, 0x3165, true},
	    {"\xEF\xBB\xBF", 3, 0xFEFF, false},
	    {"\xEF\xBE\xA0", 3, 0xFFA0, false},
	    {"\xEF\xBE\xA1", 3, 0xFFA1, true},
	    {"\xE9\xA6\x99", 3, 0x9999, true},
	    {"\xF0\x9F\x98\x80", 4, 0x1F600, true},
	    {"\xF3\xA0\x81\x81", 4, 0xE0041, false},
	};
	uint32_t cp;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rd t = rd_of(rows[i].utf8, strlen(rows[i].utf8));

		assert_int_equal(text_char(t, &cp), rows[i].n);
		assert_int_equal(cp, rows[i].cp);
		assert_int_equal(text_shown(cp), rows[i].shown);
		/* A view that ends inside the character holds none. */
		assert_int_equal(text_char(rd_of(t.p, t.n - 1), &cp), 0);
	}
	assert_int_equal(text_char(rd_of("\xC0\x80", 2), &cp), 0);	   /* too long a form */
	assert_int_equal(text_char(rd_of("\xED\xA0\x80", 3), &cp), 0);	   /* surrogate */
	assert_int_equal(text_char(rd_of("\xF4\x90\x80\x80", 4), &cp), 0); /* past U+10FFFF */
}

static void days_and_ends(void **state)
{
	char day[TEXT_DAY];

	(void)state;
	assert_string_equal(text_day(1780000000, day), "2026-05-28");
	assert_string_equal(text_day(-1, day), "1969-12-31");
	assert_string_equal(text_day((time_t)INT64_MAX, day), "?");
	assert_true(text_ends("a.p7s", ".p7s"));
	assert_false(text_ends(".p7s", ".p7s"));
	assert_false(text_ends("a.p7", ".p7s"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hexadecimal),
	    cmocka_unit_test(base64url),
	    cmocka_unit_test(every_code_has_its_words),
	    cmocka_unit_test(what_may_be_shown),
	    cmocka_unit_test(the_log_cannot_be_forged),
	    cmocka_unit_test(days_and_ends),
	};

	return cmocka_run_group_tests_name("util: text", tests, NULL, NULL);
}
