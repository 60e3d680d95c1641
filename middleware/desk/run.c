/* SPDX-License-Identifier: BSD-2-Clause */
/* A deed's process: it alone has the token and the PIN, and when it ends all of it is gone. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk/desk.h"
#include "util/file.h"
#include "util/log.h"

#define PROGRAM "/ecert-desk-deed"

extern char **environ;

/* ---- what it is started with ---- */

static const char *program(const struct desk *d, char *path, size_t cap)
{
	if (d->program)
		return d->program;
	if (!file_beside_program(PROGRAM, X_OK, path, cap))
		(void)snprintf(path, cap, "%s", LIBEXEC_DIR PROGRAM);
	return path;
}

static const char *const variables[DESK_VARIABLES] = {[DESK_DISPLAY] = "DISPLAY",
    [DESK_WAYLAND] = "WAYLAND_DISPLAY",
    [DESK_XAUTHORITY] = "XAUTHORITY",
    [DESK_BUS] = "DBUS_SESSION_BUS_ADDRESS"};

/* Whether whoever knocked said another value of it. */
static bool is_said(const struct desk *d, const char *entry)
{
	for (size_t i = 0; i < DESK_VARIABLES; i++) {
		const size_t n = variables[i] ? strlen(variables[i]) : 0;

		if (n && d->variable[i][0] && !strncmp(entry, variables[i], n) && entry[n] == '=')
			return true;
	}
	return false;
}

/* Our environment, and where the person's screen is. said has room for what is added. */
static char **environment(
    const struct desk *d, char said[DESK_VARIABLES][DESK_VALUE + 32], char **room, size_t cap)
{
	size_t n = 0;

	for (char **e = environ; *e && n + DESK_VARIABLES + 1 < cap; e++)
		if (!is_said(d, *e))
			room[n++] = *e;
	for (size_t i = 0; i < DESK_VARIABLES; i++)
		if (variables[i] && d->variable[i][0]) {
			(void)snprintf(
			    said[i], sizeof said[i], "%s=%s", variables[i], d->variable[i]);
			room[n++] = said[i];
		}
	room[n] = NULL;
	return room;
}

/* ---- starting ---- */

static int spawn(const char *path, int end, char **env, pid_t *pid)
{
	char name[] = "ecert-desk-deed";
	char *words[] = {name, NULL};
	posix_spawn_file_actions_t todo;
	posix_spawnattr_t attr;
	sigset_t none;
	int bad = posix_spawn_file_actions_init(&todo);

	if (bad)
		return bad;
	bad = posix_spawnattr_init(&attr);
	if (bad) {
		(void)posix_spawn_file_actions_destroy(&todo);
		return bad;
	}
	(void)sigemptyset(&none);
	if (posix_spawn_file_actions_adddup2(&todo, end, STDIN_FILENO) ||
	    posix_spawn_file_actions_adddup2(&todo, end, STDOUT_FILENO) ||
	    posix_spawnattr_setsigmask(&attr, &none) || posix_spawnattr_setpgroup(&attr, 0) ||
	    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
		bad = ENOMEM;
	bad = bad ? bad : posix_spawn(pid, path, &todo, &attr, words, env);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&todo);
	return bad;
}

static bool tell(int fd, const char *text)
{
	size_t n = strlen(text);

	while (n) {
		ssize_t did = send(fd, text, n, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (did < 0 && errno != EINTR)
			return false;
		n -= did > 0 ? (size_t)did : 0;
		text += did > 0 ? did : 0;
	}
	return true;
}

#define ENVIRONMENT 512

enum ecert_rc deed_start(struct desk *d, struct deed *deed, const char *request)
{
	char path[PATH_MAX], said[DESK_VARIABLES][DESK_VALUE + 32], *room[ENVIRONMENT];
	int ends[2], bad;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return ECERT_E_IO;
	bad = spawn(program(d, path, sizeof path), ends[1], environment(d, said, room, ENVIRONMENT),
	    &deed->pid);
	(void)close(ends[1]);
	if (bad) {
		log_error("%s: %s", path, strerror(bad));
		(void)close(ends[0]);
		deed->pid = 0;
		return bad == ENOENT ? ECERT_E_NOT_FOUND : ECERT_E_IO;
	}
	deed->channel = ends[0];
	buf_init(&deed->said, DESK_SAID);
	/* A request is smaller than what the socket holds; who does not read it ends, and is heard
	 * to. */
	if (!tell(deed->channel, request) || !tell(deed->channel, "\n"))
		log_info("a deed did not listen");
	return ECERT_OK;
}

/* ---- hearing ---- */

static bool begins(const uint8_t *line, size_t n, const char *with)
{
	return n >= strlen(with) && !memcmp(line, with, strlen(with));
}

/* What concerns us of a line. */
static void note(struct deed *deed, const uint8_t *line, size_t n)
{
	if (begins(line, n, "{\"kind\":\"asking\""))
		deed->asking = true;
	else if (begins(line, n, "{\"kind\":\"asked\""))
		deed->asking = false;
	else if (begins(line, n, "{\"kind\":\"end\""))
		deed->ended = true;
}

/* The lines that are whole by now. */
static void take_lines(struct deed *deed)
{
	const struct rd all = buf_view(&deed->said);

	for (;;) {
		const uint8_t *at = all.p + deed->whole;
		const uint8_t *nl = all.n > deed->whole ? memchr(at, '\n', all.n - deed->whole)
							: NULL;

		if (!nl)
			return;
		note(deed, at, (size_t)(nl - at));
		deed->whole += (size_t)(nl - at) + 1;
	}
}

/* It is over. One that did not say so was killed, by a person or by a fault. */
static void close_deed(struct deed *deed, const char *last)
{
	(void)close(deed->channel);
	deed->channel = -1;
	if (deed->pid > 0) {
		(void)kill(-deed->pid, SIGKILL);
		while (waitpid(deed->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	deed->pid = 0;
	deed->asking = false;
	if (deed->ended || buf_rc(&deed->said) != ECERT_OK)
		return;
	buf_truncate(&deed->said, deed->whole);
	buf_str(&deed->said, last);
	take_lines(deed);
}

void deed_hear(struct deed *deed)
{
	static const char lost[] = "{\"kind\":\"end\",\"outcome\":\"lost\"}\n",
			  stopped[] = "{\"kind\":\"end\",\"outcome\":\"interrupted\"}\n";
	uint8_t room[65536];
	ssize_t n = recv(deed->channel, room, sizeof room, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && buf_len(&deed->said) + (size_t)n < DESK_SAID - 256) {
		buf_put(&deed->said, room, (size_t)n);
		take_lines(deed);
	} else {
		close_deed(deed, deed->stopped ? stopped : lost);
	}
}

void deed_stop(struct deed *deed)
{
	if (deed->channel < 0)
		return;
	/* Nothing was begun as long as it asks, and who is asked answers nobody else; and whoever
	 * says it twice does not want to wait for a file to be done. */
	if (deed->asking || deed->stopped || !tell(deed->channel, "stop\n"))
		(void)kill(-deed->pid, SIGTERM);
	deed->stopped = true;
}

void deed_forget(struct deed *deed)
{
	if (deed->channel >= 0)
		close_deed(deed, "");
	buf_free(&deed->said);
	*deed = (struct deed){.channel = -1};
}
