/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a certificate request is for, as people write it. */
#ifndef ECERT_PROVISION_SUBJECT_H
#define ECERT_PROVISION_SUBJECT_H

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "util/message.h"
#include "util/rd.h"

/*
 * "C=HK, O=Wong \, Sons Ltd, CN=WONG Mei" is read into name, RDN by RDN in the order
 * written: RFC 4514's escapes (a
 * backslash and two hexadecimal digits, or the next character as it is), values in quotes,
 * TYPE=A+TYPE=B in one RDN. Also "/C=HK/O=Wong Ltd/CN=WONG Mei", as OpenSSL has it. Errors:
 * ECERT_E_MALFORMED (why: a clause that says what is wrong).
 */
enum ecert_rc subject_parse(const char *text, X509_NAME *name, struct message_kept *why) MUST_CHECK;
/* Adds "email:a@b", "dns:host" or "uri:..." to list. Errors: ECERT_E_MALFORMED. */
enum ecert_rc san_parse(const char *text, GENERAL_NAMES *list, struct message_kept *why) MUST_CHECK;
/* Reads both from {"subject": [{"C": "HK"}, ...], "san": [...]}. Errors: ECERT_E_MALFORMED. */
enum ecert_rc template_parse(
    struct rd json, X509_NAME *name, GENERAL_NAMES *list, struct message_kept *why) MUST_CHECK;

#endif
