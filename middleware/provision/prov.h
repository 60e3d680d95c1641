/* SPDX-License-Identifier: BSD-2-Clause */
/* The token by our own card layer: provisioning, PINs by PUK, attestation, the tries left. */
#ifndef ECERT_PROVISION_PROV_H
#define ECERT_PROVISION_PROV_H

#include "ui/job.h"
#include "token/token.h"

struct prov {
	const struct job *job;
	struct tokens *tokens;
	struct token_at at;
	struct token_slot slot;
	struct token_info info;
};

/* Chooses the token as the options say. Reports its errors. */
enum outcome prov_open(const struct job *job, struct prov *out) MUST_CHECK;
/* The token in the reader of this name (the first 64 bytes count, as CK_SLOT_INFO cuts). Silent.
 * Errors: ECERT_E_NOT_FOUND, token_info's. */
enum ecert_rc prov_open_reader(
    const struct job *job, const char *reader, struct prov *out) MUST_CHECK;
/* All tokens that are in now, with what they say of themselves; opens p, for prov_close. What
 * cannot be asked is not there. */
size_t prov_present(struct prov *p, struct token_slot *slots, struct token_info *infos, size_t cap);
/* Makes p this one of them. */
void prov_take(struct prov *p, const struct token_slot *slot, const struct token_info *info);
/* Logs out and closes. */
void prov_close(struct prov *p);
/* All tokens, by ecertd or directly, as the options and ECERT_DAEMON say. */
enum ecert_rc prov_tokens(const struct job *job, struct tokens **out) MUST_CHECK;

/* Logs in with the PIN of --pin-source; instead: of whoever is logged in, who is logged out when
 * the PIN is there. Reports its errors. */
enum outcome prov_login_user(struct prov *p, bool instead) MUST_CHECK;
/* Logs in with the management key that the token keeps behind the PIN, by the PIN; *done is false
 * where it keeps none. Reports its errors. */
enum outcome prov_login_protected(struct prov *p, bool *done) MUST_CHECK;
/* Logs in with the management key from this source (env:, file:, prompt, pinentry; a file may be an
 * escrow). NULL: the one that the token keeps behind the PIN, else the prompt. Reports its errors.
 */
enum outcome prov_login_mgm(struct prov *p, const char *source) MUST_CHECK;

#endif
