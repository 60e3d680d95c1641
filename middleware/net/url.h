/* SPDX-License-Identifier: BSD-2-Clause */
/* Which URLs are asked at all. */
#ifndef ECERT_NET_URL_H
#define ECERT_NET_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "util/strlist.h"

#define NET_URL_MAX 2048

struct net_url {
	char text[NET_URL_MAX]; /* as it is asked: without a fragment */
	char host[256];		/* lower case; an IPv6 address in its brackets */
	uint16_t port;
	bool tls;
	bool allowed; /* the relying party names its host: it may be anywhere */
};

/*
 * Reads one as libcurl does, which asks it afterwards. Refused are other schemes than http and
 * https, user names and passwords, bytes that are no visible ASCII, and, where the relying party
 * does not name the host, ports below 1024 but 80 and 443, behind which other protocols listen.
 * allow: HOST or HOST:PORT each; NULL: nobody.
 */
bool net_url_read(const char *url, const struct strlist *allow, struct net_url *out);

/* Where a redirect leads, which may be relative to the one that it came from; judged like the
 * first, and never from https to http. */
bool net_url_next(const struct net_url *from, const char *location, const struct strlist *allow,
    struct net_url *out);

/* 80, 443, and those from 1024 on: who names no hosts is asked for no others. */
bool net_port_open(unsigned long port);

/* Whether a word is HOST or HOST:PORT: a name, an IPv4 address, an IPv6 address in brackets. */
bool net_allow_ok(const char *word);

#endif
