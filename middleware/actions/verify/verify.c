/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds out what a file is, and has it verified as that. */
#include "actions/verify/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions/beside.h"
#include "actions/verify/verifying.h"
#include "client/outfile.h"
#include "document/format.h"
#include "document/jose/jws.h"
#include "trust/mark/mark.h"
#include "util/file.h"
#include "util/text.h"

static const struct {
	const char *typ;
	enum verify_kind kind;
	enum outcome (*verify)(struct verifying *v);
} kinds[] = {
    {RENEWAL_TYP, VERIFY_RENEWAL, verify_renewal},
    {COUNTERPARTY_TYP, VERIFY_COUNTERPARTY, verify_counterparty},
    {TRUST_MARK_TYP, VERIFY_MARK, verify_mark},
    {TRUST_MARK_STATUS_TYP, VERIFY_STATUS, verify_status},
};

/* Standard input by its name. */
static const char *pipe_name(const char *file)
{
	return strcmp(file, "-") ? file : "standard input";
}

/* A JWS that we know: text with a typ of the table (media types are compared without case). */
static bool try_jws(struct verifying *v, struct rd text, enum outcome *code)
{
	char typ[64];
	bool known = false;

	if (jws_peek_typ(text, typ, sizeof typ) != ECERT_OK)
		return false;
	v->text = text;
	for (size_t i = 0; !known && i < sizeof kinds / sizeof kinds[0]; i++) {
		known = !strcasecmp(typ, kinds[i].typ);
		if (known) {
			*code = verify_expected(v, kinds[i].kind) ? kinds[i].verify(v) : OUT_OK;
		}
	}
	return known;
}

/* A JSON object in base64url, with a byte order mark or blanks in front, or blanks inside before
 * it. */
static bool may_be_jws(const struct verifying *v)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char text[3] = "";
	const char *a, *b;

	if (v->whole.n > 1)
		memcpy(text, v->whole.p, 2);
	else if (pread(v->fd, text, 2, 0) != 2)
		return false;
	if (!text[0] || !text[1])
		return false;
	if (text[0] == '\xEF')
		return true;
	a = strchr(alphabet, text[0]);
	b = strchr(alphabet, text[1]);
	return strchr(" \t\r\n", text[0]) ||
	       (a && b && strchr("{ \t\r\n", (int)((a - alphabet) << 2 | (b - alphabet) >> 4)));
}

/* The file that is open, from its beginning, where it stays. */
static bool read_open(const struct verifying *v, struct buf *text)
{
	bool ok = v->fd >= 0 && file_read_fd(v->fd, text) == ECERT_OK;

	return v->fd >= 0 && lseek(v->fd, 0, SEEK_SET) == 0 && ok;
}

static bool try_jws_file(struct verifying *v, const struct stat *st, enum outcome *code)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	bool known = st->st_size <= JWS_MAX_SIZE && may_be_jws(v) && read_open(v, &text) &&
		     try_jws(v, buf_view(&text), code);

	v->text = rd_of(NULL, 0);
	buf_free(&text);
	return known;
}

/* "eyJ" is a JSON object in base64url: a JWS of another kind, or one of which something is missing.
 * What came through a pipe is at hand. */
static enum outcome damaged(struct verifying *v)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	const char *why;
	enum outcome code;
	bool other = verify_other_token(v, v->text, &code) ||
		     (read_open(v, &text) && verify_other_token(v, buf_view(&text), &code));

	why = jws_header_defect(buf_len(&text) ? buf_view(&text) : v->text);
	buf_free(&text);
	if (other)
		return code;
	verify_unread(v, VERIFY_UNKNOWN, CHK_FORM, REASON_NONE,
	    MSG(why ? why : MSG_ID("a signed token that is damaged")));
	return OUT_OK;
}

/* What there is of a kind that is no document of ours, and has no signature beside it. */
static enum outcome by_kind(struct verifying *v, enum doc_kind kind, const char *beside)
{
	const struct doc_kind_row *row = doc_kind_row(kind);

	if (kind == DOC_KIND_JWS)
		return damaged(v);
	if (row && (!row->is_document || !beside))
		return verify_no_signature(v->job, pipe_name(v->name), row);
	if (!beside)
		return ui_fail(v->job->ui, OUT_INPUT, "not-a-signature",
		    MSG("What came from {file} is no signature",
			P_FILE("file", pipe_name(v->name))),
		    MSG("A signed file is named, and behind it its signature."));
	return ui_fail(v->job->ui, OUT_INPUT, "no-signature",
	    MSG(row ? MSG_ID("There is no signature: {beside} is not there, and {file} is {kind}")
		    : MSG_ID("There is no signature: {beside} is not there, and {file} is not one "
			     "itself"),
		P_FILE("beside", beside), P_FILE("file", v->name),
		P_WORD("kind", row ? row->words : "")),
	    MSG(row ? row->next
		    : MSG_ID("If the signature is elsewhere, name it as the second file.")));
}

/* Standard input and pipes are read once: there is no file to look for beside them. */
static enum outcome piped(struct verifying *v)
{
	struct buf all = BUF_INIT(DOC_SIGNATURE_MAX);
	enum ecert_rc rc = infile_read(v->name, &all);
	enum outcome code = OUT_OK;
	struct rd text = buf_view(&all);

	if (rc == ECERT_E_TOO_LARGE)
		code = verify_too_large(v->job, pipe_name(v->name));
	else if (rc != ECERT_OK)
		code = ui_fail(v->job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", pipe_name(v->name)),
			P_ERRNO("why", errno)),
		    MSG("Check the name and its permissions."));
	else if (!text.n)
		code = ui_fail(v->job->ui, OUT_INPUT, "file-empty",
		    MSG("{file} is empty", P_FILE("file", pipe_name(v->name))),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	else if (try_jws(v, text, &code))
		; /* told */
	else if (doc_is_verified(doc_kind_bytes(text)))
		code = verify_signature_inside(v, text);
	else
		code = by_kind(v, doc_kind_bytes(text), NULL);
	buf_free(&all);
	return code;
}

/* What was found in a folder goes with files only: a link may lead anywhere, and a pipe has no end.
 */
static enum outcome look_beside(const struct verifying *v, const char *other, bool *there)
{
	struct stat st;

	*there = *there || !access(other, F_OK);
	if (!v->found || lstat(other, &st) || S_ISREG(st.st_mode))
		return OUT_OK;
	return ui_fail(v->job->ui, OUT_INPUT, "not-followed",
	    MSG(S_ISLNK(st.st_mode)
		    ? MSG_ID("{beside}, which goes with {file}, is no file: links are not followed "
			     "in a folder")
		    : MSG_ID("{beside}, which goes with {file}, is no file but a pipe, a device or "
			     "a folder, and nothing is waited for in a folder"),
		P_FILE("beside", other), P_FILE("file", v->name)),
	    MSG(S_ISLNK(st.st_mode)
		    ? MSG_ID("Name the file itself, if you know where the link leads.")
		    : MSG_ID("Put the file of that name in its place, if there is one.")));
}

static enum outcome unreadable(const struct verifying *v, const char *file)
{
	return ui_fail(v->job->ui, OUT_IO, "file-unreadable",
	    MSG("Cannot read {file}: {why}", P_FILE("file", file), P_ERRNO("why", errno)),
	    MSG("Check the name and its permissions."));
}

static void read_small(struct verifying *v, const struct stat *st)
{
	ssize_t n = st->st_size < VERIFY_SMALL ? pread(v->fd, v->small, VERIFY_SMALL, 0) : -1;

	if (n > 0 && n < VERIFY_SMALL)
		v->whole = rd_of(v->small, (size_t)n);
}

/* The signature of the usual name, without a look whether it is there first. */
static bool open_usual(struct verifying *v, char other[PATH_MAX])
{
	if (!v->found && snprintf(other, PATH_MAX, "%s.p7s", v->name) < PATH_MAX)
		v->sig = open(other, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return v->sig >= 0;
}

static enum outcome one_file(struct verifying *v, const struct stat *st)
{
	char other[PATH_MAX];
	const char *file = v->name;
	enum doc_kind kind;
	enum outcome code;
	bool there = false;

	if (beside_content_of(file, other)) {
		code = look_beside(v, other, &there);
		return code ? code : verify_signature(v, there ? other : NULL, file);
	}
	v->fd = verify_open(v, file);
	if (v->fd < 0)
		return unreadable(v, file);
	read_small(v, st);
	if (try_jws_file(v, st, &code))
		return code;
	there = open_usual(v, other) || beside_signature_of(file, other);
	code = look_beside(v, other, &there);
	if (code || there)
		return code ? code : verify_signature(v, file, other);
	kind = beside_kind_of(file);
	return doc_is_verified(kind) ? verify_signature(v, NULL, file) : by_kind(v, kind, other);
}

/* Whether it may be looked at; st is filled then. */
static enum outcome readable(const struct verifying *v, const char *file, struct stat *st)
{
	bool bad = lstat(file, st) != 0;

	/* Who reads from one waits for whoever writes into it, and the other files with him. What
	 * the shell puts in a command's place is a link to one. */
	if (!bad && v->among_others && !v->found && S_ISFIFO(st->st_mode))
		return ui_fail(v->job->ui, OUT_INPUT, "not-followed",
		    MSG("{file} is a pipe, which is not waited for among other files",
			P_FILE("file", file)),
		    MSG("Name it alone, or a file with what comes out of it."));
	if (!bad && !v->found && S_ISLNK(st->st_mode))
		bad = stat(file, st) != 0;

	/* A file is opened soon enough. */
	if (bad || (!S_ISREG(st->st_mode) && access(file, R_OK)))
		return unreadable(v, file);
	if (S_ISDIR(st->st_mode))
		return ui_fail(v->job->ui, OUT_INPUT, "is-a-folder",
		    MSG("{file} is a folder", P_FILE("file", file)),
		    MSG("Name the files themselves, or say --recursive."));
	if (v->found && !S_ISREG(st->st_mode))
		return ui_fail(v->job->ui, OUT_INPUT, "not-followed",
		    MSG("{file} is no file any more", P_FILE("file", file)),
		    MSG("Verify the folder again when nobody changes it."));
	return OUT_OK;
}

static enum outcome one(struct verifying *v, const char *file)
{
	struct stat st;
	enum outcome code;

	v->name = file;
	if (!strcmp(file, "-"))
		return piped(v);
	code = readable(v, file, &st);
	if (code)
		return code;
	return S_ISREG(st.st_mode) ? one_file(v, &st) : piped(v);
}

static enum outcome two(struct verifying *v, const char *a, const char *b)
{
	/* By their names, else by what they are. */
	char content[PATH_MAX];
	bool named = beside_content_of(a, content), other = beside_content_of(b, content);
	bool swapped = named != other ? named
				      : doc_goes_beside(beside_kind_of(a)) &&
					    !doc_goes_beside(beside_kind_of(b));

	if (!strcmp(a, "-") && !strcmp(b, "-"))
		return ui_fail(v->job->ui, OUT_USAGE, "standard-input-twice",
		    MSG("The file and its signature cannot both come from standard input"),
		    MSG("Name one of them."));
	v->name = swapped ? b : a;
	if (beside_kind_of(swapped ? a : b) == DOC_KIND_JWS) {
		v->r->about = strdup(swapped ? a : b);
		verify_unread(v, VERIFY_SIGNATURE, CHK_STRUCTURE, REASON_IS_TOKEN,
		    MSG("it is a signed token, and no signature of another file"));
		return OUT_OK;
	}
	return verify_signature(v, v->name, swapped ? a : b);
}

void verify_judged(struct verifying *v, struct judgement j)
{
	v->r->verdict = j.verdict;
	v->r->sub = j.sub;
	v->r->indication = sub_indication_name(j.sub);
	v->r->why = j.why;
}

enum outcome verify_given(const struct job *job, const char *path, struct buf *out)
{
	return path ? infile_load(job, path, out) : OUT_OK;
}

void verified_init(struct verified *r)
{
	REPORT_CLEAR(r);
	r->kind = VERIFY_UNKNOWN;
	r->verdict = VERDICT_FAILED;
}

enum outcome verify_named(const struct verify_run *run, const struct job *job,
    const struct strlist *files, const struct named_file *of, struct verified *out)
{
	struct verifying v = {
	    .job = job, .o = run->deed, .found = of && of->folder, .of = of, .fd = -1, .r = out};
	struct online *online = NULL;
	uint8_t small[VERIFY_SMALL];
	enum outcome code;

	verified_init(out);
	v.small = small;
	v.sig = -1;
	v.set = run->set;
	v.certs = run->certs;
	v.now = run->now;
	v.algorithms = run->algorithms;
	v.among_others = run->among_others;
	v.leaves = run->leaves;
	code = online_begin(job, &run->deed->online, run->asking, run->set, &out->online, &online);
	if (!code)
		code = files->n == 1 ? one(&v, files->v[0]) : two(&v, files->v[0], files->v[1]);
	if (v.fd >= 0)
		close(v.fd);
	if (v.sig >= 0)
		close(v.sig);
	v.whole = rd_of(NULL, 0);
	out->file = v.name;
	verify_trusted_collect(out, run->set);
	online_end(&online);
	return code;
}

void verified_free(struct verified *r)
{
	doc_result_free(&r->signature);
	renewal_result_free(&r->renewal);
	counterparty_result_free(&r->counterparty);
	online_result_free(&r->online);
	free(r->content);
	free(r->signature_file);
	free(r->about);
	verified_init(r);
}
