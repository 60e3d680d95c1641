/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the journal back, and rewriting it into the other area. */
#include "applet-spec/core/store_priv.h"
#include "applet-spec/core/mem.h"

#define MAGIC 0x65435631u /* eCV1 */
#define CHUNK 64

/* What must not stay in the flash once it is replaced. */
static const bool wiped[AP_REC_END] = {
    [AP_REC_REFS] = true, [AP_REC_MGM] = true, [AP_REC_OBJECT] = true, [AP_REC_KEY] = true};

bool ap_st_is_change(enum ap_rec type, uint32_t id)
{
	if (type == AP_REC_DELETE)
		type = (enum ap_rec)(id >> 24);
	return type == AP_REC_OBJECT || type == AP_REC_KEY || type == AP_REC_MOVE;
}

static void drop(struct ap_store *st, enum ap_rec type, uint32_t id)
{
	for (unsigned int i = 0; i < st->count; i++) {
		if (st->entry[i].type != type || st->entry[i].id != id)
			continue;
		st->dirty = st->dirty || wiped[type];
		st->entry[i] = st->entry[--st->count];
		return;
	}
}

static void drop_key(struct ap_store *st, uint32_t ref)
{
	drop(st, AP_REC_KEY, ref);
	drop(st, AP_REC_COUNT, ref);
}

static void rename_key(struct ap_store *st, uint32_t from, uint32_t to)
{
	if (from == to)
		return;
	drop_key(st, to);
	for (unsigned int i = 0; i < st->count; i++) {
		uint8_t type = st->entry[i].type;

		if ((type == AP_REC_KEY || type == AP_REC_COUNT) && st->entry[i].id == from)
			st->entry[i].id = to;
	}
}

bool ap_st_apply(struct ap_store *st, const uint8_t head[AP_REC_HEAD], uint32_t data_off)
{
	uint8_t type = head[0];
	uint32_t id = ap_be32(head + 4);

	if (type == 0 || type >= AP_REC_END)
		return false;
	if ((head[1] & AP_FLAG_CHANGE) != 0)
		st->changes++;
	if (type == AP_REC_MOVE) {
		rename_key(st, id >> 8, id & 0xFF);
		return true;
	}
	if (type == AP_REC_DELETE) {
		uint8_t which = (uint8_t)(id >> 24);

		if (which == AP_REC_KEY)
			drop_key(st, id & 0xFFFFFF);
		else if (which < AP_REC_DELETE)
			drop(st, (enum ap_rec)which, id & 0xFFFFFF);
		return true;
	}
	/* A new key starts to count anew; a new PIN has all its tries. */
	if (type == AP_REC_KEY)
		drop(st, AP_REC_COUNT, id);
	if (type == AP_REC_REFS)
		drop(st, AP_REC_TRIES, 0);
	drop(st, (enum ap_rec)type, id);
	if (st->count == AP_ST_ENTRIES)
		return false;
	st->entry[st->count++] = (struct ap_entry){
	    .id = id, .off = data_off, .len = (uint16_t)(head[2] << 8 | head[3]), .type = type};
	return true;
}

/* True when everything from `from` to the end of the area is erased. */
static bool blank(struct ap_store *st, unsigned int area, uint32_t from)
{
	const struct ap_hal *hal = st->hal;
	uint8_t buf[CHUNK];

	for (uint32_t n; from < hal->area_size; from += n) {
		n = hal->area_size - from < CHUNK ? hal->area_size - from : CHUNK;
		if (hal->flash_read(hal->ctx, area * hal->area_size + from, buf, n) != AP_HAL_OK)
			return false;
		for (uint32_t i = 0; i < n; i++) {
			if (buf[i] != 0xFF)
				return false;
		}
	}
	return true;
}

struct area_head {
	bool valid;
	uint32_t generation;
	uint32_t changes;
};

static struct area_head read_area_head(const struct ap_hal *hal, unsigned int area)
{
	uint8_t b[AP_AREA_HEAD];
	struct area_head h = {0};

	if (hal->flash_read(hal->ctx, area * hal->area_size, b, sizeof(b)) != AP_HAL_OK)
		return h;
	h.valid = ap_be32(b) == MAGIC && ap_be32(b + 12) == ap_st_crc(0, b, 12);
	h.generation = ap_be32(b + 4);
	h.changes = ap_be32(b + 8);
	return h;
}

/* The checksum of a record's data in the flash, continued from its head's. */
static bool data_crc(struct ap_store *st, uint32_t off, size_t len, uint32_t *crc)
{
	uint8_t buf[CHUNK];

	while (len > 0) {
		size_t n = len < CHUNK ? len : CHUNK;

		if (st->hal->flash_read(st->hal->ctx, off, buf, n) != AP_HAL_OK)
			return false;
		*crc = ap_st_crc(*crc, buf, n);
		off += (uint32_t)n;
		len -= n;
	}
	ap_wipe(buf, sizeof(buf));
	return true;
}

/* One record at st->pos; false at the end, and at anything that is no whole record. */
static bool replay_one(struct ap_store *st)
{
	const struct ap_hal *hal = st->hal;
	uint8_t head[AP_REC_HEAD];
	uint32_t at = AP_AREA_START(st) + st->pos;
	uint32_t room = hal->area_size - st->pos;
	uint32_t len, crc;

	if (room < AP_REC_HEAD || hal->flash_read(hal->ctx, at, head, sizeof(head)) != AP_HAL_OK)
		return false;
	len = (uint32_t)(head[2] << 8 | head[3]);
	if (head[0] == 0xFF || len > room - AP_REC_HEAD)
		return false;
	crc = ap_st_crc(0, head, 8);
	if (!data_crc(st, at + AP_REC_HEAD, len, &crc) || crc != ap_be32(head + 8))
		return false;
	if (!ap_st_apply(st, head, at + AP_REC_HEAD))
		return false;
	st->pos += AP_REC_HEAD + len;
	return true;
}

enum ap_st ap_st_mount(struct ap_store *st, const struct ap_hal *hal)
{
	struct area_head h[2] = {read_area_head(hal, 0), read_area_head(hal, 1)};
	uint8_t pick = h[1].valid && (!h[0].valid || h[1].generation > h[0].generation);

	memset(st, 0, sizeof(*st));
	st->hal = hal;
	st->area = pick;
	if (!h[pick].valid) {
		st->broken = true;
		return AP_ST_BLANK;
	}
	st->generation = h[pick].generation;
	st->changes = h[pick].changes;
	st->pos = AP_AREA_HEAD;
	while (replay_one(st))
		;
	/* Half a record at the end, or a dead secret: make a clean copy before anything else. */
	if (st->dirty || !blank(st, st->area, st->pos))
		return ap_st_compact(st);
	if (!blank(st, 1u - st->area, 0) && hal->flash_erase(hal->ctx, 1u - st->area) != AP_HAL_OK)
		return ap_st_fail(st);
	return AP_ST_OK;
}

/* Copies one record to st->pos and points its entry there. */
static bool copy_record(struct ap_store *st, struct ap_entry *e)
{
	const struct ap_hal *hal = st->hal;
	uint8_t buf[CHUNK];
	uint8_t head[AP_REC_HEAD];
	uint32_t to = AP_AREA_START(st) + st->pos;
	uint32_t crc;
	bool ok;

	if (AP_REC_HEAD + e->len > hal->area_size - st->pos)
		return false;
	ap_st_head(head, (enum ap_rec)e->type, 0, e->len, e->id);
	crc = ap_st_crc(0, head, 8);
	ok = data_crc(st, e->off, e->len, &crc);
	ap_put_be32(head + 8, crc);
	ok = ok && hal->flash_write(hal->ctx, to, head, sizeof(head)) == AP_HAL_OK;
	to += AP_REC_HEAD;
	for (uint32_t done = 0, n; ok && done < e->len; done += n) {
		n = e->len - done < CHUNK ? e->len - done : CHUNK;
		ok = hal->flash_read(hal->ctx, e->off + done, buf, n) == AP_HAL_OK &&
		     hal->flash_write(hal->ctx, to + done, buf, n) == AP_HAL_OK;
	}
	ap_wipe(buf, sizeof(buf));
	e->off = to;
	st->pos += AP_REC_HEAD + e->len;
	return ok;
}

/*
 * Tries and signature counters go last: reading back, the PIN or key that they belong to would
 * start them anew.
 */
static bool copy_all(struct ap_store *st, bool counters)
{
	bool ok = true;

	for (unsigned int i = 0; ok && i < st->count; i++) {
		struct ap_entry *e = &st->entry[i];

		if ((e->type == AP_REC_TRIES || e->type == AP_REC_COUNT) == counters)
			ok = copy_record(st, e);
	}
	return ok;
}

static enum ap_st rewrite(struct ap_store *st, ap_st_keep *keep)
{
	const struct ap_hal *hal = st->hal;
	unsigned int i = 0;

	st->rewriting = true;
	st->broken = false;
	st->area = (uint8_t)(1 - st->area);
	st->pos = AP_AREA_HEAD;
	if (!blank(st, st->area, 0) && hal->flash_erase(hal->ctx, st->area) != AP_HAL_OK)
		return ap_st_fail(st);
	while (i < st->count) {
		struct ap_entry *e = &st->entry[i];

		if (keep == NULL || !keep((enum ap_rec)e->type, e->id))
			*e = st->entry[--st->count];
		else
			i++;
	}
	return copy_all(st, false) && copy_all(st, true) ? AP_ST_OK : ap_st_fail(st);
}

enum ap_st ap_st_rewrite(struct ap_store *st, ap_st_keep *keep)
{
	st->changes++;
	return rewrite(st, keep);
}

enum ap_st ap_st_commit(struct ap_store *st)
{
	const struct ap_hal *hal = st->hal;
	uint8_t b[AP_AREA_HEAD];

	if (st->broken)
		return AP_ST_FAIL;
	st->generation++;
	ap_put_be32(b, MAGIC);
	ap_put_be32(b + 4, st->generation);
	ap_put_be32(b + 8, st->changes);
	ap_put_be32(b + 12, ap_st_crc(0, b, 12));
	if (hal->flash_sync(hal->ctx) != AP_HAL_OK ||
	    hal->flash_write(hal->ctx, AP_AREA_START(st), b, sizeof(b)) != AP_HAL_OK ||
	    hal->flash_sync(hal->ctx) != AP_HAL_OK ||
	    hal->flash_erase(hal->ctx, 1u - st->area) != AP_HAL_OK)
		return ap_st_fail(st);
	st->rewriting = false;
	st->dirty = false;
	return AP_ST_OK;
}

static bool keep_all(enum ap_rec type, uint32_t id)
{
	(void)type;
	(void)id;
	return true;
}

enum ap_st ap_st_compact(struct ap_store *st)
{
	enum ap_st rc = rewrite(st, keep_all);

	return rc == AP_ST_OK ? ap_st_commit(st) : rc;
}
