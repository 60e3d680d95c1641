/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in a field of a MIME header, unfolded: a word, and parameters behind it. */
#ifndef ECERT_DOCUMENT_MIME_H
#define ECERT_DOCUMENT_MIME_H

#include <stdbool.h>
#include <stddef.h>

/* RFC 5322, 3.2.2: what stands in parentheses, outside quotation marks, says nothing. */
void mime_drop_comments(char *text);
/* The whole of a word (RFC 2045, 5.1): what is in a parameter is another thing. */
bool mime_is_word(const char *text, const char *word);
/* False when there is none of this name, or it is too long. */
bool mime_parameter(const char *type, const char *name, char *out, size_t size);
/* One of those that count is there twice, or encoded (RFC 2231, 4), which some read, and some do
 * not. */
bool mime_has_odd_parameters(const char *type);
/* The next of a list of mailboxes (RFC 5322, 3.4) without its name; "?": it has no room. False
 * behind the last. */
bool mime_address(const char **text, char *out, size_t size);

#endif
