/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of making CAdES signatures last. */
#include "document/cms/extend/cades_extend.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/cms/cades_read.h"
#include "document/cms/stamp/cades_stamps.h"
#include "document/cms/extend/cades_archive.h"
#include "document/cms/extend/cades_remake.h"
#include "document/extend/lacking.h"
#include "document/pem.h"
#include "util/file.h"
#include "util/tlv.h"

/* id-aa-signatureTimeStampToken (EN 319 122-1, 5.3). */
static const uint8_t of_signature[] = {
    0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14};
/* id-ri-ocsp-response (RFC 5940, 2.1). */
static const uint8_t ri_ocsp[] = {0x06, 8, 0x2B, 6, 1, 5, 5, 7, 16, 2};

static const struct doc_refusal is_mail = {REASON_ID("is-mail"),
    MSG_ID("it is an S/MIME message, which mail programs read as it was sent"),
    MSG_ID("Save what it holds in a file, and sign that.")};
static const struct doc_refusal is_old = {REASON_ID("archive-old"),
    MSG_ID("it has an archive time stamp of an older kind, which anything that is added would "
	   "break"),
    MSG_ID("Extend it with the program that has made that time stamp.")};

struct extending {
	const struct doc_extend_options *o;
	struct cades_source source;
	struct cades_parts parts;
	struct cades_addition add;
	struct rd text;	   /* the file as it is; empty: it is streamed */
	struct rd content; /* its SHA-256; empty: not digested yet */
	int content_fd;	   /* -1: it is inside, or digested */
	struct doc_digest digest;
};

/* ---- T ---- */
static bool is_stamped(const struct doc_result *r, size_t i)
{
	return i < r->n && doc_is_stamped(&r->signer[i]);
}

static enum ecert_rc add_stamp(struct extending *e, size_t i)
{
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(e->source.cms), (int)i);
	const ASN1_OCTET_STRING *sig = CMS_SignerInfo_get0_signature(si);
	struct buf token = BUF_INIT(CADES_MAX_SIZE);
	enum ecert_rc rc = e->o->stamp(e->o->stamp_ctx,
	    rd_of(ASN1_STRING_get0_data(sig), (size_t)ASN1_STRING_length(sig)), &token);

	if (rc == ECERT_OK && !buf_len(&token))
		rc = ECERT_E_NO_SERVICE;
	if (rc == ECERT_OK)
		cades_put_attribute(&e->add.attributes[i], rd_of(of_signature, sizeof of_signature),
		    buf_view(&token));
	buf_free(&token);
	return rc;
}

/* ---- LT ---- */
/* OtherRevocationInfoFormat (RFC 5652, 10.2.1), implicitly tagged [1]. */
static void put_ocsp(struct buf *out, struct rd response)
{
	struct buf body = BUF_INIT(CADES_MAX_SIZE);

	buf_put(&body, ri_ocsp, sizeof ri_ocsp);
	buf_rd(&body, response);
	if (buf_rc(&body) != ECERT_OK)
		buf_fail(out, buf_rc(&body));
	tlv_put(out, 0xA1, buf_view(&body));
	buf_free(&body);
}

static enum ecert_rc add_material(struct extending *e)
{
	for (size_t i = 0; i < e->o->material_n; i++) {
		const struct doc_brought *b = &e->o->material[i].what;

		if (b->kind == DOC_BROUGHT_CERT)
			buf_rd(&e->add.certs, b->der);
		else if (b->kind == DOC_BROUGHT_CRL)
			buf_rd(&e->add.crls, b->der);
		else
			put_ocsp(&e->add.crls, b->der);
	}
	return buf_rc(&e->add.certs) == ECERT_OK ? buf_rc(&e->add.crls) : buf_rc(&e->add.certs);
}

/* ---- LTA ---- */
static enum ecert_rc digest_stream(const struct extending *e, struct doc_digest *out)
{
	const struct doc_verify_options v = {
	    .progress = e->o->progress, .progress_ctx = e->o->progress_ctx};
	struct digest_set set = {.n = 0};
	enum ecert_rc rc = digest_set_add(&set, EVP_sha256());

	if (rc == ECERT_OK)
		rc = e->source.streamed ? cades_stream_digest(&e->source.stream,
					      &(struct cades_sink){&set, NULL}, &v)
					: digest_set_update(&set, e->source.content);
	if (rc == ECERT_OK)
		rc = digest_set_final(&set);
	if (rc == ECERT_OK)
		*out = set.row[0].result;
	digest_set_free(&set);
	return rc;
}

static enum ecert_rc digest_content(struct extending *e)
{
	enum ecert_rc rc;

	if (e->content.n)
		return ECERT_OK;
	if (e->content_fd >= 0)
		rc = lseek(e->content_fd, 0, SEEK_SET) < 0
			 ? ECERT_E_IO
			 : doc_digest_fd(e->content_fd, CADES_ARCHIVE_DIGEST, e->o->progress,
			       e->o->progress_ctx, &e->digest);
	else
		rc = digest_stream(e, &e->digest);
	if (rc == ECERT_OK)
		e->content = rd_of(e->digest.value, e->digest.len);
	return rc;
}

/* ---- all of it ---- */
/* Why nothing can be added to the i-th signer. */
static const struct doc_refusal *refusal_of(const struct extending *e, size_t i)
{
	struct cades_stamps *s = calloc(1, sizeof *s);
	const struct doc_refusal *why = NULL;

	if (!s)
		return NULL;
	cades_stamps_read(&e->parts, i, NULL, s);
	if (s->unread)
		why = &is_old;
	else if ((s->more || s->n == DOC_STAMPS_MAX) && e->o->step != DOC_LEVEL_LT &&
		 !(e->o->step == DOC_LEVEL_T && is_stamped(e->o->found, i)))
		why = &doc_stamps_full;
	cades_stamps_free(s);
	free(s);
	return why;
}

static enum ecert_rc add_to_signer(struct extending *e, size_t i)
{
	if (e->o->step == DOC_LEVEL_T)
		return is_stamped(e->o->found, i) ? ECERT_OK : add_stamp(e, i);
	return cades_archive(&e->parts, i, e->content, e->o, &e->add.attributes[i]);
}

static enum ecert_rc add_all(struct extending *e, const struct doc_refusal **why)
{
	int n = sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(e->source.cms));
	enum ecert_rc rc = cades_parts_read(e->source.bytes, &e->parts) ? ECERT_OK
									: ECERT_E_MALFORMED;

	for (int i = 0; rc == ECERT_OK && !*why && i < n; i++)
		*why = refusal_of(e, (size_t)i);
	if (rc != ECERT_OK || *why)
		return rc;
	if (e->o->step == DOC_LEVEL_LT)
		return add_material(e);
	if (e->o->step == DOC_LEVEL_LTA)
		rc = digest_content(e);
	for (int i = 0; rc == ECERT_OK && i < n; i++)
		rc = add_to_signer(e, (size_t)i);
	return rc;
}

/* In the armour that it came in. */
static enum ecert_rc put_armoured(struct extending *e, doc_content_fn *put, void *ctx)
{
	struct buf der = BUF_INIT(CADES_MAX_SIZE), out = BUF_INIT(2 * CADES_MAX_SIZE);
	struct pem block = {.label = ""};
	struct rd text = e->text;
	enum ecert_rc rc = cades_remake(e->source.bytes,
	    e->source.streamed ? &e->source.stream : NULL, &e->add, doc_keep_part, &der);

	buf_init(&block.der, CADES_MAX_SIZE);
	if (rc == ECERT_OK && e->source.form == DOC_FORM_PEM)
		rc = pem_next(&text, &block);
	if (rc == ECERT_OK)
		rc = pem_put(
		    &out, e->source.form == DOC_FORM_PEM ? block.label : NULL, buf_view(&der));
	if (rc == ECERT_OK)
		rc = buf_len(&out) > CADES_MAX_SIZE ? ECERT_E_TOO_LARGE : put(ctx, buf_view(&out));
	buf_free(&block.der);
	buf_free(&der);
	buf_free(&out);
	return rc;
}

static enum ecert_rc extend(
    struct extending *e, doc_content_fn *put, void *ctx, const struct doc_refusal **why)
{
	enum ecert_rc rc;

	if (e->source.form == DOC_FORM_SMIME) {
		*why = &is_mail;
		return ECERT_OK;
	}
	cades_addition_init(&e->add);
	rc = add_all(e, why);
	if (rc == ECERT_OK && !*why)
		rc = e->source.form == DOC_FORM_PLAIN
			 ? cades_remake(e->source.bytes,
			       e->source.streamed ? &e->source.stream : NULL, &e->add, put, ctx)
			 : put_armoured(e, put, ctx);
	cades_addition_free(&e->add);
	return rc;
}

enum ecert_rc cades_extend_bytes(const struct doc_extend_options *o, struct rd p7s,
    struct rd content, struct buf *out, const struct doc_refusal **why)
{
	struct extending e = {.o = o, .text = p7s, .content = content, .content_fd = -1};
	enum reason reason;
	enum ecert_rc rc = ECERT_E_MALFORMED;

	*why = NULL;
	if (!cades_source_read(p7s, NULL, &e.source, &reason))
		rc = extend(&e, doc_keep_part, out, why);
	cades_source_free(&e.source);
	ERR_clear_error();
	return rc;
}

enum ecert_rc cades_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why)
{
	struct extending e = {.o = o, .content_fd = content_fd};
	struct buf p7s = BUF_INIT(CADES_MAX_SIZE);
	enum reason reason;
	const char *defect = NULL;
	enum ecert_rc rc = lseek(fd, 0, SEEK_SET) < 0 ? ECERT_E_IO : file_read_fd(fd, &p7s);

	*why = NULL;
	if (rc == ECERT_OK) {
		e.text = buf_view(&p7s);
		defect = cades_source_read(e.text, NULL, &e.source, &reason);
	} else if (rc == ECERT_E_TOO_LARGE) {
		rc = cades_source_stream(fd, NULL, &e.source, &defect, &reason);
	}
	if (rc == ECERT_OK)
		rc = defect ? ECERT_E_MALFORMED : extend(&e, put, ctx, why);
	cades_source_free(&e.source);
	buf_free(&p7s);
	ERR_clear_error();
	return rc;
}
