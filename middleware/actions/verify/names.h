/* SPDX-License-Identifier: BSD-2-Clause */
/* What the names on a line stand for: a file and its signature, or documents one by one. */
#ifndef ECERT_ACTIONS_VERIFY_NAMES_H
#define ECERT_ACTIONS_VERIFY_NAMES_H

#include <limits.h>
#include <stdbool.h>

#include "ui/job.h"

/*
 * Two names are one document, FILE and SIGNATURE in any order, by what the files hold: when one of
 * them is a signature (CMS, JAdES) and the other is none, when the one is called as the other and
 * ".p7s", or when one of them cannot be verified without the other. Else each is a document of its
 * own: each is a signed token, has its content inside, or has the file or the signature that goes
 * with it beside it.
 */
bool verify_is_pair(const char *a, const char *b);

/* The file that a signature goes with by its name: "a.pdf" of "a.pdf.p7s", and of a detached one
 * that another program called a.pdf.sig or the like, when that file is there. False: it is not
 * called as one, and content is empty. */
bool verify_content_of(const char *signature, char content[PATH_MAX]);
/* The first signature that is there by its name: "a.pdf.p7s" of "a.pdf". False: there is none, and
 * that is what it would be called. */
bool verify_signature_of(const char *file, char signature[PATH_MAX]);

struct verify_name {
	char *path;
	bool found; /* in a folder */
};

struct verify_names {
	struct verify_name *v;
	size_t n;
	size_t left_out; /* links, pipes and devices in the folders */
};

/*
 * The documents, in the order of the names; a signature whose file is named as well counts with
 * that file. What is in a folder in the order of its names' bytes.
 * recursive: folders are gone through; links and special files in them are not followed, and a
 * signature whose file stands beside it counts with that file. Errors are told; verify_names_free
 * in any case.
 */
enum outcome verify_names_list(const struct job *job, const struct strlist *names, bool recursive,
    struct verify_names *out) MUST_CHECK;
void verify_names_free(struct verify_names *n);

#endif
