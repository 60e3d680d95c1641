/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of parsed certificates, by the SHA-256 of their bytes. */
#include "document/certs.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"

/* Places for those whose digests begin alike; the one that was not asked for longest goes. */
#define WAYS 8

struct row {
	uint8_t sha256[32];
	uint64_t asked;	      /* when it was the last time */
	X509 *cert;	      /* NULL: nothing is kept here */
	struct identity *who; /* NULL: nobody has asked; owned */
};

struct doc_certs {
	uint64_t asked;
	struct row row[DOC_CERTS_MAX];
};

static void empty(struct row *r)
{
	X509_free(r->cert);
	free(r->who);
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

/* The one with this digest, or the one that is to go; it is asked for now. */
static struct row *place_of(struct doc_certs *c, const uint8_t sha256[32])
{
	struct row *set = &c->row[sha256[0] % (DOC_CERTS_MAX / WAYS) * WAYS], *place = set;

	for (struct row *r = set; r < set + WAYS; r++) {
		if (r->cert && !memcmp(r->sha256, sha256, sizeof r->sha256)) {
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
	uint8_t sha256[32];
	struct row *r;
	X509 *x;

	if (!c || der.n > DOC_CERTS_DER || bytes_sha256(der, sha256) != ECERT_OK)
		return parse(der);
	r = place_of(c, sha256);
	if (r->cert && !memcmp(r->sha256, sha256, sizeof sha256))
		return X509_up_ref(r->cert) == 1 ? r->cert : NULL;
	x = parse(der);
	if (x && X509_up_ref(x) == 1) {
		empty(r);
		r->cert = x;
		memcpy(r->sha256, sha256, sizeof sha256);
	}
	return x;
}

enum ecert_rc doc_certs_who(struct doc_certs *c, X509 *x, struct identity *out)
{
	struct row *r = NULL;
	enum ecert_rc rc;

	for (size_t i = 0; c && !r && i < DOC_CERTS_MAX; i++)
		r = c->row[i].cert == x ? &c->row[i] : NULL;
	if (r && r->who) {
		*out = *r->who;
		return ECERT_OK;
	}
	rc = identity_of(x, out);
	if (rc == ECERT_OK && r && (r->who = malloc(sizeof *r->who)))
		*r->who = *out;
	return rc;
}
