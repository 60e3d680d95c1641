/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked about signatures in XML that are made to last, and answered through the wall. */
#ifndef ECERT_DOCUMENT_XML_EXTEND_QUESTIONS_H
#define ECERT_DOCUMENT_XML_EXTEND_QUESTIONS_H

/* The operation; input 0 is the file. Request: nothing. */
#define XEXT_PLACES_OP "xml-places"

/* Why nothing is added: to the file, or to one signature of it. The sentences are in plan.c. */
enum xext_refusal {
	XEXT_GOOD,
	XEXT_BROKEN,   /* it is not read as XML, or has too many signatures */
	XEXT_ENCODING, /* one in which an end tag is not found byte by byte */
	XEXT_PLAIN,    /* an XML Signature without XAdES, or with properties of another one */
	XEXT_OLD,      /* XAdES of a namespace before 1.3.2, which has no baseline profile */
	XEXT_COVERED,  /* a signature covers the place, and would break */
	XEXT_REFUSAL_COUNT
};

/* What an unsigned property goes into as the last child, with the elements that lack around it. */
enum xext_place {
	XEXT_IN_QUALIFYING, /* QualifyingProperties without UnsignedProperties */
	XEXT_IN_UNSIGNED,   /* UnsignedProperties without UnsignedSignatureProperties: as its first
			       child, as the schema has it */
	XEXT_IN_SIGNATURE,  /* UnsignedSignatureProperties */
	XEXT_PLACE_COUNT
};

#define XEXT_VALUE_MAX (64u << 10) /* of a SignatureValue */
#define XEXT_NAME_MAX  1024

/*
 * Answer: u8 enum xext_refusal, and with XEXT_GOOD u8 number of signatures that are no
 * counter-signatures, in their order, and of each: u8 enum xext_refusal, and with XEXT_GOOD u8 enum
 * xext_place; u64 where; string, the name of the element: when it is not empty, an empty-element
 * tag of that name ends there with "/>", for which there has to be ">" before and an end tag
 * behind; string, the Id of its last time stamp; u8 1 when it has CertificateValues or
 * RevocationValues; string, the exclusive canonical form of its SignatureValue. A string is u32
 * length and bytes.
 */

#endif
