/* SPDX-License-Identifier: BSD-2-Clause */
/* One value of a distinguished name: what kinds there are, and what each may hold. */
#ifndef ECERT_PROVISION_DN_H
#define ECERT_PROVISION_DN_H

#include <openssl/x509.h>

#include "util/message.h"
#include "util/rd.h"

/*
 * Adds TYPE=value (UTF-8). type: a short or long name in either case ("CN", "E", "emailAddress",
 * "organizationIdentifier") or dotted numbers. set: 0 for an RDN of its own, -1 for the last one's.
 * Errors: ECERT_E_MALFORMED; why then says what is wrong, as a clause: no such kind, empty, no
 * UTF-8, too long by X.520's bounds.
 */
enum ecert_rc dn_add(X509_NAME *name, const char *type, struct rd value, int set,
    struct message_kept *why) MUST_CHECK;
/* The value as RFC 4514, 2.4 has it behind '#': hexadecimal BER of a string. Errors: the same. */
enum ecert_rc dn_add_hex(X509_NAME *name, const char *type, const char *hex, int set,
    struct message_kept *why) MUST_CHECK;

#endif
