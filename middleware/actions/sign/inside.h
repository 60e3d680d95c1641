/* SPDX-License-Identifier: BSD-2-Clause */
/* Files whose signature goes inside: looked at before the PIN, then written anew. */
#ifndef ECERT_ACTIONS_SIGN_INSIDE_H
#define ECERT_ACTIONS_SIGN_INSIDE_H

#include "actions/reading.h"
#include "actions/sign/sign.h"
#include "actions/sign/stamping.h"
#include "document/format.h"

/* What one of the files is signed in. */
struct sign_item {
	const struct doc_format *format;
	bool inside;		    /* of the file itself */
	struct doc_prepared *ready; /* of a format that signs inside */
	bool unstamped;		    /* a time stamp was wanted, and nobody gave one */
};

/* Where the signed file, or the signature, goes; NULL: its name is too long. */
const char *sign_target(const struct sign_deed *d, const struct sign_item *item, const char *file,
    char *path, size_t cap);
/* Whether this open file gets its signature inside. */
bool sign_goes_inside(const struct sign_deed *d, const struct doc_format *f, int fd);
/* Looks at the file; says why it is not signed (OUT_REFUSED). */
enum outcome sign_prepare(const struct job *job, const struct signing *s, const struct sign_deed *d,
    const char *file, struct sign_item *item) MUST_CHECK;
/* Signs it with key, which is that of s. *rc is what the format said, for whoever words it; what
 * went wrong with the output is told here. */
enum outcome sign_inside(const struct job *job, const struct signing *s,
    const struct doc_signer *key, const struct sign_deed *d, const char *file,
    const struct sign_item *item, struct reading *bar, struct stamping *stamps,
    enum ecert_rc *rc) MUST_CHECK;

/* Of what a signed version of it is called, the file: "invoice.pdf" of "invoice-signed.pdf". */
bool sign_file_of(const char *path, char *file, size_t cap) MUST_CHECK;

#endif
