/* SPDX-License-Identifier: BSD-2-Clause */
/* PINs and PUKs, present and new. */
#ifndef ECERT_CLI_SECRET_H
#define ECERT_CLI_SECRET_H

#include "cli/prov.h"

/* A length that cards take, printable, none that everybody tries first. Reports (CLI_REFUSED). */
enum cli_exit secret_check(const struct cli *c, const char *what, const struct pin *pin) MUST_CHECK;
/* So many random digits. */
enum ecert_rc secret_digits(struct pin *out, size_t digits) MUST_CHECK;
/* A new PIN or PUK, asked twice and checked. what: "PIN", "PUK". Reports its errors. */
enum cli_exit secret_new(const struct prov *p, const char *what, const char *source,
    const char *option, struct pin *out) MUST_CHECK;
/* The present one. */
enum cli_exit secret_old(const struct prov *p, const char *what, const char *source,
    const char *option, struct pin *out) MUST_CHECK;

#endif
