/* SPDX-License-Identifier: BSD-2-Clause */
/* The documents that programs read, as text. */
#include "actions/answer.h"

#include "document/json.h"

char *answer_text(const json_t *o, size_t flags)
{
	return json_text(o, flags);
}
