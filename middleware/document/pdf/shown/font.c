/* SPDX-License-Identifier: BSD-2-Clause */
/* Widths as fonts list them; one that lists none is as wide as most are. */
#include "document/pdf/shown/font.h"

#define WIDTHS_MAX 4096
#define USUAL	   0.5
#define WHOLE	   1.0 /* of those with many letters, when nothing is said: 9.7.4.3 */
#define THOUSAND   1000.0

struct mean {
	double sum;
	unsigned n, left;
};

static void add(struct mean *m, qpdf_data q, qpdf_oh number)
{
	double w = 0;

	if (!m->left)
		return;
	m->left--;
	if (!qpdf_oh_get_value_as_number(q, number, &w) || !(w > 0 && w < 10 * THOUSAND))
		return;
	m->sum += w;
	m->n++;
}

static double of(const struct mean *m, double otherwise)
{
	return m->n ? m->sum / m->n / THOUSAND : otherwise;
}

static int count(qpdf_data q, qpdf_oh array)
{
	return qpdf_oh_is_array(q, array) ? qpdf_oh_get_array_n_items(q, array) : 0;
}

static void add_all(struct mean *m, qpdf_data q, qpdf_oh array)
{
	int n = count(q, array);

	for (int i = 0; i < n && m->left; i++)
		add(m, q, qpdf_oh_get_array_item(q, array, i));
}

/* "first [w w ...]" and "first last w" (9.7.4.3). */
static void add_ranges(struct mean *m, qpdf_data q, qpdf_oh list)
{
	int n = count(q, list);

	for (int i = 0; i + 1 < n && m->left; i++) {
		qpdf_oh next = qpdf_oh_get_array_item(q, list, i + 1);

		if (qpdf_oh_is_array(q, next)) {
			add_all(m, q, next);
			i++;
		} else if (i + 2 < n) {
			add(m, q, qpdf_oh_get_array_item(q, list, i + 2));
			i += 2;
		}
	}
}

struct shown_font shown_font_of(qpdf_data q, qpdf_oh font)
{
	struct mean m = {.left = WIDTHS_MAX};
	qpdf_oh below = qpdf_oh_get_key_if_dict(q, font, "/DescendantFonts");
	double usual = 0, unit = 0;
	struct shown_font f = {USUAL, 1, font};

	if (count(q, below)) {
		qpdf_oh cid = qpdf_oh_get_array_item(q, below, 0);

		if (!qpdf_oh_get_value_as_number(
			q, qpdf_oh_get_key_if_dict(q, cid, "/DW"), &usual) ||
		    !(usual > 0 && usual < 10 * THOUSAND))
			usual = WHOLE * THOUSAND;
		add_ranges(&m, q, qpdf_oh_get_key_if_dict(q, cid, "/W"));
		return (struct shown_font){of(&m, usual / THOUSAND), 2, font};
	}
	add_all(&m, q, qpdf_oh_get_key_if_dict(q, font, "/Widths"));
	f.width = of(&m, USUAL);
	/* A font of drawings has a unit of its own (9.6.5). */
	if (qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key_if_dict(q, font, "/Subtype"), "/Type3")) {
		qpdf_oh matrix = qpdf_oh_get_key_if_dict(q, font, "/FontMatrix");

		if (count(q, matrix) == 6 &&
		    qpdf_oh_get_value_as_number(q, qpdf_oh_get_array_item(q, matrix, 0), &unit) &&
		    unit > 0 && unit < 1)
			f.width *= unit * THOUSAND;
	}
	return f;
}
