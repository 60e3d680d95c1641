/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert token label: what people and programs call a token. */
#include <string.h>

#include "cli/token/cmd_init.h"
#include "provision/prov.h"

/* CK_TOKEN_INFO's label (PKCS#11 2.40, 3.2) is of 32 bytes. */
#define LABEL_MAX 32

static enum outcome acceptable(const struct cli *c, const char *name)
{
	size_t n = strlen(name);

	if (n > LABEL_MAX)
		return ui_fail(c->job.ui, OUT_USAGE, "label-too-long",
		    MSG("A label has at most {max} bytes, and this one has {n}",
			P_NUMBER("max", LABEL_MAX), P_NUMBER("n", n)),
		    MSG("Choose a shorter one."));
	if (strcmp(cli_clean(name), name) || (n && (name[0] == ' ' || name[n - 1] == ' ')))
		return ui_fail(c->job.ui, OUT_USAGE, "label-malformed",
		    MSG("'{name}' cannot be a label", P_TEXT("name", name)),
		    MSG("Use letters, digits and signs of UTF-8, with no blank at either end."));
	return OUT_OK;
}

static enum outcome put(struct prov *p, const char *name)
{
	enum ecert_rc rc = token_label_put(&p->at, name);

	if (rc == ECERT_E_UNSUPPORTED)
		return ui_fail(p->job->ui, OUT_CARD, "labels-not-supported",
		    MSG("This kind of token keeps no label"),
		    MSG("It is called after its model and serial number; tell it apart by --token "
			"SERIAL."));
	return ui_fail_rc(p->job->ui, rc, MSG("Cannot write the label: {why}"));
}

static enum outcome told(struct prov *p)
{
	enum outcome code = ui_fail_rc(
	    p->job->ui, token_info(&p->at, &p->info), MSG("Cannot read the token: {why}"));

	if (code)
		return code;
	cli_tell(cli_of(p->job),
	    MSG("The token is called {label} now.", P_TEXT("label", p->info.label)));
	return cli_json(
	    cli_of(p->job), json_pack("{s:o, s:s}", "label", cli_json_text(p->info.label), "serial",
				p->info.serial_full));
}

enum outcome token_label(struct cli *c, void *params, const struct strlist *args)
{
	const struct label_params *o = params;
	struct prov p = {0};
	enum outcome code = acceptable(c, args->v[0]);

	if (!code)
		code = prov_open(&c->job, &p);
	if (code)
		return code;
	code = prov_login_mgm(&p, o->mgm);
	if (!code)
		code = put(&p, args->v[0]);
	if (!code)
		code = told(&p);
	prov_close(&p);
	return code;
}

const struct opt token_label_opts[] = {
    {"management-key-source", 0, OPT_STR, "SOURCE", offsetof(struct label_params, mgm),
	MSG_ID("where the management key comes from: file:ESCROW, env:NAME, prompt")},
    {0}};
