/* SPDX-License-Identifier: BSD-2-Clause */
/* What the room net reads by itself. The first byte chooses: e an entry of the cache, u a URL, l a
 * URL and, a line below, where it leads to, a an address and its family. */
#include <netinet/in.h>
#include <string.h>

#include "fuzz.h"
#include "net/address.h"
#include "net/cache.h"
#include "net/url.h"

#define NOW ((time_t)1780000000)
#define URL "http://ca.example/crl"

/* What is read lies in the file, to its end; and what is written is read. */
static void entry(struct rd file)
{
	struct buf again = BUF_INIT(1 << 20);
	struct rd body, same;

	if (!net_entry_read(file, URL, NOW, &body)) {
		REQUIRE(!body.n);
		return;
	}
	REQUIRE(body.n && body.p > file.p && body.p + body.n == file.p + file.n);
	net_entry_write(&again, URL, NOW + 1, body);
	REQUIRE(net_entry_read(buf_view(&again), URL, NOW, &same) && rd_equal(body, same));
	REQUIRE(!net_entry_read(buf_view(&again), URL, NOW + 1, &same));
	REQUIRE(!net_entry_read(buf_view(&again), URL "?", NOW, &same));
	buf_free(&again);
}

/* What was judged is what is asked: it reads the same again, and cannot say anything else. */
static void sound(const struct net_url *u)
{
	const char *words[] = {u->host};
	const struct strlist allow = {words, 1};
	struct net_url same;
	const char *host = u->text + (u->tls ? strlen("https://") : strlen("http://"));

	REQUIRE(strncmp(u->text, u->tls ? "https://" : "http://", (size_t)(host - u->text)) == 0);
	REQUIRE(u->host[0] && !memchr(host, '@', strcspn(host, "/?#")));
	REQUIRE(u->port == 80 || u->port == 443 || u->port >= 1024);
	for (const char *p = u->text; *p; p++)
		REQUIRE(*p > ' ' && *p <= '~' && *p != '#');
	REQUIRE(net_url_read(u->text, NULL, &same));
	REQUIRE(strcmp(same.host, u->host) == 0 && same.port == u->port && same.tls == u->tls);
	REQUIRE(!same.allowed && strcmp(same.text, u->text) == 0);
	/* A host that can be named is named by its own name, and by no other. */
	if (net_allow_ok(u->host))
		REQUIRE(net_url_read(u->text, &allow, &same) && same.allowed);
	words[0] = "other.invalid";
	REQUIRE(net_url_read(u->text, &allow, &same));
	REQUIRE(same.allowed == (strcmp(u->host, words[0]) == 0));
}

static void url(char *text)
{
	struct net_url u;

	if (net_url_read(text, NULL, &u))
		sound(&u);
	else
		REQUIRE(!u.text[0]);
	(void)net_allow_ok(text);
}

static void leads(char *text)
{
	char *to = strchr(text, '\n');
	struct net_url from, u;

	if (!to)
		return;
	*to++ = 0;
	if (!net_url_read(text, NULL, &from) || !net_url_next(&from, to, NULL, &u))
		return;
	sound(&u);
	REQUIRE(!from.tls || u.tls);
}

/* RFC 6890: whatever else is public, these never are. */
static void address(struct rd bytes)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const uint8_t *a = bytes.p;

	if (bytes.n == 4) {
		memcpy(&v4.sin_addr, a, 4);
		if (net_address_public((const struct sockaddr *)&v4, sizeof v4))
			REQUIRE(a[0] && a[0] != 10 && a[0] != 127 && a[0] < 224);
	} else if (bytes.n == 16) {
		memcpy(&v6.sin6_addr, a, 16);
		if (net_address_public((const struct sockaddr *)&v6, sizeof v6))
			REQUIRE((a[0] & 0xE0) == 0x20 || (a[1] == 0x64 && a[12] != 127));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[4096];
	size_t n = size - 1 < sizeof text - 1 ? size - 1 : sizeof text - 1;

	if (size < 2)
		return 0;
	memcpy(text, data + 1, n);
	text[n] = 0;
	if (data[0] == 'e')
		entry(rd_of(data + 1, size - 1));
	else if (data[0] == 'u')
		url(text);
	else if (data[0] == 'l')
		leads(text);
	else if (data[0] == 'a')
		address(rd_of(data + 1, size - 1));
	return 0;
}
