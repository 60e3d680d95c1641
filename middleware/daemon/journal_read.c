/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking the journal: verification and what was recorded. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/journal_key.h"
#include "util/hex.h"
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
	if (rc == ECERT_OK && *text == NULL)
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
		size_t n = end != NULL ? (size_t)(end - text.p) + 1 : text.n;

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

struct check {
	struct journal_report *r;
	uint8_t last[JOURNAL_HASH], key[JOURNAL_HASH];
	struct journal_head head;
	bool head_met;
};

static bool spoil(struct check *c, bool *what, const char *why)
{
	*what = false;
	if (c->r->bad == 0) {
		c->r->bad = c->r->records + 1;
		(void)snprintf(c->r->why, sizeof c->r->why, "%s", why);
	}
	return false;
}

static bool hex_is(const uint8_t *text, const uint8_t bytes[JOURNAL_HASH])
{
	char digits[2 * JOURNAL_HASH + 1];

	hex_str(rd_of(bytes, JOURNAL_HASH), digits);
	return memcmp(text, digits, 2 * JOURNAL_HASH) == 0;
}

static bool check_line(void *arg, struct rd line)
{
	struct check *c = arg;
	const uint8_t *tail = line.p + line.n - JOURNAL_TAIL;
	uint8_t mac[JOURNAL_HASH];
	char number[40];

	if (line.p[line.n - 1] != '\n')
		return spoil(c, &c->r->chain_ok, "the last record has no end");
	(void)snprintf(number, sizeof number, "{\"n\":%" PRIu64 ",", c->r->records + 1);
	if (line.n < JOURNAL_TAIL + strlen(number) || line.n > JOURNAL_LINE_MAX ||
	    memcmp(line.p, number, strlen(number)) != 0 || memcmp(tail, ",\"prev\":\"", 9) != 0 ||
	    memcmp(tail + 73, "\",\"mac\":\"", 9) != 0 || memcmp(tail + 146, "\"}\n", 3) != 0)
		return spoil(c, &c->r->chain_ok, "not a record, or not the next one");
	if (!hex_is(tail + 9, c->last))
		return spoil(c, &c->r->chain_ok, "the record before it is not the one it names");
	if (c->r->mac_known) {
		journal_mac(c->key, rd_of(line.p, line.n - JOURNAL_TAIL + 73), mac);
		if (!hex_is(tail + 82, mac))
			return spoil(c, &c->r->mac_ok, "its authentication code is wrong");
		journal_key_next(c->key);
	}
	journal_sha256(line, c->last);
	c->r->records++;
	if (c->r->head_known && c->r->records == c->head.n)
		c->head_met = memcmp(c->last, c->head.last, JOURNAL_HASH) == 0;
	return true;
}

static void read_keys(int dir, struct rd first_key, struct check *c)
{
	int fd = openat(dir, JOURNAL_KEY_NAME, O_RDONLY | O_CLOEXEC);

	c->r->head_known = fd >= 0 && journal_head_read(fd, &c->head) == ECERT_OK;
	if (fd >= 0)
		(void)close(fd);
	c->r->mac_known = first_key.n == JOURNAL_HASH;
	if (c->r->mac_known) {
		memcpy(c->key, first_key.p, JOURNAL_HASH);
		return;
	}
	fd = openat(dir, JOURNAL_VERIFY_NAME, O_RDONLY | O_CLOEXEC);
	c->r->mac_known = fd >= 0 && read(fd, c->key, JOURNAL_HASH) == JOURNAL_HASH;
	if (fd >= 0)
		(void)close(fd);
}

static void judge(struct check *c)
{
	struct journal_report *r = c->r;

	if (r->chain_ok && r->mac_ok && r->head_known && c->head.n > 0 && !c->head_met)
		(void)spoil(c, &r->head_ok,
		    r->records < c->head.n ? "records are missing at the end"
					   : "the last record is not the one that was written");
}

enum ecert_rc journal_verify_with(const char *dir, struct rd first_key, struct journal_report *out)
{
	struct check c = {.r = out};
	int fd = open_dir(dir);
	enum ecert_rc rc = fd >= 0 ? ECERT_OK : ECERT_E_NOT_FOUND;

	*out = (struct journal_report){.chain_ok = true, .head_ok = true, .mac_ok = true};
	if (rc != ECERT_OK)
		return rc;
	read_keys(fd, first_key, &c);
	rc = walk(fd, check_line, &c, &out->files);
	/* All files gone is no "never was" where the head says otherwise. */
	if (rc == ECERT_E_NOT_FOUND && out->head_known && c.head.n > 0)
		rc = ECERT_OK;
	if (rc == ECERT_OK)
		judge(&c);
	memcpy(out->head, c.last, JOURNAL_HASH);
	(void)close(fd);
	mem_wipe(&c, sizeof c);
	if (rc != ECERT_OK)
		return rc;
	return out->chain_ok && out->mac_ok && out->head_ok ? ECERT_OK : ECERT_E_BAD_SIGNATURE;
}

enum ecert_rc journal_verify(const char *dir, struct journal_report *out)
{
	return journal_verify_with(dir, rd_of(NULL, 0), out);
}
