/* SPDX-License-Identifier: BSD-2-Clause */
/* What a crash left of the journal's last file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/journal_check.h"
#include "journal/journal_file.h"
#include "util/log.h"
#include "util/mem.h"

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
		struct rd line = {text + at, end ? (size_t)(end - text) + 1 - at : n - at};
		unsigned long long number = 0;
		bool known = sscanf((const char *)line.p, "{\"n\":%llu,", &number) == 1 &&
			     number <= j->head.n;

		if (!end || (at + line.n == n && !known && !is_next(j, line)))
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

enum ecert_rc journal_recover(struct journal *j)
{
	size_t n = (size_t)j->size;
	uint8_t *text = malloc(n + 1);
	off_t whole = 0;
	enum ecert_rc rc = ECERT_OK;

	if (!text)
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
