/* SPDX-License-Identifier: BSD-2-Clause */
/* The CA's certificates that an e-Cert token keeps for its own (applet.md, object 5FFF21). */
#ifndef ECERT_PROVISION_CHAINOBJ_H
#define ECERT_PROVISION_CHAINOBJ_H

#include <openssl/x509.h>

#include "provision/prov.h"
#include "util/buf.h"

/* The object's room. */
#define CHAIN_OBJECT_MAX 3072

/* Certificates above the token's own added to list, owned by it; none is no error. What is no
 * certificate ends the list. Errors: token_data_get's. */
enum ecert_rc chain_object_get(const struct prov *p, STACK_OF(X509) * list) MUST_CHECK;
/* Puts these in front of what is there, roots and repetitions left out, as many as fit. A token
 * without the object is left as it is. TOKEN_SO must be logged in. Errors: token_data_put's,
 * ECERT_E_MEMORY. */
enum ecert_rc chain_object_add(struct prov *p, const STACK_OF(X509) * fresh) MUST_CHECK;

/* Says what keeps others from verifying this certificate's signatures: its CA's is neither among
 * these nor on the token, or the token cannot keep it. issuer: its name. True when nothing does. */
bool chain_told(const struct prov *p, const STACK_OF(X509) * fresh, X509 *leaf, const char *issuer);

#endif
