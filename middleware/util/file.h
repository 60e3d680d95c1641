/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole file in memory, memory into a file, and a file beside the program. */
#ifndef ECERT_UTIL_FILE_H
#define ECERT_UTIL_FILE_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "util/buf.h"

/*
 * Appends what the file holds, up to out's maximum; a pipe or a device is read to its end. Errors:
 * ECERT_E_NOT_FOUND (no such file), ECERT_E_IO (errno says why), ECERT_E_TOO_LARGE, ECERT_E_MEMORY.
 */
enum ecert_rc file_read(const char *path, struct buf *out) MUST_CHECK;
/* The same from here to the end of fd, which stays open. */
enum ecert_rc file_read_fd(int fd, struct buf *out) MUST_CHECK;
/* Writes all of it, whatever the number of calls. False: errno says why. */
bool file_write_fd(int fd, struct rd bytes) MUST_CHECK;
/* It is another file, or another version of it, than the one that was looked at. */
bool file_changed(const struct stat *was, int fd) MUST_CHECK;
/* An open file of these bytes which is on no disk, to be read from its beginning; the caller closes
 * it. -1: errno says why. */
int file_in_memory(struct rd bytes);
/* An open empty file without a name that is to have size bytes: in memory, or in TMPDIR (/var/tmp,
 * for /tmp may be memory) what is larger than FILE_SMALL. The caller closes it. -1: errno says why.
 */
#define FILE_SMALL (8u << 20)
int file_nameless(uint64_t size);

/* Removes a socket that nobody listens on any more; what else is there is somebody's, and stays. */
void file_remove_stale_socket(const struct sockaddr_un *at);
/* A Unix socket that listens there, does not block, and whose file has this mode; -1 with errno. */
int file_listen(const char *path, mode_t mode, int backlog);

/* The folder, and those above it that are not there, for their owner alone; path is as it was
 * after it. False: errno says why. */
bool file_make_folders(char *path) MUST_CHECK;

/* The path of what lies beside the running program ("/NAME", "/DIR/NAME") when one may use it so
 * (access(2)): only a build tree has it there. */
bool file_beside_program(const char *below, int mode, char *path, size_t cap);

#endif
