/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert key label, cert label, and --label where keys and certificates are made. */
#include "cli/key/slot_label.h"

#include <stdio.h>
#include <string.h>

#include "client/slot.h"

static enum outcome acceptable(const struct cli *c, const char *label)
{
	size_t n = strlen(label);

	if (n > TOKEN_NAME_MAX)
		return ui_fail(c->job.ui, OUT_USAGE, "label-too-long",
		    MSG("A label has at most {max} bytes, and this one has {n}",
			P_NUMBER("max", TOKEN_NAME_MAX), P_NUMBER("n", n)),
		    MSG("Choose a shorter one."));
	if (strcmp(cli_clean(label), label))
		return ui_fail(c->job.ui, OUT_USAGE, "label-malformed",
		    MSG("'{label}' cannot be a label", P_TEXT("label", label)),
		    MSG("Use letters, digits and signs of UTF-8."));
	return OUT_OK;
}

static enum outcome not_kept(const struct cli *c)
{
	return ui_fail(c->job.ui, OUT_CARD, "labels-not-supported",
	    MSG("This kind of token keeps no labels of keys and certificates"),
	    MSG("Tell its keys apart by their slots."));
}

enum outcome slot_label_possible(struct prov *p, const char *label)
{
	struct token_names names;
	enum outcome code = label ? acceptable(cli_of(p->job), label) : OUT_OK;

	if (code || !label || !*label)
		return code;
	code = ui_fail_rc(
	    p->job->ui, token_names(&p->at, &names), MSG("Cannot read the labels: {why}"));
	return code || names.kept ? code : not_kept(cli_of(p->job));
}

enum outcome slot_label_put(struct prov *p, uint8_t ref, enum slot_thing what, const char *label)
{
	struct token_names names;
	struct token_name fresh = {.ref = ref};
	const struct token_name *own;
	char *text = what == SLOT_KEY ? fresh.key : fresh.cert;
	enum outcome code = ui_fail_rc(
	    p->job->ui, token_names(&p->at, &names), MSG("Cannot read the labels: {why}"));

	label = label ? label : "";
	if (code)
		return code;
	if (!names.kept)
		return *label ? not_kept(cli_of(p->job)) : OUT_OK;
	own = token_name_of(&names, ref);
	if (own)
		fresh = *own;
	if (!strcmp(text, label))
		return OUT_OK;
	snprintf(text, TOKEN_NAME_MAX + 1, "%s", label);
	if (what == SLOT_KEY)
		fresh.pub[0] = '\0'; /* key and public key alike */
	return ui_fail_rc(
	    p->job->ui, token_name_put(&p->at, &fresh), MSG("Cannot write the label: {why}"));
}

static enum outcome there(struct prov *p, uint8_t ref, enum slot_thing what)
{
	struct token_key k = {0};
	struct buf der = BUF_INIT(65536);
	enum ecert_rc rc = what == SLOT_KEY ? token_key_get(&p->at, ref, &k)
					    : token_cert_get(&p->at, ref, &der);

	token_key_clear(&k);
	buf_free(&der);
	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(p->job->ui, OUT_REFUSED, "slot-empty",
		    MSG(what == SLOT_KEY ? MSG_ID("There is no key in slot {slot}")
					 : MSG_ID("There is no certificate in slot {slot}"),
			P_TEXT("slot", slot_name(ref))),
		    MSG(what == SLOT_KEY ? MSG_ID("`ecert key list` shows what there is.")
					 : MSG_ID("`ecert cert list` shows what there is.")));
	return ui_fail_rc(p->job->ui, rc,
	    MSG("Cannot look at slot {slot}: {why}", P_TEXT("slot", slot_name(ref))));
}

static enum outcome label_slot(
    struct cli *c, const struct slot_label_params *o, enum slot_thing what, const char *label)
{
	struct prov p = {0};
	uint8_t ref;
	enum outcome code = slot_chosen(&c->job, o->slot, o->id, 0x9C, &ref);

	if (!code)
		code = acceptable(c, label);
	if (!code)
		code = prov_open(&c->job, &p);
	if (code)
		return code;
	code = slot_label_possible(&p, label);
	if (!code)
		code = there(&p, ref, what);
	if (!code)
		code = prov_login_mgm(&p, o->mgm);
	if (!code)
		code = slot_label_put(&p, ref, what, label);
	if (!code) {
		cli_tell(c,
		    what == SLOT_KEY
			? MSG(*label
				  ? MSG_ID("The key in slot {slot} is called {label} now.")
				  : MSG_ID("The key in slot {slot} has no label of its own now."),
			      P_TEXT("slot", slot_name(ref)), P_TEXT("label", label))
			: MSG(*label
				  ? MSG_ID("The certificate in slot {slot} is called {label} now.")
				  : MSG_ID("The certificate in slot {slot} has no label of its own "
					   "now."),
			      P_TEXT("slot", slot_name(ref)), P_TEXT("label", label)));
		code = cli_json(c,
		    json_pack("{s:s, s:o}", "slot", slot_name(ref), "label", cli_json_text(label)));
	}
	prov_close(&p);
	return code;
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
    {"slot", 's', OPT_STR, "SLOT", offsetof(struct slot_label_params, slot),
	MSG_ID("which: 9c (default, signature), 9a, 9d, 9e, 82 to 95")},
    {"id", 0, OPT_STR, "HEX", offsetof(struct slot_label_params, id),
	MSG_ID("the place by its PKCS#11 id: 02 is slot 9c")},
    {"management-key-source", 0, OPT_STR, "SOURCE", offsetof(struct slot_label_params, mgm),
	MSG_ID("where the management key comes from: file:ESCROW, env:NAME, prompt")},
    {0}};
