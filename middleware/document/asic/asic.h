/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers in the table of formats: ASiC-S and ASiC-E (EN 319 162-1). */
#ifndef ECERT_DOCUMENT_ASIC_H
#define ECERT_DOCUMENT_ASIC_H

#include "document/format.h"

extern const struct doc_format format_asic;

/* As doc_verify and doc_verify_fd; there is no file beside a container. Errors also:
 * ECERT_E_NOT_FOUND (ecert-wall is not there). */
enum ecert_rc asic_verify(struct rd container, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;
enum ecert_rc asic_verify_fd(
    int fd, int content_fd, const struct doc_verify_options *o, struct doc_result **out) MUST_CHECK;

/* ---- making one ---- */
/* Takes the container's next bytes. */
typedef enum ecert_rc asic_put_fn(void *ctx, struct rd part);

/* EN 319 162-1, 4.3 and 4.4. */
enum asic_make {
	ASIC_E_CADES, /* any number of files, their manifest, and a signature over that */
	ASIC_E_XADES, /* a signature that refers to each file */
	ASIC_S_CADES, /* one file, and its signature */
	ASIC_S_XADES,
	ASIC_MAKE_COUNT
};

/*
 * Puts a whole container with the files and a signature of level B-B, or B-T when o has a stamp. It
 * is digested before the signer is asked, and written after. Errors: doc_sign_message's, put's,
 * ECERT_E_IO, ECERT_E_CANCELLED, ECERT_E_TOO_LARGE (4 GiB together), ECERT_E_EXISTS (two files of
 * one name), ECERT_E_ARG (a name, or another number of files than there may be), ECERT_E_DATA (a
 * file changed meanwhile).
 */
enum ecert_rc asic_sign(enum asic_make what, const struct doc_signer *s,
    const struct doc_sign_options *o, const struct doc_file *files, size_t n, asic_put_fn *put,
    void *ctx) MUST_CHECK;
/* A file may be called so in a container. */
bool asic_may_be_called(const char *name);

#endif
