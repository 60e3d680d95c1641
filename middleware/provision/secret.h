/* SPDX-License-Identifier: BSD-2-Clause */
/* PINs and PUKs, present and new. */
#ifndef ECERT_PROVISION_SECRET_H
#define ECERT_PROVISION_SECRET_H

#include "client/escrow.h"
#include "provision/prov.h"

/* Refuses a new PIN or PUK (OUT_REFUSED, reported) whose length no card takes, that cannot be
 * typed, that everybody tries first, that is the other one, or the one whose place it takes. other
 * and present may be NULL. what: "PIN", "PUK". */
enum outcome secret_check(const struct job *job, const char *what, const struct pin *pin,
    const struct pin *other, const struct pin *present) MUST_CHECK;
/* Refuses in the same way one that is the present one, and nothing else: the rules are those of
 * another maker's token. An empty present one (typed at the reader) is like none. */
enum outcome secret_changes(const struct job *job, const char *what, const struct pin *pin,
    const struct pin *present) MUST_CHECK;
/* The same as the flaw of a pin_ask, which has the present one. */
const struct message *secret_unchanged(const struct pin *pin, const struct pin_ask *ask);
/* Makes one of so many random digits. */
enum ecert_rc secret_digits(struct pin *out, size_t digits) MUST_CHECK;
/* Gets a new PIN or PUK, which is asked twice and checked; where a person can be asked again, one
 * that is refused is asked for anew. what, other, present: as in secret_check. Reports its errors.
 */
enum outcome secret_new(const struct prov *p, const char *what, const char *source,
    const char *option, const struct pin *other, const struct pin *present,
    struct pin *out) MUST_CHECK;
/* Gets the present management key, in hexadecimal or from an escrow of the token with this serial
 * number. Reports its errors. */
enum outcome secret_mgm(const struct job *job, const char *source, const struct message *title,
    const char *serial, struct mgm_key *out) MUST_CHECK;
/* Gets the present PIN or PUK. Reports its errors. */
enum outcome secret_old(const struct prov *p, const char *what, const char *source,
    const char *option, struct pin *out) MUST_CHECK;
/* Tells a person how the PIN failed, and sends nobody to a PUK that is blocked. OUT_OK for
 * ECERT_OK.
 */
enum outcome secret_pin_told(const struct prov *p, enum ecert_rc rc, int tries) MUST_CHECK;
/* Logs in as TOKEN_SO with the management key, or with what it shrinks to. */
enum ecert_rc mgm_login(const struct token_at *at, const struct mgm_key *k) MUST_CHECK;

#endif
