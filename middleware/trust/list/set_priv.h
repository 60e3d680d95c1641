/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside of a trust set, for the files of this room. */
#ifndef ECERT_TRUST_SET_PRIV_H
#define ECERT_TRUST_SET_PRIV_H

#include "trust/list/set.h"
#include "util/buf.h"

/* More entries than any scheme publishes. */
#define TRUST_MAX_ENTRIES 1024
#define TRUST_MAX_FILE	  (8u << 20)
/* A CRL of CRL_MAX in PEM, and text around it. */
#define TRUST_MAX_CRL_FILE (96u << 20)

struct crl;	   /* trust/revocation/crl.h */
struct online;	   /* trust/online/online_priv.h */
struct path_memo;  /* trust/path/memo.h */
struct path_pairs; /* trust/path/pairs.h */

struct trust_set {
	struct trust_entry *entries;
	size_t n;
	struct crl **crls;
	size_t crls_n;
	STACK_OF(X509) * helpers;
	struct buf ocsp;       /* DER; empty: none */
	bool need_revocation;  /* nobody counts of whom that is not known */
	struct online *online; /* NULL: nobody is asked anything */
	struct algorithm_policy algorithms;
	struct path_pairs *pairs; /* NULL: memory was out */
	struct path_memo *memo;	  /* judgements by this set as it is; NULL: none are kept */
};

/* Before each change: what was judged by the set as it was is forgotten. */
void trust_set_changes(struct trust_set *s);
/* Takes e over, its certificate and texts included, also on failure. */
enum ecert_rc trust_set_take(struct trust_set *s, struct trust_entry *e) MUST_CHECK;
void trust_entry_clear(struct trust_entry *e);
/* A copy of text at the end of list; errors ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc trust_text_add(char **list, size_t *n, const char *text) MUST_CHECK;
/* Within from and until of the entry, and its certificate valid. */
bool trust_entry_valid(const struct trust_entry *e, time_t at);
/* kid is the entry's own, or x5t#S256 of its certificate, or the thumbprint of its key
 * (RFC 7638). */
bool trust_entry_has_kid(const struct trust_entry *e, const char *kid);
/* Calls fn for each certificate of PEM or one DER; none at all is ECERT_E_MALFORMED. */
enum ecert_rc trust_each_cert(
    struct rd bytes, enum ecert_rc (*fn)(void *ctx, X509 *x), void *ctx) MUST_CHECK;

#endif
