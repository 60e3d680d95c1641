/* SPDX-License-Identifier: BSD-2-Clause */
/* What people and programs call a token. */
#include "actions/token/label.h"

#include <string.h>

#include "provision/prov.h"
#include "util/text.h"

/* CK_TOKEN_INFO's label (PKCS#11 2.40, 3.2) is of 32 bytes. */
#define LABEL_MAX 32

static enum outcome acceptable(const struct job *job, const char *name)
{
	size_t n = strlen(name);

	if (n > LABEL_MAX)
		return ui_fail(job->ui, OUT_USAGE, "label-too-long",
		    MSG("A label has at most {max} bytes, and this one has {n}",
			P_NUMBER("max", LABEL_MAX), P_NUMBER("n", n)),
		    MSG("Choose a shorter one."));
	if (!text_is_shown(name) || (n && (name[0] == ' ' || name[n - 1] == ' ')))
		return ui_fail(job->ui, OUT_USAGE, "label-malformed",
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

enum outcome token_call(
    const struct job *job, const struct token_label_deed *deed, struct token_label_result *out)
{
	struct prov p = {0};
	enum outcome code = acceptable(job, deed->name);

	*out = (struct token_label_result){.label = ""};
	if (!code)
		code = prov_open(job, &p);
	if (code)
		return code;
	code = prov_login_mgm(&p, deed->mgm);
	if (!code)
		code = put(&p, deed->name);
	if (!code)
		code = ui_fail_rc(
		    job->ui, token_info(&p.at, &p.info), MSG("Cannot read the token: {why}"));
	text_copy(out->label, sizeof out->label, p.info.label);
	text_copy(out->serial, sizeof out->serial, p.info.serial_full);
	prov_close(&p);
	return code;
}
