/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card behind a Unix socket of its own. Any number of clients; one at a time holds the
 * card (CTL_BEGIN .. CTL_END), the others wait in the order they asked.
 */
#include "applet-spec/vcard/vcard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS 64

struct client {
	int fd;
	unsigned long asked;	  /* when its waiting message was complete; 0: none waits */
	unsigned long seen_reset; /* the last reset it knows of */
	size_t len;
	uint8_t in[2 + FRAME_MAX];
};

struct server {
	struct vcard *v;
	int fd;
	unsigned int clients;
	struct client *client[CLIENTS];
	struct client *holder;
	unsigned long clock;
	unsigned long resets;
};

static void reset_card(struct server *s)
{
	vcard_reset(s->v);
	s->resets++;
}

static bool message_waits(const struct client *c)
{
	return c->len >= 2 && c->len >= 2 + (size_t)(c->in[0] << 8 | c->in[1]);
}

static void note_message(struct server *s, struct client *c)
{
	c->asked = message_waits(c) ? ++s->clock : 0;
}

/* A holder that leaves may have left the PIN verified; the last one out switches off. */
static void drop_client(struct server *s, unsigned int i)
{
	struct client *c = s->client[i];

	s->client[i] = s->client[--s->clients];
	if (s->holder == c || s->clients == 0)
		reset_card(s);
	if (s->holder == c)
		s->holder = NULL;
	close(c->fd);
	OPENSSL_cleanse(c, sizeof(*c));
	free(c);
}

static void accept_client(struct server *s)
{
	/* Who does not take an answer for so long is hung, and must not hang the others. */
	const struct timeval patience = {5, 0};
	int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
	struct client *c;

	if (fd < 0)
		return;
	c = s->clients < CLIENTS ? calloc(1, sizeof(*c)) : NULL;
	if (c == NULL) {
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (s->clients == 0)
		reset_card(s);
	c->fd = fd;
	c->seen_reset = s->resets;
	s->client[s->clients++] = c;
}

static int reply(const struct client *c, uint8_t *frame, size_t n)
{
	frame[0] = (uint8_t)(n >> 8);
	frame[1] = (uint8_t)n;
	n += 2;
	while (n > 0) {
		ssize_t k = send(c->fd, frame, n, MSG_NOSIGNAL);

		if (k <= 0)
			return -1;
		frame += k;
		n -= (size_t)k;
	}
	return 0;
}

static uint8_t begin(struct server *s, struct client *c)
{
	uint8_t status = c->seen_reset != s->resets ? CTL_WAS_RESET : CTL_OK;

	s->holder = c;
	c->seen_reset = s->resets;
	return status;
}

static uint8_t end(struct server *s, const struct client *c)
{
	if (s->holder != c)
		return CTL_NOT_HOLDER;
	s->holder = NULL;
	return CTL_OK;
}

static size_t control(struct server *s, struct client *c, uint8_t what, uint8_t *resp)
{
	const uint8_t *atr;
	size_t len = 0;

	switch (what) {
	case CTL_BEGIN:
		resp[0] = begin(s, c);
		return 1;
	case CTL_END:
		resp[0] = end(s, c);
		return 1;
	case CTL_ATR:
		atr = vcard_atr(&len);
		memcpy(resp, atr, len);
		return len;
	case CTL_OFF:
	case CTL_ON:
		/* The power is shared: only somebody alone can switch it. */
		if (s->clients > 1)
			return 0;
		break;
	default:
		break;
	}
	reset_card(s);
	c->seen_reset = s->resets;
	return 0;
}

/* The first message of c; -1 when the connection is to be closed. */
static int serve(struct server *s, struct client *c)
{
	static uint8_t out[2 + FRAME_MAX];
	size_t len = (size_t)(c->in[0] << 8 | c->in[1]);
	bool command = len > 1;
	size_t n = 0;

	if (len == 1)
		n = control(s, c, c->in[2], out + 2);
	else if (command)
		n = vcard_apdu(s->v, c->in + 2, len, out + 2);
	c->len -= 2 + len;
	memmove(c->in, c->in + 2 + len, c->len);
	OPENSSL_cleanse(c->in + c->len, 2 + len);
	note_message(s, c);
	if (s->v->pulled)
		return -1;
	/* A command has an answer, be it empty. */
	return n > 0 || command ? reply(c, out, n) : 0;
}

/* Whose message comes next: the holder's, or without one that of who asked first. */
static bool next_client(const struct server *s, unsigned int *index)
{
	unsigned long first = 0;

	for (unsigned int i = 0; i < s->clients; i++) {
		const struct client *c = s->client[i];

		if (c->asked == 0 || (s->holder != NULL && s->holder != c))
			continue;
		if (first == 0 || c->asked < first) {
			first = c->asked;
			*index = i;
		}
	}
	return first != 0;
}

static void receive(struct server *s, unsigned int i)
{
	struct client *c = s->client[i];
	ssize_t n = recv(c->fd, c->in + c->len, sizeof(c->in) - c->len, MSG_DONTWAIT);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		drop_client(s, i);
		return;
	}
	c->len += (size_t)n;
	if (c->asked == 0)
		note_message(s, c);
}

static void wait_and_read(struct server *s)
{
	struct pollfd p[CLIENTS + 1];
	unsigned int n = s->clients;

	p[n] = (struct pollfd){s->fd, POLLIN, 0};
	for (unsigned int i = 0; i < n; i++) {
		bool full = s->client[i]->len == sizeof(s->client[i]->in);

		p[i] = (struct pollfd){s->client[i]->fd, full ? 0 : POLLIN, 0};
	}
	if (vcard_poll(p, n + 1, -1) < 0)
		return;
	/* Backwards: dropping one moves the last into its place. */
	for (unsigned int i = n; i-- > 0;) {
		if (p[i].revents != 0)
			receive(s, i);
	}
	if ((p[n].revents & POLLIN) != 0)
		accept_client(s);
}

/* A socket file that nobody answers is left over from a card that was killed. */
static int bind_path(int fd, const struct sockaddr_un *to)
{
	const struct sockaddr *a = (const struct sockaddr *)to;
	int probe, rc;

	if (bind(fd, a, sizeof(*to)) == 0)
		return 0;
	if (errno != EADDRINUSE)
		return -1;
	probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	rc = connect(probe, a, sizeof(*to));
	close(probe);
	if (rc == 0 || errno != ECONNREFUSED) {
		errno = EADDRINUSE;
		return -1;
	}
	unlink(to->sun_path);
	return bind(fd, a, sizeof(*to));
}

static int open_socket(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (bind_path(fd, &to) == 0 && listen(fd, CLIENTS) == 0)
		return fd;
	close(fd);
	return -1;
}

int vcard_listen(struct vcard *v)
{
	struct server s = {.v = v, .resets = 1};
	mode_t old = umask(0177);
	unsigned int i = 0;

	s.fd = open_socket(v->opt->listen);
	umask(old);
	if (s.fd < 0) {
		fprintf(stderr, "ecert-vcard: cannot listen on %s: %s\n", v->opt->listen,
		    strerror(errno));
		return 1;
	}
	printf("ecert-vcard: listening on %s\n", v->opt->listen);
	fflush(stdout);
	while (!vcard_stopping() && !v->pulled) {
		while (!v->pulled && next_client(&s, &i)) {
			if (serve(&s, s.client[i]) != 0)
				drop_client(&s, i);
		}
		if (!v->pulled)
			wait_and_read(&s);
	}
	while (s.clients > 0)
		drop_client(&s, s.clients - 1);
	close(s.fd);
	unlink(v->opt->listen);
	return 0;
}
