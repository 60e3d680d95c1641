/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert registry: an issuer's desk. */
#include "cli/commands.h"
#include "cli/registry/registry.h"
#include "cli/sign/signrows.h"
#include "cli/trust/trustmark.h"
#include "cli/verify/trustrows.h"
#include "util/hex.h"

#define WHERE_MAX 4352

void registry_line(const struct cli *c, const struct registry_application *a)
{
	cli_tell(c, MSG("{id}: {merchant}, {company}: {state} since {time}", P_NUMBER("id", a->id),
			P_TEXT("merchant", a->merchant), P_TEXT("company", a->company),
			P_WORD("state", state_word(a->state)), P_TIME("time", a->since)));
}

static enum outcome init(struct cli *c, void *params, const struct strlist *args)
{
	const struct desk_deed *deed = params;
	char where[WHERE_MAX];
	enum outcome code = desk_init(&c->job, deed);

	(void)args;
	if (code)
		return code;
	desk_store(deed, where, sizeof where);
	cli_tell(c, MSG("The register of {issuer} begins", P_TEXT("issuer", deed->issuer)));
	return cli_json(c, json_pack("{s:s}", "issuer", deed->issuer));
}

static enum outcome tell(const struct cli *c, const struct registry_application *a)
{
	registry_line(c, a);
	return cli_json(c, json_pack("{s:o}", "application", desk_application_json(a)));
}

static enum outcome receive(struct cli *c, void *params, const struct strlist *args)
{
	struct registry_application a;
	enum outcome code = desk_receive(&c->job, params, args->v[0], &a);

	return code ? code : tell(c, &a);
}

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	const struct desk_deed *deed = params;
	struct desk_list l;
	json_t *all;
	enum outcome code;

	(void)args;
	if (deed->reports)
		return registry_reports(c, deed);
	all = json_array();
	code = desk_list(&c->job, deed, &l);
	for (size_t i = 0; !code && i < l.n; i++) {
		registry_line(c, &l.v[i]);
		(void)json_array_append_new(all, desk_application_json(&l.v[i]));
	}
	if (!code && !l.n)
		cli_tell(c, MSG("There are no applications."));
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "applications", all));
	json_decref(all);
	desk_list_free(&l);
	return code;
}

static enum outcome decided(
    struct cli *c, const struct desk_deed *deed, const char *id, enum app_event event)
{
	struct registry_application a;
	enum outcome code = desk_decide(&c->job, deed, id, event, &a);

	return code ? code : tell(c, &a);
}

static enum outcome more(struct cli *c, void *params, const struct strlist *args)
{
	return decided(c, params, args->v[0], EVENT_MORE);
}

static enum outcome turn_down(struct cli *c, void *params, const struct strlist *args)
{
	return decided(c, params, args->v[0], EVENT_REFUSE);
}

static enum outcome member(
    struct cli *c, const struct desk_deed *deed, const char *who, enum app_event event)
{
	char url[256];
	size_t n;
	enum outcome code = desk_member(&c->job, deed, who, event, url, &n);

	if (code)
		return code;
	cli_tell(c, event == EVENT_SUSPEND  ? MSG("{url} is suspended", P_TEXT("url", url))
		    : event == EVENT_RESUME ? MSG("{url} is active again", P_TEXT("url", url))
					    : MSG("{url} is revoked", P_TEXT("url", url)));
	return cli_json(c, json_pack("{s:s, s:I}", "merchant", url, "marks", (json_int_t)n));
}

static enum outcome suspend(struct cli *c, void *params, const struct strlist *args)
{
	return member(c, params, args->v[0], EVENT_SUSPEND);
}

static enum outcome resume(struct cli *c, void *params, const struct strlist *args)
{
	return member(c, params, args->v[0], EVENT_RESUME);
}

static enum outcome revoke(struct cli *c, void *params, const struct strlist *args)
{
	return member(c, params, args->v[0], EVENT_REVOKE);
}

struct granted {
	const struct cli *c;
	json_t *all;
};

static void one_granted(void *ctx, int64_t id, const char *file)
{
	struct granted *g = ctx;

	cli_tell(g->c, MSG("{id} is granted: {file}", P_NUMBER("id", id), P_FILE("file", file)));
	(void)json_array_append_new(
	    g->all, json_pack("{s:I, s:o}", "id", (json_int_t)id, "file", cli_json_file(file)));
}

static json_t *granted_so_far(void *ctx)
{
	return json_pack("{s:O}", "granted", ((struct granted *)ctx)->all);
}

static enum outcome grant(struct cli *c, void *params, const struct strlist *args)
{
	struct granted g = {c, json_array()};
	enum outcome code;

	c->done = granted_so_far;
	c->done_ctx = &g;
	code = desk_grant(&c->job, params, args, one_granted, &g);
	c->done = NULL;
	if (!code)
		code = cli_json(c, granted_so_far(&g));
	json_decref(g.all);
	return code;
}

static enum outcome reissue(struct cli *c, void *params, const struct strlist *args)
{
	struct granted g = {c, json_array()};
	enum outcome code;

	c->done = granted_so_far;
	c->done_ctx = &g;
	code = desk_reissue(&c->job, params, args->v[0], one_granted, &g);
	c->done = NULL;
	if (!code)
		code = cli_json(c, granted_so_far(&g));
	json_decref(g.all);
	return code;
}

static enum outcome check(struct cli *c, void *params, const struct strlist *args)
{
	struct registry_check r;
	char head[2 * REGISTRY_HASH + 1];
	enum outcome code = desk_check(&c->job, params, &r);

	(void)args;
	if (code)
		return code;
	hex_str(rd_of(r.head, sizeof r.head), head);
	code = cli_json(
	    c, json_pack("{s:b, s:I, s:s, s:o, s:o}", "whole", !r.why, "entries",
		   (json_int_t)r.entries, "head", head, "bad",
		   r.why ? json_pack("{s:s, s:I}", "table", r.part, "entry", (json_int_t)r.bad)
			 : json_null(),
		   "why", r.why ? json_string(r.why) : json_null()));
	if (code)
		return code;
	if (r.why)
		return cli_fail_people(c, OUT_INVALID, "register-altered",
		    MSG("The register is not as it was written: entry {n}, table {table}: {why}",
			P_NUMBER("n", r.bad), P_TEXT("table", r.part), P_WORD("why", r.why)),
		    MSG("Somebody wrote past this program: keep it as it is, and go back to a copy "
			"that is whole."));
	cli_tell(c, MSG("{n} entries, all as they were written; the last one's hash:",
			P_NUMBER("n", r.entries)));
	cli_say(c, "%s", head);
	return OUT_OK;
}

#define AT(field) offsetof(struct desk_deed, field)
#define STORE_OPT                                                                                  \
	{                                                                                          \
		"store", 0, OPT_STR, "WHERE", AT(store),                                           \
		    MSG_ID("where the register is: a file, or postgresql:... (default: "           \
			   "~/.local/state/ecert/register.sqlite)")                                \
	}
#define REASON_OPT                                                                                 \
	{                                                                                          \
		"reason", 0, OPT_STR, "TEXT", AT(reason), MSG_ID("why, for people")                \
	}

static const struct opt store_opts[] = {STORE_OPT, {0}};
static const struct opt review_opts[] = {
    {"fetch", 0, OPT_FLAG, NULL, AT(online.on),
	MSG_ID("fetch what the application points to, and compare hashes")},
    {"online-allow", 0, OPT_LIST, "HOST[:PORT]", AT(online.allow),
	MSG_ID("a host that may be asked though it is in a private network (may be repeated)")},
    {"online-timeout", 0, OPT_COUNT, "SECONDS", AT(online.seconds),
	MSG_ID("how long one answer may take (default: 10)")},
    STORE_OPT, {0}};
static const struct opt reason_opts[] = {REASON_OPT, STORE_OPT, {0}};
static const struct opt init_opts[] = {
    {"issuer", 0, OPT_STR, "URL", AT(issuer), MSG_ID("who issues the mark: you")}, STORE_OPT, {0}};
static const struct opt list_opts[] = {
    {"state", 0, OPT_STR, "WORD", AT(state), MSG_ID("only those that stand there")},
    {"reports", 0, OPT_FLAG, NULL, AT(reports), MSG_ID("what people report instead, of misuse")},
    {"all", 0, OPT_FLAG, NULL, AT(all), MSG_ID("with --reports: those that are closed, too")},
    STORE_OPT, {0}};
#define STATUS_KEY_OPT                                                                             \
	{                                                                                          \
		"status-key", 0, OPT_STR, "FILE", AT(status_key),                                  \
		    MSG_ID("the status key (default: beside the register)")                        \
	}
static const struct opt keys_opts[] = {
    {"make", 0, OPT_FLAG, NULL, AT(make), MSG_ID("make the status key")},
    {"rollover", 0, OPT_FLAG, NULL, AT(rollover),
	MSG_ID("make the next one; until its end the old one is published, too")},
    STATUS_KEY_OPT, STORE_OPT, {0}};
static const struct opt authorize_opts[] = {
    {"days", 0, OPT_COUNT, "N", AT(days), MSG_ID("for how long (default: 7, at most 92)")},
    STATUS_KEY_OPT, SIGNING_OPTS(struct desk_deed, key), STORE_OPT, {0}};
static const struct opt publish_opts[] = {
    {"all", 0, OPT_FLAG, NULL, AT(all),
	MSG_ID("look at every file, and write what somebody removed or altered")},
    STATUS_KEY_OPT, STORE_OPT, {0}};
static const struct opt receive_opts[] = {TRUST_OPTS(struct desk_deed, trust), STORE_OPT, {0}};
static const struct opt grant_opts[] = {MARK_OPTS(struct desk_deed),
    {"delegation", 0, OPT_STR, "FILE", AT(delegation),
	MSG_ID("the owner's delegation, for a type that has one; kept for the next time")},
    {"mark-owner", 0, OPT_LIST, "URL=TYPE=PEM", AT(trust.mark_owner),
	MSG_ID("the owner of the delegation's type (default: of `ecert trust list`)")},
    {"folder", 0, OPT_STR, "DIR", AT(folder),
	MSG_ID("where each mark goes, as mark-ID.jwt (default: this folder)")},
    SIGNING_OPTS(struct desk_deed, key), STORE_OPT, {0}};

static const struct opt reissue_opts[] = {
    {"folder", 0, OPT_STR, "DIR", AT(folder),
	MSG_ID("where each mark goes, as mark-ID.jwt (default: this folder)")},
    SIGNING_OPTS(struct desk_deed, key), STORE_OPT, {0}};
static const struct opt delegate_opts[] = {
    {"type", 0, OPT_STR, "URL", AT(type), MSG_ID("the type of mark, which is yours")},
    {"days", 0, OPT_COUNT, "N", AT(days), MSG_ID("for how long (default: without an end)")},
    {"output", 'o', OPT_OUT, "FILE", AT(out),
	MSG_ID("where the delegation goes (default: delegation.jwt)")},
    SIGNING_OPTS(struct desk_deed, key), STORE_OPT, {0}};

#define COMMAND(name, args, min, max, summary, teach, opts, run)                                   \
	{                                                                                          \
		"registry", name, args, min, max, summary, teach, opts, sizeof(struct desk_deed),  \
		    run                                                                            \
	}

const struct command registry_commands[] = {
    COMMAND("init", "", 0, 0, MSG_ID("for issuers: begin a register of members and marks"),
	MSG_ID("Nothing in a register is ever changed or deleted: each step says who took it, when "
	       "and why, and is chained to the one before it.\n\n"
	       "Example:\n  ecert registry init --issuer https://alliance.example"),
	init_opts, init),
    COMMAND("receive", "REQUEST", 1, 1, MSG_ID("verify an application, take it in"),
	MSG_ID("First applications and renewals. One that does not verify is told check by check "
	       "and leaves nothing behind; a later one takes the place of one that waits.\n\n"
	       "Example:\n  ecert registry receive --anchor ecert-ca.pem request.jwt"),
	receive_opts, receive),
    COMMAND("list", "", 0, 0, MSG_ID("the applications, and where each stands"),
	MSG_ID("Example:\n  ecert registry list --state received"), list_opts, list),
    COMMAND("close", "REPORT", 1, 1, MSG_ID("close a report of misuse"),
	MSG_ID("A shopper reports it on the member's page; `ecert registry list --reports` has "
	       "those that wait, with their numbers.\n\n"
	       "Example:\n  ecert registry close --reason 'The copy was taken down' 12"),
	reason_opts, cmd_registry_close),
    COMMAND("review", "ID", 1, 1, MSG_ID("an application on one sheet"),
	MSG_ID("The company by its certificate, the business number against the certificate's, "
	       "every item of the code of practice, every entry of evidence, and what was "
	       "decided. With --fetch the pages and files that it points to are fetched, never "
	       "from a private network; exit code 1: one is not what the application says, 10: "
	       "one did not come.\n\n"
	       "Examples:\n  ecert registry review 3\n  ecert registry review --fetch 3"),
	review_opts, cmd_registry_review),
    COMMAND("more", "ID", 1, 1, MSG_ID("ask the merchant for more"),
	MSG_ID("Example:\n  ecert registry more --reason 'The terms of return are missing' 3"),
	reason_opts, more),
    COMMAND("refuse", "ID", 1, 1, MSG_ID("refuse an application"),
	MSG_ID("Example:\n  ecert registry refuse --reason 'Not a shop' 3"), reason_opts,
	turn_down),
    COMMAND("grant", "ID...", 1, SIZE_MAX, MSG_ID("sign the marks of applications, with one PIN"),
	MSG_ID("Each mark is signed, on record and in its file, or none of it. What it renews is "
	       "over.\n\n"
	       "Example:\n  ecert registry grant 3"),
	grant_opts, grant),
    COMMAND("suspend", "MEMBER", 1, 1, MSG_ID("stop all marks of a member for a while"),
	MSG_ID("MEMBER is a URL, a domain or a number.\n\n"
	       "Example:\n  ecert registry suspend --reason 'Complaints' harbourlights.example"),
	reason_opts, suspend),
    COMMAND("resume", "MEMBER", 1, 1, MSG_ID("let a suspended member's marks count again"),
	MSG_ID("Example:\n  ecert registry resume harbourlights.example"), reason_opts, resume),
    COMMAND("revoke", "MEMBER", 1, 1, MSG_ID("end all marks of a member"),
	MSG_ID("Example:\n  ecert registry revoke --reason 'Fraud' harbourlights.example"),
	reason_opts, revoke),
    COMMAND("reissue", "MEMBER", 1, 1, MSG_ID("sign a member's marks anew, by today's key"),
	MSG_ID("With a new certificate of yours: each mark that counts gets a second one with the "
	       "same end, and the one before counts on.\n\n"
	       "Example:\n  ecert registry reissue harbourlights.example"),
	reissue_opts, reissue),
    COMMAND("delegate", "ISSUER", 1, 1, MSG_ID("let an issuer issue marks of your type"),
	MSG_ID("For an alliance whose members issue the same mark: whoever reads one of theirs "
	       "sees that you let them. Your own marks need one as well, to your own URL. The "
	       "other issuer gives it to `ecert registry grant --delegation`.\n\n"
	       "Example:\n  ecert registry delegate --type https://alliance.example/t "
	       "https://b.example"),
	delegate_opts, cmd_registry_delegate),
    COMMAND("expire", "", 0, 0, MSG_ID("put on record which marks are over"),
	MSG_ID("A mark ends by itself; this writes down that it did, as `ecert registry publish` "
	       "does.\n\n"
	       "Example:\n  ecert registry expire"),
	store_opts, cmd_registry_expire),
    COMMAND("export", "FILE", 1, 1, MSG_ID("all of a register as lines of JSON"),
	MSG_ID("For a copy elsewhere, or another kind of store. The status key is not in it.\n\n"
	       "Example:\n  ecert registry export register.jsonl"),
	store_opts, cmd_registry_export),
    COMMAND("import", "FILE", 1, 1, MSG_ID("an exported register into a new store"),
	MSG_ID("All of it or nothing, and only when every entry is as it was written.\n\n"
	       "Example:\n  ecert registry import --store copy.sqlite register.jsonl"),
	store_opts, cmd_registry_import),
    COMMAND("keys", "", 0, 0, MSG_ID("the issuer's keys, and the status key"),
	MSG_ID("Marks are granted by your token. What is asked about them day and night, whether "
	       "they are good, is answered by a status key in a file, which your token lets speak "
	       "for some days. Every key is published as long as something counts that it "
	       "signed.\n\n"
	       "Example:\n  ecert registry keys --make"),
	keys_opts, cmd_registry_keys),
    COMMAND("authorize", "", 0, 0, MSG_ID("let the status key speak, by your token"),
	MSG_ID("Do it again before the days are over: after that no status is stated, and the "
	       "pages say so. The token also signs the issuer's keys and addresses anew, for "
	       "whoever looks them up.\n\n"
	       "Example:\n  ecert registry authorize --days 14"),
	authorize_opts, cmd_registry_authorize),
    COMMAND("set", "NAME VALUE", 2, 2, MSG_ID("what the public pages say of you"),
	MSG_ID("name: of the issuer; contact: for questions; policy: where the code of practice "
	       "is; report: where misuse is reported; base: where the pages are, if not at the "
	       "issuer's URL; server: where ecert-registry answers; colour: of the seal.\n\n"
	       "Example:\n  ecert registry set name 'Alliance of Honest Shops'"),
	store_opts, cmd_registry_set),
    COMMAND("publish", "DIR", 1, 1, MSG_ID("write the public pages, for any web server"),
	MSG_ID("One page a member in three languages, the register with search, the marks, their "
	       "statuses and your keys, the seal, CSV and JSON. Each file appears whole, and only "
	       "when it differs from what is there. Statuses count for a day: publish at least "
	       "twice a day, and after each decision.\n\n"
	       "Example:\n  ecert registry publish site"),
	publish_opts, cmd_registry_publish),
    COMMAND("check", "", 0, 0, MSG_ID("prove that a register is as it was written"),
	MSG_ID("Every row against its entry in the chain, every request and mark against its "
	       "signature. Keep the hash of the last entry elsewhere: it tells whether the end "
	       "is missing.\n\n"
	       "Example:\n  ecert registry check"),
	store_opts, check),
    {0}};
