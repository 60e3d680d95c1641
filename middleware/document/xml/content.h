/* SPDX-License-Identifier: BSD-2-Clause */
/* The references of a signature: whether everything that they name is as it was signed, and what of
 * the document that is. */
#ifndef ECERT_DOCUMENT_XML_CONTENT_H
#define ECERT_DOCUMENT_XML_CONTENT_H

#include "document/digest.h"
#include "document/xml/answer.h"
#include "document/xml/verify.h"

struct xml_content {
	const struct doc_verify_options *o;
	const struct xml_files *files; /* NULL: there is the one beside it, or none */
	int fd;			       /* -1: none */
	time_t at;		       /* when the signature is proved to have been there, or now */
	bool taken;		       /* what is inside went to whoever wants it */
	uint64_t size;		       /* of what is signed and not the signature's own */
};

/* Check "content digest", of all references. Errors: ECERT_E_IO, ECERT_E_MEMORY,
 * ECERT_E_CANCELLED, the callbacks'. */
enum ecert_rc xml_content_check(
    struct xml_content *c, const struct xml_sig *s, struct report *rep) MUST_CHECK;
/*
 * Check "content": what of the document is signed. A signature is about the whole document, or
 * about what is in itself, or about an element or a file of its own; where something else is
 * in the document, too, a person who reads it cannot know what was signed: that is told, and the
 * check is unknown. It has failed where only what stands inside of the signature is signed, and the
 * document around it is not: so a signed text is moved out of sight.
 */
void xml_content_cover(const struct xml_sig *s, struct report *rep);
/* What a reference is about goes into set, as it is digested. Errors: ECERT_E_NOT_FOUND (it is not
 * at hand), else as above. */
enum ecert_rc xml_content_feed(struct xml_content *c, const struct xml_sig *s,
    const struct xml_ref *r, struct digest_set *set) MUST_CHECK;
/* The reference is about what is signed, not about properties and keys. */
bool xml_is_data(const struct xml_ref *r);
/* A path or a URI as it may be shown, cut to size. */
void xml_show(struct rd text, char *out, size_t size);

#endif
