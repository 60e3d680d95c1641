/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#12 files (RFC 7292): the form in which a Hongkong Post e-Cert comes. */
#ifndef ECERT_CRYPTO_PKCS12_H
#define ECERT_CRYPTO_PKCS12_H

#include "crypto/privkey.h"

#define PKCS12_FILE_MAX	 (256 * 1024)
#define PKCS12_CHAIN_MAX 16
/* A file that asks for more rounds of key derivation in all is meant to keep us busy. */
#define PKCS12_ROUNDS_MAX 1000000
/* Encrypted parts that are opened: a key and its certificates are two. */
#define PKCS12_PARTS_MAX 8

struct pkcs12;

/*
 * Takes the key, its certificate and the others out of a file. Old files (RC2-40, 3DES, SHA-1 MAC)
 * are read through OpenSSL's legacy provider, in a context that exists for this call only.
 * password: UTF-8, "" when there is none.
 * Errors: ECERT_E_PASSWORD (the MAC, or where there is none the decryption, does not fit),
 * ECERT_E_MALFORMED, ECERT_E_TOO_LARGE (file, rounds or chain), ECERT_E_NOT_FOUND (no private key,
 * or no certificate that belongs to it), ECERT_E_UNSUPPORTED (a cipher that OpenSSL lacks, also
 * when its legacy provider is not installed; a key that no card takes), ECERT_E_DATA,
 * ECERT_E_MEMORY.
 */
enum ecert_rc pkcs12_load(struct rd file, const char *password, struct pkcs12 **out) MUST_CHECK;
/* Wipes the key; sets *p to NULL. */
void pkcs12_free(struct pkcs12 **p);

const struct privkey *pkcs12_key(const struct pkcs12 *p);
/* DER of the key's own certificate; valid while p is. */
struct rd pkcs12_leaf(const struct pkcs12 *p);
/* DER of the i-th other certificate: the leaf's issuer, its issuer and so on, then what belongs to
 * neither; empty after the last. */
struct rd pkcs12_other(const struct pkcs12 *p, size_t i);

#endif
