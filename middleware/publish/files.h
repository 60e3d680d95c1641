/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of a site: each appears whole, and only when it is another one than before. */
#ifndef ECERT_PUBLISH_FILES_H
#define ECERT_PUBLISH_FILES_H

#include <stddef.h>
#include <stdio.h>

#include "publish/writers.h"
#include "util/buf.h"

struct files {
	int dir;		 /* of the site */
	struct writers *writers; /* NULL: what is put is put at once */
	size_t written, same, removed;
	char failed[FILES_NAME]; /* the name where it went wrong; errno says why */
};

/* The folder, made if it is not there (the one above it has to be). Whoever else writes there is
 * waited for, and what one left behind that was killed is removed. Errors: ECERT_E_IO. */
enum ecert_rc files_open(struct files *f, const char *folder) MUST_CHECK;
/* All that was put is there, and counted. Errors: ECERT_E_IO. */
enum ecert_rc files_settle(struct files *f) MUST_CHECK;
/* All that was written is on the disk. Errors: ECERT_E_IO. */
enum ecert_rc files_sync(struct files *f) MUST_CHECK;
/* The same, and the folder is others'. rc not ECERT_OK: it went wrong, and is returned. */
enum ecert_rc files_close(struct files *f, enum ecert_rc rc) MUST_CHECK;

/* name: below the folder, made of our own words and numbers; folders in it are made. Others put it
 * meanwhile: it is there after files_settle, before which no name comes twice. Errors: ECERT_E_IO,
 * of this one or one before it, the buffer's own. */
enum ecert_rc files_put(struct files *f, const char *name, const struct buf *b) MUST_CHECK;
/* What stands there now. Errors: ECERT_E_NOT_FOUND, ECERT_E_IO, ECERT_E_TOO_LARGE. */
enum ecert_rc files_get(const struct files *f, const char *name, struct buf *out) MUST_CHECK;
/* To be read; NULL: it is not there, or cannot be read. */
FILE *files_stream(const struct files *f, const char *name);

/* A buffer for a large file, so that it is not a call of the system for each few records. NULL:
 * libc's stays. Free it once the stream is closed. */
char *files_room(FILE *stream);

/* A file that is put in parts. It appears at its end, when it is another one than before. */
struct files_part {
	struct files *f;
	FILE *out;  /* NULL: none is begun */
	char *room; /* its buffer; NULL: libc's */
	char name[64];
};
/* Errors of all: ECERT_E_IO. */
enum ecert_rc files_part_begin(struct files *f, const char *name, struct files_part *p) MUST_CHECK;
enum ecert_rc files_part_put(struct files_part *p, struct rd bytes) MUST_CHECK;
/* What was put so far can be read under this name. */
enum ecert_rc files_part_flush(struct files_part *p, char name[72]) MUST_CHECK;
enum ecert_rc files_part_end(struct files_part *p) MUST_CHECK;
/* It never was. Nothing when it has ended. */
void files_part_drop(struct files_part *p);

/* It is there no longer. Errors: ECERT_E_IO. */
enum ecert_rc files_remove(struct files *f, const char *name) MUST_CHECK;

#endif
