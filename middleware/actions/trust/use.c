/* SPDX-License-Identifier: BSD-2-Clause */
/* The trust stores, for a deed that verifies. */
#include "actions/trust/use.h"

#include "actions/trust/place.h"
#include "trust/list/list.h"
#include "util/hex.h"

struct using
{
	const struct job *job;
	struct trust_set *set;
	time_t now;
	bool issuers;
	const char *list_store;
	const struct trust_place *at;
};

static enum ecert_rc use_list(const struct using *u, const struct stored *e)
{
	struct trust_list_order order = {.store = u->list_store};
	const struct check *why;
	struct report rep;
	enum ecert_rc rc;

	report_init(&rep);
	rc = trust_list_read(u->set, e->list, e->cert, u->now, &order, &rep);
	if (rc == ECERT_OK || rc == ECERT_E_MEMORY)
		return rc;
	why = report_reason(&rep);
	ui_note(u->job->ui,
	    MSG("Note: the trust list of {name} in the trust store does not count: {detail}. A "
		"fresh one is added as this one was.",
		P_TEXT("name", e->name),
		P_MSG("detail", why ? MSG_KEPT(&why->what) : MSG_TEXT("?"))));
	return ECERT_OK;
}

static enum ecert_rc use_one(void *ctx, const struct stored *e)
{
	static const struct {
		unsigned purpose;
		enum trust_origin origin;
	} as[STORE_KINDS] = {
	    [STORE_ANCHOR] = {TRUST_ECERT_SIGNING, TRUST_EXPLICIT},
	    /* A TEST root counts only where it is named for the one deed. */
	    [STORE_ATTESTATION] = {TRUST_ATTESTATION, TRUST_FROM_LIST},
	    [STORE_TSA] = {TRUST_TSA, TRUST_EXPLICIT},
	    [STORE_MARK_ISSUER] = {TRUST_MARK_ISSUER, TRUST_EXPLICIT},
	};
	const struct using *u = ctx;
	char sha256[65];

	hex_str(rd_of(e->sha256, sizeof e->sha256), sha256);
	if (e->unrecorded)
		trust_place_warn(u->job, u->at, e->name, sha256);
	if (e->kind == STORE_LIST)
		return use_list(u, e);
	if (e->kind == STORE_MARK_ISSUER && !u->issuers)
		return ECERT_OK;
	return trust_set_add_der(
	    u->set, e->cert, as[e->kind].purpose, as[e->kind].origin, e->url[0] ? e->url : NULL);
}

static enum outcome use_place(struct using *u, bool machine)
{
	struct trust_place at;
	size_t had = trust_set_count(u->set);
	char bad[256] = "";
	enum outcome code = trust_place_open(u->job, machine, false, &at);
	enum ecert_rc rc;

	if (code || !at.store)
		return code;
	u->at = &at;
	rc = trust_store_each(at.store, use_one, u, bad);
	trust_set_came_from(u->set, had, machine ? TRUST_OF_MACHINE : TRUST_OF_PERSON);
	if (rc != ECERT_OK)
		code = trust_place_told(
		    u->job, &at, rc == ECERT_E_MALFORMED ? ECERT_E_DATA : rc, bad);
	trust_place_close(&at);
	return code;
}

enum outcome trust_stores_use(
    const struct job *job, struct trust_set *set, time_t now, bool issuers, const char *list_store)
{
	struct using u = {job, set, now, issuers, list_store, NULL};
	enum outcome code = use_place(&u, false);

	return code ? code : use_place(&u, true);
}
