/* SPDX-License-Identifier: BSD-2-Clause */
/* The page: files that were installed, read once; and its words, of the catalogues. */
#ifndef ECERT_DESK_PAGE_H
#define ECERT_DESK_PAGE_H

#include "http/http.h"

#define PAGE_FILES 12

struct page {
	struct buf file[PAGE_FILES]; /* in the order of page_files */
};

/* What is at which address: its type and the name of its file. */
struct page_file {
	const char *path, *type, *name;
};
extern const struct page_file page_files[];
extern const size_t page_files_n;

/* Reads them from the folder; NULL: where they were installed, or lie beside the program in a
 * build. Errors: file_read's; *name is the one that is missing. */
enum ecert_rc page_read(struct page *p, const char *folder, const char **name) MUST_CHECK;
void page_free(struct page *p);
/* Whether something of the page has this address, which everybody who found us may read. */
bool page_has(const char *path);

/* The sentences of a compiled catalogue (GNU gettext, "The Format of GNU MO Files") as a JSON
 * object: what is said by its id; no plural's first form is missing, and what is longer than a
 * paragraph is left out. Errors: ECERT_E_MALFORMED, out's. */
enum ecert_rc page_words(struct rd mo, struct buf *out) MUST_CHECK;

#endif
