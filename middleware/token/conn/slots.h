/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of slots over a source of readers: stable ids, generations, events. */
#ifndef ECERT_TOKEN_SLOTS_H
#define ECERT_TOKEN_SLOTS_H

#include <pthread.h>

#include "token/token.h"
#include "transport/reader.h"

struct slot {
	char name[READER_NAME_MAX];
	bool connected, present, mute, exclusive, is_virtual, pinpad;
	uint8_t atr[READER_ATR_MAX];
	size_t atr_len;
	uint32_t events;     /* the source's counter when it answered last */
	uint32_t generation; /* from 1 */
	uint32_t reported;   /* the generation that slots_wait has told */
};

struct slots {
	struct readers *readers; /* It is closed with the slots. */
	pthread_mutex_t asking;	 /* One thread asks the source at a time. */
	pthread_mutex_t waiting; /* One thread waits at a time. */
	pthread_mutex_t
	    lock; /* It guards the table, for moments only: never while the source is asked. */
	struct slot slot[TOKEN_SLOTS_MAX];
	size_t n;
	bool seen;     /* The source has answered once. */
	int64_t asked; /* clock_ms of the last answer */
	unsigned cancels;
};

/* Makes the table empty, and takes the readers over. */
void slots_init(struct slots *s, struct readers *readers);
/* In a forked child the locks may be held by threads that are not there: they are left alone. */
void slots_fini(struct slots *s, bool forked);

/* Asks the source and merges. A vanished reader keeps its slot, unconnected. Errors:
 * ECERT_E_NO_SERVICE (all slots are unconnected now), ECERT_E_MEMORY. */
enum ecert_rc slots_refresh(struct slots *s) MUST_CHECK;
/* Does the same, unless the last answer is younger than ms. */
enum ecert_rc slots_refresh_older(struct slots *s, int ms) MUST_CHECK;
/* Whether the source has answered once. */
bool slots_seen(struct slots *s);
/* Copies one slot of the table. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc slots_get(struct slots *s, unsigned id, struct slot *out) MUST_CHECK;
uint32_t slots_generation(struct slots *s, unsigned id);
/* Says that what was known of the card in this slot holds no more. The slot's generation moves on,
 * unless it has left `generation`, the caller's, already. */
void slots_moved(struct slots *s, unsigned id, uint32_t generation);
void slots_set_pinpad(struct slots *s, unsigned id, bool pinpad);
void slots_export(const struct slot *s, unsigned id, struct token_slot *out);
size_t slots_copy(struct slots *s, struct token_slot *out, size_t cap);

/* Waits for an event, as tokens_wait says. */
enum ecert_rc slots_wait(struct slots *s, int timeout_ms, unsigned *id) MUST_CHECK;
void slots_cancel(struct slots *s);

#endif
