/* SPDX-License-Identifier: BSD-2-Clause */
/* A time-stamp token (RFC 3161, 2.4.2): read, and its own signature checked. */
#ifndef ECERT_DOCUMENT_CADES_TOKEN_H
#define ECERT_DOCUMENT_CADES_TOKEN_H

#include <openssl/cms.h>
#include <openssl/ts.h>
#include <time.h>

#include "document/cms/stamp/cades_index.h"
#include "document/cms/form/cades_open.h"
#include "document/format.h"

struct cades_token {
	struct cades_opened opened; /* owned */
	TS_TST_INFO *info;	    /* owned */
	struct cades_parts parts;
	struct rd content; /* the TSTInfo */
	const EVP_MD *md;  /* of the imprint; NULL: unknown */
	struct rd imprint;
	time_t when;		  /* genTime; 0: it cannot be read */
	char policy[80];	  /* dotted */
	struct cades_index index; /* of an archive time stamp */
};

/* NULL, or what is wrong (an id). der has to outlive t; cades_token_free in any case. known:
 * certificates that were parsed before; may be NULL. */
const char *cades_token_read(
    struct rd der, struct doc_certs *known, struct cades_token *t, enum reason *why);
void cades_token_free(struct cades_token *t);

/* Checks "signed attributes", "content digest", "signing certificate" and "signature value" of the
 * token. The TSA's certificate out of the token's and those of more; NULL when it is not there. */
X509 *cades_token_check(struct cades_token *t, const STACK_OF(X509) * more,
    const struct doc_verify_options *o, struct report *rep);
/* A digest that is not relied on now: it proves nothing in a time stamp. */
bool cades_token_old(const struct doc_verify_options *o, const EVP_MD *md);

#endif
