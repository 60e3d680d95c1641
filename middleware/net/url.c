/* SPDX-License-Identifier: BSD-2-Clause */
/* URLs from certificates and redirects, by libcurl's own reader: no other reader, which might see
 * another host. */
#include "net/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/curl.h"
#include "util/text.h"

static bool visible(const char *s)
{
	for (; *s; s++)
		if (*s <= ' ' || *s > '~' || *s == '\\')
			return false;
	return true;
}

static bool take(CURLU *u, CURLUPart part, unsigned flags, char *out, size_t cap)
{
	char *text = NULL;
	bool ok = net_curl()->url_get(u, part, &text, flags) == CURLUE_OK && strlen(text) < cap;

	if (ok)
		text_copy(out, cap, text);
	net_curl()->free(text);
	return ok;
}

/* "HOST", "HOST:PORT", "[::1]:80": where the host ends, and the port; 0: any. False: neither. */
static bool split(const char *word, size_t *host, long *port)
{
	const char *end = word[0] == '[' ? strchr(word, ']') : strchr(word, ':');
	char *rest = NULL;

	*port = 0;
	*host = end ? (size_t)(end - word) + (word[0] == '[') : strlen(word);
	if ((word[0] == '[' && !end) || !*host || !visible(word))
		return false;
	if (!word[*host])
		return true;
	if (word[*host] != ':' || word[*host + 1] < '1' || word[*host + 1] > '9')
		return false;
	*port = strtol(word + *host + 1, &rest, 10);
	return !*rest && *port <= 65535;
}

bool net_allow_ok(const char *word)
{
	size_t host;
	long port;

	return split(word, &host, &port) && !strpbrk(word, "/@?#") && host < 256;
}

static bool named(const struct net_url *u, const struct strlist *allow)
{
	for (size_t i = 0; allow && i < allow->n; i++) {
		size_t host;
		long port;

		if (split(allow->v[i], &host, &port) && host == strlen(u->host) &&
		    strncasecmp(allow->v[i], u->host, host) == 0 && (!port || port == u->port))
			return true;
	}
	return false;
}

bool net_port_open(unsigned long port)
{
	return port == 80 || port == 443 || (port >= 1024 && port <= 65535);
}

/* libcurl decodes %XX in a host: what comes out is a name or an address, or nothing. */
static bool host_ok(const char *host)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz0123456789-._";
	size_t n = strlen(host);

	if (host[0] != '[')
		return n && strspn(host, name) == n;
	return n > 2 && strspn(host + 1, "0123456789abcdef:.") == n - 2 && host[n - 1] == ']';
}

/* What the handle has now. */
static bool judge(CURLU *u, const struct strlist *allow, struct net_url *out)
{
	char scheme[16] = "", port[8] = "";
	bool ok = net_curl()->url_set(u, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
		  take(u, CURLUPART_SCHEME, 0, scheme, sizeof scheme) &&
		  take(u, CURLUPART_HOST, 0, out->host, sizeof out->host) &&
		  take(u, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port) &&
		  take(u, CURLUPART_URL, 0, out->text, sizeof out->text);
	long n = strtol(port, NULL, 10);

	out->tls = strcmp(scheme, "https") == 0;
	if (!ok || n < 1 || n > 65535 || !out->host[0] ||
	    (!out->tls && strcmp(scheme, "http") != 0))
		return false;
	for (char *p = out->host; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	if (!host_ok(out->host))
		return false;
	out->port = (uint16_t)n;
	out->allowed = named(out, allow);
	return out->allowed || net_port_open(out->port);
}

/* base: NULL for one that stands alone. */
static bool read_url(
    const char *base, const char *url, const struct strlist *allow, struct net_url *out)
{
	CURLU *u = net_curl() ? net_curl()->url() : NULL;
	bool ok = u && strlen(url) < NET_URL_MAX && visible(url);

	memset(out, 0, sizeof *out);
	if (ok && base)
		ok = net_curl()->url_set(u, CURLUPART_URL, base, CURLU_DISALLOW_USER) == CURLUE_OK;
	ok = ok && net_curl()->url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
	     judge(u, allow, out);
	if (u)
		net_curl()->url_cleanup(u);
	if (!ok)
		memset(out, 0, sizeof *out);
	return ok;
}

bool net_url_read(const char *url, const struct strlist *allow, struct net_url *out)
{
	return read_url(NULL, url, allow, out);
}

bool net_url_next(const struct net_url *from, const char *location, const struct strlist *allow,
    struct net_url *out)
{
	struct net_url base = *from;

	if (!read_url(base.text, location, allow, out))
		return false;
	if (base.tls && !out->tls) {
		memset(out, 0, sizeof *out);
		return false;
	}
	return true;
}
