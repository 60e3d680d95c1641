/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking the journal: verification and what was recorded. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/journal_check.h"
#include "util/mem.h"

#define FILES_MAX 100000

/* ---- lines of all files, oldest first ---- */

/* A line without end is given as it is, marked by last[0] not being a newline. */
typedef bool (*raw_fn)(void *arg, struct rd line);

static enum ecert_rc read_file(int dir, const char *name, uint8_t **text, size_t *n)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	enum ecert_rc rc = ECERT_OK;

	*text = NULL;
	*n = 0;
	if (fd < 0)
		return ECERT_E_NOT_FOUND;
	if (fstat(fd, &st) != 0 || st.st_size > 64 << 20)
		rc = ECERT_E_IO;
	if (rc == ECERT_OK)
		*text = malloc((size_t)st.st_size + 1);
	if (rc == ECERT_OK && !*text)
		rc = ECERT_E_MEMORY;
	if (rc == ECERT_OK && pread(fd, *text, (size_t)st.st_size, 0) != st.st_size)
		rc = ECERT_E_IO;
	if (rc == ECERT_OK)
		*n = (size_t)st.st_size;
	(void)close(fd);
	return rc;
}

static bool each_line(struct rd text, raw_fn fn, void *arg)
{
	while (text.n > 0) {
		const uint8_t *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) + 1 : text.n;

		if (!fn(arg, rd_of(text.p, n)))
			return false;
		text.p += n;
		text.n -= n;
	}
	return true;
}

static enum ecert_rc walk(int dir, raw_fn fn, void *arg, uint64_t *files)
{
	char name[64];
	uint8_t *text;
	size_t n;
	bool going = true;
	enum ecert_rc rc = ECERT_OK;

	for (int i = 1; going && i < FILES_MAX; i++) {
		(void)snprintf(name, sizeof name, "%s.%d", JOURNAL_NAME, i);
		rc = read_file(dir, name, &text, &n);
		if (rc == ECERT_OK) {
			going = each_line(rd_of(text, n), fn, arg);
			++*files;
		}
		free(text);
		if (rc != ECERT_OK)
			break;
	}
	if (!going || rc != ECERT_E_NOT_FOUND)
		return going ? rc : ECERT_OK;
	rc = read_file(dir, JOURNAL_NAME, &text, &n);
	if (rc == ECERT_OK) {
		(void)each_line(rd_of(text, n), fn, arg);
		++*files;
	}
	free(text);
	return rc;
}

static int open_dir(const char *dir)
{
	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

struct each {
	journal_line_fn fn;
	void *arg;
};

static bool pass_on(void *arg, struct rd line)
{
	struct each *e = arg;

	if (line.p[line.n - 1] == '\n')
		line.n--;
	return e->fn(e->arg, line);
}

enum ecert_rc journal_each(const char *dir, journal_line_fn fn, void *arg)
{
	struct each e = {fn, arg};
	uint64_t files = 0;
	int fd = open_dir(dir);
	enum ecert_rc rc = fd >= 0 ? walk(fd, pass_on, &e, &files) : ECERT_E_NOT_FOUND;

	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* ---- verification ---- */

static bool check_line(void *arg, struct rd line)
{
	return journal_check_line(arg, line);
}

static bool first_of(int dir, struct rd given, uint8_t key[JOURNAL_HASH])
{
	int fd;
	bool known = given.n == JOURNAL_HASH;

	if (known) {
		memcpy(key, given.p, JOURNAL_HASH);
		return true;
	}
	fd = openat(dir, JOURNAL_VERIFY_NAME, O_RDONLY | O_CLOEXEC);
	known = fd >= 0 && read(fd, key, JOURNAL_HASH) == JOURNAL_HASH;
	if (fd >= 0)
		(void)close(fd);
	return known;
}

static void begin(int dir, struct rd first_key, struct journal_check *c)
{
	uint8_t key[JOURNAL_HASH];
	struct journal_head head;
	int fd = openat(dir, JOURNAL_KEY_NAME, O_RDONLY | O_CLOEXEC);
	bool has_head = fd >= 0 && journal_head_read(fd, &head) == ECERT_OK;

	if (fd >= 0)
		(void)close(fd);
	journal_check_begin(c, has_head ? &head : NULL, first_of(dir, first_key, key) ? key : NULL);
	mem_wipe(key, sizeof key);
	mem_wipe(&head, sizeof head);
}

enum ecert_rc journal_verify_with(const char *dir, struct rd first_key, struct journal_report *out)
{
	struct journal_check c;
	uint64_t files = 0;
	int fd = open_dir(dir);
	enum ecert_rc rc;

	journal_check_begin(&c, NULL, NULL);
	*out = c.r;
	if (fd < 0)
		return ECERT_E_NOT_FOUND;
	begin(fd, first_key, &c);
	rc = walk(fd, check_line, &c, &files);
	/* All files gone is no "never was" where the head says otherwise. */
	if (rc == ECERT_E_NOT_FOUND && c.r.head_known && c.head.n > 0)
		rc = ECERT_OK;
	if (rc == ECERT_OK)
		rc = journal_check_end(&c);
	*out = c.r;
	out->files = files;
	(void)close(fd);
	mem_wipe(&c, sizeof c);
	return rc;
}

enum ecert_rc journal_verify(const char *dir, struct journal_report *out)
{
	return journal_verify_with(dir, rd_of(NULL, 0), out);
}
