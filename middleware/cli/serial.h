/* SPDX-License-Identifier: BSD-2-Clause */
/* Serial numbers as people copy them. */
#ifndef ECERT_CLI_SERIAL_H
#define ECERT_CLI_SERIAL_H

#include <stdbool.h>

/*
 * Whether what was typed is this serial number, given in hexadecimal: with or without colons,
 * spaces, dots, hyphens, "0x" and leading zeros, in either case; or in decimal, as Java and some
 * CAs print it.
 */
bool serial_same(const char *typed, const char *hex);

#endif
