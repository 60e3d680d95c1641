/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the store of used nonces. */
#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "trust/nonce.h"

static char dir[] = "./nonces-XXXXXX";

static int count(void)
{
	DIR *d = opendir(dir);
	int n = 0;
	assert_non_null(d);
	for (const struct dirent *e = readdir(d); e; e = readdir(d))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static void empty(void)
{
	char path[512];
	DIR *d = opendir(dir);
	for (const struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.')
			assert_int_equal(unlink(path), 0);
	}
	if (d)
		closedir(d);
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	empty();
	return rmdir(dir);
}

static void made_nonces_differ(void **state)
{
	struct buf a = BUF_INIT(64), b = BUF_INIT(64);
	(void)state;
	assert_int_equal(nonce_new(&a), ECERT_OK);
	assert_int_equal(nonce_new(&b), ECERT_OK);
	assert_int_equal(buf_len(&a), 22);
	assert_false(rd_equal(buf_view(&a), buf_view(&b)));
	buf_free(&a);
	buf_free(&b);
}

static void only_once(void **state)
{
	struct nonce_store *s = NULL, *t = NULL;
	bool seen = true;
	(void)state;
	assert_int_equal(nonce_store_open(dir, 1000, &s), ECERT_OK);
	assert_int_equal(nonce_store_seen(s, "aud", "n1", &seen), ECERT_OK);
	assert_false(seen);
	assert_int_equal(nonce_store_burn(s, "aud", "n1", 2000), ECERT_OK);
	assert_int_equal(nonce_store_burn(s, "aud", "n1", 2000), ECERT_E_EXISTS);
	assert_int_equal(nonce_store_burn(s, "other", "n1", 2000), ECERT_OK);
	/* Another process, later. */
	assert_int_equal(nonce_store_open(dir, 1999, &t), ECERT_OK);
	assert_int_equal(nonce_store_seen(t, "aud", "n1", &seen), ECERT_OK);
	assert_true(seen);
	assert_int_equal(nonce_store_burn(t, "aud", "n1", 2000), ECERT_E_EXISTS);
	nonce_store_close(&t);
	nonce_store_close(&s);
	assert_null(s);
	assert_int_equal(count(), 2);
}

static void expired_ones_go(void **state)
{
	struct nonce_store *s = NULL;
	(void)state;
	empty();
	assert_int_equal(nonce_store_open(dir, 1000, &s), ECERT_OK);
	assert_int_equal(nonce_store_burn(s, "a", "early", 2000), ECERT_OK);
	assert_int_equal(nonce_store_burn(s, "a", "late", 9000), ECERT_OK);
	nonce_store_close(&s);
	assert_int_equal(nonce_store_open(dir, 5000, &s), ECERT_OK);
	assert_int_equal(count(), 1);
	assert_int_equal(nonce_store_burn(s, "a", "late", 9000), ECERT_E_EXISTS);
	nonce_store_close(&s);
}

/* Whoever looks into the future (--at) makes no room for a replay in the present. */
static void the_future_purges_nothing(void **state)
{
	struct nonce_store *s = NULL;
	const time_t now = time(NULL);
	bool seen = false;
	(void)state;
	empty();
	assert_int_equal(nonce_store_open(dir, now, &s), ECERT_OK);
	assert_int_equal(nonce_store_burn(s, "a", "n", now + 300), ECERT_OK);
	nonce_store_close(&s);
	assert_int_equal(nonce_store_open(dir, now + 100000, &s), ECERT_OK);
	assert_int_equal(nonce_store_seen(s, "a", "n", &seen), ECERT_OK);
	assert_true(seen);
	nonce_store_close(&s);
}

static void a_burning_taken_back(void **state)
{
	struct nonce_store *s = NULL;
	const time_t now = time(NULL);
	bool seen = true;
	(void)state;
	empty();
	assert_int_equal(nonce_store_open(dir, now, &s), ECERT_OK);
	assert_int_equal(nonce_store_burn(s, "a", "n", now + 300), ECERT_OK);
	assert_int_equal(nonce_store_burn(s, "b", "n", now + 300), ECERT_OK);
	nonce_store_forget(s, "a", "n");
	assert_int_equal(nonce_store_seen(s, "a", "n", &seen), ECERT_OK);
	assert_false(seen);
	assert_int_equal(nonce_store_seen(s, "b", "n", &seen), ECERT_OK);
	assert_true(seen);
	assert_int_equal(nonce_store_burn(s, "a", "n", now + 300), ECERT_OK);
	assert_int_equal(nonce_store_burn(s, "a", "n", now + 300), ECERT_E_EXISTS);
	nonce_store_close(&s);
}

static void a_race_has_one_winner(void **state)
{
	pid_t pid[8];
	int winners = 0, status;
	(void)state;
	for (size_t i = 0; i < 8; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] == 0) {
			struct nonce_store *s = NULL;
			if (nonce_store_open(dir, 1000, &s) != ECERT_OK)
				_exit(9);
			enum ecert_rc rc = nonce_store_burn(s, "race", "n", 2000);
			_exit(rc == ECERT_OK ? 1 : rc == ECERT_E_EXISTS ? 0 : 9);
		}
	}
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
		winners += WEXITSTATUS(status);
	}
	assert_int_equal(winners, 1);
}

static void no_place_is_an_error(void **state)
{
	struct nonce_store *s = NULL;
	(void)state;
	assert_int_equal(nonce_store_open("./no/such/place", 0, &s), ECERT_E_IO);
	assert_null(s);
	assert_int_equal(nonce_store_open("/dev/null", 0, &s), ECERT_E_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(made_nonces_differ),
	    cmocka_unit_test(only_once),
	    cmocka_unit_test(expired_ones_go),
	    cmocka_unit_test(the_future_purges_nothing),
	    cmocka_unit_test(a_burning_taken_back),
	    cmocka_unit_test(a_race_has_one_winner),
	    cmocka_unit_test(no_place_is_an_error),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
