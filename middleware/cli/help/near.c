/* SPDX-License-Identifier: BSD-2-Clause */
/* Distances between words, and the nearest of many. */
#include "cli/help/near.h"

#include <string.h>
#include <strings.h>

#define LETTERS_MAX 63

static char low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t near_distance(const char *a, const char *b)
{
	/* Of the rows of the table only the last three are needed. */
	size_t rows[3][LETTERS_MAX + 2], n = strlen(a), m = strlen(b);
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	if (n > LETTERS_MAX || m > LETTERS_MAX)
		return (size_t)-1;
	for (size_t k = 0; k <= m; k++)
		before[k] = last[k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t *free_row = before;

		now[0] = i;
		for (size_t k = 1; k <= m; k++) {
			size_t change = low(a[i - 1]) != low(b[k - 1]);

			now[k] = least(least(last[k], now[k - 1]) + 1, last[k - 1] + change);
			if (i > 1 && k > 1 && low(a[i - 1]) == low(b[k - 2]) &&
			    low(a[i - 2]) == low(b[k - 1]))
				now[k] = least(now[k], before[k - 2] + 1);
		}
		before = last;
		last = now;
		now = free_row;
	}
	return last[m];
}

void near_try(struct near *n, const char *word)
{
	size_t typed = strlen(n->typed), limit = least(typed / 3, 3);
	size_t d = near_distance(n->typed, word);

	if (typed < 3)
		return;
	if (d > 1 && !strncasecmp(word, n->typed, typed))
		d = 1;
	if (d > limit)
		return;
	/* Of two that are equally near the one that begins as the word was begun. */
	if (n->best &&
	    (d > n->distance || (d == n->distance && (low(n->best[0]) == low(n->typed[0]) ||
							 low(word[0]) != low(n->typed[0])))))
		return;
	n->best = word;
	n->distance = d;
}
