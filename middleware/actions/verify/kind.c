/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the file is of the kind that the options speak of. */
#include "actions/verify/verifying.h"

#include <strings.h>

#include "document/jose/jws.h"
#include "journal/journal.h"
#include "trust/counterparty/counterparty.h"
#include "trust/list/list.h"

#define KIND(k) (1u << (k))

static const struct {
	const char *name;  /* in JSON */
	const char *words; /* for people */
} kinds[VERIFY_KINDS] = {
    [VERIFY_SIGNATURE] = {"signature", MSG_ID("a signed file")},
    [VERIFY_RENEWAL] = {"renewal-request", MSG_ID("a renewal request")},
    [VERIFY_COUNTERPARTY] = {"counterparty-token", MSG_ID("a counterparty token")},
    [VERIFY_MARK] = {"trust-mark", MSG_ID("a trust mark")},
    [VERIFY_STATUS] = {"trust-mark-status", MSG_ID("a trust mark's status")},
    [VERIFY_UNKNOWN] = {"unknown", ""},
};

/* Signed by somebody's certificate, which has a path and a revocation. */
#define BY_CERT (KIND(VERIFY_SIGNATURE) | KIND(VERIFY_RENEWAL) | KIND(VERIFY_COUNTERPARTY))
/* A mark's issuer and owner are keys that are named themselves. */
#define MARKS (KIND(VERIFY_COUNTERPARTY) | KIND(VERIFY_MARK) | KIND(VERIFY_STATUS))

/* The option that was given and does not go with this kind; NULL when all do. --at and the trust
 * list, which names keys for every purpose, go with all. */
static const char *misfit(const struct verify_deed *o, enum verify_kind kind)
{
	const struct {
		const char *option;
		bool given;
		unsigned kinds;
	} row[] = {
	    {"--anchor", o->trust.anchor.n > 0, BY_CERT},
	    {"--tsa-anchor", o->trust.tsa_anchor.n > 0, KIND(VERIFY_SIGNATURE)},
	    {"--intermediate", o->trust.helper.n > 0, BY_CERT},
	    {"--crl", o->trust.crl.n > 0, BY_CERT},
	    {"--ocsp", o->trust.ocsp, BY_CERT},
	    {"--attestation-root", o->trust.attestation_root.n > 0, KIND(VERIFY_COUNTERPARTY)},
	    {"--mark-issuer", o->trust.mark_issuer.n > 0, MARKS},
	    {"--mark-owner", o->trust.mark_owner.n > 0, MARKS},
	    {"--nonce", o->nonce, KIND(VERIFY_COUNTERPARTY)},
	    {"--level", o->level, KIND(VERIFY_COUNTERPARTY)},
	    {"--need-mark", o->need_mark, KIND(VERIFY_COUNTERPARTY)},
	    {"--audience", o->audience, KIND(VERIFY_COUNTERPARTY) | KIND(VERIFY_RENEWAL)},
	    {"--nonce-store", o->nonce_store, KIND(VERIFY_COUNTERPARTY) | KIND(VERIFY_RENEWAL)},
	    {"--holder", o->subject, KIND(VERIFY_MARK) | KIND(VERIFY_STATUS)},
	    {"--mark", o->previous, KIND(VERIFY_RENEWAL) | KIND(VERIFY_STATUS)},
	    {"--status-age", o->status_age != 0, MARKS},
	    {"--signer", o->signer, KIND(VERIFY_SIGNATURE)},
	    {"--extract", o->extract, KIND(VERIFY_SIGNATURE)},
	    {"--extract-revision", o->extract_revision != 0, KIND(VERIFY_SIGNATURE)},
	    {"--member", o->member, KIND(VERIFY_SIGNATURE)},
	    {"--extract-indeterminate", o->extract_indeterminate, KIND(VERIFY_SIGNATURE)},
	    {"--status", o->status, KIND(VERIFY_COUNTERPARTY) | KIND(VERIFY_MARK)},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (row[i].given && !(row[i].kinds & KIND(kind)))
			return row[i].option;
	return NULL;
}

bool verify_expected(struct verifying *v, enum verify_kind kind)
{
	const char *option = misfit(v->o, kind);

	v->r->kind = kind;
	if (option)
		verify_unread(v, kind, CHK_KIND, REASON_NONE,
		    MSG("it is {kind}, for which {option} means nothing",
			P_WORD("kind", kinds[kind].words), P_TEXT("option", option)));
	return !option;
}

void verify_unread(struct verifying *v, enum verify_kind kind, enum check_name check,
    enum reason reason, const struct message *m)
{
	v->r->kind = kind;
	v->r->unread = true;
	report_add_why(&v->r->report, check, CHECK_FAILED, reason, m);
	verify_judged(v, report_judge(&v->r->report));
}

const char *verify_kind_name(enum verify_kind kind)
{
	return (unsigned)kind < VERIFY_KINDS ? kinds[kind].name : "unknown";
}

enum outcome verify_no_signature(
    const struct job *job, const char *name, const struct doc_kind_row *kind)
{
	return ui_fail(job->ui, OUT_INPUT, "not-a-signature",
	    MSG(kind->is_signed ? MSG_ID("{file} is {kind}, which this version does not verify")
				: MSG_ID("{file} is {kind}, not a signature"),
		P_FILE("file", name), P_WORD("kind", kind->words)),
	    MSG(kind->next));
}

/* Signed tokens that are no answer by themselves. */
static const struct {
	const char *typ, *words, *next;
} others[] = {
    {TRUST_MARK_DELEGATION_TYP, MSG_ID("a delegation of trust marks"),
	MSG_ID("It counts inside a mark: verify the mark, with --mark-owner.")},
    {TRUST_LIST_TYP, MSG_ID("a trust list"),
	MSG_ID("Use it with what it is for: --trust-list FILE --trust-list-signer PEM.")},
    {JOURNAL_SEAL_TYP, MSG_ID("the seal of a journal"),
	MSG_ID("`ecert journal verify SEAL` checks it.")},
    {CO_RESIDENT_TYP, MSG_ID("a part of a counterparty token"), MSG_ID("Verify the whole token.")},
};

bool verify_other_token(const struct verifying *v, struct rd text, enum outcome *code)
{
	char typ[64];

	if (jws_peek_typ(text, typ, sizeof typ) != ECERT_OK)
		return false;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (!strcasecmp(typ, others[i].typ)) {
			*code = ui_fail(v->job->ui, OUT_INPUT, "not-by-itself",
			    MSG("{name} is {words}, which is not verified by itself",
				P_FILE("name", v->name), P_WORD("words", others[i].words)),
			    MSG(others[i].next));
			return true;
		}
	*code = ui_fail(v->job->ui, OUT_INPUT, "kind-unknown",
	    MSG("{file} is a signed token of a kind that is not known here (typ: {typ})",
		P_FILE("file", v->name), P_TEXT("typ", typ[0] ? typ : "none")),
	    MSG("`ecert verify` knows renewal requests, counterparty tokens, trust marks and their "
		"statuses; another program may know it."));
	return true;
}
