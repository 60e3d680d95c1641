/* SPDX-License-Identifier: BSD-2-Clause */
/* The signed attributes of one SignerInfo, read strictly. */
#ifndef ECERT_DOCUMENT_CADES_ATTRS_H
#define ECERT_DOCUMENT_CADES_ATTRS_H

#include <openssl/cms.h>
#include <time.h>

#include "document/report.h"
#include "util/rd.h"

struct cades_attrs {
	struct rd digest;	/* messageDigest; empty: absent */
	struct rd signing_cert; /* SigningCertificate or SigningCertificateV2, the whole SEQUENCE */
	bool v2;
	time_t when; /* signingTime; 0: absent */
};

/* Check "signed attributes". True: present and as EN 319 122-1, 6.3 wants them. The views live as
 * long as si. */
bool cades_attrs_read(CMS_SignerInfo *si, const ASN1_OBJECT *content_type, struct cades_attrs *out,
    struct report *rep);
/* Does the attribute's first ESSCertID name this certificate? (RFC 5035, 4: the others are the
 * chain's.) */
bool cades_attrs_name_cert(const struct cades_attrs *a, const X509 *cert);

#endif
