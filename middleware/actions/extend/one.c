/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of one file, each verified before the next. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/beside.h"
#include "actions/extend/extending.h"

static enum outcome unreadable(const struct extending *e, const char *file)
{
	return ui_fail(e->job->ui, OUT_IO, "file-unreadable",
	    MSG("Cannot read {file}: {why}", P_FILE("file", file), P_ERRNO("why", errno)),
	    MSG("Check the name and its permissions."));
}

/* The signature, and the file beside it that it signs: whichever of the two was named. */
static enum outcome find(struct extending *e)
{
	char other[PATH_MAX];
	struct stat st;
	bool inside;

	(void)snprintf(e->signature, sizeof e->signature, "%s", e->name);
	e->content[0] = 0;
	if (stat(e->name, &st))
		return unreadable(e, e->name);
	if (!S_ISREG(st.st_mode))
		return ui_fail(e->job->ui, OUT_INPUT, "not-a-file",
		    MSG("{file} is not a file", P_FILE("file", e->name)),
		    MSG("Name the files themselves."));
	if (e->of) {
		(void)snprintf(e->content, sizeof e->content, "%s", e->of);
	} else if (beside_content_of(e->name, other)) {
		if (!access(other, F_OK))
			(void)snprintf(e->content, sizeof e->content, "%s", other);
	} else if (beside_signature_of(e->name, other)) {
		inside = doc_extends_to(beside_kind_of(e->name)) != DOC_LEVEL_NONE;
		if (!inside) {
			(void)snprintf(e->signature, sizeof e->signature, "%s", other);
			(void)snprintf(e->content, sizeof e->content, "%s", e->name);
		}
	}
	return OUT_OK;
}

static enum outcome open_both(struct extending *e)
{
	enum doc_level most;

	e->fd = open(e->signature, O_RDONLY | O_CLOEXEC);
	if (e->fd < 0)
		return unreadable(e, e->signature);
	if (e->content[0]) {
		e->content_fd = open(e->content, O_RDONLY | O_CLOEXEC);
		if (e->content_fd < 0)
			return unreadable(e, e->content);
	}
	e->kind = doc_kind_fd(e->fd);
	most = doc_extends_to(e->kind);
	if (most >= e->level)
		return OUT_OK;
	if (most == DOC_LEVEL_NONE)
		return ui_fail(e->job->ui, OUT_REFUSED, "not-extended",
		    MSG("{file} is of no kind whose signatures are extended",
			P_FILE("file", e->signature)),
		    MSG("Name signed files, or their signatures."));
	return ui_fail(e->job->ui, OUT_REFUSED, "level-not-of-format",
	    MSG("{file} is of a kind that is extended up to {level}", P_FILE("file", e->signature),
		P_TEXT("level", doc_level_name(most))),
	    MSG("Say --level={level}.", P_TEXT("level", doc_level_name(most))));
}

/* A time stamp of today does not help where something is wrong already, nor where it comes too
 * late; what only nobody could say is found out on the way. */
static enum outcome check_verdict(const struct extending *e, const struct looked *l)
{
	static const enum reason late[] = {REASON_REVOKED, REASON_REVOKED_THEN, REASON_CA_REVOKED,
	    REASON_EXPIRED_SINCE, REASON_EXPIRED_THEN, REASON_NOT_YET_VALID};
	const struct check *why = l->judged.why;
	bool refused = l->judged.verdict == VERDICT_FAILED || !l->r->n;

	for (size_t i = 0; why && i < sizeof late / sizeof late[0]; i++)
		refused = refused ||
			  (l->judged.verdict != VERDICT_PASSED && why->reason == late[i]);
	if (!refused)
		return OUT_OK;
	if (why && why->reason == REASON_NO_CONTENT)
		return ui_fail(e->job->ui, OUT_INPUT, "content-missing",
		    MSG("{file} was left alone: the file that it signs is not beside it",
			P_FILE("file", e->name)),
		    MSG("Name both: ecert extend FILE SIGNATURE."));
	return ui_fail(e->job->ui,
	    l->judged.verdict == VERDICT_FAILED ? OUT_INVALID : OUT_INDETERMINATE, "not-valid",
	    MSG("{file} was left alone, since it is not valid: {check}: {why}",
		P_FILE("file", e->name), P_WORD("check", why ? why->name : ""),
		P_MSG("why", why ? MSG_KEPT(&why->what) : MSG_EMPTY)),
	    MSG("A time stamp of today proves nothing of before. Ask for a new signature."));
}

static bool all_stamped(const struct looked *l)
{
	bool all = l->r->n > 0;

	for (size_t i = 0; i < l->r->n; i++)
		all = all && l->r->signer[i].proved;
	return all;
}

/* Every certificate of which nobody tells, and the reason of the first in the failure itself. */
static enum outcome lacking(const struct extending *e, const struct looked *l)
{
	const char *next = MSG_ID("Say --online, or give newer lists with --crl and --ocsp.");
	char day[16] = "";

	for (size_t i = 1; i < l->lacks; i++)
		ui_note(e->job->ui, MSG("       of {name}: {why}", P_TEXT("name", l->lack[i].about),
					P_MSG("why", MSG_KEPT(&l->lack[i].why))));
	if (l->lack[0].over && text_day(l->lack[0].over, day))
		next = MSG_ID("It is over since {date}, and its CA need not tell of it any more: "
			      "only a list or answer from before then helps; give it with --crl "
			      "or --ocsp.");
	else if (e->o->as.online.on)
		next = MSG_ID("A list from before the time stamp tells nothing of it: extend again "
			      "when its CA has made the next one.");
	return ui_fail(e->job->ui, OUT_INDETERMINATE, "revocation-missing",
	    MSG("{file} was left alone: whether {name} was revoked is not known as of the time "
		"stamp: {why}",
		P_FILE("file", e->name), P_TEXT("name", l->lack[0].about),
		P_MSG("why", MSG_KEPT(&l->lack[0].why))),
	    MSG(next, P_TEXT("date", day)));
}

static enum outcome step_failed(const struct extending *e, enum ecert_rc rc, int saved)
{
	if (rc == ECERT_E_NO_SERVICE)
		return ui_fail(e->job->ui, OUT_IO, "time-stamp-missing",
		    MSG("{file} was left alone: no TSA gave a time stamp", P_FILE("file", e->name)),
		    MSG("Run the command again when a TSA answers."));
	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(e->job->ui, OUT_IO, "wall-missing",
		    MSG("Cannot read {file}: the program ecert-wall, which reads such files, does "
			"not run here",
			P_FILE("file", e->name)),
		    MSG("Install the package ecert-middleware anew."));
	errno = saved;
	return ui_fail_rc(
	    e->job->ui, rc, MSG("Cannot extend {file}: {why}", P_FILE("file", e->name)));
}

/* One step, from what there is now into what is to be. */
static enum outcome step(struct extending *e, enum doc_level to, const struct looked *l)
{
	struct doc_extend_options o = {.step = to,
	    .now = e->run->now,
	    .stamp = stamping_stamp,
	    .stamp_imprint = stamping_imprint,
	    .stamp_ctx = e->stamps,
	    .material = l->material,
	    .material_n = l->material_n,
	    .found = l->r,
	    .progress = reading_tick,
	    .progress_ctx = e->bar};
	struct outfile_sink sink = {.out = NULL};
	const struct doc_refusal *why = NULL;
	enum ecert_rc rc = outfile_begin("-", false, &sink.out);
	int saved = errno;

	if (rc != ECERT_OK)
		return outfile_failed(e->job, rc, e->signature);
	rc = doc_extend_fd(
	    e->kind, &o, extend_fd_now(e), e->content_fd, outfile_sink_put, &sink, &why);
	saved = sink.rc == ECERT_OK ? errno : sink.saved;
	if (rc == ECERT_OK && !why) {
		outfile_drop(&e->now);
		e->now = sink.out;
		return OUT_OK;
	}
	outfile_drop(&sink.out);
	if (rc != ECERT_OK)
		return step_failed(e, rc, saved);
	return ui_fail(e->job->ui, OUT_REFUSED, why->reason,
	    MSG("Cannot extend {file}: {why}", P_FILE("file", e->name), P_WORD("why", why->words)),
	    why->next ? MSG(why->next) : NULL);
}

static enum outcome need_tsa(const struct extending *e)
{
	if (e->o->tsa.n)
		return OUT_OK;
	return ui_fail(e->job->ui, OUT_USAGE, "tsa-missing",
	    MSG("{file} needs a time stamp, and no TSA was named", P_FILE("file", e->name)),
	    MSG("Name one with --tsa, or for good with ecert trust add --kind=tsa --url."));
}

/* T, when a signature has none. *l becomes what is found then. */
static enum outcome up_to_t(struct extending *e, struct looked *l)
{
	enum outcome code = all_stamped(l) ? OUT_OK : need_tsa(e);

	if (code || all_stamped(l))
		return code;
	code = step(e, DOC_LEVEL_T, l);
	extend_look_free(l);
	if (!code)
		code = extend_look(e, false, l);
	if (code || all_stamped(l))
		return code;
	if (e->level == DOC_LEVEL_T) {
		ui_note(e->job->ui, MSG("Note: the TSA is not trusted here, so that its time stamp "
					"proves nothing here: ecert trust add --kind=tsa"));
		return OUT_OK;
	}
	return ui_fail(e->job->ui, OUT_INDETERMINATE, "tsa-not-trusted",
	    MSG("{file} was left alone: its time stamp proves nothing here, since its TSA is not "
		"trusted",
		P_FILE("file", e->name)),
	    MSG("Trust its CA with ecert trust add --kind=tsa, or name it with --tsa-anchor."));
}

/* LT: what is missing is asked for, and put in. */
static enum outcome up_to_lt(struct extending *e, struct looked *l)
{
	enum outcome code;
	char day[16];

	extend_look_free(l);
	code = extend_look(e, true, l);
	if (!code && l->lacks)
		code = lacking(e, l);
	if (!code && l->until && text_day(l->until, day))
		ui_note(e->job->ui,
		    MSG("Note: what is known about {name} is from before the time stamp, and tells "
			"of it until {date} only: extend again then",
			P_TEXT("name", l->until_about), P_TEXT("date", day)));
	return !code && l->material_n ? step(e, DOC_LEVEL_LT, l) : code;
}

static enum outcome up_to_lta(struct extending *e, struct looked *l)
{
	enum outcome code = need_tsa(e);

	extend_look_free(l);
	if (!code)
		code = extend_look(e, false, l);
	return code ? code : step(e, DOC_LEVEL_LTA, l);
}

/* What a link leads to is extended, and the link stays one. */
static enum outcome write_out(struct extending *e, struct extended_file *out)
{
	char path[PATH_MAX];
	struct stat st;
	const char *to = e->o->output ? e->o->output : e->signature;
	enum ecert_rc rc;

	if (!e->o->output && !lstat(to, &st) && S_ISLNK(st.st_mode) && realpath(to, path))
		to = path;
	rc = outfile_copy(to, outfile_fd(e->now), e->o->force || !e->o->output);
	if (rc != ECERT_OK)
		return outfile_failed(e->job, rc, to);
	out->written = strdup(to);
	return out->written
		   ? OUT_OK
		   : ui_fail_rc(e->job->ui, ECERT_E_MEMORY, MSG("Cannot remember the file: {why}"));
}

/* Nothing that was said of it before is said no more. */
static enum outcome check_again(
    struct extending *e, struct looked *l, struct judgement was, size_t signers)
{
	enum outcome code;

	extend_look_free(l);
	code = extend_look(e, false, l);
	if (code || (l->judged.verdict <= was.verdict && l->r->n >= signers))
		return code;
	return ui_fail(e->job->ui, OUT_INTERNAL, "extended-worse",
	    MSG("{file} was left alone: with what was added it would verify worse than before",
		P_FILE("file", e->name)),
	    MSG("Please report it, with the file if you may."));
}

static enum outcome all_steps(struct extending *e, struct looked *l, struct extended_file *out)
{
	enum outcome code = extend_look(e, false, l);
	struct judgement was;
	size_t signers;

	if (!code)
		code = check_verdict(e, l);
	if (code)
		return code;
	was = l->judged;
	signers = l->r->n;
	out->was = out->is = l->r->signer[0].profile;
	code = up_to_t(e, l);
	if (!code && e->level >= DOC_LEVEL_LT)
		code = up_to_lt(e, l);
	if (!code && e->level == DOC_LEVEL_LTA)
		code = up_to_lta(e, l);
	if (code)
		return code;
	if (!e->now) {
		ui_note(e->job->ui, MSG("{file} has all of it already, and stays as it is",
					P_FILE("file", e->name)));
		return OUT_OK;
	}
	code = check_again(e, l, was, signers);
	out->is = !code ? l->r->signer[0].profile : out->was;
	return code ? code : write_out(e, out);
}

enum outcome extend_one(struct extending *e, struct extended_file *out)
{
	struct looked l = {.r = NULL};
	enum outcome code = find(e);

	e->fd = e->content_fd = -1;
	e->now = NULL;
	if (!code)
		code = open_both(e);
	if (!code)
		code = all_steps(e, &l, out);
	extend_look_free(&l);
	outfile_drop(&e->now);
	if (e->fd >= 0)
		close(e->fd);
	if (e->content_fd >= 0)
		close(e->content_fd);
	return code;
}
