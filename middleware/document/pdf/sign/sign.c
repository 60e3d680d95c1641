/* SPDX-License-Identifier: BSD-2-Clause */
/* The file is copied and digested in one go; then comes the tail, with the signature in its hole.
 */
#include "document/pdf/sign/sign.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/cms/cades.h"
#include "document/identity.h"
#include "document/pdf/sign/plan.h"
#include "document/pdf/sign/refusal.h"
#include "document/pdf/sign/show.h"
#include "document/pdf/sign/tail.h"
#include "document/pdf/sign/work.h"
#include "util/file.h"

/* Everything in a signature but the certificates: attributes, names, an RSA signature of 4096 bits;
 * and the least that is left for it. What does not fit would cost a second PIN. */
#define ROOM_REST  3072
#define ROOM_LEAST 8192
/* A time stamp with the TSA's certificates. */
#define ROOM_STAMP 12288

struct doc_prepared {
	struct pdf_plan plan;
	struct stat was; /* the file that was looked at */
	time_t drawn;	 /* the time that its picture says; 0: it has none */
};

enum ecert_rc pdf_prepare(const struct doc_sign_options *o, int fd, struct doc_prepared **out,
    const struct doc_refusal **why)
{
	enum doc_kind kind = doc_kind_fd(fd);
	struct doc_prepared *p;
	int picture = -1;
	enum ecert_rc rc = ECERT_OK;

	*out = NULL;
	*why = NULL;
	if (kind != DOC_KIND_PDF && kind != DOC_KIND_SIGNED_PDF) {
		*why = &pdf_is_none;
		return ECERT_OK;
	}
	p = calloc(1, sizeof *p);
	if (!p)
		return ECERT_E_MEMORY;
	if (fstat(fd, &p->was))
		rc = ECERT_E_IO;
	if (rc == ECERT_OK)
		rc = pdf_show(o, &picture, why);
	if (rc == ECERT_OK && !*why)
		rc = pdf_plan_ask(o->pdf, fd, picture, &p->plan, why);
	if (picture >= 0) {
		p->drawn = o->now;
		close(picture);
	}
	if (rc == ECERT_OK && !*why)
		*out = p;
	else
		pdf_forget(&p);
	return rc;
}

void pdf_forget(struct doc_prepared **p)
{
	if (*p)
		pdf_plan_free(&(*p)->plan);
	free(*p);
	*p = NULL;
}

static size_t room_for(const struct doc_signer *s, const struct doc_sign_options *o)
{
	size_t n = s->cert.n + ROOM_REST + (o->stamp ? ROOM_STAMP : 0);

	for (size_t i = 0; i < s->chain_n; i++)
		n += s->chain[i].n;
	n = (n + 1023) / 1024 * 1024;
	return n > ROOM_LEAST ? n : ROOM_LEAST;
}

struct signing {
	const struct doc_signer *s;
	const struct doc_sign_options *o;
	const EVP_MD *md;
};

/* A pdf_fill_fn. */
static enum ecert_rc fill(void *ctx, const struct digest_set *digests, struct buf *cms)
{
	const struct signing *g = ctx;
	struct doc_sign_options o = *g->o;

	o.timeless = true;
	return cades_sign_digest(g->s, &o, digest_set_get(digests, g->md), cms);
}

static enum ecert_rc build_tail(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, uint8_t last, struct pdf_tail *out)
{
	struct identity *who = calloc(1, sizeof *who);
	struct pdf_says says = {.now = p->drawn ? p->drawn : o->now};
	enum ecert_rc rc = who ? identity_read(s->cert, who) : ECERT_E_MEMORY;

	if (rc == ECERT_OK) {
		says.name = who->user_name[0] ? who->user_name : who->name;
		says.reason = o->pdf ? o->pdf->reason : NULL;
		says.place = o->pdf ? o->pdf->place : NULL;
		says.contact = o->pdf ? o->pdf->contact : NULL;
		rc = pdf_tail_build(&p->plan, &says, (uint64_t)p->was.st_size,
		    last != '\n' && last != '\r', room_for(s, o), out);
	}
	free(who);
	return rc;
}

enum ecert_rc pdf_sign_into(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, int fd, doc_content_fn *put, void *ctx)
{
	enum doc_sig_alg alg = o->alg ? o->alg : doc_sig_for_key(s->key);
	struct signing g = {.s = s, .o = o};
	struct pdf_work w = {
	    .put = put, .ctx = ctx, .progress = o->progress, .progress_ctx = o->progress_ctx};
	struct pdf_tail tail = {.bytes = BUF_INIT(0)};
	uint8_t last = 0;
	enum ecert_rc rc;

	if (!doc_sig_fits(alg, s->key) || !doc_sig_digest(alg))
		return ECERT_E_KEY_TYPE;
	if (file_changed(&p->was, fd))
		return ECERT_E_NOT_FOUND;
	g.md = EVP_get_digestbyname(doc_sig_digest(alg));
	rc = g.md ? digest_set_add(&w.digests, g.md) : ECERT_E_CRYPTO;
	if (rc == ECERT_OK)
		rc = pdf_work_copy(&w, fd, (uint64_t)p->was.st_size, &last);
	if (rc == ECERT_OK)
		rc = build_tail(s, o, p, last, &tail);
	if (rc == ECERT_OK)
		rc = pdf_work_end(&w, &tail, fill, &g);
	buf_free(&tail.bytes);
	digest_set_free(&w.digests);
	return rc;
}
