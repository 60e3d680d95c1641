/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card's memory: an append-only journal of records in one flash area, rewritten into the
 * other one when it is full or when a secret in it has died. A cut of the power at any write
 * leaves the state before or the state after.
 */
#ifndef AP_STORE_H
#define AP_STORE_H

#include "applet-spec/core/hal.h"

enum ap_rec {
	AP_REC_CONFIG = 1, /* serial, default management algorithm */
	AP_REC_REFS,	   /* PIN, PUK and their highest tries */
	AP_REC_TRIES,	   /* tries left */
	AP_REC_MGM,	   /* management key */
	AP_REC_MAP,	   /* ALGORITHM MAP */
	AP_REC_OBJECT,	   /* id = tag */
	AP_REC_KEY,	   /* id = key reference */
	AP_REC_COUNT,	   /* signature counter, id = key reference */
	AP_REC_DELETE,	   /* id = type << 24 | id; only in the journal */
	AP_REC_MOVE,	   /* id = from << 8 | to; only in the journal */
	AP_REC_END
};

enum ap_st {
	AP_ST_OK = 0,
	AP_ST_FULL,
	AP_ST_BLANK, /* no state here: the card is not personalised */
	AP_ST_FAIL,  /* flash failed; only ap_st_mount helps */
};

struct ap_entry {
	uint32_t id;
	uint32_t off; /* of the data, in the flash */
	uint16_t len;
	uint8_t type;
};

#define AP_ST_ENTRIES 112

struct ap_store {
	const struct ap_hal *hal;
	uint32_t pos; /* where the next record goes, in the area */
	uint32_t generation;
	uint32_t changes; /* the change counter */
	uint16_t count;
	uint8_t area;
	bool dirty; /* a dead secret is still readable in the journal */
	bool rewriting;
	bool broken;
	struct ap_entry entry[AP_ST_ENTRIES];
};

struct ap_part {
	const uint8_t *p;
	size_t len;
};

/* Reads the journal back and finishes what a cut interrupted. */
enum ap_st ap_st_mount(struct ap_store *st, const struct ap_hal *hal);

/* NULL when there is no such record. */
const struct ap_entry *ap_st_find(const struct ap_store *st, enum ap_rec type, uint32_t id);

/* Reads exactly len bytes of a record's data from `off`. */
enum ap_st ap_st_read(
    struct ap_store *st, const struct ap_entry *e, size_t off, uint8_t *out, size_t len);

/* Replaces a record by the parts, one after the other; it holds when this returns AP_ST_OK. */
enum ap_st ap_st_put(
    struct ap_store *st, enum ap_rec type, uint32_t id, const struct ap_part *part, size_t parts);

/* Deletes a record; a key takes its counter along. No error when there is none. */
enum ap_st ap_st_delete(struct ap_store *st, enum ap_rec type, uint32_t id);

/* Moves a key and its counter over whatever is at `to`. */
enum ap_st ap_st_move_key(struct ap_store *st, uint8_t from, uint8_t to);

/*
 * Starts a new state from the records that keep() likes (NULL: none); what ap_st_put writes
 * until ap_st_commit belongs to it. All of it holds after ap_st_commit, none of it before.
 */
typedef bool ap_st_keep(enum ap_rec type, uint32_t id);
enum ap_st ap_st_rewrite(struct ap_store *st, ap_st_keep *keep);
enum ap_st ap_st_commit(struct ap_store *st);

/* Bytes of all objects' values. */
uint32_t ap_st_object_bytes(const struct ap_store *st);

#endif
