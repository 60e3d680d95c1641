/* SPDX-License-Identifier: BSD-2-Clause */
/* Sealing the journal: the token signs how far it goes. */
#include "actions/journal/seal.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "actions/journal/judge.h"
#include "client/outfile.h"
#include "document/jose/jws.h"
#include "util/hex.h"

static enum outcome save(const struct job *job, const struct journal_seal_deed *o, const char *dir,
    struct buf *jws, struct journal_sealed *out)
{
	if (o->output)
		snprintf(out->file, sizeof out->file, "%s", o->output);
	else
		snprintf(
		    out->file, sizeof out->file, "%s/seal-%010" PRIu64 ".jws", dir, out->records);
	buf_u8(jws, '\n');
	return outfile_save(job, out->file, buf_view(jws), o->force);
}

static enum outcome make(const struct job *job, const struct journal_seal_deed *o,
    const struct journal_judged *j, struct journal_sealed *out)
{
	struct signing s = {.certs = NULL};
	struct jws_options opts = {.typ = JOURNAL_SEAL_TYP, .x5c = true};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	char head[2 * JOURNAL_HASH + 1];
	json_t *claims = NULL;
	enum outcome code = signing_begin(job, &o->key, &s);

	if (!code)
		code = signing_login(&s, MSG("to seal the journal"));
	if (!code) {
		hex_str(rd_of(j->report.head, JOURNAL_HASH), head);
		claims = json_pack("{s:I, s:I, s:s}", "iat",
		    (json_int_t)(o->now ? o->now : job_now(job)), "records",
		    (json_int_t)out->records, "head", head);
		opts.alg = s.alg;
		code = ui_fail_rc(job->ui,
		    claims ? jws_create(&s.doc, &opts, claims, &jws) : ECERT_E_MEMORY,
		    MSG("Cannot seal the journal: {why}"));
	}
	if (!code)
		code = save(job, o, j->dir, &jws, out);
	json_decref(claims);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

enum outcome journal_seal(
    const struct job *job, const struct journal_seal_deed *deed, struct journal_sealed *out)
{
	struct journal_judged j;
	char dir[JOURNAL_DIR_MAX];
	enum outcome code = journal_where(job, deed->state, dir);

	*out = (struct journal_sealed){.records = 0};
	if (!code && deed->output)
		code = outfile_vacant(job, deed->output, deed->force);
	if (!code)
		code = journal_judge(job, dir, rd_of(NULL, 0), &j);
	/* Nobody puts his name to a journal that is known to be wrong. */
	if (!code)
		code = journal_tell(job, &j);
	if (code)
		return code;
	out->records = j.report.records;
	return make(job, deed, &j, out);
}
