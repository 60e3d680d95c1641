/* SPDX-License-Identifier: BSD-2-Clause */
/* libmicrohttpd and nothing of ours: takes what is posted, and answers so many bytes with the
 * headers of a status.
 *
 *   httpfloor BYTES     prints its port, and serves until it is ended */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct body {
	size_t n;
	char bytes[65536];
};

static enum MHD_Result answer(void *cls, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *n, void **context)
{
	struct body *body = cls;
	struct MHD_Response *r;
	enum MHD_Result sent;

	(void)url;
	(void)method;
	(void)version;
	(void)data;
	if (!*context || *n) { /* its headers, or a part of what is sent along */
		*context = body;
		*n = 0;
		return MHD_YES;
	}
	r = MHD_create_response_from_buffer(body->n, body->bytes, MHD_RESPMEM_PERSISTENT);
	if (!r)
		return MHD_NO;
	(void)MHD_add_response_header(
	    r, "Content-Type", "application/trust-mark-status-response+jwt");
	(void)MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	(void)MHD_add_response_header(r, "Cache-Control", "no-store");
	sent = MHD_queue_response(c, 200, r);
	MHD_destroy_response(r);
	return sent;
}

int main(int argc, char **argv)
{
	static struct body body;
	const struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_Daemon *d;
	const union MHD_DaemonInfo *i;

	body.n = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	if (!body.n || body.n > sizeof body.bytes)
		return 2;
	memset(body.bytes, 'a', body.n);
	d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, &body,
	    MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&at, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)16384, MHD_OPTION_END);
	i = d ? MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	if (!i)
		return 1;
	(void)printf("port %u\n", (unsigned)i->port);
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}
