/* SPDX-License-Identifier: BSD-2-Clause */
/* The kinds of proofs in /DSS (EN 319 142-1, 5.4.2). */
#ifndef ECERT_DOCUMENT_PDF_PROOF_H
#define ECERT_DOCUMENT_PDF_PROOF_H

enum pdf_proof { PDF_PROOF_CERT, PDF_PROOF_CRL, PDF_PROOF_OCSP, PDF_PROOF_COUNT };

#endif
