/* SPDX-License-Identifier: BSD-2-Clause */
/* Judgements of paths that are kept for a run, so that a signer's chain is judged once. */
#ifndef ECERT_TRUST_PATH_MEMO_H
#define ECERT_TRUST_PATH_MEMO_H

#include "trust/path/check.h"

/*
 * What a judgement hangs on is its key: the purpose, every certificate of the
 * question in its order, the moment `now`, and where the signing time stands among all the limits
 * that it is compared with: those of the question's certificates, of the set's, and of its entries.
 * The set itself is not in it: a memo belongs to one set and ends with its first change. Never kept
 * is what came with CRLs or a response of the document's own, or where anything was found revoked,
 * because that may hang on the signing time by days of a CRL; nor what was judged while somebody
 * may be asked online, or would have been: that is to be told of each document.
 */
struct path_memo;
#define PATH_MEMO_KEY 768
struct path_memo_key {
	bool good; /* it may be kept */
	size_t n;
	uint8_t bytes[PATH_MEMO_KEY];
};

/* NULL when memory is out: then nothing is kept. */
struct path_memo *path_memo_new(const struct trust_set *s);
void path_memo_free(struct path_memo **m);

/* The question is all there is: the document brings and proves nothing else. */
static inline bool path_memo_whole(const struct doc_proof *p)
{
	return !p || (!p->proved && !p->ocsps_n && !p->heard.ocsps_n &&
			 sk_X509_CRL_num(p->heard.crls) <= 0);
}

/* True: the checks are in rep as they were judged by this set. key is for path_memo_keep. */
bool path_memo_find(const struct trust_set *s, const struct doc_path_query *q,
    enum trust_purpose purpose, struct rd ocsp, struct path_memo_key *key, struct report *rep);
/* The checks of rep from `first` on. At most PATH_MEMO_MAX are kept; a new one takes the place of
 * another. */
#define PATH_MEMO_MAX 128
void path_memo_keep(const struct trust_set *s, const struct path_memo_key *key,
    const struct report *rep, size_t first);

#endif
