/* SPDX-License-Identifier: BSD-2-Clause */
/* The last sentence of a verdict, and what a person has to know beside "valid". */
#include <string.h>

#include "actions/verify/verify.h"

static bool skipped(const struct report *rep, enum check_name name)
{
	const struct check *c = report_get(rep, name);

	return c && c->state == CHECK_SKIPPED;
}

/* Of whoever is asked for. */
static bool any_skipped(const struct verified *r, enum check_name name)
{
	const struct doc_signature *s;
	bool any = false;

	if (r->kind == VERIFY_RENEWAL && r->renewal)
		return skipped(&r->renewal->report, name);
	if (r->kind == VERIFY_COUNTERPARTY && r->counterparty)
		return skipped(&r->counterparty->report, name);
	if (r->kind == VERIFY_SIGNATURE && r->signature)
		for (size_t i = 0; (s = doc_asked(r->signature, i)); i++)
			any = any || skipped(&s->report, name);
	return any;
}

/* Of those that nobody asked for: anybody can add one, so that it takes nothing away. */
static enum verdict worst_counter(const struct doc_signature *s)
{
	enum verdict worst = VERDICT_PASSED;

	for (size_t i = 0; i < s->counters; i++) {
		const struct doc_signature *k = &s->counter[i];
		enum verdict v = k->asked ? VERDICT_PASSED : report_verdict(&k->report);
		enum verdict below = worst_counter(k);

		v = below > v ? below : v;
		worst = v > worst ? v : worst;
	}
	return worst;
}

static bool has_idle_stamp(const struct doc_signature *s)
{
	for (size_t i = 0; i < s->stamps_n; i++)
		if (!s->stamps[i].counts)
			return true;
	return false;
}

const char *verified_but(const struct verified *r, size_t i)
{
	const struct doc_result *d = r->kind == VERIFY_SIGNATURE ? r->signature : NULL;
	const struct doc_signature *s;
	const struct online_fetch *f;
	enum verdict counter = VERDICT_PASSED;
	bool idle = false;

	if (r->unread || r->verdict != VERDICT_PASSED)
		return NULL;
	if (any_skipped(r, CHK_INVALIDITY_DATE) && !i--)
		return MSG_ID("a certificate was revoked after it signed, and its CA says that the "
			      "key may have been in other hands before");
	if (any_skipped(r, CHK_REVOCATION) && !i--)
		return online_would(&r->online, &f)
			   ? MSG_ID("it is not known whether a certificate was revoked (--online "
				    "asks, --crl and --ocsp say)")
			   : MSG_ID("it is not known whether a certificate was revoked (--crl and "
				    "--ocsp say)");
	if (any_skipped(r, CHK_SIGNER) && !i--)
		return MSG_ID("the message says that it is from another e-mail address than the "
			      "certificate is for");
	for (size_t k = 0; d && (s = doc_asked(d, k)); k++) {
		enum verdict v = worst_counter(s);

		counter = v > counter ? v : counter;
		idle = idle || has_idle_stamp(s);
	}
	if (counter != VERDICT_PASSED && !i--)
		return counter == VERDICT_FAILED
			   ? MSG_ID("a counter-signature on it is not valid")
			   : MSG_ID("a counter-signature on it cannot be called valid");
	return idle && !i ? MSG_ID("a time stamp on it does not count, and proves nothing") : NULL;
}

static const char *closing_words(enum verdict verdict, const struct check *why, const char *about)
{
	bool failed = verdict == VERDICT_FAILED;

	if (!why)
		return failed ? MSG_ID("{file}: not valid: no check was made")
			      : MSG_ID("{file}: cannot be called valid: no check was made");
	if (!why->detail[0])
		return failed ? MSG_ID("{file}: not valid: {check}")
			      : MSG_ID("{file}: cannot be called valid: {check}");
	/* Of a file and its signature it is the file that is verified, by all that is said. */
	if (about)
		return failed ? MSG_ID("{file}: not valid: {about}: {check}: {why}")
			      : MSG_ID("{file}: cannot be called valid: {about}: {check}: {why}");
	return failed ? MSG_ID("{file}: not valid: {check}: {why}")
		      : MSG_ID("{file}: cannot be called valid: {check}: {why}");
}

/* NULL: it is about none. */
static const struct doc_signature *signature_of(const struct verified *r, const struct check *why)
{
	const struct doc_result *d = r->kind == VERIFY_SIGNATURE ? r->signature : NULL;
	const struct doc_signature *s;

	for (size_t i = 0; d && why && (s = doc_asked(d, i)); i++)
		if (why >= s->report.checks && why < s->report.checks + s->report.n)
			return s;
	return NULL;
}

enum outcome verified_close(const struct ui *ui, const struct verified *r)
{
	const struct check *why = r->why;
	const char *about = r->about && strcmp(r->about, r->file) != 0 ? r->about : NULL;

	/* A status that its issuer gave, and which says that the mark no longer counts, is as valid
	 * as any: the mark is not. */
	if (r->kind == VERIFY_STATUS && r->status[0] && !r->active)
		return ui_fail(ui, OUT_INVALID, "mark-not-in-force",
		    MSG("{name}: the trust mark is not in force: its status is {value}",
			P_FILE("name", r->file), P_TEXT("value", r->status)),
		    MSG("The status is genuine; do not rely on the mark. The issuer can tell "
			"why."));
	if (r->verdict == VERDICT_PASSED)
		return OUT_OK;
	return ui_fail(ui, r->verdict == VERDICT_FAILED ? OUT_INVALID : OUT_INDETERMINATE,
	    r->verdict == VERDICT_FAILED ? "not-valid" : "indeterminate",
	    MSG(closing_words(r->verdict, why, about), P_FILE("file", r->file),
		P_FILE("about", about ? about : ""), P_WORD("check", why ? why->name : NULL),
		P_MSG("why", why ? MSG_KEPT(&why->what) : NULL)),
	    MSG(verify_advice(why, signature_of(r, why), &r->online)));
}
