/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal's format, shared by the two halves of the store. */
#ifndef AP_STORE_PRIV_H
#define AP_STORE_PRIV_H

#include "applet-spec/core/store.h"

/*
 * An area: head, then records. Its head is written last of all when the area is made:
 * magic (4), generation (4), change counter (4), CRC-32 of these (4).
 * A record: type (1), flags (1), length (2), id (4), CRC-32 of these eight bytes and the data
 * (4), data. Type FF is the end.
 */
#define AP_AREA_HEAD   16u
#define AP_REC_HEAD    12u
#define AP_FLAG_CHANGE 0x01 /* this record moved the change counter */

#define AP_AREA_START(st) ((st)->area * (st)->hal->area_size)

uint32_t ap_st_crc(uint32_t crc, const uint8_t *p, size_t len);
void ap_st_head(
    uint8_t head[AP_REC_HEAD], enum ap_rec type, uint8_t flags, size_t len, uint32_t id);

/* Marks the store broken; returns AP_ST_FAIL. */
enum ap_st ap_st_fail(struct ap_store *st);

/* Whether a record of this kind moves the change counter. */
bool ap_st_is_change(enum ap_rec type, uint32_t id);

/* Makes the index follow one record; false when the record makes no sense. */
bool ap_st_apply(struct ap_store *st, const uint8_t head[AP_REC_HEAD], uint32_t data_off);

/* Writes the live records into the other area and erases this one. */
enum ap_st ap_st_compact(struct ap_store *st);

#endif
