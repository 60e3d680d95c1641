/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial numbers as people copy them. */
#ifndef ECERT_CLIENT_SERIAL_H
#define ECERT_CLIENT_SERIAL_H

#include <stdbool.h>

/*
 * Whether what was typed is this serial number, given in hexadecimal: with or without colons,
 * spaces, dots, hyphens, "0x" and leading zeros, in either case; or in decimal, as Java and some
 * CAs print it.
 */
bool serial_same(const char *typed, const char *hex);
/*
 * The same for a token's, which is compared as it is written (most are decimal), colons, blanks,
 * hyphens and case apart. PKCS#11 has room for 16 characters: of a longer one its last 16 are the
 * same token's, too.
 */
bool serial_of_token(const char *typed, const char *serial);

#endif
