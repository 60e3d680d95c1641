/* SPDX-License-Identifier: BSD-2-Clause */
/* The person and business that a certificate names, read leniently as e-Cert subjects are. */
#ifndef ECERT_DOCUMENT_IDENTITY_H
#define ECERT_DOCUMENT_IDENTITY_H

#include <jansson.h>
#include <time.h>

#include "util/rd.h"

#define IDENTITY_OUS 8

/*
 * Printable UTF-8, empty when the certificate does not say it; too long a value is cut. Control
 * bytes are shown as '?'.
 */
struct identity {
	char user_name[128]; /* CN */
	char org[192];	     /* O */
	char ou[IDENTITY_OUS][128];
	size_t ou_n;
	char br[17];	 /* first 16 characters of the OU of digits: business registration */
	char cr[33];	 /* the rest of that OU: certificate of incorporation, company registry */
	char email[192]; /* subjectAltName rfc822Name, else emailAddress */
	char srn[64];	 /* subscriber reference number: serialNumber or an OU/CN part "SRN..." */
	char country[8];
	char subject[384];   /* RFC 2253, one line */
	char issuer[384];    /* the same, of the CA */
	char issuer_cn[128]; /* "Hongkong Post e-Cert CA 2 - 15" */
	char serial[64];     /* hexadecimal */
	char sha256[65];     /* of the DER certificate, hexadecimal */
	time_t not_before, not_after;
	bool can_sign; /* keyUsage digitalSignature or nonRepudiation, or no keyUsage */
	bool has_key_usage;
	bool is_ca;
};

/* Errors: ECERT_E_MALFORMED when cert is not one DER certificate. */
enum ecert_rc identity_read(struct rd cert, struct identity *out) MUST_CHECK;
/* {"user_name":, "organisation":, "units":[], "br_no":, ...}; NULL when memory is out. */
json_t *identity_json(const struct identity *id);

#endif
