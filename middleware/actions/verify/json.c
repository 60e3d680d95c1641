/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verification found, as the document that programs read. */
#include "actions/verify/verify.h"

/* What a status that was looked at says; "unknown" for one that proves nothing. */
static json_t *status(const struct verified *r)
{
	return json_string(r->status[0] ? r->status : "unknown");
}

/* The issuer's own words, of a status that counts. */
static void put_reason(const struct verified *r, json_t *o)
{
	if (r->status_reason[0])
		(void)json_object_set_new(o, "status_reason", json_string(r->status_reason));
}

static json_t *mark(const struct verified *r)
{
	json_t *o = mark_json(&r->mark);

	put_reason(r, o);
	if (r->has_status)
		(void)json_object_set_new(o, "status", status(r));
	(void)json_object_set_new(o, "verdict", json_string(verdict_name(r->verdict)));
	(void)json_object_set_new(o, "sub_indication", sub_indication_json(r->sub));
	(void)json_object_set_new(o, "checks", report_json(&r->report));
	return o;
}

static json_t *mark_status(const struct verified *r)
{
	json_t *o = json_pack("{s:s, s:o, s:o, s:b, s:b, s:o}", "verdict", verdict_name(r->verdict),
	    "sub_indication", sub_indication_json(r->sub), "status", status(r), "genuine",
	    r->status[0] != 0, "in_force", r->active && r->mark_good, "checks",
	    report_json(&r->report));

	put_reason(r, o);
	return o;
}

static json_t *signature(const struct verified *r)
{
	json_t *o = doc_result_json(r->signature);

	if (o && r->extract)
		(void)json_object_set_new(o, "extracted", json_boolean(r->extracted));
	return o;
}

static json_t *by_kind(const struct verified *r)
{
	if (r->unread)
		return json_pack("{s:s, s:o, s:o}", "verdict", verdict_name(r->verdict),
		    "sub_indication", sub_indication_json(r->sub), "checks",
		    report_json(&r->report));
	switch (r->kind) {
	case VERIFY_SIGNATURE:
		return signature(r);
	case VERIFY_RENEWAL:
		return renewal_json(r->renewal);
	case VERIFY_COUNTERPARTY:
		return counterparty_json(r->counterparty);
	case VERIFY_MARK:
		return mark(r);
	case VERIFY_STATUS:
		return mark_status(r);
	default:
		return NULL;
	}
}

json_t *verified_json(const struct verified *r)
{
	json_t *o = by_kind(r);

	if (o && r->trusted_n)
		(void)json_object_set_new(
		    o, "anchors", verify_trusted_json(r->trusted, r->trusted_n));
	if (o)
		online_json(&r->online, o);
	return o;
}
