/* SPDX-License-Identifier: BSD-2-Clause */
/* The door: a Unix socket at which a program of the same user gets the page's address, good for
 * once and for seconds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "desk/answer.h"
#include "desk/desk.h"
#include "util/file.h"
#include "util/log.h"
#include "util/text.h"

#define ASKED_N	   4096 /* bytes of what whoever knocks says */
#define PATIENCE_S 2

static const char *const names[DESK_VARIABLES] = {[DESK_DISPLAY] = "display",
    [DESK_WAYLAND] = "wayland",
    [DESK_XAUTHORITY] = "xauthority",
    [DESK_BUS] = "bus",
    [DESK_LANGUAGE] = "language"};

enum ecert_rc door_path(char *out, size_t cap)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");

	if (!dir || dir[0] != '/')
		return ECERT_E_NOT_FOUND;
	return snprintf(out, cap, "%s/ecert-desk.sock", dir) < (int)cap ? ECERT_OK
									: ECERT_E_TOO_LARGE;
}

/* One line; its end is that of the string. */
static bool read_line(int fd, char line[ASKED_N])
{
	size_t n = 0;

	while (n < ASKED_N - 1) {
		ssize_t did = recv(fd, line + n, ASKED_N - 1 - n, 0);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		n += (size_t)did;
		line[n] = '\0';
		if (line[n - 1] == '\n')
			return true;
	}
	return false;
}

/* Only whole values that may be shown: they go into the environment of what we start. */
static void take_variables(struct desk *d, const json_t *o)
{
	(void)pthread_mutex_lock(&d->lock);
	for (size_t i = 0; i < DESK_VARIABLES; i++) {
		const char *v = json_string_value(json_object_get(o, names[i]));

		if (v && strlen(v) < DESK_VALUE && text_is_shown(v))
			text_copy(d->variable[i], DESK_VALUE, v);
	}
	(void)pthread_mutex_unlock(&d->lock);
}

static void let_in(struct desk *d, int fd)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	char line[ASKED_N], code[DESK_WORD], address[256];
	json_t *o = NULL;
	int n;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0 &&
	    read_line(fd, line))
		o = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(o) &&
	    gate_code(d, json_is_true(json_object_get(o, "by_hand")), code) == ECERT_OK) {
		take_variables(d, o);
		n = snprintf(address, sizeof address, "%s/#%s\n", d->origin, code);
		if (send(fd, address, (size_t)n, MSG_NOSIGNAL) != n)
			log_info("whoever knocked has gone");
	}
	json_decref(o);
}

void door_answer(struct desk *d)
{
	int fd = accept4(d->door, NULL, NULL, SOCK_CLOEXEC);
	struct ucred who;
	socklen_t n = sizeof who;

	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && n == sizeof who &&
	    who.uid == getuid())
		let_in(d, fd);
	else
		log_info("refused: another user knocked");
	(void)close(fd);
}
