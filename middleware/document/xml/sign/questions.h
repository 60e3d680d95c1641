/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked about an XML file that gets a signature inside, and answered through the wall. */
#ifndef ECERT_DOCUMENT_XML_SIGN_QUESTIONS_H
#define ECERT_DOCUMENT_XML_SIGN_QUESTIONS_H

/* The operation; input 0 is the file. Request: u8 enum xsign_profile. */
#define XSIGN_PLAN_OP "xml-plan"

enum xsign_profile {
	XSIGN_PROFILE_FITTING, /* UBL for its documents, else plain */
	XSIGN_PROFILE_PLAIN,   /* the last child of the document element */
	XSIGN_PROFILE_UBL,     /* in UBLExtensions (UBL Digital Signature Profiles 1.0) */
	XSIGN_PROFILE_COUNT
};

/* Where the signature goes. */
enum xsign_place {
	XSIGN_AT_END,	      /* the last child of the document element */
	XSIGN_UBL_FIRST,      /* with UBLExtensions of its own, which come first */
	XSIGN_UBL_EXTENSION,  /* with a UBLExtension of its own */
	XSIGN_UBL_SIGNATURES, /* among the sig:UBLDocumentSignatures that are there */
	XSIGN_PLACE_COUNT
};

/* Why nothing is to be signed. The sentences are in refusal.c. */
enum xsign_refusal {
	XSIGN_GOOD,
	XSIGN_BROKEN, /* not well-formed, also in its namespaces */
	XSIGN_DOCTYPE,
	XSIGN_ENCODING, /* one in which an end tag is not found byte by byte */
	XSIGN_VERSION,	/* 1.1, for which there is no canonical form */
	XSIGN_SAME_IDS, /* two elements have one Id */
	XSIGN_COVERED,	/* a signature that is there would break */
	XSIGN_NOT_UBL,	/* UBL was asked for */
	XSIGN_RELATIVE, /* a namespace is a relative URI, which has no canonical form */
	XSIGN_REFUSAL_COUNT
};

#define XSIGN_FILE_MAX	     (32u << 20)
#define XSIGN_DEPTH_MAX	     256
#define XSIGN_SIGNATURES_MAX 16 /* that are there */
#define XSIGN_ID_MAX	     128

/*
 * Answer: u8 enum xsign_refusal, and nothing more unless XSIGN_GOOD; u8 enum xsign_place; u64
 * where; u16 length, name of the element: when it is not empty, an empty-element tag of that name
 * ends there with "/>", for which there has to be ">" before and an end tag behind; u8 how many
 * signatures are there in all; u16 length, cbc:ID of the only cac:Signature (UBL); u16 number of
 * ds:SignatureValue that can be referred to, of each u16 length, Id, u32 length, its exclusive
 * canonical form; u32 length, what is digested of the document with everything in place but the
 * signatures.
 */

#endif
