/* SPDX-License-Identifier: BSD-2-Clause */
/* What a signature says of itself by XAdES (EN 319 132-1, 5.2): signed properties, and the
 * certificate that they name. */
#ifndef ECERT_DOCUMENT_XML_CLAIMS_H
#define ECERT_DOCUMENT_XML_CLAIMS_H

#include "document/xml/beside.h"
#include "document/xml/verify.h"

/* Check "signed attributes": where they are, and that this signature signs them; what is told and
 * changes nothing. */
void xml_claims_check(const struct xml_sig *s, struct report *rep);
/* What it says, signed, of the kinds of files, to whoever has those (EN 319 132-1, 5.2.4). */
void xml_claims_kinds(const struct xml_sig *s, const struct xml_files *files);
/* SigningTime; 0: there is none, or it cannot be read, or nobody signed it. */
time_t xml_claims_time(const struct xml_sig *s);
/* static: "XAdES-B-B", "XAdES", "XML-Signature". */
const char *xml_claims_profile(const struct xml_sig *s);
/*
 * The signer's certificate: that of KeyInfo whose key made the signature, else one that the signed
 * properties name out of what is brought and what whoever verifies has given. NULL: it is not
 * there.
 */
X509 *xml_claims_cert(
    const struct xml_sig *s, const struct xml_beside *b, const struct doc_path *path);
/* Check "signing certificate". cert may be NULL. */
void xml_claims_check_cert(const struct xml_sig *s, X509 *cert, struct report *rep);

#endif
