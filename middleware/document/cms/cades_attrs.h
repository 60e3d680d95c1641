/* SPDX-License-Identifier: BSD-2-Clause */
/* The signed attributes of one SignerInfo, read strictly. */
#ifndef ECERT_DOCUMENT_CADES_ATTRS_H
#define ECERT_DOCUMENT_CADES_ATTRS_H

#include <openssl/cms.h>
#include <time.h>

#include "document/report.h"
#include "util/buf.h"
#include "util/rd.h"

/* Most have 300 bytes. */
#define CADES_ATTRS_SHORT 1024

struct cades_attrs {
	int n;			  /* how many there are */
	bool counter;		  /* those of a counter-signature */
	bool unordered;		  /* they came in another order than DER's */
	struct rd digest;	  /* messageDigest; empty: absent */
	struct rd ess_v1, ess_v2; /* SigningCertificate, SigningCertificateV2: the whole SEQUENCE */
	bool ess_doubled;	  /* one of them is there twice */
	time_t when;		  /* signingTime; 0: absent */
	struct rd raw;		  /* as they stand in the document; empty: not known */
	/* As they are signed, where they are that short: a SET OF in DER; set_n 0: not. */
	size_t set_n;
	uint8_t set[CADES_ATTRS_SHORT]; /* nobody's behind set_n */
};

/* One of the attributes is there that name the certificate. */
bool cades_attrs_has_ess(const struct cades_attrs *a);

/*
 * Check "signed attributes". True: present, as RFC 5652, 11 wants them, and in DER; which of
 * CAdES's own (EN 319 122-1, 6.3) are there is told, for files of another profile are judged by
 * theirs. si's are put into DER's order, since that is what a signature is over (RFC 5652, 5.4),
 * whatever order they came in. content_type NULL: a counter-signature's. raw: si's attributes as
 * they stand in the document, without head, or empty: only spares their being encoded anew. The
 * views live as long as si.
 */
bool cades_attrs_read(CMS_SignerInfo *si, const ASN1_OBJECT *content_type, struct rd raw,
    struct cades_attrs *out, struct report *rep);
/* The same of a time-stamp token (RFC 3161, 2.4.2), which claims no signingTime. */
bool cades_attrs_read_token(CMS_SignerInfo *si, const ASN1_OBJECT *content_type,
    struct cades_attrs *out, struct report *rep);
/* Appends them as they are signed: a SET OF in DER, once they were read. Errors: buf_rc's,
 * ECERT_E_MALFORMED. */
enum ecert_rc cades_attrs_der(const CMS_SignerInfo *si, struct buf *out) MUST_CHECK;
/* Does the attribute name this certificate (both, where there are two)? It is the first ESSCertID
 * that does (RFC 5035, 4: the others are the chain's), by digest and by issuer and serial number.
 */
bool cades_attrs_name_cert(const struct cades_attrs *a, const X509 *cert);
/* Check "signing certificate": the same, told. */
void cades_attrs_check_cert(const struct cades_attrs *a, const X509 *cert, struct report *rep);

/* Where the next signed attribute of this type (the contents of an OBJECT IDENTIFIER) is behind a
 * place, -1 for all; -1: there is none. */
int cades_attrs_at(const CMS_SignerInfo *si, struct rd type, int behind);

#endif
