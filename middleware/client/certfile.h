/* SPDX-License-Identifier: BSD-2-Clause */
/* Files with certificates, in every form in which CAs send them. */
#ifndef ECERT_CLIENT_CERTFILE_H
#define ECERT_CLIENT_CERTFILE_H

#include <openssl/x509.h>

#include "ui/job.h"

/*
 * Adds the certificates of a file to list (which may be NULL for want of memory), in the file's
 * order, each of them once: PEM, one or many; DER; a .p7b (certs-only SignedData, RFC 8551, 3.8) in
 * PEM or DER; and either in base64 without PEM's lines. A file without any is an error. Reports its
 * errors, and says what else the file is.
 */
enum outcome certfile_load(
    const struct job *job, const char *path, STACK_OF(X509) * list) MUST_CHECK;

/* The same of a file's bytes. Errors: ECERT_E_NOT_FOUND and ECERT_E_MALFORMED (there is none),
 * ECERT_E_MEMORY. */
enum ecert_rc certfile_read(struct rd text, STACK_OF(X509) * list) MUST_CHECK;

/* Finds the certificate among these that issued x; NULL when none of them did. */
X509 *certfile_issuer(const STACK_OF(X509) * list, X509 *x);
/* Puts x's issuer first, then that one's and so on; the others stay behind them in their order. */
void certfile_order(STACK_OF(X509) * list, X509 *x);

#endif
