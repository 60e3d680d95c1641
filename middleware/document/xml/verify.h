/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying signatures in XML, and the seam to whoever has the files that they name. */
#ifndef ECERT_DOCUMENT_XML_VERIFY_H
#define ECERT_DOCUMENT_XML_VERIFY_H

#include "document/format.h"

/* Files that references name: those of a container. ctx is handed back. */
struct xml_files {
	void *ctx;
	/* Opens the only file of this name for reading, which the caller closes; *fd -1: there is
	 * none. What it returns else ends the verification. */
	enum ecert_rc (*open)(void *ctx, struct rd uri, int *fd);
	/* It is as it was signed, by the signature that is looked at. */
	void (*fits)(void *ctx, struct rd uri);
	/* Its signer says, signed, of what media type it is. */
	void (*kind)(void *ctx, struct rd uri, struct rd type);
	/* A signature begins. */
	void (*next)(void *ctx);
};

/* As doc_verify and doc_verify_fd. Errors also: ECERT_E_NOT_FOUND (ecert-wall is not there). */
enum ecert_rc xml_verify(struct rd xml, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;
enum ecert_rc xml_verify_fd(
    int fd, int content_fd, const struct doc_verify_options *o, struct doc_result **out) MUST_CHECK;
/* The same where the files are a container's. */
enum ecert_rc xml_verify_files(struct rd xml, const struct xml_files *files,
    const struct doc_verify_options *o, struct doc_result **out) MUST_CHECK;

#endif
