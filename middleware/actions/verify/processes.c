/* SPDX-License-Identifier: BSD-2-Clause */
/* The documents shared out to processes: each has some behind one another, then each other some, so
 * that what they say is read in order, and each waits for the reader before it is far ahead. A
 * process does all that can be done of a document: its reader hands on bytes. Threads would wait
 * for OpenSSL's locks. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "actions/verify/manywork.h"

/* A wake-up for each document would take a part of what a second processor brings: the first naps
 * are short, since there may be little to do. */
#define NAP_NS	   1000000L
#define NAP_MAX_NS 16000000L
/* Files behind one another: a file and its signature for one process, and not all signatures. */
#define RUN_MAX 16

/* In front of what a process says of one document; those before it are told with another one. */
struct head {
	uint64_t i; /* behind the last document: that was all */
	uint32_t code, judged, left;
	uint32_t n[VERIFY_PARTS];
};

struct process {
	pid_t pid; /* 0: none */
	int fd;	   /* what it says; -1 */
	size_t at, n;
	char heard[65536]; /* from at to n */
	struct head next;  /* what it says next, when has_next */
	bool has_next;
	long nap_ns; /* the next one's */
};

/* How they are shared out. */
struct shares {
	size_t processes, run;
};

static bool put(int fd, struct iovec *v, size_t n)
{
	while (n) {
		ssize_t w = writev(fd, v, (int)n);
		size_t left = w > 0 ? (size_t)w : 0;

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		for (; n && left >= v->iov_len; n--)
			left -= v++->iov_len;
		if (n) {
			v->iov_base = (char *)v->iov_base + left;
			v->iov_len -= left;
		}
	}
	return true;
}

/* More of what it says, when some of it is there or as soon as it is. */
static bool listen_to(const struct many *m, struct process *p)
{
	const struct timespec nap = {0, p->nap_ns};
	struct pollfd there = {.fd = p->fd, .events = POLLIN};
	ssize_t n;

	if (poll(&there, 1, 0) == 0) {
		m->batch->rest(m->batch->ctx);
		(void)nanosleep(&nap, NULL);
		p->nap_ns = 2 * p->nap_ns < NAP_MAX_NS ? 2 * p->nap_ns : NAP_MAX_NS;
	}
	do {
		n = read(p->fd, p->heard, sizeof p->heard);
	} while (n < 0 && errno == EINTR);
	p->at = 0;
	p->n = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static bool get(const struct many *m, struct process *p, void *to, size_t n)
{
	char *out = to;

	while (n) {
		size_t part = p->n - p->at < n ? p->n - p->at : n;

		memcpy(out, p->heard + p->at, part);
		p->at += part;
		out += part;
		n -= part;
		if (n && !listen_to(m, p))
			return false;
	}
	return true;
}

static void answers_init(struct many_answer *a)
{
	*a = (struct many_answer){.judged = false};
	for (size_t k = 0; k < VERIFY_PARTS; k++)
		buf_init(&a->part[k], VERIFY_PART_MAX);
}

static void answers_free(struct many_answer *a)
{
	for (size_t k = 0; k < VERIFY_PARTS; k++)
		buf_free(&a->part[k]);
}

static bool say(int fd, size_t i, const struct many_answer *a)
{
	struct head h = {.i = i, .code = a->code, .judged = a->judged, .left = a->left};
	struct iovec v[1 + VERIFY_PARTS] = {{&h, sizeof h}};

	for (size_t k = 0; k < VERIFY_PARTS; k++) {
		struct rd part = buf_view(&a->part[k]);

		h.n[k] = (uint32_t)part.n;
		v[1 + k] = (struct iovec){(void *)(uintptr_t)part.p, part.n};
	}
	return put(fd, v, 1 + VERIFY_PARTS);
}

/* False: it is not there, whole, and about this document or one behind it: its process is not heard
 * any more. */
static bool hear(const struct many *m, struct process *p, size_t i, struct many_answer *a)
{
	const struct head *h = &p->next;
	bool ok = p->has_next || get(m, p, &p->next, sizeof p->next);

	a->left = false;
	a->none = ok && h->i > i;
	p->has_next = a->none;
	if (a->none)
		return h->i <= m->names.n;
	ok = ok && h->i == i;
	for (size_t k = 0; k < VERIFY_PARTS; k++) {
		uint8_t *room;

		buf_reset(&a->part[k]);
		ok = ok && h->n[k] <= VERIFY_PART_MAX;
		room = ok && h->n[k] ? buf_room(&a->part[k], h->n[k]) : NULL;
		ok = ok && (!h->n[k] || (room && get(m, p, room, h->n[k])));
	}
	if (!ok)
		return false;
	a->code = (enum outcome)h->code;
	a->judged = h->judged != 0;
	a->left = h->left != 0;
	return true;
}

static size_t whose(const struct shares *s, size_t i)
{
	return i / s->run % s->processes;
}

/* The other process: nobody is told anything but through fd. From i on those of the same process.
 */
static void judge_each(struct many *m, size_t i, const struct shares *s, int fd)
{
	size_t mine = whose(s, i);
	struct many_answer a;

	answers_init(&a);
	m->run->leaves = true;
	for (; i < m->names.n; i++) {
		if (whose(s, i) != mine) {
			i += s->run * (s->processes - 1) - 1;
			continue;
		}
		many_judge(m, i, &a);
		if (!a.none && !say(fd, i, &a))
			break;
	}
	for (size_t k = 0; k < VERIFY_PARTS; k++)
		buf_reset(&a.part[k]);
	(void)say(fd, m->names.n, &a);
	_exit(0);
}

static bool start(struct many *m, struct process *p, size_t first, const struct shares *s)
{
	int ends[2];
	pid_t parent = getpid();

	p->fd = -1;
	p->pid = 0;
	p->at = p->n = 0;
	p->has_next = false;
	p->nap_ns = NAP_NS;
	if (pipe2(ends, O_CLOEXEC))
		return false;
	/* Room to go on with while this process writes; a smaller one does, too. */
	(void)fcntl(ends[1], F_SETPIPE_SZ, 1 << 18);
	(void)fflush(NULL);
	p->pid = fork();
	if (p->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			judge_each(m, first, s, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (p->pid < 0) {
		close(ends[0]);
		p->pid = 0;
		return false;
	}
	p->fd = ends[0];
	return true;
}

static void end(struct process *p)
{
	if (p->fd >= 0)
		close(p->fd);
	if (p->pid > 0) {
		(void)kill(p->pid, SIGKILL);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	p->fd = -1;
	p->pid = 0;
}

/* The one that is to tell of i, or another in the place of one that ended; it goes on from there.
 * What it left is judged here, where everything is in order.
 */
static void next_answer(
    struct many *m, struct process *p, size_t i, const struct shares *s, struct many_answer *a)
{
	if (p->fd < 0 && !start(m, p, i, s)) {
		many_judge(m, i, a);
		return;
	}
	if (!hear(m, p, i, a)) {
		end(p);
		many_lost(m, i, a);
	} else if (a->left) {
		many_judge(m, i, a);
	}
}

/* Few files go to all of them, a file and its signature to one. */
static struct shares share(size_t files, size_t n)
{
	size_t run = files / (8 * n);

	return (struct shares){n, run < 2 ? 2 : run > RUN_MAX ? RUN_MAX : run};
}

enum outcome many_processes(struct many *m, size_t n)
{
	const struct shares s = share(m->names.n, n);
	struct process *p = calloc(n, sizeof *p);
	struct many_answer a;

	if (!p)
		return ui_fail_rc(m->job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	answers_init(&a);
	for (size_t k = 0; k < n; k++)
		p[k].fd = -1;
	for (size_t k = 0; k < n && k * s.run < m->names.n; k++)
		(void)start(m, &p[k], k * s.run, &s);
	for (size_t i = 0; i < m->names.n; i++) {
		next_answer(m, &p[whose(&s, i)], i, &s, &a);
		if (!many_told(m, &a))
			break;
	}
	for (size_t k = 0; k < n; k++)
		end(&p[k]);
	free(p);
	answers_free(&a);
	return OUT_OK;
}
