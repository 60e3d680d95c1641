/* SPDX-License-Identifier: BSD-2-Clause */
/* Going through /DSS and its /VRI. */
#include "document/pdf/revisions/proofs.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf/changes.h"
#include "document/pdf/revisions/compare.h"

#define BYTES_MAX (16u << 20)

struct walk {
	qpdf_data q, now; /* now: NULL when it is q */
	struct proofs *p;
	uint32_t state;
};

/* What is done with each stream. */
typedef void each_fn(struct walk *w, qpdf_oh stream, uint8_t kind);

static size_t place_of(qpdf_data q, const struct proofs *p, qpdf_oh stream)
{
	size_t i = 0;

	while (i < p->n && (p->v[i].id != qpdf_oh_get_object_id(q, stream) ||
			       p->v[i].generation != qpdf_oh_get_generation(q, stream)))
		i++;
	return i;
}

static void add(struct walk *w, qpdf_oh stream, uint8_t kind)
{
	struct proofs *p = w->p;

	if (place_of(w->q, p, stream) < p->n || p->n == PROOFS_MAX)
		return;
	p->v[p->n].kind = kind;
	p->v[p->n].id = qpdf_oh_get_object_id(w->q, stream);
	p->v[p->n].generation = qpdf_oh_get_generation(w->q, stream);
	p->v[p->n++].first = w->state;
}

/* What has its number may be another one now. */
static void mark(struct walk *w, qpdf_oh stream, uint8_t kind)
{
	struct proofs *p = w->p;
	size_t i = place_of(w->q, p, stream);

	if (i < p->n && p->v[i].kind == kind && w->state < p->v[i].first &&
	    same_data(w->q, stream, w->now,
		qpdf_get_object_by_id(w->now, p->v[i].id, p->v[i].generation)))
		p->v[i].first = w->state;
}

static void lists(struct walk *w, qpdf_oh dict, const char *const keys[3], each_fn *each)
{
	qpdf_data q = w->q;

	for (uint8_t kind = 0; kind < 3; kind++) {
		qpdf_oh list = entry_of(q, dict, keys[kind]);
		int n = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;

		for (int i = 0; i < n && i < PROOFS_MAX; i++) {
			qpdf_oh stream = qpdf_oh_get_array_item(q, list, i);

			if (qpdf_oh_is_stream(q, stream))
				each(w, stream, kind);
		}
	}
}

/* The standard has every stream of /VRI in the lists of /DSS, too; some makers do not. */
static void walk(struct walk *w, each_fn *each)
{
	qpdf_data q = w->q;
	static const char *const all[] = {"/Certs", "/CRLs", "/OCSPs"};
	static const char *const one[] = {"/Cert", "/CRL", "/OCSP"};
	qpdf_oh dss = entry_of(q, qpdf_get_root(q), "/DSS"), vri = entry_of(q, dss, "/VRI");
	char *keys[PDF_PROOF_KEYS];
	size_t n = 0;

	lists(w, dss, all, each);
	if (!qpdf_oh_is_dictionary(q, vri))
		return;
	qpdf_oh_begin_dict_key_iter(q, vri);
	while (qpdf_oh_dict_more_keys(q) && n < PDF_PROOF_KEYS) {
		keys[n] = strdup(qpdf_oh_dict_next_key(q));
		n += keys[n] ? 1 : 0;
	}
	for (size_t i = 0; i < n; i++) {
		lists(w, entry_of(q, vri, keys[i]), one, each);
		free(keys[i]);
	}
}

void proofs_collect(qpdf_data q, struct proofs *p, uint32_t states)
{
	struct walk w = {.q = q, .p = p, .state = states};

	p->n = 0;
	walk(&w, add);
}

void proofs_mark(qpdf_data then, qpdf_data now, struct proofs *p, uint32_t state)
{
	struct walk w = {.q = then, .now = now, .p = p, .state = state};

	walk(&w, mark);
}

void proofs_put(qpdf_data q, const struct proofs *p, struct buf *answer)
{
	size_t left = BYTES_MAX;

	buf_u32(answer, (uint32_t)p->n);
	for (size_t i = 0; i < p->n; i++) {
		unsigned char *data = NULL;
		size_t n = 0;
		QPDF_BOOL filtered;
		QPDF_ERROR_CODE bad = qpdf_oh_get_stream_data(q,
		    qpdf_get_object_by_id(q, p->v[i].id, p->v[i].generation), qpdf_dl_all,
		    &filtered, &data, &n);

		if ((bad & QPDF_ERRORS) || n > left)
			n = 0;
		buf_u8(answer, p->v[i].kind);
		buf_u32(answer, p->v[i].first);
		buf_u32(answer, (uint32_t)n);
		if (n)
			buf_put(answer, data, n);
		left -= n;
		free(data);
	}
}
