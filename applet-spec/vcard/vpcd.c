/* SPDX-License-Identifier: BSD-2-Clause */
/* The card in pcscd's virtual reader: a TCP client of vpcd. */
#include "applet-spec/vcard/vcard.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RETRY_MS 100

/*
 * vpcd writes length and payload as two segments: without quick acknowledgement each message
 * costs 40 ms. The kernel forgets the setting, so it is set after every read.
 */
static void quick_ack(int fd)
{
	const int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

static int read_all(int fd, uint8_t *p, size_t len)
{
	while (len > 0) {
		struct pollfd ready = {fd, POLLIN, 0};
		ssize_t n;

		if (vcard_poll(&ready, 1, -1) < 0)
			return -1;
		n = recv(fd, p, len, 0);
		if (n <= 0)
			return -1;
		quick_ack(fd);
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_all(int fd, const uint8_t *p, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int try_connect(const struct options *opt)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	const int on = 1;
	int fd = -1;

	if (getaddrinfo(opt->host, opt->port, &hints, &list) != 0)
		return -1;
	for (const struct addrinfo *a = list; a != NULL && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(list);
	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static int connect_waiting(const struct options *opt)
{
	int fd = try_connect(opt);

	for (unsigned long left = opt->wait * (1000ul / RETRY_MS);
	     fd < 0 && left > 0 && !vcard_stopping(); left--) {
		if (vcard_poll(NULL, 0, RETRY_MS) < 0)
			break;
		fd = try_connect(opt);
	}
	return fd;
}

/* vpcd answers to nothing but the ATR among the control messages. */
static size_t control(struct vcard *v, uint8_t what, uint8_t *resp)
{
	const uint8_t *atr;
	size_t len = 0;

	if (what != CTL_ATR) {
		vcard_reset(v);
		return 0;
	}
	atr = vcard_atr(&len);
	memcpy(resp, atr, len);
	return len;
}

static int serve_one(struct vcard *v, int fd)
{
	static uint8_t in[FRAME_MAX], out[2 + FRAME_MAX];
	uint8_t head[2];
	size_t len, n;

	if (read_all(fd, head, 2) != 0)
		return -1;
	len = (size_t)(head[0] << 8 | head[1]);
	if (len == 0)
		return 0;
	if (read_all(fd, in, len) != 0)
		return -1;
	n = len == 1 ? control(v, in[0], out + 2) : vcard_apdu(v, in, len, out + 2);
	OPENSSL_cleanse(in, len);
	if (v->pulled)
		return -1;
	/* A command has an answer, be it empty. */
	if (n == 0 && len == 1)
		return 0;
	out[0] = (uint8_t)(n >> 8);
	out[1] = (uint8_t)n;
	return write_all(fd, out, n + 2);
}

int vcard_vpcd(struct vcard *v)
{
	const struct options *opt = v->opt;
	int fd = connect_waiting(opt);

	if (fd < 0) {
		if (!vcard_stopping())
			fprintf(stderr,
			    "ecert-vcard: nobody listens at %s port %s; is pcscd running, with "
			    "vsmartcard-vpcd installed?\n",
			    opt->host, opt->port);
		return vcard_stopping() ? 0 : 1;
	}
	printf("ecert-vcard: in the reader at %s port %s\n", opt->host, opt->port);
	fflush(stdout);
	while (!vcard_stopping() && serve_one(v, fd) == 0)
		;
	close(fd);
	return 0;
}
