/* SPDX-License-Identifier: BSD-2-Clause */
/* The program ecert-vcard from outside: its socket, its turns, its state file, its log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ecert/piv_const.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OFF = 0x00, ON = 0x01, RESET = 0x02, ATR = 0x04, BEGIN = 0x10, END = 0x11 };

static char dir[] = "/tmp/ecert-vcard-test-XXXXXX";
static char sock[64], state[64], extra[64];

static int start_dir(void **unused)
{
	(void)unused;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(sock, sizeof(sock), "%s/sock", dir);
	snprintf(state, sizeof(state), "%s/state", dir);
	snprintf(extra, sizeof(extra), "%s/extra", dir);
	return 0;
}

static int end_dir(void **unused)
{
	(void)unused;
	unlink(sock);
	unlink(state);
	unlink(extra);
	return rmdir(dir);
}

/* Starts the program with up to two more arguments; NULL for none. */
static pid_t start(const char *a, const char *b)
{
	const char *program = getenv("top_builddir");
	char path[4096];
	pid_t pid;

	snprintf(path, sizeof(path), "%s/ecert-vcard", program != NULL ? program : ".");
	fflush(NULL);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, 1);
		dup2(null, 2);
		execl(path, "ecert-vcard", "--no-sync", "--listen", sock, "--state", state, a, b,
		    (char *)NULL);
		_exit(127);
	}
	return pid;
}

static int dial(void)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = -1;

	memcpy(to.sun_path, sock, strlen(sock));
	for (int tries = 0; tries < 3000; tries++) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
			return fd;
		close(fd);
		usleep(10000);
	}
	fail_msg("nobody listens on %s", sock);
	return -1;
}

static void post(int fd, const uint8_t *p, size_t len)
{
	uint8_t frame[2 + 300] = {(uint8_t)(len >> 8), (uint8_t)len};

	assert_true(len <= 300);
	memcpy(frame + 2, p, len);
	assert_int_equal(send(fd, frame, len + 2, MSG_NOSIGNAL), (ssize_t)len + 2);
}

/* One message back; -1 when the other side hung up. */
static ssize_t take(int fd, uint8_t *out, size_t cap)
{
	uint8_t head[2];
	size_t len;

	if (recv(fd, head, 2, MSG_WAITALL) != 2)
		return -1;
	len = (size_t)(head[0] << 8 | head[1]);
	assert_true(len <= cap);
	return recv(fd, out, len, MSG_WAITALL);
}

static int control(int fd, uint8_t what)
{
	uint8_t answer[4];

	post(fd, &what, 1);
	assert_int_equal(take(fd, answer, sizeof(answer)), 1);
	return answer[0];
}

static uint16_t apdu(int fd, const char *bytes, size_t len)
{
	uint8_t answer[4096];
	ssize_t n;

	post(fd, (const uint8_t *)bytes, len);
	n = take(fd, answer, sizeof(answer));
	assert_true(n >= 2);
	return (uint16_t)(answer[n - 2] << 8 | answer[n - 1]);
}

#define SEND(fd, bytes) apdu(fd, bytes, sizeof(bytes) - 1)
#define PIN_STATUS	"\x00\x20\x00\x80"
#define PIN_RIGHT                                                                                  \
	"\x00\x20\x00\x80\x08"                                                                     \
	"123456\xFF\xFF"
#define PIN_WRONG                                                                                  \
	"\x00\x20\x00\x80\x08"                                                                     \
	"123457\xFF\xFF"
#define GET_VERSION "\x00\xFD\x00\x00\x00"

static bool silent(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};

	return poll(&p, 1, 100) == 0;
}

static void stop(pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(access(sock, F_OK), -1);
}

static void test_atr_and_power(void **unused)
{
	pid_t pid = start(NULL, NULL);
	int fd = dial();
	uint8_t what = ATR, atr[64], tck = 0;
	struct stat st;

	(void)unused;
	post(fd, &what, 1);
	assert_int_equal(take(fd, atr, sizeof(atr)), 18);
	for (int i = 1; i < 18; i++)
		tck ^= atr[i];
	assert_int_equal(tck, 0);
	/* ISO 7816-4, 8.1.1.2.7: third byte of the card capabilities, chaining and extended. */
	assert_memory_equal(atr + 6, "\x80\x73\xC0\x01\xC0", 5);
	assert_int_equal(SEND(fd, PIN_RIGHT), 0x9000);
	assert_int_equal(SEND(fd, PIN_STATUS), 0x9000);
	what = RESET;
	post(fd, &what, 1);
	assert_int_equal(SEND(fd, PIN_STATUS), 0x63C3);
	assert_int_equal(SEND(fd, PIN_RIGHT), 0x9000);
	what = OFF;
	post(fd, &what, 1);
	what = ON;
	post(fd, &what, 1);
	assert_int_equal(SEND(fd, PIN_STATUS), 0x63C3);
	assert_int_equal(SEND(fd, PIN_RIGHT), 0x9000);
	close(fd);
	/* Nobody is there any more: the card is switched off. */
	fd = dial();
	assert_int_equal(SEND(fd, PIN_STATUS), 0x63C3);
	close(fd);
	assert_int_equal(stat(state, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(sock, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	stop(pid);
}

static void test_turns(void **unused)
{
	pid_t pid = start(NULL, NULL);
	int a = dial(), b = dial(), c = dial();
	uint8_t what = BEGIN, answer[8];

	(void)unused;
	assert_int_equal(control(a, BEGIN), 0);
	post(b, &what, 1);
	assert_true(silent(b));
	/* Commands of others wait as well, in the order they came. */
	post(c, (const uint8_t *)GET_VERSION, sizeof(GET_VERSION) - 1);
	assert_true(silent(c));
	assert_int_equal(SEND(a, PIN_RIGHT), 0x9000);
	assert_int_equal(control(a, END), 0);
	assert_int_equal(take(b, answer, sizeof(answer)), 1);
	assert_int_equal(answer[0], 0);
	assert_true(silent(c));
	/* The card is one card: b sees what a verified. */
	assert_int_equal(SEND(b, PIN_STATUS), 0x9000);
	assert_int_equal(control(b, END), 0);
	assert_int_equal(take(c, answer, sizeof(answer)), 5);
	/* Ending what one does not hold. */
	assert_int_equal(control(a, END), 2);
	/* A holder that goes away resets the card, and everybody learns of it once. */
	assert_int_equal(control(a, BEGIN), 0);
	post(b, &what, 1);
	assert_true(silent(b));
	close(a);
	assert_int_equal(take(b, answer, sizeof(answer)), 1);
	assert_int_equal(answer[0], 1);
	assert_int_equal(SEND(b, PIN_STATUS), 0x63C3);
	assert_int_equal(control(b, END), 0);
	assert_int_equal(control(b, BEGIN), 0);
	assert_int_equal(control(b, END), 0);
	assert_int_equal(control(c, BEGIN), 1);
	/* Power is shared: ON by one of two does nothing, RESET does and is told. */
	assert_int_equal(SEND(c, PIN_RIGHT), 0x9000);
	what = ON;
	post(c, &what, 1);
	assert_int_equal(SEND(c, PIN_STATUS), 0x9000);
	what = RESET;
	post(c, &what, 1);
	assert_int_equal(SEND(c, PIN_STATUS), 0x63C3);
	assert_int_equal(control(c, END), 0);
	assert_int_equal(control(b, BEGIN), 1);
	close(b);
	close(c);
	stop(pid);
}

/* One card per state file; a socket left behind by a killed card is taken over. */
static void test_locks(void **unused)
{
	pid_t pid = start(NULL, NULL), second;
	int fd = dial(), status;

	(void)unused;
	second = start(NULL, NULL);
	assert_int_equal(waitpid(second, &status, 0), second);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	assert_int_equal(SEND(fd, GET_VERSION), 0x9000);
	close(fd);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_int_equal(access(sock, F_OK), 0);
	pid = start(NULL, NULL);
	fd = dial();
	assert_int_equal(SEND(fd, GET_VERSION), 0x9000);
	close(fd);
	stop(pid);
}

static size_t read_file(const char *path, char *text, size_t cap)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, cap - 1, f);
	text[n] = '\0';
	fclose(f);
	unlink(path);
	return n;
}

static void test_log(void **unused)
{
	pid_t pid = start("--log", extra);
	int fd = dial();
	char text[1024];

	(void)unused;
	assert_int_equal(SEND(fd, GET_VERSION), 0x9000);
	assert_int_equal(SEND(fd, PIN_RIGHT), 0x9000);
	assert_int_equal(SEND(fd, "\x00\x20\x00\x80\x00\x00\x08"
				  "123456\xFF\xFF"),
	    0x9000);
	close(fd);
	stop(pid);
	read_file(extra, text, sizeof(text));
	assert_string_equal(text, "> 00FD000000\n< 0507009000\n"
				  "> 0020008008****************\n< 9000\n"
				  "> 00200080000008****************\n< 9000\n");
}

static void test_count_and_pull(void **unused)
{
	pid_t pid = start("--count", extra);
	int fd = dial(), status;
	uint8_t answer[64];
	char text[64];

	(void)unused;
	for (int i = 0; i < 12; i++)
		assert_int_equal(SEND(fd, GET_VERSION), 0x9000);
	close(fd);
	stop(pid);
	read_file(extra, text, sizeof(text));
	assert_string_equal(text, "12\n");
	pid = start("--pull-after", "2");
	fd = dial();
	assert_int_equal(SEND(fd, GET_VERSION), 0x9000);
	assert_int_equal(SEND(fd, GET_VERSION), 0x9000);
	post(fd, (const uint8_t *)GET_VERSION, sizeof(GET_VERSION) - 1);
	assert_int_equal(take(fd, answer, sizeof(answer)), -1);
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Killed at any moment, the card wakes up with its PIN, and with no more tries than it had. */
static void test_kill(void **unused)
{
	(void)unused;
	unlink(state);
	srand(7);
	for (int round = 0; round < 25; round++) {
		pid_t pid = start(NULL, NULL), killer;
		int fd = dial(), status;
		uint8_t answer[64];

		/* Every second round tears a card that changes its PIN. */
		assert_int_equal(SEND(fd, PIN_RIGHT), 0x9000);
		fflush(NULL);
		killer = fork();
		if (killer == 0) {
			usleep((useconds_t)(rand() % 5000));
			kill(pid, SIGKILL);
			_exit(0);
		}
		rand();
		for (;;) {
			static const uint8_t change[] = "\x00\x24\x00\x80\x10"
							"123456\xFF\xFF"
							"123456\xFF\xFF";
			static const uint8_t verify[] = PIN_RIGHT;
			const uint8_t *p = round % 2 != 0 ? change : verify;
			size_t len = (round % 2 != 0 ? sizeof(change) : sizeof(verify)) - 1;
			uint8_t frame[64] = {0, (uint8_t)len};

			memcpy(frame + 2, p, len);
			if (send(fd, frame, len + 2, MSG_NOSIGNAL) < 0 ||
			    take(fd, answer, sizeof(answer)) < 0)
				break;
			assert_memory_equal(answer, "\x90\x00", 2);
		}
		waitpid(killer, &status, 0);
		waitpid(pid, &status, 0);
		close(fd);
	}
	{
		pid_t pid = start(NULL, NULL);
		int fd = dial();

		assert_int_equal(SEND(fd, PIN_RIGHT), 0x9000);
		assert_int_equal(SEND(fd, PIN_WRONG), 0x63C2);
		assert_int_equal(SEND(fd, PIN_RIGHT), 0x9000);
		close(fd);
		stop(pid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_atr_and_power),
	    cmocka_unit_test(test_turns),
	    cmocka_unit_test(test_locks),
	    cmocka_unit_test(test_log),
	    cmocka_unit_test(test_count_and_pull),
	    cmocka_unit_test(test_kill),
	};

	return cmocka_run_group_tests(tests, start_dir, end_dir);
}
