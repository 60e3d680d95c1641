/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses that are surely refused: told without libcurl, which takes its time to load, and
 * without asking anybody for a name. It only tells: what is asked goes by net/url.h, whatever is
 * said here.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/address.h"
#include "net/fetch.h"
#include "net/url.h"
#include "util/text.h"

#define HOST_MAX 256

/* With a dot at the end or without; RFC 6761, 6.3. */
static bool is_local(const char *host, size_t n)
{
	static const char local[] = "localhost";
	const size_t len = sizeof local - 1;

	n -= n && host[n - 1] == '.';
	return n >= len && strncasecmp(host + n - len, local, len) == 0 &&
	       (n == len || host[n - len - 1] == '.');
}

/* An address in figures that is not public; a name is for whoever asks. */
static bool is_private(char *host)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	size_t n = strlen(host);

	if (host[0] == '[') {
		host[n - 1] = 0;
		return inet_pton(AF_INET6, host + 1, &v6.sin6_addr) == 1 &&
		       !net_address_public((const struct sockaddr *)&v6, sizeof v6);
	}
	if (is_local(host, n))
		return true;
	if (n && host[n - 1] == '.')
		host[n - 1] = 0;
	return inet_aton(host, &v4.sin_addr) == 1 &&
	       !net_address_public((const struct sockaddr *)&v4, sizeof v4);
}

static bool port_asked(const char *port)
{
	return *port != ':' || net_port_open(strtoul(port + 1, NULL, 10));
}

enum net_outcome net_foresee(enum net_kind kind, const char *url)
{
	bool tls = strncasecmp(url, "https://", 8) == 0;
	const char *host = url + (tls ? 8 : 7);
	char name[HOST_MAX];
	size_t all, n;

	if (!tls && strncasecmp(url, "http://", 7) != 0)
		return NET_URL_REFUSED;
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '\\')
			return NET_URL_REFUSED;
	all = strcspn(host, "/?#");
	n = host[0] == '[' ? strcspn(host, "]/?#") + 1 : strcspn(host, ":/?#");
	if (!n || memchr(host, '@', all) || n > all || n >= sizeof name || !port_asked(host + n))
		return NET_URL_REFUSED;
	memcpy(name, host, n);
	name[n] = 0;
	if (is_private(name))
		return NET_ADDRESS_REFUSED;
	return net_kind_tls(kind) && !tls ? NET_URL_REFUSED : NET_OK;
}
