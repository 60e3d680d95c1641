/* SPDX-License-Identifier: BSD-2-Clause */
/* The tokens that are plugged in. */
#ifndef ECERT_ACTIONS_TOKEN_LIST_H
#define ECERT_ACTIONS_TOKEN_LIST_H

#include "actions/token/row.h"
#include "client/pick.h"
#include "ui/job.h"

struct token_list_deed {
	bool none_is_fine; /* else it is told why there is none (OUT_NO_TOKEN) */
};

struct token_list {
	char module[4096]; /* that shows them */
	struct token_row row[PICK_MAX];
	size_t n;
};

/* Reports its errors. */
enum outcome token_list(
    const struct job *job, const struct token_list_deed *deed, struct token_list *out) MUST_CHECK;

#endif
