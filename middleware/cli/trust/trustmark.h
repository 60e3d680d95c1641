/* SPDX-License-Identifier: BSD-2-Clause */
/* What issuers of trust marks do. */
#ifndef ECERT_CLI_TRUSTMARK_H
#define ECERT_CLI_TRUSTMARK_H

#include "cli/cli.h"
#include "client/signing.h"
#include "actions/trustopts.h"

struct grant_params {
	struct signing_choice key;
	struct trust_options trust;
	const char *issuer, *mark, *logo, *ref, *delegation, *nonce_store, *output;
	long days;
	bool force, new_certificate;
};
struct status_params {
	struct signing_choice key;
	struct trust_options trust; /* mark_issuer only */
	const char *issuer, *status, *reason, *output;
	long hours;
	bool force;
};
extern const struct opt trustmark_grant_opts[], trustmark_status_opts[];
enum outcome trustmark_grant(struct cli *c, void *params, const struct strlist *args);
enum outcome trustmark_status(struct cli *c, void *params, const struct strlist *args);

/* Says why something is not signed, by the first check that is not good; OUT_OK when all are. hint:
 * an id. */
enum outcome trustmark_unfit(const struct cli *c, const struct report *rep, const char *hint,
    const struct message *what) MUST_CHECK;
/* Writes the JWS with a line end, or inside JSON to standard output. */
enum outcome trustmark_save(const struct cli *c, const char *path, bool force, const char *kind,
    struct buf *jws) MUST_CHECK;

#endif
