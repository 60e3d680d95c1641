/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustmark grant, status: the issuer's side. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/outfile.h"
#include "cli/trustmark.h"
#include "cli/verify.h"
#include "document/jws.h"
#include "trust/mark.h"
#include "trust/renewal.h"

#define DAY  86400L
#define HOUR 3600L
/* A mark counts for a year at most; who asks for its status wants to know of today. */
#define DAYS_MAX  366L
#define HOURS_MAX 168L

/* A request in hand, verified. */
struct request {
	struct buf text, prev, holder, delegation;
	struct renewal_result *result;
	struct nonce_store *used; /* NULL: not asked for */
};

static void request_free(struct request *r)
{
	renewal_result_free(&r->result);
	nonce_store_close(&r->used);
	buf_free(&r->text);
	buf_free(&r->prev);
	buf_free(&r->holder);
	buf_free(&r->delegation);
}

/* The merchant's certificate, to which the mark is bound (cnf). */
static enum cli_exit holder_of(const struct cli *c, struct request *r)
{
	struct jws *j = NULL;
	enum ecert_rc rc = jws_parse(buf_view(&r->text),
	    &(struct jws_rules){.typ = RENEWAL_TYP, .need_x5c = true}, &j, NULL, 0);

	if (!rc)
		buf_rd(&r->holder, buf_view(&j->x5c[0]));
	jws_free(&j);
	return cli_fail_rc(c, rc ? rc : buf_rc(&r->holder), "read the merchant's certificate");
}

static enum cli_exit verify_request(struct cli *c, const struct grant_params *o, const char *name,
    const struct trust_set *set, time_t now, struct request *r)
{
	struct renewal_expect e = {.audience = o->issuer,
	    .prev = buf_view(&r->prev),
	    .look_only = true, /* a PIN mistyped later must not use the request up */
	    .now = now,
	    .trust = set};
	enum cli_exit code = CLI_OK;

	if (o->nonce_store)
		code = verify_open_store(c, o->nonce_store, now, &r->used);
	e.used = r->used;
	if (!code)
		code = cli_fail_rc(c, renewal_verify(buf_view(&r->text), &e, &r->result),
		    "verify %s", cli_clean(name));
	if (code || report_verdict(&r->result->report) == VERDICT_PASSED)
		return code;
	for (size_t i = 0; i < r->result->report.n; i++) {
		const struct check *k = &r->result->report.checks[i];

		if (k->state == CHECK_FAILED || k->state == CHECK_UNKNOWN)
			cli_note(
			    c, "  %-8s %-20s %s", check_state_name(k->state), k->name, k->detail);
	}
	return cli_fail(c, CLI_INVALID, "Nothing was signed. `ecert verify` shows every check.",
	    "The request %s does not verify", cli_clean(name));
}

/* Between two grants of the same request at the same moment the store decides. */
static enum cli_exit burn(const struct cli *c, const struct request *r)
{
	enum ecert_rc rc = r->used ? renewal_burn(r->used, r->result) : ECERT_OK;

	if (rc == ECERT_E_EXISTS)
		return cli_fail(c, CLI_INVALID, "The mark was not written.",
		    "This request was granted by somebody else at this moment");
	return cli_fail_rc(c, rc, "remember the request");
}

static enum cli_exit grant_sign(
    const struct cli *c, const struct grant_params *o, struct request *r, time_t now)
{
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	struct mark_grant g = {.iss = o->issuer,
	    .sub = r->result->merchant,
	    .type = r->result->type,
	    .logo_uri = o->logo,
	    .ref = o->ref,
	    .request = buf_view(&r->text),
	    .holder_cert = buf_view(&r->holder),
	    .now = now,
	    .exp = o->days ? now + o->days * DAY : 0};
	enum cli_exit code = signing_begin(c, &o->key, &s);

	if (buf_len(&r->delegation)) {
		buf_u8(&r->delegation, 0);
		g.delegation = (const char *)buf_view(&r->delegation).p;
	}
	if (!code)
		code = signing_login(&s, "to grant a trust mark");
	if (!code)
		code = cli_fail_rc(c, mark_issue(&s.doc, &g, &jws), "sign the trust mark");
	if (!code)
		code = burn(c, r);
	if (!code)
		code = trustmark_save(c, o->output ? o->output : "-", o->force, "trust-mark", &jws);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

/* A delegation file may end in a line end, which is not part of it. */
static void trim(struct buf *b)
{
	struct rd v = buf_view(b);

	while (v.n && (v.p[v.n - 1] == '\n' || v.p[v.n - 1] == '\r'))
		v.n--;
	buf_truncate(b, v.n);
}

enum cli_exit trustmark_grant(struct cli *c, void *params, const struct strlist *args)
{
	const struct grant_params *o = params;
	struct request r = {BUF_INIT(JWS_MAX_SIZE), BUF_INIT(JWS_MAX_SIZE), BUF_INIT(65536),
	    BUF_INIT(JWS_MAX_SIZE), NULL, NULL};
	struct trust_set *set = NULL;
	time_t now;
	enum cli_exit code;

	if (!o->issuer)
		return cli_fail(c, CLI_USAGE, "For instance --issuer https://alliance.example.",
		    "Say who issues: --issuer URL");
	if (o->days > DAYS_MAX)
		return cli_fail(c, CLI_USAGE, "A mark is renewed every year.",
		    "--days is at most %ld", DAYS_MAX);
	code = trust_options_load(c, &o->trust, &set, &now);
	if (!code)
		code = infile_load(c, args->v[0], &r.text);
	trim(&r.text);
	if (!code)
		code = verify_load(c, o->mark, &r.prev);
	if (!code)
		code = verify_load(c, o->delegation, &r.delegation);
	trim(&r.delegation);
	if (!code && o->output)
		code = outfile_vacant(c, o->output, o->force);
	if (!code)
		code = verify_request(c, o, args->v[0], set, now, &r);
	if (!code)
		code = holder_of(c, &r);
	if (!code)
		code = grant_sign(c, o, &r, now);
	trust_set_free(&set);
	request_free(&r);
	return code;
}

/* ---- status ---- */
static bool status_word(const char *word)
{
	static const char *const words[] = {"active", "expired", "revoked", "invalid", "suspended"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

static enum cli_exit status_sign(const struct cli *c, const struct status_params *o, struct rd mark)
{
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	time_t now = time(NULL);
	enum cli_exit code = signing_begin(c, &o->key, &s);

	if (!code)
		code = signing_login(&s, "to sign the status of a trust mark");
	if (!code)
		code = cli_fail_rc(c,
		    mark_status_issue(&s.doc, o->issuer, mark, o->status, o->reason, now,
			o->hours ? now + o->hours * HOUR : 0, &jws),
		    "sign the status");
	if (!code)
		code = trustmark_save(
		    c, o->output ? o->output : "-", o->force, "trust-mark-status", &jws);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

enum cli_exit trustmark_status(struct cli *c, void *params, const struct strlist *args)
{
	const struct status_params *o = params;
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	char typ[64];
	enum cli_exit code;

	if (!o->issuer || !o->status || !status_word(o->status))
		return cli_fail(c, CLI_USAGE,
		    "--status takes active, expired, revoked, invalid or suspended.",
		    "A status needs --issuer URL and --status WORD");
	if (o->hours > HOURS_MAX)
		return cli_fail(c, CLI_USAGE, "Sign a new one every day, or every week.",
		    "--hours is at most %ld", HOURS_MAX);
	code = infile_load(c, args->v[0], &mark);
	trim(&mark);
	if (!code &&
	    (jws_peek_typ(buf_view(&mark), typ, sizeof typ) || strcmp(typ, TRUST_MARK_TYP)))
		code = cli_fail(c, CLI_INPUT, hint_of_rc(ECERT_E_MALFORMED), "%s is no trust mark",
		    cli_clean(args->v[0]));
	if (!code && o->output)
		code = outfile_vacant(c, o->output, o->force);
	if (!code)
		code = status_sign(c, o, buf_view(&mark));
	buf_free(&mark);
	return code;
}

#define AT(field) offsetof(struct grant_params, field)

const struct opt trustmark_grant_opts[] = {
    {"issuer", 0, OPT_STR, "URL", AT(issuer), "who issues the mark: you"},
    {"mark", 0, OPT_STR, "FILE", AT(mark), "the mark being renewed, to compare with the request"},
    {"days", 0, OPT_INT, "N", AT(days), "how long the mark counts (default and most: a year)"},
    {"logo", 0, OPT_STR, "URL", AT(logo), "the logo to show"},
    {"ref", 0, OPT_STR, "URL", AT(ref), "where people read about the mark"},
    {"delegation", 0, OPT_STR, "FILE", AT(delegation),
	"the owner's delegation, when you are not it"},
    {"nonce-store", 0, OPT_STR, "DIR", AT(nonce_store),
	"remember requests, so that none counts twice"},
    TRUST_OPTS(struct grant_params, trust), SIGNING_OPTS(struct grant_params, key),
    {"output", 'o', OPT_STR, "FILE", AT(output), "where it goes (default: standard output)"},
    {"force", 'f', OPT_FLAG, NULL, AT(force), "replace a file that is there"}, {0}};

#undef AT
#define AT(field) offsetof(struct status_params, field)

const struct opt trustmark_status_opts[] = {
    {"issuer", 0, OPT_STR, "URL", AT(issuer), "who issued the mark: you"},
    {"status", 's', OPT_STR, "WORD", AT(status), "active, expired, revoked, invalid, suspended"},
    {"reason", 0, OPT_STR, "TEXT", AT(reason), "why, for people"},
    {"hours", 0, OPT_INT, "N", AT(hours), "how long the answer counts (default: 24)"},
    SIGNING_OPTS(struct status_params, key),
    {"output", 'o', OPT_STR, "FILE", AT(output), "where it goes (default: standard output)"},
    {"force", 'f', OPT_FLAG, NULL, AT(force), "replace a file that is there"}, {0}};
