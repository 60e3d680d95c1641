/* SPDX-License-Identifier: BSD-2-Clause */
/* When the certificates of a path are in force: then, and now or when a time stamp says. */
#include "document/cert.h"
#include "trust/path/path_priv.h"
#include "util/text.h"

/* How the first certificate of the path that is out of its time then is so, the limit, and whether
 * it is the leaf; REASON_CHAIN_REFUSED: its dates cannot be read. young: one above the leaf that
 * may have begun later; -1: none. */
static enum reason out_of_time(
    const struct path_job *j, time_t at, int young, char date[16], bool *leaf)
{
	/* The leaf is judged without a chain, too. */
	int n = j->chain ? sk_X509_num(j->chain) : 0;

	*leaf = false;
	for (int i = -1; i < n; i++) {
		const X509 *x = i < 0 ? j->q->leaf : sk_X509_value(j->chain, i);
		time_t from = 0, until = 0;
		time_t limit;

		*leaf = i < 1;
		if (asn1_time_get(X509_get0_notBefore(x), &from) != ECERT_OK ||
		    asn1_time_get(X509_get0_notAfter(x), &until) != ECERT_OK)
			return REASON_CHAIN_REFUSED;
		if ((at >= from || (i > 0 && i == young)) && at <= until)
			continue;
		limit = at < from ? from : until;
		(void)text_day(limit, date);
		return at < from ? REASON_NOT_YET_VALID : REASON_EXPIRED_THEN;
	}
	*leaf = false;
	return REASON_NONE;
}

/* Whom somebody trusts is a name and a key (RFC 5280, 6.1.1 d): CAs issue their root's certificate
 * anew, and what was signed below the older one is good by the new one, too. That one is over is
 * told all the same. */
bool path_check_validity(const struct path_job *j, int anchor, struct report *rep)
{
	char then_date[16] = "", date[16] = "";
	time_t proved = path_proved(j);
	/* Who claims no time of signing has not said that it was after the end. */
	bool leaf = false, any = false;
	enum reason then = j->q->unclaimed ? REASON_NONE
					   : out_of_time(j, j->q->at, anchor, then_date, &leaf),
		    today = out_of_time(
			j, proved ? proved : j->q->now, proved ? anchor : -1, date, &any);

	if (then == REASON_CHAIN_REFUSED || today == REASON_CHAIN_REFUSED)
		report_add_why(rep, CHK_VALIDITY, anchor < 0 ? CHECK_UNKNOWN : CHECK_FAILED,
		    REASON_CHAIN_REFUSED,
		    MSG("the dates of a certificate of the chain cannot be read"));
	else if (today == REASON_NOT_YET_VALID && proved && any && anchor >= 0)
		/* EN 319 102-1, 5.5.4 (4 b): it cannot have signed what was there before it. */
		report_add_why(rep, CHK_VALIDITY, CHECK_FAILED, REASON_NOT_YET_PROVED,
		    MSG("the certificate begins on {date}, and a time stamp proves that the "
			"signature was there before",
			P_TEXT("date", date)));
	else if (then)
		/* EN 319 102-1 knows these limits of the signer's own certificate alone. Without
		 * a chain its dates are anybody's word. */
		report_add_why(rep, CHK_VALIDITY, anchor < 0 ? CHECK_UNKNOWN : CHECK_FAILED,
		    leaf ? then : REASON_CHAIN_REFUSED,
		    MSG(then == REASON_NOT_YET_VALID
			    ? MSG_ID("a certificate of the chain is expired or not yet valid at "
				     "the time of signing: it begins on {date}")
			    : MSG_ID("a certificate of the chain is expired or not yet valid at "
				     "the time of signing: it ended on {date}"),
			P_TEXT("date", then_date)));
	else if (today == REASON_NOT_YET_VALID)
		report_add_why(rep, CHK_VALIDITY, CHECK_UNKNOWN, today,
		    MSG("a certificate of the chain begins on {date}, later than the clock here "
			"(or --at) says that it is",
			P_TEXT("date", date)));
	else if (today && proved)
		report_add_why(rep, CHK_VALIDITY, CHECK_UNKNOWN, REASON_EXPIRED_SINCE,
		    MSG("expired since, on {date}; the time stamp is from a later day, so that it "
			"does not tell that it was signed before",
			P_TEXT("date", date)));
	else if (today)
		/* EN 319 102-1: OUT_OF_BOUNDS_NO_POE. */
		report_add_why(rep, CHK_VALIDITY, CHECK_UNKNOWN, REASON_EXPIRED_SINCE,
		    MSG("expired since, on {date}; only a time stamp that was verified could tell "
			"that it was signed before",
			P_TEXT("date", date)));
	else
		report_add(rep, CHK_VALIDITY, CHECK_OK,
		    MSG(proved ? MSG_ID("at the time of signing, which a time stamp proves")
			       : MSG_ID("at the time of signing and now")));
	return !then && today == REASON_EXPIRED_THEN && any;
}
