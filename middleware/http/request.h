/* SPDX-License-Identifier: BSD-2-Clause */
/* A request as it came, judged before anybody looks at what it wants. */
#ifndef ECERT_HTTP_REQUEST_H
#define ECERT_HTTP_REQUEST_H

#include <netinet/in.h>
#include <stdbool.h>

#include "util/buf.h"

enum http_method { HTTP_GET, HTTP_POST }; /* HEAD is a GET whose answer is not sent */

#define HTTP_TARGET_MAX 4096

/*
 * Line and headers. Refused is what two readers could read in two ways (RFC 9112, 11.2): two Hosts,
 * lengths, origins or authorizations, a length that is no number, any Transfer-Encoding, names that
 * are no tokens, a body of a GET, targets in any form but the path's. A refusal ends the
 * connection.
 */
struct http_head {
	int status; /* of the refusal; 0: none so far */
	const char *why;
	enum http_method method;
	char type[64];			/* of the body, without parameters, in lower case */
	char address[INET6_ADDRSTRLEN]; /* X-Real-IP; empty: none */
	char host[256];
	char origin[280]; /* of a browser's page; empty: none is named */
	char site[24];	  /* Sec-Fetch-Site; empty: none */
	char bearer[136]; /* the token of Authorization: Bearer (RFC 6750); empty: none */
	uint64_t length;
	unsigned hosts, lengths, types, addresses, origins, sites, bearers, n;
	unsigned html, json, problem; /* how much Accept wants each that it names, in thousandths */
	char path[HTTP_TARGET_MAX], query[HTTP_TARGET_MAX]; /* last: no more of them is cleared */
};

/* method, target and version as they stand in the line. Begins h. */
void http_head_line(
    struct http_head *h, const char *method, const char *target, const char *version);
void http_head_field(struct http_head *h, struct rd name, struct rd value);
/* All have come. */
void http_head_end(struct http_head *h);

/* Who asks would see a refusal as a page, like a browser, or as a problem of RFC 9457. */
bool http_wants_page(const struct http_head *h);
bool http_wants_problem(const struct http_head *h);

/* What a handler gets; views. */
struct http_request {
	const char *path;
	const char *address; /* whose it is; "" when nobody knows */
	struct rd query, body;
};

struct http_answer;
typedef void http_page(struct http_answer *a);

struct http_answer {
	int status;
	const char *type;  /* of the body; static */
	const char *allow; /* of 405 */
	int max_age;	   /* seconds that others may keep it; 0: not at all */
	int retry_after;   /* seconds; 0: not said */
	bool close;	   /* nothing more is read from this client */
	bool refused;	   /* the body is http_refuse's; then */
	http_page *page;   /* puts a page for people in its place, of 503; NULL: the service's */
	struct buf body;
};

#define HTTP_JSON    "application/json"
#define HTTP_PROBLEM "application/problem+json"
#define HTTP_HTML    "text/html; charset=utf-8"

/* An answer of {"error": error, "error_description": why} (OpenID Federation 1.0, 8.9), which is a
 * problem of RFC 9457 as well; why is UTF-8. */
void http_refuse(struct http_answer *a, int status, const char *error, const char *why);
/* The same of 503: who asks may ask again after so many seconds. */
void http_again(struct http_answer *a, int seconds, const char *why);

/*
 * A field of application/x-www-form-urlencoded (WHATWG URL, 5.1), in a query or a body, appended.
 * Errors: ECERT_E_NOT_FOUND, ECERT_E_EXISTS (twice), ECERT_E_MALFORMED (of any field: an escape
 * that is none, a character that may not stand there, NUL), the buffer's own.
 */
enum ecert_rc http_field(struct rd form, const char *name, struct buf *out) MUST_CHECK;

#endif
