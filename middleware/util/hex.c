/* SPDX-License-Identifier: BSD-2-Clause */
/* Hexadecimal and base64url. */
#include "util/hex.h"

static const char digits[] = "0123456789abcdef";
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void hex_put(struct buf *b, struct rd bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		buf_u8(b, (uint8_t)digits[bytes.p[i] >> 4]);
		buf_u8(b, (uint8_t)digits[bytes.p[i] & 0x0F]);
	}
}

void hex_str(struct rd bytes, char *out)
{
	for (size_t i = 0; i < bytes.n; i++) {
		*out++ = digits[bytes.p[i] >> 4];
		*out++ = digits[bytes.p[i] & 0x0F];
	}
	*out = '\0';
}

static int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

enum ecert_rc hex_get(struct rd text, struct buf *out)
{
	int high = -1;

	for (size_t i = 0; i < text.n; i++) {
		int v = hex_value(text.p[i]);

		if (v < 0 && is_blank(text.p[i]) && high < 0)
			continue;
		if (v < 0)
			return ECERT_E_MALFORMED;
		if (high < 0) {
			high = v;
			continue;
		}
		buf_u8(out, (uint8_t)(high << 4 | v));
		high = -1;
	}
	return high < 0 ? buf_rc(out) : ECERT_E_MALFORMED;
}

void b64url_put(struct buf *b, struct rd bytes)
{
	uint32_t acc = 0;
	int bits = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		acc = acc << 8 | bytes.p[i];
		for (bits += 8; bits >= 6; bits -= 6)
			buf_u8(b, (uint8_t)alphabet[acc >> (bits - 6) & 0x3F]);
	}
	if (bits > 0)
		buf_u8(b, (uint8_t)alphabet[acc << (6 - bits) & 0x3F]);
}

static int b64url_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

enum ecert_rc b64url_get(struct rd text, struct buf *out)
{
	uint32_t acc = 0;
	int bits = 0;

	if (text.n % 4 == 1)
		return ECERT_E_MALFORMED;
	for (size_t i = 0; i < text.n; i++) {
		int v = b64url_value(text.p[i]);

		if (v < 0)
			return ECERT_E_MALFORMED;
		acc = (acc << 6 | (uint32_t)v) & 0xFFFF;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_u8(out, (uint8_t)(acc >> bits));
		}
	}
	if ((acc & ((1u << bits) - 1)) != 0)
		return ECERT_E_MALFORMED;
	return buf_rc(out);
}
