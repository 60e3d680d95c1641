/* SPDX-License-Identifier: BSD-2-Clause */
/* A SignedData as it is in the file (RFC 5652, 5.1), for what is hashed byte by byte. */
#ifndef ECERT_DOCUMENT_CADES_PARTS_H
#define ECERT_DOCUMENT_CADES_PARTS_H

#include <stdbool.h>

#include "util/rd.h"

/* Views; an absent field is empty. */
struct cades_parts {
	struct rd type;	   /* eContentType, with its header */
	struct rd certs;   /* CertificateChoices, one behind the other */
	struct rd crls;	   /* RevocationInfoChoices */
	struct rd signers; /* SignerInfos */
};

struct cades_signer_parts {
	struct rd fields;     /* version to signature, as they are */
	struct rd is_signed;  /* signedAttrs, the same way */
	struct rd attributes; /* unsignedAttrs: Attributes, one behind the other */
};

/* False: it is none. */
bool cades_parts_read(struct rd der, struct cades_parts *out);
/* The i-th signer of the file. False: there is none. */
bool cades_parts_signer(const struct cades_parts *p, size_t i, struct cades_signer_parts *out);

/* Every value of every attribute in turn: begin with {.attributes = ...}. */
struct cades_values {
	struct rd attributes, type, values;
};
/* type and value with their headers. False behind the last one, and where something is not as it
 * should be. */
bool cades_values_next(struct cades_values *w, struct rd *type, struct rd *value);

#endif
