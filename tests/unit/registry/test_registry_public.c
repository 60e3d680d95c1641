/* SPDX-License-Identifier: BSD-2-Clause */
/* What a register shows the world: keys, what the token authorised, marks, delegations; and a site
 * that states nothing once the authorisation is over. */
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "publish/publish.h"
#include "registry/keys.h"
#include "registry/reports.h"
#include "tests/unit/registry/registry_fix.h"
#include "util/file.h"

#define SHOP "https://shop.example"

static struct status_key *a_key(struct registry *r)
{
	struct buf pem = BUF_INIT(STATUS_KEY_MAX);
	struct status_key *k = NULL;

	ok(status_key_make("https://alliance.example", T0, &pem));
	ok(status_key_read(buf_view(&pem), &k));
	buf_free(&pem);
	ok(registry_key(r, KEY_STATUS, status_key_kid(k), status_key_cert(k)));
	ok(registry_keys_end(r, KEY_STATUS, status_key_kid(k)));
	return k;
}

/* The PEM of a key file with another private number, and the same public key and certificate. */
static void with_another_number(struct rd pem, struct buf *out)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n), *to = BIO_new(BIO_s_mem());
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL), *other;
	X509 *cert = PEM_read_bio_X509(in, NULL, NULL, NULL);
	unsigned char der[256], *p = der;
	const unsigned char *q = der;
	char *text;
	int n = i2d_PrivateKey(key, &p);

	/* RFC 5915: SEQUENCE, INTEGER 1, OCTET STRING of 32 bytes */
	assert_in_range(n, 39, sizeof der);
	assert_memory_equal(der + 2, "\x02\x01\x01\x04\x20", 5);
	der[7 + 31] ^= 1;
	other = d2i_PrivateKey(EVP_PKEY_EC, NULL, &q, n);
	assert_non_null(other);
	assert_int_equal(PEM_write_bio_PrivateKey(to, other, NULL, NULL, 0, NULL, NULL), 1);
	assert_int_equal(PEM_write_bio_X509(to, cert), 1);
	n = (int)BIO_get_mem_data(to, &text);
	buf_put(out, text, (size_t)n);
	EVP_PKEY_free(other);
	EVP_PKEY_free(key);
	X509_free(cert);
	BIO_free(in);
	BIO_free(to);
}

/* What it signs is not checked one by one. */
static void a_status_key_has_to_be_its_certificates(void **state)
{
	struct buf pem = BUF_INIT(STATUS_KEY_MAX), bad = BUF_INIT(STATUS_KEY_MAX);
	struct buf raw = BUF_INIT(256);
	struct rd said = rd_of((const uint8_t *)"said", 4);
	struct status_key *k = NULL;
	struct doc_signer by;

	(void)state;
	ok(status_key_make("https://alliance.example", T0, &pem));
	with_another_number(buf_view(&pem), &bad);
	assert_int_equal(status_key_read(buf_view(&bad), &k), ECERT_E_MALFORMED);
	assert_null(k);
	ok(status_key_read(buf_view(&pem), &k));
	by = status_key_signer(k);
	ok(doc_sign_message(&by, DOC_ES256, said, &raw));
	ok(doc_check_message(status_key_cert(k), DOC_ES256, said, buf_view(&raw)));
	status_key_free(&k);
	buf_free(&pem);
	buf_free(&bad);
	buf_free(&raw);
}

static enum ecert_rc count_live(void *ctx, const struct registry_key *k)
{
	int *n = ctx;

	n[registry_key_live(k, T0 + 3 * DAY)]++;
	return ECERT_OK;
}

static void a_status_key_lives_as_long_as_its_word(void **state)
{
	struct registry *r = registry_at(store_fresh());
	struct status_key *first, *next;
	int n[2] = {0, 0};
	time_t exp;

	(void)state;
	ok(registry_begin(r, "officer", T0));
	first = a_key(r);
	assert_int_equal(
	    registry_authorized(r, status_key_kid(first), T0, &exp, NULL), ECERT_E_NOT_FOUND);
	ok(registry_authorize(r, status_key_kid(first), rd_of("jws", 3), T0, T0 + 7 * DAY));
	ok(registry_authorized(r, status_key_kid(first), T0 + 7 * DAY - 1, &exp, NULL));
	assert_int_equal(exp, T0 + 7 * DAY);
	assert_int_equal(
	    registry_authorized(r, status_key_kid(first), exp, &exp, NULL), ECERT_E_DENIED);
	says(r, "ended");
	next = a_key(r);
	assert_string_not_equal(status_key_kid(first), status_key_kid(next));
	ok(registry_keys(r, count_live, n));
	assert_int_equal(n[1], 2); /* the first one's word counts on */
	ok(registry_authorize(r, status_key_kid(next), rd_of("jws", 3), T0, T0 + DAY));
	ok(registry_end(r, ECERT_OK));
	status_key_free(&first);
	status_key_free(&next);
	registry_close(&r);
}

struct in_use {
	size_t n, found;
};

static enum ecert_rc look_for_both(void *ctx, const struct registry_key *k)
{
	struct in_use *u = ctx;

	u->n++;
	u->found += !k->ended && (!strcmp(k->kid, "grant") || !strcmp(k->kid, "s69"));
	return ECERT_OK;
}

/* However many there were before them. */
static void keys_in_use_are_never_left_out(void **state)
{
	struct registry *r = registry_at(store_fresh());
	struct status_key *k;
	struct in_use u = {.n = 0};
	char kid[16];

	(void)state;
	ok(registry_begin(r, "officer", T0));
	k = a_key(r);
	ok(registry_key(r, KEY_GRANT, "grant", status_key_cert(k)));
	for (int i = 0; i < 70; i++) {
		(void)snprintf(kid, sizeof kid, "s%d", i);
		ok(registry_key(r, KEY_STATUS, kid, status_key_cert(k)));
		ok(registry_keys_end(r, KEY_STATUS, kid));
	}
	ok(registry_keys(r, look_for_both, &u));
	assert_int_equal(u.n, REGISTRY_KEYS_MAX);
	assert_int_equal(u.found, 2);
	ok(registry_end(r, ECERT_OK));
	status_key_free(&k);
	registry_close(&r);
}

static enum ecert_rc gather(void *ctx, const struct registry_public *p)
{
	char *all = ctx;

	assert_string_equal(p->merchant, SHOP);
	(void)strncat(all, p->mark.status, 16);
	(void)strcat(all, " ");
	return ECERT_OK;
}

static enum ecert_rc count(void *ctx, const struct registry_delegation *d)
{
	assert_string_equal(d->owner, "https://owner.example");
	++*(int *)ctx;
	return ECERT_OK;
}

static void marks_and_delegations_are_shown(void **state)
{
	const struct registry_grant again = {.text = rd_of("again", 5),
	    .jti = "again",
	    .kid = "kid2",
	    .iat = T0,
	    .exp = T0 + 9 * DAY};
	struct registry_delegation d = {"https://owner.example", "https://alliance.example", TYPE,
	    rd_of("jws", 3), T0, T0 + DAY};
	struct registry *r = registry_at(store_fresh());
	struct buf text = BUF_INIT(64);
	char all[256] = "";
	int64_t id;
	time_t exp;
	int n = 0;

	(void)state;
	ok(receive(r, SHOP, "one", NULL, &id));
	ok(registry_begin(r, "issuer", T0));
	assert_int_equal(registry_end(r, registry_reissue(r, id, &again)), ECERT_E_DENIED);
	ok(grant(r, id, "mark-1"));
	ok(registry_begin(r, "issuer", T0));
	ok(registry_end(r, registry_reissue(r, id, &again)));
	ok(registry_each_mark(r, T0, T0 + 2 * DAY, gather, all));
	assert_string_equal(all, "active active ");
	all[0] = '\0';
	ok(registry_each_mark(r, T0, T0 + 9 * DAY, gather, all));
	assert_string_equal(all, "active expired ");
	ok(registry_begin(r, "owner", T0));
	ok(registry_delegate(r, &d));
	ok(registry_delegate(r, &d));
	ok(registry_end(r, ECERT_OK));
	ok(registry_delegations(r, T0, count, &n));
	assert_int_equal(n, 1);
	ok(registry_delegated(r, d.issuer, TYPE, T0, &text, &exp));
	assert_int_equal(exp, T0 + DAY);
	assert_int_equal(
	    registry_delegated(r, d.issuer, TYPE, exp, &text, &exp), ECERT_E_NOT_FOUND);
	assert_int_equal(registry_delegated(r, d.owner, TYPE, T0, &text, &exp), ECERT_E_NOT_FOUND);
	buf_free(&text);
	registry_close(&r);
}

/* Whether the register's page says that no status is stated. */
static bool is_silent(const struct publish_job *job)
{
	struct buf page = BUF_INIT(1u << 20);
	struct publish_done done;
	struct message_kept why;
	char path[256];
	bool silent;

	ok(publish_site(job, &done, &why));
	(void)snprintf(path, sizeof path, "%s/index.html", job->folder);
	ok(file_read(path, &page));
	buf_u8(&page, 0);
	silent = !!strstr((const char *)buf_view(&page).p, "status unsaid");
	buf_free(&page);
	assert_int_equal(silent, done.until == 0);
	return silent;
}

/* What cannot be put is told by its name, whoever was to put it, and mended by the next one. */
static void is_told(const struct publish_job *job)
{
	struct publish_done done;
	struct message_kept why;
	char path[300], text[512];

	(void)snprintf(path, sizeof path, "%s/site.js", job->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(publish_site(job, &done, &why), ECERT_E_IO);
	message_kept_text(&why, NULL, text, sizeof text);
	assert_non_null(strstr(text, "site.js: "));
	assert_int_equal(rmdir(path), 0);
}

static void a_site_is_silent_without_authority(void **state)
{
	struct registry *r = registry_at(store_fresh());
	char folder[256];
	struct publish_job job = {.r = r, .issuer = "https://alliance.example", .now = T0};
	struct status_key *key;

	(void)state;
	folder_make("site", folder, sizeof folder);
	job.folder = folder;
	ok(registry_begin(r, "officer", T0));
	key = a_key(r);
	ok(registry_authorize(r, status_key_kid(key), rd_of("jws", 3), T0, T0 + DAY));
	ok(registry_end(r, ECERT_OK));
	job.key = key;
	is_told(&job);
	assert_false(is_silent(&job));
	job.now = T0 + DAY - 1;
	assert_false(is_silent(&job));
	job.now = T0 + DAY;
	assert_true(is_silent(&job));
	folder_remove(folder);
	status_key_free(&key);
	registry_close(&r);
}

static enum ecert_rc says_so(
    struct registry *r, int64_t member, const char *seen, const char *said, int64_t *id)
{
	ok(registry_begin(r, "server", T0));
	return registry_end(r, registry_report(r, member, seen, said, id));
}

static enum ecert_rc count_reports(void *ctx, const struct registry_report *p)
{
	++*(int *)ctx;
	return p->seen[0] == 'x' ? ECERT_E_NOT_FOUND : ECERT_OK;
}

/* Anybody may send them: few wait, and none twice. */
static void reports(void **state)
{
	struct registry *r = registry_at(store_fresh());
	char seen[32], url[256], long_one[REPORT_SEEN + 1];
	int64_t member, id, first;
	int n = 0;

	(void)state;
	ok(receive(r, "https://shop.example", "a", NULL, &id));
	ok(registry_member(r, "https://shop.example", &member, url));
	assert_int_equal(says_so(r, member, "s", "", &first), ECERT_E_NOT_FOUND); /* no mark */
	ok(grant(r, id, "mark"));
	memset(long_one, 'l', REPORT_SEEN);
	long_one[REPORT_SEEN] = '\0';
	assert_int_equal(says_so(r, member, long_one, "", &first), ECERT_E_ARG);
	assert_int_equal(says_so(r, member, "", "x", &first), ECERT_E_ARG);
	assert_int_equal(says_so(r, member, "a\nb", "", &first), ECERT_E_ARG);
	assert_int_equal(says_so(r, member + 1, "s", "", &first), ECERT_E_NOT_FOUND);
	ok(says_so(r, member, "s", "", &first));
	assert_int_equal(says_so(r, member, "s", "", &id), ECERT_E_EXISTS);
	for (int i = 1; i < 100; i++) {
		(void)snprintf(seen, sizeof seen, "s%d", i);
		ok(says_so(r, member, seen, "", &id));
	}
	assert_int_equal(says_so(r, member, "more", "", &id), ECERT_E_TIMEOUT);
	ok(registry_begin(r, "clerk", T0));
	ok(registry_close_report(r, first, "done"));
	assert_int_equal(registry_close_report(r, first, "again"), ECERT_E_DENIED);
	assert_int_equal(registry_close_report(r, 999999, "none"), ECERT_E_NOT_FOUND);
	ok(registry_end(r, ECERT_OK));
	ok(says_so(r, member, "xs", "", &id));
	ok(registry_begin(r, "clerk", T0));
	ok(registry_end(r, ECERT_OK));
	/* What says that it found nothing is no end of the list. */
	assert_int_equal(registry_each_report(r, false, count_reports, &n), ECERT_E_INTERNAL);
	assert_int_equal(n, 100);
	registry_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reports),
	    cmocka_unit_test(a_status_key_has_to_be_its_certificates),
	    cmocka_unit_test(keys_in_use_are_never_left_out),
	    cmocka_unit_test(a_status_key_lives_as_long_as_its_word),
	    cmocka_unit_test(marks_and_delegations_are_shown),
	    cmocka_unit_test(a_site_is_silent_without_authority),
	};

	return cmocka_run_group_tests(tests, NULL, store_cleanup);
}
