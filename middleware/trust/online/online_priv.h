/* SPDX-License-Identifier: BSD-2-Clause */
/* What was asked online for a set, and what came. */
#ifndef ECERT_TRUST_ONLINE_PRIV_H
#define ECERT_TRUST_ONLINE_PRIV_H

#include "trust/online/online.h"
#include "trust/path/path_priv.h"
#include "trust/revocation/crl.h"

/* Of each, for one set; the addresses of one certificate; the bytes of an address. */
#define ONLINE_MAX	 32
#define ONLINE_ADDRESSES 2
#define ONLINE_URL	 1024

struct online {
	struct trust_online by;
	uint8_t asked[2 * ONLINE_MAX][32]; /* SHA-256 of kind, address and question */
	size_t asked_n;
	STACK_OF(X509) * issuers;
	struct crl *crls[ONLINE_MAX];
	size_t crls_n;
	struct buf ocsp[ONLINE_MAX];
	size_t ocsp_n;
};

void online_free(struct online **o);

/* An address, of up to ONLINE_URL bytes with its NUL, that is asked: of http or https. */
bool online_address(const GENERAL_NAME *name, char url[ONLINE_URL]);
/* True: one of another kind, of which nobody is asked: told once, up to *left of them. */
bool online_elsewhere(struct online *o, enum trust_want_kind kind, const char *about,
    const GENERAL_NAME *name, int *left);
/* False: it was asked before, or too much was. */
bool online_first(struct online *o, const struct trust_want *want);
void online_judged(const struct online *o, const struct trust_want *want, struct rd body,
    const char *why, time_t until);

/* path_open and path_search, with the certificates of CAs that are missing asked for. */
bool online_search(struct path_job *j);

/* Whether x was revoked. */
struct online_question {
	struct path_job *j;
	X509 *x;
	int above; /* where its issuer is in the chain */
};

/* Asks one address of x for an answer, OCSP first, that was not asked before. True when something
 * new is at hand; false when there is nobody left to ask. *named: x names somebody at all. */
bool online_answer(const struct online_question *q, bool *named);

#endif
