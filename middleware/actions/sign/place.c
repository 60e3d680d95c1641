/* SPDX-License-Identifier: BSD-2-Clause */
/* A page, and a corner or two distances; and texts. */
#include "actions/sign/place.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

/* In points; larger than any page (ISO 32000-1, annex C.2). */
#define PAGE_MAX  1000000u
#define POINT_MAX 14400u

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

/* A distance up to end, as hundredths: "72", "20.5". Never by the locale's comma. */
static bool read_point(const char **words, char end, uint32_t *out)
{
	const char *p = *words;
	uint32_t v = 0, hundredths = 100;

	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9' && v <= POINT_MAX; p++)
		v = v * 10 + (uint32_t)(*p - '0');
	v *= 100;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++) {
			hundredths /= 10;
			v += (uint32_t)(*p - '0') * hundredths;
		}
	if (*p != end || v > POINT_MAX * 100)
		return false;
	*out = v;
	*words = p + (end ? 1 : 0);
	return true;
}

/* What ends it is gone, too; *alone: nothing does. */
static bool read_page(const char **words, uint32_t *out, bool *alone)
{
	const char *behind = *words + 4;
	unsigned long n = 0;

	if (strncmp(*words, "last", 4) != 0) {
		if (**words < '1' || **words > '9')
			return false;
		n = strtoul(*words, (char **)&behind, 10);
	}
	*alone = !*behind;
	if ((*behind != ',' && !*alone) || n > PAGE_MAX)
		return false;
	*out = (uint32_t)n;
	*words = behind + (*alone ? 0 : 1);
	return true;
}

bool sign_place_read(const char *words, struct doc_pdf_options *out)
{
	bool alone = false;

	out->seen = DOC_UNSEEN;
	out->page = 1;
	if (read_corner(words, out))
		return true;
	if (!read_page(&words, &out->page, &alone))
		return false;
	if (alone)
		out->seen = DOC_BOTTOM_RIGHT;
	if (alone || read_corner(words, out))
		return true;
	if (!read_point(&words, ',', &out->x) || !read_point(&words, 0, &out->y))
		return false;
	out->seen = DOC_AT;
	return true;
}

bool sign_texts_good(const struct doc_pdf_options *p)
{
	const char *const text[] = {p->field, p->reason, p->place, p->contact};

	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		struct rd r = rd_of(text[i], text[i] ? strlen(text[i]) : 0);
		uint32_t cp;

		while (r.n) {
			size_t n = text_char(r, &cp);

			if (!n)
				return false;
			r = rd_of(r.p + n, r.n - n);
		}
	}
	return true;
}
