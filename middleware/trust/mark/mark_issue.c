/* SPDX-License-Identifier: BSD-2-Clause */
/* Issuing trust marks, delegations and status answers (OpenID Federation 1.0, 7 and 8.4). */
#include <string.h>

#include "document/jose/jws.h"
#include "trust/claims.h"
#include "trust/mark/mark.h"

#define YEAR (366L * 24 * 3600)

enum ecert_rc trust_kid(struct rd cert, char out[44])
{
	return jws_sha256(cert, out);
}

/* Signs claims (which it takes over) with the kid of the signer's certificate unless one is given.
 */
static enum ecert_rc sign_claims(const struct doc_signer *s, const char *typ, const char *kid,
    json_t *claims, enum ecert_rc rc, struct buf *out)
{
	char thumb[44];
	struct jws_options o = {.typ = typ, .kid = kid};

	if (rc == ECERT_OK && !kid) {
		rc = trust_kid(s->cert, thumb);
		o.kid = thumb;
	}
	if (rc == ECERT_OK)
		rc = jws_create(s, &o, claims, out);
	json_decref(claims);
	return rc;
}

enum ecert_rc mark_issue(const struct doc_signer *s, const struct mark_grant *g, struct buf *out)
{
	time_t exp = g->exp ? g->exp : g->now + YEAR - 24 * 3600;
	enum ecert_rc rc = ECERT_OK;
	json_t *c;

	if (!g->iss || !g->sub || !g->type || exp <= g->now || exp - g->now > YEAR)
		return ECERT_E_ARG;
	c = json_object();
	claim_set_text(c, "iss", g->iss, &rc);
	claim_set_text(c, "sub", g->sub, &rc);
	claim_set_text(c, "trust_mark_type", g->type, &rc);
	claim_set_time(c, "iat", g->now, &rc);
	claim_set_time(c, "exp", exp, &rc);
	if (g->jti)
		claim_set_text(c, "jti", g->jti, &rc);
	else
		claim_set_jti(c, &rc);
	if (g->logo_uri)
		claim_set_text(c, "logo_uri", g->logo_uri, &rc);
	if (g->ref)
		claim_set_text(c, "ref", g->ref, &rc);
	if (g->delegation)
		claim_set_rd(c, "delegation", rd_of(g->delegation, strlen(g->delegation)), &rc);
	if (g->request.n)
		claim_set_sha256(c, "hktm_request", trimmed(g->request), &rc);
	if (g->holder_cert.n)
		claim_set_cnf(c, g->holder_cert, &rc);
	return sign_claims(s, TRUST_MARK_TYP, g->kid, c, rc, out);
}

enum ecert_rc mark_delegate(const struct doc_signer *s, const char *owner, const char *issuer,
    const char *type, time_t now, time_t exp, struct buf *out)
{
	enum ecert_rc rc = ECERT_OK;
	json_t *c;

	if (!owner || !issuer || !type || (exp && exp <= now))
		return ECERT_E_ARG;
	c = json_object();
	claim_set_text(c, "iss", owner, &rc);
	claim_set_text(c, "sub", issuer, &rc);
	claim_set_text(c, "trust_mark_type", type, &rc);
	claim_set_time(c, "iat", now, &rc);
	if (exp)
		claim_set_time(c, "exp", exp, &rc);
	return sign_claims(s, TRUST_MARK_DELEGATION_TYP, NULL, c, rc, out);
}

enum ecert_rc mark_status_issue(
    const struct doc_signer *s, const struct mark_status *m, struct buf *out)
{
	enum ecert_rc rc = ECERT_OK;
	json_t *c;

	if (!m->iss || !m->status || !m->mark.n || (m->exp && m->exp <= m->iat))
		return ECERT_E_ARG;
	c = json_object();
	claim_set_text(c, "iss", m->iss, &rc);
	claim_set_time(c, "iat", m->iat, &rc);
	claim_set_time(c, "exp", m->exp ? m->exp : m->iat + TRUST_MARK_STATUS_MAX_AGE, &rc);
	claim_set_rd(c, "trust_mark", m->mark, &rc);
	claim_set_text(c, "status", m->status, &rc);
	if (m->reason)
		claim_set_text(c, "hktm_reason", m->reason, &rc);
	return sign_claims(s, TRUST_MARK_STATUS_TYP, NULL, c, rc, out);
}
