/* SPDX-License-Identifier: BSD-2-Clause */
/* The certificates of CAs that the token keeps beside the e-Cert: one object of the card holds all
 * of them, and each is an object of its own on PKCS#11. */
#ifndef ECERT_PKCS11_CACERTS_H
#define ECERT_PKCS11_CACERTS_H

#include "ecert/cryptoki.h"
#include "token/token.h"

/* More of them do not fit the card's object. */
#define CACERTS_MAX 16u
/* Their CKA_IDs, CACERTS_ID CACERTS_FIRST and on: of those that no key can have (token.h). */
#define CACERTS_ID    0xF9u
#define CACERTS_FIRST 0xC1u

/* The whole object; empty, and ECERT_OK, where the token keeps none or says nonsense. Asks the card
 * once while nothing changes there. Errors: the token's. */
enum ecert_rc cacerts_read(const struct token_at *at, struct buf *object) MUST_CHECK;
/* Whether this is OpenSSH searching for all certificates (a template of so many attributes): it
 * takes the key of each that it finds for one to log in with, so that CAs are left out. */
bool cacerts_unwanted(CK_ULONG attributes);
/* The i-th certificate in it, DER. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc cacerts_at(struct rd object, unsigned i, struct rd *der) MUST_CHECK;

#endif
