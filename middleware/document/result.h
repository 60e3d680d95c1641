/* SPDX-License-Identifier: BSD-2-Clause */
/* What the verification of a signed document found, whatever its format. */
#ifndef ECERT_DOCUMENT_RESULT_H
#define ECERT_DOCUMENT_RESULT_H

#include <stdint.h>
#include <time.h>

#include "document/identity.h"
#include "document/report.h"
#include "document/verdict.h"
#include "util/buf.h"

/*
 * One signer's checks, in this order: "signed attributes", "content digest", "signing certificate",
 * "signature value", then those of the path seam: "chain", "validity", "key usage", "policy",
 * "revocation".
 */
struct doc_signature {
	struct identity who;
	time_t when; /* signingTime; 0 when it is absent */
	char algorithm[64];
	struct buf cert; /* DER; empty when the certificate is not in the document */
	struct report report;
};

struct doc_result {
	struct report report; /* "structure" */
	bool attached;	      /* the content was inside */
	uint64_t content_size;
	size_t n;
	struct doc_signature signer[];
};

/* The worst over the document and all its signers. */
struct judgement doc_judge(const struct doc_result *r);
enum verdict doc_verdict(const struct doc_result *r);
/* {"verdict":, "attached":, "checks":[], "signers":[{"signer":{}, "time":, ...}]} */
json_t *doc_result_json(const struct doc_result *r);
void doc_result_free(struct doc_result **r);

#endif
