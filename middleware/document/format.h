/* SPDX-License-Identifier: BSD-2-Clause */
/* The formats of signed documents that are read here: one row for each, filled in its own folder.
 */
#ifndef ECERT_DOCUMENT_FORMAT_H
#define ECERT_DOCUMENT_FORMAT_H

#include "document/kind.h"

/* Both look at no more than the first bytes of a file: a kind is a word for people, no verdict. */
struct doc_format {
	enum doc_kind kind;
	/* It begins as one: nothing that is inside makes it something else. */
	bool (*begins)(struct rd head);
	/* There is one in a text; NULL: never. Asked when the file is no container of its own. */
	bool (*inside)(struct rd head);
};

/* The first format that says so; NULL: none. */
const struct doc_format *doc_format_beginning(struct rd head);
const struct doc_format *doc_format_inside(struct rd head);

#endif
