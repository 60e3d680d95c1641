/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that go on when we have ended: a browser, ecert-desk. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "actions/desk/open.h"
#include "util/clock.h"

#define SHORT_MS 1500 /* who hands on to a browser and fails has ended by then */

extern char **environ;

static int prepare(posix_spawn_file_actions_t *todo, posix_spawnattr_t *attr)
{
	int bad = 0;

	for (int fd = 0; !bad && fd <= 2; fd++)
		bad = posix_spawn_file_actions_addopen(todo, fd, "/dev/null", O_RDWR, 0);
	if (!bad)
		bad = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSID);
	return bad;
}

int browser_spawn(const char *path, char *const words[])
{
	posix_spawn_file_actions_t todo;
	posix_spawnattr_t attr;
	pid_t pid = -1;
	int bad = posix_spawn_file_actions_init(&todo);

	if (!bad) {
		bad = posix_spawnattr_init(&attr);
		if (!bad) {
			bad = prepare(&todo, &attr);
			bad = bad ? bad : posix_spawnp(&pid, path, &todo, &attr, words, environ);
			(void)posix_spawnattr_destroy(&attr);
		}
		(void)posix_spawn_file_actions_destroy(&todo);
	}
	errno = bad;
	return bad ? -1 : (int)pid;
}

/* It did its work, or still does: it did not fail at once. */
static bool goes_well(pid_t pid)
{
	const int64_t until = clock_ms() + SHORT_MS;
	const struct timespec nap = {.tv_nsec = 20000000};
	int status = 0;

	while (clock_ms() < until) {
		const pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0;
		if (got < 0 && errno != EINTR)
			return false;
		(void)nanosleep(&nap, NULL);
	}
	return true;
}

bool browser_open(const char *address)
{
	static const char *const programs[] = {"xdg-open", "x-www-browser", "sensible-browser"};
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");

	if (!(x && *x) && !(wayland && *wayland))
		return false;
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
		char *words[] = {(char *)(uintptr_t)programs[i], (char *)(uintptr_t)address, NULL};
		const int pid = browser_spawn(programs[i], words);

		if (pid > 0 && goes_well(pid))
			return true;
	}
	return false;
}
