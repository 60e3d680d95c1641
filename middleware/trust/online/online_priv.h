/* SPDX-License-Identifier: BSD-2-Clause */
/* What was asked online for a set, and what came. */
#ifndef ECERT_TRUST_ONLINE_PRIV_H
#define ECERT_TRUST_ONLINE_PRIV_H

#include "trust/online/online.h"
#include "trust/path/path_priv.h"
#include "trust/revocation/crl.h"

/* Of each, for one set; the bytes of an address. */
#define ONLINE_MAX 32
#define ONLINE_URL TRUST_WANT_URL

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

/* What a certificate names for one kind of thing: what is asked, what is never asked and why, and
 * how many more there are than either, with the first of those. */
struct online_name {
	char url[ONLINE_URL];
	enum trust_beyond why;
};
struct online_names {
	struct online_name ask[TRUST_WANT_ADDRESSES], tell[TRUST_WANT_ADDRESSES];
	size_t ask_n, tell_n, beyond;
	char first[ONLINE_URL];
};
/* Of its CRLs; and of what its authority information access has for a method (NID_ad_OCSP). */
void online_points(const X509 *x, struct online_names *out);
void online_access(const X509 *x, int method, struct online_names *out);
/* It names somebody, or means to. */
static inline bool online_names_any(const struct online_names *n)
{
	return n->ask_n || n->tell_n;
}
/* Hands over, to be told once, what is not asked. */
void online_tell(struct online *o, const struct trust_want *want);
void online_tell_rest(struct online *o, enum trust_want_kind kind, const char *about,
    const struct online_names *names);
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
