/* SPDX-License-Identifier: BSD-2-Clause */
/* The word that is nearest to one that was mistyped. */
#ifndef ECERT_CLI_HELP_NEAR_H
#define ECERT_CLI_HELP_NEAR_H

#include <stddef.h>

/* How many letters have to be put in, left out, changed or swapped with the next (Damerau and
 * Levenshtein; no letter takes part in two), without regard to ASCII case. Words beyond 63 letters
 * are (size_t)-1 from everything. */
size_t near_distance(const char *a, const char *b);

/* Begin with {.typed = WORD}, try every word, and best is the one that may have been meant, or
 * NULL. A third of the letters may be wrong, three at most; words of one or two letters are never
 * guessed at. The beginning of a word counts as one mistake. */
struct near {
	const char *typed;
	const char *best;
	size_t distance;
};
void near_try(struct near *n, const char *word);

#endif
