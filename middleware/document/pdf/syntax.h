/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects of a PDF as they are written (ISO 32000-1, 7.3), walked over by bytes: no reference is
 * followed, no stream is read. */
#ifndef ECERT_DOCUMENT_PDF_SYNTAX_H
#define ECERT_DOCUMENT_PDF_SYNTAX_H

#include <time.h>

#include "util/buf.h"

#define PDF_KEYS 64

struct pdf_entry {
	struct rd key, value; /* as written; the key with its slash */
};

struct pdf_dict {
	struct pdf_entry v[PDF_KEYS];
	size_t n;
};

/* Begins with an object: the innermost dictionary in it that has a key at this very place. False:
 * there is none, or it is not well formed up to its end. */
bool pdf_dict_at(struct rd object, const uint8_t *key, struct pdf_dict *out);
/* The value of a key; empty when it is not there, and *doubled when it is there twice. */
struct rd pdf_dict_get(const struct pdf_dict *d, const char *key, bool *doubled);

/* How many bytes the value at the front is of; 0: it is none, or does not end. */
size_t pdf_value_size(struct rd written);

/* The same of "(...)", with its brackets. */
size_t pdf_literal_size(struct rd written);

/* With these two characters. */
bool pdf_begins(struct rd r, const char *two);
/* Past so many bytes of it, which are there. */
struct rd pdf_past(struct rd r, size_t n);
/* Takes these bytes off the front; false: it does not begin with them. */
bool pdf_take_word(struct rd *r, const char *word);
/* Past white space and comments. */
struct rd pdf_skip(struct rd r);
bool pdf_is_space(uint8_t c);
/* A name as written is this one; #xx is read (7.3.5). */
bool pdf_name_is(struct rd written, const char *name);
/* The name without its slash, showable. */
void pdf_name_get(struct rd written, char *out, size_t cap);
/* Takes a whole number without sign off the front, at most 19 digits. */
bool pdf_number(struct rd *r, uint64_t *out);
/* Appends the bytes of a string, literal or hexadecimal. False: it is none. */
bool pdf_string_get(struct rd written, struct buf *out);
/* A text string (7.9.2.2) as UTF-8, cut to what fits; empty when it is none. */
void pdf_text_get(struct rd written, char *out, size_t cap);
/* A date (7.9.4); 0 when it is none. Without a zone it is taken as UTC. */
time_t pdf_date_get(struct rd written);

#endif
