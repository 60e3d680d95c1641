/* SPDX-License-Identifier: BSD-2-Clause */
/* What a picture of a field says, letter by letter. */
#include "document/pdf/shown/words.h"

#include <stdlib.h>

#include "document/pdf/shown/look.h"
#include "document/pdf/syntax.h"

void look_words(struct look *l, struct rd r)
{
	struct shown_codes *codes = l->codes;

	if (l->now.mode == UNSEEN)
		return;
	if (!l->now.font.font)
		codes->bytes = 0;
	else if (l->codes_of != l->now.font.font)
		shown_codes_of(l->q, l->now.font.font, codes);
	l->codes_of = l->now.font.font;
	for (; codes->bytes && r.n >= codes->bytes; r = pdf_past(r, codes->bytes)) {
		uint32_t letter = codes->letter[codes->bytes == 1 ? r.p[0] : r.p[0] << 8 | r.p[1]];

		l->unsaid = l->unsaid || !letter;
		shown_letter(letter, l->words);
	}
	l->unsaid = l->unsaid || r.n;
}

static void walk(struct look *l, qpdf_oh picture, qpdf_oh resources)
{
	qpdf_oh own = qpdf_oh_get_key_if_dict(l->q, qpdf_oh_get_dict(l->q, picture), "/Resources");
	unsigned char *data = NULL;
	size_t n = 0;
	QPDF_BOOL filtered;

	if (qpdf_oh_get_stream_data(l->q, picture, qpdf_dl_generalized, &filtered, &data, &n) &
	    QPDF_ERRORS)
		l->odd = true;
	else
		look_run(l, rd_of(data, n), qpdf_oh_is_dictionary(l->q, own) ? own : resources);
	free(data);
}

bool shown_words(qpdf_data q, qpdf_oh widget, qpdf_oh resources, struct buf *out)
{
	qpdf_oh shown = qpdf_oh_get_key_if_dict(q, qpdf_oh_get_key_if_dict(q, widget, "/AP"), "/N");
	struct look *l;
	bool good;

	if (!qpdf_oh_is_stream(q, shown))
		return qpdf_oh_is_null(q, shown);
	l = look_new(q);
	if (l)
		l->codes = malloc(sizeof *l->codes);
	good = l && l->codes;
	if (good) {
		l->words = out;
		walk(l, shown, resources);
		good = !l->odd && !l->unsaid && buf_rc(out) == ECERT_OK;
	}
	if (l)
		free(l->codes);
	free(l);
	return good;
}
