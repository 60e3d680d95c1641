/* SPDX-License-Identifier: BSD-2-Clause */
/* The public side: what the site says of the issuer, and the site itself. */
#include <stdlib.h>
#include <string.h>

#include "actions/registry/opened.h"

static enum outcome check_setting(const struct job *job, const char *name, const char *value)
{
	const struct publish_setting *s = publish_settings;

	while (s->name && strcmp(s->name, name) != 0)
		s++;
	if (!s->name)
		return ui_fail(job->ui, OUT_USAGE, "setting-unknown",
		    MSG("'{name}' is no setting of a register", P_TEXT("name", name)),
		    MSG("It is name, contact, policy, report, base, server or colour."));
	if (!publish_setting_good(s, value))
		return ui_fail(job->ui, OUT_USAGE, "setting-malformed",
		    MSG("'{value}' is nothing for the setting {name}", P_TEXT("value", value),
			P_TEXT("name", name)),
		    MSG("policy, base and server are URLs that begin with https://, contact and "
			"report may be addresses of mail, and colour is like #0b57a4."));
	return OUT_OK;
}

enum outcome desk_set(
    const struct job *job, const struct desk_deed *deed, const char *name, const char *value)
{
	struct desk d = {.job = job};
	enum outcome code = check_setting(job, name, value);
	enum ecert_rc rc;

	if (!code)
		code = desk_open(job, deed, &d);
	if (!code) {
		rc = registry_begin(d.r, d.who, job_now(job));
		if (rc == ECERT_OK)
			rc = registry_end(d.r, registry_set(d.r, name, value));
		code = desk_failed(&d, rc);
	}
	desk_close(&d);
	return code;
}

/* Marks whose time is over are so on record, too. */
static enum ecert_rc expire(struct desk *d, size_t *n)
{
	enum ecert_rc rc = registry_begin(d->r, d->who, job_now(d->job));

	return rc == ECERT_OK ? registry_end(d->r, registry_expire(d->r, job_now(d->job), n)) : rc;
}

enum outcome desk_expire(const struct job *job, const struct desk_deed *deed, size_t *n)
{
	struct desk d = {.job = job};
	enum outcome code = desk_open(job, deed, &d);

	*n = 0;
	if (!code)
		code = desk_failed(&d, expire(&d, n));
	desk_close(&d);
	return code;
}

enum outcome desk_publish(const struct job *job, const struct desk_deed *deed, const char *folder,
    struct publish_done *out)
{
	struct desk d = {.job = job};
	struct status_key *key = NULL;
	struct message_kept why;
	size_t n;
	enum outcome code = desk_open(job, deed, &d);

	*out = (struct publish_done){.members = 0};
	if (!code)
		code = desk_status_key(job, deed, &key);
	if (!code)
		code = desk_failed(&d, expire(&d, &n));
	if (!code) {
		const struct publish_job p = {d.r, d.issuer, folder, key, job_now(job), deed->all};

		if (publish_site(&p, out, &why) != ECERT_OK)
			code = ui_fail(job->ui, OUT_IO, "site-unwritten",
			    MSG("Cannot write the site in {folder}: {why}",
				P_FILE("folder", folder), P_MSG("why", MSG_KEPT(&why))),
			    MSG("What was there before is whole. Look at what is said there, then "
				"run the command again."));
	}
	if (!code && !out->until)
		code = ui_fail(job->ui, OUT_REFUSED, "status-key-unauthorized",
		    MSG("The site states no status: no token lets the status key speak any more"),
		    MSG("The pages say so. `ecert registry authorize` with the issuer's token, "
			"then publish again."));
	status_key_free(&key);
	desk_close(&d);
	return code;
}
