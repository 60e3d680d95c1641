/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of parsed certificates, by their bytes. */
#include "document/certs.h"

#include <openssl/err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "util/mem.h"

/* Places for those whose bytes end alike; the one that was not asked for longest goes. */
#define WAYS 8

struct row {
	uint8_t *der; /* owned */
	size_t n;
	uint64_t asked;	      /* when it was the last time */
	X509 *cert;	      /* NULL: nothing is kept here */
	struct identity *who; /* NULL: nobody has asked; owned */
	EVP_PKEY_CTX *ecdsa;  /* the same */
	bool is_der;	      /* and not BER around DER */
};

struct doc_certs {
	uint64_t asked;
	struct row row[DOC_CERTS_MAX];
};

static void empty(struct row *r)
{
	X509_free(r->cert);
	free(r->who);
	EVP_PKEY_CTX_free(r->ecdsa);
	free(r->der);
	*r = (struct row){.asked = r->asked};
}

struct doc_certs *doc_certs_new(void)
{
	return calloc(1, sizeof(struct doc_certs));
}

void doc_certs_free(struct doc_certs **c)
{
	if (!*c)
		return;
	for (size_t i = 0; i < DOC_CERTS_MAX; i++)
		empty(&(*c)->row[i]);
	free(*c);
	*c = NULL;
}

static bool same_again(const X509 *x, struct rd der)
{
	struct buf again = BUF_INIT(DOC_CERTS_DER);
	bool same = cert_der(x, &again) == ECERT_OK && rd_equal(buf_view(&again), der);

	buf_free(&again);
	return same;
}

static X509 *parse(struct rd der)
{
	const unsigned char *p = der.p;
	X509 *x = der.n ? d2i_X509(NULL, &p, (long)der.n) : NULL;

	if (x && p != der.p + der.n) {
		X509_free(x);
		x = NULL;
	}
	ERR_clear_error();
	return x;
}

static bool is_at(const struct row *r, struct rd der)
{
	return r->cert && r->n == der.n && !memcmp(r->der, der.p, der.n);
}

/* The one of these bytes, or the one that is to go; it is asked for now. Who makes certificates
 * chooses how they end, and so which of his own take each other's place. */
static struct row *place_of(struct doc_certs *c, struct rd der)
{
	unsigned hash = (unsigned)der.n;
	struct row *set, *place;

	for (size_t i = der.n > 16 ? der.n - 16 : 0; i < der.n; i++)
		hash = hash * 31 + der.p[i];
	set = place = &c->row[hash % (DOC_CERTS_MAX / WAYS) * WAYS];
	for (struct row *r = set; r < set + WAYS; r++) {
		if (is_at(r, der)) {
			place = r;
			break;
		}
		if (r->asked < place->asked)
			place = r;
	}
	place->asked = ++c->asked;
	return place;
}

X509 *doc_certs_get(struct doc_certs *c, struct rd der)
{
	struct row *r;
	uint8_t *copy = NULL;
	X509 *x;

	if (!c || !der.n || der.n > DOC_CERTS_DER)
		return parse(der);
	r = place_of(c, der);
	if (is_at(r, der))
		return X509_up_ref(r->cert) == 1 ? r->cert : NULL;
	x = parse(der);
	if (x && mem_dup(der.p, der.n, &copy) == ECERT_OK && X509_up_ref(x) == 1) {
		empty(r);
		r->cert = x;
		r->der = copy;
		r->n = der.n;
		r->is_der = same_again(x, der);
		return x;
	}
	free(copy);
	return x;
}

/* NULL: it is not of the table. */
static struct row *row_of(struct doc_certs *c, const X509 *x)
{
	for (size_t i = 0; c && i < DOC_CERTS_MAX; i++)
		if (c->row[i].cert == x)
			return &c->row[i];
	return NULL;
}

enum ecert_rc doc_certs_der(struct doc_certs *c, const X509 *x, struct buf *out)
{
	const struct row *r = row_of(c, x);

	if (!r || !r->is_der)
		return cert_der(x, out);
	buf_put(out, r->der, r->n);
	return buf_rc(out);
}

enum ecert_rc doc_certs_who(struct doc_certs *c, X509 *x, struct identity *out)
{
	struct row *r = row_of(c, x);
	enum ecert_rc rc;

	if (r && r->who) {
		*out = *r->who;
		return ECERT_OK;
	}
	rc = identity_of(x, out);
	if (rc == ECERT_OK && r && (r->who = malloc(sizeof *r->who)))
		*r->who = *out;
	return rc;
}

static EVP_PKEY_CTX *ecdsa_of(X509 *x)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(X509_get0_pubkey(x), NULL);

	if (ctx && EVP_PKEY_verify_init(ctx) != 1) {
		EVP_PKEY_CTX_free(ctx);
		ctx = NULL;
	}
	return ctx;
}

bool doc_certs_ecdsa(struct doc_certs *c, X509 *x, struct rd digest, struct rd sig)
{
	struct row *r = row_of(c, x);
	EVP_PKEY_CTX *ctx = r && r->ecdsa ? r->ecdsa : ecdsa_of(x);
	bool good = ctx && EVP_PKEY_verify(ctx, sig.p, sig.n, digest.p, digest.n) == 1;

	if (r)
		r->ecdsa = ctx;
	else
		EVP_PKEY_CTX_free(ctx);
	return good;
}
