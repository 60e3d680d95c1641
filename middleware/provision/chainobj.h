/* SPDX-License-Identifier: BSD-2-Clause */
/* The CA's certificates that an e-Cert token keeps for its own (applet.md, object 5FFF21). */
#ifndef ECERT_PROVISION_CHAINOBJ_H
#define ECERT_PROVISION_CHAINOBJ_H

#include <openssl/x509.h>

#include "provision/prov.h"
#include "util/buf.h"

/* The object's room. */
#define CHAIN_OBJECT_MAX 3072

/* Adds the CA's certificates that the token keeps to list, which owns them; that there are none is
 * no error. Reading ends at what is no certificate. Errors: token_data_get's. */
enum ecert_rc chain_object_get(const struct prov *p, STACK_OF(X509) * list) MUST_CHECK;
/* Writes these in front of what the object holds, without roots and repetitions, as many as fit. A
 * token without the object is left as it is. TOKEN_SO must be logged in. Errors: token_data_put's,
 * ECERT_E_MEMORY. */
enum ecert_rc chain_object_add(struct prov *p, const STACK_OF(X509) * fresh) MUST_CHECK;

/* Says what keeps others from verifying this certificate's signatures: its CA's
 * certificate is neither among these nor on the token, or the token cannot keep it. issuer is the
 * CA's name. Returns true when nothing does. */
bool chain_told(const struct prov *p, const STACK_OF(X509) * fresh, X509 *leaf, const char *issuer);

#endif
