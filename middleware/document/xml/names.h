/* SPDX-License-Identifier: BSD-2-Clause */
/* The names that XML signatures use: namespaces, and algorithms by their URIs (RFC 9231). */
#ifndef ECERT_DOCUMENT_XML_NAMES_H
#define ECERT_DOCUMENT_XML_NAMES_H

/* ---- namespaces ---- */
#define XMLN_DSIG     "http://www.w3.org/2000/09/xmldsig#"
#define XMLN_XADES132 "http://uri.etsi.org/01903/v1.3.2#"
#define XMLN_XADES141 "http://uri.etsi.org/01903/v1.4.1#"
#define XMLN_XADES122 "http://uri.etsi.org/01903/v1.2.2#"
#define XMLN_XADES111 "http://uri.etsi.org/01903/v1.1.1#"
#define XMLN_EXC_C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define XMLN_XPATH2   "http://www.w3.org/2002/06/xmldsig-filter2"
#define XMLN_XML      "http://www.w3.org/XML/1998/namespace"
#define XMLN_WSU                                                                                   \
	"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define XMLN_ASIC    "http://uri.etsi.org/02918/v1.2.1#"
#define XMLN_UBL_EXT "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"
#define XMLN_UBL_CAC "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
#define XMLN_UBL_CBC "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
#define XMLN_UBL_SIG "urn:oasis:names:specification:ubl:schema:xsd:CommonSignatureComponents-2"

/* ---- types of references ---- */
#define XMLN_TYPE_MANIFEST   XMLN_DSIG "Manifest"
#define XMLN_TYPE_PROPERTIES "http://uri.etsi.org/01903#SignedProperties"
#define XMLN_TYPE_COUNTER    "http://uri.etsi.org/01903#CountersignedSignature"

/* ---- canonicalization ---- */
#define XMLN_C14N10	     "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define XMLN_C14N10_COMMENTS XMLN_C14N10 "#WithComments"
#define XMLN_C14N11	     "http://www.w3.org/2006/12/xml-c14n11"
#define XMLN_C14N11_COMMENTS XMLN_C14N11 "#WithComments"
#define XMLN_EXC	     XMLN_EXC_C14N
#define XMLN_EXC_COMMENTS    XMLN_EXC_C14N "WithComments"

/* ---- transforms ---- */
#define XMLN_ENVELOPED XMLN_DSIG "enveloped-signature"
#define XMLN_BASE64    XMLN_DSIG "base64"
#define XMLN_XPATH     "http://www.w3.org/TR/1999/REC-xpath-19991116"
#define XMLN_XSLT      "http://www.w3.org/TR/1999/REC-xslt-19991116"

/* ---- digests and signatures: their tables are in algs.h ---- */
#define XMLN_MORE   "http://www.w3.org/2001/04/xmldsig-more#"
#define XMLN_MORE07 "http://www.w3.org/2007/05/xmldsig-more#"
#define XMLN_XMLENC "http://www.w3.org/2001/04/xmlenc#"
#define XMLN_SHA1   XMLN_DSIG "sha1"
#define XMLN_SHA256 XMLN_XMLENC "sha256"
#define XMLN_SHA384 XMLN_MORE "sha384"
#define XMLN_SHA512 XMLN_XMLENC "sha512"

#endif
