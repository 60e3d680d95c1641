/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of formats: the one place that knows all of them. */
#include "document/format.h"

#include "document/cms/cms.h"
#include "document/jose/jose.h"

static const struct doc_format *const formats[] = {&format_cms, &format_jose};
#define FORMATS (sizeof formats / sizeof formats[0])

const struct doc_format *doc_format_beginning(struct rd head)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->begins(head))
			return formats[i];
	return NULL;
}

const struct doc_format *doc_format_inside(struct rd head)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->inside && formats[i]->inside(head))
			return formats[i];
	return NULL;
}
