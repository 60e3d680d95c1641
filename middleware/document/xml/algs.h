/* SPDX-License-Identifier: BSD-2-Clause */
/* Digest and signature algorithms of XML signatures by their URIs (RFC 9231, 2.1 to 2.3). */
#ifndef ECERT_DOCUMENT_XML_ALGS_H
#define ECERT_DOCUMENT_XML_ALGS_H

#include <openssl/evp.h>

#include "util/rd.h"

/* NULL: not one that is known here. A view of nothing is none. */
const EVP_MD *xml_digest(struct rd uri);
/* Of a digest by OpenSSL's name ("SHA256"); NULL: none. */
const char *xml_digest_uri(const char *md);

enum xml_family {
	XML_RSA,     /* RSASSA-PKCS1-v1_5 */
	XML_RSA_PSS, /* salt as long as the digest, MGF1 with the same digest (RFC 9231, 2.3.10) */
	XML_PSS_PARAMETERS, /* the same with what RSAPSSParams say (2.3.9) */
	XML_ECDSA,	    /* r and s, each as long as the order (XML Signature 1.1, 6.4.3) */
	XML_EDDSA,	    /* RFC 9231, 2.3.12 */
	XML_DSA,	    /* r and s of 20 or 32 bytes each (6.4.1) */
	XML_HMAC	    /* a secret that both sides know: proves nobody's signature */
};

struct xml_signing {
	const char *uri, *name; /* name: as people write it, "RSA-SHA256" */
	const char *md;		/* OpenSSL's; NULL: with the algorithm, or with its parameters */
	enum xml_family family;
};

/* NULL: not one that is known here. */
const struct xml_signing *xml_signing(struct rd uri);
/* The first of this family and digest; NULL: none. */
const struct xml_signing *xml_signing_for(enum xml_family family, const char *md);

#endif
