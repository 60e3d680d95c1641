/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling somebody who does not sit here: a command of theirs, or the desktop. */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/trust/trustmark.h"

extern char **environ;

/* All of it into the command's standard input; who does not read it is not waited for. */
static void feed(int fd, const char *lines)
{
	size_t n = strlen(lines);

	while (n) {
		ssize_t did = write(fd, lines, n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			break;
		lines += did;
		n -= (size_t)did;
	}
	close(fd);
}

/* Its exit code; -1 with errno: it was not there to be run. */
static int run(const char *const argv[], const char *lines)
{
	posix_spawn_file_actions_t todo;
	int ends[2], status = 0, bad;
	pid_t pid = -1;

	if (pipe(ends))
		return -1;
	(void)posix_spawn_file_actions_init(&todo);
	(void)posix_spawn_file_actions_adddup2(&todo, ends[0], STDIN_FILENO);
	(void)posix_spawn_file_actions_addclose(&todo, ends[0]);
	(void)posix_spawn_file_actions_addclose(&todo, ends[1]);
	bad = posix_spawnp(&pid, argv[0], &todo, NULL, (char *const *)(uintptr_t)argv, environ);
	(void)posix_spawn_file_actions_destroy(&todo);
	close(ends[0]);
	if (bad) {
		close(ends[1]);
		errno = bad;
		return -1;
	}
	feed(ends[1], lines);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

enum outcome trustmark_remind(
    const struct cli *c, const char *command, const char *title, const char *lines)
{
	const char *const by_command[] = {"/bin/sh", "-c", command, NULL};
	const char *const by_desktop[] = {"notify-send", "--app-name=e-Cert", title, lines, NULL};
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	int code;

	(void)sigaction(SIGPIPE, &ignore, &before);
	code = run(command ? by_command : by_desktop, command ? lines : "");
	(void)sigaction(SIGPIPE, &before, NULL);
	if (!code)
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_IO, "reminder-failed",
	    MSG(code < 0 ? MSG_ID("Nobody could be reminded: {command} cannot be run")
			 : MSG_ID("Nobody could be reminded: {command} ended with code {code}"),
		P_TEXT("command", command ? command : by_desktop[0]), P_NUMBER("code", code)),
	    MSG("Name a command that sends it, as with mail: --command, or ECERT_REMINDER in the "
		"timer's environment."));
}
