/* SPDX-License-Identifier: BSD-2-Clause */
/* Which URLs are asked, and which hosts may be anywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "net/fetch.h"
#include "net/url.h"

static const char *words[] = {
    "10.1.2.3:8080", "Intranet.Example", "[fd00::1]:81", "[fd00::2]", "127.0.0.1:25"};
static const struct strlist allow = {words, sizeof words / sizeof words[0]};

static void test_table(void **state)
{
	static const struct {
		const char *url, *host;
		unsigned port;
		bool allowed;
	} rows[] = {
	    {"http://ocsp.example/", "ocsp.example", 80, false},
	    {"HTTP://OCSP.Example:8080/a?b=c", "ocsp.example", 8080, false},
	    {"https://ocsp.example", "ocsp.example", 443, false},
	    {"http://ocsp.example:65535/", "ocsp.example", 65535, false},
	    {"http://1.2.3.4:1024/", "1.2.3.4", 1024, false},
	    {"http://[2606:4700::1111]/", "[2606:4700::1111]", 80, false},
	    {"http://10.1.2.3:8080/x", "10.1.2.3", 8080, true},
	    {"http://10.1.2.3/x", "10.1.2.3", 80, false},
	    {"http://intranet.example/x", "intranet.example", 80, true},
	    {"https://INTRANET.example:22/x", "intranet.example", 22, true},
	    {"http://[fd00::1]:81/", "[fd00::1]", 81, true},
	    {"http://[fd00::1]/", "[fd00::1]", 80, false},
	    {"http://[FD00::2]:99/", "[fd00::2]", 99, true},
	    {"http://127.0.0.1:25/", "127.0.0.1", 25, true},
	    /* libcurl's own reading of the numbers, so that no word means another host. */
	    {"http:///x", "x", 80, false},
	    {"http://0x7f.1/", "127.0.0.1", 80, false},
	    {"http://2130706433/", "127.0.0.1", 80, false},
	    {"http://017700000001/", "127.0.0.1", 80, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct net_url u;

		if (!net_url_read(rows[i].url, &allow, &u))
			fail_msg("%s is refused", rows[i].url);
		assert_string_equal(u.host, rows[i].host);
		assert_int_equal(u.port, rows[i].port);
		if (u.allowed != rows[i].allowed)
			fail_msg("%s: allowed is wrong", rows[i].url);
	}
}

static void test_refused(void **state)
{
	static const char *const rows[] = {"", "ocsp.example", "//ocsp.example/", "http://",
	    "ftp://ocsp.example/", "file:///etc/passwd", "gopher://ocsp.example/",
	    "dict://ocsp.example:11211/", "ldap://ocsp.example/", "javascript:alert(1)",
	    "http://me@ocsp.example/", "http://me:secret@ocsp.example/", "http://:@ocsp.example/",
	    "http://ocsp.example:25/", "http://ocsp.example:22/", "http://ocsp.example:0/",
	    "http://ocsp.example:65536/", "http://ocsp.example:-1/", "http://ocsp.example:80x/",
	    "http://ocsp.example/a b", "http://ocsp.example/a\r\nHost: other",
	    "http://ocsp.example/\x7f", "http://ocsp.example\\@10.0.0.1/", "http://\xE9xample/",
	    "http://a%00b.example/", "http://a%2Fb.example/", "http://a%40b.example/",
	    "http://%88/", "http://[::1/", "http://[fe80::1%25lo]x/"};
	static char large[NET_URL_MAX + 20];
	struct net_url u;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (net_url_read(rows[i], &allow, &u))
			fail_msg("%s is taken", rows[i]);
		assert_int_equal(u.text[0], 0);
	}
	memset(large, 'a', sizeof large - 1);
	memcpy(large, "http://a/", 9);
	assert_false(net_url_read(large, NULL, &u));
	large[NET_URL_MAX - 1] = 0;
	assert_true(net_url_read(large, NULL, &u));
	assert_true(net_url_read("http://ocsp.example/#part", NULL, &u));
	assert_string_equal(u.text, "http://ocsp.example/");
}

/* What is told before anybody is asked is what asking would come to. */
static void test_foreseen(void **state)
{
	static const struct {
		const char *url;
		enum net_outcome o;
	} rows[] = {
	    {"http://ocsp.example/", NET_OK},
	    {"HTTPS://ocsp.example:8443?x=@10.0.0.1", NET_OK},
	    {"http://1.1.1.1/", NET_OK},
	    {"http://[2606:4700::1111]:1024/", NET_OK},
	    {"http://localhost.example/", NET_OK},
	    {"http://notlocalhost/", NET_OK},
	    {"http://10.0.0.1/x.crl", NET_ADDRESS_REFUSED},
	    {"https://10.0.0.1./", NET_ADDRESS_REFUSED},
	    {"http://2130706433:8080/", NET_ADDRESS_REFUSED},
	    {"http://0x7f.1/", NET_ADDRESS_REFUSED},
	    {"http://[::1]:80/", NET_ADDRESS_REFUSED},
	    {"http://[::ffff:1.1.1.1]/", NET_ADDRESS_REFUSED},
	    {"http://LOCALHOST/", NET_ADDRESS_REFUSED},
	    {"http://a.localhost.:8080/", NET_ADDRESS_REFUSED},
	    {"ldap://ca.example/cn=CA", NET_URL_REFUSED},
	    {"ldap:///cn=CA", NET_URL_REFUSED},
	    {"http://me:secret@ca.example/", NET_URL_REFUSED},
	    {"http://10.0.0.1@ca.example/", NET_URL_REFUSED},
	    {"http://ca.example:25/", NET_URL_REFUSED},
	    {"http://ca.example:65536/", NET_URL_REFUSED},
	    {"http://ca.example/a\r\nHost: other", NET_URL_REFUSED},
	    {"http://ca.example\\@10.0.0.1/", NET_URL_REFUSED},
	    {"http://[::1", NET_URL_REFUSED},
	};
	struct net_url u;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (net_foresee(NET_CRL, rows[i].url) != rows[i].o)
			fail_msg("%s", rows[i].url);
		/* By the rules of asking themselves. */
		if (net_url_read(rows[i].url, NULL, &u) == (rows[i].o == NET_URL_REFUSED))
			fail_msg("%s: asked otherwise", rows[i].url);
	}
	assert_int_equal(net_foresee(NET_ENTITY, "http://issuer.example/"), NET_URL_REFUSED);
	assert_int_equal(net_foresee(NET_ENTITY, "http://10.0.0.1/"), NET_ADDRESS_REFUSED);
	assert_int_equal(net_foresee(NET_ENTITY, "https://issuer.example/"), NET_OK);
}

static void test_next(void **state)
{
	struct net_url from, to;

	(void)state;
	assert_true(net_url_read("http://ca.example/a/b", &allow, &from));
	assert_true(net_url_next(&from, "c", &allow, &to));
	assert_string_equal(to.text, "http://ca.example/a/c");
	assert_true(net_url_next(&from, "//10.1.2.3:8080/", &allow, &to));
	assert_true(to.allowed);
	assert_true(net_url_next(&from, "https://other.example/", &allow, &to));
	assert_true(to.tls);
	assert_false(net_url_next(&from, "http://me@other.example/", &allow, &to));
	assert_false(net_url_next(&from, "file:///etc/passwd", &allow, &to));
	assert_false(net_url_next(&from, "http://other.example:22/", &allow, &to));
	assert_false(net_url_next(&from, "", &allow, &to) && to.text[0] == 0);
	assert_true(net_url_read("https://ca.example/", &allow, &from));
	assert_false(net_url_next(&from, "http://ca.example/", &allow, &to));
	assert_true(net_url_next(&from, "/x", &allow, &to));
	/* In place. */
	assert_true(net_url_next(&to, "y", &allow, &to));
	assert_string_equal(to.text, "https://ca.example/y");
}

static void test_allow(void **state)
{
	static const char *const good[] = {
	    "localhost", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:65535", "a.example:1"};
	static const char *const bad[] = {"", ":80", "a:", "a:0", "a:65536", "a:80x", "a:+8",
	    "[::1", "[::1]80", "a b", "http://a", "me@a", "a/b", "::1"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!net_allow_ok(good[i]))
			fail_msg("'%s' is refused", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (net_allow_ok(bad[i]))
			fail_msg("'%s' is taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table),
	    cmocka_unit_test(test_refused), cmocka_unit_test(test_foreseen),
	    cmocka_unit_test(test_next), cmocka_unit_test(test_allow)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
