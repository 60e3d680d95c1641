/* SPDX-License-Identifier: BSD-2-Clause */
/* Seals of a journal checked: whose they are, when they were made, and what they seal. */
#include <glob.h>
#include <inttypes.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/journal/journal.h"
#include "client/outfile.h"
#include "crypto/digest.h"
#include "document/cert.h"
#include "document/jose/jws.h"
#include "trust/path/check.h"
#include "trust/claims.h"
#include "trust/mark/mark.h"
#include "util/hex.h"

#define SEAL_FILES "seal-*.jws"

struct seal {
	char head[2 * JOURNAL_HASH + 1];
	uint64_t n;
	time_t at; /* 0: not known */
	struct identity who;
	struct message_kept why; /* what is wrong with it; n 0: nothing */
	char note[64];		 /* what nobody checked */
	const char *hint;
	bool unsure; /* nothing is wrong, but it cannot be called valid either */
};

static const char changed[] = MSG_ID("Either the seal or the journal was changed.");

/* hint: an id. */
static void wrong(struct seal *s, const char *hint, const struct message *m)
{
	message_keep(&s->why, m);
	s->hint = hint;
}

/* Record n: its hash, as the next record names it, and its time. */
struct find {
	uint64_t n, want;
	char head[2 * JOURNAL_HASH + 1];
	time_t at;
	bool found;
};

/* "2026-11-21T20:48:26.123Z"; 0: not one. */
static time_t time_of(struct rd line)
{
	struct rd at = journal_field(line, "at");
	struct tm tm = {.tm_mday = 1};
	char text[20];

	if (at.n < sizeof text)
		return 0;
	memcpy(text, at.p, sizeof text - 1);
	text[sizeof text - 1] = 0;
	return strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) ? timegm(&tm) : 0;
}

static bool take_line(void *arg, struct rd line)
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
	f->at = time_of(line);
	buf_free(&whole);
	return false;
}

/* A seal is made after the record that it seals: an earlier time in it was made up. */
static void check_record(const char *dir, struct seal *s)
{
	struct find f = {.want = s->n};

	if (s->n == 0 || journal_each(dir, take_line, &f) || !f.found)
		wrong(s, changed, MSG("the journal no longer has record {n}", P_NUMBER("n", s->n)));
	else if (strcmp(f.head, s->head) != 0)
		wrong(s, changed, MSG("record {n} is not the one it sealed", P_NUMBER("n", s->n)));
	else if (!f.at || s->at + TRUST_CLOCK_SKEW < f.at)
		wrong(s,
		    MSG_ID("Its time was made up, or a clock was set back in between; seal anew."),
		    MSG("it says that it is older than record {n}, which it seals",
			P_NUMBER("n", s->n)));
}

static STACK_OF(X509) * others_of(const struct jws *j)
{
	STACK_OF(X509) *list = sk_X509_new_null();

	for (size_t i = 1; list && i < j->x5c_n; i++) {
		X509 *x = NULL;

		if (!cert_parse(buf_view(&j->x5c[i]), &x) && sk_X509_push(list, x) <= 0)
			X509_free(x);
	}
	return list;
}

/* Without an anchor nobody can say whose seal it is; its certificate's times count all the same. */
static const struct check *reason_of(struct report *rep, bool anchored)
{
	for (size_t i = 0; !anchored && i < rep->n; i++)
		if (rep->checks[i].id == CHK_CHAIN)
			rep->checks[i].state = CHECK_SKIPPED;
	return report_reason(rep);
}

static void check_signer(
    const struct jws *j, const struct trust_set *set, bool anchored, time_t now, struct seal *s)
{
	struct doc_path_query q = {.at = s->at, .now = now, .others = others_of(j)};
	struct report rep;
	const struct check *why;

	report_init(&rep);
	if (cert_parse(buf_view(&j->x5c[0]), &q.leaf))
		report_add(&rep, CHK_CHAIN, CHECK_FAILED, MSG("its certificate cannot be read"));
	else
		trust_path_check(set, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &rep, NULL);
	why = reason_of(&rep, anchored);
	if (why) {
		s->unsure = why->state == CHECK_UNKNOWN;
		wrong(s,
		    s->unsure
			? MSG_ID("Seal the journal again with a certificate that is valid now.")
			: MSG_ID("Say whom you trust with --anchor; a seal of nobody you trust "
				 "proves nothing."),
		    MSG("{check}: {detail}", P_TEXT("check", why->name),
			P_MSG("detail", MSG_KEPT(&why->what))));
	}
	if (!anchored)
		text_copy(s->note, sizeof s->note, " (its CA not checked: say --anchor)");
	X509_free(q.leaf);
	sk_X509_pop_free(q.others, X509_free);
	ERR_clear_error();
}

static void read_seal(const struct jws *j, time_t now, struct seal *s)
{
	const char *head = jws_str(j, "head");
	json_int_t n = json_integer_value(json_object_get(j->claims, "records"));
	struct claim_times t = {0};
	struct report rep;

	report_init(&rep);
	if (!head || strlen(head) != 2 * JOURNAL_HASH || n <= 0 ||
	    identity_read(buf_view(&j->x5c[0]), &s->who))
		wrong(s, changed, MSG("it does not say what it seals"));
	else if (jws_check_cert(j, buf_view(&j->x5c[0])))
		wrong(s, changed, MSG("its signature is wrong"));
	else if (!claim_times_check(j, CHK_TIME, now, 0, &t, &rep))
		wrong(s,
		    MSG_ID(
			"Its time was made up, or the clocks differ; compare them, and seal anew."),
		    MSG_KEPT(&rep.checks[0].what));
	else
		text_copy(s->head, sizeof s->head, head);
	s->at = t.iat;
	s->n = n > 0 ? (uint64_t)n : 0;
}

struct seals {
	const struct cli *c;
	const char *dir;
	const struct trust_set *set;
	bool anchored;
	time_t now;
	json_t *list;
	enum outcome code;
};

static void judge(const struct seals *all, const char *path, struct seal *s)
{
	struct jws_rules rules = {.typ = JOURNAL_SEAL_TYP, .need_x5c = true};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	struct message_kept why;

	*s = (struct seal){.n = 0};
	if (infile_read(path, &text))
		wrong(s, MSG_ID("Check the name and its permissions."), MSG("it cannot be read"));
	else if (jws_parse(buf_view(&text), &rules, &j, &why))
		wrong(s, changed, MSG("it is no seal: {why}", P_MSG("why", MSG_KEPT(&why))));
	else
		read_seal(j, all->now, s);
	if (!s->why.n)
		check_record(all->dir, s);
	if (!s->why.n)
		check_signer(j, all->set, all->anchored, all->now, s);
	jws_free(&j);
	buf_free(&text);
}

static json_t *seal_json(const char *path, const struct seal *s, bool anchored)
{
	bool valid = !s->why.n;
	char at[32] = "", why[256];
	struct tm tm;

	message_kept_text(&s->why, NULL, why, sizeof why);
	/* As the records have theirs; of a year with more digits it was never made. */
	if (s->at > 0 && gmtime_r(&s->at, &tm) && tm.tm_year + 1900 <= 9999)
		strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_pack("{s:o, s:b, s:s, s:o, s:I, s:o, s:s?, s:b}", "file", cli_json_text(path),
	    "valid", valid, "verdict",
	    valid	? "passed"
	    : s->unsure ? "indeterminate"
			: "failed",
	    "why", cli_json_text(why), "records", (json_int_t)s->n, "signer",
	    identity_json(&s->who), "at", *at ? at : NULL, "ca_checked", anchored && valid);
}

static void check_one(struct seals *all, const char *path)
{
	struct seal s;
	char when[32] = "";
	struct tm tm;

	judge(all, path, &s);
	if (s.at && gmtime_r(&s.at, &tm))
		strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", &tm);
	json_array_append_new(all->list, seal_json(path, &s, all->anchored));
	if (!s.why.n) {
		cli_say(all->c, "Seal:     %" PRIu64 " records, %s, by %s%s", s.n, when, s.who.name,
		    s.note);
		return;
	}
	all->code = cli_fail_people(all->c, OUT_INVALID, "seal-invalid",
	    MSG(s.unsure ? MSG_ID("The seal {file} cannot be called valid: {why}")
			 : MSG_ID("The seal {file} does not hold: {why}"),
		P_TEXT("file", path), P_MSG("why", MSG_KEPT(&s.why))),
	    MSG(s.hint));
}

enum outcome journal_check_seals(const struct cli *c, const struct journal_verify_params *o,
    const char *dir, const struct strlist *more, json_t *list)
{
	const struct trust_options *t = &o->trust;
	struct seals all = {
	    .c = c, .dir = dir, .list = list, .anchored = t->anchor.n || t->helper.n || t->crl.n};
	struct trust_set *set = NULL;
	char pattern[4200];
	glob_t found = {0};

	all.code = trust_options_load(&c->job, t, &set, &all.now);
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
