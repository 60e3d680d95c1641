/* SPDX-License-Identifier: BSD-2-Clause */
/* What a widget shows while its field is blank: a frame and a ground around all of it, and nothing
 * that may be read. */
#include <stdlib.h>
#include <string.h>

#include "document/pdf/shown/look.h"
#include "document/pdf/shown/shown.h"
#include "document/pdf/syntax.h"

#define STEPS_MAX     10000u
#define OPERANDS_KEPT 4
#define FRAME	      0.8 /* of what is there, in each direction */

static bool is_one_of(struct rd word, const char *const *list)
{
	for (; *list; list++)
		if (word.n == strlen(*list) && !memcmp(word.p, *list, word.n))
			return true;
	return false;
}

/* A string without a letter. */
static bool is_nothing(struct rd written)
{
	size_t i = 1;

	if (written.n < 2 || (*written.p != '(' && *written.p != '<'))
		return false;
	while (i + 1 < written.n && pdf_is_space(written.p[i]))
		i++;
	return i + 1 == written.n;
}

struct last {
	struct rd v[OPERANDS_KEPT]; /* the last ones */
	size_t n;
};

static double size_of(struct rd written)
{
	double x = look_number(written);

	return x < 0 ? -x : x;
}

/* A rectangle along the edges. */
static bool is_frame(const struct last *l, const struct pdf_rect *box)
{
	return l->n == OPERANDS_KEPT && size_of(l->v[2]) >= FRAME * (box->v[2] - box->v[0]) &&
	       size_of(l->v[3]) >= FRAME * (box->v[3] - box->v[1]);
}

/* Whatever this operator does cannot be read. */
static bool is_mute(struct rd word, const struct last *l, const struct pdf_rect *box)
{
	static const char *const letters[] = {"Tj", "'", "\"", NULL};
	static const char *const drawn[] = {
	    "TJ", "Do", "sh", "BI", "ID", "m", "l", "c", "v", "y", "cm", NULL};
	static const char *const frames[] = {"re", NULL};

	if (is_one_of(word, frames))
		return is_frame(l, box);
	if (is_one_of(word, letters))
		return l->n && is_nothing(l->v[l->n - 1]);
	return !is_one_of(word, drawn);
}

static bool draws_nothing(struct rd content, const struct pdf_rect *box)
{
	struct rd r = pdf_skip(content);
	struct last l = {.n = 0};
	unsigned steps = 0;

	while (r.n) {
		size_t size = pdf_value_size(r);
		struct rd word = rd_of(r.p, size);

		if (!size || ++steps > STEPS_MAX)
			return false;
		r = pdf_skip(pdf_past(r, size));
		if (!strchr("0123456789+-.(<[/", *word.p)) {
			if (!is_mute(word, &l, box))
				return false;
			l.n = 0;
			continue;
		}
		if (l.n == OPERANDS_KEPT) {
			memmove(l.v, l.v + 1, sizeof l.v - sizeof l.v[0]);
			l.n--;
		}
		l.v[l.n++] = word;
	}
	return true;
}

bool shown_blank(qpdf_data q, qpdf_oh widget)
{
	qpdf_oh shown = qpdf_oh_get_key_if_dict(q, qpdf_oh_get_key_if_dict(q, widget, "/AP"), "/N");
	qpdf_oh state = qpdf_oh_get_key_if_dict(q, widget, "/AS");
	unsigned char *data = NULL;
	size_t n = 0;
	QPDF_BOOL filtered;
	struct pdf_rect box;
	bool blank;

	/* One of several by its name: none is drawn without it. */
	if (qpdf_oh_is_dictionary(q, shown))
		shown = qpdf_oh_is_name(q, state)
			    ? qpdf_oh_get_key(q, shown, qpdf_oh_get_name(q, state))
			    : qpdf_oh_new_null(q);
	if (!qpdf_oh_is_stream(q, shown))
		return qpdf_oh_is_null(q, shown);
	if (!pdf_rect_read(
		q, qpdf_oh_get_key_if_dict(q, qpdf_oh_get_dict(q, shown), "/BBox"), &box))
		return false;
	blank = !(qpdf_oh_get_stream_data(q, shown, qpdf_dl_generalized, &filtered, &data, &n) &
		    QPDF_ERRORS) &&
		draws_nothing(rd_of(data, n), &box);
	free(data);
	return blank;
}
