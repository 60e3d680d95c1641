/* SPDX-License-Identifier: BSD-2-Clause */
/* The signed trust list: read, checked and signed. */
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#include "document/json.h"
#include "document/cert.h"
#include "document/jose/jws.h"
#include "trust/claims.h"
#include "trust/list/list.h"
#include "trust/list/list_order.h"
#include "trust/list/list_purposes.h"
#include "trust/list/set_priv.h"
#include "trust/value.h"
#include "util/hex.h"

/* A list is replaced at least this often, or it stops counting. */
#define LIST_MAX_LIFE (400L * 24 * 3600)

static bool get_text(const json_t *o, const char *key, char *dst, size_t size)
{
	const json_t *v = json_object_get(o, key);

	if (!v)
		return true;
	if (!json_is_string(v) || json_string_length(v) >= size)
		return false;
	memcpy(dst, json_string_value(v), json_string_length(v) + 1);
	text_scrub(dst);
	return true;
}

static bool get_time(const json_t *o, const char *key, time_t *out)
{
	const json_t *v = json_object_get(o, key);

	*out = (time_t)json_integer_value(v);
	return !v || (json_is_integer(v) && *out > 0);
}

static bool get_texts(const json_t *o, const char *key, char **list, size_t *n)
{
	const json_t *v = json_object_get(o, key);
	size_t i;
	json_t *item;

	if (v && !json_is_array(v))
		return false;
	/* An empty list would read as "any". */
	if (v && json_array_size(v) == 0)
		return false;
	json_array_foreach(v, i, item)
	{
		if (!json_is_string(item) ||
		    trust_text_add(list, n, json_string_value(item)) != ECERT_OK)
			return false;
	}
	return true;
}

/* Dotted numbers; with .* at the end whatever is below them. */
static bool are_oids(char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t digits = strspn(list[i], "0123456789.");

		if (digits < 3 || (list[i][digits] && strcmp(list[i] + digits - 1, ".*") != 0))
			return false;
	}
	return true;
}

/* x5c: base64 DER (or a list of one); or sha256: 64 digits. */
static bool get_cert(const json_t *o, struct trust_entry *e)
{
	const json_t *x5c = json_object_get(o, "x5c"), *hash = json_object_get(o, "sha256");
	struct buf b = BUF_INIT(65536);
	bool ok = false;

	if (json_is_array(x5c))
		x5c = json_array_size(x5c) == 1 ? json_array_get(x5c, 0) : NULL;
	if (json_is_string(x5c))
		ok = b64_get(rd_of(json_string_value(x5c), json_string_length(x5c)), &b) ==
			 ECERT_OK &&
		     cert_parse(buf_view(&b), &e->cert) == ECERT_OK &&
		     cert_sha256(e->cert, e->sha256) == ECERT_OK;
	else if (json_is_string(hash) && json_string_length(hash) == 64)
		ok = hex_get(rd_of(json_string_value(hash), 64), &b) == ECERT_OK &&
		     buf_len(&b) == 32;
	if (ok && !e->cert)
		memcpy(e->sha256, buf_view(&b).p, sizeof e->sha256);
	buf_free(&b);
	return ok;
}

/* NULL when every member of the entry is known. */
static const char *unknown_field(const json_t *o)
{
	static const char *const fields[] = {"name", "purposes", "x5c", "sha256", "policies",
	    "type", "declares_token", "from", "until", "entity", "kid", "mark_types"};
	const char *key;
	json_t *v;

	/* jansson's iterator takes no const object, but does not change it. */
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		bool known = false;

		for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
			known = known || strcmp(fields[i], key) == 0;
		if (!known)
			return key;
	}
	return NULL;
}

static const char *read_entry(const json_t *o, struct trust_entry *e)
{
	const json_t *declares = json_object_get(o, "declares_token");

	if (!json_is_object(o) || !get_text(o, "name", e->name, sizeof e->name) || !e->name[0])
		return MSG_ID("name is missing or not a short text");
	if (!list_purposes_get(json_object_get(o, "purposes"), &e->purposes))
		return MSG_ID(
		    "purposes must list ecert-signing, trustmark-issuer, trustmark-owner, "
		    "attestation-root or tsa");
	if (!get_cert(o, e))
		return MSG_ID("x5c must be one certificate in base64, or sha256 its 64 digits");
	if (!get_texts(o, "policies", e->policies, &e->policies_n) ||
	    !are_oids(e->policies, e->policies_n))
		return MSG_ID("policies must be a short list of OIDs; 1.2.* is all below 1.2");
	if (!get_texts(o, "mark_types", e->mark_types, &e->mark_types_n))
		return MSG_ID("mark_types must be a short list of URLs");
	if (!get_text(o, "type", e->type, sizeof e->type) ||
	    !get_text(o, "entity", e->entity, sizeof e->entity) ||
	    !get_text(o, "kid", e->kid, sizeof e->kid))
		return MSG_ID("type, entity and kid must be short texts");
	if (!get_time(o, "from", &e->from) || !get_time(o, "until", &e->until))
		return MSG_ID("from and until must be seconds since 1970");
	if (declares && !json_is_boolean(declares))
		return MSG_ID("declares_token must be true or false");
	e->declares_token = json_is_true(declares);
	if ((e->purposes & (TRUST_MARK_ISSUER | TRUST_MARK_OWNER)) && (!e->cert || !e->entity[0]))
		return MSG_ID("an issuer or owner of marks needs x5c and entity");
	if ((e->purposes & TRUST_MARK_OWNER) && e->mark_types_n == 0)
		return MSG_ID("an owner needs mark_types");
	return NULL;
}

/* All entries or none: into a set of their own first. */
static enum ecert_rc read_entries(struct trust_set *s, const json_t *list, struct message_kept *why)
{
	size_t i;
	json_t *item;

	if (!json_is_array(list) || json_array_size(list) == 0) {
		message_keep(why, MSG("entries is missing, empty or not a list"));
		return ECERT_E_MALFORMED;
	}
	json_array_foreach(list, i, item)
	{
		struct trust_entry e = {.origin = TRUST_FROM_LIST};
		const char *defect = read_entry(item, &e), *stray = unknown_field(item);
		enum ecert_rc rc;

		if (defect)
			message_keep(why, MSG("entries[{i}]: {defect}", P_NUMBER("i", i),
					      P_WORD("defect", defect)));
		else if (stray)
			message_keep(why, MSG("entries[{i}]: {field} is no field of an entry that "
					      "this version knows",
					      P_NUMBER("i", i), P_TEXT("field", stray)));
		if (defect || stray) {
			trust_entry_clear(&e);
			return ECERT_E_MALFORMED;
		}
		rc = trust_set_take(s, &e);
		if (rc != ECERT_OK)
			return rc;
	}
	return ECERT_OK;
}

static enum ecert_rc move_entries(struct trust_set *to, struct trust_set *from, const char *iss)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < from->n; i++) {
		text_copy(from->entries[i].list, sizeof from->entries[i].list, iss);
		text_scrub(from->entries[i].list);
		rc = trust_set_take(to, &from->entries[i]);
	}
	return rc;
}

/* It is the signer's, by what is relied on now: whoever can forge a list names whom he likes. */
static enum ecert_rc check_value(const struct jws *j, struct rd signer, const struct trust_set *s,
    time_t now, struct report *rep)
{
	struct value_doubt d;
	enum ecert_rc rc = jws_check_cert(j, signer);

	if (rc == ECERT_OK && value_doubted(j, signer, s, now, &d)) {
		report_add_why(rep, CHK_TRUST_LIST_SIGNATURE, reason_state(d.reason), d.reason,
		    MSG(d.words, P_TEXT("digest", d.digest), P_TEXT("since", d.since)));
		return ECERT_E_DENIED;
	}
	report_test(rep, CHK_TRUST_LIST_SIGNATURE, rc == ECERT_OK,
	    MSG(rc == ECERT_OK ? MSG_ID("by the pinned signer")
		: rc == ECERT_E_KEY_TYPE
		    ? MSG_ID("the pinned signer's key is of a kind or size that such a list is not "
			     "signed with")
		    : MSG_ID("it is not the pinned signer's")));
	return rc == ECERT_E_KEY_TYPE ? ECERT_E_BAD_SIGNATURE : rc;
}

static enum ecert_rc verify_list(const struct trust_set *s, struct rd text, struct rd signer,
    time_t now, struct jws **out, struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_LIST_TYP, .max = JWS_MAX_SIZE};
	struct message_kept why;
	struct claim_times t;
	X509 *x = NULL;
	enum ecert_rc rc = jws_parse(text, &rules, out, &why);
	time_t until = 0;

	if (!report_test(rep, CHK_TRUST_LIST_FORM, rc == ECERT_OK, MSG_KEPT(&why)))
		return rc;
	rc = check_value(*out, signer, s, now, rep);
	if (rc != ECERT_OK)
		return rc;
	if (!claim_times_check(*out, CHK_TRUST_LIST_TIME, now, LIST_MAX_LIFE, &t, rep))
		return ECERT_E_DENIED;
	rc = cert_parse(signer, &x);
	if (rc == ECERT_OK)
		rc = asn1_time_get(X509_get0_notAfter(x), &until);
	X509_free(x);
	if (rc == ECERT_OK && now > until)
		rc = ECERT_E_DENIED;
	report_test(rep, CHK_TRUST_LIST_SIGNER, rc == ECERT_OK,
	    rc == ECERT_OK ? MSG_EMPTY : MSG("the list signer's certificate has expired"));
	return rc;
}

/* seq, as a whole number that is not negative. */
static bool get_seq(const json_t *o, int64_t *out)
{
	const json_t *v = json_object_get(o, "seq");

	*out = json_integer_value(v);
	return json_is_integer(v) && *out >= 0;
}

/* Everything else has been checked: only a list that counts moves what is remembered. */
static enum ecert_rc check_order(
    const struct jws *j, struct rd signer, struct trust_list_order *order, struct report *rep)
{
	struct claim_times t = {0};
	struct trust_list_order none = {0}, *o = order ? order : &none;

	if (!claim_text(j, "iss", o->iss, sizeof o->iss) || !get_seq(j->claims, &o->seq) ||
	    !jws_time(j, "iat", &t.iat)) {
		report_add(rep, CHK_TRUST_LIST_ORDER, CHECK_FAILED,
		    MSG("iss or seq is missing, so that older ones cannot be told from newer "
			"ones"));
		return ECERT_E_MALFORMED;
	}
	o->iat = t.iat;
	return list_order_check(order, signer, rep);
}

enum ecert_rc trust_list_read(struct trust_set *s, struct rd text, struct rd signer, time_t now,
    struct trust_list_order *order, struct report *rep)
{
	struct jws *j = NULL;
	struct trust_set *fresh = NULL;
	struct message_kept why = {.n = 0};
	enum ecert_rc rc = trust_set_new(&fresh);

	if (rc == ECERT_OK)
		rc = verify_list(s, text, signer, now, &j, rep);
	if (rc == ECERT_OK) {
		rc = read_entries(fresh, json_object_get(j->claims, "entries"), &why);
		report_test(rep, CHK_TRUST_LIST_ENTRIES, rc == ECERT_OK, MSG_KEPT(&why));
	}
	if (rc == ECERT_OK)
		rc = check_order(j, signer, order, rep);
	if (rc == ECERT_OK)
		rc = move_entries(s, fresh, jws_str(j, "iss"));
	jws_free(&j);
	trust_set_free(&fresh);
	return rc;
}

/* The claims of a list that is right; *out is owned by the caller. */
static enum ecert_rc read_source(struct rd json, json_t **out, struct message_kept *why)
{
	struct trust_list_order o;
	struct trust_set *probe = NULL;
	json_error_t err = {.text = ""};
	json_t *claims = json_read(json, &err);
	char number[64];
	size_t iss = json_string_length(json_object_get(claims, "iss"));
	enum ecert_rc rc = ECERT_E_MALFORMED;

	*out = NULL;
	message_keep(why, MSG_EMPTY);
	if (!json_is_object(claims))
		message_keep(why,
		    claims || !err.text[0] ? MSG("it is not a JSON object") : MSG_TEXT(err.text));
	else if (iss == 0 || iss >= sizeof o.iss)
		message_keep(why, MSG("iss is missing or too long: who publishes the list"));
	else if (!get_seq(claims, &o.seq))
		message_keep(why,
		    MSG("seq is missing: a whole number, greater than that of the list before"));
	else if (json_number_lost(json, number, sizeof number))
		message_keep(why, MSG("the number {number} has more digits than can be carried on; "
				      "put it in quotes",
				      P_TEXT("number", number)));
	else
		rc = trust_set_new(&probe);
	if (rc == ECERT_OK)
		rc = read_entries(probe, json_object_get(claims, "entries"), why);
	if (rc == ECERT_OK)
		*out = json_incref(claims);
	json_decref(claims);
	trust_set_free(&probe);
	ERR_clear_error();
	return rc;
}

enum ecert_rc trust_list_check(struct rd json, struct message_kept *why)
{
	json_t *claims = NULL;
	enum ecert_rc rc = read_source(json, &claims, why);

	json_decref(claims);
	return rc;
}

enum ecert_rc trust_list_sign(const struct doc_signer *s, struct rd json, time_t now, long lifetime,
    struct buf *out, struct message_kept *why)
{
	const struct jws_options o = {.typ = TRUST_LIST_TYP, .x5c = false};
	json_t *claims = NULL;
	enum ecert_rc rc = read_source(json, &claims, why);

	if (rc == ECERT_OK && (lifetime <= 0 || lifetime > LIST_MAX_LIFE))
		rc = ECERT_E_ARG;
	claim_set_time(claims, "iat", now, &rc);
	claim_set_time(claims, "exp", now + lifetime, &rc);
	if (rc == ECERT_OK)
		rc = jws_create(s, &o, claims, out);
	json_decref(claims);
	return rc;
}
