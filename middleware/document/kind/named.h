/* SPDX-License-Identifier: BSD-2-Clause */
/* What a signature says of a file by the file's name: a URI, and what kind of file it is. */
#ifndef ECERT_DOCUMENT_KIND_NAMED_H
#define ECERT_DOCUMENT_KIND_NAMED_H

#include "util/buf.h"

/* Appends the name as a relative URI (RFC 3986, 4.2), with the folders that are in it. */
void named_uri(struct buf *out, const char *name);
/* The file in one folder with the other that a relative URI without folders names, percent-decoded:
 * nothing else is looked for. False: it names none, or none that fits into size. */
bool named_beside(const char *uri, char *name, size_t size);
/* Appends it as it is, as the value of an attribute (XML 1.0, 2.3). */
void named_attribute(struct buf *out, const char *name);
/* Behind the last '/'. */
const char *named_base(const char *file);
/* Its media type (RFC 2046, 4.5.1 for what is not known), by how the name ends. */
const char *named_media(const char *name);

#endif
