/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of a batch, each with its signature beside it or inside: what a thread does for one,
 * and what is told of it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/reading.h"
#include "actions/sign/ahead.h"
#include "actions/sign/sign_priv.h"
#include "actions/sign/stamping.h"
#include "client/outfile.h"

enum outcome sign_failed(const struct job *job, enum ecert_rc rc, const char *file, int saved)
{
	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(job->ui, OUT_IO, "file-changed",
		    MSG("{file} was changed after it was looked at", P_FILE("file", file)),
		    MSG("Run the command again when nothing writes to it."));
	if (rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", file), P_ERRNO("why", saved)),
		    MSG("Check the disk that it is on."));
	if (rc == ECERT_E_REMOVED)
		return ui_fail(job->ui, OUT_CARD, "removed",
		    MSG("The token was pulled out while {file} was being signed",
			P_FILE("file", file)),
		    MSG("Put it back and run the command again."));
	/* Each signature is checked with the certificate before it is written. */
	if (rc == ECERT_E_BAD_SIGNATURE || rc == ECERT_E_KEY_TYPE)
		return ui_fail(job->ui, OUT_REFUSED, "certificate-of-other-key",
		    MSG("Cannot sign {file}: the certificate does not belong to the key in its "
			"place",
			P_FILE("file", file)),
		    MSG("Import the certificate that belongs to the key."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot sign {file}: {why}", P_FILE("file", file)));
}

/* *rc is what the format said, and errno with it; what went wrong with the output is told here. */
static enum outcome sign_beside(const struct job *job, const struct doc_signer *key,
    const struct sign_deed *o, const char *file, const struct sign_item *item, struct reading *bar,
    struct stamping *stamps, enum ecert_rc *rc)
{
	struct doc_sign_options opts = {.alg = key->alg,
	    .now = job_now(job),
	    .progress = reading_tick,
	    .progress_ctx = bar,
	    .form = sign_serialization(o),
	    .attached = o->attached,
	    .name = file};
	struct buf p7s = BUF_INIT(DOC_SIGNATURE_MAX);
	char path[PATH_MAX];
	const char *out = sign_target(o, item, file, path, sizeof path);
	int fd = open(file, O_RDONLY | O_CLOEXEC), saved;
	enum outcome code = OUT_OK;

	stamping_into(stamps, &opts);
	*rc = fd < 0 ? ECERT_E_IO : doc_sign_fd(item->format->kind, key, &opts, fd, &p7s);
	saved = errno;
	if (fd >= 0)
		close(fd);
	reading_over(bar);
	if (*rc == ECERT_OK)
		code = outfile_save(job, out, buf_view(&p7s), o->force);
	buf_free(&p7s);
	errno = saved;
	return code;
}

/* One batch under way. The row and the item of a file are its thread's until it is told to be over;
 * all else that a thread sees is read only. */
struct batch {
	const struct job *job;
	const struct signing *s;
	const struct sign_deed *o;
	struct sign_item *items;
	struct sign_result *r;
	const size_t *open; /* which of the files these are */
	size_t n;
	enum outcome code; /* why it ended, which was told */
	size_t missing;
	pthread_mutex_t stamping;
};

static enum outcome sign_one(void *ctx, struct ahead_hand *hand, size_t k)
{
	struct batch *b = ctx;
	struct stamping stamps = {.job = &hand->job, .tsa = &b->o->tsa, .turn = &b->stamping};
	struct sign_item *item = &b->items[b->open[k]];
	const char *file = b->r->files[b->open[k]].file;
	struct reading bar;
	enum ecert_rc rc = ECERT_OK;
	enum outcome code = OUT_OK;

	reading_begin(&bar, hand->job.ui, file, k + 1, b->n);
	if (!item->ready)
		code = sign_prepare(&hand->job, b->s, b->o, file, item);
	if (!code && item->inside)
		code = sign_inside(
		    &hand->job, b->s, &hand->key, b->o, file, item, &bar, &stamps, &rc);
	else if (!code)
		code = sign_beside(&hand->job, &hand->key, b->o, file, item, &bar, &stamps, &rc);
	if (!code)
		code = sign_failed(&hand->job, rc, file, errno);
	if (item->ready)
		item->format->forget(&item->ready);
	item->unstamped = stamps.missing > 0;
	hand->hopeless = rc == ECERT_E_BAD_SIGNATURE || rc == ECERT_E_KEY_TYPE;
	return code;
}

/* In the thread of the person. */
static bool told(void *ctx, size_t k, const struct ahead_end *end)
{
	struct batch *b = ctx;
	size_t i = b->open[k];
	enum outcome code = OUT_OK;

	if (end->given_up)
		return false;
	if (end->code) {
		code = sign_lost(b->job, b->o, b->r, i, &end->why, end->hopeless);
	} else {
		char path[PATH_MAX];

		b->missing += b->items[i].unstamped ? 1 : 0;
		code = sign_keep(b->job, b->o, b->r, i,
		    sign_target(b->o, &b->items[i], b->r->files[i].file, path, sizeof path));
	}
	b->code = b->code ? b->code : code;
	return !b->code;
}

enum outcome sign_run(const struct job *job, struct signing *s, const struct sign_deed *o,
    struct sign_item *items, struct sign_result *r, size_t *missing, bool *stopped)
{
	size_t *open = calloc(r->n + 1, sizeof *open);
	struct batch b = {.job = job,
	    .s = s,
	    .o = o,
	    .items = items,
	    .r = r,
	    .open = open,
	    .stamping = PTHREAD_MUTEX_INITIALIZER};
	struct ahead a = {.job = job, .key = &s->doc, .ctx = &b, .sign = sign_one, .told = told};
	enum ecert_rc rc = open ? ECERT_OK : ECERT_E_MEMORY;

	for (size_t i = 0; open && i < r->n; i++)
		if (r->files[i].fate == SIGNED_NOT)
			open[b.n++] = i;
	a.n = b.n;
	if (rc == ECERT_OK)
		rc = ahead_run(&a, stopped);
	free(open);
	*missing = b.missing;
	return rc == ECERT_OK ? b.code : ui_fail_rc(job->ui, rc, MSG("Cannot sign: {why}"));
}
