/* SPDX-License-Identifier: BSD-2-Clause */
/* XAdES-B-B and B-T (ETSI EN 319 132-1): inside of an XML file, or beside any file. */
#ifndef ECERT_DOCUMENT_XML_SIGN_H
#define ECERT_DOCUMENT_XML_SIGN_H

#include "document/format.h"

/* goes_inside, sign_fd, prepare, sign_into and forget of the table of formats (document/format.h).
 */
bool xades_goes_inside(const struct doc_sign_options *o, int fd);
enum ecert_rc xades_sign_fd(const struct doc_signer *s, const struct doc_sign_options *o, int fd,
    struct buf *out) MUST_CHECK;
enum ecert_rc xades_prepare(const struct doc_sign_options *o, int fd, struct doc_prepared **out,
    const struct doc_refusal **why) MUST_CHECK;
enum ecert_rc xades_sign_into(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, int fd, doc_content_fn *put, void *ctx) MUST_CHECK;
void xades_forget(struct doc_prepared **p);

#endif
