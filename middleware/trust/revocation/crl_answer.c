/* SPDX-License-Identifier: BSD-2-Clause */
/* What the CRLs at hand say about one certificate (RFC 5280, 6.3.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "trust/online/online_priv.h"
#include "trust/revocation/crl_scope.h"
#include "trust/revocation/revocation_priv.h"
#include "util/text.h"

/* A CRL that verifies and speaks about the certificate. */
struct seen {
	const struct crl *c;
	unsigned reasons;
	bool listed;
	struct crl_entry e;
	struct path_given *given; /* NULL: it was brought */
	bool heard;		  /* it says who was revoked, and makes nobody good */
};

struct crl_job {
	struct path_job *j;
	X509 *x;
	int above;
	bool nested;
	bool brought; /* the CRL that is looked at was */
	bool heard;   /* it is only heard (struct doc_heard) */
	struct seen *seen;
	size_t n;
	int rank; /* of what out->why says so far */
	struct answer *out;
	struct path_given *given; /* of the CRL that is looked at */
};

/* The nearer a CRL came to deciding, the more its defect tells. */
enum {
	RANK_SCOPE = 1,
	RANK_SIGNER,
	RANK_SIGNER_BAD,
	RANK_SIGNER_OVER,
	RANK_DEFECT,
	RANK_TIME,
	RANK_REASONS,
};

static void note(struct crl_job *k, int rank, const struct message *m)
{
	static const enum reason reason[] = {
	    [RANK_SCOPE] = REASON_REVOCATION_MISSING,
	    [RANK_SIGNER] = REASON_REVOCATION_BAD,
	    [RANK_SIGNER_BAD] = REASON_REVOCATION_SIGNER_BAD,
	    [RANK_SIGNER_OVER] = REASON_REVOCATION_SIGNER_OVER,
	    [RANK_DEFECT] = REASON_REVOCATION_BAD,
	    [RANK_TIME] = REASON_REVOCATION_STALE,
	    [RANK_REASONS] = REASON_REVOCATION_MISSING,
	};

	if (k->heard)
		return;
	if (k->given && rank > k->given->rank) {
		k->given->rank = rank;
		message_keep(&k->given->why, m);
	}
	if (k->out->what == REVOCATION_NONE)
		k->out->what = REVOCATION_UNKNOWN;
	if (rank <= k->rank)
		return;
	k->rank = rank;
	k->out->reason = reason[rank];
	message_keep(&k->out->why, m);
}

static void note_defect(struct crl_job *k, const char *why)
{
	note(k, RANK_DEFECT, MSG("the CRL of its CA does not count: {why}", P_WORD("why", why)));
}

static void note_signer(struct crl_job *k, struct signer_defect d)
{
	note(k,
	    d.reason == REASON_REVOCATION_SIGNER_OVER  ? RANK_SIGNER_OVER
	    : d.reason == REASON_REVOCATION_SIGNER_BAD ? RANK_SIGNER_BAD
						       : RANK_SIGNER,
	    MSG("the CRL does not count: {why}", P_WORD("why", d.why)));
}

/* Why a CRL whose signature counts makes nobody good all the same: who signed it is on it, or is
 * who it is asked about. NULL: it does. Whom it says to be revoked is (RFC 5280, 6.3.3, goes by
 * the issuer's own list). */
static const char *own_word(const struct crl_job *k, const struct crl *c, X509 *apart)
{
	struct crl_entry e;
	enum ecert_rc rc;

	if (!apart)
		return NULL;
	/* A CA that changed its key signs about its own cross-certificate, too. */
	if (!(X509_get_extension_flags(k->x) & EXFLAG_CA) &&
	    EVP_PKEY_eq(X509_get0_pubkey(apart), X509_get0_pubkey(k->x)) == 1)
		return MSG_ID("it is signed with the key that it is asked about");
	if (!crl_scope(c, apart))
		return NULL;
	rc = crl_find(c, apart, &e);
	return rc == ECERT_E_NOT_FOUND || (rc == ECERT_OK && e.reason == CRL_REMOVE)
		   ? NULL
		   : MSG_ID("the certificate of the CRL's signer was revoked");
}

/* Whether c is about the certificate and signed by who may; if so it is among the seen. */
static void look_at(struct crl_job *k, const struct crl *c, bool ours)
{
	struct seen *s = &k->seen[k->n];
	bool named = X509_NAME_cmp(c->issuer, X509_get_issuer_name(k->x)) == 0;
	struct signer_defect d;
	const char *own;
	X509 *apart;
	enum ecert_rc rc;

	if (k->j->alone && !k->nested && c != k->j->alone)
		return;
	*s = (struct seen){
	    .c = c, .reasons = crl_scope(c, k->x), .given = k->given, .heard = k->heard};
	if (!named && !s->reasons)
		return;
	k->out->asked = k->out->asked || ours;
	if (!s->reasons) {
		note(k, RANK_SCOPE,
		    MSG("the CRLs of its CA that are at hand are about other certificates"));
		return;
	}
	k->j->answer_at = k->brought ? revocation_kept(k->j) : k->j->q->now;
	d = crl_signer_defect(k->j, c, k->above, k->nested, &apart);
	/* What somebody said while he was in force is heard. */
	if (d.reason && !(k->heard && d.reason == REASON_REVOCATION_SIGNER_OVER)) {
		note_signer(k, d);
		return;
	}
	if (c->defect) {
		note_defect(k, c->defect);
		return;
	}
	rc = crl_find(c, k->x, &s->e);
	s->listed = rc == ECERT_OK;
	if (rc != ECERT_OK && rc != ECERT_E_NOT_FOUND) {
		note_defect(k, MSG_ID("its entries cannot be read"));
		return;
	}
	own = own_word(k, c, apart);
	if (own) {
		s->heard = true;
		note_signer(k, (struct signer_defect){REASON_REVOCATION_SIGNER_BAD, own});
	}
	k->n++;
}

/* Judged as of a time before the list was made, what was revoked after that time was not yet. */
static bool counts(const struct crl_job *k, const struct seen *s)
{
	time_t now = k->j->q->now;

	if (revocation_later(k->j, k->above, k->nested, s->e.when, s->e.reason))
		return false;
	return s->listed && !(s->c->this_update > now + REVOCATION_SKEW && s->e.when > now);
}

static bool is_hold(const struct seen *s)
{
	return s->e.reason == CRL_HOLD || (s->e.reason == CRL_REMOVE && !s->c->base);
}

static time_t until_of(const struct crl *c)
{
	return c->next_update ? c->next_update : c->this_update + REVOCATION_MAX_AGE;
}

/* A hold ends with a later list of the same scope without it, if it is understood (RFC 5280, 5.3),
 * or with a later delta that says so. One that is over does not end a hold by a list that is not:
 * the CA has made newer ones, which somebody may have left out. */
static bool released(const struct crl_job *k, const struct seen *hold)
{
	time_t now = k->j->q->now;

	for (size_t i = 0; i < k->n; i++) {
		const struct seen *s = &k->seen[i];

		if (s->c->this_update > now + REVOCATION_SKEW || s == hold ||
		    (s->heard && !hold->heard) ||
		    (until_of(s->c) < now && until_of(hold->c) >= now))
			continue;
		if (s->c->base ? s->listed && s->e.reason == CRL_REMOVE &&
				     (hold->c->base ? s->c->this_update > hold->c->this_update
						    : crl_delta_fits(s->c, hold->c))
			       : !s->listed && !s->c->strange_entry &&
				     s->c->this_update > hold->c->this_update &&
				     (s->reasons & hold->reasons) == hold->reasons)
			return true;
	}
	return false;
}

/* Whoever lists it without saying so, or for another reason, may mean the key. */
static bool key_safe(const struct crl_job *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (counts(k, &k->seen[i]) && !revocation_key_safe(k->seen[i].e.reason))
			return false;
	return true;
}

/* Of those that do not count, since they came later. */
static void find_doubt(const struct crl_job *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->seen[i].listed && !is_hold(&k->seen[i]) && !counts(k, &k->seen[i]))
			revocation_doubt(k->j, k->seen[i].e.invalid, k->out);
}

static bool find_revoked(struct crl_job *k, bool hold)
{
	char when[16];

	for (size_t i = 0; i < k->n; i++) {
		const struct seen *s = &k->seen[i];

		if (!counts(k, s) || is_hold(s) != hold ||
		    (s->c->base && s->e.reason == CRL_REMOVE) || (hold && released(k, s)))
			continue;
		(void)text_day(s->e.when, when);
		k->out->what = REVOCATION_REVOKED;
		k->out->key_safe = key_safe(k);
		k->out->gone = hold ? GONE_SUSPENDED : GONE_REVOKED;
		k->out->dated = s->e.when != 0;
		memcpy(k->out->when, when, sizeof k->out->when);
		k->out->since = s->e.when;
		return true;
	}
	return false;
}

/* expiredCertsOnCRL (X.509, 8.5.2.12): it keeps those that were over since that day. */
static bool expired_too(const struct crl *c, const X509 *x)
{
	ASN1_OBJECT *oid = OBJ_txt2obj("2.5.29.60", 1);
	int at = oid ? X509v3_get_ext_by_OBJ(c->ext, oid, -1) : -1;
	const ASN1_OCTET_STRING *v = at >= 0 ? X509_EXTENSION_get_data(X509v3_get_ext(c->ext, at))
					     : NULL;
	const unsigned char *p = v ? ASN1_STRING_get0_data(v) : NULL;
	ASN1_GENERALIZEDTIME *t = v ? d2i_ASN1_GENERALIZEDTIME(NULL, &p, ASN1_STRING_length(v))
				    : NULL;
	time_t since = 0, end = 0;
	bool kept = t && asn1_time_get(t, &since) == ECERT_OK &&
		    asn1_time_get(X509_get0_notAfter(x), &end) == ECERT_OK && end >= since;

	ASN1_GENERALIZEDTIME_free(t);
	ASN1_OBJECT_free(oid);
	return kept;
}

static bool in_force(struct crl_job *k, const struct crl *c)
{
	char when[16];
	time_t until = until_of(c);

	if (c->this_update > k->j->q->now + REVOCATION_SKEW) {
		(void)text_day(c->this_update, when);
		note(k, RANK_TIME,
		    MSG("the CRL of its CA is not yet in force; it was made on {date}",
			P_TEXT("date", when)));
		return false;
	}
	if (!revocation_in_force(
		k->j, k->above, k->x, c->this_update, until, expired_too(c, k->x))) {
		if (k->j->q->now <= until) {
			(void)text_day(c->this_update, when);
			note(k, RANK_TIME,
			    MSG("the CRL of its CA does not tell of the time of the time stamp; it "
				"was made on {date}",
				P_TEXT("date", when)));
			return false;
		}
		(void)text_day(until, when);
		note(
		    k, RANK_TIME, MSG("the CRL of its CA expired on {date}", P_TEXT("date", when)));
		return false;
	}
	k->out->lasting = k->out->lasting ||
			  revocation_tells(k->x, c->this_update, expired_too(c, k->x));
	return true;
}

/* Good, since it was revoked only after the moment that is proved: which who reads it has to know.
 */
static void say_good(struct crl_job *k)
{
	const struct seen *later = NULL;
	char when[16];

	for (size_t i = 0; i < k->n; i++) {
		struct seen *s = &k->seen[i];

		if (!s->listed || is_hold(s) || counts(k, s))
			continue;
		if (s->given)
			s->given->used = true;
		later = later ? later : s;
	}
	k->out->what = REVOCATION_GOOD;
	k->out->later = later;
	if (later && text_day(later->e.when, when))
		message_keep(
		    &k->out->why, MSG("revoked on {date}, after the moment of which this is judged",
				      P_TEXT("date", when)));
	else
		message_keep(&k->out->why, MSG("not on the CRL of its CA"));
}

/* Complete lists that are in force and do not have it, for all reasons together. A list with an
 * entry that is not understood tells nothing of who is not on it (RFC 5280, 5.3). */
static void find_good(struct crl_job *k)
{
	unsigned covered = 0;

	for (size_t i = 0; i < k->n; i++) {
		const struct seen *s = &k->seen[i];

		if (s->heard)
			continue;
		k->given = s->given;
		if (s->c->base) {
			if (s->given && until_of(s->c) >= k->j->q->now)
				s->given->used = true;
			note(k, RANK_SCOPE, MSG("there is a delta CRL only"));
			continue;
		}
		if (s->c->strange_entry)
			note_defect(
			    k, MSG_ID("it has a critical extension that is not known here"));
		else if (in_force(k, s->c)) {
			if (s->given)
				s->given->used = true;
			/* What is listed and counts has been told; of what was proved to have
			 * been there before, the entry says that it was good then. */
			if (!s->listed || is_hold(s) || !counts(k, s))
				covered |= s->reasons;
		}
	}
	k->given = NULL;
	if (covered == CRLDP_ALL_REASONS)
		say_good(k);
	else if (covered)
		note(k, RANK_REASONS,
		    MSG("the CRLs of its CA that are at hand are for some reasons of revocation "
			"only"));
}

void crl_answer(struct path_job *j, X509 *x, int above, bool nested, struct answer *out)
{
	struct crl_job k = {.j = j, .x = x, .above = above, .nested = nested, .out = out};
	const struct online *o = j->set->online;
	size_t fetched = o && !j->only_brought ? o->crls_n : 0;
	time_t at = j->answer_at;

	*out = (struct answer){.what = REVOCATION_NONE};
	k.seen = calloc(j->set->crls_n + fetched + j->brought_n + j->heard_n + 1, sizeof *k.seen);
	if (!k.seen) {
		note(&k, RANK_REASONS, MSG("the CRLs could not be evaluated"));
		return;
	}
	for (size_t i = 0; !j->only_brought && i < j->set->crls_n; i++) {
		k.given = j->given ? &j->given[i] : NULL;
		look_at(&k, j->set->crls[i], true);
	}
	k.given = NULL;
	for (size_t i = 0; i < fetched; i++)
		look_at(&k, o->crls[i], false);
	k.brought = true;
	for (size_t i = 0; !j->own && i < j->brought_n; i++)
		look_at(&k, j->brought[i], false);
	k.brought = false;
	k.heard = true;
	for (size_t i = 0; !j->own && i < j->heard_n; i++)
		look_at(&k, j->heard[i], false);
	k.heard = false;
	j->answer_at = at;
	if (!find_revoked(&k, false) && !find_revoked(&k, true))
		find_good(&k);
	find_doubt(&k);
	free(k.seen);
}
