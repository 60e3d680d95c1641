/* SPDX-License-Identifier: BSD-2-Clause */
/* The wall: what a reader that was taken over may do, and how its end is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "document/verdict.h"
#include "document/wall/ask.h"

#define BOUND (64u << 20)

static int memory_file(const char *text)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

/* The program beside the tests, or ecert-wall itself. */
static void use(const char *name)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", getenv("top_builddir"), name);
	assert_int_equal(setenv("ECERT_WALL", path, 1), 0);
}

static enum wall_end ask(const char *op, struct buf *out)
{
	int fd = memory_file("hostile");
	struct wall_question q = {op, rd_of("request ", 8), &fd, 1};
	enum wall_end end = WALL_END_COUNT;
	use("tests/unit/document/wall_tester");
	assert_int_equal(wall_ask(&q, out, &end), ECERT_OK);
	close(fd);
	return end;
}

static void an_answer_comes_back(void **state)
{
	int fd[3] = {memory_file("one "), memory_file("two "), open("/dev/null", O_RDONLY)};
	struct wall_question q = {"echo", rd_of("ask ", 4), fd, 2};
	struct buf out = BUF_INIT(BOUND);
	enum wall_end end;
	(void)state;
	use("tests/unit/document/wall_tester");
	assert_int_equal(lseek(fd[1], 2, SEEK_SET), 2);
	assert_int_equal(wall_ask(&q, &out, &end), ECERT_OK);
	assert_int_equal(end, WALL_ANSWERED);
	assert_int_equal(wall_reason(end), REASON_NONE);
	assert_int_equal(buf_view(&out).n, 12);
	assert_memory_equal(buf_view(&out).p, "ask one two ", 12);
	assert_int_equal(lseek(fd[1], 0, SEEK_CUR), 2);
	for (int i = 0; i < 3; i++)
		close(fd[i]);
	buf_free(&out);
}

static void a_large_one_too(void **state)
{
	static char text[8u << 20];
	struct wall_question q = {"echo", rd_of(text, sizeof text), NULL, 0};
	struct buf out = BUF_INIT(BOUND);
	enum wall_end end;
	(void)state;
	memset(text, 'x', sizeof text);
	use("tests/unit/document/wall_tester");
	assert_int_equal(wall_ask(&q, &out, &end), ECERT_OK);
	assert_int_equal(end, WALL_ANSWERED);
	assert_int_equal(buf_view(&out).n, sizeof text);
	assert_memory_equal(buf_view(&out).p, text, sizeof text);
	buf_free(&out);
}

static void nothing_is_opened_or_started(void **state)
{
	struct buf out = BUF_INIT(BOUND);
	(void)state;
	assert_int_equal(ask("escape", &out), WALL_ANSWERED);
	buf_u8(&out, 0);
	assert_string_equal((const char *)buf_view(&out).p, "nnnnnnnnnnn");
	buf_free(&out);
}

/* Not even the inputs, once they are memory; and none of our variables. */
static void nothing_is_handed_down(void **state)
{
	int stray = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
	struct buf out = BUF_INIT(BOUND);
	(void)state;
	assert_int_equal(setenv("ECERT_PIN_FOR_TESTS", "1", 1), 0);
	assert_int_equal(ask("left", &out), WALL_ANSWERED);
	buf_u8(&out, 0);
	assert_string_equal((const char *)buf_view(&out).p, "012");
	buf_free(&out);
	close(stray);
}

static void it_ends_in_bounds(void **state)
{
	struct rlimit was, one;
	struct buf out = BUF_INIT(BOUND);
	(void)state;
	assert_int_equal(ask("grow", &out), WALL_OVER_MEMORY);
	assert_int_equal(wall_reason(WALL_OVER_MEMORY), REASON_TOO_MUCH);
	assert_int_equal(ask("flood", &out), WALL_TOO_LARGE);
	/* The person's own limit is the lower one here, so that the test takes a second. */
	assert_int_equal(getrlimit(RLIMIT_CPU, &was), 0);
	one = was;
	one.rlim_cur = 1;
	assert_int_equal(setrlimit(RLIMIT_CPU, &one), 0);
	assert_int_equal(ask("spin", &out), WALL_OVER_TIME);
	assert_int_equal(setrlimit(RLIMIT_CPU, &was), 0);
	assert_int_equal(buf_len(&out), 0);
	buf_free(&out);
}

static void a_crash_is_told(void **state)
{
	static const char *const op[] = {"crash", "stop", "babble"};
	struct buf out = BUF_INIT(BOUND);
	struct check c;
	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(ask(op[i], &out), WALL_CRASHED);
	assert_int_equal(ask("malformed", &out), WALL_MALFORMED);
	assert_int_equal(ask("unsupported", &out), WALL_UNSUPPORTED);
	assert_int_equal(buf_len(&out), 0);
	check_set(&c, CHK_STRUCTURE, CHECK_FAILED, wall_reason(WALL_CRASHED), MSG_EMPTY);
	assert_int_equal(check_judge(&c).verdict, VERDICT_FAILED);
	assert_int_equal(check_judge(&c).sub, SUB_FORMAT_FAILURE);
	buf_free(&out);
}

static void each_end_has_words(void **state)
{
	(void)state;
	for (int end = 1; end < WALL_END_COUNT; end++) {
		assert_true(*wall_words((enum wall_end)end));
		assert_true(*reason_code(wall_reason((enum wall_end)end)));
	}
}

/* An installation without the program is no file's fault. */
static void without_it_nothing_is_read(void **state)
{
	struct wall_question q = {"stand", {NULL, 0}, NULL, 0};
	struct buf out = BUF_INIT(BOUND);
	enum wall_end end;
	(void)state;
	use("no-such-program");
	assert_int_equal(wall_ask(&q, &out, &end), ECERT_E_NOT_FOUND);
	use("ecert-wall");
	q.op = "no such operation";
	assert_int_equal(wall_ask(&q, &out, &end), ECERT_E_INTERNAL);
	q.op = "stand";
	assert_int_equal(wall_ask(&q, &out, &end), ECERT_OK);
	assert_int_equal(end, WALL_ANSWERED);
	assert_memory_equal(buf_view(&out).p, "stands", 6);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_comes_back),
	    cmocka_unit_test(a_large_one_too),
	    cmocka_unit_test(nothing_is_opened_or_started),
	    cmocka_unit_test(nothing_is_handed_down),
	    cmocka_unit_test(it_ends_in_bounds),
	    cmocka_unit_test(a_crash_is_told),
	    cmocka_unit_test(each_end_has_words),
	    cmocka_unit_test(without_it_nothing_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
