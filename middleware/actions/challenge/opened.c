/* SPDX-License-Identifier: BSD-2-Clause */
/* The challenges that were given out, opened for a deed. */
#include "actions/challenge/opened.h"

#include <errno.h>
#include <limits.h>

#include "actions/statedir.h"

enum outcome challenges_opened(
    const struct job *job, bool make, time_t now, struct challenges **out)
{
	char path[PATH_MAX];
	const char *why = NULL;
	enum ecert_rc rc;

	*out = NULL;
	if (!state_folder("challenges", path, sizeof path))
		return !make ? OUT_OK
			     : ui_fail(job->ui, OUT_IO, "challenges-unusable",
				   MSG("There is no home folder to remember challenges in"),
				   MSG("Set HOME, or XDG_STATE_HOME."));
	rc = challenges_open(path, make, now, out, &why);
	if (rc == ECERT_E_NOT_FOUND && !make)
		return OUT_OK;
	if (rc == ECERT_OK)
		return OUT_OK;
	challenges_close(out);
	if (rc == ECERT_E_DENIED)
		return ui_fail(job->ui, OUT_REFUSED, "challenges-unsafe",
		    MSG("The store of challenges is not used: {why}",
			P_MSG("why", MSG(why, P_FILE("folder", path)))),
		    MSG("Look who changed it; it has to be yours alone."));
	return challenges_told(job, rc);
}

enum outcome challenges_told(const struct job *job, enum ecert_rc rc)
{
	int e = errno;

	if (rc == ECERT_E_NOT_FOUND)
		return ui_fail(job->ui, OUT_INPUT, "challenge-not-found",
		    MSG("There is no challenge of this nonce"),
		    MSG("`ecert challenge list` shows those that there are."));
	if (rc == ECERT_E_TOO_LARGE)
		return ui_fail(job->ui, OUT_REFUSED, "challenges-full",
		    MSG("{n} challenges wait for an answer: no more are made",
			P_NUMBER("n", CHALLENGES_MAX)),
		    MSG("Remove those that nobody will answer: `ecert challenge remove`."));
	if (rc == ECERT_E_DENIED || rc == ECERT_E_DATA)
		return ui_fail(job->ui, OUT_REFUSED, "challenge-damaged",
		    MSG("The file of this challenge is damaged, a link, or another user may change "
			"it"),
		    MSG("Remove it, and make a new challenge."));
	if (rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "challenges-unusable",
		    MSG("Cannot use the store of challenges: {why}", P_ERRNO("why", e)),
		    MSG("Check its permissions, and that the disk has room."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot use the store of challenges: {why}"));
}
