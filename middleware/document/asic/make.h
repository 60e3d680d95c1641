/* SPDX-License-Identifier: BSD-2-Clause */
/* What making a container and adding a signature to one share. */
#ifndef ECERT_DOCUMENT_ASIC_MAKE_H
#define ECERT_DOCUMENT_ASIC_MAKE_H

#include "document/asic/manifest.h"
#include "document/asic/zip_write.h"
#include "document/xml/names.h"

#define ASIC_TYPE	 "application/vnd.etsi.asic-e+zip"
#define ASIC_SIMPLE_TYPE "application/vnd.etsi.asic-s+zip"

/* What a file was when it was digested. */
struct asic_seen {
	uint64_t size;
	uint32_t crc;
	struct doc_digest digest;
};

/* The digest of a manifest is what is signed. Errors: cades_sign_digest's. */
enum ecert_rc asic_sign_manifest(const struct doc_signer *s, const struct doc_sign_options *o,
    struct rd manifest, struct buf *p7s) MUST_CHECK;

/* A ds:Signature over files that were digested (seen: of each one), and what stands around one or
 * several. Errors: xades_write's. */
#define ASIC_XADES_BEGIN                                                                           \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<asic:XAdESSignatures "                       \
	"xmlns:asic=\"" XMLN_ASIC "\">"
#define ASIC_XADES_END "</asic:XAdESSignatures>\n"
enum ecert_rc asic_write_xades(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_file *files, const struct asic_seen *seen, size_t n,
    struct buf *out) MUST_CHECK;

/* What is beside the files in a container. */
struct asic_part {
	const char *name;
	struct buf bytes;
};
struct asic_parts {
	struct asic_part v[2];
	size_t n;
};
/* Makes them of files that were digested (seen: of each one). asic_parts_free in any case. Errors:
 * as asic_sign. */
enum ecert_rc asic_parts_make(enum asic_make what, const struct doc_signer *s,
    const struct doc_sign_options *o, const struct doc_file *files, const struct asic_seen *seen,
    size_t n, struct asic_parts *out) MUST_CHECK;
void asic_parts_free(struct asic_parts *p);
/* What the first member says. */
const char *asic_type_of(enum asic_make what);

/* Reads a member through, with a digest; with a writer, its bytes are written, too. *why as in
 * asic_read. */
enum ecert_rc asic_pass_over(struct asic_container *c, size_t i, const EVP_MD *md,
    struct zip_writer *zip, struct asic_seen *out, const char **why) MUST_CHECK;

/* As the rows of the table have them (document/format.h): one more signature over all files of a
 * container, of the kind that is in it. */
enum ecert_rc asic_prepare(const struct doc_sign_options *o, int fd, struct doc_prepared **out,
    const struct doc_refusal **why) MUST_CHECK;
enum ecert_rc asic_sign_into(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_prepared *p, int fd, doc_content_fn *put, void *ctx) MUST_CHECK;
void asic_forget(struct doc_prepared **p);
/* As document/extend/extend.h has it: each CAdES and XAdES in the container, of which all other
 * members stay what they are. Refused is one over which another signature was put. */
enum ecert_rc asic_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why) MUST_CHECK;

#endif
