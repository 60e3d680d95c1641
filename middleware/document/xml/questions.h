/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall is asked about XML with signatures, and answers. */
#ifndef ECERT_DOCUMENT_XML_QUESTIONS_H
#define ECERT_DOCUMENT_XML_QUESTIONS_H

#define XML_FILE_MAX	   (64u << 20)
#define XML_OCTETS_MAX	   (60u << 20) /* of one signature, what is digested */
#define XML_DEPTH_MAX	   256
#define XML_NODES_MAX	   2000000
#define XML_SIGNATURES_MAX 64
#define XML_REFERENCES_MAX 10000 /* of all signatures of a file */
#define XML_TRANSFORMS_MAX 16	 /* of one reference */
#define XML_FACTS_MAX	   4096	 /* of one signature's properties */
#define XML_PATH_MAX	   512

/*
 * XML_SIGNATURES_OP. Input: the file. Request: u32 the first signature that is wanted.
 * Answer: u8 an enum xml_state; with XML_READ u32 number of signatures in the file, u32 of
 * references, u8 1 when references were left out, u32 how many signatures follow (those that fit;
 * at least one when there is one), and of each: its path; its Id; u32 the signature whose unsigned
 * properties it is in, from 1 (0: none); URIs of its canonicalization and its method; of RSA-PSS
 * parameters the URIs of the digest and of MGF1's, and u32 the length of the salt (XML_NO_NUMBER:
 * not said); u32 octets of SignedInfo; SignatureValue as it stands; u32 number of certificates,
 * each as it stands in KeyInfo; u32 number of references, and of each: u8 an enum xml_reference, u8
 * an enum xml_place, u8 XML_REF_ flags, u32 the signature whose value it is about, from 1; URI;
 * Type; the digest's URI and value as it stands; path of what it selects; what an unknown transform
 * is called, or of XML_OUTSIDE the transforms' URIs with blanks between; u32 its octets; what is
 * not signed: u32 how many parts, the first one's path, u8 1 when the signer left parts out that
 * are known to hold signatures alone; u32 comments that are not signed and stand in text that is,
 * the path of the first one's element; u8 an enum xml_properties, the namespace of the properties,
 * u32 number of facts, and of each u8 an enum xml_fact, three strings, u32 octets. Behind the last
 * signature: u32 number of octets, each a string, which is what the numbers of octets count from 0
 * (XML_NO_NUMBER: none). A string is u32 length and bytes, UTF-8 where it comes out of the
 * document's text.
 */
#define XML_SIGNATURES_OP "xml-signatures"
/*
 * Input: a file that a reference is about. Request: the transforms' URIs, blanks between, all of
 * them canonicalizations or base64. Answer: u8 an enum xml_reference, and with XML_OCTETS those.
 */
#define XML_TRANSFORM_OP "xml-transform"

#define XML_NO_NUMBER 0xFFFFFFFFu

enum xml_state {
	XML_READ,
	XML_BROKEN,   /* no XML, or not well formed */
	XML_DOCTYPE,  /* it declares a document type */
	XML_TOO_DEEP, /* elements in elements, more than are read */
	XML_TOO_MANY, /* nodes */
	XML_CHARSET,  /* in a character set that is not read */
	XML_STATE_COUNT
};

/* What came of a reference. */
enum xml_reference {
	XML_OCTETS,    /* octets has them */
	XML_OUTSIDE,   /* about a file of its own */
	XML_NOT_THERE, /* no element has this Id */
	XML_DOUBLED,   /* several have it */
	XML_POINTER,   /* an XPointer of a kind that is not read */
	XML_TRANSFORM, /* a transform that is not known, or not followed */
	XML_UNDONE,    /* a transform that could not be done */
	XML_TOO_LARGE, /* more octets than are looked at */
	XML_REFERENCE_COUNT
};

/* Where in the document that is which a reference selects. */
enum xml_place {
	XML_NOWHERE,
	XML_WHOLE,	    /* the document, or its outermost element */
	XML_ELEMENT,	    /* another element of it */
	XML_OWN_OBJECT,	    /* in an Object of this very signature */
	XML_OWN_PROPERTIES, /* its SignedProperties, where they have to be */
	XML_OWN_KEY,	    /* in its KeyInfo */
	XML_OWN_OTHER,	    /* elsewhere in it */
	XML_VALUE,	    /* the SignatureValue of another signature */
	XML_PLACE_COUNT
};

#define XML_REF_MANIFEST 1  /* stands in a Manifest, which is signed */
#define XML_REF_CUT	 2  /* transforms leave out more than signatures */
#define XML_REF_EMPTY	 4  /* nothing is left */
#define XML_REF_NO_URI	 8  /* there is no URI at all */
#define XML_REF_NODES	 16 /* of nodes, which became octets by C14N 1.0 at the end */

enum xml_properties {
	XML_PLAIN,     /* no XAdES */
	XML_QUALIFIED, /* one QualifyingProperties, about this signature */
	XML_OTHERS,    /* its Target is not this signature */
	XML_SEVERAL,   /* more than one */
	XML_PROPERTIES_COUNT
};

/* One property: what its three strings and its octets are. */
enum xml_fact {
	XML_FACT_TIME,	     /* SigningTime */
	XML_FACT_CERT,	     /* URI of a digest, its value, the issuer's serial number (V1) */
	XML_FACT_POLICY,     /* Id; URI of its digest; value */
	XML_FACT_IMPLIED,    /* a policy that is not named */
	XML_FACT_FORMAT,     /* MimeType; ObjectReference; URI of that reference */
	XML_FACT_COMMITMENT, /* Id */
	XML_FACT_ROLE,	     /* a claimed role */
	XML_FACT_PLACE,	     /* of production */
	XML_FACT_STAMP,	     /* a token in base64; octets that it is about */
	XML_FACT_ARCHIVE,    /* the same of an archive time stamp; before its octets go those of all
			      * references, in their order */
	XML_FACT_ALL_DATA,   /* a token over all references of SignedInfo but that to the properties
			      */
	XML_FACT_SOME_DATA,  /* over some: u32 the number of each, from 0 */
	XML_FACT_ONE_CERT,   /* base64 of DER */
	XML_FACT_CRL,
	XML_FACT_OCSP,
	XML_FACT_UNREAD, /* an element's name: of the properties, not judged here */
	XML_FACT_UNREAD_STAMP,
	XML_FACT_COUNT
};

#endif
