/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose the other end of a connection on this machine is: SO_PEERCRED says nothing of TCP, the
 * kernel's table of sockets does (sock_diag(7)). */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "desk/desk.h"

struct question {
	struct nlmsghdr head;
	struct inet_diag_req_v2 asked;
};

/* One socket, as whoever has it sees it: from its own address to ours. */
static struct question question_of(const struct sockaddr_in *from, unsigned port)
{
	struct question q = {.head = {.nlmsg_len = sizeof q,
				 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
				 .nlmsg_flags = NLM_F_REQUEST},
	    .asked = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP}};

	q.asked.idiag_states = ~0u;
	q.asked.id.idiag_sport = from->sin_port;
	q.asked.id.idiag_dport = htons((uint16_t)port);
	q.asked.id.idiag_src[0] = from->sin_addr.s_addr;
	q.asked.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
	q.asked.id.idiag_cookie[0] = q.asked.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	return q;
}

static enum ecert_rc read_answer(int fd, uid_t *uid)
{
	union {
		struct nlmsghdr head;
		char bytes[4096];
	} room;
	ssize_t n = recv(fd, &room, sizeof room, 0);
	struct inet_diag_msg said;
	struct nlmsgerr error;

	if (n < (ssize_t)sizeof room.head || room.head.nlmsg_len > (size_t)n)
		return ECERT_E_IO;
	if (room.head.nlmsg_type == NLMSG_ERROR &&
	    room.head.nlmsg_len >= NLMSG_LENGTH(sizeof error)) {
		memcpy(&error, room.bytes + NLMSG_HDRLEN, sizeof error);
		return error.error == -ENOENT ? ECERT_E_NOT_FOUND : ECERT_E_IO;
	}
	if (room.head.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    room.head.nlmsg_len < NLMSG_LENGTH(sizeof said))
		return ECERT_E_IO;
	memcpy(&said, room.bytes + NLMSG_HDRLEN, sizeof said);
	*uid = said.idiag_uid;
	return ECERT_OK;
}

enum ecert_rc peer_user(const struct sockaddr *from, unsigned port, uid_t *uid)
{
	const struct timeval patience = {.tv_sec = 1};
	struct sockaddr_in at;
	struct question q;
	enum ecert_rc rc = ECERT_E_IO;
	int fd;

	*uid = (uid_t)-1;
	if (!from || from->sa_family != AF_INET)
		return ECERT_E_NOT_FOUND;
	memcpy(&at, from, sizeof at);
	q = question_of(&at, port);
	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (fd < 0)
		return ECERT_E_IO;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
	    send(fd, &q, sizeof q, 0) == (ssize_t)sizeof q)
		rc = read_answer(fd, uid);
	(void)close(fd);
	return rc;
}
