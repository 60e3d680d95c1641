/* SPDX-License-Identifier: BSD-2-Clause */
/* What people and programs call a token. */
#ifndef ECERT_ACTIONS_TOKEN_LABEL_H
#define ECERT_ACTIONS_TOKEN_LABEL_H

#include "ui/job.h"

struct token_label_deed {
	const char *name; /* "": model and serial number again */
	const char *mgm;  /* where the management key comes from */
};

struct token_label_result {
	char label[40], serial[40];
};

/* Reports its errors: no label (OUT_USAGE), a token that keeps none (OUT_CARD). */
enum outcome token_call(const struct job *job, const struct token_label_deed *deed,
    struct token_label_result *out) MUST_CHECK;

#endif
