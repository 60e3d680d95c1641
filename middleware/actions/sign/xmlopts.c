/* SPDX-License-Identifier: BSD-2-Clause */
/* Profiles by their names. */
#include "actions/sign/xmlopts.h"

#include <string.h>

static const struct {
	const char *name;
	enum doc_xml_profile profile;
} profiles[] = {{"plain", DOC_XML_PLAIN}, {"ubl", DOC_XML_UBL}, {"myinvois", DOC_XML_MYINVOIS},
    {"zatca", DOC_XML_ZATCA}};
#define PROFILES (sizeof profiles / sizeof profiles[0])
/* Behind --profile; what is refused is not offered. */
#define PROFILE_NAMES "plain, ubl"

static bool find(const char *name, enum doc_xml_profile *out)
{
	for (size_t i = 0; i < PROFILES; i++)
		if (!strcmp(profiles[i].name, name)) {
			*out = profiles[i].profile;
			return true;
		}
	return false;
}

enum outcome xmlopts_check(const struct job *job, const struct sign_deed *d)
{
	enum doc_xml_profile profile;

	if ((d->detached || d->profile) && (!d->format || strcmp(d->format, "xades") != 0))
		return ui_fail(job->ui, OUT_USAGE, "not-of-format",
		    MSG("--detached and --profile go with --format=xades alone"),
		    MSG("Say --format=xades as well, or leave them out."));
	if (d->detached && d->profile)
		return ui_fail(job->ui, OUT_USAGE, "profile-detached",
		    MSG("--profile is for a signature inside of the file, --detached for one "
			"beside it"),
		    MSG("Leave one of them out."));
	if (d->profile && !find(d->profile, &profile))
		return ui_fail(job->ui, OUT_USAGE, "profile-unknown",
		    MSG("There is no profile '{name}'", P_TEXT("name", d->profile)),
		    MSG("--profile takes {names}", P_TEXT("names", PROFILE_NAMES)));
	return OUT_OK;
}

void xmlopts_into(const struct sign_deed *d, struct doc_sign_options *o)
{
	o->detached = d->detached;
	if (d->profile)
		(void)find(d->profile, &o->profile);
}
