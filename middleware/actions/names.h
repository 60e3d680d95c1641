/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that the names on a line stand for, with those in folders. */
#ifndef ECERT_ACTIONS_NAMES_H
#define ECERT_ACTIONS_NAMES_H

#include <stdbool.h>

#include "ui/job.h"

struct named_file {
	char *path;
	bool found; /* in a folder */
};

struct named_files {
	struct named_file *v;
	size_t n;
	size_t left_out; /* links, pipes and devices in the folders */
};

/*
 * The files, in the order of the names; a signature whose file is named as well counts with that
 * file. What is in a folder in the order of its names' bytes.
 * recursive: folders are gone through; links and special files in them are not followed, and a
 * signature whose file stands beside it counts with that file. Errors are told; named_files_free in
 * any case.
 */
enum outcome named_files_list(const struct job *job, const struct strlist *names, bool recursive,
    struct named_files *out) MUST_CHECK;
/* Each of the names, whatever it is. */
enum outcome named_files_each(
    const struct job *job, const struct strlist *names, struct named_files *out) MUST_CHECK;
void named_files_free(struct named_files *n);

#endif
