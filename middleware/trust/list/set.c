/* SPDX-License-Identifier: BSD-2-Clause */
/* The trust set: entries, who is found in it, and what it owns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/jose/jws.h"
#include "trust/path/check.h"
#include "trust/path/memo.h"
#include "trust/path/pairs.h"
#include "trust/revocation/crl.h"
#include "trust/revocation/gather.h"
#include "trust/list/set_priv.h"
#include "trust/online/online_priv.h"
#include "trust/timestamp/tsa.h"

enum ecert_rc trust_set_new(struct trust_set **out)
{
	struct trust_set *s = calloc(1, sizeof *s);

	*out = s;
	if (!s)
		return ECERT_E_MEMORY;
	s->helpers = sk_X509_new_null();
	s->pairs = path_pairs_new();
	algorithm_policy_init(&s->algorithms);
	buf_init(&s->ocsp, TRUST_MAX_FILE);
	if (s->helpers)
		return ECERT_OK;
	trust_set_free(out);
	return ECERT_E_MEMORY;
}

void trust_entry_clear(struct trust_entry *e)
{
	X509_free(e->cert);
	for (size_t i = 0; i < e->policies_n; i++)
		free(e->policies[i]);
	for (size_t i = 0; i < e->mark_types_n; i++)
		free(e->mark_types[i]);
	memset(e, 0, sizeof *e);
}

void trust_set_free(struct trust_set **s)
{
	if (!*s)
		return;
	for (size_t i = 0; i < (*s)->n; i++)
		trust_entry_clear(&(*s)->entries[i]);
	free((*s)->entries);
	for (size_t i = 0; i < (*s)->crls_n; i++)
		crl_free(&(*s)->crls[i]);
	free((*s)->crls);
	sk_X509_pop_free((*s)->helpers, X509_free);
	buf_free(&(*s)->ocsp);
	online_free(&(*s)->online);
	path_memo_free(&(*s)->memo);
	path_pairs_free(&(*s)->pairs);
	free(*s);
	*s = NULL;
}

enum ecert_rc trust_text_add(char **list, size_t *n, const char *text)
{
	if (*n == TRUST_POLICIES)
		return ECERT_E_TOO_LARGE;
	list[*n] = strdup(text);
	if (!list[*n])
		return ECERT_E_MEMORY;
	++*n;
	return ECERT_OK;
}

void trust_set_remember(struct trust_set *s)
{
	path_memo_free(&s->memo);
	s->memo = path_memo_new(s);
}

void trust_set_need_revocation(struct trust_set *s)
{
	trust_set_changes(s);
	s->need_revocation = true;
}

void trust_set_algorithms(struct trust_set *s, const struct algorithm_policy *p)
{
	trust_set_changes(s);
	s->algorithms = *p;
}

void trust_set_changes(struct trust_set *s)
{
	path_memo_free(&s->memo);
}

enum ecert_rc trust_set_take(struct trust_set *s, struct trust_entry *e)
{
	enum ecert_rc rc = ECERT_E_TOO_LARGE;
	struct trust_entry *grown = NULL;

	trust_set_changes(s);
	if (s->n < TRUST_MAX_ENTRIES) {
		rc = ECERT_E_MEMORY;
		grown = realloc(s->entries, (s->n + 1) * sizeof *grown);
	}
	if (!grown) {
		trust_entry_clear(e);
		return rc;
	}
	s->entries = grown;
	s->entries[s->n++] = *e;
	memset(e, 0, sizeof *e);
	return ECERT_OK;
}

void trust_set_bind_issuers(struct trust_set *s, const char *entity)
{
	trust_set_changes(s);
	for (size_t i = 0; i < s->n; i++) {
		struct trust_entry *e = &s->entries[i];

		if ((e->purposes & TRUST_MARK_ISSUER) && !e->entity[0])
			(void)snprintf(e->entity, sizeof e->entity, "%s", entity);
	}
}

void trust_set_came_from(struct trust_set *s, size_t first, enum trust_source source)
{
	for (size_t i = first; i < s->n; i++)
		s->entries[i].source = source;
}

void trust_set_said_by(struct trust_set *s, size_t first, const char *option, const char *file)
{
	for (size_t i = first; i < s->n; i++) {
		s->entries[i].option = option;
		text_copy(s->entries[i].file, sizeof s->entries[i].file, file);
	}
}

const struct trust_entry *trust_set_find(
    const struct trust_set *s, const uint8_t sha256[32], unsigned purposes)
{
	const struct trust_entry *found = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct trust_entry *e = &s->entries[i];

		if (memcmp(e->sha256, sha256, sizeof e->sha256) != 0)
			continue;
		if (e->purposes & purposes)
			return e;
		found = found ? found : e;
	}
	return found;
}

struct message trust_entry_called(const struct trust_entry *e)
{
	const char *id = e->source == TRUST_OF_PERSON ? MSG_ID("{entry} (of your trust store)")
			 : e->source == TRUST_OF_MACHINE
			     ? MSG_ID("{entry} (of this computer's trust store)")
			     : "{entry}";

	return *MSG(id, P_TEXT("entry", e->name));
}

size_t trust_set_count(const struct trust_set *s)
{
	return s->n;
}

const struct trust_entry *trust_set_entry(const struct trust_set *s, size_t i)
{
	return i < s->n ? &s->entries[i] : NULL;
}

bool trust_entry_valid(const struct trust_entry *e, time_t at)
{
	time_t from = 0, until = 0;

	if ((e->from && at < e->from) || (e->until && at > e->until))
		return false;
	if (!e->cert)
		return true;
	return asn1_time_get(X509_get0_notBefore(e->cert), &from) == ECERT_OK &&
	       asn1_time_get(X509_get0_notAfter(e->cert), &until) == ECERT_OK && at >= from &&
	       at <= until;
}

bool trust_entry_has_kid(const struct trust_entry *e, const char *kid)
{
	char thumb[44];
	struct buf der = BUF_INIT(65536);
	bool same = e->kid[0] && strcmp(e->kid, kid) == 0;

	if (!same && e->cert && cert_der(e->cert, &der) == ECERT_OK &&
	    jws_sha256(buf_view(&der), thumb) == ECERT_OK)
		same = strcmp(thumb, kid) == 0 ||
		       (jws_thumbprint(buf_view(&der), thumb) == ECERT_OK &&
			   strcmp(thumb, kid) == 0);
	buf_free(&der);
	return same;
}

const struct trust_entry *trust_set_by_kid(
    const struct trust_set *s, unsigned purpose, const char *kid, time_t at)
{
	for (size_t i = 0; kid && i < s->n; i++) {
		const struct trust_entry *e = &s->entries[i];

		if ((e->purposes & purpose) && e->cert && trust_entry_has_kid(e, kid) &&
		    trust_entry_valid(e, at))
			return e;
	}
	return NULL;
}

const struct trust_entry *trust_set_owner(const struct trust_set *s, const char *mark_type)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct trust_entry *e = &s->entries[i];

		for (size_t k = 0; (e->purposes & TRUST_MARK_OWNER) && k < e->mark_types_n; k++)
			if (strcmp(e->mark_types[k], mark_type) == 0)
				return e;
	}
	return NULL;
}

static void check_for_document(void *ctx, const struct doc_path_query *q, struct report *rep)
{
	trust_path_check(ctx, q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), rep, NULL);
}

static void judge_for_document(void *ctx, const struct doc_path_query *q,
    const struct doc_proof *proof, bool stamp, struct report *rep)
{
	if (stamp)
		trust_tsa_judge(ctx, q, proof, rep);
	else
		trust_path_judge(
		    ctx, q, proof, TRUST_ECERT_SIGNING, false, rd_of(NULL, 0), rep, NULL);
}

/* Helpers, then the trusted ones: a signer's own, or a TSA's, may be among those, too. */
static X509 *given_for_document(void *ctx, size_t i)
{
	const struct trust_set *s = ctx;
	size_t n = (size_t)sk_X509_num(s->helpers);

	if (i < n)
		return sk_X509_value(s->helpers, (int)i);
	for (size_t k = 0; k < s->n; k++)
		if ((s->entries[k].purposes & (TRUST_ECERT_SIGNING | TRUST_TSA)) &&
		    s->entries[k].cert && n++ == i)
			return s->entries[k].cert;
	return NULL;
}

static bool lasts_for_document(
    void *ctx, const struct doc_path_query *q, const struct doc_proof *proof, bool stamp)
{
	return trust_lasts(ctx, q, proof, stamp);
}

struct doc_path trust_set_path(const struct trust_set *s)
{
	for (size_t i = 0; i < s->crls_n; i++)
		s->crls[i]->of_stamp = false;
	return (struct doc_path){.check = check_for_document,
	    .ctx = (void *)(uintptr_t)s,
	    .given = given_for_document,
	    .judge = judge_for_document,
	    .lasts = lasts_for_document};
}
