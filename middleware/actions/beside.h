/* SPDX-License-Identifier: BSD-2-Clause */
/* A file and its signature beside it: which go together, by their names and by what they hold. */
#ifndef ECERT_ACTIONS_BESIDE_H
#define ECERT_ACTIONS_BESIDE_H

#include <limits.h>
#include <stdbool.h>

#include "document/kind/kind.h"

/* By a file's first bytes; DOC_KIND_OTHER also for what is no file. */
enum doc_kind beside_kind_of(const char *path);

/*
 * Two names are one document, FILE and SIGNATURE in any order, by what the files hold: when one of
 * them is a signature (CMS, JAdES) and the other is none, when the one is called as the other and
 * ".p7s", or when one of them cannot be verified without the other. Else each is a document of its
 * own: each is a signed token, has its content inside, or has the file or the signature that goes
 * with it beside it.
 */
bool beside_is_pair(const char *a, const char *b);

/* The file that a signature goes with by its name: "a.pdf" of "a.pdf.p7s", and of a detached one
 * that another program called a.pdf.sig or the like, when that file is there. False: it is not
 * called as one, and content is empty. */
bool beside_content_of(const char *signature, char content[PATH_MAX]);
/* It has a name that a signature may have, whatever is in it. */
bool beside_is_called_one(const char *file);
/* The first signature that is there by its name: "a.pdf.p7s" of "a.pdf". False: there is none, and
 * that is what it would be called. */
bool beside_signature_of(const char *file, char signature[PATH_MAX]);
/* Whether a signature is verified with its file, which is no token. Of several beside a file that
 * is one; the others count by themselves, and so does one of a file that is called a signature
 * itself: that is verified with another file, or alone. */
bool beside_counts_with(const char *signature, char content[PATH_MAX]);

#endif
