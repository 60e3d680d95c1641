/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of formats: the one place that knows all of them. */
#include "document/format.h"

#include <string.h>

#include "document/asic/asic.h"
#include "document/cms/cms.h"
#include "document/extend/extend.h"
#include "document/jose/jose.h"
#include "document/pdf/pdf.h"
#include "document/xml/xml.h"

static const struct doc_format *const formats[] = {&format_cms, &format_jades, &format_jades_json,
    &format_jose, &format_pdf, &format_asic, &format_xades};
#define FORMATS (sizeof formats / sizeof formats[0])

const struct doc_format *doc_format_beginning(struct rd head)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->begins && formats[i]->begins(head))
			return formats[i];
	return NULL;
}

const struct doc_format *doc_format_inside(struct rd head)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->inside && formats[i]->inside(head))
			return formats[i];
	return NULL;
}

static const struct doc_format *of_kind(enum doc_kind kind)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->kind == kind)
			return formats[i];
	return NULL;
}

const struct doc_format *doc_format_named(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->name && !strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

const char *doc_format_suffix(size_t i)
{
	for (size_t k = 0; k < FORMATS; k++)
		if (formats[k]->suffix && !i--)
			return formats[k]->suffix;
	return NULL;
}

bool doc_is_verified(enum doc_kind kind)
{
	const struct doc_format *f = of_kind(kind);

	return f && f->verify;
}

bool doc_goes_beside(enum doc_kind kind)
{
	const struct doc_format *f = of_kind(kind);

	return f && f->holds_content;
}

const struct doc_format *doc_format_fitting(int fd)
{
	enum doc_kind kind = doc_kind_fd(fd);

	/* A container is signed like any other file, unless its format is named. */
	if (kind == DOC_KIND_ASIC)
		return formats[0];
	/* So is XML. One that has no signature yet is of a kind of its own. */
	if (kind == DOC_KIND_PDF)
		kind = DOC_KIND_SIGNED_PDF;
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->sign_into && !formats[i]->goes_inside && formats[i]->kind == kind)
			return formats[i];
	return formats[0];
}

bool doc_holds_content(enum doc_kind kind, struct rd head)
{
	const struct doc_format *f = of_kind(kind);

	return f && (!f->holds_content || f->holds_content(head));
}

enum ecert_rc doc_sign_fd(enum doc_kind kind, const struct doc_signer *s,
    const struct doc_sign_options *o, int fd, struct buf *out)
{
	const struct doc_format *f = of_kind(kind);

	return f && f->sign_fd ? f->sign_fd(s, o, fd, out) : ECERT_E_UNSUPPORTED;
}

/* The one that verifies a file of this kind, or says that it is none. */
static const struct doc_format *judge_of(enum doc_kind kind)
{
	const struct doc_format *f = of_kind(kind);

	return f && f->verify ? f : formats[0];
}

enum ecert_rc doc_verify(struct rd signature, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out)
{
	return judge_of(doc_kind_bytes(signature))->verify(signature, content_fd, o, out);
}

enum ecert_rc doc_verify_fd(
    int signature_fd, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	return doc_verify_kind_fd(doc_kind_fd(signature_fd), signature_fd, content_fd, o, out);
}

enum ecert_rc doc_verify_kind_fd(enum doc_kind kind, int signature_fd, int content_fd,
    const struct doc_verify_options *o, struct doc_result **out)
{
	return judge_of(kind)->verify_fd(signature_fd, content_fd, o, out);
}

enum ecert_rc doc_verify_kind(enum doc_kind kind, struct rd signature, int content_fd,
    const struct doc_verify_options *o, struct doc_result **out)
{
	return judge_of(kind)->verify(signature, content_fd, o, out);
}

enum doc_level doc_extends_to(enum doc_kind kind)
{
	const struct doc_format *f = of_kind(kind);

	return f && f->extend ? f->extends_to : DOC_LEVEL_NONE;
}

enum ecert_rc doc_extend_fd(enum doc_kind kind, const struct doc_extend_options *o, int fd,
    int content_fd, doc_content_fn *put, void *ctx, const struct doc_refusal **why)
{
	const struct doc_format *f = of_kind(kind);

	*why = NULL;
	return f && f->extend && o->step <= f->extends_to
		   ? f->extend(o, fd, content_fd, put, ctx, why)
		   : ECERT_E_UNSUPPORTED;
}
