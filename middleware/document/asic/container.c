/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of a container: listed, and unpacked as they come, in a process of their own. */
#include "document/asic/container.h"

#include <stdlib.h>
#include <string.h>

#include "document/wall/ask.h"
#include "util/text.h"

static enum ecert_rc ask(const struct asic_container *c, const char *op, struct rd request,
    struct buf *out, const char **why, enum reason *reason)
{
	struct wall_question q = {.op = op, .request = request, .fd = &c->fd, .fds = 1};
	enum wall_end end;
	enum ecert_rc rc = wall_ask(&q, out, &end);

	*why = rc == ECERT_OK && end != WALL_ANSWERED ? wall_words(end) : NULL;
	*reason = wall_reason(end);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct rd *x = a, *y = b;

	return rd_order(*x, *y);
}

/* Of two members of one name each reader may take another. Errors: ECERT_E_MEMORY. */
static enum ecert_rc has_double(const struct asic_container *c, bool *doubled)
{
	struct rd *names = calloc(c->n + 1, sizeof *names);

	*doubled = false;
	if (!names)
		return ECERT_E_MEMORY;
	for (size_t i = 0; i < c->n; i++)
		names[i] = c->v[i].name;
	qsort(names, c->n, sizeof *names, by_name);
	for (size_t i = 1; i < c->n; i++)
		*doubled = *doubled || !by_name(&names[i - 1], &names[i]);
	free(names);
	return ECERT_OK;
}

static bool next_member(struct rd *rest, struct asic_member *m)
{
	uint16_t n = 0;
	uint8_t encrypted = 0;

	if (rd_u16(rest, &n) != ECERT_OK || rd_take(rest, n, &m->name) != ECERT_OK ||
	    rd_u64(rest, &m->size) != ECERT_OK || rd_u8(rest, &encrypted) != ECERT_OK)
		return false;
	m->encrypted = encrypted;
	return m->name.n > 0 && !memchr(m->name.p, 0, m->name.n);
}

/* False: the answer is not what was asked for. */
static bool read_list(struct asic_container *c, uint32_t n, struct rd rest)
{
	for (c->n = 0; c->n < n; c->n++)
		if (!next_member(&rest, &c->v[c->n]))
			return false;
	return rd_empty(&rest);
}

enum ecert_rc asic_open(int fd, struct asic_container *out, const char **why, enum reason *reason)
{
	uint32_t n = 0;
	bool doubled;
	struct rd rest;
	enum ecert_rc rc;

	*out = (struct asic_container){.fd = fd};
	buf_init(&out->list, 16u << 20);
	rc = ask(out, ZIP_LIST_OP, rd_of(NULL, 0), &out->list, why, reason);
	if (rc == ECERT_OK && *why == wall_words(WALL_TOO_LARGE))
		*why = MSG_ID("there are more than 10,000 files in it, and no more are looked at");
	if (rc != ECERT_OK || *why)
		return rc;
	rest = buf_view(&out->list);
	*reason = REASON_FORMAT_BROKEN;
	if (rd_u32(&rest, &n) != ECERT_OK || n > ZIP_MEMBERS_MAX) {
		*why = MSG_ID("it breaks the rules of its own format");
		return ECERT_OK;
	}
	out->v = calloc(n + 1, sizeof *out->v);
	if (!out->v)
		return ECERT_E_MEMORY;
	if (!read_list(out, n, rest))
		*why = MSG_ID("it breaks the rules of its own format");
	rc = has_double(out, &doubled);
	if (!*why && doubled)
		*why = MSG_ID("two files in it have the same name");
	return rc;
}

void asic_close(struct asic_container *c)
{
	for (size_t i = 0; i < c->n; i++)
		digest_set_free(&c->v[i].digests);
	free(c->v);
	buf_free(&c->list);
	c->v = NULL;
	c->n = 0;
}

/* What is told a size, and goes on to whoever reads. */
struct reading {
	asic_part_fn *take;
	void *ctx;
	uint64_t n;
};

static enum ecert_rc take_part(void *ctx, struct rd part)
{
	struct reading *r = ctx;

	r->n += part.n;
	return r->take(r->ctx, part);
}

enum ecert_rc asic_read(struct asic_container *c, size_t i, asic_part_fn *take, void *ctx,
    const char **why, enum reason *reason)
{
	struct reading r = {take, ctx, 0};
	struct buf request = BUF_INIT(64), none = BUF_INIT(1);
	struct wall_question q = {.op = ZIP_READ_OP,
	    .fd = &c->fd,
	    .fds = 1,
	    .take = take_part,
	    .ctx = &r,
	    .most = c->v[i].size};
	enum wall_end end = WALL_ANSWERED;
	enum ecert_rc rc;

	*why = NULL;
	*reason = REASON_TOO_MUCH;
	if (c->v[i].size > ASIC_SIZE_MAX - c->taken) {
		*why = MSG_ID("unpacked, it is larger than the 4 GiB that are looked at");
		return ECERT_OK;
	}
	buf_u32(&request, (uint32_t)i);
	/* One more, so that it comes to its end. */
	buf_u64(&request, c->v[i].size + 1);
	q.request = buf_view(&request);
	rc = wall_ask(&q, &none, &end);
	c->taken += r.n;
	if (rc == ECERT_OK && end == WALL_UNSUPPORTED) {
		*reason = REASON_CRITICAL_UNKNOWN;
		*why = MSG_ID("a file in it is encrypted, or packed in a way that is not read "
			      "here, which says nothing against it");
	} else if (rc == ECERT_OK && end != WALL_ANSWERED && end != WALL_TOO_LARGE) {
		*why = wall_words(end);
		*reason = wall_reason(end);
	} else if (rc == ECERT_OK && (end == WALL_TOO_LARGE || r.n != c->v[i].size)) {
		*reason = REASON_FORMAT_BROKEN;
		*why = MSG_ID("a file in it has another size than it says");
	}
	buf_free(&request);
	return rc;
}

static enum ecert_rc append(void *ctx, struct rd part)
{
	buf_rd(ctx, part);
	return buf_rc(ctx);
}

enum ecert_rc asic_read_all(
    struct asic_container *c, size_t i, struct buf *out, const char **why, enum reason *reason)
{
	if (c->v[i].size > out->max) {
		*reason = REASON_TOO_MUCH;
		*why = MSG_ID("unpacked, it is larger than is looked at");
		return ECERT_OK;
	}
	return asic_read(c, i, append, out, why, reason);
}

bool asic_named(const struct asic_member *m, const char *begin, const char *end)
{
	size_t b = strlen(begin), e = strlen(end);

	return m->name.n >= b + e && !memcmp(m->name.p, begin, b) &&
	       !memcmp(m->name.p + m->name.n - e, end, e);
}

bool asic_is_data(const struct asic_member *m)
{
	return !asic_named(m, "META-INF/", "") && m->name.p[m->name.n - 1] != '/' &&
	       !rd_equal(m->name, rd_of("mimetype", 8));
}

void asic_show(const struct asic_member *m, char *out, size_t cap)
{
	size_t n = m->name.n < cap - 1 ? m->name.n : cap - 1;

	memcpy(out, m->name.p, n);
	out[n] = 0;
	text_utf8(out, n < m->name.n);
	text_scrub(out);
}
