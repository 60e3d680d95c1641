/* SPDX-License-Identifier: BSD-2-Clause */
/* Other names of a certificate's owner, as people type them: e-mail, host, URI, IP address. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "provision/subject.h"

#define INTERNATIONAL MSG_ID("international names go in as xn--..., which `idn2 NAME` tells")

typedef const char *check_fn(const char *text, size_t n); /* why it cannot be, an id;
							   NULL: it can */

/* RFC 5280, 4.2.1.6 with RFC 1123, 2.1: labels of letters, digits and hyphens. */
static const char *bad_host(const char *text, size_t n)
{
	size_t label = 0;

	if (n > 253)
		return MSG_ID("a host name has 253 characters at most");
	for (size_t i = 0; i <= n; i++) {
		if (i == n || text[i] == '.') {
			if (!label)
				return MSG_ID("a part between two dots is empty");
			if (label > 63)
				return MSG_ID("a part of a host name has 63 characters at most");
			if (text[i - label] == '-' || text[i - 1] == '-')
				return MSG_ID(
				    "no part of a host name begins or ends with a hyphen");
			label = 0;
			continue;
		}
		if ((unsigned char)text[i] >= 0x80)
			return INTERNATIONAL;
		if (!isalnum((unsigned char)text[i]) && text[i] != '-')
			return MSG_ID("a host name has letters, digits, hyphens and dots only");
		label++;
	}
	return NULL;
}

static const char *bad_dns(const char *text, size_t n)
{
	bool wild = n > 2 && text[0] == '*' && text[1] == '.';

	return bad_host(text + (wild ? 2 : 0), n - (wild ? 2 : 0));
}

/* RFC 5321, 4.1.2, without the quoted form that nobody has. */
static const char *bad_email(const char *text, size_t n)
{
	const char *at = memchr(text, '@', n);
	size_t local = at ? (size_t)(at - text) : 0;

	if (!local)
		return MSG_ID("an e-mail address is like mei@wong.example");
	if (local > 64)
		return MSG_ID("there are 64 characters at most before the @");
	for (size_t i = 0; i < local; i++) {
		bool dot = text[i] == '.';

		if ((unsigned char)text[i] >= 0x80)
			return MSG_ID("what is before the @ has to be ASCII (RFC 5280)");
		if (!isalnum((unsigned char)text[i]) && !strchr("!#$%&'*+-/=?^_`{|}~.", text[i]))
			return MSG_ID("before the @ there is a character that no address has");
		if (dot && (!i || i + 1 == local || text[i + 1] == '.'))
			return MSG_ID("a dot before the @ stands between two letters");
	}
	return bad_host(at + 1, n - local - 1);
}

/* RFC 3986: a scheme, and no character that has to be escaped. */
static const char *bad_uri(const char *text, size_t n)
{
	size_t scheme = strspn(
	    text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	if (!isalpha((unsigned char)text[0]) || text[scheme] != ':' || scheme + 1 >= n)
		return MSG_ID("a URI is like https://wong.example/");
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return MSG_ID("a URI is ASCII: the host as xn--..., the rest as %XX");
		if (!isgraph((unsigned char)text[i]) || strchr("\"<>\\^`{|}", text[i]))
			return MSG_ID("a URI has this character as %XX only");
	}
	return NULL;
}

static enum ecert_rc add(GENERAL_NAMES *list, int type, ASN1_STRING *s, const void *v, size_t n)
{
	GENERAL_NAME *g = GENERAL_NAME_new();

	if (!g || !s || ASN1_STRING_set(s, v, (int)n) != 1) {
		GENERAL_NAME_free(g);
		ASN1_STRING_free(s);
		return ECERT_E_MEMORY;
	}
	GENERAL_NAME_set0_value(g, type, s);
	if (sk_GENERAL_NAME_push(list, g) > 0)
		return ECERT_OK;
	GENERAL_NAME_free(g);
	return ECERT_E_MEMORY;
}

static enum ecert_rc add_ip(const char *text, GENERAL_NAMES *list, struct message_kept *why)
{
	unsigned char v[16];
	size_t n = inet_pton(AF_INET, text, v) == 1    ? 4
		   : inet_pton(AF_INET6, text, v) == 1 ? 16
						       : 0;

	if (n)
		return add(list, GEN_IPADD, ASN1_OCTET_STRING_new(), v, n);
	message_keep(why, MSG("an IP address is like 192.0.2.1 or 2001:db8::1"));
	return ECERT_E_MALFORMED;
}

enum ecert_rc san_parse(const char *text, GENERAL_NAMES *list, struct message_kept *why)
{
	static const struct {
		const char *prefix;
		int type;
		check_fn *bad;
	} kinds[] = {{"email:", GEN_EMAIL, bad_email}, {"dns:", GEN_DNS, bad_dns},
	    {"uri:", GEN_URI, bad_uri}, {"ip:", GEN_IPADD, NULL}};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const char *value = text + strlen(kinds[i].prefix), *bad;

		if (strncasecmp(text, kinds[i].prefix, strlen(kinds[i].prefix)))
			continue;
		if (!kinds[i].bad)
			return add_ip(value, list, why);
		bad = *value ? kinds[i].bad(value, strlen(value))
			     : MSG_ID("nothing is behind the colon");
		if (!bad)
			return add(list, kinds[i].type, ASN1_IA5STRING_new(), value, strlen(value));
		message_keep(why, MSG(bad));
		return ECERT_E_MALFORMED;
	}
	message_keep(why, MSG("it begins with none of email:, dns:, uri: and ip:"));
	return ECERT_E_MALFORMED;
}
