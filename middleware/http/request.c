/* SPDX-License-Identifier: BSD-2-Clause */
/* Line, headers and fields of a request. */
#include "http/request.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/text.h"

#define HEADERS_MAX 64

static void reject(struct http_head *h, int status, const char *why)
{
	if (h->status)
		return;
	h->status = status;
	h->why = why;
}

/* RFC 9110, 5.6.2. */
static bool is_token(struct rd t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] <= ' ' || t.p[i] > '~' || strchr("\"(),/:;<=>?@[\\]{}", t.p[i]))
			return false;
	return t.n > 0;
}

/* What a path of ours can be made of: no escape, as none of them needs one, so that no two readers
 * unescape it differently. */
static bool is_path(const char *p)
{
	for (const char *c = p; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') &&
		    !(*c >= '0' && *c <= '9') && !strchr("/-._~", *c))
			return false;
	return p[0] == '/' && !strstr(p, "//");
}

/* A name that stands for this folder or the one above, wherever it is. */
static bool goes_up(const char *p)
{
	for (p = strchr(p, '/'); p; p = strchr(p + 1, '/')) {
		const size_t dots = strspn(p + 1, ".");

		if (dots && dots <= 2 && (p[1 + dots] == '/' || !p[1 + dots]))
			return true;
	}
	return false;
}

static void take_target(struct http_head *h, const char *target)
{
	const char *q = strchr(target, '?');
	const size_t n = q ? (size_t)(q - target) : strlen(target);

	if (strlen(target) >= sizeof h->path) {
		reject(h, 414, "the address is too long");
		return;
	}
	memcpy(h->path, target, n);
	h->path[n] = '\0';
	text_copy(h->query, sizeof h->query, q ? q + 1 : "");
	if (target[0] != '/' || !is_path(h->path) || goes_up(h->path))
		reject(h, 400, "the path has something in it that no path here has");
	for (const char *c = h->query; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '#')
			reject(h, 400, "the query has a character in it that has to be escaped");
}

void http_head_line(
    struct http_head *h, const char *method, const char *target, const char *version)
{
	memset(h, 0, offsetof(struct http_head, path));
	h->path[0] = h->query[0] = '\0';
	if (!version || (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0))
		reject(h, 505, "this is not HTTP/1.1");
	if (!strcmp(method, "POST"))
		h->method = HTTP_POST;
	else if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		reject(h, 501, "nothing here has this method");
	take_target(h, target);
}

static void take_length(struct http_head *h, struct rd value)
{
	h->lengths++;
	if (h->lengths > 1)
		reject(h, 400, "there are two lengths");
	if (!value.n || value.n > 15)
		reject(h, value.n ? 413 : 400, "the length is no number that can be meant");
	for (size_t i = 0; i < value.n && !h->status; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			reject(h, 400, "the length is no number");
		h->length = h->length * 10 + (uint64_t)(value.p[i] - '0');
	}
}

/* Parameters say nothing that is asked here. */
static void take_type(struct http_head *h, struct rd value)
{
	size_t n = 0;

	if (h->types++)
		reject(h, 400, "there are two types");
	while (n < value.n && value.p[n] != ';' && value.p[n] != ' ' && n < sizeof h->type - 1) {
		const char c = (char)value.p[n];

		h->type[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	h->type[n] = '\0';
}

/* There is room. */
static void copy(char *out, struct rd value)
{
	memcpy(out, value.p, value.n);
	out[value.n] = '\0';
}

static void take_host(struct http_head *h, struct rd value)
{
	if (h->hosts++)
		reject(h, 400, "there are two hosts");
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] <= ' ' || value.p[i] > '~' || strchr("/?#@\\,", value.p[i]))
			reject(h, 400, "the host is none");
	if (!value.n || value.n >= sizeof h->host)
		reject(h, 400, "the host is none");
	else
		copy(h->host, value);
}

static void take_origin(struct http_head *h, struct rd value)
{
	if (h->origins++ || !value.n || value.n >= sizeof h->origin)
		reject(h, 400, "the origin is none, or there are two");
	else
		copy(h->origin, value);
}

static void take_site(struct http_head *h, struct rd value)
{
	if (h->sites++ || !value.n || value.n >= sizeof h->site)
		reject(h, 400, "Sec-Fetch-Site is none, or there are two");
	else
		copy(h->site, value);
}

/* Another scheme is no concern of ours. */
static void take_bearer(struct http_head *h, struct rd value)
{
	static const char scheme[] = "Bearer ";
	const size_t n = sizeof scheme - 1;

	if (h->bearers++)
		reject(h, 400, "there are two authorizations");
	else if (value.n > n && value.n - n < sizeof h->bearer &&
		 !strncasecmp((const char *)value.p, scheme, n))
		copy(h->bearer, rd_of(value.p + n, value.n - n));
}

static void take_address(struct http_head *h, struct rd value)
{
	struct in6_addr any;

	if (h->addresses++ || value.n >= sizeof h->address) {
		reject(h, 400, "the proxy names two addresses");
		return;
	}
	memcpy(h->address, value.p, value.n);
	h->address[value.n] = '\0';
	if (inet_pton(AF_INET, h->address, &any) != 1 && inet_pton(AF_INET6, h->address, &any) != 1)
		reject(h, 400, "the proxy names no address");
}

static bool is_name(struct rd name, const char *word)
{
	return name.n == strlen(word) && !strncasecmp((const char *)name.p, word, name.n);
}

/* What stands before the character, without blanks around it; that goes off the front of t. */
static struct rd before(struct rd *t, char end)
{
	const uint8_t *at = t->n ? memchr(t->p, end, t->n) : NULL;
	struct rd out = rd_of(t->p, at ? (size_t)(at - t->p) : t->n);

	t->p += out.n + (at ? 1 : 0);
	t->n -= out.n + (at ? 1 : 0);
	while (out.n && (out.p[0] == ' ' || out.p[0] == '\t'))
		out = rd_of(out.p + 1, out.n - 1);
	while (out.n && (out.p[out.n - 1] == ' ' || out.p[out.n - 1] == '\t'))
		out.n--;
	return out;
}

/* RFC 9110, 12.4.2: "q=0.8" is 800; what is no number is 0. */
static unsigned weight(struct rd q)
{
	unsigned n = 0, place = 1000;

	for (size_t i = 2; i < q.n; i++) {
		if (q.p[i] == '.' && i == 3)
			continue;
		if (q.p[i] < '0' || q.p[i] > '9' || !place || i == 3)
			return 0;
		n += (unsigned)(q.p[i] - '0') * place;
		place /= 10;
	}
	return n > 1000 ? 0 : n;
}

/* RFC 9110, 12.5.1. Ranges with a star say nothing of who asks. */
static void take_accept(struct http_head *h, struct rd value)
{
	while (value.n) {
		struct rd rest = before(&value, ','), type = before(&rest, ';');
		unsigned *of = is_name(type, "text/html")    ? &h->html
			       : is_name(type, HTTP_JSON)    ? &h->json
			       : is_name(type, HTTP_PROBLEM) ? &h->problem
							     : NULL;
		unsigned q = 1000;

		while (rest.n) {
			const struct rd p = before(&rest, ';');

			if (p.n >= 2 && (p.p[0] | 0x20) == 'q' && p.p[1] == '=')
				q = weight(p);
		}
		if (of && *of < q)
			*of = q;
	}
}

bool http_wants_page(const struct http_head *h)
{
	return h->html > h->json && h->html > h->problem;
}

bool http_wants_problem(const struct http_head *h)
{
	return h->problem && h->problem >= h->json;
}

static void no_coding(struct http_head *h, struct rd value)
{
	(void)value;
	reject(h, 411, "say how long it is: nothing is taken in chunks");
}

static void no_packing(struct http_head *h, struct rd value)
{
	(void)value;
	reject(h, 415, "nothing is taken that is packed");
}

static void expected(struct http_head *h, struct rd value)
{
	if (!is_name(value, "100-continue"))
		reject(h, 417, "this cannot be expected");
}

void http_head_field(struct http_head *h, struct rd name, struct rd value)
{
	static const struct {
		const char *name;
		void (*take)(struct http_head *h, struct rd value);
	} known[] = {{"Host", take_host}, {"Content-Length", take_length},
	    {"Content-Type", take_type}, {"Transfer-Encoding", no_coding},
	    {"Content-Encoding", no_packing}, {"Expect", expected}, {"X-Real-IP", take_address},
	    {"Accept", take_accept}, {"Origin", take_origin}, {"Sec-Fetch-Site", take_site},
	    {"Authorization", take_bearer}};

	if (++h->n > HEADERS_MAX)
		reject(h, 431, "there are too many headers");
	if (!is_token(name))
		reject(h, 400, "a header has a name that is none");
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == 0x7F || (value.p[i] < ' ' && value.p[i] != '\t'))
			reject(h, 400, "a header has a control character in it");
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (is_name(name, known[i].name))
			known[i].take(h, value);
}

void http_head_end(struct http_head *h)
{
	if (!h->hosts)
		reject(h, 400, "no host is named");
	if (h->method == HTTP_GET && h->length)
		reject(h, 400, "nothing is sent along with this method");
	if (h->method == HTTP_POST && !h->lengths)
		reject(h, 411, "say how long it is");
}

/* ---- fields ---- */

static int nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A character as it was before it was escaped, off the front of t; 0: none. */
static uint8_t unescape(struct rd *t)
{
	uint8_t c = t->p[0];
	size_t n = 1;

	if (c == '%') {
		const int hi = t->n > 2 ? nibble(t->p[1]) : -1,
			  lo = t->n > 2 ? nibble(t->p[2]) : -1;

		c = 0;
		if (hi >= 0 && lo >= 0)
			c = (uint8_t)((unsigned)hi << 4 | (unsigned)lo);
		n = 3;
	} else if (c == '+') {
		c = ' ';
	} else if (c <= ' ' || c > '~') {
		c = 0;
	}
	t->p += c ? n : 0;
	t->n -= c ? n : 0;
	return c;
}

/* What stands for itself at the front of t, up to its end. */
static size_t plain(struct rd t, uint8_t end)
{
	size_t n = 0;

	while (n < t.n && t.p[n] > ' ' && t.p[n] <= '~' && t.p[n] != '%' && t.p[n] != '+' &&
	       t.p[n] != '&' && t.p[n] != end)
		n++;
	return n;
}

/* NAME or VALUE up to its end: compared with word, or into out; either may be NULL. */
static enum ecert_rc part(struct rd *t, uint8_t end, const char *word, struct buf *out, bool *same)
{
	*same = true;
	while (t->n && t->p[0] != '&' && t->p[0] != end) {
		const size_t n = word ? 0 : plain(*t, end);
		uint8_t c;

		if (n && out)
			buf_put(out, t->p, n);
		if (n) {
			*t = rd_of(t->p + n, t->n - n);
			continue;
		}
		c = unescape(t);
		if (!c)
			return ECERT_E_MALFORMED;
		if (word) {
			*same = *same && *word == (char)c;
			word += *word != '\0';
		}
		if (out)
			buf_u8(out, c);
	}
	if (word && *word)
		*same = false;
	return out ? buf_rc(out) : ECERT_OK;
}

enum ecert_rc http_field(struct rd form, const char *name, struct buf *out)
{
	size_t found = 0;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && form.n) {
		bool ours, all;

		rc = part(&form, '=', name, NULL, &ours);
		if (rc == ECERT_OK && form.n && form.p[0] == '=') {
			form.p++;
			form.n--;
		}
		found += rc == ECERT_OK && ours;
		if (rc == ECERT_OK)
			rc = part(&form, '&', NULL, ours && found == 1 ? out : NULL, &all);
		if (rc == ECERT_OK && form.n) {
			form.p++;
			form.n--;
		}
	}
	if (rc != ECERT_OK)
		return rc;
	return found == 0 ? ECERT_E_NOT_FOUND : found > 1 ? ECERT_E_EXISTS : ECERT_OK;
}
