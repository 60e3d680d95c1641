/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder that only its owner may change: what decides whom a person trusts is read from nowhere
 * else. */
#ifndef ECERT_TRUST_FOLDER_H
#define ECERT_TRUST_FOLDER_H

#include <sys/types.h>

#include "util/buf.h"
#include "util/message.h"

/*
 * Opens the folder path, which has to be owner's, and nobody else's to write in; a link is none.
 * make: with mode, when it is not there, its parents included. *why: a sentence (static) with a
 * {folder} for ECERT_E_DENIED. Errors: ECERT_E_NOT_FOUND, ECERT_E_DENIED, ECERT_E_IO (errno says).
 */
enum ecert_rc folder_open(
    const char *path, uid_t owner, mode_t make, int *dir, const char **why) MUST_CHECK;
/* Waits until no other process holds the folder's lock, and takes it. Errors: ECERT_E_IO. */
enum ecert_rc folder_lock(int dir) MUST_CHECK;
void folder_unlock(int dir);

/* Reads a file of it, under the same rules. Errors: ECERT_E_NOT_FOUND, ECERT_E_DENIED (a link, no
 * file, another's, or writable by others), ECERT_E_TOO_LARGE, ECERT_E_IO. */
enum ecert_rc folder_read(int dir, uid_t owner, const char *name, struct buf *out) MUST_CHECK;
/* Writes it whole or not at all, on disk when it returns. fresh: ECERT_E_EXISTS when it is there.
 * Errors: ECERT_E_IO. */
enum ecert_rc folder_write(
    int dir, const char *name, struct rd data, mode_t mode, bool fresh) MUST_CHECK;

#endif
