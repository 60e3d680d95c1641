/* SPDX-License-Identifier: BSD-2-Clause */
/* What kind of file it is, by its own bytes, so that what cannot be verified is called by its name.
 */
#ifndef ECERT_DOCUMENT_KIND_H
#define ECERT_DOCUMENT_KIND_H

#include "util/rd.h"

enum doc_kind {
	DOC_KIND_OTHER, /* nothing that is known here */
	DOC_KIND_CMS,	/* cades_verify reads it: DER, BER, PEM, base64, S/MIME */
	DOC_KIND_JWS,	/* jws_parse may read it: a statement */
	DOC_KIND_JADES, /* jades_verify reads it: a compact JWS over a file */
	DOC_KIND_GM_CMS,
	DOC_KIND_SIGNED_PDF,
	DOC_KIND_PDF,
	DOC_KIND_ASIC,
	DOC_KIND_SIGNED_OOXML,
	DOC_KIND_SIGNED_ODF,
	DOC_KIND_OFD,
	DOC_KIND_SIGNED_JAR,
	DOC_KIND_OOXML,
	DOC_KIND_ODF,
	DOC_KIND_JAR,
	DOC_KIND_ZIP,
	DOC_KIND_OLE,
	DOC_KIND_SIGNED_SFX, /* an archive that unpacks itself */
	DOC_KIND_SIGNED_PE,
	DOC_KIND_PE,
	DOC_KIND_SIGNED_XML,
	DOC_KIND_JSON_JWS, /* the same in JSON */
	DOC_KIND_OPENPGP,
	DOC_KIND_SSHSIG,
	DOC_KIND_PKCS12,
	DOC_KIND_CERTIFICATE,
	DOC_KIND_CRL,
	DOC_KIND_REQUEST,
	DOC_KIND_PRIVATE_KEY,
	DOC_KIND_TIME_STAMP,
	DOC_KIND_STAMP_QUERY,
	DOC_KIND_AUTHENTICODE,
	DOC_KIND_OCSP,
	DOC_KIND_MAIL,
	DOC_KIND_COUNT
};

struct doc_kind_row {
	const char *words; /* "a PDF with a signature inside" */
	bool is_signed;	   /* it has a signature, which is not verified here */
	bool is_document;  /* people sign such files: the signature may be elsewhere */
	const char *next;  /* what can be done: a sentence */
};

/*
 * Looks at an open file; fd's offset is left at its beginning. One that cannot be read or sought is
 * DOC_KIND_OTHER. Only bytes are compared: a kind is a word for people and no verdict.
 */
enum doc_kind doc_kind_fd(int fd);
enum doc_kind doc_kind_bytes(struct rd bytes);
/* NULL for DOC_KIND_OTHER and for what is verified here. */
const struct doc_kind_row *doc_kind_row(enum doc_kind kind);

#endif
