/* SPDX-License-Identifier: BSD-2-Clause */
/* What an XML signature brings along: certificates in KeyInfo, and in its unsigned properties
 * certificates, CRLs and OCSP responses (EN 319 132-1, 5.4). */
#ifndef ECERT_DOCUMENT_XML_BESIDE_H
#define ECERT_DOCUMENT_XML_BESIDE_H

#include "document/cms/cades_material.h"
#include "document/xml/answer.h"

/* More than this of each is not looked at. */
#define XML_BROUGHT_MAX 256

struct xml_beside {
	size_t own;			  /* the first so many certificates are those of KeyInfo */
	struct cades_brought all;	  /* owned, with kept */
	struct cades_material aside;	  /* what time-stamp tokens bring */
	struct cades_brought heard;	  /* all of both, by xml_beside_hear */
	struct buf kept[XML_BROUGHT_MAX]; /* OCSP responses */
	size_t kept_n;
	/* Of each, in which fact it stands; those of KeyInfo: in none, 0. */
	uint32_t cert_at[XML_BROUGHT_MAX], crl_at[XML_BROUGHT_MAX], ocsp_at[XML_BROUGHT_MAX];
	bool more;
};

/* What cannot be read is left out: it proves nothing. xml_beside_free in any case. Errors:
 * ECERT_E_MEMORY. */
enum ecert_rc xml_beside_read(
    const struct xml_sig *s, struct doc_certs *known, struct xml_beside *out) MUST_CHECK;
/* Fills heard, when aside is whole. Errors: ECERT_E_MEMORY. */
enum ecert_rc xml_beside_hear(struct xml_beside *b) MUST_CHECK;
void xml_beside_free(struct xml_beside *b);
/* Views of what stands before a fact; cades_brought_free. False: memory is out. */
bool xml_beside_before(const struct xml_beside *b, uint32_t fact, struct cades_brought *out);

/* Appends what base64 says as XML has it, with blanks anywhere. False: it is none. */
bool xml_base64(struct rd text, struct buf *out);

#endif
