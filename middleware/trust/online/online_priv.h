/* SPDX-License-Identifier: BSD-2-Clause */
/* What was asked online for a set, and what came. */
#ifndef ECERT_TRUST_ONLINE_PRIV_H
#define ECERT_TRUST_ONLINE_PRIV_H

#include "trust/online/online.h"
#include "trust/path/path_priv.h"
#include "trust/revocation/crl.h"

/* Of each, for one set; the bytes of an address. */
#define ONLINE_MAX 32
#define ONLINE_URL 1024

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
/* Addresses of one certificate, of one kind: how many more are asked, and are told that nobody
 * asks; those that were left out, and the first of them. */
struct online_left {
	int asked, told;
	size_t beyond;
	char first[ONLINE_URL];
};
#define ONLINE_LEFT                                                                                \
	{                                                                                          \
		TRUST_WANT_ADDRESSES, TRUST_WANT_ADDRESSES, 0, ""                                  \
	}
/* False: no more are asked, and url is one of those left out. */
bool online_more(struct online_left *l, const char *url);
/* What is beyond is told, when that is anything. */
void online_beyond(struct online *o, const struct trust_want *beyond);
/* Of what was left out. */
static inline struct trust_want online_left_out(
    const struct online_left *l, enum trust_want_kind kind, const char *about)
{
	return (struct trust_want){.kind = kind,
	    .url = l->first,
	    .about = about,
	    .beyond = TRUST_BEYOND_ADDRESSES,
	    .n = l->beyond};
}
/* True: one of another kind, of which nobody is asked: told once, up to so many of them. */
bool online_elsewhere(struct online *o, enum trust_want_kind kind, const char *about,
    const GENERAL_NAME *name, struct online_left *l);
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
