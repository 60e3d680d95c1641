/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam to a person, as a test stands behind it: answers are put in before, and what was said is
 * read after. */
#ifndef TESTS_UNIT_UI_RECORDER_H
#define TESTS_UNIT_UI_RECORDER_H

#include "ui/ui.h"

#define RECORDED 64

struct recorded {
	enum { SAID_FAILED, SAID_NOTE, ASKED_SECRET, ASKED_CONFIRM } what;
	enum outcome code;    /* of a failure */
	char reason[48];      /* of a failure */
	char id[512];	      /* the sentence with its {names} */
	char text[1024];      /* in English */
	char next[512];	      /* of a failure; the reason, of a secret */
	enum pin_want wanted; /* of a secret */
	char error_id[512];   /* of a secret: why it is asked anew, with its {names} */
	char error[1024];     /* and in English; "": it is the first time */
};

struct recorder {
	struct ui ui; /* for the deed */
	struct recorded said[RECORDED];
	size_t n;
	const char *secrets[8]; /* what is typed, in order; NULL: cancelled */
	size_t secrets_n;
	bool yes, attended;
	unsigned cancel_after; /* so many times of being asked it is not; 0: never */
	unsigned cancel_asked, progress, progress_ends;
	uint64_t progress_done; /* the last one told */
};

/* Ready for use; the recorder must stay where it is. */
void recorder_init(struct recorder *r);
/* The last failure; NULL: none. */
const struct recorded *recorder_failure(const struct recorder *r);
/* Whether a note was made of this English text. */
bool recorder_noted(const struct recorder *r, const char *text);

#endif
