/* SPDX-License-Identifier: BSD-2-Clause */
/* Where an application stands, and what may happen to it there. */
#ifndef ECERT_REGISTRY_STATES_H
#define ECERT_REGISTRY_STATES_H

#include "ecert/rc.h"

enum app_state {
	STATE_NONE, /* it is not there yet */
	STATE_RECEIVED,
	STATE_IN_REVIEW,
	STATE_MORE_WANTED,
	STATE_GRANTED,
	STATE_REFUSED,
	STATE_SUSPENDED,
	STATE_REVOKED,
	STATE_EXPIRED, /* its mark's time is over, or a later application took its place */
	STATE_COUNT
};

enum app_event {
	EVENT_RECEIVE,
	EVENT_REVIEW,
	EVENT_MORE, /* the issuer asks for more */
	EVENT_REFUSE,
	EVENT_GRANT,
	EVENT_SUSPEND,
	EVENT_RESUME,
	EVENT_REVOKE,
	EVENT_EXPIRE,
	EVENT_REPLACE, /* a later application takes its place */
	EVENT_COUNT
};

/* STATE_NONE: this cannot happen to it there. */
enum app_state state_after(enum app_state state, enum app_event event);

/* The words that are stored, "more-wanted" and "suspend"; STATE_NONE and EVENT_COUNT for a word
 * that is none. */
const char *state_name(enum app_state state);
/* The same for people, an id: "more wanted". */
const char *state_word(enum app_state state);
enum app_state state_by_name(const char *name);
const char *event_name(enum app_event event);
enum app_event event_by_name(const char *name);

#endif
