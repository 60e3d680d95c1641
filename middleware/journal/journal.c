/* SPDX-License-Identifier: BSD-2-Clause */
/* Appending to the journal. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/random.h"
#include "journal/journal_file.h"
#include "util/file.h"
#include "util/log.h"
#include "util/mem.h"

#define ROTATED_MAX 100000

/* ---- appending ---- */

static void close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/* The folder is synced, or a power cut could take a file's name and with it all that is in it. */
static enum ecert_rc open_current(struct journal *j)
{
	struct stat st;

	j->fd = openat(j->dir, JOURNAL_NAME, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (j->fd < 0 || fstat(j->fd, &st) != 0 || (st.st_size == 0 && fsync(j->dir) != 0))
		return ECERT_E_IO;
	j->size = st.st_size;
	return ECERT_OK;
}

static enum ecert_rc rotate(struct journal *j)
{
	char name[64];
	int i = 1, full = j->fd;

	for (; i < ROTATED_MAX; i++) {
		(void)snprintf(name, sizeof name, "%s.%d", JOURNAL_NAME, i);
		if (faccessat(j->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
			break;
	}
	if (i == ROTATED_MAX) {
		log_error("journal: %d files are full: move them elsewhere", i - 1);
		return ECERT_E_IO; /* none of them is written over */
	}
	/* The head may lag by records of the current file only: recovery reads no other. Without
	 * a current file the last attempt got as far as here. */
	if (fdatasync(j->key) != 0 ||
	    (renameat(j->dir, JOURNAL_NAME, j->dir, name) != 0 && errno != ENOENT))
		return ECERT_E_IO;
	/* No descriptor, no room: the next record tries again. */
	if (open_current(j) != ECERT_OK) {
		log_error("journal: no new file can be begun");
		close_fd(j->fd);
		j->fd = full;
		return ECERT_E_IO;
	}
	close_fd(full);
	return ECERT_OK;
}

/* The file is as long as it has to be: no half-written line in front of the next one, and none that
 * a write only claimed to have written. */
static bool is_long(const struct journal *j, off_t size)
{
	struct stat st;

	return fstat(j->fd, &st) == 0 && st.st_size == size;
}

static enum ecert_rc put_line(struct journal *j, struct rd line)
{
	if (!is_long(j, j->size) && ftruncate(j->fd, j->size) != 0)
		return ECERT_E_IO;
	if (file_write_fd(j->fd, line) && fdatasync(j->fd) == 0 &&
	    is_long(j, j->size + (off_t)line.n))
		return ECERT_OK;
	log_error("journal: cannot be written");
	if (ftruncate(j->fd, j->size) != 0)
		log_error("journal: cannot be cut back");
	return ECERT_E_IO;
}

static enum ecert_rc append_record(struct journal *j, const struct journal_entry *e)
{
	struct buf line = BUF_INIT(JOURNAL_LINE_MAX);
	enum ecert_rc rc = j->size > JOURNAL_FILE_MAX ? rotate(j) : ECERT_OK;

	if (rc == ECERT_OK)
		rc = journal_line(&j->head, e, &line);
	if (rc == ECERT_OK)
		rc = put_line(j, buf_view(&line));
	if (rc == ECERT_OK) {
		j->size += (off_t)buf_len(&line);
		j->written += buf_len(&line);
		j->head.n++;
		journal_sha256(buf_view(&line), j->head.last);
		journal_key_next(j->head.key);
		/* It may lag behind after a power cut: the records themselves bring it up. */
		rc = journal_head_write(j->key, &j->head);
	}
	buf_free(&line);
	return rc;
}

enum ecert_rc journal_append(struct journal *j, const struct journal_entry *e, uint64_t *number)
{
	enum ecert_rc rc;

	*number = 0;
	if (!j)
		return ECERT_OK;
	(void)pthread_mutex_lock(&j->lock);
	rc = append_record(j, e);
	*number = j->head.n;
	(void)pthread_mutex_unlock(&j->lock);
	return rc;
}

uint64_t journal_written(struct journal *j)
{
	uint64_t bytes;

	if (!j)
		return 0;
	(void)pthread_mutex_lock(&j->lock);
	bytes = j->written;
	(void)pthread_mutex_unlock(&j->lock);
	return bytes;
}

/* ---- opening ---- */

/* A journal without its key cannot be gone on with; one that has no record yet is begun anew. */
static bool has_records(const struct journal *j)
{
	struct stat st;

	return faccessat(j->dir, JOURNAL_NAME ".1", F_OK, 0) == 0 ||
	       (fstatat(j->dir, JOURNAL_NAME, &st, 0) == 0 && st.st_size > 0);
}

static enum ecert_rc new_head(struct journal *j)
{
	int fd;
	bool good;
	enum ecert_rc rc = has_records(j) ? ECERT_E_IO : random_bytes(j->head.key, JOURNAL_HASH);

	if (rc != ECERT_OK)
		return rc;
	fd = openat(j->dir, JOURNAL_VERIFY_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return ECERT_E_IO;
	good = file_write_fd(fd, rd_of(j->head.key, JOURNAL_HASH)) && fsync(fd) == 0;
	(void)close(fd);
	if (!good || journal_head_write(j->key, &j->head) != ECERT_OK || fsync(j->key) != 0 ||
	    fsync(j->dir) != 0)
		return ECERT_E_IO;
	return ECERT_OK;
}

static enum ecert_rc prepare(struct journal *j, const char *path)
{
	enum ecert_rc rc;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ECERT_E_IO;
	j->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (j->dir < 0)
		return ECERT_E_IO;
	j->key = openat(j->dir, JOURNAL_KEY_NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (j->key < 0)
		return ECERT_E_IO;
	if (flock(j->key, LOCK_EX | LOCK_NB) != 0)
		return ECERT_E_EXISTS;
	rc = journal_head_read(j->key, &j->head);
	if (rc == ECERT_E_NOT_FOUND)
		rc = new_head(j);
	if (rc == ECERT_OK)
		rc = open_current(j);
	return rc == ECERT_OK ? journal_recover(j) : rc;
}

enum ecert_rc journal_open(const char *dir, struct journal **out)
{
	struct journal *j = calloc(1, sizeof *j);
	struct journal_entry e = {.phase = JOURNAL_EVENT, .what = "start", .serial = ""};
	uint64_t number;
	enum ecert_rc rc;

	*out = NULL;
	if (!j)
		return ECERT_E_MEMORY;
	j->dir = j->fd = j->key = -1;
	(void)pthread_mutex_init(&j->lock, NULL);
	rc = prepare(j, dir);
	if (j->mended)
		e.what = "start-mended";
	if (rc == ECERT_OK)
		rc = journal_append(j, &e, &number);
	if (rc != ECERT_OK) {
		journal_close(&j);
		return rc;
	}
	*out = j;
	return ECERT_OK;
}

void journal_close(struct journal **j)
{
	if (!*j)
		return;
	if ((*j)->key >= 0)
		(void)fdatasync((*j)->key);
	close_fd((*j)->fd);
	close_fd((*j)->key);
	close_fd((*j)->dir);
	(void)pthread_mutex_destroy(&(*j)->lock);
	mem_free(*j, sizeof **j);
	*j = NULL;
}
