/* SPDX-License-Identifier: BSD-2-Clause */
/* Name constraints by the host that a name really has. */
#ifndef ECERT_TRUST_PATH_SUBTREES_H
#define ECERT_TRUST_PATH_SUBTREES_H

#include <openssl/x509.h>
#include <stdbool.h>

/*
 * Excluded subtrees of hosts, e-mail addresses and URIs, and permitted ones of URIs, in a path that
 * OpenSSL accepts (leaf first): it compares the text of a name, which a user, a query or a dot at
 * the end makes another one. RFC 5280, 4.2.1.10. X509_V_OK, or an error of OpenSSL's, *depth:
 * whose.
 */
int path_subtrees_defect(const STACK_OF(X509) * chain, int *depth);

/* OpenSSL refuses the names of this certificate of the chain as not permitted: whether that is so
 * only because it takes a user, a query or a fragment for a part of a URI's host. Each CA above is
 * asked again about the same certificate with the hosts alone. */
bool path_subtrees_permit(const STACK_OF(X509) * chain, int depth);

#endif
