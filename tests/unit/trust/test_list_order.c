/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of rollback: an older list than one seen before is refused. */
#include "list_fix.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "trust/nonce.h"

static struct buf numbered(struct pki_id *by, json_int_t seq, time_t now)
{
	struct buf list = BUF_INIT(JWS_MAX_SIZE);
	json_t *doc = document(&sub, false, T0 - DAY, T0 + DAY);
	assert_int_equal(json_object_set_new(doc, "seq", json_integer(seq)), 0);
	make(by, doc, now, 30 * DAY, &list);
	return list;
}

/* Reads the list with this number; detail (may be NULL) has to be in what the check says. */
static enum ecert_rc ordered(struct pki_id *by, json_int_t seq, time_t signed_at,
    struct trust_list_order *o, const char *detail)
{
	struct buf list = numbered(by, seq, signed_at);
	struct trust_set *s = NULL;
	struct report rep;
	report_init(&rep);
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	enum ecert_rc rc = trust_list_read(s, buf_view(&list), by->der, T0, o, &rep);
	const struct check *c = report_find(&rep, "trust list order");
	assert_non_null(c);
	assert_int_equal(rc == ECERT_OK, c->state != CHECK_FAILED);
	assert_int_equal(trust_set_count(s), rc == ECERT_OK ? 2 : 0);
	if (detail && !strstr(c->detail, detail))
		fail_msg("%s", c->detail);
	trust_set_free(&s);
	buf_free(&list);
	return rc;
}

/* The one file of the store; it has to be there. */
static void the_file(const char *dir, char *path, size_t size)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	path[0] = 0;
	assert_non_null(d);
	while ((e = readdir(d)))
		if (e->d_name[0] != '.') {
			assert_int_equal(path[0], 0);
			snprintf(path, size, "%s/%s", dir, e->d_name);
		}
	closedir(d);
	assert_int_not_equal(path[0], 0);
}

static void an_older_list_is_refused(void **state)
{
	char dir[] = "./order-XXXXXX", store[64], file[64];
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(store, sizeof store, "%s/lists", dir);
	struct trust_list_order o = {.store = store};
	assert_int_equal(ordered(&publisher, 5, T0, &o, "first"), ECERT_OK);
	assert_true(o.first);
	assert_int_equal(o.seq, 5);
	assert_int_equal(o.iat, T0);
	assert_string_equal(o.iss, "https://list.example");
	assert_int_equal(ordered(&publisher, 5, T0, &o, "seq 5"), ECERT_OK);
	assert_false(o.first);
	assert_int_equal(ordered(&publisher, 7, T0 - DAY, &o, NULL), ECERT_OK);
	assert_int_equal(ordered(&publisher, 6, T0, &o, "7 was seen"), ECERT_E_DENIED);
	/* The same number again: the later one counts from then on. */
	assert_int_equal(ordered(&publisher, 7, T0, &o, NULL), ECERT_OK);
	assert_int_equal(ordered(&publisher, 7, T0 - DAY, &o, "same seq"), ECERT_E_DENIED);
	/* Refused ones, and another publisher's with the same iss, move nothing. */
	assert_int_equal(ordered(&impostor, 99, T0, &o, "first"), ECERT_OK);
	assert_int_equal(ordered(&publisher, 7, T0, &o, NULL), ECERT_OK);
	/* Nothing remembered, nothing compared; a number asked for holds all the same. */
	struct trust_list_order none = {.least = 7};
	assert_int_equal(ordered(&publisher, 6, T0, &none, "at least 7"), ECERT_E_DENIED);
	assert_int_equal(ordered(&publisher, 7, T0, &none, "not compared"), ECERT_OK);
	assert_int_equal(ordered(&publisher, 1, T0, NULL, "not compared"), ECERT_OK);
	snprintf(file, sizeof file, "rm -r %s", dir);
	assert_int_equal(system(file), 0);
}

static void a_damaged_store_is_told(void **state)
{
	static const char *const texts[] = {"", "5", "5 6", "5  6\n", "x 6\n", "5 x\n", "-5 6\n",
	    "5 -6\n", "5 6\n7", "99999999999999999999 1\n"};
	char dir[] = "./order-XXXXXX", store[64], file[PATH_MAX], aside[PATH_MAX + 8];
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(store, sizeof store, "%s/lists", dir);
	struct trust_list_order o = {.store = store};
	assert_int_equal(ordered(&publisher, 5, T0, &o, "first"), ECERT_OK);
	the_file(store, file, sizeof file);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		pki_write(file, rd_of(texts[i], strlen(texts[i])));
		assert_int_equal(ordered(&publisher, 6, T0, &o, "damaged"), ECERT_E_MALFORMED);
	}
	/* A link in its place is not followed. */
	snprintf(aside, sizeof aside, "%s/aside", dir);
	assert_int_equal(rename(file, aside), 0);
	pki_write(aside, rd_of("1 1\n", 4));
	assert_int_equal(symlink("../aside", file), 0);
	assert_int_equal(ordered(&publisher, 6, T0, &o, "remembered"), ECERT_E_IO);
	assert_int_equal(unlink(file), 0);
	/* What a killed process left half-written does not count and does not hinder. */
	snprintf(aside, sizeof aside, "%s.new", file);
	pki_write(aside, rd_of("9", 1));
	assert_int_equal(ordered(&publisher, 6, T0, &o, "first"), ECERT_OK);
	the_file(store, file, sizeof file);
	/* A store that cannot be one. */
	struct trust_list_order bad = {.store = file};
	assert_int_equal(ordered(&publisher, 6, T0, &bad, "remembered"), ECERT_E_IO);
	bad.store = "./no/such/folder";
	assert_int_equal(ordered(&publisher, 6, T0, &bad, "remembered"), ECERT_E_IO);
	snprintf(file, sizeof file, "rm -r %s", dir);
	assert_int_equal(system(file), 0);
}

/* A person may name one folder for both: what is old there is thrown away with the nonces only. */
static void a_store_of_nonces_forgets_no_list(void **state)
{
	char dir[] = "./order-XXXXXX", file[PATH_MAX];
	const struct timespec old[2] = {{T0 - 400 * DAY, 0}, {T0 - 400 * DAY, 0}};
	struct trust_list_order o = {.store = dir};
	struct nonce_store *nonces = NULL;
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(ordered(&publisher, 5, T0, &o, "first"), ECERT_OK);
	the_file(dir, file, sizeof file);
	assert_int_equal(utimensat(AT_FDCWD, file, old, 0), 0);
	assert_int_equal(nonce_store_open(dir, T0, &nonces), ECERT_OK);
	nonce_store_close(&nonces);
	assert_int_equal(ordered(&publisher, 4, T0, &o, "5 was seen"), ECERT_E_DENIED);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* Many processes at once, each with its own number: the greatest stays. */
static void the_greatest_wins(void **state)
{
	char dir[] = "./order-XXXXXX", rm[64];
	pid_t child[8];
	(void)state;
	assert_non_null(mkdtemp(dir));
	struct trust_list_order o = {.store = dir};
	for (int i = 0; i < 8; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (child[i] == 0) {
			for (int k = 0; k < 5; k++) {
				struct report rep;
				o.seq = 1 + (i * 5 + k * 3) % 40;
				o.iat = T0;
				report_init(&rep);
				enum ecert_rc rc = list_order_check(&o, publisher.der, &rep);
				if (rc != ECERT_OK && rc != ECERT_E_DENIED)
					_exit(1);
			}
			o.seq = 40 + i;
			struct report rep;
			report_init(&rep);
			(void)!list_order_check(&o, publisher.der, &rep);
			_exit(0);
		}
	}
	for (int i = 0; i < 8; i++) {
		int status = 1;
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	struct report rep;
	report_init(&rep);
	o.seq = 46;
	o.iat = T0;
	assert_int_equal(list_order_check(&o, publisher.der, &rep), ECERT_E_DENIED);
	assert_non_null(strstr(rep.checks[0].detail, "47 was seen"));
	snprintf(rm, sizeof rm, "rm -r %s", dir);
	assert_int_equal(system(rm), 0);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_older_list_is_refused),
	    cmocka_unit_test(a_damaged_store_is_told),
	    cmocka_unit_test(a_store_of_nonces_forgets_no_list),
	    cmocka_unit_test(the_greatest_wins),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
