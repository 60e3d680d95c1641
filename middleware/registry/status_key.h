/* SPDX-License-Identifier: BSD-2-Clause */
/* The key that says statuses: P-256 in a file of its service, with a certificate of its own so that
 * it has a kid as every key of an issuer. */
#ifndef ECERT_REGISTRY_STATUS_KEY_H
#define ECERT_REGISTRY_STATUS_KEY_H

#include <time.h>

#include "document/signer.h"

#define STATUS_KEY_MAX 16384u /* bytes of its file */

struct status_key;

/* A new one for this issuer: private key and certificate as PEM. Errors: ECERT_E_CRYPTO,
 * ECERT_E_MEMORY. */
enum ecert_rc status_key_make(const char *issuer, time_t now, struct buf *pem) MUST_CHECK;
/* Errors: ECERT_E_MALFORMED (no key and certificate that belong together), ECERT_E_KEY_TYPE (not
 * P-256), ECERT_E_CRYPTO, ECERT_E_MEMORY. */
enum ecert_rc status_key_read(struct rd pem, struct status_key **out) MUST_CHECK;
void status_key_free(struct status_key **k);

/* Its x5t#S256, and its certificate; both as long as k. */
const char *status_key_kid(const struct status_key *k);
struct rd status_key_cert(const struct status_key *k);
/* A signer over it, as long as k, and not for two threads at once. */
struct doc_signer status_key_signer(const struct status_key *k);

#endif
