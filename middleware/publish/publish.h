/* SPDX-License-Identifier: BSD-2-Clause */
/* A site of files, drawn from a register and its signed statuses. */
#ifndef ECERT_PUBLISH_PUBLISH_H
#define ECERT_PUBLISH_PUBLISH_H

#include "registry/registry.h"
#include "registry/status_key.h"

/* A status counts for a day, and is signed anew when half of it is over. */
#define PUBLISH_STATUS_LIFE (24 * 3600L)

/* Settings of a register that the site shows; registry_set keeps them. */
struct publish_setting {
	const char *name;
	enum { SETTING_TEXT, SETTING_HTTPS, SETTING_PLACE, SETTING_COLOUR } kind;
};
/* name, contact, policy, report, base, server, colour; the last one has no name. PLACE: https or
 * mail. */
extern const struct publish_setting publish_settings[];
/* False: value is none of that kind. */
bool publish_setting_good(const struct publish_setting *s, const char *value);

struct publish_job {
	struct registry *r;
	const char *issuer, *folder;
	const struct status_key *key;
	time_t now;
	bool all; /* look at every file, and not at what the manifest says of them */
};

struct publish_done {
	size_t members, marks, written, same, removed;
	/* Until when the statuses count, at most; 0: nobody may state any, which the pages say. */
	time_t until;
};
/* Errors: ECERT_E_IO (why names the file), registry_each_mark's (why is registry_why's). */
enum ecert_rc publish_site(
    const struct publish_job *job, struct publish_done *out, struct message_kept *why) MUST_CHECK;

/* The status of a mark at this moment, signed (8.4): it counts for a day, and never longer than the
 * authorisation (until) or the mark itself. exp (may be NULL): how long it does. Appends. */
enum ecert_rc publish_status(const struct status_key *key, const char *issuer,
    const struct registry_mark *mark, time_t now, time_t until, struct buf *out,
    time_t *exp) MUST_CHECK;

#endif
