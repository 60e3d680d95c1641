/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking ecert-desk for the page's address. */
#include "actions/desk/open.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/file.h"

#define PROGRAM	 "/ecert-desk"
#define START_MS 10000
#define ANSWER_S 10

/* ---- what it is told ---- */

/* The page speaks as the person's session does: of "zh_HK.UTF-8" it is "zh_HK". */
static void language(char out[16])
{
	static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
	const char *v = NULL;

	for (size_t i = 0; i < sizeof names / sizeof names[0] && !(v && *v); i++)
		v = getenv(names[i]);
	(void)snprintf(out, 16, "%.*s", v ? (int)strcspn(v, ".@:") : 0, v ? v : "");
}

static const char *variable(const char *name)
{
	const char *v = getenv(name);

	return v ? v : "";
}

/* One line; free with free(). NULL: memory is out, or a variable is no UTF-8. */
static char *question(bool by_hand)
{
	char spoken[16], *text, *line = NULL;
	json_t *o;

	language(spoken);
	o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "display", variable("DISPLAY"), "wayland",
	    variable("WAYLAND_DISPLAY"), "xauthority", variable("XAUTHORITY"), "bus",
	    variable("DBUS_SESSION_BUS_ADDRESS"), "language", spoken, "by_hand", (int)by_hand);
	text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	if (text && asprintf(&line, "%s\n", text) < 0)
		line = NULL;
	free(text);
	json_decref(o);
	return line;
}

/* ---- reaching it ---- */

static int knock(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = ANSWER_S};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), saved;

	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
	    connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
		return fd;
	saved = errno;
	if (fd >= 0)
		(void)close(fd);
	errno = saved;
	return -1;
}

static int start_and_knock(const char *path)
{
	const int64_t until = clock_ms() + START_MS;
	const struct timespec nap = {.tv_nsec = 20000000};
	char program[PATH_MAX], name[] = "ecert-desk", *words[] = {name, NULL};
	int fd = -1;

	if (!file_beside_program(PROGRAM, X_OK, program, sizeof program))
		(void)snprintf(program, sizeof program, "%s", BIN_DIR PROGRAM);
	if (browser_spawn(program, words) < 0)
		return -1;
	while (fd < 0 && clock_ms() < until) {
		(void)nanosleep(&nap, NULL);
		fd = knock(path);
	}
	return fd;
}

/* Of its one line, the address. */
static bool ask(int fd, const char *line, char address[DESK_ADDRESS])
{
	size_t n = 0;

	address[0] = '\0';
	if (send(fd, line, strlen(line), MSG_NOSIGNAL) != (ssize_t)strlen(line))
		return false;
	while (n < DESK_ADDRESS - 1) {
		const ssize_t did = recv(fd, address + n, DESK_ADDRESS - 1 - n, 0);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			break;
		n += (size_t)did;
	}
	address[n] = '\0';
	address[strcspn(address, "\n")] = '\0';
	return !strncmp(address, "http://", 7);
}

static enum outcome reach(const struct job *job, int *fd)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct sockaddr_un at;
	char path[sizeof at.sun_path];
	int n = dir ? snprintf(path, sizeof path, "%s/ecert-desk.sock", dir) : -1;

	*fd = -1;
	if (!dir || dir[0] != '/' || n >= (int)sizeof path)
		return ui_fail(job->ui, OUT_USAGE, "runtime-folder-missing",
		    MSG("The variable XDG_RUNTIME_DIR names no folder for your own sockets"),
		    MSG("Log in to the desktop, or over ssh, as the user whose page it is to be."));
	*fd = knock(path);
	if (*fd < 0 && (errno == ENOENT || errno == ECONNREFUSED))
		*fd = start_and_knock(path);
	if (*fd >= 0)
		return OUT_OK;
	return ui_fail(job->ui, OUT_IO, "desk-unreachable",
	    MSG("ecert-desk cannot be reached, or does not start: {why}", P_ERRNO("why", errno)),
	    MSG("Run `ecert-desk` in a terminal: it says why."));
}

enum outcome desk_page_open(
    const struct job *job, const struct desk_open_deed *deed, struct desk_opened *out)
{
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
	const bool screen = (x && *x) || (wayland && *wayland);
	char *line = question(deed->print || !screen);
	int fd = -1;
	enum outcome code = line ? reach(job, &fd)
				 : ui_fail_rc(job->ui, ECERT_E_MEMORY,
				       MSG("Cannot ask ecert-desk: {why}"));

	*out = (struct desk_opened){.opened = false};
	if (!code && !ask(fd, line, out->address))
		code = ui_fail(job->ui, OUT_IO, "desk-silent", MSG("ecert-desk gave no address"),
		    MSG("Run `ecert-desk` in a terminal: it says why."));
	if (fd >= 0)
		(void)close(fd);
	free(line);
	if (!code && !deed->print)
		out->opened = browser_open(out->address);
	return code;
}
