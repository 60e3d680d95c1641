/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of a site: each appears whole, and only when it is another one than before. */
#ifndef ECERT_PUBLISH_FILES_H
#define ECERT_PUBLISH_FILES_H

#include <stddef.h>

#include "util/buf.h"

struct files {
	int dir; /* of the site */
	size_t written, same, removed;
	char failed[256]; /* the name where it went wrong; errno says why */
};

/* The folder, made if it is not there (the one above it has to be). Errors: ECERT_E_IO. */
enum ecert_rc files_open(struct files *f, const char *folder) MUST_CHECK;
/* All that was written is on the disk. Errors: ECERT_E_IO. */
enum ecert_rc files_close(struct files *f, enum ecert_rc rc) MUST_CHECK;

/* name: below the folder, made of our own words and numbers; folders in it are made. Errors:
 * ECERT_E_IO, the buffer's own. */
enum ecert_rc files_put(struct files *f, const char *name, const struct buf *b) MUST_CHECK;
/* What stands there now. Errors: ECERT_E_NOT_FOUND, ECERT_E_IO, ECERT_E_TOO_LARGE. */
enum ecert_rc files_get(const struct files *f, const char *name, struct buf *out) MUST_CHECK;
/* It is there no longer. Errors: ECERT_E_IO. */
enum ecert_rc files_remove(struct files *f, const char *name) MUST_CHECK;

#endif
