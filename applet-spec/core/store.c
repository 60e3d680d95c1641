/* SPDX-License-Identifier: BSD-2-Clause */
/* Records: appending, finding, reading. How the journal is read back is in store_mount.c. */
#include "applet-spec/core/store_priv.h"
#include "applet-spec/core/mem.h"

/* Kept free of keys and objects, so that counters can always be written. */
#define RESERVE 2048

uint32_t ap_st_crc(uint32_t crc, const uint8_t *p, size_t len)
{
	static const uint32_t nibble[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC,
	    0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8,
	    0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};

	crc = ~crc;
	while (len-- > 0) {
		crc ^= *p++;
		crc = crc >> 4 ^ nibble[crc & 15];
		crc = crc >> 4 ^ nibble[crc & 15];
	}
	return ~crc;
}

enum ap_st ap_st_fail(struct ap_store *st)
{
	st->broken = true;
	return AP_ST_FAIL;
}

const struct ap_entry *ap_st_find(const struct ap_store *st, enum ap_rec type, uint32_t id)
{
	for (unsigned int i = 0; i < st->count; i++) {
		if (st->entry[i].type == type && st->entry[i].id == id)
			return &st->entry[i];
	}
	return NULL;
}

enum ap_st ap_st_read(
    struct ap_store *st, const struct ap_entry *e, size_t off, uint8_t *out, size_t len)
{
	if (e == NULL || off > e->len || len > e->len - off)
		return AP_ST_FAIL;
	if (st->hal->flash_read(st->hal->ctx, e->off + (uint32_t)off, out, len) != AP_HAL_OK)
		return ap_st_fail(st);
	return AP_ST_OK;
}

uint32_t ap_st_object_bytes(const struct ap_store *st)
{
	uint32_t sum = 0;

	for (unsigned int i = 0; i < st->count; i++) {
		if (st->entry[i].type == AP_REC_OBJECT)
			sum += st->entry[i].len;
	}
	return sum;
}

static uint32_t live_bytes(const struct ap_store *st)
{
	uint32_t sum = AP_AREA_HEAD;

	for (unsigned int i = 0; i < st->count; i++)
		sum += AP_REC_HEAD + st->entry[i].len;
	return sum;
}

void ap_st_head(uint8_t head[AP_REC_HEAD], enum ap_rec type, uint8_t flags, size_t len, uint32_t id)
{
	head[0] = (uint8_t)type;
	head[1] = flags;
	head[2] = (uint8_t)(len >> 8);
	head[3] = (uint8_t)len;
	ap_put_be32(head + 4, id);
}

/* The record holds as soon as its last byte is written: the checksum covers all of it. */
static enum ap_st write_record(
    struct ap_store *st, uint8_t head[AP_REC_HEAD], const struct ap_part *part, size_t parts)
{
	const struct ap_hal *hal = st->hal;
	uint32_t at = AP_AREA_START(st) + st->pos;
	uint32_t crc = ap_st_crc(0, head, 8);

	for (size_t i = 0; i < parts; i++)
		crc = ap_st_crc(crc, part[i].p, part[i].len);
	ap_put_be32(head + 8, crc);
	if (hal->flash_write(hal->ctx, at, head, AP_REC_HEAD) != AP_HAL_OK)
		return ap_st_fail(st);
	at += AP_REC_HEAD;
	for (size_t i = 0; i < parts; i++) {
		if (part[i].len == 0)
			continue;
		if (hal->flash_write(hal->ctx, at, part[i].p, part[i].len) != AP_HAL_OK)
			return ap_st_fail(st);
		at += (uint32_t)part[i].len;
	}
	if (!st->rewriting && hal->flash_sync(hal->ctx) != AP_HAL_OK)
		return ap_st_fail(st);
	return AP_ST_OK;
}

/* Keys and objects leave room for counters; everything else may use the last byte. */
static bool fits(const struct ap_store *st, enum ap_rec type, size_t need)
{
	uint32_t room = st->hal->area_size - live_bytes(st);

	if (type == AP_REC_KEY || type == AP_REC_OBJECT)
		need += RESERVE;
	return need <= room;
}

static enum ap_st make_room(struct ap_store *st, enum ap_rec type, uint32_t id, size_t need)
{
	bool grows = type < AP_REC_DELETE && ap_st_find(st, type, id) == NULL;

	if (grows && st->count == AP_ST_ENTRIES)
		return AP_ST_FULL;
	if (!fits(st, type, need))
		return AP_ST_FULL;
	if (need <= st->hal->area_size - st->pos)
		return AP_ST_OK;
	return st->rewriting ? AP_ST_FULL : ap_st_compact(st);
}

static enum ap_st append(
    struct ap_store *st, enum ap_rec type, uint32_t id, const struct ap_part *part, size_t parts)
{
	uint8_t head[AP_REC_HEAD];
	size_t len = 0;
	uint8_t flags = 0;
	enum ap_st rc;

	if (st->broken)
		return AP_ST_FAIL;
	for (size_t i = 0; i < parts; i++)
		len += part[i].len;
	if (len > 0xFFFF)
		return AP_ST_FULL;
	rc = make_room(st, type, id, AP_REC_HEAD + len);
	if (rc != AP_ST_OK)
		return rc;
	if (ap_st_is_change(type, id) && !st->rewriting)
		flags = AP_FLAG_CHANGE;
	ap_st_head(head, type, flags, len, id);
	rc = write_record(st, head, part, parts);
	if (rc != AP_ST_OK)
		return rc;
	if (!ap_st_apply(st, head, AP_AREA_START(st) + st->pos + AP_REC_HEAD))
		return ap_st_fail(st);
	st->pos += AP_REC_HEAD + (uint32_t)len;
	/* A secret that was replaced must not stay readable in the flash. */
	return st->dirty && !st->rewriting ? ap_st_compact(st) : AP_ST_OK;
}

enum ap_st ap_st_put(
    struct ap_store *st, enum ap_rec type, uint32_t id, const struct ap_part *part, size_t parts)
{
	return append(st, type, id, part, parts);
}

enum ap_st ap_st_delete(struct ap_store *st, enum ap_rec type, uint32_t id)
{
	if (ap_st_find(st, type, id) == NULL)
		return st->broken ? AP_ST_FAIL : AP_ST_OK;
	return append(st, AP_REC_DELETE, (uint32_t)type << 24 | id, NULL, 0);
}

enum ap_st ap_st_move_key(struct ap_store *st, uint8_t from, uint8_t to)
{
	return append(st, AP_REC_MOVE, (uint32_t)from << 8 | to, NULL, 0);
}
