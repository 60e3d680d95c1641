/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling a trust set from files: PEM with any number of certificates or CRLs, or one in DER. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/jose/jws.h"
#include "document/pem.h"
#include "trust/list/list.h"
#include "trust/revocation/crl.h"
#include "trust/list/set_priv.h"
#include "util/file.h"

enum ecert_rc trust_each_cert(struct rd bytes, enum ecert_rc (*fn)(void *ctx, X509 *x), void *ctx)
{
	X509 *x = NULL;
	size_t count = 0;
	struct pem p;
	enum ecert_rc rc = ECERT_OK;

	if (cert_parse(bytes, &x) == ECERT_OK) {
		rc = fn(ctx, x);
		X509_free(x);
		return rc;
	}
	p = (struct pem){.der = BUF_INIT(bytes.n + 1)};
	/* Words between the blocks are usual (RFC 7468, 2); a block that is damaged, or has bytes
	 * behind the certificate, takes the whole file with it: nobody knows what else it meant. */
	while (rc == ECERT_OK && (rc = pem_next(&bytes, &p)) == ECERT_OK) {
		if (strcmp(p.label, "CERTIFICATE") != 0 && strcmp(p.label, "X509 CERTIFICATE") != 0)
			continue;
		rc = cert_parse(buf_view(&p.der), &x);
		if (rc == ECERT_OK)
			rc = fn(ctx, x);
		X509_free(x);
		x = NULL;
		count++;
	}
	buf_free(&p.der);
	if (rc == ECERT_E_NOT_FOUND)
		rc = count ? ECERT_OK : ECERT_E_MALFORMED;
	return rc;
}

struct adding {
	struct trust_set *set;
	unsigned purposes;
	enum trust_origin origin;
	const char *entity, *mark_type;
};

static enum ecert_rc add_cert(void *ctx, X509 *x)
{
	const struct adding *a = ctx;
	struct trust_entry e = {.purposes = a->purposes, .origin = a->origin};
	struct buf der = BUF_INIT(65536);
	enum ecert_rc rc = cert_sha256(x, e.sha256);

	if (rc == ECERT_OK)
		rc = cert_der(x, &der);
	if (rc == ECERT_OK)
		rc = jws_sha256(buf_view(&der), e.kid);
	buf_free(&der);
	if (rc == ECERT_OK && a->mark_type)
		rc = trust_text_add(e.mark_types, &e.mark_types_n, a->mark_type);
	if (rc != ECERT_OK)
		return rc;
	if (X509_NAME_get_text_by_NID(
		X509_get_subject_name(x), NID_commonName, e.name, sizeof e.name) < 0)
		(void)X509_NAME_oneline(X509_get_subject_name(x), e.name, (int)sizeof e.name);
	if (!*e.name)
		(void)snprintf(e.name, sizeof e.name, "?");
	text_scrub(e.name);
	if (a->entity)
		(void)snprintf(e.entity, sizeof e.entity, "%s", a->entity);
	if (X509_up_ref(x) == 1)
		e.cert = x;
	return trust_set_take(a->set, &e);
}

enum ecert_rc trust_set_add_der(struct trust_set *s, struct rd der, unsigned purposes,
    enum trust_origin origin, const char *entity)
{
	struct adding a = {s, purposes, origin, entity, NULL};
	X509 *x = NULL;
	enum ecert_rc rc = cert_parse(der, &x);

	if (rc == ECERT_OK)
		rc = add_cert(&a, x);
	X509_free(x);
	return rc;
}

static enum ecert_rc each_in_file(
    const char *path, enum ecert_rc (*fn)(void *ctx, X509 *x), void *ctx)
{
	struct buf b = BUF_INIT(TRUST_MAX_FILE);
	enum ecert_rc rc = file_read(path, &b);

	if (rc == ECERT_OK)
		rc = trust_each_cert(buf_view(&b), fn, ctx);
	buf_free(&b);
	return rc;
}

enum ecert_rc trust_set_add_file(struct trust_set *s, const char *path, unsigned purposes,
    enum trust_origin origin, const char *entity)
{
	struct adding a = {s, purposes, origin, entity, NULL};

	return each_in_file(path, add_cert, &a);
}

enum ecert_rc trust_set_add_owner_file(
    struct trust_set *s, const char *path, const char *entity, const char *mark_type)
{
	struct adding a = {s, TRUST_MARK_OWNER, TRUST_EXPLICIT, entity, mark_type};

	return each_in_file(path, add_cert, &a);
}

static enum ecert_rc add_helper(void *ctx, X509 *x)
{
	struct trust_set *s = ctx;

	trust_set_changes(s);
	if (X509_up_ref(x) != 1)
		return ECERT_E_MEMORY;
	if (sk_X509_push(s->helpers, x) > 0)
		return ECERT_OK;
	X509_free(x);
	return ECERT_E_MEMORY;
}

enum ecert_rc trust_set_add_helper_file(struct trust_set *s, const char *path)
{
	return each_in_file(path, add_helper, s);
}

static enum ecert_rc take_crl(void *ctx, struct crl *c)
{
	struct trust_set *s = ctx;
	struct crl **grown = realloc(s->crls, (s->crls_n + 1) * sizeof *grown);

	trust_set_changes(s);
	if (!grown) {
		crl_free(&c);
		return ECERT_E_MEMORY;
	}
	s->crls = grown;
	s->crls[s->crls_n++] = c;
	return ECERT_OK;
}

enum ecert_rc trust_set_add_crl(struct trust_set *s, struct rd der)
{
	struct crl *c = NULL;
	enum ecert_rc rc = crl_read(der, &c);

	return rc == ECERT_OK ? take_crl(s, c) : rc;
}

/* All of it or nothing: who gives a file of CRLs relies on the last one as on the first. */
enum ecert_rc trust_set_add_crl_file(struct trust_set *s, const char *path)
{
	struct buf b = BUF_INIT(TRUST_MAX_CRL_FILE);
	size_t had = s->crls_n;
	enum ecert_rc rc = file_read(path, &b);

	if (rc == ECERT_OK)
		rc = crl_each(buf_view(&b), take_crl, s);
	while (rc != ECERT_OK && s->crls_n > had)
		crl_free(&s->crls[--s->crls_n]);
	buf_free(&b);
	return rc;
}

static enum ecert_rc first_der(void *ctx, X509 *x)
{
	struct buf *der = ctx;

	return buf_len(der) ? ECERT_OK : cert_der(x, der);
}

enum ecert_rc trust_set_add_list_file(struct trust_set *s, const char *path, const char *signer,
    time_t now, struct trust_list_order *order, struct report *rep)
{
	struct buf text = BUF_INIT(TRUST_MAX_FILE), der = BUF_INIT(65536);
	enum ecert_rc rc = file_read(path, &text);

	if (rc == ECERT_OK)
		rc = each_in_file(signer, first_der, &der);
	if (rc == ECERT_OK)
		rc = trust_list_read(s, buf_view(&text), buf_view(&der), now, order, rep);
	buf_free(&text);
	buf_free(&der);
	return rc;
}
