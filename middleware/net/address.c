/* SPDX-License-Identifier: BSD-2-Clause */
/* The blocks of addresses that are not public, as tables. */
#include "net/address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct block {
	uint8_t prefix[16];
	unsigned bits;
};

static bool within(const uint8_t *address, const struct block *b)
{
	unsigned whole = b->bits / 8, rest = b->bits % 8;

	if (memcmp(address, b->prefix, whole) != 0)
		return false;
	return !rest || ((address[whole] ^ b->prefix[whole]) >> (8 - rest)) == 0;
}

static bool in_any(const uint8_t *address, const struct block *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (within(address, &b[i]))
			return true;
	return false;
}

/* IANA IPv4 Special-Purpose Address Registry; multicast, and what is reserved above it. */
static const struct block special4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 3},
};

/* RFC 4291, 2.4: unicast that is given out. Everything else is loopback, mapped, local, multicast
 * or not in use. */
static const struct block unicast6 = {{0x20}, 3};

/* IANA IPv6 Special-Purpose Address Registry, what is in 2000::/3: protocol assignments with Teredo
 * and ORCHID, documentation, 6to4. */
static const struct block special6[] = {
    {{0x20, 0x01}, 23},
    {{0x20, 0x01, 0x0D, 0xB8}, 32},
    {{0x20, 0x02}, 16},
    {{0x3F, 0xFF}, 20},
};

/* RFC 6052, 2.1: a network without IPv4 reaches it by these. */
static const struct block nat64 = {{0x00, 0x64, 0xFF, 0x9B}, 96};

static bool public4(const uint8_t address[4])
{
	return !in_any(address, special4, sizeof special4 / sizeof special4[0]);
}

static bool public6(const uint8_t address[16])
{
	if (within(address, &nat64))
		return public4(address + 12);
	return within(address, &unicast6) &&
	       !in_any(address, special6, sizeof special6 / sizeof special6[0]);
}

bool net_address_public(const struct sockaddr *address, socklen_t size)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (size < sizeof address->sa_family)
		return false;
	if (address->sa_family == AF_INET && size >= sizeof v4) {
		memcpy(&v4, address, sizeof v4);
		return public4((const uint8_t *)&v4.sin_addr);
	}
	if (address->sa_family == AF_INET6 && size >= sizeof v6) {
		memcpy(&v6, address, sizeof v6);
		return public6(v6.sin6_addr.s6_addr);
	}
	return false;
}
