/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparing serial numbers. */
#include "client/serial.h"

#include <ctype.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

#define SERIAL_MAX 128

/* The digits alone; false when there is something else in it, or nothing. */
static bool digits_of(const char *s, char out[SERIAL_MAX])
{
	size_t n = 0;

	while (isspace((unsigned char)*s))
		s++;
	if (!strncasecmp(s, "serial=", 7)) /* as `openssl x509 -serial` prints it */
		s += 7;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		s += 2;
	for (; *s; s++) {
		if (strchr(" \t:.-", *s))
			continue;
		if (!isxdigit((unsigned char)*s) || n + 1 == SERIAL_MAX)
			return false;
		if (n || *s != '0')
			out[n++] = *s;
	}
	out[n] = 0;
	return true;
}

static bool same_in_decimal(const char *digits, const char *hex)
{
	BIGNUM *a = NULL, *b = NULL;
	bool same = digits[0] && digits[strspn(digits, "0123456789")] == 0 &&
		    BN_dec2bn(&a, digits) > 0 && BN_hex2bn(&b, hex) > 0 && !BN_cmp(a, b);

	BN_free(a);
	BN_free(b);
	return same;
}

bool serial_same(const char *typed, const char *hex)
{
	char a[SERIAL_MAX], b[SERIAL_MAX];
	bool minus = *hex == '-'; /* some CAs number below zero */

	if (minus != (*typed == '-') || !*typed || !digits_of(typed, a) || !digits_of(hex, b))
		return false;
	return !strcasecmp(a, b) || (!minus && same_in_decimal(a, b));
}

/* Letters and digits alone; false when there are none. */
static bool plain(const char *s, char out[SERIAL_MAX])
{
	size_t n = 0;

	for (; *s && n + 1 < SERIAL_MAX; s++)
		if (!strchr(" \t:.-", *s))
			out[n++] = *s;
	out[n] = 0;
	return n > 0 && !*s;
}

bool serial_of_token(const char *typed, const char *serial)
{
	char a[SERIAL_MAX], b[SERIAL_MAX];
	size_t m, n;

	if (!plain(typed, a) || !plain(serial, b))
		return false;
	m = strlen(a);
	n = strlen(b);
	return !strcasecmp(a, b) || (m == 16 && n > m && !strcasecmp(a, b + n - m)) ||
	       (n == 16 && m > n && !strcasecmp(a + m - n, b));
}
