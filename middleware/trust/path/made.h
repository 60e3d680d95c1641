/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures of certificates and CRLs, each verified once with a key. */
#ifndef ECERT_TRUST_PATH_MADE_H
#define ECERT_TRUST_PATH_MADE_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

/* The key with which a signature was found good. */
struct made_by {
	bool known;
	uint8_t key[32]; /* SHA-256 of its SubjectPublicKeyInfo */
};

/*
 * X509_verify(x, the key of ca) == 1, whatever it costs (trust/path/pairs.h has bounds). That it is
 * so is kept with x, for the last key, as long as x lives: what is kept for one certificate is
 * never asked of another, whatever their names, and whoever makes certificates cannot make it grow.
 * That it is not so is not kept. As X509 itself, no certificate is for two threads at once.
 */
bool path_signed(X509 *ca, X509 *x);

/* It is kept that it is so: nothing is verified. */
bool path_known_signed(X509 *ca, X509 *x);

/* The same of anything else that ca's key signed, with a place of its own for what is kept. verify
 * is asked when the key is another one. */
bool path_signed_once(
    X509 *ca, struct made_by *by, bool (*verify)(void *ctx, EVP_PKEY *key), void *ctx);

#endif
