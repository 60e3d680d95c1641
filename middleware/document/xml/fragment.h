/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces of the wall's answers about XML, which may be a forger's: what may be put into a document.
 */
#ifndef ECERT_DOCUMENT_XML_FRAGMENT_H
#define ECERT_DOCUMENT_XML_FRAGMENT_H

#include <stdbool.h>

#include "util/rd.h"

/* Letters, digits, '-', '.' and '_' only, or nothing: as a fragment of a URI it stands in an
 * attribute. */
bool xml_is_plain_id(struct rd id);
/* Nothing in it ends a tag: it is put between '<' and '>' as it is. */
bool xml_is_tag_name(struct rd name);

#endif
