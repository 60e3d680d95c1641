/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose key signed a mark or a status: the pinned certificate that its kid names, or a key that
 * whoever is pinned names for himself. */
#include <string.h>

#include "document/cert.h"
#include "trust/mark/mark_priv.h"
#include "trust/names.h"
#include "trust/value.h"

static bool signed_by(const struct trust_entry *o, const struct jws *j)
{
	struct buf cert = BUF_INIT(65536);
	bool good = cert_der(o->cert, &cert) == ECERT_OK &&
		    jws_check_cert(j, buf_view(&cert)) == ECERT_OK;

	buf_free(&cert);
	return good;
}

static bool is_issuer(const struct trust_entry *o)
{
	return (o->purposes & TRUST_MARK_ISSUER) && o->cert;
}

/* Whoever binds a key to a URL has said who speaks for its host, in force or not: keys that are
 * bound to none speak for the others. Another spelling of the URL is the same place to whoever
 * reads it. */
static bool is_bound(const struct trust_set *s, const char *iss)
{
	for (size_t i = 0; i < trust_set_count(s); i++) {
		const struct trust_entry *o = trust_set_entry(s, i);

		if ((o->purposes & TRUST_MARK_ISSUER) && o->entity[0] &&
		    (strcmp(o->entity, iss) == 0 || name_same_host(o->entity, iss)))
			return true;
	}
	return false;
}

/* How well a key that has the kid fits: 1 when it may not speak for the issuer; one that signed
 * comes before all that did not. */
static int rank_of(const struct trust_entry *o, const struct jws *j, const char *iss, bool bound)
{
	if (o->entity[0] ? strcmp(o->entity, iss) != 0 : bound)
		return 1;
	return signed_by(o, j) ? 3 : 2;
}

const struct trust_entry *mark_issuer_entry(
    const struct jws *j, const struct mark_expect *e, const char *iss)
{
	const struct trust_entry *best = NULL;
	int best_rank = 0;
	bool bound;

	if (!e->trust || !j->kid)
		return NULL;
	bound = is_bound(e->trust, iss);
	for (size_t i = 0; i < trust_set_count(e->trust); i++) {
		const struct trust_entry *o = trust_set_entry(e->trust, i);
		int rank;

		if (!is_issuer(o) || !trust_entry_has_kid(o, j->kid) ||
		    !(e->ended_keys || trust_entry_valid(o, e->now)))
			continue;
		rank = rank_of(o, j, iss, bound);
		if (rank > best_rank) {
			best = o;
			best_rank = rank;
		}
	}
	/* What is pinned under this kid decides, also when it did not sign. */
	return best_rank < 2 && mark_config_key(e->config, j, iss) ? e->config->by : best;
}

static bool may_speak(const struct trust_entry *o, const struct mark_expect *e, const char *iss)
{
	return is_issuer(o) && trust_entry_valid(o, e->now) &&
	       (o->entity[0] ? !strcmp(o->entity, iss) : !is_bound(e->trust, iss));
}

bool mark_issuer_known(const struct mark_expect *e, const char *iss)
{
	for (size_t i = 0; i < trust_set_count(e->trust); i++)
		if (may_speak(trust_set_entry(e->trust, i), e, iss))
			return true;
	return false;
}

const struct trust_entry *mark_issuer_signer(
    const struct jws *j, const struct mark_expect *e, const char *iss)
{
	for (size_t i = 0; i < trust_set_count(e->trust); i++) {
		const struct trust_entry *o = trust_set_entry(e->trust, i);
		struct buf cert = BUF_INIT(65536);
		struct value_doubt doubt;
		bool good = may_speak(o, e, iss) && cert_der(o->cert, &cert) == ECERT_OK &&
			    jws_check_cert(j, buf_view(&cert)) == ECERT_OK &&
			    !value_doubted(j, buf_view(&cert), e->trust, e->now, &doubt);

		buf_free(&cert);
		if (good)
			return o;
	}
	return NULL;
}

/* Why no key was found: its certificate is not in force, or is known under another kid. */
static void say_unknown(const struct jws *j, enum check_name name, const struct mark_expect *e,
    const char *iss, struct report *rep)
{
	const char *why = MSG_ID("no trusted key has this kid");
	enum reason reason = REASON_NONE;
	bool bound = is_bound(e->trust, iss);

	for (size_t i = 0; i < trust_set_count(e->trust); i++) {
		const struct trust_entry *o = trust_set_entry(e->trust, i);

		if (!is_issuer(o) || rank_of(o, j, iss, bound) < 3)
			continue;
		if (trust_entry_has_kid(o, j->kid)) {
			why = MSG_ID("the issuer's certificate has expired, or is not yet valid");
			reason = REASON_ISSUER_CERT_TIME;
			break;
		}
		why = MSG_ID(
		    "it is signed with a trusted key, but under a kid that is not that key's");
		reason = REASON_ISSUER_KID;
	}
	report_add_why(rep, name, CHECK_FAILED, reason, MSG(why));
}

/* By a key that its configuration names, for which the entry vouches. */
static bool by_config(const struct mark_key *k, enum check_name name,
    const struct trust_entry *entry, struct buf *key, struct report *rep)
{
	struct message called = trust_entry_called(entry);

	buf_rd(key, buf_view(&k->spki));
	(void)report_test(rep, name, buf_rc(key) == ECERT_OK,
	    MSG(k->until ? MSG_ID("{issuer}, whose configuration names this key as one of before")
			 : MSG_ID("{issuer}, whose configuration names this key"),
		P_MSG("issuer", &called)));
	report_came_to(rep, entry->sha256);
	return buf_rc(key) == ECERT_OK;
}

static bool by_entry(
    const struct trust_entry *entry, enum check_name name, struct buf *key, struct report *rep)
{
	struct buf cert = BUF_INIT(65536);
	struct message called = trust_entry_called(entry);
	bool ok = cert_der(entry->cert, &cert) == ECERT_OK &&
		  value_key(buf_view(&cert), key) == ECERT_OK;

	buf_free(&cert);
	(void)report_test(rep, name, ok,
	    !ok ? MSG("the issuer's certificate cannot be read")
	    : entry->entity[0]
		? &called
		: MSG("{issuer}, whose URL was not pinned", P_MSG("issuer", &called)));
	report_came_to(rep, entry->sha256);
	return ok;
}

bool mark_issuer_key(const struct jws *j, enum check_name name, const struct mark_expect *e,
    const char *iss, struct buf *key, struct report *rep)
{
	const struct trust_entry *entry = mark_issuer_entry(j, e, iss);

	if (!entry) {
		say_unknown(j, name, e, iss, rep);
		return false;
	}
	if (!trust_entry_has_kid(entry, j->kid))
		return by_config(mark_config_key(e->config, j, iss), name, entry, key, rep);
	if (entry->entity[0] && strcmp(entry->entity, iss) != 0)
		return report_test(rep, name, false, MSG("the key belongs to another issuer"));
	if (!entry->entity[0] && is_bound(e->trust, iss)) {
		report_add_why(rep, name, CHECK_FAILED, REASON_ISSUER_UNPINNED,
		    MSG("another key is bound to the issuer's URL, and this one is not"));
		return false;
	}
	return by_entry(entry, name, key, rep);
}
