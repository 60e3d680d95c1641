/* SPDX-License-Identifier: BSD-2-Clause */
/* Which addresses belong to the public Internet. */
#ifndef ECERT_NET_ADDRESS_H
#define ECERT_NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * Whether this is the address of a machine that anybody can reach: unicast, and in none of the
 * special-purpose blocks of RFC 6890 and its registries (private, loopback, link-local, shared,
 * documentation, multicast, reserved). An IPv6 address that carries an IPv4 one by NAT64 goes by
 * that; one that maps or tunnels it (RFC 4291, 2.5.5; 6to4, Teredo) is none. Anything but IPv4 and
 * IPv6 is none, and so is an address that is cut short.
 */
bool net_address_public(const struct sockaddr *address, socklen_t size);

#endif
