/* SPDX-License-Identifier: BSD-2-Clause */
/* Appending to the journal. */
#include "daemon/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "crypto/random.h"
#include "daemon/journal_check.h"
#include "util/hex.h"
#include "util/log.h"
#include "util/mem.h"

#define ROTATED_MAX 100000

struct journal {
	pthread_mutex_t lock;
	int dir, fd, key;
	off_t size;
	bool mended; /* a crash left something to take off */
	struct journal_head head;
};

/* ---- a line ---- */

static void put_string(struct buf *b, const char *name, const char *s)
{
	char esc[8];

	buf_str(b, ",\"");
	buf_str(b, name);
	buf_str(b, "\":\"");
	for (; s != NULL && *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
			buf_u8(b, c);
		} else {
			(void)snprintf(esc, sizeof esc, "\\u%04x", c);
			buf_str(b, esc);
		}
	}
	buf_str(b, "\"");
}

static void put_number(struct buf *b, const char *name, uint64_t v)
{
	char text[32];

	(void)snprintf(text, sizeof text, "\":%" PRIu64, v);
	buf_str(b, ",\"");
	buf_str(b, name);
	buf_str(b, text);
}

static void put_hex(struct buf *b, const char *name, struct rd bytes)
{
	buf_str(b, ",\"");
	buf_str(b, name);
	buf_str(b, "\":\"");
	hex_put(b, bytes);
	buf_str(b, "\"");
}

static void put_time(struct buf *b)
{
	char text[64];
	struct timespec now;
	struct tm tm;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &tm);
	(void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000);
	put_string(b, "at", text);
}

static void put_counters(struct buf *b, struct rd pairs)
{
	char text[16];
	uint8_t ref;
	uint32_t n;

	buf_str(b, ",\"counters\":\"");
	for (const char *comma = ""; rd_u8(&pairs, &ref) == ECERT_OK; comma = ",") {
		if (rd_u32(&pairs, &n) != ECERT_OK)
			break;
		(void)snprintf(text, sizeof text, "%s%02X:%" PRIu32, comma, ref, n);
		buf_str(b, text);
	}
	buf_str(b, "\"");
}

static const char *const phases[] = {
    [JOURNAL_INTENT] = "intent", [JOURNAL_OUTCOME] = "outcome", [JOURNAL_EVENT] = "event"};

static void put_body(struct buf *b, uint64_t n, const struct journal_entry *e)
{
	char text[40];
	uint8_t hash[JOURNAL_HASH];

	(void)snprintf(text, sizeof text, "{\"n\":%" PRIu64, n);
	buf_str(b, text);
	put_time(b);
	put_string(b, "phase", phases[e->phase]);
	put_string(b, "what", e->what);
	if (e->phase == JOURNAL_OUTCOME) {
		put_number(b, "of", e->intent);
		put_string(b, "rc", ecert_rc_name(e->rc));
	}
	put_string(b, "serial", e->serial);
	if (e->ref != 0)
		put_hex(b, "key", rd_of(&e->ref, 1));
	if (e->pid != 0) {
		put_number(b, "pid", (uint64_t)e->pid);
		put_number(b, "uid", (uint64_t)e->uid);
		put_string(b, "exe", e->exe);
	}
	if (e->hash.n > 0)
		put_hex(b, "hash", e->hash);
	if (e->input.n > 0) {
		journal_sha256(e->input, hash);
		put_hex(b, "input", rd_of(hash, sizeof hash));
	}
	if (e->counters.n > 0)
		put_counters(b, e->counters);
}

static enum ecert_rc make_line(
    const struct journal_head *head, const struct journal_entry *e, struct buf *b)
{
	uint8_t mac[JOURNAL_HASH];

	put_body(b, head->n + 1, e);
	put_hex(b, "prev", rd_of(head->last, JOURNAL_HASH));
	/* The closing quote of prev belongs to the tail that the MAC does not cover. */
	if (buf_rc(b) == ECERT_OK)
		buf_truncate(b, buf_len(b) - 1);
	journal_mac(head->key, buf_view(b), mac);
	buf_str(b, "\",\"mac\":\"");
	hex_put(b, rd_of(mac, sizeof mac));
	buf_str(b, "\"}\n");
	return buf_rc(b);
}

/* ---- appending ---- */

static bool write_all(int fd, struct rd v)
{
	while (v.n > 0) {
		ssize_t n = write(fd, v.p, v.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		v.p += n;
		v.n -= (size_t)n;
	}
	return true;
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
	int i = 1;

	for (; i < ROTATED_MAX; i++) {
		(void)snprintf(name, sizeof name, "%s.%d", JOURNAL_NAME, i);
		if (faccessat(j->dir, name, F_OK, 0) != 0)
			break;
	}
	/* The head may lag by records of the current file only: recovery reads no other. */
	if (fdatasync(j->key) != 0 || renameat(j->dir, JOURNAL_NAME, j->dir, name) != 0)
		return ECERT_E_IO;
	(void)close(j->fd);
	return open_current(j);
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
	if (write_all(j->fd, line) && fdatasync(j->fd) == 0 && is_long(j, j->size + (off_t)line.n))
		return ECERT_OK;
	log_error("journal: cannot be written");
	if (ftruncate(j->fd, j->size) != 0)
		log_error("journal: cannot be cut back");
	return ECERT_E_IO;
}

static enum ecert_rc append(struct journal *j, const struct journal_entry *e)
{
	struct buf line = BUF_INIT(JOURNAL_LINE_MAX);
	enum ecert_rc rc = j->size > JOURNAL_FILE_MAX ? rotate(j) : ECERT_OK;

	if (rc == ECERT_OK)
		rc = make_line(&j->head, e, &line);
	if (rc == ECERT_OK)
		rc = put_line(j, buf_view(&line));
	if (rc == ECERT_OK) {
		j->size += (off_t)buf_len(&line);
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
	if (j == NULL)
		return ECERT_OK;
	(void)pthread_mutex_lock(&j->lock);
	rc = append(j, e);
	*number = j->head.n;
	(void)pthread_mutex_unlock(&j->lock);
	return rc;
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
	good = write_all(fd, rd_of(j->head.key, JOURNAL_HASH)) && fsync(fd) == 0;
	(void)close(fd);
	if (!good || journal_head_write(j->key, &j->head) != ECERT_OK || fsync(j->key) != 0 ||
	    fsync(j->dir) != 0)
		return ECERT_E_IO;
	return ECERT_OK;
}

/* The last line, were it ours, would be the next record. A write that a power cut took part of need
 * not have lost its end. */
static bool is_next(const struct journal *j, struct rd line)
{
	struct journal_check c;
	bool good;

	journal_check_begin(&c, NULL, j->head.key);
	memcpy(c.last, j->head.last, JOURNAL_HASH);
	c.r.records = j->head.n;
	good = journal_check_line(&c, line);
	mem_wipe(&c, sizeof c);
	return good;
}

/* Brings the head up to the records that are there. *whole: what is before a last line that was
 * never acknowledged, as each is on the disk before the next is begun. */
static void catch_up(struct journal *j, const uint8_t *text, size_t n, off_t *whole)
{
	size_t at = 0;

	*whole = 0;
	while (at < n) {
		const uint8_t *end = memchr(text + at, '\n', n - at);
		struct rd line = {text + at, end != NULL ? (size_t)(end - text) + 1 - at : n - at};
		unsigned long long number = 0;
		bool known = sscanf((const char *)line.p, "{\"n\":%llu,", &number) == 1 &&
			     number <= j->head.n;

		if (end == NULL || (at + line.n == n && !known && !is_next(j, line)))
			break;
		if (number == j->head.n + 1) {
			j->head.n++;
			journal_sha256(line, j->head.last);
			journal_key_next(j->head.key);
		}
		at += line.n;
		*whole = (off_t)at;
	}
}

static enum ecert_rc recover(struct journal *j)
{
	size_t n = (size_t)j->size;
	uint8_t *text = malloc(n + 1);
	off_t whole = 0;
	enum ecert_rc rc = ECERT_OK;

	if (text == NULL)
		return ECERT_E_MEMORY;
	if (pread(j->fd, text, n, 0) != (ssize_t)n)
		rc = ECERT_E_IO;
	text[n] = '\0';
	if (rc == ECERT_OK)
		catch_up(j, text, n, &whole);
	if (rc == ECERT_OK && whole != j->size) {
		log_info("journal: %lld bytes of an unfinished record taken off",
		    (long long)(j->size - whole));
		j->mended = true;
		if (ftruncate(j->fd, whole) != 0)
			rc = ECERT_E_IO;
		j->size = whole;
	}
	free(text);
	return rc;
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
	return rc == ECERT_OK ? recover(j) : rc;
}

enum ecert_rc journal_open(const char *dir, struct journal **out)
{
	struct journal *j = calloc(1, sizeof *j);
	struct journal_entry e = {.phase = JOURNAL_EVENT, .what = "start", .serial = ""};
	uint64_t number;
	enum ecert_rc rc;

	*out = NULL;
	if (j == NULL)
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

static void close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

void journal_close(struct journal **j)
{
	if (*j == NULL)
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
