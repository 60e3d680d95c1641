/* SPDX-License-Identifier: BSD-2-Clause */
/* A deed under test: a virtual token of its own, a recorder in the person's place, and the job that
 * names both. */
#ifndef TESTS_UNIT_CLIENT_DEED_H
#define TESTS_UNIT_CLIENT_DEED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* cmocka wants these first */
#include <setjmp.h>

#include <cmocka.h>

#include "ui/job.h"
#include "tests/unit/ui/recorder.h"

#define FACTORY_PIN "123456"
#define DEED_PIN    "248163"
#define DEED_PUK    "87214365"

struct deed {
	char dir[64], reader[96], module[4096], source[96]; /* source: file: of the escrow */
	const char *escrow;
	pid_t token; /* 0: it is out */
	struct recorder said;
	struct job job; /* by pin_source NULL the person is asked */
};

/* Setup and teardown of a test; *state is the deed. */
int deed_fresh(void **state); /* the token is as its maker ships it */
int deed_ready(void **state); /* it has DEED_PIN, DEED_PUK and an escrow */
/* A folder, a recorder and a job of no token at all. Its time is the real one. */
int deed_bare(void **state);
int deed_end(void **state);

/* Takes the token out, puts it in again. */
void deed_pull(struct deed *d);
void deed_plug(struct deed *d);

/* Forgets what was said; what will be typed is this, NULL behind the last one. */
void deed_types(struct deed *d, ...) __attribute__((sentinel));
/* A file in the deed's folder, with this text (NULL: none is written); its path in one of a few
 * rotating buffers. */
const char *deed_file(struct deed *d, const char *name, const char *text);
/* "file:" and the same. */
const char *deed_source(struct deed *d, const char *name, const char *text);

/* So many were said of one kind. */
size_t deed_count(const struct deed *d, int what);
/* The nth (from 0) of one kind. */
const struct recorded *deed_said(const struct deed *d, int what, size_t nth);

/* The failure that was told last, and the only one: all that a person or a program is told. */
#define deed_failed(d, code, reason, id, text, next)                                               \
	deed_failed_at(d, &(const struct told){code, reason, id, text, next}, __FILE__, __LINE__)
struct told {
	enum outcome code;
	const char *reason, *id, *text, *next;
};
void deed_failed_at(const struct deed *d, const struct told *want, const char *file, int line);

#endif
