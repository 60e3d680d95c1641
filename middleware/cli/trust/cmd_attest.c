/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert attest: a fresh statement for one counterparty of who we are and where our key lives. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "cli/commands.h"
#include "provision/evidence.h"
#include "client/outfile.h"
#include "cli/sign/signrows.h"
#include "client/signing.h"
#include "client/slot.h"
#include "cli/trust/trustmark.h"
#include "cli/verify/verify.h"
#include "document/cert.h"
#include "document/jose/jws.h"
#include "trust/fitness.h"
#include "trust/names.h"

/* The longest name in a claim that verifiers read, and its NUL. */
#define CLAIM_MAX 256

struct attest_params {
	struct signing_choice key;
	const char *audience, *nonce, *merchant, *mark, *status, *ocsp, *output;
	bool force, no_evidence;
};

/* What is put in, read before any PIN. */
struct inputs {
	struct buf mark, status, ocsp;
	char subject[256];
};

/* Fit for a claim: text that people can read, too. */
static bool is_text(const char *s)
{
	return s[0] && strlen(s) < CLAIM_MAX && !strcmp(cli_clean(s), s);
}

/* The mark's holder is who we are; a mark of somebody else would only be refused. */
static enum outcome subject_of_mark(const struct cli *c, struct inputs *in)
{
	struct jws_rules rules = {.typ = TRUST_MARK_TYP};
	struct jws *j = NULL;
	struct message_kept why;
	char sub[CLAIM_MAX] = "";
	enum ecert_rc rc = jws_parse(buf_view(&in->mark), &rules, &j, &why);
	const char *holder = rc ? NULL : jws_str(j, "sub");

	if (holder && is_text(holder))
		text_copy(sub, sizeof sub, holder);
	jws_free(&j);
	if (!sub[0])
		return ui_fail(c->job.ui, OUT_INPUT, "trust-mark-malformed",
		    MSG(rc ? MSG_ID("The trust mark is not one: {why}")
			   : MSG_ID("The trust mark is not one: it names no holder"),
			P_MSG("why", MSG_KEPT(&why))),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (in->subject[0] && strcmp(in->subject, sub))
		return ui_fail(c->job.ui, OUT_REFUSED, "trust-mark-of-other",
		    MSG("The trust mark is that of {sub}, not of {subject}", P_TEXT("sub", sub),
			P_TEXT("subject", in->subject)),
		    MSG("Leave --merchant out to attest as its holder, or name your own mark."));
	text_copy(in->subject, sizeof in->subject, sub);
	return OUT_OK;
}

static enum outcome load(const struct cli *c, const struct attest_params *o, struct inputs *in)
{
	enum outcome code = verify_load(c, o->mark, &in->mark);

	if (!code)
		code = verify_load(c, o->status, &in->status);
	if (!code)
		code = verify_load(c, o->ocsp, &in->ocsp);
	if (code)
		return code;
	if (o->merchant)
		text_copy(in->subject, sizeof in->subject, o->merchant);
	if (o->mark)
		return subject_of_mark(c, in);
	if (o->merchant)
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_USAGE, "merchant-missing",
	    MSG("Say who you are on the web: --merchant URL, or the trust mark with --mark"),
	    MSG("For instance --merchant https://wong.example."));
}

static enum outcome check(const struct cli *c, const struct attest_params *o)
{
	size_t n = o->nonce ? strlen(o->nonce) : 0;

	if (!o->audience || !o->nonce)
		return ui_fail(c->job.ui, OUT_USAGE, "audience-missing",
		    MSG("An attestation needs --audience and --nonce"),
		    MSG("The counterparty gives you both."));
	if (n < NONCE_MIN || n > NONCE_MAX)
		return ui_fail(c->job.ui, OUT_USAGE, "nonce-length",
		    MSG("A nonce has {min} to {max} characters", P_NUMBER("min", NONCE_MIN),
			P_NUMBER("max", NONCE_MAX)),
		    MSG("Ask the counterparty for another one."));
	if (!is_text(o->audience) || !is_text(o->nonce))
		return ui_fail(c->job.ui, OUT_USAGE, "not-text",
		    MSG(is_text(o->audience) ? MSG_ID("'{text}' cannot be a nonce")
					     : MSG_ID("'{text}' cannot be an audience"),
			P_TEXT("text", is_text(o->audience) ? o->nonce : o->audience)),
		    MSG("The counterparty gives you both."));
	if (o->status && !o->mark)
		return ui_fail(c->job.ui, OUT_USAGE, "mark-missing",
		    MSG("--status is that of a trust mark, and none is given"),
		    MSG("Name the trust mark with --mark, too."));
	if (o->merchant && (!name_is_url(o->merchant) || !is_text(o->merchant)))
		return ui_fail(c->job.ui, OUT_USAGE, "url-malformed",
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
    const struct signing *s, const struct attest_params *o, const struct inputs *in)
{
	return (struct counterparty_options){.audience = o->audience,
	    .nonce = o->nonce,
	    .subject = in->subject,
	    .now = time(NULL),
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

		if (!cert_parse(s->chain[i], &x) &&
		    X509_check_issued(x, s->chosen->cert->x509) == X509_V_OK)
			found = s->chain[i];
		X509_free(x);
	}
	ERR_clear_error();
	return found;
}

/* What the counterparty would refuse is not handed on. */
static enum outcome look_at(
    const struct signing *s, const struct attest_params *o, const struct inputs *in)
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
	return trustmark_unfit(cli_of(s->p11.job), &rep,
	    MSG_ID("Nothing was signed: the counterparty would refuse it. Fetch a fresh mark, "
		   "status or "
		   "OCSP response, or leave it out."),
	    MSG("What is to be put in is not fit"));
}

/* A statement that nobody can read is none. */
static void drop_unreadable(const struct cli *c, struct evidence *e)
{
	static const char *const whose[] = {"statement about the key", "attestation certificate"};
	struct attestation a;

	for (size_t i = 0; i < e->n; i++) {
		if (!attestation_read(e->view[i], &a))
			continue;
		ui_note(c->job.ui, MSG("Note: the token's {n} is malformed, and is left out.",
				       P_TEXT("n", whose[i > 0])));
		evidence_free(e);
	}
}

static enum outcome make(struct signing *s, const struct attest_params *o, const struct inputs *in,
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

static enum outcome deliver(
    const struct cli *c, const struct attest_params *o, const struct evidence *e, struct buf *jws)
{
	const char *path = o->output ? o->output : "-";
	enum outcome code;

	if (c->json && !strcmp(path, "-")) {
		buf_u8(jws, 0);
		return cli_json(
		    c, json_pack("{s:s, s:b, s:b}", "token", (const char *)buf_view(jws).p,
			   "key_attested", (int)(e->n > 0), "co_resident", (int)e->co_resident));
	}
	buf_u8(jws, '\n');
	code = outfile_save(&c->job, path, buf_view(jws), o->force);
	if (!code && strcmp(path, "-"))
		cli_say(c, "%s", path);
	if (!code && strcmp(path, "-"))
		code = cli_json(
		    c, json_pack("{s:o, s:b, s:b}", "file", cli_json_text(path), "key_attested",
			   (int)(e->n > 0), "co_resident", (int)e->co_resident));
	return code;
}

static enum outcome run(struct cli *c, void *params, const struct strlist *args)
{
	const struct attest_params *o = params;
	struct inputs in = {BUF_INIT(JWS_MAX_SIZE), BUF_INIT(JWS_MAX_SIZE), BUF_INIT(65536), ""};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	struct signing s = {.certs = NULL};
	struct evidence e = {.n = 0};
	char why[160] = "";
	enum outcome code = check(c, o);

	(void)args;
	if (!code)
		code = load(c, o, &in);
	if (!code && o->output)
		code = outfile_vacant(&c->job, o->output, o->force);
	if (!code)
		code = signing_begin(&c->job, &o->key, &s);
	if (!code && !counterparty_alg(s.alg))
		code = ui_fail(c->job.ui, OUT_REFUSED, "algorithm-not-accepted",
		    MSG("The key {id} signs with {algorithm}, which counterparties do not take "
			"in an attestation",
			P_TEXT("id", s.chosen->id), P_TEXT("algorithm", doc_sig_name(s.alg))),
		    MSG("Choose an RSA or P-256 key with --id."));
	if (!code)
		code = look_at(&s, o, &in);
	if (!code && !o->no_evidence) {
		evidence_gather(&s.p11, s.chosen->ref, &e, why, sizeof why);
		if (!e.n)
			ui_note(c->job.ui, MSG("Note: the token does not attest this key: {why}.",
					       P_TEXT("why", why)));
		drop_unreadable(c, &e);
	}
	if (!code)
		code = signing_login(
		    &s, MSG("to attest to {audience}", P_TEXT("audience", o->audience)));
	if (!code)
		code = make(&s, o, &in, &e, &jws);
	if (!code)
		code = deliver(c, o, &e, &jws);
	evidence_free(&e);
	signing_end(&s);
	buf_free(&jws);
	buf_free(&in.mark);
	buf_free(&in.status);
	buf_free(&in.ocsp);
	return code;
}

#define AT(field) offsetof(struct attest_params, field)

static const struct opt opts[] = {
    {"audience", 0, OPT_STR, "NAME", AT(audience), MSG_ID("for whom: the counterparty's URL")},
    {"nonce", 0, OPT_STR, "TEXT", AT(nonce), MSG_ID("the nonce that the counterparty gave you")},
    {"merchant", 0, OPT_STR, "URL", AT(merchant),
	MSG_ID("who you are on the web (default: the holder of the trust mark)")},
    {"mark", 0, OPT_STR, "FILE", AT(mark), MSG_ID("put your trust mark in")},
    {"status", 0, OPT_STR, "FILE", AT(status), MSG_ID("put the status of your trust mark in")},
    {"ocsp", 0, OPT_STR, "FILE", AT(ocsp), MSG_ID("put the OCSP response for your certificate in")},
    {"no-evidence", 0, OPT_FLAG, NULL, AT(no_evidence),
	MSG_ID("leave the token's attestation out")},
    SIGNING_OPTS(struct attest_params, key),
    {"output", 'o', OPT_OUT, "FILE", AT(output),
	MSG_ID("where it goes (default: standard output)")},
    {"force", 'f', OPT_FLAG, NULL, AT(force), MSG_ID("replace a file that is there")}, {0}};

const struct command attest_commands[] = {
    {"attest", NULL, "", 0, 0,
	MSG_ID("prove to a counterparty who you are and where your key lives"),
	MSG_ID("The counterparty gives you its name and a fresh nonce; the answer is good for five "
	       "minutes "
	       "and for this counterparty only. It holds what the token itself attests of the key; "
	       "whoever "
	       "verifies it calls the evidence attested, co-resident, declared or none.\n\n"
	       "Example:\n"
	       "  ecert attest --audience https://buyer.example --nonce 8fK2mX01pQ \\\n"
	       "      --merchant https://wong.example -o token.jwt"),
	opts, sizeof(struct attest_params), run},
    {0}};
