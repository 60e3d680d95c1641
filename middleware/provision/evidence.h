/* SPDX-License-Identifier: BSD-2-Clause */
/* What the token attests of its keys: certificates made by the card, by our own card layer, so that
 * it works with any module in front. */
#ifndef ECERT_PROVISION_EVIDENCE_H
#define ECERT_PROVISION_EVIDENCE_H

#include "client/p11.h"

struct evidence {
	uint8_t ref;	   /* the attested key; 0: none */
	bool co_resident;  /* it is another one than the signing key */
	struct buf der[2]; /* the slot's certificate, F9's */
	struct rd view[2];
	size_t n;
	uint8_t bad; /* the reference whose attestation certificate is malformed; 0: none */
};

/*
 * For the key `ref`, else (it was imported) for another key on the same card that was generated
 * there and can sign. Nothing to attest is no error: n = 0, and why says so. Call it before login:
 * it selects the card anew.
 */
void evidence_gather(
    const struct p11 *p, uint8_t ref, struct evidence *out, struct message_kept *why);
void evidence_free(struct evidence *e);
/* The attestation of exactly this key. Reports its errors. */
enum outcome evidence_need(const struct p11 *p, uint8_t ref, struct evidence *out) MUST_CHECK;
/* As PEM in a file. Reports its errors. */
enum outcome evidence_write(
    const struct job *job, const struct evidence *e, const char *path, bool force) MUST_CHECK;

#endif
