/* SPDX-License-Identifier: BSD-2-Clause */
/* Attesting: a fresh statement for one counterparty of who we are and where our key lives. */
#include "actions/attest/attest.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "client/outfile.h"
#include "client/slot.h"
#include "document/cert.h"
#include "document/jose/jws.h"
#include "provision/evidence.h"
#include "trust/fitness.h"
#include "trust/names.h"
#include "util/text.h"

/* The longest name in a claim that verifiers read, and its NUL. */
#define CLAIM_MAX 256

/* What is put in, read before any PIN. */
struct inputs {
	struct buf mark, status, ocsp;
	char subject[256];
};

/* Fit for a claim. */
static bool is_text(const char *s)
{
	return s[0] && strlen(s) < CLAIM_MAX && statement_is_text(s);
}

/* The mark's holder is who we are; a mark of somebody else would only be refused. */
static enum outcome subject_of_mark(const struct job *job, struct inputs *in)
{
	struct jws_rules rules = {.typ = TRUST_MARK_TYP};
	struct jws *j = NULL;
	struct message_kept why;
	char sub[CLAIM_MAX] = "";
	enum ecert_rc rc = jws_parse(buf_view(&in->mark), &rules, &j, &why);
	const char *holder = rc != ECERT_OK ? NULL : jws_str(j, "sub");

	if (holder && is_text(holder))
		text_copy(sub, sizeof sub, holder);
	jws_free(&j);
	if (!sub[0])
		return ui_fail(job->ui, OUT_INPUT, "trust-mark-malformed",
		    MSG(rc != ECERT_OK ? MSG_ID("The trust mark is not one: {why}")
				       : MSG_ID("The trust mark is not one: it names no holder"),
			P_MSG("why", MSG_KEPT(&why))),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (in->subject[0] && strcmp(in->subject, sub))
		return ui_fail(job->ui, OUT_REFUSED, "trust-mark-of-other",
		    MSG("The trust mark is that of {sub}, not of {subject}", P_TEXT("sub", sub),
			P_TEXT("subject", in->subject)),
		    MSG("Leave --merchant out to attest as its holder, or name your own mark."));
	text_copy(in->subject, sizeof in->subject, sub);
	return OUT_OK;
}

static enum outcome load(const struct job *job, const struct attest_deed *o, struct inputs *in)
{
	enum outcome code = statement_load(job, o->mark, &in->mark);

	if (!code)
		code = statement_load(job, o->status, &in->status);
	if (!code)
		code = statement_load(job, o->ocsp, &in->ocsp);
	if (code)
		return code;
	if (o->merchant)
		text_copy(in->subject, sizeof in->subject, o->merchant);
	if (o->mark)
		return subject_of_mark(job, in);
	if (o->merchant)
		return OUT_OK;
	return ui_fail(job->ui, OUT_USAGE, "merchant-missing",
	    MSG("Say who you are on the web: --merchant URL, or the trust mark with --mark"),
	    MSG("For instance --merchant https://wong.example."));
}

static enum outcome check(const struct job *job, const struct attest_deed *o)
{
	size_t n = o->nonce ? strlen(o->nonce) : 0;

	if (!o->audience || !o->nonce)
		return ui_fail(job->ui, OUT_USAGE, "audience-missing",
		    MSG("An attestation needs --audience and --nonce"),
		    MSG("The counterparty gives you both."));
	if (n < NONCE_MIN || n > NONCE_MAX)
		return ui_fail(job->ui, OUT_USAGE, "nonce-length",
		    MSG("A nonce has {min} to {max} characters", P_NUMBER("min", NONCE_MIN),
			P_NUMBER("max", NONCE_MAX)),
		    MSG("Ask the counterparty for another one."));
	if (!is_text(o->audience) || !is_text(o->nonce))
		return ui_fail(job->ui, OUT_USAGE, "not-text",
		    MSG(is_text(o->audience) ? MSG_ID("'{text}' cannot be a nonce")
					     : MSG_ID("'{text}' cannot be an audience"),
			P_TEXT("text", is_text(o->audience) ? o->nonce : o->audience)),
		    MSG("The counterparty gives you both."));
	if (o->status && !o->mark)
		return ui_fail(job->ui, OUT_USAGE, "mark-missing",
		    MSG("--status is that of a trust mark, and none is given"),
		    MSG("Name the trust mark with --mark, too."));
	if (o->merchant && (!name_is_url(o->merchant) || !is_text(o->merchant)))
		return ui_fail(job->ui, OUT_USAGE, "url-malformed",
		    MSG("'{merchant}' is no URL that begins with https:// and a domain name in "
			"lower case",
			P_TEXT("merchant", o->merchant)),
		    MSG("For instance --merchant https://wong.example."));
	return OUT_OK;
}

/* The co-resident key as a signer of its own. */
static enum outcome co_signer(
    struct signing *s, const struct evidence *e, struct p11_key *key, struct doc_signer *out)
{
	char id[65];
	PKCS11_KEY *found;
	enum outcome code;

	p11_id_of(&s->p11, e->ref, id);
	found = p11_find_key(&s->p11, id);
	if (!found)
		return ui_fail(s->p11.job->ui, OUT_CARD, "key-not-shown",
		    MSG("The module does not show the key in slot {slot}",
			P_TEXT("slot", slot_name(e->ref))),
		    MSG("Try again with --no-evidence."));
	code = ui_fail_rc(s->p11.job->ui, p11_key_open(&s->p11, found, key),
	    MSG("Cannot use the attested key: {why}"));
	*out = (struct doc_signer){.key = key->alg, .sign = p11_key_sign, .ctx = key};
	return code;
}

static struct counterparty_options options_of(
    const struct signing *s, const struct attest_deed *o, const struct inputs *in)
{
	return (struct counterparty_options){.audience = o->audience,
	    .nonce = o->nonce,
	    .subject = in->subject,
	    .now = statement_now(s->p11.job, o->now),
	    .alg = s->alg,
	    .mark = buf_view(&in->mark),
	    .status = buf_view(&in->status),
	    .ocsp = buf_view(&in->ocsp)};
}

/* The certificate of the signer's own CA, as far as it is at hand. */
static struct rd issuer_of(const struct signing *s)
{
	struct rd found = rd_of(NULL, 0);

	for (size_t i = 0; !found.n && i < s->doc.chain_n; i++) {
		X509 *x = NULL;

		if (cert_parse(s->chain[i], &x) == ECERT_OK &&
		    X509_check_issued(x, s->chosen->cert->x509) == X509_V_OK)
			found = s->chain[i];
		X509_free(x);
	}
	ERR_clear_error();
	return found;
}

/* What the counterparty would refuse is not handed on. */
static enum outcome look_at(
    const struct signing *s, const struct attest_deed *o, const struct inputs *in)
{
	const struct counterparty_options opts = options_of(s, o, in);
	struct report rep;

	report_init(&rep);
	if (fitness_counterparty(&opts, buf_view(&s->chosen->der), issuer_of(s), &rep))
		for (size_t i = 0; i < rep.n; i++)
			if (rep.checks[i].state == CHECK_SKIPPED)
				ui_note(s->p11.job->ui,
				    MSG("Note: {detail}.",
					P_MSG("detail", MSG_KEPT(&rep.checks[i].what))));
	return statement_unfit(s->p11.job, &rep, MSG("What is to be put in is not fit"),
	    MSG_ID("Nothing was signed: the counterparty would refuse it. Fetch a fresh mark, "
		   "status or "
		   "OCSP response, or leave it out."));
}

/* A statement that nobody can read is none. */
static void drop_unreadable(const struct job *job, struct evidence *e)
{
	static const char *const whose[] = {
	    MSG_ID("statement about the key"), MSG_ID("attestation certificate")};
	struct attestation a;

	for (size_t i = 0; i < e->n; i++) {
		if (attestation_read(e->view[i], &a) == ECERT_OK)
			continue;
		ui_note(job->ui, MSG("Note: the token's {n} is malformed, and is left out.",
				     P_WORD("n", whose[i > 0])));
		evidence_free(e);
	}
}

static enum outcome make(struct signing *s, const struct attest_deed *o, const struct inputs *in,
    const struct evidence *e, struct buf *out)
{
	struct p11_key other = {.alg = KEY_NONE};
	struct doc_signer co = {.sign = NULL};
	struct counterparty_options opts = options_of(s, o, in);
	enum outcome code = OUT_OK;

	if (e->n) {
		opts.slot = slot_name(e->ref);
		opts.attestation = e->view;
		opts.attestation_n = e->n;
	}
	if (e->n && e->co_resident) {
		code = co_signer(s, e, &other, &co);
		opts.co_resident = &co;
	}
	if (!code)
		code = ui_fail_rc(s->p11.job->ui, counterparty_create(&s->doc, &opts, out),
		    MSG("Cannot attest: {why}"));
	p11_key_close(&other);
	return code;
}

/* Nothing to attest is no error: the statement says so. */
static void gather(const struct job *job, const struct signing *s, struct evidence *e)
{
	struct message_kept why;

	evidence_gather(&s->p11, s->chosen->ref, e, &why);
	if (!e->n)
		ui_note(job->ui, MSG("Note: the token does not attest this key: {why}.",
				     P_MSG("why", MSG_KEPT(&why))));
	drop_unreadable(job, e);
}

/* The token and its certificate, before any PIN. */
static enum outcome begin(
    const struct job *job, const struct attest_deed *o, const struct inputs *in, struct signing *s)
{
	enum outcome code = signing_begin(job, &o->key, s);

	if (!code && !counterparty_alg(s->alg))
		code = ui_fail(job->ui, OUT_REFUSED, "algorithm-not-accepted",
		    MSG("The key {id} signs with {algorithm}, which counterparties do not take "
			"in an attestation",
			P_TEXT("id", s->chosen->id), P_TEXT("algorithm", doc_sig_name(s->alg))),
		    MSG("Choose an RSA or P-256 key with --id."));
	return code ? code : look_at(s, o, in);
}

enum outcome attest(const struct job *job, const struct attest_deed *deed, struct attested *out)
{
	struct inputs in = {BUF_INIT(JWS_MAX_SIZE), BUF_INIT(JWS_MAX_SIZE), BUF_INIT(65536), ""};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	struct signing s = {.certs = NULL};
	struct evidence e = {.n = 0};
	enum outcome code = check(job, deed);

	*out = (struct attested){.file = deed->to.path ? deed->to.path : "-"};
	if (!code)
		code = load(job, deed, &in);
	if (!code && deed->to.path)
		code = outfile_vacant(job, deed->to.path, deed->to.force);
	if (!code)
		code = begin(job, deed, &in, &s);
	if (!code && !deed->no_evidence)
		gather(job, &s, &e);
	if (!code)
		code = signing_login(
		    &s, MSG("to attest to {audience}", P_TEXT("audience", deed->audience)));
	if (!code)
		code = make(&s, deed, &in, &e, &jws);
	out->key_attested = e.n > 0;
	out->co_resident = e.co_resident;
	if (!code)
		code = statement_deliver(job, &deed->to, out->file, &jws);
	evidence_free(&e);
	signing_end(&s);
	buf_free(&jws);
	buf_free(&in.mark);
	buf_free(&in.status);
	buf_free(&in.ocsp);
	return code;
}
