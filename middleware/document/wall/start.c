/* SPDX-License-Identifier: BSD-2-Clause */
/* The gates, started once in a process, and asked for a reader for each question. */
#include "document/wall/start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "document/wall/frame.h"
#include "util/clock.h"
#include "util/file.h"

#define PROGRAM "ecert-wall"

/* One that is named has the other one beside it, or answers all questions itself. */
static const char *program(const char *kind, char *path, size_t cap)
{
	const char *named = secure_getenv("ECERT_WALL");
	char below[sizeof "/" PROGRAM WALL_PDF];

	if (named && *named)
		return snprintf(path, cap, "%s%s", named, kind) < (int)cap && !access(path, X_OK)
			   ? path
			   : named;
	snprintf(below, sizeof below, "/" PROGRAM "%s", kind);
	if (!file_beside_program(below, X_OK, path, cap))
		snprintf(path, cap, "%s%s", WALL_DIR, below);
	return path;
}

/* A process that forked may go on with the gate of the one before it: both only send. */
static struct gate {
	const char *kind;
	char path[PATH_MAX]; /* the program */
	pid_t pid, owner;    /* it, and who waits for it */
	int questions;	     /* -1: there is none */
} gates[] = {{.kind = WALL_PLAIN, .questions = -1}, {.kind = WALL_PDF, .questions = -1}};
#define GATES (sizeof gates / sizeof gates[0])
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- the gates; the lock is held ---- */
static void end_gate(struct gate *g)
{
	int saved = errno;

	if (g->questions < 0)
		return;
	close(g->questions);
	g->questions = -1;
	while (g->owner == getpid() && waitpid(g->pid, NULL, 0) < 0 && errno == EINTR)
		;
	errno = saved;
}

static int spawn(const char *path, int socket, pid_t *pid)
{
	/* What each reader would have to look up anew. */
	static char now[] = "LD_BIND_NOW=1", *only[] = {now, NULL};
	char name[] = PROGRAM, *words[] = {name, NULL};
	posix_spawn_file_actions_t todo;
	posix_spawnattr_t attr;
	sigset_t none;
	int bad = posix_spawn_file_actions_init(&todo) || posix_spawnattr_init(&attr);

	if (bad)
		return ENOMEM;
	sigemptyset(&none);
	bad = posix_spawnattr_setsigmask(&attr, &none) ||
	      posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK) ||
	      posix_spawn_file_actions_adddup2(&todo, socket, WALL_QUESTIONS) ||
	      posix_spawn_file_actions_addopen(&todo, WALL_ANSWER, "/dev/null", O_WRONLY, 0) ||
	      posix_spawn_file_actions_addopen(&todo, WALL_COMPLAINTS, "/dev/null", O_WRONLY, 0) ||
	      posix_spawn_file_actions_addclosefrom_np(&todo, WALL_COMPLAINTS + 1);
	bad = bad ? ENOMEM : posix_spawn(pid, path, &todo, &attr, words, only);
	posix_spawn_file_actions_destroy(&todo);
	posix_spawnattr_destroy(&attr);
	return bad;
}

/* 0, or an error number. */
static int start_gate(struct gate *g, const char *path)
{
	/* Not the lowest numbers: where standard input is closed it would be taken for that. */
	int pair[2], high, bad;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return errno;
	high = fcntl(pair[1], F_DUPFD_CLOEXEC, WALL_COMPLAINTS + 1);
	bad = high < 0 ? errno : spawn(path, high, &g->pid);
	if (high >= 0)
		close(high);
	close(pair[1]);
	if (bad) {
		close(pair[0]);
		return bad;
	}
	snprintf(g->path, sizeof g->path, "%s", path);
	g->questions = pair[0];
	g->owner = getpid();
	return 0;
}

/* Descriptors as they are in the message of frame.h. */
static bool send_all(int to, const int *fd, size_t n)
{
	_Alignas(struct cmsghdr) uint8_t room[CMSG_SPACE(sizeof(int) * (2 + WALL_INPUTS_MAX))];
	uint8_t byte = 0;
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v,
	    .msg_iovlen = 1,
	    .msg_control = room,
	    .msg_controllen = CMSG_SPACE(sizeof(int) * n)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t sent;

	memset(room, 0, sizeof room);
	*c = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
	    .cmsg_type = SCM_RIGHTS,
	    .cmsg_len = CMSG_LEN(sizeof(int) * n)};
	memcpy(CMSG_DATA(c), fd, sizeof(int) * n);
	do
		sent = sendmsg(to, &m, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == 1;
}

static void rest_at_exit(void)
{
	(void)atexit(wall_rest);
}

static struct gate *gate_of(const char *kind)
{
	(void)pthread_once(&once, rest_at_exit);
	return &gates[*kind ? 1 : 0];
}

/* One that was ended from elsewhere is started anew. */
static int put_question(struct gate *g, const int *fd, size_t n)
{
	char room[PATH_MAX];
	const char *path = program(g->kind, room, sizeof room);
	int bad = 0;

	if (strcmp(path, g->path) != 0)
		end_gate(g);
	if (g->questions >= 0 && send_all(g->questions, fd, n))
		return 0;
	if (g->questions >= 0 && errno != EPIPE && errno != ECONNRESET)
		return errno;
	end_gate(g);
	bad = start_gate(g, path);
	return bad ? bad : send_all(g->questions, fd, n) ? 0 : errno;
}

/* ---- for whoever asks ---- */
void wall_rest(void)
{
	(void)pthread_mutex_lock(&lock);
	for (size_t i = 0; i < GATES; i++)
		end_gate(&gates[i]);
	(void)pthread_mutex_unlock(&lock);
}

void wall_ready(const char *kind, int steps)
{
	struct gate *g = gate_of(kind);
	char room[PATH_MAX];

	(void)pthread_mutex_lock(&lock);
	if (g->questions < 0 && !start_gate(g, program(g->kind, room, sizeof room)))
		(void)setpriority(PRIO_PROCESS, (id_t)g->pid, getpriority(PRIO_PROCESS, 0) + steps);
	(void)pthread_mutex_unlock(&lock);
}

enum ecert_rc wall_start(const char *kind, const int *fd, size_t fds, struct wall_reader *r)
{
	struct gate *g = gate_of(kind);
	int pair[2], end[2], bad;

	*r = (struct wall_reader){-1, -1};
	if (fds > WALL_INPUTS_MAX)
		return ECERT_E_ARG;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return ECERT_E_IO;
	if (pipe2(end, O_CLOEXEC)) {
		bad = errno;
	} else {
		int all[2 + WALL_INPUTS_MAX] = {end[1], pair[1]};

		for (size_t i = 0; i < fds; i++)
			all[2 + i] = fd[i];
		(void)pthread_mutex_lock(&lock);
		bad = put_question(g, all, 2 + fds);
		(void)pthread_mutex_unlock(&lock);
		close(end[1]);
		if (bad)
			close(end[0]);
	}
	close(pair[1]);
	if (!bad) {
		*r = (struct wall_reader){pair[0], end[0]};
		return ECERT_OK;
	}
	close(pair[0]);
	errno = bad;
	return bad == ENOENT || bad == EACCES ? ECERT_E_NOT_FOUND : ECERT_E_IO;
}

enum wall_state wall_finish(struct wall_reader *r, int ms, int *status)
{
	struct pollfd p = {r->end, POLLIN, 0};
	const struct timespec until = deadline_in(ms);
	int32_t how = 0;
	ssize_t n = 0;
	int ready;

	do
		ready = poll(&p, 1, deadline_left_ms(&until));
	while (ready < 0 && errno == EINTR);
	if (ready > 0)
		n = read(r->end, &how, sizeof how);
	close(r->channel);
	close(r->end);
	*r = (struct wall_reader){-1, -1};
	*status = how;
	return ready <= 0 ? WALL_RUNNING : n == sizeof how ? WALL_ENDED : WALL_GONE;
}
