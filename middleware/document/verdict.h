/* SPDX-License-Identifier: BSD-2-Clause */
/* What checks add up to, as ETSI EN 319 102-1 has it: one of three, and why in the standard's own
 * words. */
#ifndef ECERT_DOCUMENT_VERDICT_H
#define ECERT_DOCUMENT_VERDICT_H

#include "document/report.h"

/* EN 319 102-1, 5.1.3, table 6, those that apply; each goes with one verdict. */
enum sub_indication {
	/* Passed; or what the relying party asked for is not so (an audience, a nonce, a mark in
	 * force), for which the standard has no word. */
	SUB_NONE,
	/* failed */
	SUB_FORMAT_FAILURE,
	SUB_HASH_FAILURE,
	SUB_SIG_CRYPTO_FAILURE,
	SUB_REVOKED,
	SUB_EXPIRED,
	SUB_NOT_YET_VALID,
	/* indeterminate */
	SUB_SIG_CONSTRAINTS_FAILURE,
	SUB_CHAIN_CONSTRAINTS_FAILURE,
	SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
	SUB_CRYPTO_CONSTRAINTS_FAILURE,
	SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
	SUB_NO_SIGNING_CERTIFICATE_FOUND,
	SUB_NO_CERTIFICATE_CHAIN_FOUND,
	SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE,
	SUB_REVOKED_NO_POE,
	SUB_REVOKED_CA_NO_POE,
	SUB_OUT_OF_BOUNDS_NOT_REVOKED,
	SUB_OUT_OF_BOUNDS_NO_POE,
	SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE,
	SUB_TRY_LATER,
	SUB_SIGNED_DATA_NOT_FOUND,
	SUB_TIMESTAMP_ORDER_FAILURE,
	SUB_COUNT
};

struct judgement {
	enum verdict verdict;
	enum sub_indication sub;
	const struct check *why; /* the check that decided; NULL: none did */
};

/*
 * Of one check, by its reason, else by its name. A check that failed may leave a verdict
 * indeterminate: nobody can tell yet whether the signature is good. One that is unknown is never
 * more than indeterminate.
 */
struct judgement check_judge(const struct check *c);
/* Of all of them the worst one decides, and is the headline: by its verdict; of the same verdict
 * what is wrong before what is missing; then in the order of the standard's building blocks
 * (format, signing certificate, certificates, signature value, acceptance), then what its later
 * processes find, then what the relying party asked for; of several in one block the first. A
 * report without a single check that says something is failed. */
struct judgement report_judge(const struct report *r);
/* The worse of two; a of equals. */
struct judgement judgement_worst(struct judgement a, struct judgement b);

/* "HASH_FAILURE"; "" for none. */
const char *sub_indication_name(enum sub_indication s);
/* The same as JSON; null for none. NULL when memory is out. */
json_t *sub_indication_json(enum sub_indication s);

#endif
