/* SPDX-License-Identifier: BSD-2-Clause */
/* What people are told when a file cannot be read or written. */
#include <errno.h>
#include <string.h>

#include "client/outfile.h"

enum outcome outfile_failed(const struct job *job, enum ecert_rc rc, const char *path)
{
	int e = errno;

	if (rc == ECERT_OK)
		return OUT_OK;
	if (!strcmp(path, "-"))
		return ui_fail(job->ui, OUT_IO, "output-unwritable",
		    MSG("Cannot write to standard output: {why}", P_ERRNO("why", e)),
		    MSG("Check where the output goes, or name a file."));
	if (rc == ECERT_E_EXISTS)
		return ui_fail(job->ui, OUT_REFUSED, "exists",
		    MSG("{file} exists already", P_FILE("file", path)),
		    MSG("Choose another name, or replace it with --force."));
	if (rc == ECERT_E_DENIED)
		return ui_fail(job->ui, OUT_REFUSED, "not-a-file",
		    MSG("{file} is a device or a pipe, which is not replaced",
			P_FILE("file", path)),
		    MSG("Name a file; - is standard output."));
	if (e == ENOSPC || e == EDQUOT)
		return ui_fail(job->ui, OUT_IO, "disk-full",
		    MSG("The disk is full: {file} was not written", P_FILE("file", path)),
		    MSG("Make room, then run the command again."));
	return ui_fail(job->ui, OUT_IO, "file-unwritable",
	    MSG("Cannot write {file}: {why}", P_FILE("file", path), P_ERRNO("why", e)),
	    MSG("Check the folder and its permissions."));
}

enum outcome outfile_save(const struct job *job, const char *path, struct rd data, bool force)
{
	return outfile_failed(job, outfile_write(path, data, force), path);
}

enum outcome infile_load(const struct job *job, const char *path, struct buf *out)
{
	enum ecert_rc rc = infile_read(path, out);

	if (rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", path), P_ERRNO("why", errno)),
		    MSG("Check the name and its permissions."));
	if (rc == ECERT_E_TOO_LARGE)
		return ui_fail(job->ui, OUT_INPUT, "file-too-large",
		    MSG("{file} is too large for what it should be: the limit is {max} KiB",
			P_FILE("file", path), P_NUMBER("max", out->max / 1024)),
		    MSG(next_of_rc(rc)));
	if (rc != ECERT_OK)
		return ui_fail_rc(
		    job->ui, rc, MSG("Cannot read {file}: {why}", P_FILE("file", path)));
	if (!buf_len(out))
		return ui_fail(job->ui, OUT_INPUT, "file-empty",
		    MSG("{file} is empty", P_FILE("file", path)),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	return OUT_OK;
}
