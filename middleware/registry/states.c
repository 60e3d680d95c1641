/* SPDX-License-Identifier: BSD-2-Clause */
/* The state machine of an application: one table. */
#include "registry/states.h"

#include <stddef.h>
#include <string.h>

#include "util/message.h"

static const enum app_state next[STATE_COUNT][EVENT_COUNT] = {
    [STATE_NONE] = {[EVENT_RECEIVE] = STATE_RECEIVED},
    [STATE_RECEIVED] = {[EVENT_REVIEW] = STATE_IN_REVIEW,
	[EVENT_MORE] = STATE_MORE_WANTED,
	[EVENT_REFUSE] = STATE_REFUSED,
	[EVENT_GRANT] = STATE_GRANTED,
	[EVENT_REPLACE] = STATE_EXPIRED},
    [STATE_IN_REVIEW] = {[EVENT_MORE] = STATE_MORE_WANTED,
	[EVENT_REFUSE] = STATE_REFUSED,
	[EVENT_GRANT] = STATE_GRANTED,
	[EVENT_REPLACE] = STATE_EXPIRED},
    /* What was asked for may come by another way than a new application. */
    [STATE_MORE_WANTED] = {[EVENT_REVIEW] = STATE_IN_REVIEW,
	[EVENT_REFUSE] = STATE_REFUSED,
	[EVENT_REPLACE] = STATE_EXPIRED},
    [STATE_GRANTED] = {[EVENT_SUSPEND] = STATE_SUSPENDED,
	[EVENT_REVOKE] = STATE_REVOKED,
	[EVENT_EXPIRE] = STATE_EXPIRED,
	[EVENT_REPLACE] = STATE_EXPIRED},
    /* Who is suspended is not renewed: it is resumed first. */
    [STATE_SUSPENDED] = {[EVENT_RESUME] = STATE_GRANTED,
	[EVENT_REVOKE] = STATE_REVOKED,
	[EVENT_EXPIRE] = STATE_EXPIRED},
};

static const char *const states[STATE_COUNT] = {
    [STATE_NONE] = "none",
    [STATE_RECEIVED] = "received",
    [STATE_IN_REVIEW] = "in-review",
    [STATE_MORE_WANTED] = "more-wanted",
    [STATE_GRANTED] = "granted",
    [STATE_REFUSED] = "refused",
    [STATE_SUSPENDED] = "suspended",
    [STATE_REVOKED] = "revoked",
    [STATE_EXPIRED] = "expired",
};

static const char *const words[STATE_COUNT] = {
    [STATE_NONE] = MSG_ID("not there"),
    [STATE_RECEIVED] = MSG_ID("received"),
    [STATE_IN_REVIEW] = MSG_ID("in review"),
    [STATE_MORE_WANTED] = MSG_ID("more wanted"),
    [STATE_GRANTED] = MSG_ID("granted"),
    [STATE_REFUSED] = MSG_ID("refused"),
    [STATE_SUSPENDED] = MSG_ID("suspended"),
    [STATE_REVOKED] = MSG_ID("revoked"),
    [STATE_EXPIRED] = MSG_ID("expired"),
};

static const char *const events[EVENT_COUNT] = {
    [EVENT_RECEIVE] = "receive",
    [EVENT_REVIEW] = "review",
    [EVENT_MORE] = "more",
    [EVENT_REFUSE] = "refuse",
    [EVENT_GRANT] = "grant",
    [EVENT_SUSPEND] = "suspend",
    [EVENT_RESUME] = "resume",
    [EVENT_REVOKE] = "revoke",
    [EVENT_EXPIRE] = "expire",
    [EVENT_REPLACE] = "replace",
};

enum app_state state_after(enum app_state state, enum app_event event)
{
	if ((unsigned)state >= STATE_COUNT || (unsigned)event >= EVENT_COUNT)
		return STATE_NONE;
	return next[state][event];
}

const char *state_name(enum app_state state)
{
	return (unsigned)state < STATE_COUNT ? states[state] : states[STATE_NONE];
}

const char *state_word(enum app_state state)
{
	return (unsigned)state < STATE_COUNT ? words[state] : words[STATE_NONE];
}

enum app_state state_by_name(const char *name)
{
	for (int i = STATE_RECEIVED; name && i < STATE_COUNT; i++)
		if (!strcmp(name, states[i]))
			return (enum app_state)i;
	return STATE_NONE;
}

const char *event_name(enum app_event event)
{
	return (unsigned)event < EVENT_COUNT ? events[event] : "none";
}

enum app_event event_by_name(const char *name)
{
	for (int i = 0; name && i < EVENT_COUNT; i++)
		if (!strcmp(name, events[i]))
			return (enum app_event)i;
	return EVENT_COUNT;
}
