/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread for all connections: libmicrohttpd reads and writes, what is judged is judged here. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server_priv.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/text.h"

#define SWEEP_MS   250
#define ANSWER_MAX (64u << 20)

/* ---- connections ---- */

static struct conn *conn_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(
	    mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i ? i->socket_context : NULL;
}

static void conn_rest(struct conn *c)
{
	buf_free(&c->body);
	buf_free(&c->answer.body);
	c->answer = (struct http_answer){.body = BUF_INIT(ANSWER_MAX)};
	c->route = NULL;
	c->busy = false;
	c->since = clock_ms();
	c->step = STEP_NEW;
	c->target[0] = '\0';
}

static void peer_of(struct MHD_Connection *mhd, char out[INET6_ADDRSTRLEN])
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(
	    mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = i ? i->client_addr : NULL;

	out[0] = '\0';
	if (a && a->sa_family == AF_INET)
		(void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)a)->sin_addr,
		    out, INET6_ADDRSTRLEN);
	else if (a && a->sa_family == AF_INET6)
		(void)inet_ntop(AF_INET6,
		    &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, out,
		    INET6_ADDRSTRLEN);
}

static void conn_begin(struct http_server *s, struct MHD_Connection *mhd, void **context)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(
	    mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct conn *c = calloc(1, sizeof *c);

	*context = c;
	if (!c)
		return;
	c->server = s;
	c->mhd = mhd;
	c->fd = i ? i->connect_fd : -1;
	peer_of(mhd, c->peer);
	conn_rest(c);
	c->next = s->conns;
	if (s->conns)
		s->conns->before = c;
	s->conns = c;
}

static void conn_end(struct http_server *s, struct conn *c)
{
	conn_rest(c);
	if (c->before)
		c->before->next = c->next;
	else
		s->conns = c->next;
	if (c->next)
		c->next->before = c->before;
	free(c);
}

static void on_connection(
    void *cls, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		conn_begin(cls, mhd, context);
	else if (*context)
		conn_end(cls, *context);
}

/* Who is too slow is cut off; libmicrohttpd sees that the connection has ended. */
static void sweep(struct http_server *s)
{
	const int64_t now = clock_ms();

	s->swept = now;
	for (struct conn *c = s->conns; c; c = c->next)
		if (c->step != STEP_WAITING && c->fd >= 0 &&
		    now - c->since > (c->busy ? s->limits.request_ms : s->limits.idle_ms))
			(void)shutdown(c->fd, SHUT_RDWR);
}

/* ---- a request ---- */

/* Its line has come; the target as it was sent. */
static void *on_line(void *cls, const char *target, struct MHD_Connection *mhd)
{
	struct conn *c = conn_of(mhd);

	(void)cls;
	if (!c)
		return NULL;
	conn_rest(c);
	c->busy = true;
	text_copy(c->target, sizeof c->target, target);
	return c;
}

static void on_completed(
    void *cls, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode why)
{
	struct conn *c = conn_of(mhd);

	(void)cls;
	(void)context;
	(void)why;
	if (c)
		conn_rest(c);
}

static enum MHD_Result add_field(void *cls, enum MHD_ValueKind kind, const char *name,
    size_t name_n, const char *value, size_t value_n)
{
	(void)kind;
	http_head_field(cls, rd_of(name, name_n), rd_of(value, value ? value_n : 0));
	return MHD_YES;
}

static void judge(struct conn *c, const char *method, const char *version)
{
	const struct http_service *s = c->server->service;

	http_head_line(&c->head, method, c->target, version);
	(void)MHD_get_connection_values_n(c->mhd, MHD_HEADER_KIND, add_field, &c->head);
	http_head_end(&c->head);
	if (!c->head.status && s->admit && !s->admit(s->ctx, &c->head, &c->answer)) {
		c->answer.close = true;
		return;
	}
	c->route = http_route_of(s, &c->head, &c->answer);
	if (c->route)
		buf_init(&c->body, c->route->most);
}

const http_header *conn_headers(const struct conn *c)
{
	return c->server->service->headers;
}

void conn_answer(struct conn *c, void *ctx)
{
	const struct http_request q = {.path = c->head.path,
	    .address = c->server->service->proxy ? c->head.address : c->peer,
	    .query = rd_of(c->head.query, strlen(c->head.query)),
	    .body = buf_view(&c->body)};

	if (buf_rc(&c->body) != ECERT_OK)
		http_again(&c->answer, 10, "there is no memory");
	else
		c->route->answer(ctx, &q, &c->answer);
	if (buf_rc(&c->answer.body) != ECERT_OK)
		http_refuse(&c->answer, 500, "server_error", "the answer could not be made");
}

/* All of it is there. */
static enum MHD_Result go(struct conn *c)
{
	struct http_server *s = c->server;

	if (!c->route->slow) {
		conn_answer(c, s->service->ctx);
		return conn_send(c);
	}
	/* This thread alone wakes it again, so that it cannot be woken before it sleeps. */
	c->step = STEP_WAITING;
	if (worker_add(&s->worker, c)) {
		MHD_suspend_connection(c->mhd);
		return MHD_YES;
	}
	http_again(&c->answer, 10, "too many are waiting");
	return conn_send(c);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
    const char *method, const char *version, const char *data, size_t *n, void **context)
{
	struct conn *c = conn_of(mhd);

	(void)cls;
	(void)url;
	(void)context;
	if (!c)
		return MHD_NO;
	switch (c->step) {
	case STEP_NEW:
		judge(c, method, version);
		/* An answer at once ends the connection, whatever it says of itself. */
		if (!c->route && c->answer.close)
			return conn_send(c);
		c->step = c->route ? STEP_BODY : STEP_READY;
		return MHD_YES;
	case STEP_BODY:
		if (!*n)
			return go(c);
		buf_put(&c->body, data, *n);
		*n = 0;
		return MHD_YES;
	case STEP_READY:
		return conn_send(c);
	default:
		return MHD_YES;
	}
}

/* ---- the server ---- */

static enum MHD_Result on_accept(void *cls, const struct sockaddr *from, socklen_t n)
{
	const struct http_service *service = ((const struct http_server *)cls)->service;

	(void)n;
	return !service->welcome || service->welcome(service->ctx, from) ? MHD_YES : MHD_NO;
}

static void on_error(void *cls, const char *format, va_list args)
{
	char line[256];

	(void)cls;
	(void)vsnprintf(line, sizeof line, format, args);
	log_debug("http: %s", line);
}

static struct MHD_Daemon *start(struct http_server *s, int fd)
{
	const struct http_limits *l = &s->limits;
	/* Silence in the middle of something ends by our own clock, which is stricter. */
	const unsigned silent = (unsigned)(l->idle_ms + l->request_ms) / 1000 + 1;

	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
	    on_accept, s, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_error, NULL,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, l->connections,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->service->proxy ? 0 : l->per_address,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, l->head, MHD_OPTION_CONNECTION_TIMEOUT, silent,
	    MHD_OPTION_URI_LOG_CALLBACK, on_line, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
	    MHD_OPTION_END);
}

enum ecert_rc http_open(int fd, const struct http_service *service,
    const struct http_limits *limits, struct http_server **out)
{
	struct http_server *s = calloc(1, sizeof *s);
	enum ecert_rc rc = s ? ECERT_OK : ECERT_E_MEMORY;

	*out = NULL;
	if (!s) {
		(void)close(fd);
		return rc;
	}
	s->service = service;
	s->limits = *limits;
	s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->worker.service = service;
	s->worker.most = limits->waiting;
	s->worker.wake = s->wake;
	rc = s->wake >= 0 ? worker_start(&s->worker) : ECERT_E_IO;
	if (rc == ECERT_OK)
		s->mhd = start(s, fd);
	if (rc == ECERT_OK && !s->mhd)
		rc = ECERT_E_IO;
	if (!s->mhd)
		(void)close(fd);
	if (rc == ECERT_OK)
		*out = s;
	else
		http_close(&s);
	return rc;
}

/* How long nothing has to be done, in ms; -1: for ever. */
static int pause_of(const struct http_server *s)
{
	MHD_UNSIGNED_LONG_LONG ms;
	int least = s->conns ? SWEEP_MS : -1;

	if (MHD_get_timeout(s->mhd, &ms) == MHD_YES && (least < 0 || ms < (unsigned)least))
		least = (int)ms;
	return least;
}

static void take_done(struct http_server *s)
{
	uint64_t n;
	struct conn *c, *next;

	(void)!read(s->wake, &n, sizeof n);
	for (c = worker_done(&s->worker); c; c = next) {
		next = c->behind;
		c->step = STEP_READY;
		MHD_resume_connection(c->mhd);
	}
}

enum ecert_rc http_run(struct http_server *s)
{
	const union MHD_DaemonInfo *i = MHD_get_daemon_info(s->mhd, MHD_DAEMON_INFO_EPOLL_FD);
	struct pollfd fds[] = {{i ? i->epoll_fd : -1, POLLIN, 0}, {s->wake, POLLIN, 0}};

	if (fds[0].fd < 0)
		return ECERT_E_IO;
	while (!atomic_load(&s->stopping)) {
		if (poll(fds, 2, pause_of(s)) < 0 && errno != EINTR)
			return ECERT_E_IO;
		if (fds[1].revents)
			take_done(s);
		if (MHD_run(s->mhd) != MHD_YES)
			return ECERT_E_IO;
		if (s->conns && clock_ms() - s->swept >= SWEEP_MS)
			sweep(s);
	}
	return ECERT_OK;
}

void http_stop(struct http_server *s)
{
	const uint64_t one = 1;

	atomic_store(&s->stopping, true);
	(void)!write(s->wake, &one, sizeof one);
}

void http_close(struct http_server **s)
{
	struct http_server *p = *s;

	if (!p)
		return;
	worker_stop(&p->worker);
	for (struct conn *c = p->conns; c; c = c->next)
		if (c->step == STEP_WAITING) {
			c->step = STEP_SENDING;
			MHD_resume_connection(c->mhd);
		}
	if (p->mhd)
		MHD_stop_daemon(p->mhd);
	if (p->wake >= 0)
		(void)close(p->wake);
	free(p);
	*s = NULL;
}
