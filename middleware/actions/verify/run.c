/* SPDX-License-Identifier: BSD-2-Clause */
/* What the relying party says, read once for any number of files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/verify/verifying.h"

/* "SHA1=2030-01-01"; "SHA1=never": it never ends. */
static enum outcome read_algorithms(const struct job *job, struct verify_run *run)
{
	algorithm_policy_init(&run->algorithms);
	for (size_t i = 0; i < run->deed->algorithms.n; i++) {
		const char *text = run->deed->algorithms.v[i], *eq = strchr(text, '=');
		char name[24] = "";
		enum algorithm a;
		time_t end = 0;

		if (eq)
			(void)snprintf(name, sizeof name, "%.*s", (int)(eq - text), text);
		if (!eq || !algorithm_by_name(name, &a) ||
		    (strcmp(eq + 1, "never") != 0 &&
			(time_parse(eq + 1, &end) != ECERT_OK || end <= 0)))
			return ui_fail(job->ui, OUT_USAGE, "algorithm-malformed",
			    MSG("--algorithm '{value}' is not understood", P_TEXT("value", text)),
			    MSG("It is a name and the day on which it becomes too old: "
				"SHA1=2030-01-01, or SHA1=never. Names: MD5, RIPEMD160, SHA1, "
				"SHA224, SHA256, SHA384, SHA512, RSA-768, RSA-1024, RSA-2048, "
				"RSA-3072, EC-160, EC-224, EC-256, DSA-1024, DSA-2048, DSA-3072."));
		run->algorithms.end[a] = end;
	}
	return OUT_OK;
}

enum outcome verify_begin(
    const struct job *job, const struct verify_deed *deed, struct verify_run **out)
{
	struct verify_run *run = calloc(1, sizeof *run);
	struct trust_options trust;
	enum outcome code;

	*out = NULL;
	if (!run)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	run->deed = deed;
	run->certs = doc_certs_new();
	code = read_algorithms(job, run);
	if (!code)
		code = online_run_begin(job, &deed->online, &run->asking);
	trust = deed->trust;
	trust.algorithms = &run->algorithms;
	if (!code)
		code = trust_options_load(job, &trust, &run->set, &run->now);
	if (code)
		verify_end(&run);
	*out = run;
	return code;
}

void verify_end(struct verify_run **run)
{
	if (!*run)
		return;
	trust_set_free(&(*run)->set);
	doc_certs_free(&(*run)->certs);
	online_run_end(&(*run)->asking);
	free(*run);
	*run = NULL;
}

enum outcome verify_files(const struct job *job, const struct verify_deed *deed,
    const struct strlist *files, struct verified *out)
{
	struct verify_run *run;
	enum outcome code = verify_begin(job, deed, &run);

	verified_init(out);
	if (!code)
		code = verify_named(run, job, files, NULL, out);
	verify_end(&run);
	return code;
}
