/* SPDX-License-Identifier: BSD-2-Clause */
/* A deed that the page asked for: what it is told comes in as one JSON object, what it says goes
 * out as lines of JSON, each with its kind first. Codes and parameters: the page words them. */
#ifndef ECERT_DESK_DEEDS_H
#define ECERT_DESK_DEEDS_H

#include <jansson.h>

#include "ui/job.h"

struct page_ui {
	int channel;
	bool stopped;	    /* the person said so, or nobody is there */
	bool failed;	    /* a failure was told */
	int64_t shown;	    /* clock_ms: progress was told last */
	const char *file;   /* of which */
	const char *locale; /* the person's, for pinentry: "zh_HK.UTF-8" */
};

/* One line; lets go of o. */
void say(struct page_ui *p, json_t *o);
/* Its context is a struct page_ui. */
extern const struct ui_calls page_calls;

/* What a person is told: {"id":, "one": its form for one, "p": {NAME: one of {"t": text from
 * outside},
 * {"w": an id}, {"n": number}, {"d": seconds since 1970}, {"m": message}}}; null for NULL and for
 * nothing.
 */
json_t *message_json(const struct message *m);
json_t *kept_json(const struct message_kept *k);
/* Text from outside, as it may be shown; null for NULL. */
json_t *shown_json(const char *text);

/* The deeds. asked: the request. Whatever fails is told. */
enum outcome deed_today(const struct job *job, struct page_ui *p, const json_t *asked);
enum outcome deed_verify(const struct job *job, struct page_ui *p, const json_t *asked);
enum outcome deed_sign(const struct job *job, struct page_ui *p, const json_t *asked);

/* ---- what deeds share ---- */
/* A text of the request; NULL: it has none, or an empty one. */
const char *asked_text(const json_t *asked, const char *name);
/* The names of the files in the folder, in the order of their bytes; owned by tray_forget. False:
 * told. */
bool tray_names(const struct job *job, const char *folder, struct strlist *out) MUST_CHECK;
void tray_forget(struct strlist *names);
/* Goes into the tray's folder of what was dropped, so that files are called as the person calls
 * them; and lists those of its CAs. False: told. */
bool tray_enter(const struct job *job, const json_t *asked, struct strlist *files,
    struct strlist *anchors) MUST_CHECK;

#endif
