/* SPDX-License-Identifier: BSD-2-Clause */
/* Name constraints by the host that a name really has. */
#ifndef ECERT_TRUST_PATH_SUBTREES_H
#define ECERT_TRUST_PATH_SUBTREES_H

#include <openssl/x509.h>

/*
 * Excluded subtrees of hosts, e-mail addresses and URIs, and permitted ones of URIs, in a path that
 * OpenSSL accepts (leaf first): it compares the text of a name, which a user, a query or a dot at
 * the end makes another one. RFC 5280, 4.2.1.10. X509_V_OK, or an error of OpenSSL's, *depth:
 * whose.
 */
int path_subtrees_defect(const STACK_OF(X509) * chain, int *depth);

#endif
