/* SPDX-License-Identifier: BSD-2-Clause */
/* What has to be written so that a PDF has proofs for its signatures in /DSS (EN 319 142-1, 5.4).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/pdf/objects/change.h"
#include "document/pdf/objects/rules.h"

/* Looked at in a file that has some. */
#define OLD_MAX 65536

static const char *const all_keys[PDF_PROOF_COUNT] = {"/Certs", "/CRLs", "/OCSPs"};
static const char *const own_keys[PDF_PROOF_COUNT] = {"/Cert", "/CRL", "/OCSP"};

struct proof {
	uint8_t kind;
	struct rd der;
	qpdf_oh stream; /* as it is in the file */
	bool old;	/* it was there */
};

struct asked {
	struct proof *v;
	uint32_t n;
	struct rd owners; /* the rest of the request */
	uint32_t owners_n;
};

static enum ecert_rc read_request(struct rd r, struct asked *a)
{
	enum ecert_rc rc = rd_u32(&r, &a->n);

	if (rc == ECERT_OK && a->n > PDF_DSS_PROOFS)
		rc = ECERT_E_TOO_LARGE;
	if (rc == ECERT_OK && !(a->v = calloc(a->n + 1, sizeof *a->v)))
		rc = ECERT_E_MEMORY;
	for (uint32_t i = 0; rc == ECERT_OK && i < a->n; i++) {
		uint32_t n = 0;

		rc = rd_u8(&r, &a->v[i].kind);
		if (rc == ECERT_OK)
			rc = rd_u32(&r, &n);
		if (rc == ECERT_OK)
			rc = rd_take(&r, n, &a->v[i].der);
		if (rc == ECERT_OK && a->v[i].kind >= PDF_PROOF_COUNT)
			rc = ECERT_E_INTERNAL;
	}
	if (rc == ECERT_OK)
		rc = rd_u32(&r, &a->owners_n);
	a->owners = r;
	return rc;
}

/* The DER of a stream is one of those that are asked for. */
static void know(const struct pdf_doc *d, qpdf_oh stream, uint8_t kind, struct asked *a)
{
	unsigned char *data = NULL;
	size_t n = 0;
	QPDF_BOOL filtered;

	if (!qpdf_oh_is_stream(d->q, stream) || !qpdf_oh_is_indirect(d->q, stream) ||
	    (qpdf_oh_get_stream_data(d->q, stream, qpdf_dl_all, &filtered, &data, &n) &
		QPDF_ERRORS))
		n = 0;
	for (uint32_t i = 0; n && i < a->n; i++)
		if (a->v[i].kind == kind && !a->v[i].old && rd_equal(a->v[i].der, rd_of(data, n))) {
			a->v[i].old = true;
			a->v[i].stream = stream;
		}
	free(data);
}

/* A list of its own with all that the old one had. */
static qpdf_oh copy_list(const struct pdf_doc *d, qpdf_oh dict, const char *key)
{
	qpdf_oh list = pdf_get(d, dict, key), own = qpdf_oh_new_array(d->q);
	int n = qpdf_oh_is_array(d->q, list) ? qpdf_oh_get_array_n_items(d->q, list) : 0;

	for (int i = 0; i < n; i++)
		qpdf_oh_append_item(d->q, own, qpdf_oh_get_array_item(d->q, list, i));
	return own;
}

static bool has(const struct pdf_doc *d, qpdf_oh list, qpdf_oh item)
{
	for (int i = 0; i < qpdf_oh_get_array_n_items(d->q, list); i++)
		if (qpdf_oh_get_object_id(d->q, qpdf_oh_get_array_item(d->q, list, i)) ==
		    qpdf_oh_get_object_id(d->q, item))
			return true;
	return false;
}

static void make_stream(struct pdf_change *c, struct proof *p)
{
	struct buf text = BUF_INIT(PDF_TEXT_MAX + 256);
	char head[64];

	p->stream = pdf_new(c->d);
	snprintf(head, sizeof head, "<< /Length %zu >>\nstream\n", p->der.n);
	buf_str(&text, head);
	buf_rd(&text, p->der);
	buf_str(&text, "\nendstream");
	if (buf_rc(&text) != ECERT_OK)
		buf_fail(&c->made, buf_rc(&text));
	pdf_made(c, p->stream, buf_view(&text));
	buf_free(&text);
}

/* Those of one kind behind what the dictionary lists. False: nothing came to it. */
static bool fill_list(struct pdf_change *c, qpdf_oh dict, uint8_t kind, struct asked *a)
{
	qpdf_data q = c->d->q;
	qpdf_oh list = copy_list(c->d, dict, all_keys[kind]);
	int old = qpdf_oh_get_array_n_items(q, list);

	if (old > OLD_MAX)
		buf_fail(&c->made, ECERT_E_TOO_LARGE);
	for (int i = 0; i < old && old <= OLD_MAX; i++)
		know(c->d, qpdf_oh_get_array_item(q, list, i), kind, a);
	for (uint32_t i = 0; i < a->n; i++) {
		if (a->v[i].kind != kind || a->v[i].old)
			continue;
		make_stream(c, &a->v[i]);
		qpdf_oh_append_item(q, list, a->v[i].stream);
	}
	if (qpdf_oh_get_array_n_items(q, list) == old)
		return false;
	qpdf_oh_replace_key(q, dict, all_keys[kind], list);
	return true;
}

/* What one signature needs, under its key. False: nothing came to it. */
static bool fill_owner(
    struct pdf_change *c, qpdf_oh vri, struct rd *r, const struct asked *a, enum ecert_rc *rc)
{
	static const char hex[] = "0123456789ABCDEF";
	qpdf_data q = c->d->q;
	char key[2 * PDF_DSS_KEY + 2] = "/";
	qpdf_oh own, list[PDF_PROOF_COUNT];
	struct rd sha1;
	uint32_t n = 0, k = 0;
	bool more = false;

	*rc = rd_take(r, PDF_DSS_KEY, &sha1);
	for (size_t i = 0; *rc == ECERT_OK && i < PDF_DSS_KEY; i++) {
		key[1 + 2 * i] = hex[sha1.p[i] >> 4];
		key[2 + 2 * i] = hex[sha1.p[i] & 15];
	}
	if (*rc == ECERT_OK)
		*rc = rd_u32(r, &n);
	own = pdf_get(c->d, vri, key);
	for (int i = 0; i < PDF_PROOF_COUNT; i++)
		list[i] = copy_list(c->d, own, own_keys[i]);
	for (uint32_t i = 0; *rc == ECERT_OK && i < n; i++) {
		*rc = rd_u32(r, &k);
		if (*rc == ECERT_OK && k >= a->n)
			*rc = ECERT_E_INTERNAL;
		if (*rc != ECERT_OK || has(c->d, list[a->v[k].kind], a->v[k].stream))
			continue;
		qpdf_oh_append_item(q, list[a->v[k].kind], a->v[k].stream);
		more = true;
	}
	if (!more)
		return false;
	own = qpdf_oh_new_dictionary(q);
	for (int i = 0; i < PDF_PROOF_COUNT; i++)
		if (qpdf_oh_get_array_n_items(q, list[i]))
			qpdf_oh_replace_key(q, own, own_keys[i], list[i]);
	qpdf_oh_replace_key(q, vri, key, own);
	return true;
}

static enum ecert_rc change(struct pdf_change *c, struct asked *a)
{
	struct pdf_doc *d = c->d;
	qpdf_data q = d->q;
	qpdf_oh dss = pdf_get(d, d->root, "/DSS"), vri;
	struct rd r = a->owners;
	bool own = false;
	enum ecert_rc rc = ECERT_OK;

	if (!qpdf_oh_is_dictionary(q, dss)) {
		dss = pdf_new(d);
		qpdf_oh_replace_key(q, dss, "/Type", qpdf_oh_new_name(q, "/DSS"));
		qpdf_oh_replace_key(q, d->root, "/DSS", dss);
		pdf_touch(c, d->root, d->root);
	}
	for (uint8_t kind = 0; kind < PDF_PROOF_COUNT; kind++)
		(void)fill_list(c, dss, kind, a);
	vri = pdf_get(d, dss, "/VRI");
	if (!qpdf_oh_is_dictionary(q, vri))
		vri = qpdf_oh_new_dictionary(q);
	for (uint32_t i = 0; rc == ECERT_OK && i < a->owners_n; i++)
		own = fill_owner(c, vri, &r, a, &rc) || own;
	if (rc == ECERT_OK)
		rc = rd_end(&r);
	if (own && qpdf_oh_is_indirect(q, vri))
		pdf_touch(c, vri, vri);
	else if (own)
		qpdf_oh_replace_key(q, dss, "/VRI", vri);
	pdf_touch(c, dss, d->root);
	return rc;
}

enum ecert_rc pdf_dss(const struct wall_call *call, struct buf *answer)
{
	struct asked a = {.v = NULL};
	enum pdf_refusal why = PDF_GOOD;
	struct pdf_doc d = {.q = NULL};
	struct pdf_change c = {.d = &d, .made = BUF_INIT(WALL_ANSWER_MAX)};
	enum ecert_rc rc = call->inputs ? read_request(call->request, &a) : ECERT_E_INTERNAL;

	if (rc == ECERT_OK)
		rc = pdf_doc_open(call->input[0], &d, &why);
	if (rc == ECERT_OK && why == PDF_GOOD && pdf_forbidden(&d))
		why = PDF_FORBIDDEN;
	if (rc == ECERT_OK && why == PDF_GOOD && !pdf_is_or_none(&d, d.root, "/DSS", false))
		why = PDF_PAGES;
	if (rc == ECERT_OK && why == PDF_GOOD) {
		rc = change(&c, &a);
		if (rc == ECERT_OK)
			pdf_put_plan(&c, 0, rd_of(NULL, 0), answer);
	} else if (rc == ECERT_OK) {
		buf_u8(answer, (uint8_t)why);
	}
	if (rc == ECERT_OK && pdf_doc_over(&d))
		rc = ECERT_E_MEMORY;
	pdf_doc_close(&d);
	buf_free(&c.made);
	free(a.v);
	return rc == ECERT_OK ? buf_rc(answer) : rc;
}
