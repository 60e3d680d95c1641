/* SPDX-License-Identifier: BSD-2-Clause */
/* Validating the status of a trust mark (OpenID Federation 1.0, 8.4). */
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/claims.h"
#include "trust/mark/mark_priv.h"
#include "trust/value.h"

/* A key that no URL is pinned to speaks for its own marks only. iss is both documents' issuer. */
static bool speaks_for(
    const struct jws *j, const char *iss, const struct jws *mark, const struct mark_expect *e)
{
	const struct trust_entry *by = mark_issuer_entry(j, e, iss);

	return !by || by->entity[0] || by == mark_issuer_entry(mark, e, iss);
}

/* The mark itself, unverified: only to see that the status is by the same issuer. */
static bool check_mark(
    const struct jws *j, struct rd mark, const struct mark_expect *e, struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP, .need_kid = true};
	char iss[256] = "", by[256] = "";
	const char *named = jws_str(j, "trust_mark"), *why = NULL;
	enum reason reason = REASON_NONE;
	struct jws *m = NULL;

	if (!named || !rd_equal(trimmed(mark), rd_of(named, strlen(named)))) {
		why = MSG_ID("it is the status of another mark");
	} else if (!claim_text(j, "iss", by, sizeof by) ||
		   jws_parse(mark, &rules, &m, NULL) != ECERT_OK ||
		   !claim_text(m, "iss", iss, sizeof iss) || strcmp(iss, by) != 0) {
		why = MSG_ID("it is not by the issuer of the mark");
	} else if (!speaks_for(j, by, m, e)) {
		why = MSG_ID("it is signed with another key than the mark, and no URL says that "
			     "both are the issuer's");
		reason = REASON_ISSUER_UNPINNED;
	}
	jws_free(&m);
	report_add_why(rep, CHK_STATUS_MARK, why ? CHECK_FAILED : CHECK_OK, reason,
	    MSG(why ? why : MSG_ID("of this very mark")));
	return !why;
}

/* How long an answer is good is for the relying party to say: exp alone would let one live that was
 * made before the revocation. What was revoked stays so. */
static bool check_time(const struct jws *j, const struct mark_expect *e, struct report *rep)
{
	struct claim_times t;
	long most = e->status_age ? e->status_age : TRUST_MARK_STATUS_MAX_AGE;
	const char *said = jws_str(j, "status");

	if (!claim_times_check(j, CHK_STATUS_TIME, e->now, 0, &t, rep))
		return false;
	if (e->now - t.iat <= most || (said && strcmp(said, "revoked") == 0))
		return true;
	return report_test(rep, CHK_STATUS_AGE, false,
	    MSG("it is older than {hours} hours, up to which a status counts here",
		P_NUMBER("hours", most / 3600)));
}

/* What it says counts when it is genuine; value stays empty otherwise. */
static bool check_value(const struct jws *j, bool genuine, char value[32], struct report *rep)
{
	char said[32];

	if (!claim_text(j, "status", said, sizeof said)) {
		report_add(rep, CHK_STATUS_VALUE, CHECK_FAILED,
		    MSG(jws_str(j, "status")
			    ? MSG_ID("status is empty, or longer than any that is known")
			    : MSG_ID("status is missing")));
		return false;
	}
	text_scrub(said);
	if (!genuine) {
		report_add(rep, CHK_STATUS_VALUE, CHECK_SKIPPED,
		    MSG("it says {status}, which proves nothing", P_TEXT("status", said)));
		return false;
	}
	memcpy(value, said, sizeof said);
	return report_test(rep, CHK_STATUS_VALUE, strcmp(value, "active") == 0, MSG_TEXT(value));
}

void mark_status_reason(struct rd text, char out[256])
{
	const struct jws_rules rules = {.typ = TRUST_MARK_STATUS_TYP, .need_kid = true};
	struct jws *j = NULL;
	const char *said = NULL;

	if (jws_parse(text, &rules, &j, NULL) == ECERT_OK)
		said = jws_str(j, "hktm_reason");
	(void)snprintf(out, 256, "%s", said ? said : "");
	text_scrub(out);
	jws_free(&j);
}

static const enum check_name later[] = {
    CHK_STATUS_ISSUER, CHK_STATUS_SIGNATURE, CHK_STATUS_MARK, CHK_STATUS_TIME, CHK_STATUS_VALUE};

bool mark_status_verify(
    struct rd text, struct rd mark, const struct mark_expect *e, char value[32], struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_STATUS_TYP, .need_kid = true};
	struct buf key = BUF_INIT(65536);
	struct jws *j = NULL;
	struct message_kept why;
	char iss[256] = "", status[32] = "";
	bool ok = jws_parse(text, &rules, &j, &why) == ECERT_OK;

	report_test(rep, CHK_STATUS_FORM, ok, MSG_KEPT(&why));
	if (!ok) {
		for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
			report_add(rep, later[i], CHECK_SKIPPED, MSG("it is not a status"));
		goto out;
	}
	ok = claim_text(j, "iss", iss, sizeof iss);
	if (mark_issuer_key(j, CHK_STATUS_ISSUER, e, iss, &key, rep)) {
		bool counts;

		(void)value_check_key(j, buf_view(&key), e->trust, e->now, CHK_STATUS_SIGNATURE,
		    MSG_ID("by its issuer"), &counts, rep);
		ok = counts && ok;
	} else {
		report_add(
		    rep, CHK_STATUS_SIGNATURE, CHECK_SKIPPED, MSG("its issuer is not known"));
		ok = false;
	}
	ok = check_mark(j, mark, e, rep) && ok;
	ok = check_time(j, e, rep) && ok;
	ok = check_value(j, ok, status, rep);
out:
	if (value)
		memcpy(value, status, sizeof status);
	jws_free(&j);
	buf_free(&key);
	return ok;
}

/* What a status says that its issuer signed, whenever. */
struct said {
	char value[32];
	time_t iat;
	bool counts; /* signed by the issuer, of this mark, and not in the future */
	bool in_time;
};

static void hear(struct rd text, struct rd mark, const struct mark_expect *e, struct said *out)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_STATUS_TYP, .need_kid = true};
	struct buf key = BUF_INIT(65536);
	struct report quiet;
	struct jws *j = NULL;
	char iss[256] = "";

	*out = (struct said){.counts = false};
	report_init(&quiet);
	if (jws_parse(text, &rules, &j, NULL) == ECERT_OK &&
	    claim_text(j, "iss", iss, sizeof iss) &&
	    mark_issuer_key(j, CHK_STATUS_ISSUER, e, iss, &key, &quiet) &&
	    jws_check_spki(j, buf_view(&key)) == ECERT_OK && check_mark(j, mark, e, &quiet) &&
	    claim_text(j, "status", out->value, sizeof out->value) &&
	    jws_time(j, "iat", &out->iat)) {
		out->counts = out->iat <= e->now + TRUST_CLOCK_SKEW;
		out->in_time = check_time(j, e, &quiet);
	}
	jws_free(&j);
	buf_free(&key);
}

/* An old "active" that somebody kept does not hide a newer "revoked", whoever of the two has which;
 * and what is active but over takes nothing away. */
static bool decides(const struct said *theirs, const struct said *ours)
{
	bool active = strcmp(theirs->value, "active") == 0;

	if (!theirs->counts || !ours->counts || (active && !theirs->in_time))
		return false;
	return theirs->iat != ours->iat ? theirs->iat > ours->iat : !active;
}

struct rd mark_status_choose(struct rd ours, struct rd theirs, struct rd mark,
    const struct mark_expect *e, struct report *rep)
{
	struct said a, b;
	bool take;

	if (!ours.n || !theirs.n)
		return ours.n ? ours : theirs;
	hear(ours, mark, e, &a);
	hear(theirs, mark, e, &b);
	take = decides(&b, &a);
	report_add(rep, CHK_STATUS_CHOICE, CHECK_OK,
	    MSG(take ? MSG_ID("the presenter's is newer than the one given here, and decides")
		: !a.counts ? MSG_ID("the one given here decides, though it is not good")
		: b.counts  ? MSG_ID("the one given here decides; the presenter's is not newer")
			    : MSG_ID("the one given here decides; the presenter's is not good")));
	return take ? theirs : ours;
}

bool mark_status_fits(struct rd text, struct rd mark, time_t now, struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_STATUS_TYP, .need_kid = true};
	struct mark_expect e = {.now = now};
	struct jws *j = NULL;
	struct message_kept why;
	char value[32] = "";
	bool ok = jws_parse(text, &rules, &j, &why) == ECERT_OK;

	report_test(rep, CHK_STATUS_FORM, ok, MSG_KEPT(&why));
	if (ok) {
		/* How old one with an end may be, those say who get it. */
		if (json_object_get(j->claims, "exp"))
			e.status_age = TRUST_MARK_STATUS_MAX_LIFE;
		ok = check_mark(j, mark, &e, rep);
		ok = check_time(j, &e, rep) && ok;
		ok = check_value(j, true, value, rep) && ok;
	}
	jws_free(&j);
	return ok;
}
