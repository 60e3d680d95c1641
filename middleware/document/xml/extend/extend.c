/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of making XAdES signatures last: pieces of text, and the file around them. */
#include "document/xml/extend/extend.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/extend/lacking.h"
#include "document/xml/extend/plan.h"
#include "document/xml/extend/values.h"
#include "document/xml/names.h"
#include "util/file.h"

/* What goes in at one place. */
struct piece {
	const struct xext_one *where;
	struct buf text; /* of max 0: nothing */
};

struct extending {
	const struct doc_extend_options *o;
	struct rd xml;
	struct xext_plan plan;
	struct piece v[XML_SIGNATURES_MAX];
	size_t n;
};

/* Before anybody is asked for anything. */
static const struct doc_refusal *refusal_of(const struct extending *e)
{
	for (size_t i = 0; i < e->plan.n; i++) {
		if (!doc_lacks(e->o, i))
			continue;
		if (e->plan.v[i].why)
			return xext_refused(e->plan.v[i].why);
		if (e->o->step == DOC_LEVEL_T && e->o->found->signer[i].stamps_n >= DOC_STAMPS_MAX)
			return &doc_stamps_full;
	}
	return NULL;
}

/* ---- pieces ---- */
static enum ecert_rc put_stamp(const struct extending *e, struct rd value, struct buf *out)
{
	struct buf token = BUF_INIT(DOC_SIGNATURE_MAX);
	char id[40], name[48];
	enum ecert_rc rc = e->o->stamp(e->o->stamp_ctx, value, &token);

	if (rc == ECERT_OK && !buf_len(&token))
		rc = ECERT_E_NO_SERVICE;
	if (rc == ECERT_OK)
		rc = xades_new_id(id);
	if (rc == ECERT_OK) {
		(void)snprintf(name, sizeof name, "%s-stamp", id);
		xades_put_stamp(out, name, buf_view(&token));
		rc = buf_rc(out);
	}
	buf_free(&token);
	return rc;
}

static void put_tag(struct buf *out, const char *begin, const char *name, bool declares)
{
	buf_str(out, begin);
	buf_str(out, name);
	buf_str(out, declares ? " xmlns:xades=\"" XMLN_XADES132 "\">" : ">");
}

/* With the elements that lack around it. */
static enum ecert_rc put_piece(struct extending *e, size_t i, struct buf *out)
{
	static const char all[] = "UnsignedProperties", own[] = "UnsignedSignatureProperties";
	const struct xext_one *w = &e->plan.v[i];
	enum ecert_rc rc;

	if (w->empty.n)
		buf_str(out, ">");
	if (w->place == XEXT_IN_QUALIFYING)
		put_tag(out, "<xades:", all, true);
	if (w->place != XEXT_IN_SIGNATURE)
		put_tag(out, "<xades:", own, w->place == XEXT_IN_UNSIGNED);
	rc = e->o->step == DOC_LEVEL_T ? put_stamp(e, w->value, out)
				       : xades_put_values(e->o, i, w->values, w->stamp_id, out);
	if (w->place != XEXT_IN_SIGNATURE)
		put_tag(out, "</xades:", own, false);
	if (w->place == XEXT_IN_QUALIFYING)
		put_tag(out, "</xades:", all, false);
	if (w->empty.n) {
		buf_str(out, "</");
		buf_rd(out, w->empty);
		buf_str(out, ">");
	}
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

static enum ecert_rc make_pieces(struct extending *e)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < e->plan.n; i++) {
		struct piece *p = &e->v[e->n];

		if (!doc_lacks(e->o, i))
			continue;
		p->where = &e->plan.v[i];
		buf_init(&p->text, XML_FILE_MAX);
		e->n++;
		rc = put_piece(e, i, &p->text);
	}
	return rc;
}

/* ---- the file ---- */
static int by_place(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return (x->where->at > y->where->at) - (x->where->at < y->where->at);
}

static enum ecert_rc put_file(struct extending *e, doc_content_fn *put, void *ctx)
{
	enum ecert_rc rc = ECERT_OK;
	size_t at = 0;

	qsort(e->v, e->n, sizeof e->v[0], by_place);
	for (size_t i = 0; rc == ECERT_OK && i < e->n; i++) {
		size_t to = (size_t)e->v[i].where->at;

		/* Two at one place: the answer is a forger's. */
		if (to < at)
			return ECERT_E_MALFORMED;
		rc = put(ctx, rd_of(e->xml.p + at, to - at));
		if (rc == ECERT_OK)
			rc = put(ctx, buf_view(&e->v[i].text));
		at = to + (e->v[i].where->empty.n ? 2 : 0);
	}
	return rc == ECERT_OK ? put(ctx, rd_of(e->xml.p + at, e->xml.n - at)) : rc;
}

static enum ecert_rc extend(const struct doc_extend_options *o, struct rd xml, doc_content_fn *put,
    void *ctx, const struct doc_refusal **why)
{
	struct extending *e = calloc(1, sizeof *e);
	int fd = file_in_memory(xml);
	enum ecert_rc rc = !e ? ECERT_E_MEMORY : fd < 0 ? ECERT_E_IO : ECERT_OK;

	*why = NULL;
	if (rc == ECERT_OK) {
		e->o = o;
		e->xml = xml;
		rc = xext_plan_ask(fd, xml.n, &e->plan, why);
	}
	/* It is another file than the one that was verified. */
	if (rc == ECERT_OK && !*why && e->plan.n != o->found->n)
		rc = ECERT_E_IO;
	if (rc == ECERT_OK && !*why)
		*why = refusal_of(e);
	if (rc == ECERT_OK && !*why)
		rc = make_pieces(e);
	if (rc == ECERT_OK && !*why)
		rc = put_file(e, put, ctx);
	for (size_t i = 0; e && i < e->n; i++)
		buf_free(&e->v[i].text);
	if (e)
		xext_plan_free(&e->plan);
	free(e);
	if (fd >= 0)
		close(fd);
	return rc;
}

enum ecert_rc xades_extend_bytes(const struct doc_extend_options *o, struct rd xml, struct buf *out,
    const struct doc_refusal **why)
{
	return extend(o, xml, doc_keep_part, out, why);
}

enum ecert_rc xades_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why)
{
	struct buf xml = BUF_INIT(XML_FILE_MAX);
	enum ecert_rc rc = lseek(fd, 0, SEEK_SET) < 0 ? ECERT_E_IO : file_read_fd(fd, &xml);

	(void)content_fd;
	*why = NULL;
	if (rc == ECERT_OK)
		rc = extend(o, buf_view(&xml), put, ctx, why);
	buf_free(&xml);
	return rc;
}
