/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that the names on a line stand for, with those in folders. */
#ifndef ECERT_ACTIONS_NAMES_H
#define ECERT_ACTIONS_NAMES_H

#include <stdbool.h>
#include <sys/types.h>

#include "ui/job.h"

/* A folder that was gone through: a link that takes its place is no way to another one. */
struct named_folder {
	dev_t dev;
	ino_t ino;
	struct named_folder *next;
	struct named_files *of;
};

struct named_file {
	char *path;
	struct named_folder *folder; /* that it was found in; NULL: it was named */
};

/* A file beside this one, or itself, for reading; -1 with errno. One that was found is no link, is
 * not waited for, and is in the folder where it was found: ELOOP when that was another one as the
 * first of its files was opened. Not for two threads. */
int named_file_open(const struct named_file *f, const char *path);

struct named_files {
	struct named_file *v;
	size_t n;
	struct named_folder *folders;	 /* owned, with those behind it */
	const struct named_folder *open; /* of them that of fd; NULL: none is open */
	int fd;
	size_t left_out; /* links, pipes and devices in the folders */
	/* Those that were named, in the order of their bytes: owned, but for what it points to. */
	const char **named;
	size_t named_n;
};

/*
 * Every file, in the order of the names; what is in a folder in the order of its names' bytes.
 * recursive: folders are gone through; links and special files in them are not followed. No file is
 * looked into, so that it is quick. Errors are told; named_files_free in any case; names has to
 * outlive out, and out stays where it is.
 */
enum outcome named_files_list(const struct job *job, const struct strlist *names, bool recursive,
    struct named_files *out) MUST_CHECK;
/* The i-th is a signature that counts with its file, which is another one of them: it stands beside
 * it in a folder, or is named as well. Looks into files. */
bool named_file_follows(const struct named_files *n, size_t i);
/* One of them, or what stands beside it and goes with it, is the file of this name. Looks into
 * files when there is one. */
bool named_files_read(const struct named_files *n, const char *path);
/* Those go. */
void named_files_settle(struct named_files *n);
/* Each of the names, whatever it is. */
enum outcome named_files_each(
    const struct job *job, const struct strlist *names, struct named_files *out) MUST_CHECK;
void named_files_free(struct named_files *n);

#endif
