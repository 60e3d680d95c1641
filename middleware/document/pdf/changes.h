/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked about a PDF whose signatures were found, and what is answered through the wall. */
#ifndef ECERT_DOCUMENT_PDF_CHANGES_H
#define ECERT_DOCUMENT_PDF_CHANGES_H

#include "document/pdf/proof.h"

/* The operation: input 0 is the PDF. */
#define PDF_CHANGES_OP "pdf-changes"

/*
 * Request: u32 how many signatures; for each u64 where the string that it leaves out begins, u64
 * where what is behind that begins, u64 where what it covers ends.
 * Answer: u8 enum pdf_state of the file; u32 how many fields are signed by none of them; u32 how
 * many signatures; for each u8 enum pdf_state of what it covers, u8 flags, u16 a bit for each enum
 * pdf_change that was found, u32 the page that this is about (0: none), u8 how
 * many per cent of it something was put over, u16 length, the place of
 * the first change that is not allowed (empty: there is none), u16 length, which fields were filled
 * in with what, in UTF-8, and as much again, which of them show what else; u32 how many proofs; for
 * each u8 enum pdf_proof, u32 the first of the signatures that covers it (their number: none does),
 * u32 length, DER.
 */

/* How a file, or a state of it, can be read. */
enum pdf_state {
	PDF_STATE_READ,
	PDF_STATE_BROKEN,    /* it needs to be mended */
	PDF_STATE_ENCRYPTED, /* by a password that is not empty */
	PDF_STATE_LOOSE,     /* bytes are behind it that are no part of a PDF */
	PDF_STATE_STRAY,     /* bytes behind it belong to no object */
	PDF_STATE_TOO_LARGE, /* more of something than is looked at */
	PDF_STATE_MEMORY,    /* there was not enough of it */
	PDF_STATE_COUNT
};

#define PDF_PROOF_KEYS 64 /* signatures with proofs of their own */

/* Flags of a signature. */
#define PDF_FIELD_NOW  1 /* a field has it, in the file */
#define PDF_FIELD_THEN 2 /* and had it, in what it covers */

/* What may come behind a signature, as far as its signer allows. */
enum pdf_change {
	PDF_CHANGE_SIGNATURE,
	PDF_CHANGE_STAMP,
	PDF_CHANGE_PROOFS, /* /DSS */
	PDF_CHANGE_FILLED,
	PDF_CHANGE_ANNOTATED,
	PDF_CHANGE_DESCRIBED, /* metadata */
	/* Nobody has certified what may be filled in: fields that were blank, and others. */
	PDF_CHANGE_FILLED_BLANK,
	PDF_CHANGE_FILLED_ANEW,
	/* What is shown of a signature that was added: it lies over what was signed, takes much of
	 * the page, or nobody can tell what is below. */
	PDF_CHANGE_COVERS,
	PDF_CHANGE_COVERS_MUCH,
	PDF_CHANGE_COVERS_UNREAD,
	PDF_CHANGE_NOTE_OVER,  /* so does an annotation that was added */
	PDF_CHANGE_FIELD_OVER, /* so does a field that was filled in */
	/* What a field that was filled in shows is not its value, or nobody can tell. */
	PDF_CHANGE_SHOWS_OTHER,
	PDF_CHANGE_SHOWS_UNREAD,
	PDF_CHANGE_COUNT
};

#endif
