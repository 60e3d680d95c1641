/* SPDX-License-Identifier: BSD-2-Clause */
/* From a file to a CMS SignedData, in whatever form it travels. */
#ifndef ECERT_DOCUMENT_CADES_READ_H
#define ECERT_DOCUMENT_CADES_READ_H

#include <openssl/cms.h>

#include "document/cms/form/cades_damage.h"
#include "document/cms/form/cades_open.h"
#include "document/cms/cades_stream.h"
#include "document/cms/smime.h"
#include "document/result.h"
#include "util/buf.h"

struct cades_source {
	struct doc_certs *known;    /* parsed before; may be NULL */
	struct cades_opened opened; /* owned */
	CMS_ContentInfo *cms;	    /* of opened: SignedData with 1 to CADES_MAX_SIGNERS signers */
	struct buf der;		    /* decoded; empty when the file was DER itself */
	struct rd bytes;	    /* of cms, as they came, in DER or BER */
	struct rd content;	    /* inside, or the first part of a message; p NULL: detached */
	bool streamed;		    /* the content is not at hand in one piece: */
	struct cades_stream stream;
	struct octets *in;	    /* of stream; owned */
	struct buf shell;	    /* all but the content */
	struct cades_damage damage; /* where, when it is told of some */
	bool text; /* the content is a message's part: line ends may have changed */
	enum doc_form form;
	struct smime_around around; /* of a message */
};

/* NULL, or what is wrong (an id, at most with {at} and {missing} of s->damage), and why. p7s has to
 * outlive s; cades_source_free in any case. known: certificates that were parsed before; may be
 * NULL. */
const char *cades_source_read(
    struct rd p7s, struct doc_certs *known, struct cades_source *s, enum reason *why);
/* Too large for memory; false of what is no file. */
bool cades_source_is_large(int fd);
/* The same for a file that is so, whatever form it is in. Errors: ECERT_E_IO,
 * ECERT_E_TOO_LARGE (all but the content is), ECERT_E_MEMORY. */
enum ecert_rc cades_source_stream(int fd, struct doc_certs *known, struct cades_source *s,
    const char **defect, enum reason *why) MUST_CHECK;
/* An id: "CMS SignedData in PEM". */
const char *cades_form_words(enum doc_form form);
void cades_source_free(struct cades_source *s);

#endif
