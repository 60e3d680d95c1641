/* SPDX-License-Identifier: BSD-2-Clause */
/* The facts of one signature's properties, while they are put. */
#ifndef ECERT_DOCUMENT_XML_FACTS_H
#define ECERT_DOCUMENT_XML_FACTS_H

#include "document/xml/nodes/look.h"

struct facts {
	struct xml_look *l;
	struct xml_signature *s;
	const char *ns;
	struct buf out;
	uint32_t n;
};

/* False: there are as many as are looked at. Three strings and the number of octets follow. */
bool xml_fact_begin(struct facts *f, enum xml_fact kind);
/* One of which the element's name is all. */
void xml_fact_name(struct facts *f, enum xml_fact kind, const xmlNode *n);

/* Time stamps (EN 319 132-1, 5.3, 5.5.2.2, 5.2.8). */
void xml_put_signature_stamp(struct facts *f, const xmlNode *n);
void xml_put_archive_stamp(struct facts *f, const xmlNode *n);
void xml_put_content_stamp(struct facts *f, const xmlNode *n);

#endif
