/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms in which makers of PKCS#12 files gave one and the same password. */
#ifndef ECERT_CRYPTO_PKCS12_WORDS_H
#define ECERT_CRYPTO_PKCS12_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "ecert/rc.h"

#define PKCS12_WORDS_MAX    6
#define PKCS12_PASSWORD_MAX 1024 /* bytes as typed */

/* A form for OpenSSL's functions, which make a BMPString out of it where RFC 7292, appendix B.1
 * wants one, and take the bytes as they are for PBKDF2 and scrypt. */
struct pkcs12_word {
	const char *p; /* NULL: no password, which is another one than "" (appendix B.1) */
	size_t n;
	bool bmp, bytes; /* worth trying there */
};

struct pkcs12_words {
	struct pkcs12_word v[PKCS12_WORDS_MAX];
	size_t n;
	char *store; /* locked memory */
};

/*
 * As typed first. Beyond ASCII then: as ISO 8859-1 (a terminal of the time, PBKDF2), as UTF-8 whose
 * bytes were taken for ISO 8859-1 (OpenSSL before 1.1.0), and as the BMPString itself (NSS before
 * 3.49, PBKDF2). Errors: ECERT_E_MEMORY, ECERT_E_TOO_LARGE.
 */
enum ecert_rc pkcs12_words_make(const char *typed, struct pkcs12_words *out) MUST_CHECK;
/* Wipes. */
void pkcs12_words_free(struct pkcs12_words *w);

#endif
