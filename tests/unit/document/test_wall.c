/* SPDX-License-Identifier: BSD-2-Clause */
/* The wall: what a reader that was taken over may do, and how its end is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "document/verdict.h"
#include "document/wall/ask.h"
#include "document/wall/start.h"
#include "tests/unit/document/processes.h"

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
	struct wall_question q = {.op = op, .request = rd_of("request ", 8), .fd = &fd, .fds = 1};
	enum wall_end end = WALL_END_COUNT;
	use("tests/unit/document/wall_tester");
	assert_int_equal(wall_ask(&q, out, &end), ECERT_OK);
	close(fd);
	return end;
}

static void an_answer_comes_back(void **state)
{
	int fd[3] = {memory_file("one "), memory_file("two "), open("/dev/null", O_RDONLY)};
	struct wall_question q = {.op = "echo", .request = rd_of("ask ", 4), .fd = fd, .fds = 2};
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
	struct wall_question q = {
	    .op = "echo", .request = rd_of(text, sizeof text), .fd = NULL, .fds = 0};
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

/* This process may have used its second. */
static void heard(int number)
{
	(void)number;
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
	wall_rest();
	assert_int_equal(getrlimit(RLIMIT_CPU, &was), 0);
	one = was;
	one.rlim_cur = 1;
	signal(SIGXCPU, heard);
	assert_int_equal(setrlimit(RLIMIT_CPU, &one), 0);
	assert_int_equal(ask("unsupported", &out), WALL_UNSUPPORTED);
	assert_int_equal(setrlimit(RLIMIT_CPU, &was), 0);
	assert_int_equal(ask("spin", &out), WALL_OVER_TIME);
	wall_rest();
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

/* One gate, started once; of what it starts nothing is left, whatever became of it. */
static void a_thousand_leave_nothing(void **state)
{
	static const struct {
		const char *op;
		enum wall_end end;
	} row[] = {{"echo", WALL_ANSWERED}, {"malformed", WALL_MALFORMED}, {"crash", WALL_CRASHED},
	    {"babble", WALL_CRASHED}, {"flood", WALL_TOO_LARGE}, {"grow", WALL_OVER_MEMORY}};
	struct buf out = BUF_INIT(BOUND);
	pid_t gate;
	size_t ours, its;
	(void)state;
	assert_int_equal(ask("echo", &out), WALL_ANSWERED);
	gate = gate_of_ours();
	assert_true(alone(gate));
	ours = descriptors(getpid());
	its = descriptors(gate);
	for (size_t i = 0; i < 1000; i++) {
		size_t k = i % 10 ? i % 2 : i / 10 % 20 ? i / 10 % 4 : (i / 200 + 1) % 6;
		buf_reset(&out);
		assert_int_equal(ask(row[k].op, &out), row[k].end);
		assert_int_equal(buf_len(&out), k ? 0 : 15);
	}
	assert_int_equal(gate_of_ours(), gate);
	assert_true(alone(gate));
	assert_int_equal(descriptors(getpid()), ours);
	for (int i = 0; i < 500 && descriptors(gate) > its; i++)
		usleep(10000);
	assert_true(descriptors(gate) <= its);
	wall_rest();
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	buf_free(&out);
}

/* Nothing of one document is there when the next is read; after a crash not even the places. */
static void one_knows_nothing_of_another(void **state)
{
	struct buf first = BUF_INIT(BOUND), second = BUF_INIT(BOUND), third = BUF_INIT(BOUND);
	(void)state;
	assert_int_equal(ask("before", &first), WALL_ANSWERED);
	assert_int_equal(ask("before", &second), WALL_ANSWERED);
	assert_int_equal(buf_view(&second).p[0], 0);
	assert_int_equal(ask("crash", &third), WALL_CRASHED);
	assert_int_equal(ask("before", &third), WALL_ANSWERED);
	assert_int_equal(buf_view(&third).p[0], 0);
	assert_true(rd_equal(buf_view(&first), buf_view(&second)));
	if (!(personality(0xffffffff) & ADDR_NO_RANDOMIZE))
		assert_false(rd_equal(buf_view(&second), buf_view(&third)));
	buf_free(&first);
	buf_free(&second);
	buf_free(&third);
}

static void who_is_not_waited_for_is_ended(void **state)
{
	static const uint8_t request[] = {0, 0, 0, 5, 4, 'h', 'a', 'n', 'g'};
	struct wall_reader r[3];
	pid_t gate, reader = 0;
	int status;
	(void)state;
	use("tests/unit/document/wall_tester");
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(wall_start("", NULL, 0, &r[i]), ECERT_OK);
		assert_int_equal(send(r[i].channel, request, sizeof request, 0), sizeof request);
	}
	gate = gate_of_ours();
	assert_int_equal(wall_finish(&r[0], 50, &status), WALL_RUNNING);
	for (int i = 0; i < 500 && children(gate, &reader) != 2; i++)
		usleep(10000);
	assert_int_equal(children(gate, &reader), 2);
	/* One that is killed from elsewhere, and then the gate itself. */
	assert_int_equal(kill(reader, SIGKILL), 0);
	assert_int_equal(wall_finish(&r[1], 5000, &status), WALL_ENDED);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(children(gate, &reader), 1);
	assert_int_equal(kill(gate, SIGKILL), 0);
	assert_int_equal(wall_finish(&r[2], 5000, &status), WALL_GONE);
	for (int i = 0; i < 500 && !kill(reader, 0); i++)
		usleep(10000);
	assert_int_equal(kill(reader, 0), -1);
}

/* The gate was killed in the test before; nobody who asks notices. */
static void an_ended_gate_is_started_anew(void **state)
{
	struct buf out = BUF_INIT(BOUND);
	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask("echo", &out), WALL_ANSWERED);
		assert_int_equal(kill(gate_of_ours(), i ? SIGKILL : SIGTERM), 0);
	}
	buf_free(&out);
}

static void *ask_many(void *arg)
{
	size_t *good = arg;
	for (int i = 0; i < 40; i++) {
		int fd = memory_file("of a thread");
		struct wall_question q = {.op = i % 8 == 7 ? "crash" : "echo", .fd = &fd, .fds = 1};
		struct buf out = BUF_INIT(BOUND);
		enum wall_end end = WALL_END_COUNT;
		if (wall_ask(&q, &out, &end) == ECERT_OK &&
		    end == (i % 8 == 7 ? WALL_CRASHED : WALL_ANSWERED) &&
		    rd_equal(buf_view(&out), rd_of("of a thread", i % 8 == 7 ? 0 : 11)))
			(*good)++;
		buf_free(&out);
		close(fd);
	}
	return NULL;
}

static void threads_ask_at_once(void **state)
{
	pthread_t thread[6];
	size_t good[6] = {0};
	pid_t any;
	(void)state;
	wall_rest();
	use("tests/unit/document/wall_tester");
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, ask_many, &good[i]), 0);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(good[i], 40);
	wall_rest();
	assert_int_equal(children(getpid(), &any), 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* As the processes of ecert verify do: they ask the same gate, and leave it to whoever started it.
 */
static void a_fork_asks_the_same_gate(void **state)
{
	struct buf out = BUF_INIT(BOUND);
	pid_t gate, same = 0, pid;
	int status = -1;
	(void)state;
	assert_int_equal(ask("echo", &out), WALL_ANSWERED);
	gate = gate_of_ours();
	pid = fork();
	if (!pid) {
		bool good = ask("echo", &out) == WALL_ANSWERED && !children(getpid(), &same);
		wall_rest();
		_exit(good && ask("echo", &out) == WALL_ANSWERED &&
			      children(getpid(), &same) == 1 && same != gate
			  ? 0
			  : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(ask("echo", &out), WALL_ANSWERED);
	assert_int_equal(gate_of_ours(), gate);
	buf_free(&out);
}

/* An installation without the program is no file's fault. */
static void without_it_nothing_is_read(void **state)
{
	struct wall_question q = {.op = "stand"};
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
	    cmocka_unit_test(a_thousand_leave_nothing),
	    cmocka_unit_test(one_knows_nothing_of_another),
	    cmocka_unit_test(who_is_not_waited_for_is_ended),
	    cmocka_unit_test(an_ended_gate_is_started_anew),
	    cmocka_unit_test(threads_ask_at_once),
	    cmocka_unit_test(a_fork_asks_the_same_gate),
	    cmocka_unit_test(without_it_nothing_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
