/* SPDX-License-Identifier: BSD-2-Clause */
/* The documents that programs read, as text. */
#ifndef ECERT_ACTIONS_ANSWER_H
#define ECERT_ACTIONS_ANSWER_H

#include <jansson.h>

/* json_dumps in which a number has the shortest digits that stand for it, so that what somebody
 * signed is shown with its own digits. Free with free(); NULL when memory is out. */
char *answer_text(const json_t *o, size_t flags);

#endif
