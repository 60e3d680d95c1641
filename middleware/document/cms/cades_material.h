/* SPDX-License-Identifier: BSD-2-Clause */
/* What a document brings along to be judged by: certificates, CRLs and OCSP responses, in
 * SignedData's own fields or in unsigned attributes (certificate-values, revocation-values). */
#ifndef ECERT_DOCUMENT_CADES_MATERIAL_H
#define ECERT_DOCUMENT_CADES_MATERIAL_H

#include "document/cms/stamp/cades_index.h"
#include "document/format.h"
#include "document/cms/form/cades_open.h"

/* More than this of all together is not looked at. */
#define CADES_MATERIAL_MAX 1024

enum cades_place { PLACE_CERTS, PLACE_CRLS, PLACE_VALUES };

/* It is in there, and was not brought for the signature. */
#define CADES_ASIDE SIZE_MAX

struct cades_item {
	X509 *cert; /* one of the three, owned */
	X509_CRL *crl;
	unsigned char *ocsp; /* DER OCSPResponse */
	size_t ocsp_n;
	/* In which list of an index (cades_index.h) its hash would be, and of which bytes: of a
	 * with b behind it. a empty: of its DER. */
	enum cades_place place;
	struct rd a, b;
	size_t around; /* CADES_ASIDE; 0: the signature's own; else the how-manieth that is around
			  it */
};

struct cades_material {
	struct cades_item *v; /* owned */
	size_t n, room;
	bool failed; /* memory was out */
};

/* Adds what a SignedData holds; what a signer's unsigned attributes hold. What cannot be read is
 * left out, and so is what is more than CADES_MATERIAL_MAX. known: certificates that were parsed
 * before; may be NULL. */
void cades_material_add(
    struct cades_material *m, const struct cades_opened *o, const struct cades_parts *parts);
void cades_material_add_values(
    struct cades_material *m, struct rd attributes, struct doc_certs *known);
/* What is around the signature. */
void cades_material_add_brought(struct cades_material *m, const struct doc_verify_options *o);
void cades_material_free(struct cades_material *m);

/* Views of it, in the form in which it is asked for. */
struct cades_brought {
	STACK_OF(X509) * certs;
	STACK_OF(X509_CRL) * crls;
	struct rd *ocsps;
	size_t ocsps_n;
};

/* All of it as what is heard of revocation. */
static inline struct doc_heard cades_heard(const struct cades_brought *b)
{
	return (struct doc_heard){b->crls, b->ocsps, b->ocsps_n};
}

/* The i-th certificate that may be a signer's: of what is brought, then of what whoever verifies
 * has given. NULL behind the last one. */
static inline X509 *cades_candidate(
    const struct cades_brought *b, const struct doc_path *path, size_t i)
{
	size_t n = (size_t)sk_X509_num(b->certs);

	if (i < n)
		return sk_X509_value(b->certs, (int)i);
	return path && path->given ? path->given(path->ctx, i - n) : NULL;
}

/* Adds to out what this index covers (only), or all (NULL). out lives no longer than m. False when
 * memory is out. */
bool cades_material_pick(
    const struct cades_material *m, const struct cades_index *only, struct cades_brought *out);
/* The same of the signature's own and the first n that are around it. */
bool cades_material_pick_kept(const struct cades_material *m, size_t n, struct cades_brought *out);
/* All of it, with what is aside. */
bool cades_material_pick_all(const struct cades_material *m, struct cades_brought *out);
/* Adds what is heard; out lives no longer than that. False when memory is out. */
bool cades_brought_hear(struct cades_brought *out, struct doc_heard heard);
void cades_brought_free(struct cades_brought *b);

#endif
