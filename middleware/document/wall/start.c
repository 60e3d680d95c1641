/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-wall started with two ends of a socket, its inputs and nothing else. */
#include "document/wall/start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "document/wall/frame.h"
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

/* Above all numbers that the child is to have, so that no copy lands on another. */
static int lift(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, WALL_FIRST_INPUT + WALL_INPUTS_MAX);
}

static int spawn(const char *kind, pid_t *pid, const int *high, size_t n, int socket)
{
	static char *nothing[] = {NULL};
	char path[PATH_MAX], name[] = PROGRAM, *words[] = {name, NULL};
	posix_spawn_file_actions_t todo;
	posix_spawnattr_t attr;
	sigset_t none;
	int bad = posix_spawn_file_actions_init(&todo) || posix_spawnattr_init(&attr);

	if (bad)
		return ENOMEM;
	sigemptyset(&none);
	bad = posix_spawnattr_setsigmask(&attr, &none) ||
	      posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK) ||
	      posix_spawn_file_actions_adddup2(&todo, socket, WALL_REQUEST) ||
	      posix_spawn_file_actions_adddup2(&todo, socket, WALL_ANSWER) ||
	      posix_spawn_file_actions_addopen(&todo, WALL_COMPLAINTS, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; !bad && i < n; i++)
		bad = posix_spawn_file_actions_adddup2(&todo, high[i], WALL_FIRST_INPUT + (int)i);
	if (!bad)
		bad = posix_spawn_file_actions_addclosefrom_np(&todo, WALL_FIRST_INPUT + (int)n);
	bad = bad ? ENOMEM
		  : posix_spawn(
			pid, program(kind, path, sizeof path), &todo, &attr, words, nothing);
	posix_spawn_file_actions_destroy(&todo);
	posix_spawnattr_destroy(&attr);
	return bad;
}

static void close_all(const int *fd, size_t n)
{
	int saved = errno;

	for (size_t i = 0; i < n; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	errno = saved;
}

enum ecert_rc wall_start(const char *kind, const int *fd, size_t fds, pid_t *pid, int *channel)
{
	int pair[2], high[WALL_INPUTS_MAX + 1], bad = 0;
	size_t n = 0;

	*channel = -1;
	if (fds > WALL_INPUTS_MAX)
		return ECERT_E_ARG;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return ECERT_E_IO;
	for (; n < fds + 1; n++)
		high[n] = lift(n < fds ? fd[n] : pair[1]);
	for (size_t i = 0; i < n; i++)
		bad = high[i] < 0 && !bad ? errno : bad;
	if (!bad)
		bad = spawn(kind, pid, high, fds, high[fds]);
	close_all(high, n);
	close(pair[1]);
	if (!bad) {
		*channel = pair[0];
		return ECERT_OK;
	}
	close(pair[0]);
	errno = bad;
	return bad == ENOENT || bad == EACCES ? ECERT_E_NOT_FOUND : ECERT_E_IO;
}

int wall_finish(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}
