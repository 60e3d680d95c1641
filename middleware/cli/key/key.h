/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of what makes, imports and labels keys. */
#ifndef ECERT_CLI_KEY_H
#define ECERT_CLI_KEY_H

#include "actions/key/import.h"
#include "actions/key/label.h"
#include "cli/cli.h"

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

extern const struct opt key_import_opts[];
enum outcome import_key(struct cli *c, void *params, const struct strlist *args);

/* Their parameters: struct slot_label_deed. */
extern const struct opt slot_label_opts[];
enum outcome label_key(struct cli *c, void *params, const struct strlist *args);
enum outcome label_cert(struct cli *c, void *params, const struct strlist *args);

#endif
