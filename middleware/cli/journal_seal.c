/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal seal: the token signs how far the journal goes; and checking such seals. */
#include <glob.h>
#include <inttypes.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/journal.h"
#include "cli/outfile.h"
#include "crypto/digest.h"
#include "document/jws.h"
#include "trust/check.h"
#include "util/hex.h"

#define SEAL_FILES "seal-*.jws"

/* ---- making one ---- */

static enum cli_exit save(const struct cli *c, const struct journal_seal_params *o, const char *dir,
    uint64_t n, struct buf *jws)
{
	char path[4200];
	enum cli_exit code;

	if (o->output)
		snprintf(path, sizeof path, "%s", o->output);
	else
		snprintf(path, sizeof path, "%s/seal-%010" PRIu64 ".jws", dir, n);
	buf_u8(jws, '\n');
	code = outfile_save(c, path, buf_view(jws), o->force);
	if (code)
		return code;
	cli_say(c, "Sealed %" PRIu64 " records: %s", n, cli_clean(path));
	return cli_json(c, json_pack("{s:s, s:I}", "seal", path, "records", (json_int_t)n));
}

static enum cli_exit make(const struct cli *c, const struct journal_seal_params *o, const char *dir,
    const struct journal_report *r)
{
	struct signing s = {.certs = NULL};
	struct jws_options opts = {.typ = JOURNAL_SEAL_TYP, .x5c = true};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	char head[2 * JOURNAL_HASH + 1];
	json_t *claims = NULL;
	enum cli_exit code = signing_begin(c, &o->key, &s);

	if (!code)
		code = signing_login(&s, "to seal the journal");
	if (!code) {
		hex_str(rd_of(r->head, JOURNAL_HASH), head);
		claims = json_pack("{s:I, s:I, s:s}", "iat", (json_int_t)time(NULL), "records",
		    (json_int_t)r->records, "head", head);
		opts.alg = s.alg;
		code = cli_fail_rc(c,
		    claims ? jws_create(&s.doc, &opts, claims, &jws) : ECERT_E_MEMORY,
		    "seal the journal");
	}
	if (!code)
		code = save(c, o, dir, r->records, &jws);
	json_decref(claims);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

enum cli_exit journal_seal(struct cli *c, void *params, const struct strlist *args)
{
	const struct journal_seal_params *o = params;
	struct journal_report r = {0};
	char dir[4096];
	enum cli_exit code = journal_where(c, o->state, dir, sizeof dir);

	(void)args;
	if (!code && o->output)
		code = outfile_vacant(c, o->output, o->force);
	/* Nobody puts his name to a journal that is known to be wrong. */
	if (!code)
		code = journal_tell(c, dir, journal_judge(dir, rd_of(NULL, 0), &r), &r);
	return code ? code : make(c, o, dir, &r);
}

/* ---- checking one ---- */

struct seal {
	char head[2 * JOURNAL_HASH + 1];
	uint64_t n;
	time_t at;
	struct identity who;
	char why[256]; /* what is wrong with it; empty when it is right */
	char note[64]; /* what nobody checked */
};

/* The hash of line n, as the next record names it. */
struct find {
	uint64_t n, want;
	char head[2 * JOURNAL_HASH + 1];
	bool found;
};

static bool hash_line(void *arg, struct rd line)
{
	struct find *f = arg;
	struct buf whole = BUF_INIT(JOURNAL_LINE_MAX + 1);
	uint8_t md[MD_MAX_SIZE];
	size_t n;

	if (++f->n != f->want)
		return true;
	buf_rd(&whole, line);
	buf_u8(&whole, '\n');
	f->found = !buf_rc(&whole) && !digest_once(MD_SHA256, buf_view(&whole), md, &n);
	if (f->found)
		hex_str(rd_of(md, JOURNAL_HASH), f->head);
	buf_free(&whole);
	return false;
}

static void check_head(const char *dir, struct seal *s)
{
	struct find f = {.want = s->n};

	if (s->n == 0 || journal_each(dir, hash_line, &f) || !f.found)
		snprintf(s->why, sizeof s->why, "the journal no longer has record %" PRIu64, s->n);
	else if (strcmp(f.head, s->head) != 0)
		snprintf(
		    s->why, sizeof s->why, "record %" PRIu64 " is not the one it sealed", s->n);
}

static X509 *x509_of(struct rd der)
{
	const uint8_t *p = der.p;

	return d2i_X509(NULL, &p, (long)der.n);
}

/* Without an anchor nobody can say whose seal it is. */
static void check_signer(
    const struct jws *j, const struct trust_set *set, time_t now, struct seal *s)
{
	struct doc_path_query q = {.at = s->at, .now = now, .others = sk_X509_new_null()};
	struct report rep;

	report_init(&rep);
	q.leaf = x509_of(buf_view(&j->x5c[0]));
	for (size_t i = 1; i < j->x5c_n; i++) {
		X509 *x = x509_of(buf_view(&j->x5c[i]));

		if (x && !sk_X509_push(q.others, x))
			X509_free(x);
	}
	if (!set)
		snprintf(s->note, sizeof s->note, " (its CA not checked: say --anchor)");
	else if (!q.leaf)
		snprintf(s->why, sizeof s->why, "its certificate cannot be read");
	else
		trust_path_check(set, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &rep, NULL);
	if (set && q.leaf && report_verdict(&rep) == VERDICT_FAILED && report_reason(&rep))
		snprintf(s->why, sizeof s->why, "%.60s: %.180s", report_reason(&rep)->name,
		    report_reason(&rep)->detail);
	X509_free(q.leaf);
	sk_X509_pop_free(q.others, X509_free);
	ERR_clear_error();
}

static void read_seal(const struct jws *j, struct seal *s)
{
	const char *head = jws_str(j, "head");
	json_int_t n = json_integer_value(json_object_get(j->claims, "records"));

	if (!head || strlen(head) != 2 * JOURNAL_HASH || n <= 0 || !jws_time(j, "iat", &s->at) ||
	    identity_read(buf_view(&j->x5c[0]), &s->who))
		snprintf(s->why, sizeof s->why, "it does not say what it seals");
	else if (jws_check_cert(j, buf_view(&j->x5c[0])))
		snprintf(s->why, sizeof s->why, "its signature is wrong");
	else
		cli_copy(s->head, sizeof s->head, head);
	s->n = n > 0 ? (uint64_t)n : 0;
}

static void judge(
    const char *path, const char *dir, const struct trust_set *set, time_t now, struct seal *s)
{
	struct jws_rules rules = {.typ = JOURNAL_SEAL_TYP, .need_x5c = true};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	char why[200] = "";

	*s = (struct seal){.n = 0};
	if (infile_read(path, &text))
		snprintf(s->why, sizeof s->why, "it cannot be read");
	else if (jws_parse(buf_view(&text), &rules, &j, why, sizeof why))
		snprintf(s->why, sizeof s->why, "it is no seal: %s", why);
	else
		read_seal(j, s);
	if (!s->why[0])
		check_signer(j, set, now, s);
	if (!s->why[0])
		check_head(dir, s);
	jws_free(&j);
	buf_free(&text);
}

struct seals {
	const struct cli *c;
	const char *dir;
	const struct trust_set *set;
	time_t now;
	json_t *list;
	enum cli_exit code;
};

static void check_one(struct seals *all, const char *path)
{
	struct seal s;
	char when[32];
	struct tm tm;

	judge(path, all->dir, all->set, all->now, &s);
	gmtime_r(&s.at, &tm);
	strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", &tm);
	json_array_append_new(all->list,
	    json_pack("{s:s, s:b, s:s, s:I, s:s, s:s}", "file", path, "valid", !s.why[0], "why",
		s.why, "records", (json_int_t)s.n, "signer", s.who.user_name, "at", when));
	if (!s.why[0]) {
		cli_say(all->c, "Seal:     %" PRIu64 " records, %s, by %s%s", s.n, when,
		    cli_clean(s.who.user_name), s.note);
		return;
	}
	all->code = cli_fail(NULL, CLI_INVALID, "Either the seal or the journal was changed.",
	    "The seal %s does not hold: %s", cli_clean(path), cli_clean(s.why));
}

enum cli_exit journal_check_seals(const struct cli *c, const struct journal_verify_params *o,
    const char *dir, const struct strlist *more, json_t *list)
{
	struct seals all = {.c = c, .dir = dir, .list = list, .now = time(NULL)};
	struct trust_set *set = NULL;
	char pattern[4200];
	glob_t found = {0};

	if (o->trust.anchor.n)
		all.code = trust_options_load(c, &o->trust, &set, &all.now);
	if (all.code)
		return all.code;
	all.set = set;
	snprintf(pattern, sizeof pattern, "%s/" SEAL_FILES, dir);
	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			check_one(&all, found.gl_pathv[i]);
	globfree(&found);
	for (size_t i = 0; i < more->n; i++)
		check_one(&all, more->v[i]);
	trust_set_free(&set);
	return all.code;
}
