/* SPDX-License-Identifier: BSD-2-Clause */
/* Proofs in the order in which they are handed over, and which signature needs which. */
#include "document/pdf/extend/dss.h"

#include <stdlib.h>

#include "document/pdf/plan.h"
#include "document/wall/frame.h"

struct proofs {
	const struct doc_extend_options *o;
	uint32_t *number; /* of each one of the material: which proof it is */
	uint32_t n;
};

static bool same(const struct doc_brought *a, const struct doc_brought *b)
{
	return a->kind == b->kind && rd_equal(a->der, b->der);
}

static void put_proof(const struct doc_brought *b, struct buf *out)
{
	static const uint8_t kinds[] = {[DOC_BROUGHT_CERT] = PDF_PROOF_CERT,
	    [DOC_BROUGHT_CRL] = PDF_PROOF_CRL,
	    [DOC_BROUGHT_OCSP] = PDF_PROOF_OCSP};

	buf_u8(out, kinds[b->kind]);
	buf_u32(out, (uint32_t)b->der.n);
	buf_rd(out, b->der);
}

/* Each of them once. */
static enum ecert_rc put_proofs(struct proofs *p, struct buf *out)
{
	const struct doc_material *m = p->o->material;
	struct buf text = BUF_INIT(WALL_REQUEST_MAX);
	enum ecert_rc rc;

	for (size_t i = 0; i < p->o->material_n; i++) {
		size_t k = 0;

		while (k < i && !same(&m[k].what, &m[i].what))
			k++;
		p->number[i] = k < i ? p->number[k] : p->n++;
		if (k == i)
			put_proof(&m[i].what, &text);
	}
	buf_u32(out, p->n);
	buf_rd(out, buf_view(&text));
	rc = buf_rc(&text) != ECERT_OK ? buf_rc(&text) : buf_rc(out);
	buf_free(&text);
	return rc == ECERT_OK && p->n > PDF_DSS_PROOFS ? ECERT_E_TOO_LARGE : rc;
}

/* The signature that found->signer[i] was told of; NULL: none. */
static const struct pdf_signature *signature_of(
    const struct doc_extend_options *o, const struct pdf_signatures *s, size_t i)
{
	size_t revision = i < o->found->n && o->found->signer[i].inside
			      ? o->found->signer[i].inside->revision
			      : 0;

	return revision && revision <= s->n ? &s->v[revision - 1] : NULL;
}

/* ISO 32000-2, table 261: the digest of the whole string /Contents, with the zeros that fill it. */
static enum ecert_rc put_key(const struct pdf_signature *v, struct buf *out)
{
	struct rd r = buf_view(&v->contents);
	uint8_t sha1[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (EVP_Digest(r.p, r.n, sha1, &n, EVP_sha1(), NULL) != 1 || n != PDF_DSS_KEY)
		return ECERT_E_CRYPTO;
	buf_put(out, sha1, n);
	return ECERT_OK;
}

static enum ecert_rc put_owner(const struct proofs *p, const struct pdf_signature *v, size_t signer,
    uint32_t *owners, struct buf *out)
{
	const struct doc_material *m = p->o->material;
	struct buf list = BUF_INIT(4 * PDF_DSS_PROOFS);
	uint32_t n = 0;
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; i < p->o->material_n; i++) {
		size_t k = 0;

		if (m[i].signer != signer)
			continue;
		while (k < i && (m[k].signer != signer || p->number[k] != p->number[i]))
			k++;
		if (k < i)
			continue;
		buf_u32(&list, p->number[i]);
		n++;
	}
	if (n) {
		rc = put_key(v, out);
		buf_u32(out, n);
		buf_rd(out, buf_view(&list));
		++*owners;
	}
	if (rc == ECERT_OK)
		rc = buf_rc(&list);
	buf_free(&list);
	return rc;
}

enum ecert_rc pdf_dss_request(
    const struct doc_extend_options *o, const struct pdf_signatures *s, struct buf *out)
{
	struct proofs p = {.o = o, .number = calloc(o->material_n + 1, sizeof *p.number)};
	struct buf text = BUF_INIT(WALL_REQUEST_MAX);
	uint32_t owners = 0;
	enum ecert_rc rc = p.number ? put_proofs(&p, out) : ECERT_E_MEMORY;

	for (size_t i = 0; rc == ECERT_OK && i < o->found->n; i++) {
		const struct pdf_signature *v = signature_of(o, s, i);

		if (v)
			rc = put_owner(&p, v, i, &owners, &text);
	}
	buf_u32(out, owners);
	buf_rd(out, buf_view(&text));
	if (rc == ECERT_OK)
		rc = buf_rc(&text) != ECERT_OK ? buf_rc(&text) : buf_rc(out);
	buf_free(&text);
	free(p.number);
	return rc;
}
