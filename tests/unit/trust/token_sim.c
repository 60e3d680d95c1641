/* SPDX-License-Identifier: BSD-2-Clause */
/* A token's attestation certificates for tests. */
#include "ecert/piv_const.h"
#include "token_sim.h"

void token_sim_make(const char *root_cn, struct token_sim *out)
{
	pki_make(&(struct pki_spec){.cn = root_cn, .key = KEY_RSA2048, .ca = true}, &out->root);
	/* Long over, to show that nobody looks at a card's clock. */
	pki_make(&(struct pki_spec){.cn = "PIV Attestation F9",
		     .ca = true,
		     .issuer = &out->root,
		     .from = T0 - 900 * DAY,
		     .until = T0 - 800 * DAY},
	    &out->f9);
}

void token_sim_free(struct token_sim *t)
{
	pki_free(&t->f9);
	pki_free(&t->root);
}

void token_sim_attest(
    const struct token_sim *t, EVP_PKEY *about, uint8_t pin_policy, bool bare, struct pki_id *out)
{
	static const uint8_t firmware[] = {5, 7, 2}, serial[] = {0x02, 0x03, 0x12, 0xD6, 0x87},
			     counter[] = {0x02, 0x01, 9};
	const uint8_t policy[] = {pin_policy, 1};
	struct pki_spec s = {.cn = "PIV Attestation 9a",
	    .issuer = &t->f9,
	    .use_key = about,
	    .ext = {{ECERT_OID_YUBICO_FIRMWARE, firmware, sizeof firmware},
		{ECERT_OID_YUBICO_POLICY, policy, sizeof policy},
		{ECERT_OID_YUBICO_SERIAL, serial, sizeof serial},
		{ECERT_OID_SIGNATURE_COUNTER, counter, sizeof counter}}};
	if (bare)
		s.ext[2].oid = NULL;
	pki_make(&s, out);
}
