/* SPDX-License-Identifier: BSD-2-Clause */
/* Domain names and URLs, in one spelling only. */
#include <string.h>
#include <strings.h>

#include "trust/names.h"

#define HOST_MAX  253
#define LABEL_MAX 63

static const char label_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

/* n bytes: labels between dots (RFC 1123, 2.1), the last of which is no number. */
static bool is_host(const char *s, size_t n)
{
	size_t labels = 0, at = 0, len = 0;

	if (n == 0 || n > HOST_MAX)
		return false;
	do {
		len = strspn(s + at, label_bytes);
		if (len == 0 || len > LABEL_MAX || s[at] == '-' || s[at + len - 1] == '-')
			return false;
		labels++;
		at += len + 1;
	} while (at <= n && s[at - 1] == '.');
	return at == n + 1 && labels >= 2 && strspn(s + n - len, "0123456789") < len;
}

bool name_is_host(const char *s)
{
	return is_host(s, strlen(s));
}

/* Behind "https://": bytes up to the port, the path, the query or the end; 0: another scheme. */
static size_t host_of(const char *url, const char **host)
{
	if (strncmp(url, "https://", 8) != 0)
		return 0;
	*host = url + 8;
	return strcspn(*host, ":/?#");
}

bool name_is_url(const char *s)
{
	const char *host = NULL;
	size_t n = host_of(s, &host);
	const char *rest;

	if (n == 0 || !is_host(host, n))
		return false;
	rest = host + n;
	if (*rest == ':') {
		size_t digits = strspn(rest + 1, "0123456789");

		if (digits == 0 || digits > 5)
			return false;
		rest += 1 + digits;
	}
	if (*rest && !strchr("/?#", *rest))
		return false;
	for (; *rest; rest++)
		if (*rest <= ' ' || *rest > '~' || strchr("\"<>\\^`{|}", *rest))
			return false;
	return true;
}

bool name_url_in_domain(const char *url, const char *domain)
{
	const char *host = NULL;
	size_t n = host_of(url, &host), d = strlen(domain);

	if (n < d || d == 0 || strncmp(host + n - d, domain, d) != 0)
		return false;
	return n == d || host[n - d - 1] == '.';
}

/* The host of a URL however it is spelt: behind the scheme and what names a user, up to the port,
 * the path, the query or the end. */
static size_t loose_host(const char *url, const char **host)
{
	size_t n, at;

	if (strncasecmp(url, "https://", 8) != 0)
		return 0;
	*host = url + 8;
	n = strcspn(*host, "/?#\\");
	for (at = n; at > 0 && (*host)[at - 1] != '@'; at--)
		;
	*host += at;
	n = strcspn(*host, ":/?#\\");
	return n > 0 && (*host)[n - 1] == '.' ? n - 1 : n;
}

bool name_same_host(const char *a, const char *b)
{
	const char *x = NULL, *y = NULL;
	size_t n = loose_host(a, &x);

	return n > 0 && loose_host(b, &y) == n && strncasecmp(x, y, n) == 0;
}
