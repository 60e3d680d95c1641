/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels of keys and certificates: which are possible, and writing them. */
#include "provision/key/label.h"

#include <stdio.h>
#include <string.h>

#include "util/text.h"

enum outcome slot_label_acceptable(const struct job *job, const char *label)
{
	size_t n = strlen(label);

	if (n > TOKEN_NAME_MAX)
		return ui_fail(job->ui, OUT_USAGE, "label-too-long",
		    MSG("A label has at most {max} bytes, and this one has {n}",
			P_NUMBER("max", TOKEN_NAME_MAX), P_NUMBER("n", n)),
		    MSG("Choose a shorter one."));
	if (!text_is_shown(label))
		return ui_fail(job->ui, OUT_USAGE, "label-malformed",
		    MSG("'{label}' cannot be a label", P_TEXT("label", label)),
		    MSG("Use letters, digits and signs of UTF-8."));
	return OUT_OK;
}

static enum outcome not_kept(const struct job *job)
{
	return ui_fail(job->ui, OUT_CARD, "labels-not-supported",
	    MSG("This kind of token keeps no labels of keys and certificates"),
	    MSG("Tell its keys apart by their slots."));
}

enum outcome slot_label_possible(struct prov *p, const char *label)
{
	struct token_names names;
	enum outcome code = label ? slot_label_acceptable(p->job, label) : OUT_OK;

	if (code || !label || !*label)
		return code;
	code = ui_fail_rc(
	    p->job->ui, token_names(&p->at, &names), MSG("Cannot read the labels: {why}"));
	return code || names.kept ? code : not_kept(p->job);
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
		return *label ? not_kept(p->job) : OUT_OK;
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
