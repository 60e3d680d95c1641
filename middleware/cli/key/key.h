/* SPDX-License-Identifier: BSD-2-Clause */
/* What making and importing keys have in common. */
#ifndef ECERT_CLI_KEY_H
#define ECERT_CLI_KEY_H

#include <openssl/evp.h>

#include "cli/cli.h"
#include "provision/prov.h"

struct key_place {
	const char *slot, *id, *pin_policy, *touch_policy, *mgm, *label;
	bool force;
};
#define KEY_PLACE_OPTS(type, field)                                                                \
	{"slot", 's', OPT_STR, "SLOT", offsetof(type, field.slot),                                 \
	    MSG_ID("where: 9c (default, signature), 9a, 9d, 9e, 82 to 95")},                       \
	    {"id", 0, OPT_STR, "HEX", offsetof(type, field.id),                                    \
		MSG_ID("the place by its PKCS#11 id: 02 is slot 9c")},                             \
	    {"label", 0, OPT_STR, "TEXT", offsetof(type, field.label),                             \
		MSG_ID("what the key is called (an e-Cert token keeps it)")},                      \
	    {"pin-policy", 0, OPT_STR, "WORD", offsetof(type, field.pin_policy),                   \
		MSG_ID(                                                                            \
		    "when the PIN is asked: never, once, always (default: as the slot has it)")},  \
	    {"touch-policy", 0, OPT_STR, "WORD", offsetof(type, field.touch_policy),               \
		MSG_ID("when a touch is asked: never, always, cached")},                           \
	    {"management-key-source", 0, OPT_STR, "SOURCE", offsetof(type, field.mgm),             \
		MSG_ID("where the management key comes from: file:ESCROW, env:NAME, prompt")},     \
	{                                                                                          \
		"force", 'f', OPT_FLAG, NULL, offsetof(type, field.force),                         \
		    MSG_ID("replace a key that is there: it is gone for good")                     \
	}

/* The options as a specification (all but alg). Reports its errors. */
enum outcome key_place(
    const struct cli *c, const struct key_place *o, struct token_newkey *spec) MUST_CHECK;
/* Refuses when the slot holds a key and force is not said. */
enum outcome key_vacant(struct prov *p, uint8_t ref, bool force) MUST_CHECK;

struct key_import_params {
	struct key_place place;
	const char *password, *friendly_name, *serial;
	struct strlist chain;
};
extern const struct opt key_import_opts[];
enum outcome key_import(struct cli *c, void *params, const struct strlist *args);

#endif
