/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of a container: listed, and unpacked in parts, in a process of their own. */
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
	int c = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return c ? c : (x->n > y->n) - (x->n < y->n);
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

static enum ecert_rc read_part(struct asic_container *c, size_t i, uint64_t at, struct buf *part,
    const char **why, enum reason *reason)
{
	struct buf request = BUF_INIT(64);
	enum ecert_rc rc;

	buf_u32(&request, (uint32_t)i);
	buf_u64(&request, at);
	buf_u32(&request, ZIP_PART_MAX);
	buf_init(part, ZIP_PART_MAX);
	rc = ask(c, ZIP_READ_OP, buf_view(&request), part, why, reason);
	buf_free(&request);
	return rc;
}

enum ecert_rc asic_read(struct asic_container *c, size_t i, asic_part_fn *take, void *ctx,
    const char **why, enum reason *reason)
{
	uint64_t at = 0;
	size_t n = ZIP_PART_MAX;
	enum ecert_rc rc = ECERT_OK;

	*why = NULL;
	*reason = REASON_TOO_MUCH;
	if (c->v[i].size > ASIC_SIZE_MAX - c->taken)
		*why = MSG_ID("unpacked, it is larger than is looked at");
	while (rc == ECERT_OK && !*why && n == ZIP_PART_MAX) {
		struct buf part;

		rc = read_part(c, i, at, &part, why, reason);
		n = buf_len(&part);
		at += n;
		if (rc == ECERT_OK && !*why && at > c->v[i].size)
			n = 0;
		else if (rc == ECERT_OK && !*why && n)
			rc = take(ctx, buf_view(&part));
		buf_free(&part);
	}
	c->taken += at;
	if (!*why && at != c->v[i].size) {
		*reason = REASON_FORMAT_BROKEN;
		*why = MSG_ID("a file in it has another size than it says");
	}
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
