/* SPDX-License-Identifier: BSD-2-Clause */
/* Which CA made which certificate: found out once, and within bounds, whatever a document brings.
 */
#ifndef ECERT_TRUST_PATH_PAIRS_H
#define ECERT_TRUST_PATH_PAIRS_H

#include <openssl/x509.h>
#include <stdbool.h>

/*
 * Signatures of certificates cost what their keys cost, and who sends them chooses both: 64 of one
 * name with keys of 16384 bits are half a minute for one path. So a pair that does not fit is tried
 * once for a set, at most PATH_PAIRS_MAX anew for one question, and keys that no CA has are not
 * tried at all. What is found here chooses among certificates; the path that is made of them is
 * verified as a whole, anchors of any size included (trust/path/made.h).
 */
#define PATH_PAIRS_MAX 256

struct path_pairs;

/* NULL when memory is out: then every pair is verified anew. */
struct path_pairs *path_pairs_new(void);
void path_pairs_free(struct path_pairs **p);
/* A new question begins. */
void path_pairs_begin(struct path_pairs *p);
/* A key that a CA may have: of up to 8192 bits, and with a usual exponent. */
bool path_pairs_usual(const EVP_PKEY *key);
/* The signature of x verifies with ca's key. False also when too many were verified. */
bool path_made(struct path_pairs *p, X509 *ca, X509 *x);

#endif
