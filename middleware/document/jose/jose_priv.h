/* SPDX-License-Identifier: BSD-2-Clause */
/* What the makers of JWS share. */
#ifndef ECERT_DOCUMENT_JOSE_PRIV_H
#define ECERT_DOCUMENT_JOSE_PRIV_H

#include <jansson.h>

#include "document/signer.h"

/* Whether a file begins as one: base64url of an object, and where it is not written "eyJ", a dot.
 */
bool jose_begins(struct rd head);
/* Header member x5c: the certificate of the key, and its chain (RFC 7515, 4.1.6). Errors:
 * ECERT_E_MEMORY. */
enum ecert_rc jws_set_x5c(json_t *header, const struct doc_signer *s) MUST_CHECK;
/* Appends base64url of the value's text, in the order of its members. Errors: ECERT_E_DATA, out's.
 */
enum ecert_rc jws_put_json(struct buf *out, const json_t *value) MUST_CHECK;

#endif
