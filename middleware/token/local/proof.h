/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether an imported key has come onto the card as it was meant. */
#ifndef ECERT_TOKEN_PROOF_H
#define ECERT_TOKEN_PROOF_H

#include "token/conn/conn.h"

/* Computes the public key of these private parts. Where it cannot be told (an RSA key whose
 * exponent is not PIV's 65537), *pub is NULL and the answer ECERT_OK. Errors: ECERT_E_MEMORY. */
enum ecert_rc proof_public(
    enum key_alg alg, const struct rd part[5], struct pubkey **pub) MUST_CHECK;
/*
 * Is called inside a transaction, after the import. It looks at the card's metadata, and at a test
 * signature where the PIN is verified already or not needed. A card that shows neither is
 * believed. Errors: ECERT_E_BAD_SIGNATURE (it has another key), channel errors.
 */
enum ecert_rc proof_of_import(
    struct conn *c, const struct token_newkey *spec, const struct pubkey *pub) MUST_CHECK;

#endif
