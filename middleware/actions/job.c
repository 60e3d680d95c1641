/* SPDX-License-Identifier: BSD-2-Clause */
/* A job before its first deed. */
#include "actions/job.h"

#include <stdlib.h>

#include "client/pin.h"
#include "provision/look.h"
#include "transport/reader.h"

void job_init(struct job *job, const struct ui *ui)
{
	*job = (struct job){.ui = ui, .look = &provision_look, .slot_id = -1};
}

static enum outcome check_reader(const struct job *job)
{
	struct readers *readers = NULL;
	const char *where = job_reader(job);
	enum ecert_rc rc = where ? readers_open(where, &readers) : ECERT_OK;

	readers_close(&readers);
	return rc == ECERT_E_ARG
		   ? ui_fail(job->ui, OUT_USAGE, "reader-malformed",
			 MSG(job->reader ? MSG_ID("--reader takes socket:PATH, and not '{where}'")
					 : MSG_ID("The variable ECERT_READER takes socket:PATH, "
						  "and not '{where}'"),
			     P_FILE("where", where)),
			 MSG("Leave it out for the computer's readers."))
		   : OUT_OK;
}

enum outcome job_check(const struct job *job)
{
	struct pin_source checked;
	enum outcome code = check_reader(job);

	if (!code && pin_source_parse(job->pin_source, &checked) != ECERT_OK)
		code = ui_fail(job->ui, OUT_USAGE, "pin-source-malformed",
		    MSG("--pin-source takes prompt, pinentry, env:NAME or file:PATH"),
		    MSG("A PIN itself never goes on the command line, where other programs can "
			"read it."));
	return code;
}
