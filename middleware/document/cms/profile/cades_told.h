/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verdict does not depend on, and people should know all the same. */
#ifndef ECERT_DOCUMENT_CADES_TOLD_H
#define ECERT_DOCUMENT_CADES_TOLD_H

#include "document/cms/cades_attrs.h"
#include "document/cms/cades_read.h"
#include "document/format.h"

/* "CAdES-B-B", "CMS" or "CMS without signed attributes": stable, for programs. */
const char *cades_profile(const struct cades_attrs *a);
/* Check "content": that what is signed is itself a signature, which nobody has looked at, and that
 * there is text around it which nobody signed. */
void cades_tell_content(const struct cades_source *s, struct report *rep);
/* Check "revocation not used": an archive among the signed attributes; "signer": that a message
 * says of itself that it is from somebody else than the certificate has the e-mail address of (RFC
 * 8550, 3). */
void cades_tell_signed(
    const struct cades_source *s, CMS_SignerInfo *si, const X509 *cert, struct report *rep);

/* Check "content digest" of one that fits: whether it could be relied on at this time. is_signed:
 * as an attribute. */
void cades_digest_fits(const struct doc_verify_options *o, const EVP_MD *md, time_t at,
    bool is_signed, struct report *rep);

/* Why the digest of a file is not the one that was signed: an id, with its reason. Mail has CR LF
 * at the end of each line (RFC 8551, 3.1.1), and programs that sign for mail sign the file so. */
const char *cades_digest_misfit(int fd, const EVP_MD *md, struct rd want, enum reason *reason);

#endif
