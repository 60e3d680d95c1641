/* SPDX-License-Identifier: BSD-2-Clause */
/* Who connects, as the kernel says, and whether they may. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/server.h"
#include "util/log.h"

#define GROUPS_MAX 1024

#ifndef SO_PEERPIDFD /* Linux 6.5; the libc may be older than the kernel */
#define SO_PEERPIDFD 77
#endif

/* Of another user's process the kernel shows only the name that it gives itself (proc(5), comm): in
 * parentheses, because it proves nothing. */
static void read_comm(struct peer *p)
{
	char path[64], name[32] = "";
	FILE *f;

	(void)snprintf(path, sizeof path, "/proc/%ld/comm", (long)p->pid);
	f = fopen(path, "re");
	if (f && !fgets(name, sizeof name, f))
		name[0] = '\0';
	if (f)
		(void)fclose(f);
	name[strcspn(name, "\n")] = '\0';
	if (name[0] != '\0')
		(void)snprintf(p->exe, sizeof p->exe, "(%s)", name);
	else
		(void)snprintf(p->exe, sizeof p->exe, "?");
}

/* proc(5), stat: the name may have anything in it, so that counting begins behind its end. What the
 * kernel does not show to us is 0. */
static struct peer_life read_life(pid_t pid)
{
	struct peer_life life = {0, 0, 0, 0};
	char path[64], text[1024], *at, *save = NULL;
	FILE *f;
	size_t n;

	(void)snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	f = fopen(path, "re");
	n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	if (f)
		(void)fclose(f);
	text[n] = '\0';
	at = strrchr(text, ')');
	at = at ? strtok_r(at + 1, " ", &save) : NULL;
	for (int field = 3; at; field++, at = strtok_r(NULL, " ", &save)) {
		uint64_t v = strtoull(at, NULL, 10);

		life.start = field == 22 ? v : life.start;
		life.code = field == 26 ? v : life.code;
		life.stack = field == 28 ? v : life.stack;
		life.arguments = field == 48 ? v : life.arguments;
	}
	return life;
}

static void read_exe(struct peer *p)
{
	char path[64];
	ssize_t n;

	(void)snprintf(path, sizeof path, "/proc/%ld/exe", (long)p->pid);
	n = readlink(path, p->exe, sizeof p->exe - 1);
	if (n > 0)
		p->exe[n] = '\0';
	else
		read_comm(p);
}

/* The groups that the peer had when it connected, not those of its user's name today. */
static bool in_group(int fd, gid_t first, gid_t group)
{
	gid_t groups[GROUPS_MAX];
	socklen_t n = sizeof groups;

	if (group == (gid_t)-1)
		return false;
	if (first == group)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &n) != 0)
		return false;
	for (size_t i = 0; i < n / sizeof groups[0]; i++)
		if (groups[i] == group)
			return true;
	return false;
}

/* The process that connected has ended, so that its number may be another one's by now. Kernels
 * before 6.5 cannot tell; the confirmation that follows does. */
static bool is_gone(int fd)
{
	struct pollfd p = {.fd = -1, .events = POLLIN};
	socklen_t n = sizeof p.fd;
	bool gone;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &p.fd, &n) != 0)
		return errno == ESRCH || errno == EINVAL;
	gone = poll(&p, 1, 0) > 0;
	(void)close(p.fd);
	return gone;
}

bool peer_admit(struct server *s, int fd, struct peer *out)
{
	struct ucred cred;
	socklen_t n = sizeof cred;

	memset(out, 0, sizeof *out);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) != 0 || n != sizeof cred)
		return false;
	if (cred.uid != getuid() && cred.uid != 0 && !in_group(fd, cred.gid, s->group)) {
		log_info("refused: process %ld of user %ld", (long)cred.pid, (long)cred.uid);
		return false;
	}
	out->pid = cred.pid;
	out->uid = cred.uid;
	out->life = read_life(out->pid);
	read_exe(out);
	out->doubt = is_gone(fd) ? PEER_GONE : PEER_UNCONFIRMED;
	return true;
}

void peer_confirm(struct peer *p)
{
	struct peer now = {.pid = p->pid};

	if (p->doubt != PEER_UNCONFIRMED)
		return;
	read_exe(&now);
	now.life = read_life(now.pid);
	p->doubt = strcmp(now.exe, p->exe) == 0 && memcmp(&now.life, &p->life, sizeof p->life) == 0
		       ? PEER_SURE
		       : PEER_CHANGED;
}

void peer_watch(int listener)
{
	const int on = 1;

	(void)setsockopt(listener, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
}
