/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that were put off after a wrong PIN: each is answered, whatever happens meanwhile. The
 * linker sends calloc here (--wrap). */
#include <sys/time.h>

#include "tests/unit/daemon/served.h"

/* Of the allocations of a client's place in a worker's queue: the one that fails, 0 none. */
static atomic_uint place_that_fails;

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
	unsigned left = atomic_load(&place_that_fails);

	if (n == 1 && size == sizeof(struct lane) && left > 0 &&
	    atomic_fetch_sub(&place_that_fails, 1) == 1)
		return NULL;
	return __real_calloc(n, size);
}

static int greeted(const struct served *s)
{
	const struct timeval limit = {.tv_sec = 10};
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)strcpy(at.sun_path, s->path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
	return fd;
}

static void send_request(int fd, const struct wire_request *q)
{
	struct buf f = BUF_INIT(IPC_FRAME_MAX + 4);

	ok(wire_put_request(&f, q));
	assert_int_equal(send(fd, buf_view(&f).p, buf_len(&f), MSG_NOSIGNAL), buf_len(&f));
	buf_free(&f);
}

static void take_answer(int fd, struct wire_answer *w)
{
	uint8_t head[4], body[256];
	size_t n;

	assert_int_equal(recv(fd, head, sizeof head, MSG_WAITALL), sizeof head);
	n = (size_t)head[2] << 8 | head[3];
	assert_in_range(n, 1, sizeof body);
	assert_int_equal(recv(fd, body, n, MSG_WAITALL), n);
	ok(wire_get_answer(rd_of(body, n), w));
}

static enum ecert_rc ask(int fd, const struct wire_request *q)
{
	struct wire_answer w;

	send_request(fd, q);
	take_answer(fd, &w);
	assert_int_equal(w.id, q->id);
	return w.rc;
}

/* The second PIN waits for the delay of the first, wrong one. Then there is no memory to put it
 * back into the queue: it is answered with that, the card is not asked, and the connection goes on.
 */
static void no_memory_when_due(void **state)
{
	struct served *s = *state;
	const struct wire_request
	    hello = {.type = IPC_HELLO, .id = 1},
	    wrong = {.type = IPC_LOGIN, .id = 2, .a = TOKEN_USER, .field = {text("000000")}},
	    right = {.type = IPC_LOGIN, .id = 3, .a = TOKEN_USER, .field = {text(SIM_PIN)}};
	int fd = greeted(s);

	ok(ask(fd, &hello));
	assert_int_equal(ask(fd, &wrong), ECERT_E_PIN_WRONG);
	/* The first place is the one that it gets when it comes, the second when it is due. */
	atomic_store(&place_that_fails, 2);
	assert_int_equal(ask(fd, &right), ECERT_E_MEMORY);
	assert_int_equal(atomic_load(&place_that_fails), 0);
	assert_int_equal(sim_tries(s->card), 2);
	assert_false(sim_verified(s->card));
	ok(ask(fd, &right));
	assert_int_equal(sim_tries(s->card), 3);
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(no_memory_when_due, served_setup, served_teardown),
	};

	return cmocka_run_group_tests_name("deferred requests", tests, NULL, NULL);
}
