/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert key label, cert label. */
#include "cli/key/key.h"

static void told(const struct cli *c, const char *slot, enum slot_thing what, const char *label)
{
	cli_tell(
	    c, what == SLOT_KEY
		   ? MSG(*label ? MSG_ID("The key in slot {slot} is called {label} now.")
				: MSG_ID("The key in slot {slot} has no label of its own now."),
			 P_TEXT("slot", slot), P_TEXT("label", label))
		   : MSG(*label ? MSG_ID("The certificate in slot {slot} is called {label} now.")
				: MSG_ID("The certificate in slot {slot} has no label of its own "
					 "now."),
			 P_TEXT("slot", slot), P_TEXT("label", label)));
}

static enum outcome label_slot(
    struct cli *c, struct slot_label_deed *deed, enum slot_thing what, const char *label)
{
	struct slot_label_result done;
	enum outcome code;

	deed->what = what;
	deed->label = label;
	code = slot_label(&c->job, deed, &done);
	if (code)
		return code;
	told(c, done.slot, what, label);
	return cli_json(
	    c, json_pack("{s:s, s:o}", "slot", done.slot, "label", cli_json_text(label)));
}

enum outcome label_key(struct cli *c, void *params, const struct strlist *args)
{
	return label_slot(c, params, SLOT_KEY, args->v[0]);
}

enum outcome label_cert(struct cli *c, void *params, const struct strlist *args)
{
	return label_slot(c, params, SLOT_CERT, args->v[0]);
}

const struct opt slot_label_opts[] = {
    {"slot", 's', OPT_STR, "SLOT", offsetof(struct slot_label_deed, slot),
	MSG_ID("which: 9c (default, signature), 9a, 9d, 9e, 82 to 95")},
    {"id", 0, OPT_STR, "HEX", offsetof(struct slot_label_deed, id),
	MSG_ID("the place by its PKCS#11 id: 02 is slot 9c")},
    {"management-key-source", 0, OPT_STR, "SOURCE", offsetof(struct slot_label_deed, mgm),
	MSG_ID("where the management key comes from: file:ESCROW, env:NAME, prompt")},
    {0}};
