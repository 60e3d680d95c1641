/* SPDX-License-Identifier: BSD-2-Clause */
/* What the owner calls the key and the certificate of a slot. */
#ifndef ECERT_CLI_SLOT_LABEL_H
#define ECERT_CLI_SLOT_LABEL_H

#include "cli/cli.h"
#include "provision/prov.h"

enum slot_thing { SLOT_KEY, SLOT_CERT };

struct slot_label_params {
	const char *slot, *id, *mgm;
};
extern const struct opt slot_label_opts[];
enum outcome label_key(struct cli *c, void *params, const struct strlist *args);
enum outcome label_cert(struct cli *c, void *params, const struct strlist *args);

/* Before anything is made: text that fits, on a token that keeps it. NULL is fine anywhere.
 * Reports its errors. */
enum outcome slot_label_possible(struct prov *p, const char *label) MUST_CHECK;
/* For what is in the slot now; NULL or empty: the slot's own. The right to write is there already.
 * Reports its errors. */
enum outcome slot_label_put(
    struct prov *p, uint8_t ref, enum slot_thing what, const char *label) MUST_CHECK;

#endif
