/* SPDX-License-Identifier: BSD-2-Clause */
/* Many documents: each judged by itself, by this process or by others, and told in order. */
#include "actions/verify/many.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/beside.h"
#include "actions/verify/manywork.h"
#include "client/outfile.h"
#include "document/cert.h"
#include "document/digest.h"
#include "document/identity.h"
#include "trust/list/set.h"
#include "util/hex.h"
#include "util/text.h"

enum outcome verify_worse(enum outcome a, enum outcome b)
{
	/* The first of them that either is; any other (a file that cannot be read, one that is no
	 * signature) stands between what failed and what nobody can tell. */
	static const enum outcome worst[] = {OUT_INTERRUPTED, OUT_INTERNAL, OUT_INVALID};
	static const enum outcome least[] = {OUT_OK, OUT_INDETERMINATE};

	for (size_t i = 0; i < sizeof worst / sizeof worst[0]; i++)
		if (a == worst[i] || b == worst[i])
			return worst[i];
	for (size_t i = 0; i < sizeof least / sizeof least[0]; i++)
		if (a == least[i] || b == least[i])
			return a == least[i] ? b : a;
	return a;
}

/* ---- one document ---- */
static void keep_failure(void *ctx, const struct failure *f)
{
	struct verify_item *item = ctx;

	item->code = f->code;
	item->reason = f->reason;
	message_keep(&item->what, f->what);
	if (f->next)
		message_keep(&item->next, f->next);
}

/* Reads the file once more, behind the verdict. found: as it was verified, links are not followed.
 */
static void take_bytes(const char *path, const struct named_file *of, struct verify_bytes *out)
{
	struct doc_digest d;
	int fd = of->folder ? named_file_open(of, path)
			    : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    doc_digest_fd(fd, "SHA256", NULL, NULL, &d) == ECERT_OK) {
		out->name = path;
		out->size = d.size;
		hex_str(rd_of(d.value, d.len), out->sha256);
	}
	if (fd >= 0)
		close(fd);
}

static void take_files(
    const struct verified *r, const struct named_file *of, struct verify_item *item)
{
	if (r->content)
		take_bytes(r->content, of, &item->content);
	if (r->signature_file)
		take_bytes(r->signature_file, of, r->content ? &item->signature : &item->content);
	else if (!r->content)
		take_bytes(r->file, of, &item->content);
}

/* As named_file_follows has it: a token and what is called a signature itself are looked at there.
 */
static void keep_followed(struct many *m, const struct named_file *f, const struct verified *r)
{
	const bool pair = f->folder && r->content && r->signature_file &&
			  !strcmp(r->content, f->path) && !beside_is_called_one(f->path);

	text_copy(m->followed, sizeof m->followed, pair ? r->signature_file : "");
}

void many_judge(struct many *m, size_t i, struct many_answer *out)
{
	static const struct ui_calls calls = {.failed = keep_failure};
	const char *name = m->names.v[i].path;
	const struct strlist one = {&name, 1}, *files = m->pair ? m->pair : &one;
	struct verify_item item = {.file = name};
	const struct ui ui = {&calls, &item};
	struct job job = *m->job;
	struct verified *r = m->r;
	enum outcome code;

	job.ui = &ui;
	for (size_t k = 0; k < VERIFY_PARTS; k++)
		buf_reset(&out->part[k]);
	out->code = OUT_OK;
	out->judged = out->left = false;
	out->none = !m->pair && (!strcmp(name, m->followed) || named_file_follows(&m->names, i));
	if (out->none)
		return;
	code = verify_named(m->run, &job, files, &m->names.v[i], r);
	out->left = !code && r->left;
	if (out->left) {
		verified_free(r);
		return;
	}
	out->judged = !code;
	if (!code) {
		item.done = r;
		item.file = r->file;
		code = verified_close(&ui, r);
		keep_followed(m, &m->names.v[i], r);
		if (m->batch->bytes)
			take_files(r, &m->names.v[i], &item);
	}
	item.code = code;
	out->code = code;
	m->batch->word(m->batch->ctx, &item, out->part);
	for (size_t k = 0; k < VERIFY_PARTS; k++)
		if (buf_rc(&out->part[k]) != ECERT_OK)
			out->code = OUT_INTERNAL;
	verified_free(r);
}

/* Of a process that ended before it had told: a defect, and no verdict. */
void many_lost(struct many *m, size_t i, struct many_answer *out)
{
	struct verify_item item = {
	    .file = m->names.v[i].path, .code = OUT_INTERNAL, .reason = REASON_ID("judge-lost")};

	for (size_t k = 0; k < VERIFY_PARTS; k++)
		buf_reset(&out->part[k]);
	message_keep(&item.what, MSG("{file} was not verified: the process that judged it ended",
				     P_FILE("file", item.file)));
	message_keep(&item.next, MSG("Please report it."));
	out->judged = out->left = false;
	out->none = named_file_follows(&m->names, i);
	if (out->none)
		return;
	out->code = OUT_INTERNAL;
	m->batch->word(m->batch->ctx, &item, out->part);
}

bool many_told(struct many *m, const struct many_answer *a)
{
	struct verify_sum *sum = m->sum;
	struct rd part[VERIFY_PARTS];

	if (a->none)
		return true;
	for (size_t k = 0; k < VERIFY_PARTS; k++)
		part[k] = buf_view(&a->part[k]);
	sum->files++;
	if (!a->judged)
		sum->unjudged++;
	else if (a->code == OUT_OK)
		sum->passed++;
	else if (a->code == OUT_INDETERMINATE)
		sum->indeterminate++;
	else
		sum->failed++;
	sum->worst = verify_worse(sum->worst, a->code);
	sum->stopped = !m->batch->take(m->batch->ctx, part);
	return !sum->stopped;
}

static void by_itself(struct many *m)
{
	struct many_answer a = {.judged = false};

	for (size_t k = 0; k < VERIFY_PARTS; k++)
		buf_init(&a.part[k], VERIFY_PART_MAX);
	for (size_t i = 0; i < m->names.n; i++) {
		many_judge(m, i, &a);
		if (!many_told(m, &a))
			break;
		m->batch->rest(m->batch->ctx);
	}
	for (size_t k = 0; k < VERIFY_PARTS; k++)
		buf_free(&a.part[k]);
}

/* ---- the run ---- */
static void name_certificate(const X509 *cert, struct verify_anchor *a)
{
	struct buf der = BUF_INIT(65536);
	struct identity id;

	if (cert && cert_der(cert, &der) == ECERT_OK &&
	    identity_read(buf_view(&der), &id) == ECERT_OK)
		text_copy(a->subject, sizeof a->subject, id.subject);
	buf_free(&der);
}

static void tell_anchors(const struct many *m)
{
	const struct trust_set *set = m->run->set;

	for (size_t i = 0; i < trust_set_count(set); i++) {
		const struct trust_entry *e = trust_set_entry(set, i);
		struct verify_anchor a = {.subject = ""};

		verify_trusted_of(e, &a.who);
		name_certificate(e->cert, &a);
		m->batch->anchor(m->batch->ctx, &a);
	}
}

static size_t processes(const struct verify_batch *b, size_t documents)
{
	cpu_set_t set;
	size_t n = b->jobs > 0 ? (size_t)b->jobs : 1;

	CPU_ZERO(&set);
	if (!b->jobs && !sched_getaffinity(0, sizeof set, &set))
		n = (size_t)CPU_COUNT(&set);
	if (n > MANY_PROCESSES)
		n = MANY_PROCESSES;
	return n < documents ? n : documents;
}

/* As if it stood on the line that it is read. */
static enum outcome refuse_report(const struct job *job, const char *path)
{
	struct job reads_it = *job;

	reads_it.reads = (struct strlist){&path, 1};
	return outfile_vacant(&reads_it, path, true);
}

enum outcome verify_many(const struct job *job, const struct verify_deed *deed,
    const struct verify_batch *batch, struct verify_sum *sum)
{
	struct many m = {.job = job, .batch = batch, .sum = sum, .r = malloc(sizeof *m.r)};
	enum outcome code;
	size_t n;

	*sum = (struct verify_sum){.worst = OUT_OK};
	/* One document all the same. */
	if (batch->names->n == 2 && !batch->recursive &&
	    beside_is_pair(batch->names->v[0], batch->names->v[1]))
		m.pair = batch->names;
	code = m.r ? verify_begin(job, deed, &m.run)
		   : ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	if (!code)
		code = named_files_list(job,
		    m.pair ? &(struct strlist){m.pair->v, 1} : batch->names, batch->recursive,
		    &m.names);
	if (!code && batch->report && named_files_read(&m.names, batch->report))
		code = refuse_report(job, batch->report);
	if (!code) {
		sum->at = m.run->now;
		trust_set_remember(m.run->set);
		m.run->among_others = !m.pair && m.names.n > 1;
		sum->left_out = m.names.left_out;
		if (batch->anchor)
			tell_anchors(&m);
		n = processes(batch, m.names.n);
		if (n < 2)
			by_itself(&m);
		else
			code = many_processes(&m, n);
		batch->rest(batch->ctx);
		sum->not_asked = online_run_refused(m.run->asking);
	}
	named_files_free(&m.names);
	verify_end(&m.run);
	free(m.r);
	return code;
}

enum outcome verify_report_vacant(const struct job *job, const char *path, bool force)
{
	if (strcmp(path, "-") != 0)
		return outfile_vacant(job, path, force);
	return ui_fail(job->ui, OUT_USAGE, "report-to-standard-output",
	    MSG("The report and the answer cannot both go to standard output"),
	    MSG("Name a file: --report FILE."));
}

enum outcome verify_report_save(const struct job *job, const char *path, int fd, bool force)
{
	return outfile_failed(job, outfile_copy(path, fd, force), path);
}
