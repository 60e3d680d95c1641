/* SPDX-License-Identifier: BSD-2-Clause */
/* The fork counter. */
#include "util/fork.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_uint forks;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void in_child(void)
{
	atomic_fetch_add_explicit(&forks, 1, memory_order_relaxed);
}

static void watch(void)
{
	(void)pthread_atfork(NULL, NULL, in_child);
}

unsigned fork_stamp(void)
{
	(void)pthread_once(&once, watch);
	return atomic_load_explicit(&forks, memory_order_relaxed);
}

bool fork_passed(unsigned stamp)
{
	return stamp != atomic_load_explicit(&forks, memory_order_relaxed);
}

void fork_mark_set(struct fork_mark *m)
{
	m->stamp = fork_stamp();
	m->pid = getpid();
}

bool fork_mark_inherited(const struct fork_mark *m)
{
	return fork_passed(m->stamp) || m->pid != getpid();
}
