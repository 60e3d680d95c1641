/* SPDX-License-Identifier: BSD-2-Clause */
/* Who connects, as the kernel says, and whether they may. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/server.h"
#include "util/log.h"

#define GROUPS_MAX 1024

/* Of another user's process the kernel shows only the name that it gives itself (proc(5), comm): in
 * parentheses, because it proves nothing. */
static void read_comm(struct peer *p)
{
	char path[64], name[32] = "";
	FILE *f;

	(void)snprintf(path, sizeof path, "/proc/%ld/comm", (long)p->pid);
	f = fopen(path, "re");
	if (f != NULL && fgets(name, sizeof name, f) == NULL)
		name[0] = '\0';
	if (f != NULL)
		(void)fclose(f);
	name[strcspn(name, "\n")] = '\0';
	if (name[0] != '\0')
		(void)snprintf(p->exe, sizeof p->exe, "(%s)", name);
	else
		(void)snprintf(p->exe, sizeof p->exe, "?");
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
	read_exe(out);
	return true;
}
