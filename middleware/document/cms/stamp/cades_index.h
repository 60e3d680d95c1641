/* SPDX-License-Identifier: BSD-2-Clause */
/* ATSHashIndexV3 (ETSI EN 319 122-1, 5.5.2): what an archive time stamp covers. */
#ifndef ECERT_DOCUMENT_CADES_INDEX_H
#define ECERT_DOCUMENT_CADES_INDEX_H

#include <openssl/evp.h>

#include "document/cms/cades_parts.h"

struct cades_index {
	struct rd der;		       /* the whole value, as it is in the token */
	const EVP_MD *md;	       /* of its hashes; NULL: there is no index */
	struct rd certs, crls, values; /* OCTET STRINGs, one behind the other */
};

/* NULL, or what is wrong with it: an id. */
const char *cades_index_read(struct rd der, struct cades_index *out);
/* NULL, or which kind of its hashes is about nothing that is in the document: an id. attributes:
 * the signer's unsigned ones. */
const char *cades_index_misfit(
    const struct cades_index *x, const struct cades_parts *doc, struct rd attributes);
/* Whether the list (certs, crls or values of x) has the hash of a with b behind it. */
bool cades_index_has(const struct cades_index *x, struct rd list, struct rd a, struct rd b);

/* Computes what an archive-time-stamp-v3 has to be over (5.5.3): the digest `md` of eContentType,
 * the content's digest by md, the signer's fields and the index. out has *n bytes of it. False when
 * OpenSSL fails. */
bool cades_index_imprint(const EVP_MD *md, struct rd type, struct rd content, struct rd fields,
    struct rd index, uint8_t out[EVP_MAX_MD_SIZE], size_t *n);

#endif
