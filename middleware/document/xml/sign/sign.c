/* SPDX-License-Identifier: BSD-2-Clause */
/* The file up to the place, the signature, the rest of the file. */
#include "document/xml/sign/sign.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/kind/named.h"
#include "document/xml/sign/plan.h"
#include "document/xml/sign/refusal.h"
#include "document/xml/sign/write.h"
#include "util/file.h"

#define CHUNK	   (256u << 10)
#define AROUND_MAX (64u << 10)
#define URI_MAX	   16384

/* What is kept of a file that was looked at: digests, not its canonical form. */
struct doc_prepared {
	struct stat was;
	enum doc_sig_alg alg;
	uint64_t at;
	size_t dropped;
	struct buf before, behind;
	struct xades_reference reference[1 + XSIGN_SIGNATURES_MAX];
	char uri[XSIGN_SIGNATURES_MAX][XSIGN_ID_MAX + 2];
	size_t n;
};

/* ---- what is signed inside ---- */
static bool begins(struct rd text, const char *what)
{
	size_t n = strlen(what);

	return text.n >= n && !strncasecmp((const char *)text.p, what, n);
}

/* It begins as XML does (XML 1.0, 2.1 and appendix F), and not as HTML. */
static bool is_xml(struct rd head)
{
	if (begins(head, "\xEF\xBB\xBF"))
		head = rd_of(head.p + 3, head.n - 3);
	else if (begins(head, "\xFF\xFE") || begins(head, "\xFE\xFF"))
		return head.n > 3 && (head.p[2] == '<' || head.p[3] == '<');
	while (head.n && memchr(" \t\r\n", head.p[0], 4))
		head = rd_of(head.p + 1, head.n - 1);
	if (head.n < 2 || head.p[0] != '<' || begins(head, "<!DOCTYPE html") ||
	    begins(head, "<html"))
		return false;
	return begins(head, "<?xml") || begins(head, "<!DOCTYPE") || begins(head, "<!--") ||
	       ((head.p[1] | 0x20) >= 'a' && (head.p[1] | 0x20) <= 'z') || head.p[1] == '_' ||
	       head.p[1] >= 0x80;
}

bool xades_goes_inside(const struct doc_sign_options *o, int fd)
{
	uint8_t head[1024];
	ssize_t n = o->detached ? 0 : pread(fd, head, sizeof head, 0);

	return n > 0 && is_xml(rd_of(head, (size_t)n));
}

static enum ecert_rc digest_of(struct rd octets, const char *md, struct doc_digest *out)
{
	out->len = sizeof out->value;
	out->size = octets.n;
	return EVP_Q_digest(NULL, md, NULL, octets.p, octets.n, out->value, &out->len) == 1
		   ? ECERT_OK
		   : ECERT_E_CRYPTO;
}

/* The document, and the value of each signature that is in it: what they are is signed, too. */
static enum ecert_rc take_plan(
    struct doc_prepared *p, const struct xsign_plan *plan, const char *media)
{
	const char *md = doc_sig_digest(p->alg);
	enum ecert_rc rc;

	p->at = plan->shape.at;
	p->dropped = xsign_shape_dropped(&plan->shape);
	xsign_shape_before(&plan->shape, &p->before);
	xsign_shape_behind(&plan->shape, &p->behind);
	p->reference[0] = (struct xades_reference){.uri = "",
	    .how = plan->shape.place == XSIGN_AT_END ? XADES_ENVELOPED : XADES_ENVELOPED_UBL,
	    .media = media};
	rc = digest_of(plan->digested, md, &p->reference[0].digest);
	for (size_t i = 0; rc == ECERT_OK && i < plan->values; i++) {
		struct xades_reference *r = &p->reference[i + 1];

		p->uri[i][0] = '#';
		memcpy(p->uri[i] + 1, plan->value[i].id.p, plan->value[i].id.n);
		*r = (struct xades_reference){.uri = p->uri[i], .how = XADES_CANONICAL};
		rc = digest_of(plan->value[i].form, md, &r->digest);
	}
	p->n = 1 + plan->values;
	if (rc == ECERT_OK)
		rc = buf_rc(&p->before);
	return rc == ECERT_OK ? buf_rc(&p->behind) : rc;
}

static enum xsign_profile profile_of(enum doc_xml_profile p)
{
	return p == DOC_XML_PLAIN ? XSIGN_PROFILE_PLAIN
	       : p == DOC_XML_UBL ? XSIGN_PROFILE_UBL
				  : XSIGN_PROFILE_FITTING;
}

enum ecert_rc xades_prepare(const struct doc_sign_options *o, int fd, struct doc_prepared **out,
    const struct doc_refusal **why)
{
	struct doc_prepared *p;
	struct xsign_plan plan;
	enum ecert_rc rc = ECERT_OK;

	*out = NULL;
	*why = o->profile == DOC_XML_ZATCA	? &xsign_zatca
	       : o->profile == DOC_XML_MYINVOIS ? &xsign_myinvois
						: NULL;
	if (*why)
		return ECERT_OK;
	if (!doc_sig_digest(o->alg))
		return ECERT_E_KEY_TYPE;
	p = calloc(1, sizeof *p);
	if (!p)
		return ECERT_E_MEMORY;
	buf_init(&p->before, AROUND_MAX);
	buf_init(&p->behind, AROUND_MAX);
	p->alg = o->alg;
	if (fstat(fd, &p->was))
		rc = ECERT_E_IO;
	if (rc == ECERT_OK) {
		rc = xsign_plan_ask(profile_of(o->profile), fd, &plan, why);
		if (rc == ECERT_OK && !*why)
			rc = take_plan(p, &plan, "application/xml");
		xsign_plan_free(&plan);
	}
	if (rc == ECERT_OK && !*why)
		*out = p;
	else
		xades_forget(&p);
	return rc;
}

void xades_forget(struct doc_prepared **p)
{
	if (*p) {
		buf_free(&(*p)->before);
		buf_free(&(*p)->behind);
	}
	free(*p);
	*p = NULL;
}

/* The file's bytes from `at` to `end`. */
static enum ecert_rc copy(int fd, uint64_t at, uint64_t end, doc_content_fn *put, void *ctx)
{
	uint8_t *room = malloc(CHUNK);
	enum ecert_rc rc = room ? ECERT_OK : ECERT_E_MEMORY;

	while (rc == ECERT_OK && at < end) {
		ssize_t got = pread(
		    fd, room, end - at < CHUNK ? (size_t)(end - at) : CHUNK, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (!got)
			errno = EIO; /* it became shorter */
		rc = got > 0 ? put(ctx, rd_of(room, (size_t)got)) : ECERT_E_IO;
		at += got > 0 ? (uint64_t)got : 0;
	}
	free(room);
	return rc;
}

enum ecert_rc xades_sign_into(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, int fd, doc_content_fn *put, void *ctx)
{
	struct doc_sign_options as = *o;
	struct buf signature = BUF_INIT(DOC_SIGNATURE_MAX);
	uint64_t size = (uint64_t)p->was.st_size;
	enum ecert_rc rc;

	as.alg = p->alg;
	if (file_changed(&p->was, fd))
		return ECERT_E_NOT_FOUND;
	rc = xades_write(s, &as, p->reference, p->n, &signature);
	if (rc == ECERT_OK && o->progress && !o->progress(o->progress_ctx, size, size))
		rc = ECERT_E_CANCELLED;
	if (rc == ECERT_OK)
		rc = copy(fd, 0, p->at, put, ctx);
	if (rc == ECERT_OK)
		rc = put(ctx, buf_view(&p->before));
	if (rc == ECERT_OK)
		rc = put(ctx, buf_view(&signature));
	if (rc == ECERT_OK)
		rc = put(ctx, buf_view(&p->behind));
	if (rc == ECERT_OK)
		rc = copy(fd, p->at + p->dropped, size, put, ctx);
	buf_free(&signature);
	/* While it was read. */
	return rc == ECERT_OK && file_changed(&p->was, fd) ? ECERT_E_NOT_FOUND : rc;
}

/* ---- beside ---- */
enum ecert_rc xades_sign_fd(
    const struct doc_signer *s, const struct doc_sign_options *o, int fd, struct buf *out)
{
	const char *name = o->name ? named_base(o->name) : "";
	struct xades_reference r = {.how = XADES_AS_IT_IS, .media = named_media(name)};
	const char *md = doc_sig_digest(o->alg ? o->alg : doc_sig_for_key(s->key));
	struct buf uri = BUF_INIT(URI_MAX);
	enum ecert_rc rc = ECERT_E_KEY_TYPE;

	if (md)
		rc = doc_digest_fd(fd, md, o->progress, o->progress_ctx, &r.digest);
	named_uri(&uri, name);
	buf_u8(&uri, 0);
	if (rc == ECERT_OK)
		rc = buf_rc(&uri);
	r.uri = (const char *)buf_view(&uri).p;
	buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	if (rc == ECERT_OK)
		rc = xades_write(s, o, &r, 1, out);
	buf_str(out, "\n");
	buf_free(&uri);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}
