/* SPDX-License-Identifier: BSD-2-Clause */
/* A listener for HTTP/1.1 (RFC 9110, 9112) with limits, strict about what it is sent; a proxy in
 * front of it does TLS. */
#ifndef ECERT_HTTP_HTTP_H
#define ECERT_HTTP_HTTP_H

#include <stdbool.h>
#include <sys/socket.h>

#include "http/request.h"

/* Some: bounds of all that clients can make it hold. */
struct http_limits {
	unsigned connections;
	unsigned per_address; /* connections; 0: no bound of its own (behind a proxy all are one) */
	size_t head;	      /* bytes of a request's line and headers */
	int idle_ms;	      /* a connection may be silent for so long, or send the line of one; */
	int request_ms;	      /* from its line until the client has all of the answer */
	unsigned waiting;     /* slow requests that wait for their turn */
};
extern const struct http_limits http_limits_usual;

typedef void http_handler(void *ctx, const struct http_request *q, struct http_answer *a);

struct http_route {
	const char *path;
	enum http_method method;
	const char *type; /* what is sent, of a POST */
	size_t most;	  /* bytes of it */
	bool slow;	  /* by the other thread, one after the other */
	http_handler *answer;
};

/* Its name and its value. */
typedef const char *const http_header[2];

struct http_service {
	const struct http_route *routes;
	size_t n;
	void *ctx;	 /* of what is answered at once */
	void *slow_ctx;	 /* of the other thread */
	http_page *page; /* of 503, where a handler names none; NULL: none */
	/* X-Real-IP says whose a request is: only a proxy can connect, and sets it. */
	bool proxy;
	/* Who may connect, by where from (AF_INET, AF_INET6, AF_UNIX); NULL: everybody. */
	bool (*welcome)(void *ctx, const struct sockaddr *from);
	/* Whether it is answered at all, before its address is looked at and anything of its body
	 * is read; else a is the refusal, which ends the connection. NULL: all are. */
	bool (*admit)(void *ctx, const struct http_head *h, struct http_answer *a);
	/* Each answer has these as well, static; the last name is NULL. NULL: none. */
	const http_header *headers;
};

/* The route of a request, or NULL and its refusal in a. */
const struct http_route *http_route_of(
    const struct http_service *s, const struct http_head *h, struct http_answer *a);

/* A refusal in the form that its client asked for (Accept). */
void http_suit(const struct http_service *s, const struct http_head *h, struct http_answer *a);

/* ---- listening ---- */

/*
 * where: "unix:PATH", "127.0.0.1:PORT" or "[::1]:PORT" (port 0: any); NULL: the socket of systemd.
 * Nothing but this machine: what the network sends comes through a proxy. why: an English phrase.
 * Errors: ECERT_E_ARG (nothing of the three), ECERT_E_NOT_FOUND (systemd handed none over),
 * ECERT_E_IO (errno says why).
 */
enum ecert_rc http_listen(const char *where, int *fd) MUST_CHECK;
/* The port of a listening socket; 0: it has none. */
unsigned http_port(int fd);

struct http_server;

/* Serves what comes to fd, which is its own from here on. service lives as long. Errors:
 * ECERT_E_IO, ECERT_E_MEMORY. */
enum ecert_rc http_open(int fd, const struct http_service *service,
    const struct http_limits *limits, struct http_server **out) MUST_CHECK;
/* Until http_stop. Errors: ECERT_E_IO. */
enum ecert_rc http_run(struct http_server *s) MUST_CHECK;
/* For a signal handler too. */
void http_stop(struct http_server *s);
void http_close(struct http_server **s);

#endif
