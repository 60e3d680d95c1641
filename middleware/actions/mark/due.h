/* SPDX-License-Identifier: BSD-2-Clause */
/* What a merchant has that ends: marks, their statuses, certificates. */
#ifndef ECERT_ACTIONS_MARK_DUE_H
#define ECERT_ACTIONS_MARK_DUE_H

#include "ui/job.h"

#define DUE_DAYS 60
#define DUE_MAX	 256

enum due_kind { DUE_MARK, DUE_STATUS, DUE_CERTIFICATE };
/* In the order of how bad it is. */
enum due_state { DUE_FINE, DUE_SOON, DUE_OVER };

struct due_row {
	char *file; /* owned */
	enum due_kind kind;
	enum due_state state;
	char name[256]; /* of its holder; may be empty */
	time_t until;	/* 0: it has no end */
	long days;	/* full days left, below zero after the end */
};

struct due_deed {
	/* None: those in $XDG_CONFIG_HOME/ecert/trustmark, or ~/.config/ecert/trustmark. */
	struct strlist files;
	long days; /* how long before its end something is due; 0: DUE_DAYS */
};

struct due_result {
	struct due_row *v; /* owned; what ends first comes first */
	size_t n;
	enum due_state worst;
	char folder[4096]; /* that was looked into; empty: files were named */
};

/* A status, which lives for a day, is due in the last quarter of its life. A file that is nothing
 * of this ends the deed when it was named, and is passed over in the folder. Reports its errors;
 * due_free in any case. */
enum outcome trustmark_due(
    const struct job *job, const struct due_deed *deed, struct due_result *out) MUST_CHECK;
void due_free(struct due_result *r);
/* "trust-mark", "trust-mark-status", "certificate"; "fine", "soon", "over": for programs. */
const char *due_kind_name(enum due_kind k);
const char *due_state_name(enum due_state s);

/* Whether today is a day to remind somebody: once a week, and every day in the last one. What was
 * said last is remembered in the user's own folder; due_reminded does that. */
bool due_wants_reminder(const struct job *job, const struct due_result *r);
enum outcome due_reminded(const struct job *job) MUST_CHECK;

#endif
