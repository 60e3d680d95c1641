/* SPDX-License-Identifier: BSD-2-Clause */
/* The language of whoever runs this, and the characters of that person's terminal. Inside all text
 * is UTF-8; what a terminal of another character set (GB18030, Big5) sends and shows is converted
 * at the edge. */
#ifndef ECERT_CLI_LANGUAGE_H
#define ECERT_CLI_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "speak/catalogue.h"
#include "ui/pin.h"
#include "util/buf.h"

/* From here on people read their language. Comes before any other word; once. */
void language_begin(void);
/* What the person's environment calls the kind and the language of characters: "zh_HK.Big5-HKSCS".
 * Never NULL. */
const char *language_locale(int category);

/* Text that came from the terminal, in UTF-8; itself when it is already, or cannot be converted. It
 * stays for as long as the program runs. */
const char *language_input(const char *typed);
/* Appends in UTF-8 the name of a file, which stays the terminal's bytes for whoever opens it. A
 * byte that is none of the terminal's characters is written \xNN; where the terminal has UTF-8 all
 * stays as it is. */
void language_file(const char *path, struct buf *out);
/* The same for a secret, in its own memory. */
void language_secret(struct pin *p);
/* UTF-8 as the terminal's bytes; what it cannot show is '?'. NULL: they are the same, or memory is
 * out. Free with free(). */
char *language_output(const char *text);
/* Standard output carries bytes from now on that no terminal's character set changes: JSON. */
void language_bytes(bool on);

/* Columns that the text takes on a terminal. */
int language_columns(const char *text);
/* The bytes at the front of text that stay together on a line, its first blank excluded: a word, or
 * one wide character with the punctuation that belongs to it. 0: the text is empty or begins with a
 * blank. */
size_t language_piece(const char *text);

#endif
