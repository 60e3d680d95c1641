/* SPDX-License-Identifier: BSD-2-Clause */
/* What clients send to ecert-registry: a request as text, "METHOD TARGET VERSION", a line for each
 * header and, behind an empty line, what is sent along. */
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "http/http.h"
#include "registry-server/service.h"
#include "registry/keys.h"
#include "registry/asked.h"
#include "util/clock.h"

#define ISSUER "https://alliance.example"

static struct service service;
static struct desk desk;
static struct options options;
static const struct http_service http = {
    .ctx = &service, .slow_ctx = &desk, .page = page_later, .proxy = true};

static char folder[64] = "/tmp/ecert-fuzz-http.XXXXXX";
static char store[96], key[128];

static void clear(void)
{
	static const char *const tails[] = {"", "-wal", "-shm", ".status.pem"};
	char path[160];

	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
		(void)snprintf(path, sizeof path, "%s%s", store, tails[i]);
		(void)unlink(path);
	}
	(void)rmdir(folder);
}

static void write_key(struct rd pem)
{
	FILE *f = fopen(key, "w");

	REQUIRE(f && fwrite(pem.p, pem.n, 1, f) == 1 && fclose(f) == 0);
}

/* A register of nobody's marks, whose status key may speak. */
static void begin(void)
{
	struct buf pem = BUF_INIT(STATUS_KEY_MAX);
	struct status_key *k = NULL;
	struct message_kept why;
	struct registry *r = NULL;
	const time_t now = clock_now();

	REQUIRE(mkdtemp(folder));
	(void)snprintf(store, sizeof store, "%s/r.sqlite", folder);
	(void)snprintf(key, sizeof key, "%s.status.pem", store);
	(void)atexit(clear);
	REQUIRE(status_key_make(ISSUER, now, &pem) == ECERT_OK);
	write_key(buf_view(&pem));
	REQUIRE(status_key_read(buf_view(&pem), &k) == ECERT_OK);
	REQUIRE(registry_open(store, true, &r, &why) == ECERT_OK);
	REQUIRE(registry_begin(r, "fuzz", now) == ECERT_OK);
	REQUIRE(registry_set(r, "issuer", ISSUER) == ECERT_OK);
	REQUIRE(registry_set(r, "configuration", "a.b.c") == ECERT_OK);
	REQUIRE(registry_key(r, KEY_STATUS, status_key_kid(k), status_key_cert(k)) == ECERT_OK);
	REQUIRE(registry_authorize(
		    r, status_key_kid(k), rd_of("a.b.c", 5), now, now + 366L * 86400) == ECERT_OK);
	REQUIRE(registry_end(r, ECERT_OK) == ECERT_OK);
	registry_close(&r);
	status_key_free(&k);
	buf_free(&pem);
	options.store = store;
	REQUIRE(service_begin(&service, &options, &why) == ECERT_OK);
	REQUIRE(desk_begin(&desk, &options, &why) == ECERT_OK);
	/* Nobody is trusted, and everything is looked at. */
	REQUIRE(trust_set_new(&desk.trust) == ECERT_OK);
	desk.trust_read = now + 366L * 86400;
}

/* The text up to the character, which goes with it; what is left otherwise. */
static struct rd cut(struct rd *from, char at)
{
	const uint8_t *p = from->n ? memchr(from->p, at, from->n) : NULL;
	struct rd part = rd_of(from->p, p ? (size_t)(p - from->p) : from->n);

	from->p += part.n + (p ? 1 : 0);
	from->n -= part.n + (p ? 1 : 0);
	return part;
}

static void take_word(struct rd part, char *out, size_t cap)
{
	const size_t n = part.n < cap - 1 ? part.n : cap - 1;

	memcpy(out, part.n ? part.p : (const uint8_t *)"", n);
	out[n] = '\0';
}

static void read_head(struct rd *request, struct http_head *h)
{
	struct rd line = cut(request, '\n');
	char method[32], target[HTTP_TARGET_MAX + 2], version[16];

	take_word(cut(&line, ' '), method, sizeof method);
	take_word(cut(&line, ' '), target, sizeof target);
	take_word(line, version, sizeof version);
	http_head_line(h, method, target, version);
	for (line = cut(request, '\n'); line.n; line = cut(request, '\n')) {
		struct rd name = cut(&line, ':');

		if (line.n && line.p[0] == ' ')
			(void)cut(&line, ' ');
		http_head_field(h, name, line);
	}
	http_head_end(h);
}

/* What was let through can be read in one way only. */
static void sound(const struct http_head *h, const struct http_route *r)
{
	REQUIRE(h->hosts == 1 && h->lengths <= 1 && h->types <= 1 && h->addresses <= 1);
	REQUIRE(h->method == r->method && !strcmp(h->path, r->path) && h->length <= r->most);
	REQUIRE(h->method == HTTP_POST || !h->length);
	for (const char *p = h->query; *p; p++)
		REQUIRE(*p > ' ' && *p <= '~' && *p != '#');
}

static void fields(struct rd form)
{
	struct buf b = BUF_INIT(1 << 20);
	const enum ecert_rc rc = http_field(form, "trust_mark", &b);

	if (rc == ECERT_OK && buf_len(&b))
		REQUIRE(!memchr(buf_view(&b).p, 0, buf_len(&b)));
	buf_free(&b);
}

static void answered(const struct http_answer *a)
{
	static const int known[] = {200, 400, 404, 405, 411, 413, 414, 415, 417, 431, 501, 505};
	bool found = false;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		found = found || a->status == known[i];
	REQUIRE(found && a->type && buf_rc(&a->body) == ECERT_OK && buf_len(&a->body));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_head h;
	struct http_service s = http;
	struct http_answer a = {.body = BUF_INIT(1 << 20)};
	struct rd rest = rd_of(data, size);
	const struct http_route *r;
	int64_t before, after;

	if (!service.o.r)
		begin();
	s.routes = server_routes;
	s.n = server_routes_n;
	read_head(&rest, &h);
	if (rest.n < h.length && !h.status)
		h.length = rest.n;
	r = http_route_of(&s, &h, &a);
	REQUIRE(!r == (a.status != 0));
	fields(rest);
	if (r) {
		const struct http_request q = {.path = h.path,
		    .address = h.address,
		    .query = rd_of(h.query, strlen(h.query)),
		    .body = rest};

		sound(&h, r);
		memset(desk.rates.of, 0, sizeof desk.rates.of);
		memset(desk.reports.of, 0, sizeof desk.reports.of);
		REQUIRE(registry_entries(service.o.r, &before) == ECERT_OK);
		r->answer(r->slow ? s.slow_ctx : s.ctx, &q, &a);
		REQUIRE(registry_entries(service.o.r, &after) == ECERT_OK && before == after);
		/* There is no mark, so none has a status. */
		REQUIRE(a.status != 200 || r->answer != answer_status);
	}
	http_suit(&s, &h, &a);
	answered(&a);
	buf_free(&a.body);
	return 0;
}
