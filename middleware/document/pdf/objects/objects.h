/* SPDX-License-Identifier: BSD-2-Clause */
/* The objects of a PDF by qpdf's C API: only ever called in ecert-wall, and by tests. */
#ifndef ECERT_DOCUMENT_PDF_OBJECTS_H
#define ECERT_DOCUMENT_PDF_OBJECTS_H

#include <qpdf/qpdf-c.h>

#include "document/pdf/graph/xref.h"
#include "document/pdf/plan.h"
#include "document/wall/frame.h"
#include "wall/wall.h"

/* The operation PDF_PLAN_OP. */
enum ecert_rc pdf_plan(const struct wall_call *call, struct buf *answer) MUST_CHECK;
/* The operation PDF_DSS_OP. Errors of both: ECERT_E_MEMORY, ECERT_E_TOO_LARGE, ECERT_E_INTERNAL
 * (the request). */
enum ecert_rc pdf_dss(const struct wall_call *call, struct buf *answer) MUST_CHECK;

/* A PDF that was read without being mended. */
struct pdf_doc {
	struct rd bytes;
	qpdf_data q;
	qpdf_oh trailer, root;
	uint64_t startxref;
	bool stream; /* the last section of references is one */
	/* The greatest number that is taken, in a file of so many objects that qpdf, which reads
	 * all of them to know it, is not asked; 0: it is. */
	uint32_t last;
};

/* pdf_doc_close in any case. Errors: ECERT_E_MEMORY; what is wrong with the file is in *why. */
enum ecert_rc pdf_doc_open(struct rd bytes, struct pdf_doc *out, enum pdf_refusal *why) MUST_CHECK;
void pdf_doc_close(struct pdf_doc *d);
/* qpdf could not go on with it: there is not enough memory. */
bool pdf_doc_over(const struct pdf_doc *d);
/* The key of a dictionary (of a stream's too); a null object when there is none. */
qpdf_oh pdf_get(const struct pdf_doc *d, qpdf_oh dict, const char *key);
/* How the object, which is indirect, is referred to: appends "12 0 R". */
void pdf_put_ref(const struct pdf_doc *d, qpdf_oh oh, struct buf *out);
/* Appends the object itself, or what refers to it. */
void pdf_put_whole(const struct pdf_doc *d, qpdf_oh oh, struct buf *out);
void pdf_put_value(const struct pdf_doc *d, qpdf_oh oh, struct buf *out);
/* The text of one object that is written. */
#define PDF_TEXT_MAX (16u << 20)
/* Nodes of a tree that are looked at, and how deep it may be. */
#define PDF_NODES_MAX 2000000u
#define PDF_DEPTH_MAX 64

/* Page n from 1 on, the last one for 0, by walking /Kids. False: there is none, or the tree is odd,
 * as *why says. */
bool pdf_find_page(const struct pdf_doc *d, uint32_t n, qpdf_oh *page, enum pdf_refusal *why);
/* The first page whose annotations have this one, which is indirect; 0: none of those that a walk
 * within limits comes to. */
qpdf_oh pdf_page_with(const struct pdf_doc *d, qpdf_oh annotation);

/* What the fields of a form say. */
struct pdf_fields {
	uint32_t signatures;	 /* fields that are signed */
	qpdf_oh named;		 /* the one that is called so, when found */
	bool found, right, full; /* ... there is one; it is for signatures; it is signed */
	bool bare;		 /* one of the others has a value, and nothing that shows it */
	uint32_t free;		 /* "SignatureN" is the first name that is free */
};
/* name: in full ("form.sig"), empty: none is looked for. False: the tree is odd. */
bool pdf_read_fields(
    const struct pdf_doc *d, qpdf_oh form, const char *name, struct pdf_fields *out);

#endif
