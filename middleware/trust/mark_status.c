/* SPDX-License-Identifier: BSD-2-Clause */
/* Validating the status of a trust mark (OpenID Federation 1.0, 8.4). */
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/claims.h"
#include "trust/mark_priv.h"

/* iss and kid of the mark itself, unverified: only to see that the status is by the same issuer. */
static bool issuer_of(struct rd mark, char *iss, size_t size, char kid[128])
{
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP, .need_kid = true};
	struct jws *j = NULL;
	bool ok = jws_parse(mark, &rules, &j, NULL, 0) == ECERT_OK &&
		  claim_text(j, "iss", iss, size) && strlen(j->kid) < 128;
	if (ok)
		strcpy(kid, j->kid);
	jws_free(&j);
	return ok;
}

/* A key that no URL is pinned to speaks for its own marks only. iss is both documents' issuer. */
static bool speaks_for(
    const struct jws *j, const char *iss, const char *mark_kid, const struct mark_expect *e)
{
	const struct trust_entry *by =
	    e->trust ? trust_set_by_issuer(e->trust, TRUST_MARK_ISSUER, j->kid, iss, e->now) : NULL;
	return !by || by->entity[0] ||
	       by == trust_set_by_issuer(e->trust, TRUST_MARK_ISSUER, mark_kid, iss, e->now);
}

static bool check_mark(
    const struct jws *j, struct rd mark, const struct mark_expect *e, struct report *rep)
{
	char iss[256] = "", by[256] = "", kid[128] = "";
	const char *named = jws_str(j, "trust_mark"), *why = NULL;
	if (!named || !rd_equal(trimmed(mark), rd_of(named, strlen(named))))
		why = "it is the status of another mark";
	else if (!claim_text(j, "iss", by, sizeof by) || !issuer_of(mark, iss, sizeof iss, kid) ||
		 strcmp(iss, by) != 0 || !speaks_for(j, by, kid, e))
		why = "it is not by the issuer of the mark";
	return report_test(rep, "status mark", !why, "%s", why ? why : "of this very mark");
}

static bool check_time(const struct jws *j, time_t now, struct report *rep)
{
	struct claim_times t;
	if (!claim_times_check(j, "status time", now, 0, &t, rep))
		return false;
	if (t.exp || now - t.iat <= TRUST_MARK_STATUS_MAX_AGE)
		return true;
	report_add(rep, "status age", CHECK_FAILED, "it is older than a day");
	return false;
}

/* What it says counts when it is genuine; value stays empty otherwise. */
static bool check_value(const struct jws *j, bool genuine, char value[32], struct report *rep)
{
	char said[32];
	if (!claim_text(j, "status", said, sizeof said)) {
		report_add(rep, "status value", CHECK_FAILED, "status is missing");
		return false;
	}
	text_scrub(said);
	if (!genuine) {
		report_add(
		    rep, "status value", CHECK_SKIPPED, "it says %s, which proves nothing", said);
		return false;
	}
	memcpy(value, said, sizeof said);
	return report_test(rep, "status value", strcmp(value, "active") == 0, "%s", value);
}

static const char *const later[] = {
    "status issuer", "status signature", "status mark", "status time", "status value"};

bool mark_status_verify(
    struct rd text, struct rd mark, const struct mark_expect *e, char value[32], struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_STATUS_TYP, .need_kid = true};
	struct buf cert = BUF_INIT(65536);
	struct jws *j = NULL;
	char why[128] = "", iss[256] = "", status[32] = "";
	bool ok = jws_parse(text, &rules, &j, why, sizeof why) == ECERT_OK;
	report_test(rep, "status form", ok, "%s", why);
	if (!ok) {
		for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
			report_add(rep, later[i], CHECK_SKIPPED, "it is not a status");
		goto out;
	}
	ok = claim_text(j, "iss", iss, sizeof iss);
	if (mark_issuer_key(j, "status issuer", e, iss, &cert, rep)) {
		bool good = jws_check_cert(j, buf_view(&cert)) == ECERT_OK;
		ok = report_test(rep, "status signature", good, "%s",
			 good ? "by its issuer" : "it does not verify") &&
		     ok;
	} else {
		report_add(rep, "status signature", CHECK_SKIPPED, "its issuer is not known");
		ok = false;
	}
	ok = check_mark(j, mark, e, rep) && ok;
	ok = check_time(j, e->now, rep) && ok;
	ok = check_value(j, ok, status, rep);
out:
	if (value)
		memcpy(value, status, sizeof status);
	jws_free(&j);
	buf_free(&cert);
	return ok;
}

bool mark_status_fits(struct rd text, struct rd mark, time_t now, struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_STATUS_TYP, .need_kid = true};
	const struct mark_expect e = {.now = now};
	struct jws *j = NULL;
	char why[128] = "", value[32] = "";
	bool ok = jws_parse(text, &rules, &j, why, sizeof why) == ECERT_OK;
	report_test(rep, "status form", ok, "%s", why);
	if (ok) {
		ok = check_mark(j, mark, &e, rep);
		ok = check_time(j, now, rep) && ok;
		ok = check_value(j, true, value, rep) && ok;
	}
	jws_free(&j);
	return ok;
}
