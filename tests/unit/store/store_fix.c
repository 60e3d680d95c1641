/* SPDX-License-Identifier: BSD-2-Clause */
/* An empty store for a test. */
#include "tests/unit/store/store_fix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char name[512], file[64];

bool store_on_postgresql(void)
{
	return getenv("ECERT_TEST_STORE") != NULL;
}

static void remove_file(void)
{
	char path[80];

	if (!file[0])
		return;
	(void)unlink(file);
	(void)snprintf(path, sizeof path, "%s-wal", file);
	(void)unlink(path);
	(void)snprintf(path, sizeof path, "%s-shm", file);
	(void)unlink(path);
	file[0] = '\0';
}

static void fresh_schema(void)
{
	static unsigned n;
	char sql[64];
	struct message_kept why;
	struct store *s = NULL;

	(void)snprintf(sql, sizeof sql, "CREATE SCHEMA t%d_%u", getpid(), ++n);
	assert_int_equal(store_open(getenv("ECERT_TEST_STORE"), false, &s, &why), ECERT_OK);
	assert_int_equal(STORE_RUN(s, sql), ECERT_OK);
	store_close(&s);
	(void)snprintf(name, sizeof name, "%s options=-csearch_path=%s", getenv("ECERT_TEST_STORE"),
	    sql + strlen("CREATE SCHEMA "));
}

const char *store_fresh(void)
{
	int fd;

	remove_file();
	if (store_on_postgresql()) {
		fresh_schema();
		return name;
	}
	(void)strcpy(file, "/tmp/ecert-store.XXXXXX");
	fd = mkstemp(file);
	assert_true(fd >= 0);
	(void)close(fd);
	(void)unlink(file);
	(void)snprintf(name, sizeof name, "sqlite:%s", file);
	return name;
}

struct store *store_again(void)
{
	struct message_kept why;
	struct store *s = NULL;

	assert_int_equal(store_open(name, true, &s, &why), ECERT_OK);
	return s;
}

int64_t store_number(struct store *s, const char *sql)
{
	struct store_rows *r;
	int64_t n;

	assert_int_equal(STORE_QUERY(s, &r, sql), ECERT_OK);
	assert_int_equal(store_next(r), ECERT_OK);
	n = store_get_int(r, 0);
	store_done(&r);
	return n;
}

bool store_says(const struct store *s, const char *part)
{
	char text[512];

	message_kept_text(store_why(s), NULL, text, sizeof text);
	if (strstr(text, part))
		return true;
	print_message("it says: %s\n", text);
	return false;
}

int store_cleanup(void **state)
{
	(void)state;
	remove_file();
	return 0;
}
