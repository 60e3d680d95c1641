/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that is too large for memory: in which form it is, and where the signature is in it. */
#ifndef ECERT_DOCUMENT_CADES_LARGE_H
#define ECERT_DOCUMENT_CADES_LARGE_H

#include "document/cms/form/octets.h"
#include "document/cms/smime.h"
#include "document/result.h"

struct cades_large {
	enum doc_form form;
	struct octets *in;   /* DER or BER; NULL: */
	struct buf der;	     /* that of a message's second part, */
	struct octets *part; /* and its first one, which is what was signed */
	struct smime_around around;
	const char *defect; /* NULL: none */
	enum reason why;
};

/* An error of its own is never one of the file, which is a defect; cades_large_free in any case.
 * Errors: ECERT_E_IO, ECERT_E_TOO_LARGE (all but the content is), ECERT_E_MEMORY. */
enum ecert_rc cades_large_open(int fd, struct cades_large *out) MUST_CHECK;
void cades_large_free(struct cades_large *l);

/* What of any size is told by: no signature, and no message, of a kind that is read. */
extern const char cades_not_cms[], cades_no_message[];
/* Of a message that was read with this outcome; NULL: nothing is wrong with it. */
const char *cades_smime_defect(enum ecert_rc rc, const struct smime *m, enum reason *why);
/* Of a block of PEM: whole or not, its label, and whether it is alone in its file. A file that
 * shows more than the block would have it look signed. */
const char *cades_pem_defect(bool whole, const char *label, bool alone, enum reason *why);

#endif
