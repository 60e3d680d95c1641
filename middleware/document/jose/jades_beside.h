/* SPDX-License-Identifier: BSD-2-Clause */
/* What a JAdES signature brings along: its certificates, and in etsiU time stamps and what proves
 * its certificates (TS 119 182-1, 5.3). */
#ifndef ECERT_DOCUMENT_JADES_BESIDE_H
#define ECERT_DOCUMENT_JADES_BESIDE_H

#include "document/cms/cades_material.h"
#include "document/jose/jades_read.h"

/* More than this of each is not looked at. */
#define JADES_BROUGHT_MAX 64

struct jades_beside {
	X509 *x5c[JADES_BROUGHT_MAX]; /* the signer's own, then its chain; owned */
	size_t x5c_n;
	bool x5c_protected;
	struct cades_brought all; /* what completes a path: x5c, xVals, rVals; owned with kept */
	struct buf kept[JADES_BROUGHT_MAX]; /* OCSP responses */
	size_t kept_n;
	struct cades_material aside;	  /* what the tokens of its time stamps bring */
	struct cades_brought heard;	  /* that, and all; views */
	struct buf stamp[DOC_STAMPS_MAX]; /* of the signature value, then of the content; DER */
	size_t of_value, stamps;
	bool more;    /* there are more than are looked at */
	bool archive; /* arcTst */
	bool unread;  /* adoTst in the protected header, with nothing in it */
};

/* What cannot be read is left out: it proves nothing. known: certificates that were parsed before;
 * may be NULL. jades_beside_free in any case. Errors: ECERT_E_MEMORY. */
enum ecert_rc jades_beside_read(
    const struct jades_one *one, struct doc_certs *known, struct jades_beside *out) MUST_CHECK;
void jades_beside_free(struct jades_beside *b);

/*
 * Check "signing certificate": the one that the protected header names (x5t#S256, x5t#o, sigX5ts),
 * out of those that are brought and then of those that whoever verifies has given; where it names
 * none, the first of x5c. NULL: it is not there. rules: by which its digests are relied on.
 */
X509 *jades_beside_cert(const struct jades_one *one, const struct jades_beside *b,
    const struct doc_path *path, const struct algorithm_rules *rules, struct report *rep);

#endif
