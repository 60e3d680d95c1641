/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustmark grant, status: what issuers do. */
#include "actions/mark/grant.h"
#include "actions/mark/status.h"
#include "cli/sign/signrows.h"
#include "cli/trust/trustmark.h"
#include "cli/verify/trustrows.h"

enum outcome cmd_grant(struct cli *c, void *params, const struct strlist *args)
{
	struct grant_deed *deed = params;
	struct handing h;
	enum outcome code;

	trustmark_hand(c, "trust-mark", &deed->to, &h);
	code = trustmark_grant(&c->job, deed, args->v[0]);
	return code ? code : trustmark_handed(&h, deed->to.path);
}

enum outcome cmd_status(struct cli *c, void *params, const struct strlist *args)
{
	struct status_deed *deed = params;
	struct handing h;
	enum outcome code;

	trustmark_hand(c, "trust-mark-status", &deed->to, &h);
	code = trustmark_status(&c->job, deed, args->v[0]);
	return code ? code : trustmark_handed(&h, deed->to.path);
}

#define GRANT(field) offsetof(struct grant_deed, field)

const struct opt trustmark_grant_opts[] = {
    {"issuer", 0, OPT_STR, "URL", GRANT(issuer), MSG_ID("who issues the mark: you")},
    {"mark", 0, OPT_STR, "FILE", GRANT(mark),
	MSG_ID("the mark being renewed, to compare with the request")},
    MARK_OPTS(struct grant_deed),
    {"delegation", 0, OPT_STR, "FILE", GRANT(delegation),
	MSG_ID("the owner's delegation, when you are not it")},
    {"nonce-store", 0, OPT_STR, "DIR", GRANT(nonce_store),
	MSG_ID("where requests are remembered, so that none is granted twice (default: "
	       "~/.local/state/ecert/requests)")},
    {"new-certificate", 0, OPT_FLAG, NULL, GRANT(new_certificate),
	MSG_ID("the merchant's certificate is another than the one that the mark was granted to")},
    TRUST_OPTS(struct grant_deed, trust), SIGNING_OPTS(struct grant_deed, key),
    {"output", 'o', OPT_OUT, "FILE", GRANT(to.path),
	MSG_ID("where it goes (default: standard output)")},
    {"force", 'f', OPT_FLAG, NULL, GRANT(to.force), MSG_ID("replace a file that is there")}, {0}};

#define STATUS(field) offsetof(struct status_deed, field)

const struct opt trustmark_status_opts[] = {
    {"issuer", 0, OPT_STR, "URL", STATUS(issuer), MSG_ID("who issued the mark: you")},
    {"status", 's', OPT_STR, "WORD", STATUS(status),
	MSG_ID("active, expired, revoked, invalid, suspended")},
    {"reason", 0, OPT_STR, "TEXT", STATUS(reason), MSG_ID("why, for people")},
    {"hours", 0, OPT_COUNT, "N", STATUS(hours), MSG_ID("how long the answer counts (default: 24)")},
    {"mark-issuer", 0, OPT_LIST, "PEM", STATUS(trust.mark_issuer),
	MSG_ID("an earlier certificate of yours, when that signed the mark (may be repeated)")},
    SIGNING_OPTS(struct status_deed, key),
    {"output", 'o', OPT_OUT, "FILE", STATUS(to.path),
	MSG_ID("where it goes (default: standard output)")},
    {"force", 'f', OPT_FLAG, NULL, STATUS(to.force), MSG_ID("replace a file that is there")}, {0}};
