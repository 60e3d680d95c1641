/* SPDX-License-Identifier: BSD-2-Clause */
/* A token as lists show it: a step of the deeds of this folder. */
#ifndef ECERT_ACTIONS_TOKEN_ROW_H
#define ECERT_ACTIONS_TOKEN_ROW_H

#include <stdbool.h>
#include <stddef.h>

struct p11;

struct token_row {
	char label[64], serial[40], reader[130]; /* serial "": it has none */
	char model[64], manufacturer[128];
	long slot_id;
	bool pin_blocked, pin_last_try;
};

/* All tokens of the module, at most cap; *at, unless NULL, is the chosen one's place among them. */
size_t token_rows(const struct p11 *p, struct token_row *out, size_t cap, size_t *at);

#endif
