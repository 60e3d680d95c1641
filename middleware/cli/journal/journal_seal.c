/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal seal: the token signs how far the journal goes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/journal/journal.h"
#include "client/outfile.h"
#include "document/jose/jws.h"
#include "util/hex.h"

static enum outcome save(const struct cli *c, const struct journal_seal_params *o, const char *dir,
    uint64_t n, struct buf *jws)
{
	char path[4200];
	enum outcome code;

	if (o->output)
		snprintf(path, sizeof path, "%s", o->output);
	else
		snprintf(path, sizeof path, "%s/seal-%010" PRIu64 ".jws", dir, n);
	buf_u8(jws, '\n');
	code = outfile_save(&c->job, path, buf_view(jws), o->force);
	if (code)
		return code;
	cli_tell(c, MSG("Sealed {n} records: {file}", P_NUMBER("n", n), P_TEXT("file", path)));
	return cli_json(
	    c, json_pack("{s:o, s:I}", "seal", cli_json_text(path), "records", (json_int_t)n));
}

static enum outcome make(const struct cli *c, const struct journal_seal_params *o, const char *dir,
    const struct journal_report *r)
{
	struct signing s = {.certs = NULL};
	struct jws_options opts = {.typ = JOURNAL_SEAL_TYP, .x5c = true};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	char head[2 * JOURNAL_HASH + 1];
	json_t *claims = NULL;
	enum outcome code = signing_begin(&c->job, &o->key, &s);

	if (!code)
		code = signing_login(&s, MSG("to seal the journal"));
	if (!code) {
		hex_str(rd_of(r->head, JOURNAL_HASH), head);
		claims = json_pack("{s:I, s:I, s:s}", "iat", (json_int_t)time(NULL), "records",
		    (json_int_t)r->records, "head", head);
		opts.alg = s.alg;
		code = ui_fail_rc(c->job.ui,
		    claims ? jws_create(&s.doc, &opts, claims, &jws) : ECERT_E_MEMORY,
		    MSG("Cannot seal the journal: {why}"));
	}
	if (!code)
		code = save(c, o, dir, r->records, &jws);
	json_decref(claims);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

enum outcome journal_seal(struct cli *c, void *params, const struct strlist *args)
{
	const struct journal_seal_params *o = params;
	struct journal_report r = {0};
	char dir[4096];
	enum outcome code = journal_where(c, o->state, dir, sizeof dir);

	(void)args;
	if (!code && o->output)
		code = outfile_vacant(&c->job, o->output, o->force);
	/* Nobody puts his name to a journal that is known to be wrong. */
	if (!code)
		code = journal_tell(c, dir, journal_judge(dir, rd_of(NULL, 0), &r), &r);
	return code ? code : make(c, o, dir, &r);
}
