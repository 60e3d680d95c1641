/* SPDX-License-Identifier: BSD-2-Clause */
/* The folders of the trust stores (XDG Base Directory Specification). */
#include "actions/trust/place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A person's own; false: there is no home. */
static bool own_folder(char *path, size_t cap)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int n = config && *config == '/' ? snprintf(path, cap, "%s/ecert/trust", config)
		: home && *home == '/'	 ? snprintf(path, cap, "%s/.config/ecert/trust", home)
					 : -1;

	return n >= 0 && n < (int)cap;
}

enum outcome trust_place_open(
    const struct job *job, bool machine, bool make, struct trust_place *out)
{
	const char *why = NULL;
	enum ecert_rc rc;

	*out = (struct trust_place){.machine = machine};
	if (machine)
		(void)snprintf(out->folder, sizeof out->folder, "%s/ecert/trust", SYSCONFDIR);
	else if (!own_folder(out->folder, sizeof out->folder))
		return !make ? OUT_OK
			     : ui_fail(job->ui, OUT_IO, "trust-store-unusable",
				   MSG("There is no home folder for a trust store"),
				   MSG("Set HOME, or XDG_CONFIG_HOME."));
	if (machine && make && geteuid() != 0)
		return ui_fail(job->ui, OUT_REFUSED, "trust-store-root",
		    MSG("Only root may change whom this computer trusts"),
		    MSG("Run it with sudo, or leave --machine out to trust it yourself only."));
	rc = trust_store_open(out->folder, machine ? 0 : geteuid(),
	    make ? machine ? 0755 : 0700 : 0, &out->store, &why);
	if (rc == ECERT_E_NOT_FOUND && !make)
		return OUT_OK;
	if (rc == ECERT_E_DENIED)
		return ui_fail(job->ui, OUT_REFUSED, "trust-store-unsafe",
		    MSG("The trust store is not used: {why}",
			P_MSG("why", MSG(why, P_FILE("folder", out->folder)))),
		    MSG("Look who changed it; --no-trust-store verifies without it."));
	return rc == ECERT_OK ? OUT_OK : trust_place_told(job, out, rc, "");
}

void trust_place_close(struct trust_place *p)
{
	trust_store_close(&p->store);
}

enum outcome trust_place_told(
    const struct job *job, const struct trust_place *p, enum ecert_rc rc, const char *file)
{
	int e = errno;

	if (rc == ECERT_E_DATA && file[0])
		return ui_fail(job->ui, OUT_INPUT, "trust-store-damaged",
		    MSG("{folder}/{file} is damaged, or was not written by `ecert trust add`",
			P_FILE("folder", p->folder), P_FILE("file", file)),
		    MSG("Move it away, and add what it held anew."));
	if (rc == ECERT_E_DATA)
		return ui_fail(job->ui, OUT_REFUSED, "trust-record-cut",
		    MSG("The record of changes {folder}/{file} was cut or altered: nothing is "
			"changed",
			P_FILE("folder", p->folder), P_FILE("file", RECORD_FILE)),
		    MSG("Find out why; then move it and changes.end away, and a new record "
			"begins."));
	if (rc == ECERT_E_DENIED)
		return ui_fail(job->ui, OUT_REFUSED, "trust-store-unsafe",
		    MSG("The trust store is not used: {why}",
			P_MSG("why", MSG("a file in {folder} is a link, or another user may change "
					 "it: {file}",
					 P_FILE("folder", p->folder), P_FILE("file", file)))),
		    MSG("Look who changed it; --no-trust-store verifies without it."));
	if (rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "trust-store-unusable",
		    MSG("Cannot use the trust store {folder}: {why}", P_FILE("folder", p->folder),
			P_ERRNO("why", e)),
		    MSG("Check its permissions."));
	return ui_fail_rc(job->ui, rc,
	    MSG("Cannot use the trust store {folder}: {why}", P_FILE("folder", p->folder)));
}

void trust_place_warn(
    const struct job *job, const struct trust_place *at, const char *name, const char *sha256)
{
	ui_note(job->ui,
	    MSG("Warning: {name} is trusted, and the record of changes in {folder} does not have "
		"it "
		"as added, or has it as removed since. If nobody here added it: ecert trust remove "
		"{fingerprint}",
		P_TEXT("name", name), P_FILE("folder", at->folder), P_TEXT("fingerprint", sha256)));
}
