/* SPDX-License-Identifier: BSD-2-Clause */
/* Delegations: the owner of a type lets an issuer issue its marks (OpenID Federation 1.0, 7.2.1).
 */
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/claims.h"
#include "trust/mark/mark_priv.h"
#include "trust/value.h"
#include "util/text.h"

static bool owns(const struct trust_entry *o, const char *type)
{
	for (size_t i = 0; (o->purposes & TRUST_MARK_OWNER) && i < o->mark_types_n; i++)
		if (strcmp(o->mark_types[i], type) == 0)
			return true;
	return false;
}

/* NULL when one of the owners of the type signed it, which is out->by: a type may have several
 * keys, and several keys one name. */
static const char *key_defect(
    const struct jws *d, const char *type, const struct mark_expect *e, struct mark_delegation *out)
{
	const char *why = MSG_ID("the delegation is not by the owner of the type");

	for (size_t i = 0; i < trust_set_count(e->trust); i++) {
		const struct trust_entry *o = trust_set_entry(e->trust, i);
		struct buf cert = BUF_INIT(65536);
		struct value_doubt doubt;
		bool good = false, old;

		if (!o->cert || !owns(o, type) ||
		    (o->entity[0] && strcmp(o->entity, out->owner) != 0) ||
		    !trust_entry_has_kid(o, d->kid))
			continue;
		good = cert_der(o->cert, &cert) == ECERT_OK &&
		       jws_check_cert(d, buf_view(&cert)) == ECERT_OK;
		old = good && value_doubted(d, buf_view(&cert), e->trust, e->now, &doubt);
		buf_free(&cert);
		if (old) {
			why = MSG_ID(
			    "the owner's signature is made with an algorithm or a key that "
			    "is too old to rely on");
			continue;
		}
		if (good && trust_entry_valid(o, e->now)) {
			out->by = o;
			return NULL;
		}
		why = good ? MSG_ID("the certificate of the type's owner has expired, or is not "
				    "yet valid")
			   : MSG_ID("the owner's signature does not verify");
	}
	return why;
}

/* The owner that the issuer names itself, where the relying party names none. */
static const char *named_defect(
    const struct jws *d, const json_t *named, const struct mark_expect *e, const char *owner)
{
	const char *sub = json_string_value(json_object_get(named, "sub"));

	if (!sub || strcmp(sub, owner) != 0)
		return MSG_ID("the delegation is not by the owner of the type");
	return mark_config_signed(json_object_get(named, "jwks"), d, e)
		   ? NULL
		   : MSG_ID("the owner's signature does not verify");
}

static const char *claims_defect(const struct jws *d, const char *issuer, const char *type,
    const struct mark_expect *e, struct mark_delegation *out)
{
	char sub[256], of[256];
	struct claim_times t;
	struct report quiet;

	report_init(&quiet);
	if (!claim_text(d, "iss", out->owner, sizeof out->owner) ||
	    !claim_text(d, "sub", sub, sizeof sub) ||
	    !claim_text(d, "trust_mark_type", of, sizeof of))
		return MSG_ID("the delegation lacks iss, sub or trust_mark_type");
	if (strcmp(sub, issuer) != 0)
		return MSG_ID("the delegation is for another issuer");
	if (strcmp(of, type) != 0)
		return MSG_ID("the delegation is for another type");
	if (!json_object_get(d->claims, "iat"))
		return MSG_ID("the delegation does not say when it was made: iat is missing");
	if (!claim_times_check(d, CHK_TIME, e->now, 0, &t, &quiet))
		return MSG_ID("the delegation has expired or is not yet valid");
	out->iat = t.iat;
	out->exp = t.exp;
	text_copy(out->kid, sizeof out->kid, d->kid);
	return NULL;
}

bool mark_delegation_good(struct rd text, const char *issuer, const char *type,
    const struct mark_expect *e, struct mark_delegation *out)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_DELEGATION_TYP, .need_kid = true};
	struct jws *d = NULL;
	struct message_kept form;
	const char *why;

	*out = (struct mark_delegation){.owner = ""};
	if (jws_parse(text, &rules, &d, &form) != ECERT_OK) {
		message_keep(&out->why,
		    MSG("the delegation is not one: {why}", P_MSG("why", MSG_KEPT(&form))));
		return false;
	}
	why = claims_defect(d, issuer, type, e, out);
	out->owner_known = trust_set_owner(e->trust, type);
	if (!why && out->owner_known)
		why = key_defect(d, type, e, out);
	else if (!why && mark_config_owner(e->config, type))
		why = named_defect(d, mark_config_owner(e->config, type), e, out->owner);
	jws_free(&d);
	message_keep(&out->why, why ? MSG(why) : MSG_EMPTY);
	return !why;
}

bool mark_delegation_check(
    const struct jws *j, struct mark_info *m, const struct mark_expect *e, struct report *rep)
{
	const char *text = jws_str(j, "delegation");
	struct mark_delegation d = {.owner = ""};

	if (!trust_set_owner(e->trust, m->type) && !mark_config_owner(e->config, m->type)) {
		report_add(rep, CHK_MARK_DELEGATION, CHECK_SKIPPED,
		    MSG(text ? MSG_ID("the type has no known owner, so that the delegation is not "
				      "judged")
			     : MSG_ID("the type has no owner")));
		return true;
	}
	if (!text)
		return report_test(rep, CHK_MARK_DELEGATION, false,
		    MSG("the type has an owner, and the mark brings no delegation"));
	m->delegated = mark_delegation_good(rd_of(text, strlen(text)), m->iss, m->type, e, &d);
	(void)snprintf(m->owner, sizeof m->owner, "%s", d.owner);
	return report_test(rep, CHK_MARK_DELEGATION, m->delegated,
	    m->delegated ? MSG_TEXT(m->owner) : MSG_KEPT(&d.why));
}
