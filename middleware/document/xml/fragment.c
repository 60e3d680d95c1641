/* SPDX-License-Identifier: BSD-2-Clause */
/* What of an answer may be put into a document. */
#include "document/xml/fragment.h"

#include <string.h>

bool xml_is_plain_id(struct rd id)
{
	for (size_t i = 0; i < id.n; i++) {
		uint8_t c = id.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '.' || c == '_'))
			return false;
	}
	return true;
}

bool xml_is_tag_name(struct rd name)
{
	return !name.n || (!memchr(name.p, '<', name.n) && !memchr(name.p, '>', name.n));
}
