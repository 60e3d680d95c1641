/* SPDX-License-Identifier: BSD-2-Clause */
/* Files read whole, and files that appear whole or not at all. */
#ifndef ECERT_CLIENT_OUTFILE_H
#define ECERT_CLIENT_OUTFILE_H

#include "ui/job.h"
#include "util/buf.h"

/*
 * Writes data where it was not seen before: into a nameless file on the same disk, synced, then
 * named. A failure, a signal or a kill leaves nothing behind. force replaces an existing file, also
 * at once, and keeps its mode; a link is replaced, what it leads to stays. "-" is standard output.
 * Errors: ECERT_E_EXISTS, ECERT_E_DENIED (a device or a pipe), ECERT_E_IO (errno says).
 */
enum ecert_rc outfile_write(const char *path, struct rd data, bool force) MUST_CHECK;
/* Writes what the open file fd holds from its beginning on as outfile_write does; path is a file's.
 */
enum ecert_rc outfile_copy(const char *path, int fd, bool force) MUST_CHECK;
/* Writes bytes with mode 0600, and never replaces a file. */
enum ecert_rc outfile_write_secret(const char *path, struct rd data) MUST_CHECK;
/* Does the same with mode 0600, and replaces what is there at once. */
enum ecert_rc outfile_replace_secret(const char *path, struct rd data) MUST_CHECK;
/* Do the same in parts, for what is larger than memory: a file is begun and put, and either named,
 * when it appears at once, or dropped, when it never was there. "-" is put aside, and copied to
 * standard output when it is named. *out is NULL after a failure, and after the last two in any
 * case. */
struct outfile;
enum ecert_rc outfile_begin(const char *path, bool force, struct outfile **out) MUST_CHECK;
enum ecert_rc outfile_put(struct outfile *o, struct rd part) MUST_CHECK;
/* What was put so far, to be read again before it is named; whoever moves its offset puts nothing
 * more. */
int outfile_fd(const struct outfile *o);
/* The same as a callback; errno is what outfile_put left, for outfile_failed. */
struct outfile_sink {
	struct outfile *out;
	enum ecert_rc rc;
	int saved; /* errno */
};
enum ecert_rc outfile_sink_put(void *sink, struct rd part) MUST_CHECK;
enum ecert_rc outfile_name(struct outfile **o) MUST_CHECK;
void outfile_drop(struct outfile **o);
/* Tells a person why outfile_write failed; errno has to be as it left it. */
enum outcome outfile_failed(const struct job *job, enum ecert_rc rc, const char *path) MUST_CHECK;
/* Writes as outfile_write does, and tells a person when that fails. */
enum outcome outfile_save(
    const struct job *job, const char *path, struct rd data, bool force) MUST_CHECK;

/* Refuses a name before any work is done: when a file is there already and force is not said, when
 * what is there is no file, when the deed reads that file (it would be lost), and when
 * outfile_possible refuses it. */
enum outcome outfile_vacant(const struct job *job, const char *path, bool force) MUST_CHECK;
/* Refuses before any work when the folder is not there or not ours to write in, or the name is a
 * folder's. */
enum outcome outfile_possible(const struct job *job, const char *path) MUST_CHECK;

/* Reads a whole file up to out's maximum; "-" is standard input. Errors: ECERT_E_IO (errno says),
 * ECERT_E_TOO_LARGE. */
enum ecert_rc infile_read(const char *path, struct buf *out) MUST_CHECK;
/* Reads as infile_read does, and tells a person when that fails; an empty file is OUT_INPUT. */
enum outcome infile_load(const struct job *job, const char *path, struct buf *out) MUST_CHECK;

#endif
