/* SPDX-License-Identifier: BSD-2-Clause */
/* Places that changed, as people call them. */
#include "document/pdf/place.h"

#include <stdio.h>
#include <string.h>

#include "util/message.h"

/* The first that fits: how it begins behind "page N", or from its own beginning on. */
static const struct {
	const char *begins, *words;
} of_page[] =
    {
	{"/Contents", MSG_ID("what page {n} shows was replaced, which its signer did not allow "
			     "({place})")},
	{"/Resources",
	    MSG_ID("a font, a picture or a text of page {n} was replaced, which its signer "
		   "did not allow ({place})")},
	{"/Annots",
	    MSG_ID("a field or a note of page {n} was added, changed or taken away, which its "
		   "signer did not allow ({place})")},
	{"/",
	    MSG_ID(
		"the size of page {n}, or something else of it, was changed, which its signer did "
		"not allow ({place})")},
},
  of_file[] = {
      {"/Root/Pages", MSG_ID("pages were added, exchanged or taken away, which its signer did not "
			     "allow ({place})")},
      {"/Root/AcroForm/Fields", MSG_ID("a form field was added or taken away, which its signer did "
				       "not allow ({place})")},
      {"/Root/AcroForm", MSG_ID("how form fields are shown was changed, which its signer did not "
				"allow ({place})")},
      {"/Root/", MSG_ID("what happens when the file is opened or read, or another part of it as a "
			"whole, was changed, which its signer did not allow ({place})")},
      {"/Root", MSG_ID("the file is made to show another document, which its signer did not allow "
		       "({place})")},
      {"/", MSG_ID("how the file is put together was changed, which its signer did not allow "
		   "({place})")},
      {"?", MSG_ID("what is shown was changed, which its signer did not allow ({place})")},
      {"", MSG_ID("the form field {field} was changed, which its signer did not allow ({place})")},
};

const char *pdf_place_words(const char *place, uint32_t *page, char *field, int cap)
{
	unsigned n = 0;
	int used = 0;

	snprintf(field, (size_t)cap, "%.*s", (int)strcspn(place, "/"), place);
	*page = 0;
	if (sscanf(place, "page %6u%n", &n, &used) == 1 && n && place[used] == '/') {
		*page = n;
		for (size_t i = 0; i < sizeof of_page / sizeof of_page[0]; i++)
			if (!strncmp(place + used, of_page[i].begins, strlen(of_page[i].begins)))
				return of_page[i].words;
	}
	for (size_t i = 0; i + 1 < sizeof of_file / sizeof of_file[0]; i++)
		if (!strncmp(place, of_file[i].begins, strlen(of_file[i].begins)))
			return of_file[i].words;
	return of_file[sizeof of_file / sizeof of_file[0] - 1].words;
}
