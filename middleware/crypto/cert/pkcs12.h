/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#12 files (RFC 7292): the form in which a Hongkong Post e-Cert comes. */
#ifndef ECERT_CRYPTO_PKCS12_H
#define ECERT_CRYPTO_PKCS12_H

#include "crypto/key/privkey.h"

#define PKCS12_FILE_MAX	 (256 * 1024)
#define PKCS12_CERTS_MAX 64
#define PKCS12_KEYS_MAX	 16
/*
 * Rounds of key derivation that one file may cost in all, every password form that is tried
 * included. NSS (Firefox, pk12util) asks for 600,000 for the MAC, for the certificates and for each
 * key; this is room for a backup of a dozen keys, some seconds of work, and a file that asks for
 * more is meant to keep us busy.
 */
#define PKCS12_ROUNDS_MAX 10000000
/* Encrypted parts that are opened: the certificates, and each key. */
#define PKCS12_PARTS_MAX 32

struct pkcs12;

/* Why a file could not be used, where the return code alone does not tell. */
enum pkcs12_trouble {
	PKCS12_FINE,
	PKCS12_MAC,	     /* what: its integrity check is of a kind that nobody here computes */
	PKCS12_CIPHER,	     /* what: nor does OpenSSL have its cipher */
	PKCS12_LEGACY,	     /* what: OpenSSL's legacy provider has the cipher, and is not here */
	PKCS12_KEY_PASSWORD, /* the password is the file's, but the key has another one */
	PKCS12_KEY_KIND,     /* what: no token takes a key of this kind */
	PKCS12_NO_KEY,	     /* it holds certificates at most */
	PKCS12_NO_CERT,	     /* it holds keys, and no certificate of any of them */
	PKCS12_WORK,	     /* it asks for too many rounds */
};
struct pkcs12_reason {
	enum pkcs12_trouble trouble;
	char what[64];
};

/*
 * Takes the keys that have a certificate, and all certificates, out of a file. Old files (RC2-40,
 * 3DES, SHA-1 MAC) are read through OpenSSL's legacy provider, in a context that exists for this
 * call only; PBMAC1 (RFC 9579) is computed here. password: as it was typed, "" when there is none;
 * the forms that other makers gave a password beyond ASCII are tried as well (pkcs12_words.h).
 * why may be NULL.
 * Errors: ECERT_E_PASSWORD (the MAC, or where there is none the decryption, does not fit),
 * ECERT_E_MALFORMED, ECERT_E_TOO_LARGE (file, rounds, keys or certificates), ECERT_E_NOT_FOUND (no
 * private key, or no certificate that belongs to one), ECERT_E_UNSUPPORTED (a cipher that OpenSSL
 * lacks, also when its legacy provider is not installed; a key that no card takes), ECERT_E_DATA,
 * ECERT_E_MEMORY.
 */
enum ecert_rc pkcs12_load(struct rd file, const char *password, struct pkcs12_reason *why,
    struct pkcs12 **out) MUST_CHECK;
/* The same with another bound than PKCS12_ROUNDS_MAX. */
enum ecert_rc pkcs12_load_within(struct rd file, const char *password, int64_t rounds,
    struct pkcs12_reason *why, struct pkcs12 **out) MUST_CHECK;
/* Wipes the keys; sets *p to NULL. */
void pkcs12_free(struct pkcs12 **p);

/* Keys with a certificate, in the order of the file: one at least. */
size_t pkcs12_keys(const struct pkcs12 *p);
/* Keys that are none of them: without a certificate, or of a kind that no token takes. */
size_t pkcs12_left_out(const struct pkcs12 *p);

/* Of the i-th key; valid while p is. */
const struct privkey *pkcs12_key(const struct pkcs12 *p, size_t i);
/* Its certificate's friendlyName, else its own, UTF-8; "" when the file gives none. */
const char *pkcs12_name(const struct pkcs12 *p, size_t i);
/* DER of its own certificate: of several the one that ends last. */
struct rd pkcs12_leaf(const struct pkcs12 *p, size_t i);
/* DER of the nth other certificate: the leaf's issuer, its issuer and so on, then what belongs to
 * neither; empty after the last. */
struct rd pkcs12_other(const struct pkcs12 *p, size_t i, size_t nth);

#endif
