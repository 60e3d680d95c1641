/* SPDX-License-Identifier: BSD-2-Clause */
/* Seals of a journal checked: whose they are, when they were made, and what they seal. */
#include "actions/journal/seals.h"

#include <openssl/err.h>
#include <string.h>
#include <time.h>

#include "client/outfile.h"
#include "crypto/digest.h"
#include "document/cert.h"
#include "document/jose/jws.h"
#include "document/verdict.h"
#include "trust/path/check.h"
#include "trust/claims.h"
#include "trust/mark/mark.h"
#include "util/hex.h"

static const char changed[] = MSG_ID("Either the seal or the journal was changed.");

/* next: an id. */
static void wrong(struct journal_seal_seen *s, const char *next, const struct message *m)
{
	message_keep(&s->why, m);
	s->next = next;
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
	f->found = buf_rc(&whole) == ECERT_OK &&
		   digest_once(MD_SHA256, buf_view(&whole), md, &n) == ECERT_OK;
	if (f->found)
		hex_str(rd_of(md, JOURNAL_HASH), f->head);
	f->at = time_of(line);
	buf_free(&whole);
	return false;
}

/* A seal is made after the record that it seals: an earlier time in it was made up. */
static void check_record(const char *dir, struct journal_seal_seen *s)
{
	struct find f = {.want = s->n};

	if (s->n == 0 || journal_each(dir, take_line, &f) != ECERT_OK || !f.found)
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

		if (cert_parse(buf_view(&j->x5c[i]), &x) == ECERT_OK && sk_X509_push(list, x) <= 0)
			X509_free(x);
	}
	return list;
}

/* Without an anchor nobody can say whose seal it is; its certificate's times count all the same. */
static struct judgement judged(struct report *rep, bool anchored)
{
	for (size_t i = 0; !anchored && i < rep->n; i++)
		if (rep->checks[i].id == CHK_CHAIN)
			rep->checks[i].state = CHECK_SKIPPED;
	return report_judge(rep);
}

static void check_signer(
    const struct jws *j, const struct seal_judge *by, struct journal_seal_seen *s)
{
	struct doc_path_query q = {.at = s->at, .now = by->now, .others = others_of(j)};
	struct report rep;
	struct judgement sum;
	const struct check *why;

	report_init(&rep);
	if (cert_parse(buf_view(&j->x5c[0]), &q.leaf) != ECERT_OK)
		report_add(&rep, CHK_CHAIN, CHECK_FAILED, MSG("its certificate cannot be read"));
	else
		trust_path_check(by->set, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &rep, NULL);
	sum = judged(&rep, by->anchored);
	why = sum.why;
	if (why) {
		s->unsure = sum.verdict == VERDICT_INDETERMINATE;
		wrong(s,
		    why->state == CHECK_UNKNOWN
			? MSG_ID("Seal the journal again with a certificate that is valid now.")
			: MSG_ID("Say whom you trust with --anchor; a seal of nobody you trust "
				 "proves nothing."),
		    MSG("{check}: {detail}", P_WORD("check", why->name),
			P_MSG("detail", MSG_KEPT(&why->what))));
	}
	X509_free(q.leaf);
	sk_X509_pop_free(q.others, X509_free);
	ERR_clear_error();
}

static void read_seal(const struct jws *j, time_t now, struct journal_seal_seen *s)
{
	const char *head = jws_str(j, "head");
	json_int_t n = json_integer_value(json_object_get(j->claims, "records"));
	struct claim_times t = {0};
	struct report rep;

	report_init(&rep);
	if (!head || strlen(head) != 2 * JOURNAL_HASH || n <= 0 ||
	    identity_read(buf_view(&j->x5c[0]), &s->who) != ECERT_OK)
		wrong(s, changed, MSG("it does not say what it seals"));
	else if (jws_check_cert(j, buf_view(&j->x5c[0])) != ECERT_OK)
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

void seal_look(const struct seal_judge *by, const char *path, struct journal_seal_seen *s)
{
	struct jws_rules rules = {.typ = JOURNAL_SEAL_TYP, .need_x5c = true};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	struct message_kept why;

	if (infile_read(path, &text) != ECERT_OK)
		wrong(s, MSG_ID("Check the name and its permissions."), MSG("it cannot be read"));
	else if (jws_parse(buf_view(&text), &rules, &j, &why) != ECERT_OK)
		wrong(s, changed, MSG("it is no seal: {why}", P_MSG("why", MSG_KEPT(&why))));
	else
		read_seal(j, by->now, s);
	if (!s->why.n)
		check_record(by->dir, s);
	if (!s->why.n)
		check_signer(j, by, s);
	s->valid = !s->why.n;
	s->ca_checked = s->valid && by->anchored;
	jws_free(&j);
	buf_free(&text);
}
