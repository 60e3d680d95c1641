/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk that forgets: at a crash all that was not synced is lost, in part or whole.
 *
 * A child writes until its power is cut at the Nth call that writes or syncs. Before it ends, each
 * file becomes what such a disk may have kept of it: what the last sync of that file saw, and of
 * what was written since nothing, a beginning, or a torn page. Names that no sync of the folder saw
 * are lost with their files. A sector is written whole or not at all, and the head's file is one.
 */
#ifndef ECERT_TESTS_LOSSY_DISK_H
#define ECERT_TESTS_LOSSY_DISK_H

#include <stddef.h>
#include <stdint.h>

enum loss { LOSE_ALL, KEEP_BEGINNING, KEEP_ALL, TORN_PAGE, LOSS_COUNT };

struct disk_faults {
	enum loss loss;
	unsigned short_every; /* every so many writes are short; 0 none */
	unsigned lie_at;      /* this write says that it wrote all, and did not; 0 none */
};

/* From now on this process is on the disk, and ends with status 0 at call cut_at (below 0: never).
 * Link with --wrap of write, pwrite, fdatasync, fsync, openat and renameat. */
void disk_begin(const char *folder, long cut_at, const struct disk_faults *with);

/* All of a file; to be freed. Ends the process with status 3 when that cannot be. */
uint8_t *disk_read(const char *path, size_t *n);

#endif
