/* SPDX-License-Identifier: BSD-2-Clause */
/* The file is copied and digested in one go; then comes the tail, with the signature in its hole.
 */
#include "document/pdf/sign/sign.h"

#include <errno.h>
#include <fcntl.h>
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
#include "util/file.h"

#define CHUNK	      (1u << 20)
#define PROGRESS_STEP (4u << 20)
/* Everything in a signature but the certificates: attributes, names, an RSA signature of 4096 bits;
 * and the least that is left for it. What does not fit would cost a second PIN. */
#define ROOM_REST  3072
#define ROOM_LEAST 8192
/* A time stamp with the TSA's certificates. */
#define ROOM_STAMP 12288

struct doc_prepared {
	struct pdf_plan plan;
	struct stat was; /* the file that was looked at */
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
	if (picture >= 0)
		close(picture);
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

/* One signing under way. */
struct work {
	const struct doc_sign_options *o;
	struct digest_set digests;
	const EVP_MD *md;
	doc_content_fn *put;
	void *ctx;
};

static enum ecert_rc take(struct work *w, struct rd part)
{
	enum ecert_rc rc = digest_set_update(&w->digests, part);

	return rc == ECERT_OK ? w->put(w->ctx, part) : rc;
}

static enum ecert_rc read_some(int fd, uint8_t *room, uint64_t at, uint64_t left, size_t *n)
{
	ssize_t got;

	do
		got = pread(fd, room, left < CHUNK ? (size_t)left : CHUNK, (off_t)at);
	while (got < 0 && errno == EINTR);
	*n = got > 0 ? (size_t)got : 0;
	if (!got)
		errno = EIO; /* it became shorter */
	return got > 0 ? ECERT_OK : ECERT_E_IO;
}

/* Its first `size` bytes; last is the last one of them. */
static enum ecert_rc copy_file(struct work *w, int fd, uint64_t size, uint8_t *last)
{
	uint8_t *room = malloc(CHUNK);
	uint64_t done = 0, told = 0;
	enum ecert_rc rc = room ? ECERT_OK : ECERT_E_MEMORY;
	size_t n = 0;

	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	while (rc == ECERT_OK && done < size) {
		rc = read_some(fd, room, done, size - done, &n);
		if (rc == ECERT_OK)
			rc = take(w, rd_of(room, n));
		if (rc != ECERT_OK)
			break;
		done += n;
		*last = room[n - 1];
		if (w->o->progress && (done == size || done - told >= PROGRESS_STEP)) {
			told = done;
			if (!w->o->progress(w->o->progress_ctx, done, size))
				rc = ECERT_E_CANCELLED;
		}
	}
	free(room);
	return rc;
}

static size_t room_for(const struct doc_signer *s, const struct doc_sign_options *o)
{
	size_t n = s->cert.n + ROOM_REST + (o->stamp ? ROOM_STAMP : 0);

	for (size_t i = 0; i < s->chain_n; i++)
		n += s->chain[i].n;
	n = (n + 1023) / 1024 * 1024;
	return n > ROOM_LEAST ? n : ROOM_LEAST;
}

/* The signature over what was digested, as digits of the hole. */
static enum ecert_rc fill(
    const struct doc_signer *s, struct work *w, const struct pdf_tail *tail, struct buf *digits)
{
	static const char hex[] = "0123456789abcdef";
	struct doc_sign_options o = *w->o;
	struct buf cms = BUF_INIT(DOC_SIGNATURE_MAX);
	enum ecert_rc rc = digest_set_final(&w->digests);
	struct rd r;

	o.timeless = true;
	if (rc == ECERT_OK)
		rc = cades_sign_digest(s, &o, digest_set_get(&w->digests, w->md), &cms);
	r = buf_view(&cms);
	if (rc == ECERT_OK && 2 * r.n > tail->hole_n)
		rc = ECERT_E_TOO_LARGE;
	for (size_t i = 0; rc == ECERT_OK && i < r.n; i++) {
		buf_u8(digits, (uint8_t)hex[r.p[i] >> 4]);
		buf_u8(digits, (uint8_t)hex[r.p[i] & 15]);
	}
	if (rc == ECERT_OK)
		buf_fill(digits, '0', tail->hole_n - 2 * r.n);
	buf_free(&cms);
	return rc == ECERT_OK ? buf_rc(digits) : rc;
}

/* What comes before and after the hole is signed, the angle brackets of the hole are not. */
static enum ecert_rc put_tail(const struct doc_signer *s, struct work *w, const struct pdf_tail *t)
{
	struct rd all = buf_view(&t->bytes);
	struct rd head = rd_of(all.p, t->hole - 1);
	size_t end = t->hole + t->hole_n;
	struct rd rest = rd_of(all.p + end + 1, all.n - end - 1);
	struct buf digits = BUF_INIT(2 * DOC_SIGNATURE_MAX + 2);
	enum ecert_rc rc = take(w, head);

	if (rc == ECERT_OK)
		rc = digest_set_update(&w->digests, rest);
	buf_u8(&digits, '<');
	if (rc == ECERT_OK)
		rc = fill(s, w, t, &digits);
	buf_u8(&digits, '>');
	if (rc == ECERT_OK)
		rc = buf_rc(&digits);
	if (rc == ECERT_OK)
		rc = w->put(w->ctx, buf_view(&digits));
	if (rc == ECERT_OK)
		rc = w->put(w->ctx, rest);
	buf_free(&digits);
	return rc;
}

/* It is another file, or another version of it, than the one that was looked at. */
static bool changed(const struct stat *was, int fd)
{
	struct stat is;

	return fstat(fd, &is) || is.st_dev != was->st_dev || is.st_ino != was->st_ino ||
	       is.st_size != was->st_size || is.st_mtim.tv_sec != was->st_mtim.tv_sec ||
	       is.st_mtim.tv_nsec != was->st_mtim.tv_nsec;
}

static enum ecert_rc build_tail(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, uint8_t last, struct pdf_tail *out)
{
	struct identity *who = calloc(1, sizeof *who);
	struct pdf_says says = {.now = o->now};
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
	struct work w = {.o = o, .put = put, .ctx = ctx};
	struct pdf_tail tail = {.bytes = BUF_INIT(0)};
	uint8_t last = 0;
	enum ecert_rc rc;

	if (!doc_sig_fits(alg, s->key) || !doc_sig_digest(alg))
		return ECERT_E_KEY_TYPE;
	if (changed(&p->was, fd))
		return ECERT_E_NOT_FOUND;
	w.md = EVP_get_digestbyname(doc_sig_digest(alg));
	rc = w.md ? digest_set_add(&w.digests, w.md) : ECERT_E_CRYPTO;
	if (rc == ECERT_OK)
		rc = copy_file(&w, fd, (uint64_t)p->was.st_size, &last);
	if (rc == ECERT_OK)
		rc = build_tail(s, o, p, last, &tail);
	if (rc == ECERT_OK)
		rc = put_tail(s, &w, &tail);
	buf_free(&tail.bytes);
	digest_set_free(&w.digests);
	return rc;
}
