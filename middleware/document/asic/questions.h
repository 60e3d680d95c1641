/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall is asked about containers, and answers. */
#ifndef ECERT_DOCUMENT_ASIC_QUESTIONS_H
#define ECERT_DOCUMENT_ASIC_QUESTIONS_H

#define ZIP_MEMBERS_MAX	  10000
#define ZIP_NAME_MAX	  1024
#define ASIC_MANIFEST_MAX (4u << 20)

/* Input: the container. Answer: u32 number of members; of each u16 length of its name, name, u64
 * size, u8 1 when it is encrypted. */
#define ZIP_LIST_OP "zip-list"
/* Input: the container. Request: u32 which member, u64 most bytes of it. Answer: those, fewer where
 * it ends, in pieces. */
#define ZIP_READ_OP "zip-read"
/* Request: the XML. Answer: strings (u32 length, bytes): the URI of the signature; then u32 number
 * of references, and of each its URI, its digest's algorithm, its digest in base64. */
#define ASIC_MANIFEST_OP "asic-manifest"

/* Request: META-INF/manifest.xml (Open Document 1.2 part 3, 4.2). Answer: u32 number of entries,
 * and of each as strings its path and its media type. */
#define ASIC_LIST_OP "asic-list"

#endif
