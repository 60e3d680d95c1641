/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the signed trust list and its five checks. */
#include "list_fix.h"

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
	struct doc_path_query q = {who->cert, others, NULL, T0, T0, false};
	report_init(&rep);
	trust_path_check(s, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &rep, &result);
	if (report_verdict(&rep) == VERDICT_PASSED)
		assert_true(result.entry && result.entry->declares_token);
	trust_path_result_free(&result);
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
static void restrictions_do_not_vanish(void **state)
{
	static const struct {
		const char *key, *value, *why;
	} row[] = {
	    {"polices", "[\"2.16.344\"]", "entries[0]: polices is no field"},
	    {"policies", "[]", "entries[0]: policies"},
	    {"policies", "[\"2.16.344*\"]", "entries[0]: policies"},
	    {"policies", "[\".*\"]", "entries[0]: policies"},
	    {"policies", "[\"2.16.*\", \"any\"]", "entries[0]: policies"},
	    {"mark_types", "[]", "entries[0]: mark_types"},
	    {"a\u202e", "1", "entries[0]: a??? is no field"},
	};
	struct doc_signer s = pki_signer(&publisher);
	struct buf out = BUF_INIT(JWS_MAX_SIZE);
	struct message_kept kept;
	char why[200];
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		json_t *doc = document(&sub, false, T0, T0 + DAY);
		json_t *v = json_loads(row[i].value, JSON_DECODE_ANY, NULL);
		json_t *entry = json_array_get(json_object_get(doc, "entries"), 0);
		assert_int_equal(json_object_set_new(entry, row[i].key, v), 0);
		char *text = json_dumps(doc, 0);
		assert_int_equal(
		    trust_list_sign(&s, rd_of(text, strlen(text)), T0, DAY, &out, &kept),
		    ECERT_E_MALFORMED);
		message_kept_text(&kept, NULL, why, sizeof why);
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
	struct message_kept kept;
	char why[200];
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		assert_int_equal(trust_list_sign(&s, rd_of(row[i].json, strlen(row[i].json)), T0,
				     DAY, &out, &kept),
		    ECERT_E_MALFORMED);
		message_kept_text(&kept, NULL, why, sizeof why);
		if (!strstr(why, row[i].why))
			fail_msg("%s: %s", row[i].json, why);
	}
	json_t *doc = document(&sub, false, T0, T0 + DAY);
	char *text = json_dumps(doc, 0);
	assert_int_equal(
	    trust_list_sign(&s, rd_of(text, strlen(text)), T0, 0, &out, &kept), ECERT_E_ARG);
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
	    cmocka_unit_test(restrictions_do_not_vanish),
	    cmocka_unit_test(says_what_to_fix),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
