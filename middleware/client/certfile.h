/* SPDX-License-Identifier: BSD-2-Clause */
/* Files with certificates, in every form in which CAs send them. */
#ifndef ECERT_CLIENT_CERTFILE_H
#define ECERT_CLIENT_CERTFILE_H

#include <openssl/x509.h>

#include "ui/job.h"

/*
 * The certificates of a file added to list (which may be NULL for want of memory), in its order,
 * each once: PEM, one or many; DER; a .p7b (certs-only SignedData, RFC 8551, 3.8) in PEM or DER;
 * and either in base64 without PEM's lines. One at least. Reports its errors, and what else the
 * file is.
 */
enum outcome certfile_load(
    const struct job *job, const char *path, STACK_OF(X509) * list) MUST_CHECK;

/* Who issued x, among these: NULL when nobody did. */
X509 *certfile_issuer(const STACK_OF(X509) * list, X509 *x);
/* Puts x's issuer first, then that one's and so on; the others stay behind them in their order. */
void certfile_order(STACK_OF(X509) * list, X509 *x);

#endif
