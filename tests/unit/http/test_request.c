/* SPDX-License-Identifier: BSD-2-Clause */
/* What is refused before anybody looks at what it wants, fields of forms, and turns of addresses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "http/http.h"
#include "http/rate.h"

static void answer(void *ctx, const struct http_request *q, struct http_answer *a)
{
	(void)ctx;
	(void)q;
	a->status = 200;
}

static const struct http_route routes[] = {{"/status", HTTP_POST, "text/form", 100, false, answer},
    {"/.well-known/me", HTTP_GET, NULL, 0, false, answer}};
static const struct http_service service = {.routes = routes, .n = 2};

/* headers: "Name: value|Name: value". The status, 200 for one that has a route. */
static int asked(const char *method, const char *target, const char *version, const char *headers,
    struct http_answer *a)
{
	static struct http_head h;

	*a = (struct http_answer){.body = BUF_INIT(4096)};
	http_head_line(&h, method, target, version);
	while (*headers) {
		const size_t n = strcspn(headers, "|"), name = strcspn(headers, ":");
		const size_t value = name + 2 < n ? name + 2 : n;

		http_head_field(&h, rd_of(headers, name), rd_of(headers + value, n - value));
		headers += n + (headers[n] == '|');
	}
	http_head_end(&h);
	return http_route_of(&service, &h, a) ? 200 : a->status;
}

static const struct {
	const char *method, *target, *headers;
	int status;
} heads[] = {
    {"GET", "/.well-known/me", "Host: a.example", 200},
    {"HEAD", "/.well-known/me?x=%20", "Host: a.example:8080|Content-Length: 0", 200},
    {"POST", "/status", "Host: a|Content-Length: 100|Content-Type: Text/Form; a=b", 200},
    {"POST", "/status", "Host: a|Content-Length: 101|Content-Type: text/form", 413},
    {"POST", "/status", "Host: a|Content-Length: 9999999999999999|Content-Type: text/form", 413},
    {"POST", "/status", "Host: a|Content-Length: 5", 415},
    {"POST", "/status", "Host: a|Content-Type: text/form", 411},
    {"POST", "/status", "Host: a|Content-Length: 5|Content-Length: 5|Content-Type: text/form", 400},
    {"POST", "/status", "Host: a|Content-Length: +5|Content-Type: text/form", 400},
    {"POST", "/status", "Host: a|Content-Length: 5, 5|Content-Type: text/form", 400},
    {"POST", "/status", "Host: a|Content-Length: |Content-Type: text/form", 400},
    {"POST", "/status", "Host: a|Transfer-Encoding: chunked|Content-Type: text/form", 411},
    {"POST", "/status", "Host: a|Transfer-Encoding: x|Content-Length: 5", 411},
    {"POST", "/status", "Host: a|Content-Encoding: gzip|Content-Length: 5", 415},
    {"POST", "/status", "Host: a|Expect: the-unexpected|Content-Length: 5", 417},
    {"POST", "/.well-known/me", "Host: a|Content-Length: 0", 405},
    {"GET", "/status", "Host: a", 405},
    {"GET", "/other", "Host: a", 404},
    {"GET", "/status/", "Host: a", 404},
    {"GET", "/.well-known/me", "", 400},
    {"GET", "/.well-known/me", "Host: a|Host: a", 400},
    {"GET", "/.well-known/me", "Host: a/b", 400},
    {"GET", "/.well-known/me", "Host: u@a", 400},
    {"GET", "/.well-known/me", "Host: a|Content-Length: 1", 400},
    {"GET", "/.well-known/me", "Host: a|X-Real-IP: 1.2.3.4", 200},
    {"GET", "/.well-known/me", "Host: a|X-Real-IP: 1.2.3.4|X-Real-IP: ::1", 400},
    {"GET", "/.well-known/me", "Host: a|X-Real-IP: one", 400},
    {"GET", "/.well-known/me", "Host: a|Content-Length : 0", 400},
    {"GET", "/.well-known/me", "Host: a|: b", 400},
    {"GET", "/.well-known/me", "Host: a|X: \x01", 400},
    {"GET", "/.well-known/../me", "Host: a", 400},
    {"GET", "/..", "Host: a", 400},
    {"GET", "/.", "Host: a", 400},
    {"GET", "/%2e%2e/status", "Host: a", 400},
    {"GET", "//status", "Host: a", 400},
    {"GET", "/a\\b", "Host: a", 400},
    {"GET", "http://a/status", "Host: a", 400},
    {"GET", "*", "Host: a", 400},
    {"GET", "", "Host: a", 400},
    {"GET", "/.well-known/me?\xC3\xA4", "Host: a", 400},
    {"GET", "/.well-known/me?a#b", "Host: a", 400},
    {"PUT", "/status", "Host: a", 501},
    {"get", "/status", "Host: a", 501},
};

static void test_heads(void **state)
{
	struct http_answer a;

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		const int got = asked(
		    heads[i].method, heads[i].target, "HTTP/1.1", heads[i].headers, &a);

		if (got != heads[i].status)
			fail_msg("row %zu: %d instead of %d", i, got, heads[i].status);
		assert_true(got == 200 || got == 404 || got == 405 || a.close);
		assert_true(got == 200 || buf_len(&a.body));
		buf_free(&a.body);
	}
	assert_int_equal(asked("GET", "/status", "HTTP/2.0", "Host: a", &a), 505);
	buf_free(&a.body);
	assert_int_equal(asked("GET", "/status", NULL, "Host: a", &a), 505);
	buf_free(&a.body);
}

static void test_bounds(void **state)
{
	static char long_target[HTTP_TARGET_MAX + 2];
	static char many[65 * 5 + 1];
	struct http_answer a;

	(void)state;
	memset(long_target, '/', 1);
	memset(long_target + 1, 'a', HTTP_TARGET_MAX);
	assert_int_equal(asked("GET", long_target, "HTTP/1.1", "Host: a", &a), 414);
	buf_free(&a.body);
	for (size_t i = 0; i < 65; i++)
		memcpy(many + 5 * i, "X: y|", 6);
	assert_int_equal(asked("GET", "/status", "HTTP/1.1", many, &a), 431);
	buf_free(&a.body);
}

static void test_refusal(void **state)
{
	struct http_answer a = {.body = BUF_INIT(4096)};

	(void)state;
	http_refuse(&a, 400, "e", "a \"b\" \\ \x01 \xE4\xB8\xAD");
	buf_u8(&a.body, 0);
	assert_string_equal((const char *)buf_view(&a.body).p,
	    "{\"error\":\"e\",\"error_description\":\"a \\\"b\\\" \\\\ \\u0001 "
	    "\xE4\xB8\xAD\",\"status\":400,\"detail\":\"a \\\"b\\\" \\\\ \\u0001 "
	    "\xE4\xB8\xAD\"}\n");
	buf_free(&a.body);
}

/* Of 503: what a client gets that sends this. */
static const struct {
	const char *accept, *type;
} forms[] = {
    {"", HTTP_JSON},
    {"*/*", HTTP_JSON},
    {"application/json, text/plain, */*", HTTP_JSON},
    {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTTP_HTML},
    {"TEXT/HTML", HTTP_HTML},
    {"text/plain, text/html ; level=1 ;q=0.001", HTTP_HTML},
    {"application/json;q=0.5, text/html;q=0.6", HTTP_HTML},
    {"application/json, text/html", HTTP_JSON},
    {"text/html;q=0", HTTP_JSON},
    {"text/html;q=2", HTTP_JSON},
    {"text/html;q=0.5555", HTTP_JSON},
    {"text/html;q=,;;,", HTTP_JSON},
    {"text/html-ish, xtext/html", HTTP_JSON},
    {"application/problem+json", HTTP_PROBLEM},
    {"application/problem+json, application/json", HTTP_PROBLEM},
    {"application/problem+json;q=0.1, application/json", HTTP_JSON},
    {"text/html;q=0.5, application/problem+json", HTTP_PROBLEM},
};

static void draw(struct http_answer *a)
{
	buf_str(&a->body, "<p>page");
}

static void test_forms(void **state)
{
	const struct http_service drawing = {.page = draw};
	static struct http_head h;

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		for (int status = 400; status <= 503; status += 103) {
			struct http_answer a = {.body = BUF_INIT(4096)};
			const bool page = !strcmp(forms[i].type, HTTP_HTML);

			http_head_line(&h, "GET", "/status", "HTTP/1.1");
			http_head_field(&h, rd_of("Accept", 6),
			    rd_of(forms[i].accept, strlen(forms[i].accept)));
			http_refuse(&a, status, "e", "why");
			http_suit(&drawing, &h, &a);
			assert_string_equal(
			    a.type, page && status == 400 ? HTTP_JSON : forms[i].type);
			assert_int_equal(buf_view(&a.body).p[0], page && status == 503 ? '<' : '{');
			buf_free(&a.body);
		}
}

static void test_fields(void **state)
{
	static const struct {
		const char *form;
		enum ecert_rc rc;
		const char *value;
	} rows[] = {{"mark=a", ECERT_OK, "a"}, {"x=1&mark=a+b%21&y", ECERT_OK, "a b!"},
	    {"mark=", ECERT_OK, ""}, {"mark", ECERT_OK, ""}, {"m%61rk=a", ECERT_OK, "a"},
	    {"mark=a=b", ECERT_OK, "a=b"}, {"", ECERT_E_NOT_FOUND, ""},
	    {"&&=&", ECERT_E_NOT_FOUND, ""}, {"marks=a&mar=b", ECERT_E_NOT_FOUND, ""},
	    {"mark=a&mark=a", ECERT_E_EXISTS, NULL}, {"mark=a&m%61rk=b", ECERT_E_EXISTS, NULL},
	    {"mark=%", ECERT_E_MALFORMED, NULL}, {"mark=%4", ECERT_E_MALFORMED, NULL},
	    {"mark=%zz", ECERT_E_MALFORMED, NULL}, {"mark=%00", ECERT_E_MALFORMED, NULL},
	    {"mark=a b", ECERT_E_MALFORMED, NULL}, {"mark=a&x=\xFF", ECERT_E_MALFORMED, NULL},
	    {"mark=0123456789abcdef", ECERT_E_TOO_LARGE, NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf b = BUF_INIT(10);
		const enum ecert_rc rc = http_field(
		    rd_of(rows[i].form, strlen(rows[i].form)), "mark", &b);

		if (rc != rows[i].rc)
			fail_msg("row %zu: %d instead of %d", i, rc, rows[i].rc);
		if (rows[i].value) {
			assert_int_equal(buf_len(&b), strlen(rows[i].value));
			if (buf_len(&b))
				assert_memory_equal(buf_view(&b).p, rows[i].value, buf_len(&b));
		}
		buf_free(&b);
	}
}

static void test_turns(void **state)
{
	static struct http_rates r = {.burst = 3, .every_ms = 10000};
	int wait;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(http_rate_take(&r, "192.0.2.1", 1000, &wait));
	assert_false(http_rate_take(&r, "192.0.2.1", 1000, &wait));
	assert_int_equal(wait, 11);
	assert_true(http_rate_take(&r, "192.0.2.2", 1000, &wait));
	assert_true(http_rate_take(&r, "192.0.2.1", 11000, &wait));
	assert_false(http_rate_take(&r, "192.0.2.1", 11001, &wait));
	/* A network has turns, not each of its addresses. */
	for (int i = 0; i < 3; i++)
		assert_true(http_rate_take(&r, i ? "2001:db8::1" : "2001:db8::2", 1000, &wait));
	assert_false(http_rate_take(&r, "2001:db8::3", 1000, &wait));
	assert_true(http_rate_take(&r, "2001:db8:0:1::3", 1000, &wait));
	/* Whatever the number of addresses, who has no turn left does not get one by it. */
	for (int i = 0; i < 20000; i++) {
		char a[20];

		(void)snprintf(a, sizeof a, "10.%d.%d.1", i >> 8, i & 255);
		(void)http_rate_take(&r, a, 1000, &wait);
	}
	assert_false(http_rate_take(&r, "2001:db8::3", 1000, &wait));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_heads),
	    cmocka_unit_test(test_bounds), cmocka_unit_test(test_refusal),
	    cmocka_unit_test(test_forms), cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_turns)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
