/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying the journal: its chain, its codes and its seals. */
#include "actions/journal/verify.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/journal/seals.h"
#include "client/outfile.h"

#define SEAL_FILES "seal-*.jws"

static enum outcome load_key(const struct job *job, const char *path, struct buf *key)
{
	enum outcome code = path ? infile_load(job, path, key) : OUT_OK;

	if (!code && path && buf_len(key) != JOURNAL_HASH)
		code = ui_fail(job->ui, OUT_INPUT, "not-a-journal-key",
		    MSG("{file} is not the first key of a journal", P_FILE("file", path)),
		    MSG("It is a copy of journal.verify, 32 bytes."));
	return code;
}

static enum ecert_rc look(
    const struct seal_judge *by, const char *path, struct journal_verified *out)
{
	struct journal_seal_seen *s = &out->seal[out->n];

	s->file = strdup(path);
	if (!s->file)
		return ECERT_E_MEMORY;
	out->n++;
	seal_look(by, path, s);
	out->valid = out->valid && s->valid;
	return ECERT_OK;
}

/* Those beside the journal, then those named. */
static enum outcome look_at_all(const struct job *job, const struct seal_judge *by,
    const struct strlist *named, struct journal_verified *out)
{
	char pattern[JOURNAL_DIR_MAX + 16];
	glob_t found = {0};
	enum ecert_rc rc = ECERT_OK;

	snprintf(pattern, sizeof pattern, "%s/" SEAL_FILES, by->dir);
	if (glob(pattern, 0, NULL, &found))
		found.gl_pathc = 0;
	out->seal = calloc(found.gl_pathc + named->n + 1, sizeof *out->seal);
	if (!out->seal)
		rc = ECERT_E_MEMORY;
	for (size_t i = 0; rc == ECERT_OK && i < found.gl_pathc; i++)
		rc = look(by, found.gl_pathv[i], out);
	for (size_t i = 0; rc == ECERT_OK && i < named->n; i++)
		rc = look(by, named->v[i], out);
	globfree(&found);
	return ui_fail_rc(job->ui, rc, MSG("Cannot look at the seals: {why}"));
}

enum outcome journal_check(const struct job *job, const struct journal_verify_deed *deed,
    const struct strlist *seals, struct journal_verified *out)
{
	struct trust_options t = deed->trust;
	struct seal_judge by = {.anchored = t.anchor.n || t.helper.n || t.crl.n};
	struct buf key = BUF_INIT(4096);
	struct trust_set *set = NULL;
	char dir[JOURNAL_DIR_MAX];
	enum outcome code = journal_where(job, deed->state, dir);

	*out = (struct journal_verified){.seal = NULL};
	/* Without an anchor a seal is judged by its key, and not by whom somebody else trusts. */
	t.no_store = true;
	if (!code)
		code = load_key(job, deed->key, &key);
	if (!code)
		code = trust_options_load(job, &t, &set, &by.now);
	if (!code)
		code = journal_judge(job, dir, buf_view(&key), &out->journal);
	by.dir = dir;
	by.set = set;
	out->valid = out->journal.right;
	if (!code)
		code = look_at_all(job, &by, seals, out);
	trust_set_free(&set);
	buf_free(&key);
	return code;
}

void journal_verified_free(struct journal_verified *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->seal[i].file);
	free(v->seal);
	*v = (struct journal_verified){.seal = NULL};
}

enum outcome journal_seal_tell(const struct job *job, const struct journal_seal_seen *s)
{
	if (s->valid)
		return OUT_OK;
	return ui_fail(job->ui, OUT_INVALID, "seal-invalid",
	    MSG(s->unsure ? MSG_ID("The seal {file} cannot be called valid: {why}")
			  : MSG_ID("The seal {file} does not hold: {why}"),
		P_FILE("file", s->file), P_MSG("why", MSG_KEPT(&s->why))),
	    MSG(s->next));
}
