/* SPDX-License-Identifier: BSD-2-Clause */
/* One program with a thousand connections to ecertd, which ask for what it is not to be given. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/clock.h"
#include "token/wire.h"

#define MOST 1024

/* What each connection does, again and again, after its greeting. */
static const struct kind {
	const char *name;
	struct wire_request request;
	size_t bytes;	 /* of its first field */
	bool once, deaf; /* once: then it is idle; deaf: reads no answers */
	size_t part;	 /* sends so much of it only; 0 = all */
	bool leaves;
} kinds[] = {
    {.name = "idle", .request = {.type = IPC_USER}, .once = true},
    {.name = "refused", .request = {.type = IPC_LOGIN, .a = TOKEN_USER}, .bytes = 1},
    {.name = "keys", .request = {.type = IPC_LOGIN, .a = TOKEN_SO}, .bytes = 24},
    {.name = "reads", .request = {.type = IPC_INFO}},
    {.name = "large", .request = {.type = IPC_DATA_PUT, .a = 0x5FC102}, .bytes = IPC_DATA_MAX},
    {.name = "deaf", .request = {.type = IPC_INFO}, .deaf = true},
    {.name = "halves",
	.request = {.type = IPC_DATA_PUT, .a = 0x5FC102},
	.bytes = IPC_DATA_MAX,
	.once = true,
	.part = 40},
    {.name = "comings", .request = {.type = IPC_INFO}, .leaves = true},
};

static struct guest {
	int fd; /* -1: not there */
	const struct buf *now;
	size_t at;
	bool done;
} guest[MOST];

static const struct kind *kind;
static struct buf hello = BUF_INIT(64), frame = BUF_INIT(IPC_FRAME_MAX + 4);
static unsigned long came, sent;

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static bool make_frames(void)
{
	static const uint8_t zeros[IPC_DATA_MAX];
	const struct wire_request greeting = {.type = IPC_HELLO};
	struct wire_request q = kind->request;

	q.field[0] = rd_of(zeros, kind->bytes);
	return wire_put_request(&hello, &greeting) == ECERT_OK &&
	       wire_put_request(&frame, &q) == ECERT_OK;
}

static void come(struct guest *g, const struct sockaddr_un *to)
{
	g->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (g->fd >= 0 && connect(g->fd, (const struct sockaddr *)to, sizeof *to) != 0) {
		(void)close(g->fd);
		g->fd = -1;
	}
	if (g->fd < 0)
		return;
	g->now = &hello;
	g->at = 0;
	g->done = false;
	came++;
}

static void leave(struct guest *g)
{
	(void)close(g->fd);
	g->fd = -1;
}

static void speak(struct guest *g)
{
	struct rd v = buf_view(g->now);
	size_t end = g->now == &frame && kind->part > 0 ? kind->part : v.n;
	ssize_t n = send(g->fd, v.p + g->at, end - g->at, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN)
		leave(g);
	if (n <= 0)
		return;
	g->at += (size_t)n;
	if (g->at < end)
		return;
	sent++;
	g->done = g->now == &frame && kind->once;
	if (g->now == &frame && kind->leaves)
		leave(g);
	g->now = &frame;
	g->at = 0;
}

static void listen_to(struct guest *g)
{
	static uint8_t waste[65536];
	ssize_t n = recv(g->fd, waste, sizeof waste, 0);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		leave(g);
}

static void turn(int n, const struct sockaddr_un *to)
{
	static struct pollfd fds[MOST];

	for (int i = 0; i < n; i++) {
		if (guest[i].fd < 0)
			come(&guest[i], to);
		fds[i] = (struct pollfd){.fd = guest[i].fd,
		    .events = (short)((guest[i].done ? 0 : POLLOUT) | (kind->deaf ? 0 : POLLIN))};
	}
	if (poll(fds, (nfds_t)n, 50) <= 0)
		return;
	for (int i = 0; i < n; i++) {
		if (guest[i].fd >= 0 && (fds[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
			listen_to(&guest[i]);
		if (guest[i].fd >= 0 && (fds[i].revents & POLLOUT) != 0)
			speak(&guest[i]);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	struct rlimit files = {MOST + 64, MOST + 64};
	int64_t end;
	int n;

	if (argc != 5 || (kind = kind_of(argv[2])) == NULL || !make_frames() ||
	    strlen(argv[1]) >= sizeof to.sun_path) {
		(void)fprintf(stderr, "crowd SOCKET KIND CONNECTIONS SECONDS\n");
		return 2;
	}
	memcpy(to.sun_path, argv[1], strlen(argv[1]) + 1);
	n = atoi(argv[3]);
	n = n < 1 || n > MOST ? MOST : n;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	for (int i = 0; i < n; i++)
		guest[i].fd = -1;
	for (end = clock_ms() + atoi(argv[4]) * 1000LL; clock_ms() < end;)
		turn(n, &to);
	(void)printf("came=%lu sent=%lu\n", came, sent);
	buf_free(&hello);
	buf_free(&frame);
	return came > 0 ? 0 : 1;
}
