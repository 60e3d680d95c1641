/* SPDX-License-Identifier: BSD-2-Clause */
/* A token's attestation certificates for tests: vendor root, F9, and statements about keys. */
#ifndef TESTS_UNIT_TRUST_TOKEN_SIM_H
#define TESTS_UNIT_TRUST_TOKEN_SIM_H

#include "tests/unit/document/pki.h"

struct token_sim {
	struct pki_id root, f9;
};

/* root_cn names the vendor root ("... TEST ..." for a virtual card). */
void token_sim_make(const char *root_cn, struct token_sim *out);
void token_sim_free(struct token_sim *t);
/* The statement about the key of `about`: with firmware 5.7.2, serial 1234567, the PIN policy and a
 * counter of 9; bare: without serial number and counter, as PivApplet does. */
void token_sim_attest(
    const struct token_sim *t, EVP_PKEY *about, uint8_t pin_policy, bool bare, struct pki_id *out);

#endif
