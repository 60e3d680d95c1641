/* SPDX-License-Identifier: BSD-2-Clause */
/* Names on the web as they may stand in requests and tokens, so that the same name is the same
 * bytes. */
#ifndef ECERT_TRUST_NAMES_H
#define ECERT_TRUST_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A domain name in the one form in which it is compared: at least two labels of lower-case letters,
 * digits and hyphens (RFC 5890, 2.3.1; international names as xn--...), no wildcard, no dot at the
 * end, no address.
 */
bool name_is_host(const char *s);
/* https://HOST[:PORT] and what may follow: printable ASCII, without a user's name. */
bool name_is_url(const char *s);
/* The host of such a URL belongs to the domain: it is it, or a name below it. */
bool name_url_in_domain(const char *url, const char *domain);

/* Whether two https URLs lead to one host, however they are spelt: capitals, a port, a user, a dot
 * at the end. For what is refused, never for what is believed. */
bool name_same_host(const char *a, const char *b);

#endif
