/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers in JSON that come out as they went in: jansson keeps a double, and prints 17 digits of
 * it, so that 97.4 would become 97.400000000000006. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/json.h"

#define NUMBER_MAX 64

static bool is_number(char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* The next number of a JSON text, from at on: where it begins, and its bytes; 0 at the end. What
 * stands in strings is passed over. */
static size_t next_number(const char *text, size_t n, size_t *at)
{
	bool quoted = false;
	size_t i = *at, len = 0;

	for (; i < n; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (quoted && text[i] == '\\')
			i++;
		else if (!quoted && (text[i] == '-' || (text[i] >= '0' && text[i] <= '9')))
			break;
	}
	*at = i < n ? i : n;
	while (*at + len < n && is_number(text[*at + len]))
		len++;
	return len;
}

/* The shortest digits that give the same double again, in the form that jansson writes: without an
 * exponent where 17 digits need none, with ".0" when it would look like an integer, and an exponent
 * without '+' and leading zeros. */
static void shortest(double v, char out[NUMBER_MAX])
{
	char *e;
	bool plain;

	(void)snprintf(out, NUMBER_MAX, "%.17g", v);
	plain = !strchr(out, 'e');
	for (int digits = 1; digits <= 17; digits++) {
		(void)snprintf(out, NUMBER_MAX, "%.*g", digits, v);
		if (strtod(out, NULL) == v && (!plain || !strchr(out, 'e')))
			break;
	}
	e = strchr(out, 'e');
	if (e) {
		char *from = e + (e[1] == '+' || e[1] == '-' ? 2 : 1);
		char *to = e + (e[1] == '-' ? 2 : 1);

		while (from[0] == '0' && from[1])
			from++;
		memmove(to, from, strlen(from) + 1);
	} else if (!strchr(out, '.')) {
		strcat(out, ".0");
	}
}

static bool is_real(const char *s, size_t n)
{
	return memchr(s, '.', n) || memchr(s, 'e', n) || memchr(s, 'E', n);
}

/* NUMBER as a double; false when it is longer than any that is shortened here. */
static bool real_of(const char *s, size_t n, double *v)
{
	char copy[2 * NUMBER_MAX];

	if (n >= sizeof copy)
		return false;
	memcpy(copy, s, n);
	copy[n] = 0;
	*v = strtod(copy, NULL);
	return true;
}

char *json_text(const json_t *v, size_t flags)
{
	char *text = json_dumps(v, flags);
	size_t n = text ? strlen(text) : 0, from = 0, to = 0, len;

	for (size_t at = 0; text; from = at) {
		char number[NUMBER_MAX];
		double d;

		len = next_number(text, n, &at);
		memmove(text + to, text + from, at - from);
		to += at - from;
		if (!len)
			break;
		if (is_real(text + at, len) && real_of(text + at, len, &d)) {
			shortest(d, number);
			/* Never longer than 17 digits of it. */
			memcpy(text + to, number, strlen(number));
			to += strlen(number);
		} else {
			memmove(text + to, text + at, len);
			to += len;
		}
		at += len;
	}
	if (text)
		text[to] = 0;
	return text;
}

/* digits times ten to the exponent, without zeros at either end of the digits. */
struct decimal {
	char digits[2 * NUMBER_MAX];
	size_t n; /* 0: zero, whatever the exponent */
	long exponent;
};

static struct decimal decimal_of(const char *s, size_t n)
{
	struct decimal d = {.n = 0};
	bool point = false;
	size_t i = 0;
	long e = 0;

	for (; i < n && i < sizeof d.digits && s[i] != 'e' && s[i] != 'E'; i++) {
		bool digit = s[i] >= '0' && s[i] <= '9';

		point = point || s[i] == '.';
		d.exponent -= point && digit;
		if (digit && (d.n || s[i] != '0'))
			d.digits[d.n++] = s[i];
	}
	for (; d.n && d.digits[d.n - 1] == '0'; d.exponent++)
		d.n--;
	for (size_t k = i; k < n; k++)
		if (s[k] >= '0' && s[k] <= '9' && e < 100000)
			e = 10 * e + (s[k] - '0');
	d.exponent += i + 1 < n && s[i + 1] == '-' ? -e : e;
	return d;
}

static bool same_decimal(const struct decimal *a, const struct decimal *b)
{
	return a->n == b->n && memcmp(a->digits, b->digits, a->n) == 0 &&
	       (a->n == 0 || a->exponent == b->exponent);
}

static bool is_lost(const char *s, size_t n)
{
	char kept[NUMBER_MAX];
	double v;
	struct decimal a, b;

	if (!is_real(s, n))
		return false; /* jansson refuses integers that it cannot keep */
	if (!real_of(s, n, &v))
		return true;
	shortest(v, kept);
	a = decimal_of(s, n);
	b = decimal_of(kept, strlen(kept));
	return !same_decimal(&a, &b);
}

bool json_number_lost(struct rd json, char *number, size_t size)
{
	const char *text = (const char *)json.p;
	size_t len = 0, at = 0;

	for (; (len = next_number(text, json.n, &at)) != 0; at += len) {
		if (!is_lost(text + at, len))
			continue;
		(void)snprintf(number, size, "%.*s", (int)(len < 60 ? len : 60), text + at);
		return true;
	}
	return false;
}
