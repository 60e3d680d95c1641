/* SPDX-License-Identifier: BSD-2-Clause */
/* What XML with a signature is known by is kind/'s: the namespace in a text that begins as XML. */
#include "document/xml/xml.h"

static bool never(struct rd head)
{
	(void)head;
	return false;
}

const struct doc_format format_xades = {
    .kind = DOC_KIND_SIGNED_XML,
    .begins = never,
};
