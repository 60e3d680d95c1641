/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be told of two states without reading them. */
#include "document/pdf/revisions/same.h"

#include <stdlib.h>

/* Of an object stream, length and filters may be other objects. */
bool same_usable(const struct same *s)
{
	const struct graph *g = s->graph;

	for (uint32_t id = 0; g && s->listed && id < g->n; id++) {
		uint32_t box = g->inside[id];

		if (box && !s->listed[id] && (s->listed[box] || graph_touches(g, box, s->listed)))
			return false;
	}
	return g && s->listed;
}

bool same_in_both(const struct same *s, int id)
{
	return s->graph && id > 0 && (size_t)id < s->graph->n && !s->listed[id] &&
	       !graph_touches(s->graph, (uint32_t)id, s->listed);
}

qpdf_data same_source(const struct same *s, int id)
{
	return same_in_both(s, id) ? s->after : s->before;
}

uint8_t *same_leads(const struct same *s, const uint32_t *up)
{
	const struct graph *g = s->graph;
	uint8_t *leads = calloc(g->n + 1, 1);
	uint32_t *queue = calloc(g->n + 1, sizeof *queue);
	size_t n = 0;

	for (uint32_t id = 0; leads && queue && id < g->n; id++)
		if (s->listed[id]) {
			leads[id] = 1;
			queue[n++] = id;
		}
	for (size_t head = 0; head < n; head++) {
		uint32_t to = queue[head];

		for (uint32_t i = g->back_first[to]; i < g->back_first[to + 1]; i++) {
			uint32_t from = g->back[i];

			if (leads[from] || (up[to] && up[to] != from))
				continue;
			leads[from] = 1;
			queue[n++] = from;
		}
	}
	if (!queue) {
		free(leads);
		leads = NULL;
	}
	free(queue);
	return leads;
}

qpdf_oh handles_mark(qpdf_data q)
{
	return qpdf_oh_new_null(q);
}

/* qpdf counts them up; one that was given back is no matter. */
void handles_drop(qpdf_data q, qpdf_oh since)
{
	qpdf_oh last = qpdf_oh_new_null(q);

	for (qpdf_oh oh = since; oh <= last && oh >= since; oh++)
		qpdf_oh_release(q, oh);
}
