/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces of a page: words of ours in the person's language, and text from outside, escaped. */
#ifndef ECERT_CLI_VERIFY_HTML_H
#define ECERT_CLI_VERIFY_HTML_H

#include "util/buf.h"
#include "util/message.h"

/* As it is: tags. */
#define html_tag(out, text) buf_str((out), (text))
/* Escaped; what may not be shown is '?'. */
void html_text(struct buf *out, const char *text);
void html_words(struct buf *out, const struct message *m);
/* <tr><th>label</th><td>value</td></tr>; nothing when the text is empty. */
void html_row(struct buf *out, const char *label, const char *text);
/* The same of words; label NULL: none. */
void html_row_words(struct buf *out, const char *label, const struct message *m);
/* The language of the words, as HTML calls it: "zh-HK", "en". */
void html_language(char *out, size_t cap);

#endif
