/* SPDX-License-Identifier: BSD-2-Clause */
/* PINs and PUKs, present and new. */
#ifndef ECERT_PROVISION_SECRET_H
#define ECERT_PROVISION_SECRET_H

#include "client/escrow.h"
#include "provision/prov.h"

/* A length that cards take, printable, none that everybody tries first, and not other (NULL: any).
 * Reports (OUT_REFUSED). */
enum outcome secret_check(const struct job *job, const char *what, const struct pin *pin,
    const struct pin *other) MUST_CHECK;
/* So many random digits. */
enum ecert_rc secret_digits(struct pin *out, size_t digits) MUST_CHECK;
/* A new PIN or PUK, asked twice and checked, and asked anew where a person can be. what: "PIN",
 * "PUK". other: what it must not be; NULL: nothing. Reports its errors. */
enum outcome secret_new(const struct prov *p, const char *what, const char *source,
    const char *option, const struct pin *other, struct pin *out) MUST_CHECK;
/* The present management key, in hexadecimal or from an escrow of the token with this serial
 * number. Reports its errors. */
enum outcome secret_mgm(const struct job *job, const char *source, const struct message *title,
    const char *serial, struct mgm_key *out) MUST_CHECK;
/* The present one. */
enum outcome secret_old(const struct prov *p, const char *what, const char *source,
    const char *option, struct pin *out) MUST_CHECK;
/* How the PIN failed: nobody is sent to a PUK that is blocked. OUT_OK for ECERT_OK. */
enum outcome secret_pin_told(const struct prov *p, enum ecert_rc rc, int tries) MUST_CHECK;
/* Logs in as TOKEN_SO with it, or with what it shrinks to. */
enum ecert_rc mgm_login(const struct token_at *at, const struct mgm_key *k) MUST_CHECK;

#endif
