/* SPDX-License-Identifier: BSD-2-Clause */
/* An answer on its way. */
#include <stdio.h>

#include "http/server_priv.h"

/* Text that a table or a number of ours is. */
static bool put_header(struct MHD_Response *r, const char *name, const char *value)
{
	return MHD_add_response_header(r, name, value) == MHD_YES;
}

static bool put_seconds(struct MHD_Response *r, const char *name, const char *before, int n)
{
	char text[40];

	(void)snprintf(text, sizeof text, "%s%d", before, n);
	return put_header(r, name, text);
}

static bool put_own(struct MHD_Response *r, const http_header *headers)
{
	for (size_t i = 0; headers && headers[i][0]; i++)
		if (!put_header(r, headers[i][0], headers[i][1]))
			return false;
	return true;
}

static bool put_headers(struct MHD_Response *r, const struct http_answer *a)
{
	return (!a->type || put_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, a->type)) &&
	       put_header(r, "X-Content-Type-Options", "nosniff") &&
	       (a->max_age ? put_seconds(r, MHD_HTTP_HEADER_CACHE_CONTROL, "max-age=", a->max_age)
			   : put_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store")) &&
	       (!a->retry_after ||
		   put_seconds(r, MHD_HTTP_HEADER_RETRY_AFTER, "", a->retry_after)) &&
	       (!a->allow || put_header(r, MHD_HTTP_HEADER_ALLOW, a->allow)) &&
	       (!a->close || put_header(r, MHD_HTTP_HEADER_CONNECTION, "close"));
}

enum MHD_Result conn_send(struct conn *c)
{
	struct MHD_Response *r;
	struct rd body;
	enum MHD_Result sent = MHD_NO;

	c->step = STEP_SENDING;
	http_suit(c->server->service, &c->head, &c->answer);
	body = buf_view(&c->answer.body);
	/* It stays where it is until the request is completed. */
	r = MHD_create_response_from_buffer(
	    body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);
	if (r && put_headers(r, &c->answer) && put_own(r, conn_headers(c)))
		sent = MHD_queue_response(c->mhd, (unsigned)c->answer.status, r);
	if (r)
		MHD_destroy_response(r);
	return sent;
}
