/* SPDX-License-Identifier: BSD-2-Clause */
/* The gate: it has the libraries ready, and for each question starts a reader, which is a process
 * that serves this one and ends. The gate itself takes in descriptors and gives out a number: no
 * byte of a question or a file ever reaches it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "document/wall/frame.h"
#include "wall/wall.h"

/* More at once wait in the socket. */
#define READERS 32

struct reader {
	pid_t pid; /* 0: none */
	int end;
};

struct gate {
	const struct wall_op *ops;
	size_t ops_n;
	struct reader reader[READERS];
	size_t readers;
	bool shut;  /* nobody asks any more */
	bool stale; /* a reader crashed */
	sigset_t awake;
};

static void woken(int signal)
{
	(void)signal;
}

/* A person who presses Ctrl-C speaks to the program that asks, whose end is noticed here. */
static bool signals(struct gate *g)
{
	static const int deaf[] = {SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGPIPE};
	struct sigaction act = {.sa_handler = SIG_IGN};
	sigset_t child;
	bool good = true;

	for (size_t i = 0; i < sizeof deaf / sizeof deaf[0]; i++)
		good = !sigaction(deaf[i], &act, NULL) && good;
	act.sa_handler = woken;
	sigemptyset(&g->awake);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	return good && !sigaction(SIGCHLD, &act, NULL) && !sigprocmask(SIG_SETMASK, &child, NULL);
}

static void tell(int end, int32_t how)
{
	(void)!write(end, &how, sizeof how);
	close(end);
}

/* A crash may have been one of many guesses where things are in memory: after it they are
 * elsewhere. */
static bool crashed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGXCPU;
}

static void reap(struct gate *g)
{
	int status = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < READERS; i++)
			if (g->reader[i].pid == pid) {
				tell(g->reader[i].end, status);
				g->reader[i].pid = 0;
				g->readers--;
				g->stale = g->stale || crashed(status);
			}
}

/* In the reader, which keeps only what is its own. */
static int read_one(const struct gate *g, pid_t gate, const int *fd, size_t n)
{
	struct sigaction plain = {.sa_handler = SIG_DFL};
	struct rd input[WALL_INPUTS_MAX];
	int32_t good = !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == gate &&
		       !sigaction(SIGPIPE, &plain, NULL) && !sigaction(SIGXCPU, &plain, NULL) &&
		       !sigprocmask(SIG_SETMASK, &g->awake, NULL) &&
		       dup2(fd[1], WALL_REQUEST) >= 0 && dup2(fd[1], WALL_ANSWER) >= 0;

	for (size_t i = 2; good && i < n; i++)
		good = wall_input(fd[i], &input[i - 2]) == ECERT_OK;
	if (!good || close_range(WALL_COMPLAINTS + 1, ~0u, 0))
		return 1;
	return wall_serve(g->ops, g->ops_n, input, n - 2);
}

static void start(struct gate *g, const int *fd, size_t n)
{
	pid_t gate = getpid(), pid = fork();
	size_t i = 0;

	if (!pid)
		_exit(read_one(g, gate, fd, n));
	for (size_t k = 1; k < n; k++)
		close(fd[k]);
	if (pid < 0) {
		tell(fd[0], -errno);
		return;
	}
	while (g->reader[i].pid)
		i++;
	g->reader[i] = (struct reader){pid, fd[0]};
	g->readers++;
}

/* One question's descriptors. */
static void take(struct gate *g)
{
	_Alignas(struct cmsghdr) uint8_t room[CMSG_SPACE(sizeof(int) * (2 + WALL_INPUTS_MAX))];
	int fd[2 + WALL_INPUTS_MAX];
	uint8_t byte;
	struct iovec v = {&byte, 1};
	struct msghdr m = {
	    .msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
	ssize_t got = recvmsg(WALL_QUESTIONS, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	const struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&m) : NULL;
	size_t n = 0;

	g->shut = !got || (got < 0 && errno != EAGAIN && errno != EINTR);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len <= CMSG_LEN(sizeof fd))
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	if (n)
		memcpy(fd, CMSG_DATA(c), n * sizeof(int));
	if (n >= 2 && !(m.msg_flags & MSG_CTRUNC)) {
		start(g, fd, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		close(fd[i]);
}

/* Waits until something happens. Whoever does not wait for an answer any more has closed the other
 * side of end. */
static void look_around(struct gate *g)
{
	struct pollfd p[1 + READERS];
	size_t n = 1, of[1 + READERS];
	bool open = !g->shut && !g->stale && g->readers < READERS;

	p[0] = (struct pollfd){open ? WALL_QUESTIONS : -1, POLLIN, 0};
	for (size_t i = 0; i < READERS; i++)
		if (g->reader[i].pid) {
			of[n] = i;
			p[n++] = (struct pollfd){g->reader[i].end, 0, 0};
		}
	if (ppoll(p, n, NULL, &g->awake) <= 0)
		return;
	for (size_t k = 1; k < n; k++)
		if (p[k].revents)
			kill(g->reader[of[k]].pid, SIGKILL);
	if (p[0].revents)
		take(g);
}

int wall_gate(const struct wall_op *ops, size_t n)
{
	static char name[] = "ecert-wall", *words[] = {name, NULL};
	static char now[] = "LD_BIND_NOW=1", *only[] = {now, NULL};
	struct gate g = {.ops = ops, .ops_n = n};

	if (!signals(&g) || clearenv())
		return 1;
	while (!g.shut || g.readers) {
		if (g.stale && !g.readers)
			return execve("/proc/self/exe", words, only);
		look_around(&g);
		reap(&g);
	}
	return 0;
}
