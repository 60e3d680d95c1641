/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of names on the web: domain names, URLs, which domain a URL belongs to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "trust/names.h"

static void names(void **state)
{
	static const struct {
		const char *s;
		bool host, url;
	} row[] = {
	    {"shop.example.hk", true, false},
	    {"xn--fiqs8s.hk", true, false},
	    {"a.b", true, false},
	    {"1.2.3.com", true, false},
	    {"Shop.example.hk", false, false},
	    {"*.example.hk", false, false},
	    {"shop.example.hk.", false, false},
	    {".example.hk", false, false},
	    {"shop..hk", false, false},
	    {"localhost", false, false},
	    {"10.0.0.1", false, false},
	    {"-shop.hk", false, false},
	    {"shop-.hk", false, false},
	    {"shop_a.hk", false, false},
	    {"\xd1\x95hop.hk", false, false}, /* a Cyrillic letter that looks like an s */
	    {"shop.hk\x01", false, false},
	    {"", false, false},
	    {"a23456789012345678901234567890123456789012345678901234567890123.hk", true, false},
	    {"a234567890123456789012345678901234567890123456789012345678901234.hk", false, false},
	    {"https://shop.hk", false, true},
	    {"https://shop.hk/", false, true},
	    {"https://shop.hk:8443/a?b=c&d=%20#e", false, true},
	    {"https://shop.hk?x", false, true},
	    {"http://shop.hk", false, false},
	    {"HTTPS://shop.hk", false, false},
	    {"https://Shop.hk", false, false},
	    {"https://shop.hk./", false, false},
	    {"https://", false, false},
	    {"https:///shop.hk", false, false},
	    {"https://shop.hk:", false, false},
	    {"https://shop.hk:x", false, false},
	    {"https://shop.hk:123456", false, false},
	    {"https://shop.hk:1@evil.hk", false, false},
	    {"https://shop.hk@evil.hk/", false, false},
	    {"https://shop.hk\\evil.hk", false, false},
	    {"https://shop.hk/a b", false, false},
	    {"https://shop.hk/\xe2\x80\xae", false, false},
	    {"https://[::1]/", false, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (name_is_host(row[i].s) != row[i].host || name_is_url(row[i].s) != row[i].url)
			fail_msg("%s", row[i].s);
	assert_true(name_url_in_domain("https://shop.hk/x", "shop.hk"));
	assert_true(name_url_in_domain("https://www.shop.hk:1", "shop.hk"));
	assert_false(name_url_in_domain("https://myshop.hk", "shop.hk"));
	assert_false(name_url_in_domain("https://shop.hk.evil.hk", "shop.hk"));
	assert_false(name_url_in_domain("https://evil.hk/shop.hk", "shop.hk"));
	assert_false(name_url_in_domain("https://hk", "shop.hk"));
	assert_false(name_url_in_domain("https://shop.hk", ""));
	assert_false(name_url_in_domain("ftp://shop.hk", "shop.hk"));
}

static void one_host_by_any_spelling(void **state)
{
	static const char *const same[] = {"https://issuer.example", "HTTPS://Issuer.Example",
	    "https://issuer.example:8443/a", "https://issuer.example./", "https://issuer.example#a",
	    "https://x@issuer.example?b", "https://other.example@issuer.example/"};
	static const char *const other[] = {"https://issuer.example.evil",
	    "https://xissuer.example", "http://issuer.example", "https://", "", "issuer.example",
	    "https://issuer.example@other.example", "https://other.example/@issuer.example"};
	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		assert_true(name_same_host(same[0], same[i]));
		assert_true(name_same_host(same[i], same[0]));
	}
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
		assert_false(name_same_host(same[0], other[i]));
		assert_false(name_same_host(other[i], same[0]));
	}
	assert_false(name_same_host("", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(one_host_by_any_spelling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
