/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the signed trust list and its five checks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/cert.h"
#include "document/jws.h"
#include "trust/check.h"
#include "trust/list.h"
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
	enum ecert_rc rc = trust_list_read(s, buf_view(list), publisher.der, now, &rep);
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
	assert_int_equal(trust_set_add_list_file(s, path, pem, T0, &rep), ECERT_OK);
	assert_int_equal(report_verdict(&rep), VERDICT_PASSED);
	assert_int_equal(trust_set_count(s), 2);
	pki_write_pem(pem, &impostor);
	assert_int_equal(trust_set_add_list_file(s, path, pem, T0, &rep), ECERT_E_BAD_SIGNATURE);
	/* The signer's own certificate is over. */
	struct pki_id old;
	pki_make(&(struct pki_spec){.cn = "P", .use_key = publisher.key, .until = T0 - DAY}, &old);
	pki_write_pem(pem, &old);
	assert_int_equal(trust_set_add_list_file(s, path, pem, T0, &rep), ECERT_E_DENIED);
	pki_free(&old);
	assert_int_equal(trust_set_count(s), 2);
	assert_int_equal(unlink(pem), 0);
	assert_int_equal(trust_set_add_list_file(s, path, pem, T0, &rep), ECERT_E_NOT_FOUND);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	buf_free(&list);
	trust_set_free(&s);
}

static void says_what_to_fix(void **state)
{
	static const struct {
		const char *json, *why;
	} row[] = {
	    {"{", "expected"},
	    {"{\"entries\":[]}", "iss"},
	    {"{\"iss\":\"x\"}", "entries"},
	    {"{\"iss\":\"x\",\"entries\":[]}", "entries"},
	    {"{\"iss\":\"x\",\"entries\":[{}]}", "entries[0]: name"},
	    {"{\"iss\":\"x\",\"entries\":[5]}", "entries[0]: name"},
	    {"{\"iss\":\"x\",\"entries\":[{\"name\":\"a\"}]}", "purposes"},
	    {"{\"iss\":\"x\",\"entries\":[{\"name\":\"a\",\"purposes\":[\"everything\"]}]}",
		"purposes"},
	    {"{\"iss\":\"x\",\"entries\":[{\"name\":\"a\",\"purposes\":[\"ecert-signing\"]}]}",
		"x5c"},
	    {"{\"iss\":\"x\",\"entries\":[{\"name\":\"a\",\"purposes\":[\"ecert-signing\"],"
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
	    cmocka_unit_test(says_what_to_fix),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
