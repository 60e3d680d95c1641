/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest: a head, a record a member, and how many there were. */
#include "publish/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC	    "ecert published 1\n"
#define RECORD_MAX  (1u << 20)
#define RECORD_NONE 0u /* in place of a length: the end */

struct manifest {
	FILE *in;
	char *room;
	int64_t members;
	struct buf record;
};

void manifest_put_text(struct buf *b, struct rd text)
{
	buf_u32(b, (uint32_t)text.n);
	buf_rd(b, text);
}

static enum ecert_rc take_text(struct rd *r, struct rd *out)
{
	uint32_t n;
	enum ecert_rc rc = rd_u32(r, &n);

	return rc == ECERT_OK ? rd_take(r, n, out) : rc;
}

/* One that is a C string, or several. */
static enum ecert_rc take_strings(struct rd *r, struct rd *out)
{
	enum ecert_rc rc = take_text(r, out);

	return rc == ECERT_OK && out->n && out->p[out->n - 1] ? ECERT_E_MALFORMED : rc;
}

static enum ecert_rc take_string(struct rd *r, struct rd *out)
{
	enum ecert_rc rc = take_strings(r, out);

	return rc == ECERT_OK && !out->n ? ECERT_E_MALFORMED : rc;
}

static enum ecert_rc take_number(struct rd *r, int64_t *out)
{
	uint64_t n = 0;
	enum ecert_rc rc = rd_u64(r, &n);

	*out = (int64_t)n;
	return rc;
}

void manifest_put_row(struct buf *b, const struct manifest_row *row)
{
	manifest_put_text(b, row->merchant);
	manifest_put_text(b, row->company);
	manifest_put_text(b, row->domains);
	manifest_put_text(b, row->status);
	buf_u64(b, (uint64_t)row->until);
	manifest_put_text(b, row->shown);
}

enum ecert_rc manifest_take_row(struct rd bytes, struct manifest_row *out)
{
	enum ecert_rc rc = take_string(&bytes, &out->merchant);

	if (rc == ECERT_OK)
		rc = take_string(&bytes, &out->company);
	if (rc == ECERT_OK)
		rc = take_strings(&bytes, &out->domains);
	if (rc == ECERT_OK)
		rc = take_string(&bytes, &out->status);
	if (rc == ECERT_OK)
		rc = take_number(&bytes, &out->until);
	if (rc == ECERT_OK)
		rc = take_text(&bytes, &out->shown);
	return rc == ECERT_OK ? rd_end(&bytes) : rc;
}

void manifest_put_shown(struct buf *b, const struct manifest_shown *shown)
{
	manifest_put_text(b, shown->type);
	manifest_put_text(b, shown->status);
	buf_u64(b, (uint64_t)shown->since);
}

enum ecert_rc manifest_take_shown(struct rd *shown, struct manifest_shown *out)
{
	enum ecert_rc rc;

	if (!shown->n)
		return ECERT_E_NOT_FOUND;
	rc = take_string(shown, &out->type);
	if (rc == ECERT_OK)
		rc = take_string(shown, &out->status);
	return rc == ECERT_OK ? take_number(shown, &out->since) : rc;
}

/* ---- reading ---- */

static bool get(struct manifest *m, void *out, size_t n)
{
	return fread(out, 1, n, m->in) == n;
}

static bool get_number(struct manifest *m, int64_t *out)
{
	uint8_t b[8];
	struct rd r = rd_of(b, sizeof b);

	return get(m, b, sizeof b) && take_number(&r, out) == ECERT_OK;
}

/* The number of members stands at the end. */
static bool get_head(struct manifest *m, struct manifest_head *head)
{
	char magic[sizeof MAGIC - 1];

	return get(m, magic, sizeof magic) && !memcmp(magic, MAGIC, sizeof magic) &&
	       get(m, head->look, sizeof head->look) && get_number(m, &head->entry) &&
	       get(m, head->hash, sizeof head->hash) && !fseek(m->in, -8, SEEK_END) &&
	       get_number(m, &head->members) &&
	       !fseek(m->in, (long)(sizeof magic + 2 * REGISTRY_HASH + 8), SEEK_SET);
}

enum ecert_rc manifest_open(
    const struct files *f, const char *name, struct manifest **out, struct manifest_head *head)
{
	struct manifest *m = calloc(1, sizeof *m);

	*out = NULL;
	if (!m)
		return ECERT_E_MEMORY;
	buf_init(&m->record, RECORD_MAX);
	m->in = files_stream(f, name);
	m->room = m->in ? files_room(m->in) : NULL;
	if (!m->in || !get_head(m, head)) {
		manifest_close(&m);
		return ECERT_E_NOT_FOUND;
	}
	*out = m;
	return ECERT_OK;
}

static enum ecert_rc take_member(struct rd r, struct manifest_member *out)
{
	enum ecert_rc rc = take_number(&r, &out->id);

	if (rc == ECERT_OK)
		rc = take_number(&r, &out->due);
	if (rc == ECERT_OK)
		rc = take_number(&r, &out->signed_at);
	if (rc == ECERT_OK)
		rc = take_number(&r, &out->good);
	if (rc == ECERT_OK)
		rc = take_number(&r, &out->first);
	if (rc == ECERT_OK)
		rc = rd_u32(&r, &out->marks);
	if (rc == ECERT_OK)
		rc = take_text(&r, &out->files);
	if (rc == ECERT_OK)
		rc = take_text(&r, &out->row);
	if (rc == ECERT_OK)
		rc = take_text(&r, &out->csv);
	if (rc == ECERT_OK)
		rc = take_text(&r, &out->json);
	return rc == ECERT_OK ? rd_end(&r) : rc;
}

enum ecert_rc manifest_next(struct manifest *m, struct manifest_member *out)
{
	uint8_t b[4], *room;
	struct rd r = rd_of(b, sizeof b);
	uint32_t n;

	if (!get(m, b, sizeof b) || rd_u32(&r, &n) != ECERT_OK)
		return ECERT_E_MALFORMED;
	if (n == RECORD_NONE)
		return ECERT_E_NOT_FOUND;
	buf_reset(&m->record);
	room = n <= RECORD_MAX ? buf_room(&m->record, n) : NULL;
	if (!room || !get(m, room, n))
		return ECERT_E_MALFORMED;
	return take_member(buf_view(&m->record), out);
}

void manifest_close(struct manifest **m)
{
	if (*m) {
		if ((*m)->in)
			(void)fclose((*m)->in);
		free((*m)->room);
		buf_free(&(*m)->record);
	}
	free(*m);
	*m = NULL;
}

/* ---- writing ---- */

enum ecert_rc manifest_begin(struct files_part *p, const struct manifest_head *head)
{
	struct buf b = BUF_INIT(256);
	enum ecert_rc rc;

	buf_str(&b, MAGIC);
	buf_put(&b, head->look, sizeof head->look);
	buf_u64(&b, (uint64_t)head->entry);
	buf_put(&b, head->hash, sizeof head->hash);
	rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = files_part_put(p, buf_view(&b));
	buf_free(&b);
	return rc;
}

enum ecert_rc manifest_put(struct files_part *p, const struct manifest_member *m)
{
	struct buf b = BUF_INIT(RECORD_MAX);
	uint8_t length[4];
	enum ecert_rc rc;
	size_t n;

	buf_u64(&b, (uint64_t)m->id);
	buf_u64(&b, (uint64_t)m->due);
	buf_u64(&b, (uint64_t)m->signed_at);
	buf_u64(&b, (uint64_t)m->good);
	buf_u64(&b, (uint64_t)m->first);
	buf_u32(&b, m->marks);
	manifest_put_text(&b, m->files);
	manifest_put_text(&b, m->row);
	manifest_put_text(&b, m->csv);
	manifest_put_text(&b, m->json);
	n = buf_len(&b);
	for (size_t i = 0; i < sizeof length; i++)
		length[i] = (uint8_t)(n >> (8 * (3 - i)));
	rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = files_part_put(p, rd_of(length, sizeof length));
	if (rc == ECERT_OK)
		rc = files_part_put(p, buf_view(&b));
	buf_free(&b);
	return rc;
}

enum ecert_rc manifest_end(struct files_part *p, int64_t members)
{
	struct buf b = BUF_INIT(16);
	enum ecert_rc rc;

	buf_u32(&b, RECORD_NONE);
	buf_u64(&b, (uint64_t)members);
	rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = files_part_put(p, buf_view(&b));
	buf_free(&b);
	return rc;
}
