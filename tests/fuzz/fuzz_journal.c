/* SPDX-License-Identifier: BSD-2-Clause */
/* A journal file of anybody's making: verified, walked, and appended to after recovery. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "journal/journal.h"
#include "fuzz.h"

static char dir[] = "/tmp/ecert-fuzz.XXXXXX";

static void remove_dir(void)
{
	static const char *const names[] = {
	    "journal.jsonl", "journal.key", "journal.verify", "journal.jsonl.1"};
	char path[64];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(dir);
}

static void put_file(const uint8_t *data, size_t size)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof path, "%s/journal.jsonl", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	(void)close(fd);
}

static bool look(void *arg, struct rd line)
{
	static const char *const fields[] = {"n", "what", "serial", "key", "prev", "mac"};
	size_t *lines = arg;

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		struct rd v = journal_field(line, fields[i]);

		REQUIRE(v.n == 0 || (v.p >= line.p && v.p + v.n <= line.p + line.n));
	}
	++*lines;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t counters[] = {0x9A, 0, 0, 0, 9};
	static bool made;
	struct journal_report r;
	struct journal_gap gap[2];
	size_t lines = 0, n;

	if (!made) {
		REQUIRE(mkdtemp(dir) != NULL);
		(void)atexit(remove_dir);
		made = true;
	}
	put_file(data, size);
	if (journal_verify(dir, &r) == ECERT_OK)
		REQUIRE(r.chain_ok && r.bad == 0);
	REQUIRE(journal_each(dir, look, &lines) == ECERT_OK);
	REQUIRE(lines >= r.records);
	if (journal_reconcile(dir, "815", rd_of(counters, sizeof counters), gap, 2, &n) == ECERT_OK)
		REQUIRE(n == 1 && gap[0].ref == 0x9A);
	return 0;
}
