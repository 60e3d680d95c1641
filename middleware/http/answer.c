/* SPDX-License-Identifier: BSD-2-Clause */
/* Who answers a request, and how it is refused. */
#include <stdio.h>
#include <string.h>

#include "http/http.h"

const struct http_limits http_limits_usual = {.connections = 512,
    .per_address = 32,
    .head = 16384,
    .idle_ms = 10000,
    .request_ms = 10000,
    .waiting = 64};

void http_refuse(struct http_answer *a, int status, const char *error, const char *why)
{
	char number[16];

	(void)snprintf(number, sizeof number, "%d", status);
	a->status = status;
	a->type = HTTP_JSON;
	a->max_age = 0;
	a->refused = true;
	buf_reset(&a->body);
	buf_str(&a->body, "{\"error\":");
	buf_json(&a->body, rd_of(error, strlen(error)));
	buf_str(&a->body, ",\"error_description\":");
	buf_json(&a->body, rd_of(why, strlen(why)));
	/* RFC 9457, 3.1: of no type of its own, so that it needs no title. */
	buf_str(&a->body, ",\"status\":");
	buf_str(&a->body, number);
	buf_str(&a->body, ",\"detail\":");
	buf_json(&a->body, rd_of(why, strlen(why)));
	buf_str(&a->body, "}\n");
}

void http_again(struct http_answer *a, int seconds, const char *why)
{
	http_refuse(a, 503, "temporarily_unavailable", why);
	a->retry_after = seconds;
}

void http_suit(const struct http_service *s, const struct http_head *h, struct http_answer *a)
{
	http_page *page = a->page ? a->page : s->page;

	if (!a->refused)
		return;
	if (a->status == 503 && page && http_wants_page(h)) {
		a->type = HTTP_HTML;
		buf_reset(&a->body);
		page(a);
	} else if (http_wants_problem(h)) {
		a->type = HTTP_PROBLEM;
	}
}

static void refuse_head(const struct http_head *h, struct http_answer *a)
{
	http_refuse(a, h->status, "invalid_request", h->why);
	a->close = true;
}

static const char *const allowed[] = {[HTTP_GET] = "GET, HEAD", [HTTP_POST] = "POST"};

const struct http_route *http_route_of(
    const struct http_service *s, const struct http_head *h, struct http_answer *a)
{
	const struct http_route *r = NULL, *other = NULL;

	if (h->status) {
		refuse_head(h, a);
		return NULL;
	}
	for (size_t i = 0; !r && i < s->n; i++) {
		if (strcmp(s->routes[i].path, h->path) != 0)
			continue;
		other = &s->routes[i];
		r = other->method == h->method ? other : NULL;
	}
	if (!other)
		http_refuse(a, 404, "not_found", "there is nothing with this address");
	else if (!r)
		http_refuse(a, 405, "invalid_request", "this address has another method");
	else if (h->method == HTTP_POST && strcmp(h->type, r->type) != 0)
		http_refuse(a, 415, "invalid_request", "what is sent there is of another type");
	else if (h->length > r->most)
		http_refuse(a, 413, "invalid_request", "this is more than is taken");
	else
		return r;
	a->allow = other && !r ? allowed[other->method] : NULL;
	a->close = h->method == HTTP_POST; /* what was on its way is not read */
	return NULL;
}
