/* SPDX-License-Identifier: BSD-2-Clause */
/* A page, and a corner or two distances. */
#include "actions/sign/place.h"

#include <stdlib.h>
#include <string.h>

/* In points; larger than any page (ISO 32000-1, annex C.2). */
#define PAGE_MAX  1000000u
#define POINT_MAX 14400.0

static bool read_corner(const char *words, struct doc_pdf_options *out)
{
	static const char *const name[] = {[DOC_TOP_LEFT] = "top-left",
	    [DOC_TOP_RIGHT] = "top-right",
	    [DOC_BOTTOM_LEFT] = "bottom-left",
	    [DOC_BOTTOM_RIGHT] = "bottom-right"};

	for (size_t i = DOC_TOP_LEFT; i <= DOC_BOTTOM_RIGHT; i++)
		if (!strcmp(words, name[i]))
			out->seen = (enum doc_place)i;
	return out->seen != DOC_UNSEEN;
}

/* A distance up to end, as hundredths. */
static bool read_point(const char **words, char end, uint32_t *out)
{
	char *behind;
	double v;

	if (**words < '0' || **words > '9')
		return false;
	v = strtod(*words, &behind);
	if (*behind != end || !(v >= 0 && v <= POINT_MAX))
		return false;
	*out = (uint32_t)(v * 100 + 0.5);
	*words = behind + (end ? 1 : 0);
	return true;
}

static bool read_page(const char **words, uint32_t *out)
{
	char *behind;
	unsigned long n;

	if (!strncmp(*words, "last,", 5)) {
		*out = 0;
		*words += 5;
		return true;
	}
	if (**words < '1' || **words > '9')
		return false;
	n = strtoul(*words, &behind, 10);
	if (*behind != ',' || n > PAGE_MAX)
		return false;
	*out = (uint32_t)n;
	*words = behind + 1;
	return true;
}

bool sign_place_read(const char *words, struct doc_pdf_options *out)
{
	out->seen = DOC_UNSEEN;
	out->page = 1;
	if (read_corner(words, out))
		return true;
	if (!read_page(&words, &out->page))
		return false;
	if (read_corner(words, out))
		return true;
	if (!read_point(&words, ',', &out->x) || !read_point(&words, 0, &out->y))
		return false;
	out->seen = DOC_AT;
	return true;
}
