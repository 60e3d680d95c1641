/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences in the language of whoever runs this, from the catalogue of the whole program. */
#ifndef ECERT_SPEAK_CATALOGUE_H
#define ECERT_SPEAK_CATALOGUE_H

#include <stdbool.h>

/* Where the catalogues are: of ECERT_LOCALEDIR (not with raised privileges), else where they were
 * installed. */
const char *language_folder(void);
/* From here on they are used, for the language that setlocale has set; they speak UTF-8. */
void language_catalogue(void);

/* An id in that language; itself where there is no translation, or one that may not be shown
 * (util/text.h). */
const char *language_of(const char *id);
const char *language_counted(const char *one, const char *many, unsigned long n);
/* Whether there is a catalogue of that language. */
bool language_translated(void);

#endif
