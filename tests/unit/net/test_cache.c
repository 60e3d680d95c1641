/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache: what comes out is what was put in for this question, in time, and no more is kept than
 * was said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/cache.h"

#define NOW ((time_t)1780000000)
#define DAY ((time_t)24 * 3600)
#define URL "http://ca.example/crl"

static char dir[64];
static uint8_t key[NET_KEY_SIZE] = {0xAB, 1};
static struct rd body = {(const uint8_t *)"answer", 6};

static int begin(void **state)
{
	struct net_cache *c = NULL;

	strcpy(dir, "/tmp/ecert-net.XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(net_cache_open(dir, &c), ECERT_OK);
	*state = c;
	return 0;
}

static int each(bool (*fn)(const char *name))
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		n += e->d_name[0] != '.' || (e->d_name[1] && e->d_name[1] != '.') ? fn(e->d_name)
										  : 0;
	closedir(d);
	return n;
}

static bool any(const char *name)
{
	(void)name;
	return true;
}

static bool drop(const char *name)
{
	char path[400];

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	return !unlink(path);
}

static int end(void **state)
{
	struct net_cache *c = *state;

	net_cache_close(&c);
	each(drop);
	return rmdir(dir);
}

static bool get(struct net_cache *c, const char *url, time_t now)
{
	struct buf out = BUF_INIT(1 << 20);
	bool found = net_cache_get(c, key, url, now, &out);

	if (found)
		assert_true(rd_equal(buf_view(&out), body));
	else
		assert_int_equal(buf_len(&out), 0);
	buf_free(&out);
	return found;
}

static void test_kept(void **state)
{
	struct net_cache *c = *state;
	struct stat st;
	char path[200];

	assert_false(get(c, URL, NOW));
	net_cache_put(c, key, URL, body, NOW + 100, NOW);
	assert_true(get(c, URL, NOW));
	assert_true(get(c, URL, NOW + 99));
	(void)snprintf(path, sizeof path, "%s/ab01%060d", dir, 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(each(any), 1);
	/* Over: it is gone for good. */
	assert_false(get(c, URL, NOW + 100));
	assert_false(get(c, URL, NOW));
	assert_int_equal(each(any), 0);
	/* Another address under the same key. */
	net_cache_put(c, key, URL, body, NOW + 100, NOW);
	assert_false(get(c, URL "2", NOW));
	net_cache_put(c, key, URL, body, NOW + 100, NOW);
	net_cache_drop(c, key);
	assert_false(get(c, URL, NOW));
	/* Over already, without an end, empty. */
	net_cache_put(c, key, URL, body, NOW, NOW);
	net_cache_put(c, key, URL, body, 0, NOW);
	net_cache_put(c, key, URL, rd_of(NULL, 0), NOW + 1, NOW);
	assert_int_equal(each(any), 0);
	/* For years: seven days. */
	net_cache_put(c, key, URL, body, NOW + 9999 * DAY, NOW);
	assert_true(get(c, URL, NOW + 7 * DAY - 1));
	assert_false(get(c, URL, NOW + 7 * DAY));
}

static void test_bounded(void **state)
{
	struct net_cache *c = *state;
	uint8_t k[NET_KEY_SIZE] = {0};
	char path[200];
	int fd;

	(void)snprintf(path, sizeof path, "%s/notes.txt", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	for (unsigned i = 0; i < NET_CACHE_ENTRIES + 20; i++) {
		k[0] = (uint8_t)i;
		k[1] = (uint8_t)(i >> 8);
		net_cache_put(c, k, URL, body, NOW + 100, NOW);
	}
	assert_int_equal(each(any), NET_CACHE_ENTRIES + 1);
	assert_int_equal(access(path, F_OK), 0);
}

static void test_strangers(void **state)
{
	struct net_cache *c = *state;
	struct net_cache *other = NULL;
	char path[200], victim[200], below[200];
	int fd;

	(void)snprintf(path, sizeof path, "%s/ab01%060d", dir, 0);
	(void)snprintf(victim, sizeof victim, "%s/victim", dir);
	/* A link is not followed, in neither direction. */
	fd = open(victim, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "mine", 4), 4);
	close(fd);
	assert_int_equal(symlink("victim", path), 0);
	assert_false(get(c, URL, NOW));
	net_cache_put(c, key, URL, body, NOW + 100, NOW);
	assert_true(get(c, URL, NOW));
	fd = open(victim, O_RDONLY);
	assert_int_equal(read(fd, path, 10), 4);
	close(fd);
	/* A pipe does not make it wait. */
	(void)snprintf(path, sizeof path, "%s/ab01%060d", dir, 0);
	net_cache_drop(c, key);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(get(c, URL, NOW));
	/* Folders that others look into, and what is none. */
	(void)snprintf(below, sizeof below, "%s/below", dir);
	assert_int_equal(mkdir(below, 0755), 0);
	assert_int_equal(net_cache_open(below, &other), ECERT_E_DENIED);
	assert_null(other);
	assert_int_equal(rmdir(below), 0);
	assert_int_equal(net_cache_open(below, &other), ECERT_OK);
	net_cache_close(&other);
	assert_int_equal(rmdir(below), 0);
	assert_int_equal(net_cache_open(victim, &other), ECERT_E_IO);
}

static bool reads(const char *text)
{
	struct rd out = {0};
	bool ok = net_entry_read(rd_of(text, strlen(text)), URL, NOW, &out);

	assert_int_equal(ok ? out.n > 0 : out.n, ok ? 1 : 0);
	return ok;
}

static void test_entry(void **state)
{
	struct buf b = BUF_INIT(1000);
	struct rd out;

	(void)state;
	net_entry_write(&b, URL, NOW + 9, body);
	assert_true(net_entry_read(buf_view(&b), URL, NOW, &out));
	assert_true(rd_equal(out, body));
	for (size_t n = 0; n < buf_len(&b); n++)
		assert_false(net_entry_read(rd_of(buf_view(&b).p, n), URL, NOW, &out));
	buf_free(&b);
	assert_true(reads("ecert cache 1\n" URL "\n1780000009\n2\nab"));
	assert_false(reads("ecert cache 2\n" URL "\n1780000009\n2\nab"));
	assert_false(reads("ecert cache 1\n" URL "x\n1780000009\n2\nab"));
	assert_false(reads("ecert cache 1\n" URL "\n1780000000\n2\nab"));
	assert_false(reads("ecert cache 1\n" URL "\n-1780000009\n2\nab"));
	assert_false(reads("ecert cache 1\n" URL "\n1780000009\n1\nab"));
	assert_false(reads("ecert cache 1\n" URL "\n1780000009\n3\nab"));
	assert_false(reads("ecert cache 1\n" URL "\n1780000009\n\nab"));
	assert_false(reads("ecert cache 1\n" URL "\n1780000009\n0\n"));
	assert_false(reads("ecert cache 1\n" URL "\n9999999999999999999\n2\nab"));
	/* Written by somebody who wants it to stay. */
	assert_false(reads("ecert cache 1\n" URL "\n1790000000\n2\nab"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_kept, begin, end),
	    cmocka_unit_test_setup_teardown(test_bounded, begin, end),
	    cmocka_unit_test_setup_teardown(test_strangers, begin, end),
	    cmocka_unit_test(test_entry)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
