/* SPDX-License-Identifier: BSD-2-Clause */
/* A blocked token back to what its maker shipped. */
#ifndef ECERT_ACTIONS_TOKEN_RESET_H
#define ECERT_ACTIONS_TOKEN_RESET_H

#include "ui/job.h"

struct token_reset_deed {
	bool yes; /* the person said so before; else ui_confirm asks */
};

struct token_reset_result {
	char label[64]; /* that it had */
};

/* Destroys all keys and certificates. Reports its errors: PIN or PUK not blocked, nobody said yes
 * (OUT_REFUSED). */
enum outcome token_reset(const struct job *job, const struct token_reset_deed *deed,
    struct token_reset_result *out) MUST_CHECK;

#endif
