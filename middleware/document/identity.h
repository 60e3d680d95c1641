/* SPDX-License-Identifier: BSD-2-Clause */
/* The person and business that a certificate names, read leniently as e-Cert subjects are. */
#ifndef ECERT_DOCUMENT_IDENTITY_H
#define ECERT_DOCUMENT_IDENTITY_H

#include <jansson.h>
#include <openssl/x509.h>
#include <time.h>

#include "util/rd.h"

#define IDENTITY_OUS 12
/* 64 characters (X.520, annex C) of four bytes, and room to see that one is longer. */
#define IDENTITY_VALUE 272

/*
 * UTF-8, empty when the certificate does not say it. A value that is longer than its room ends in
 * "…": two names that differ further on must not look alike. Control characters are in it as the
 * certificate has them: JSON escapes them, and whoever shows a line masks it (util/text.h).
 */
struct identity {
	char name[3 * IDENTITY_VALUE];	/* for people: "CHAN Siu Ming, Harbour Lights Ltd." */
	char user_name[IDENTITY_VALUE]; /* CN */
	char org[IDENTITY_VALUE];	/* O */
	/*
	 * The organisation: O, but not where O is the certificate's type, as in "Hongkong Post
	 * e-Cert (Organisational)". There it is among the OUs, beside branch, numbers and SRN; in
	 * two languages both names are here, and all OUs that are names when none stands out.
	 */
	char company[2 * IDENTITY_VALUE];
	char cert_type[IDENTITY_VALUE]; /* O where it is that, else empty */
	char unit[2 * IDENTITY_VALUE];	/* the other OUs that are names: branch, department */
	char ou[IDENTITY_OUS][IDENTITY_VALUE];
	size_t ou_n;
	char br[17]; /* first 16 characters of the OU of digits: business registration */
	char cr[33]; /* the rest of that OU: certificate of incorporation, company registry */
	char email[IDENTITY_VALUE]; /* subjectAltName rfc822Name, else emailAddress */
	char srn[64]; /* subscriber reference number: serialNumber or an OU/CN part "SRN..." */
	char country[8];
	char subject[2048];		/* RFC 2253, one line */
	char issuer[2048];		/* the same, of the CA */
	char issuer_cn[IDENTITY_VALUE]; /* "Hongkong Post e-Cert CA 2 - 15" */
	char serial[64];		/* hexadecimal */
	char sha256[65];		/* of the DER certificate, hexadecimal */
	time_t not_before, not_after;
	bool can_sign; /* keyUsage digitalSignature or nonRepudiation, or no keyUsage */
	bool has_key_usage;
	bool is_ca;
};

/* Errors: ECERT_E_MALFORMED when cert is not one DER certificate. */
enum ecert_rc identity_read(struct rd cert, struct identity *out) MUST_CHECK;
/* The same of one that was parsed before, which takes longer than all the rest. */
enum ecert_rc identity_of(X509 *x, struct identity *out) MUST_CHECK;
/* {"name":, "user_name":, "organisation": the company, "certificate_type":, "unit":, "units":[]
 * (all OUs), "br_no":, ...}; NULL when memory is out. */
json_t *identity_json(const struct identity *id);

#endif
