/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the signed trust list and its five checks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/cert.h"
#include "document/jws.h"
#include "trust/check.h"
#include "trust/list.h"
#include "trust/list_order.h"
#include "util/hex.h"
#include "tests/unit/document/pki.h"

#define POLICY "2.16.344.8.2.2008.810.2.1.1"

static struct pki_id root, sub, leaf, plain, publisher, impostor, issuer;

static int setup(void **state)
{
	const char *usage = "digitalSignature";
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Root", .ca = true}, &root);
	pki_make(&(struct pki_spec){.cn = "Sub", .ca = true, .issuer = &root}, &sub);
	pki_make(&(struct pki_spec){.cn = "Chan", .usage = usage, .policy = POLICY, .issuer = &sub},
	    &leaf);
	pki_make(
	    &(struct pki_spec){.cn = "Lee", .usage = usage, .policy = "1.2.3.4", .issuer = &sub},
	    &plain);
	pki_make(&(struct pki_spec){.cn = "Publisher"}, &publisher);
	pki_make(&(struct pki_spec){.cn = "Publisher"}, &impostor);
	pki_make(&(struct pki_spec){.cn = "Mark issuer"}, &issuer);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pki_free(&leaf);
	pki_free(&plain);
	pki_free(&sub);
	pki_free(&root);
	pki_free(&publisher);
	pki_free(&impostor);
	pki_free(&issuer);
	return 0;
}

static char *base64(struct rd der)
{
	struct buf b = BUF_INIT(1u << 16);
	b64_put(&b, der);
	char *text = strndup((const char *)buf_view(&b).p, buf_len(&b));
	buf_free(&b);
	return text;
}

/* A list with one signing CA (by x5c or by hash) and one mark issuer. */
static json_t *document(const struct pki_id *ca, bool by_hash, time_t from, time_t until)
{
	char *c = base64(ca->der), *i = base64(issuer.der), hash[65];
	uint8_t digest[32];
	assert_int_equal(bytes_sha256(ca->der, digest), ECERT_OK);
	hex_str(rd_of(digest, 32), hash);
	json_t *o = json_pack(
	    "{s:s, s:i, s:[{s:s, s:[s], s:s, s:[s], s:s, s:b, s:I, s:I}, {s:s, s:[s], "
	    "s:s, s:s, s:s, s:[s]}]}",
	    "iss", "https://list.example", "seq", 7, "entries", "name", "HK-GD organisational",
	    "purposes", "ecert-signing", by_hash ? "sha256" : "x5c", by_hash ? hash : c, "policies",
	    POLICY, "type", "mutual-recognition organisational", "declares_token", 1, "from",
	    (json_int_t)from, "until", (json_int_t)until, "name", "The Federation", "purposes",
	    "trustmark-issuer", "x5c", i, "entity", "https://marks.example", "kid", "k-2026",
	    "mark_types", "https://marks.example/type");
	assert_non_null(o);
	free(c);
	free(i);
	return o;
}

static void make(struct pki_id *by, json_t *doc, time_t now, long life, struct buf *out)
{
	struct doc_signer s = pki_signer(by);
	char why[200] = "", *text = json_dumps(doc, 0);
	enum ecert_rc rc = trust_list_sign(
	    &s, rd_of(text, strlen(text)), now, life, out, why, sizeof why);
	if (rc != ECERT_OK)
		fail_msg("%s", why);
	free(text);
	json_decref(doc);
}

static enum ecert_rc read_list(struct trust_set *s, const struct buf *list, time_t now)
{
	struct report rep;
	report_init(&rep);
	enum ecert_rc rc = trust_list_read(s, buf_view(list), publisher.der, now, NULL, &rep);
	assert_int_equal(rc == ECERT_OK, report_verdict(&rep) == VERDICT_PASSED);
	return rc;
}

static struct report judge(const struct trust_set *s, struct pki_id *who)
{
	struct report rep;
	STACK_OF(X509) *others = sk_X509_new_null();
	struct trust_path_result result;
	sk_X509_push(others, sub.cert);
	struct doc_path_query q = {who->cert, others, NULL, T0, T0};
	report_init(&rep);
	trust_path_check(s, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &rep, &result);
	if (report_verdict(&rep) == VERDICT_PASSED)
		assert_true(result.entry && result.entry->declares_token);
	X509_free(result.issuer);
	sk_X509_free(others);
	return rep;
}

static void reads_and_judges(void **state)
{
	(void)state;
	for (int by_hash = 0; by_hash < 2; by_hash++) {
		struct trust_set *s = NULL;
		struct buf list = BUF_INIT(JWS_MAX_SIZE);
		assert_int_equal(trust_set_new(&s), ECERT_OK);
		make(&publisher, document(&sub, by_hash, T0 - DAY, T0 + DAY), T0, 30 * DAY, &list);
		assert_int_equal(read_list(s, &list, T0), ECERT_OK);
		assert_int_equal(trust_set_count(s), 2);
		struct report r = judge(s, &leaf);
		assert_int_equal(report_verdict(&r), VERDICT_PASSED);
		assert_string_equal(
		    report_find(&r, "policy")->detail, "mutual-recognition organisational");
		r = judge(s, &plain);
		assert_int_equal(report_find(&r, "policy")->state, CHECK_FAILED);
		const struct trust_entry *e = trust_set_by_kid(s, TRUST_MARK_ISSUER, "k-2026", T0);
		assert_non_null(e);
		assert_string_equal(e->entity, "https://marks.example");
		assert_null(trust_set_by_kid(s, TRUST_MARK_OWNER, "k-2026", T0));
		assert_null(trust_set_by_kid(s, TRUST_MARK_ISSUER, "k-2025", T0));
		assert_null(trust_set_by_kid(s, TRUST_MARK_ISSUER, "k-2026", T0 + 400 * DAY));
		buf_free(&list);
		trust_set_free(&s);
	}
}

static void an_entry_has_its_time(void **state)
{
	struct trust_set *s = NULL;
	struct buf list = BUF_INIT(JWS_MAX_SIZE);
	(void)state;
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	make(&publisher, document(&sub, false, T0 - 9 * DAY, T0 - DAY), T0, 30 * DAY, &list);
	assert_int_equal(read_list(s, &list, T0), ECERT_OK);
	struct report r = judge(s, &leaf);
	assert_int_equal(report_find(&r, "policy")->state, CHECK_FAILED);
	assert_non_null(strstr(report_find(&r, "policy")->detail, "not in force"));
	buf_free(&list);
	trust_set_free(&s);
}

static void refused_lists(void **state)
{
	struct trust_set *s = NULL;
	struct buf list = BUF_INIT(JWS_MAX_SIZE);
	(void)state;
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	make(&impostor, document(&sub, false, T0, T0 + DAY), T0, 30 * DAY, &list);
	assert_int_equal(read_list(s, &list, T0), ECERT_E_BAD_SIGNATURE);
	buf_reset(&list);
	make(&publisher, document(&sub, false, T0, T0 + DAY), T0, 30 * DAY, &list);
	assert_int_equal(read_list(s, &list, T0 + 31 * DAY), ECERT_E_DENIED);
	assert_int_equal(read_list(s, &list, T0 - DAY), ECERT_E_DENIED);
	list.data[buf_len(&list) / 2] ^= 1;
	assert_int_not_equal(read_list(s, &list, T0), ECERT_OK);
	buf_reset(&list);
	buf_str(&list, "{\"entries\":[]}");
	assert_int_equal(read_list(s, &list, T0), ECERT_E_MALFORMED);
	assert_int_equal(trust_set_count(s), 0);
	buf_free(&list);
	trust_set_free(&s);
}

static void from_files(void **state)
{
	struct trust_set *s = NULL;
	struct buf list = BUF_INIT(JWS_MAX_SIZE);
	struct report rep;
	char dir[] = "./list-XXXXXX", path[64], pem[64];
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/list.jwt", dir);
	snprintf(pem, sizeof pem, "%s/signer.pem", dir);
	make(&publisher, document(&sub, false, T0 - DAY, T0 + DAY), T0, 30 * DAY, &list);
	pki_write(path, buf_view(&list));
	pki_write_pem(pem, &publisher);
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	report_init(&rep);
	assert_int_equal(trust_set_add_list_file(s, path, pem, T0, NULL, &rep), ECERT_OK);
	assert_int_equal(report_verdict(&rep), VERDICT_PASSED);
	assert_int_equal(trust_set_count(s), 2);
	pki_write_pem(pem, &impostor);
	assert_int_equal(
	    trust_set_add_list_file(s, path, pem, T0, NULL, &rep), ECERT_E_BAD_SIGNATURE);
	/* The signer's own certificate is over. */
	struct pki_id old;
	pki_make(&(struct pki_spec){.cn = "P", .use_key = publisher.key, .until = T0 - DAY}, &old);
	pki_write_pem(pem, &old);
	assert_int_equal(trust_set_add_list_file(s, path, pem, T0, NULL, &rep), ECERT_E_DENIED);
	pki_free(&old);
	assert_int_equal(trust_set_count(s), 2);
	assert_int_equal(unlink(pem), 0);
	assert_int_equal(trust_set_add_list_file(s, path, pem, T0, NULL, &rep), ECERT_E_NOT_FOUND);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	buf_free(&list);
	trust_set_free(&s);
}

/* ---- rollback ---- */
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

static void restrictions_do_not_vanish(void **state)
{
	static const struct {
		const char *key, *value, *why;
	} row[] = {
	    {"polices", "[\"2.16.344\"]", "entries[0]: polices is not a field"},
	    {"policies", "[]", "entries[0]: policies"},
	    {"mark_types", "[]", "entries[0]: mark_types"},
	    {"a\u202e", "1", "entries[0]: a??? is not a field"},
	};
	struct doc_signer s = pki_signer(&publisher);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	char why[200];
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		json_t *doc = document(&sub, false, T0, T0 + DAY);
		json_t *v = json_loads(row[i].value, JSON_DECODE_ANY, NULL);
		json_t *entry = json_array_get(json_object_get(doc, "entries"), 0);
		assert_int_equal(json_object_set_new(entry, row[i].key, v), 0);
		char *text = json_dumps(doc, 0);
		why[0] = 0;
		assert_int_equal(
		    trust_list_sign(&s, rd_of(text, strlen(text)), T0, DAY, &out, why, sizeof why),
		    ECERT_E_MALFORMED);
		if (!strstr(why, row[i].why))
			fail_msg("%s: %s", row[i].key, why);
		/* The same in a list that somebody else's program signed. */
		struct jws_options o = {.typ = TRUST_LIST_TYP};
		struct trust_set *set = NULL;
		buf_reset(&out);
		assert_int_equal(json_object_set_new(doc, "iat", json_integer(T0)), 0);
		assert_int_equal(json_object_set_new(doc, "exp", json_integer(T0 + DAY)), 0);
		assert_int_equal(jws_create(&s, &o, doc, &out), ECERT_OK);
		assert_int_equal(trust_set_new(&set), ECERT_OK);
		assert_int_equal(read_list(set, &out, T0), ECERT_E_MALFORMED);
		assert_int_equal(trust_set_count(set), 0);
		trust_set_free(&set);
		buf_reset(&out);
		free(text);
		json_decref(doc);
	}
	buf_free(&out);
}

static void says_what_to_fix(void **state)
{
	static const struct {
		const char *json, *why;
	} row[] = {
	    {"{", "expected"},
	    {"{\"entries\":[]}", "iss"},
	    {"{\"iss\":\"x\"}", "seq"},
	    {"{\"iss\":\"x\",\"seq\":-1}", "seq"},
	    {"{\"iss\":\"x\",\"seq\":\"1\"}", "seq"},
	    {"{\"iss\":\"x\",\"seq\":1}", "entries"},
	    {"{\"iss\":\"x\",\"seq\":1,\"entries\":[]}", "entries"},
	    {"{\"iss\":\"x\",\"seq\":1,\"entries\":[{}]}", "entries[0]: name"},
	    {"{\"iss\":\"x\",\"seq\":1,\"entries\":[5]}", "entries[0]: name"},
	    {"{\"iss\":\"x\",\"seq\":1,\"entries\":[{\"name\":\"a\"}]}", "purposes"},
	    {"{\"iss\":\"x\",\"seq\":1,\"entries\":[{\"name\":\"a\",\"purposes\":[\"everything\"]}]"
	     "}",
		"purposes"},
	    {"{\"iss\":\"x\",\"seq\":1,\"entries\":[{\"name\":\"a\",\"purposes\":[\"ecert-"
	     "signing\"]}]}",
		"x5c"},
	    {"{\"iss\":\"x\",\"seq\":1,\"entries\":[{\"name\":\"a\",\"purposes\":[\"ecert-"
	     "signing\"],"
	     "\"sha256\":\"00\"}]}",
		"x5c"},
	};
	struct doc_signer s = pki_signer(&publisher);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	char why[200];
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		why[0] = 0;
		assert_int_equal(trust_list_sign(&s, rd_of(row[i].json, strlen(row[i].json)), T0,
				     DAY, &out, why, sizeof why),
		    ECERT_E_MALFORMED);
		if (!strstr(why, row[i].why))
			fail_msg("%s: %s", row[i].json, why);
	}
	json_t *doc = document(&sub, false, T0, T0 + DAY);
	char *text = json_dumps(doc, 0);
	assert_int_equal(
	    trust_list_sign(&s, rd_of(text, strlen(text)), T0, 0, &out, why, sizeof why),
	    ECERT_E_ARG);
	free(text);
	json_decref(doc);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_and_judges),
	    cmocka_unit_test(an_entry_has_its_time),
	    cmocka_unit_test(refused_lists),
	    cmocka_unit_test(from_files),
	    cmocka_unit_test(an_older_list_is_refused),
	    cmocka_unit_test(a_damaged_store_is_told),
	    cmocka_unit_test(the_greatest_wins),
	    cmocka_unit_test(restrictions_do_not_vanish),
	    cmocka_unit_test(says_what_to_fix),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
