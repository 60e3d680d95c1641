/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of verifying a container share. */
#ifndef ECERT_DOCUMENT_ASIC_VERIFY_PRIV_H
#define ECERT_DOCUMENT_ASIC_VERIFY_PRIV_H

#include "document/asic/asic.h"
#include "document/asic/manifest.h"

#define ASIC_SIGNATURES_MAX 16

struct asic_signature {
	size_t member;
	struct asic_manifest manifest;
	bool has_manifest;
	bool is_xml;	      /* XAdES, whose references name the files themselves */
	struct doc_result *r; /* owned until it is merged */
};

struct asic_job {
	const struct doc_verify_options *o;
	struct asic_container c;
	struct asic_signature sig[ASIC_SIGNATURES_MAX];
	size_t n;
	struct asic_manifest spare[ASIC_SIGNATURES_MAX]; /* of which no signature is known yet */
	size_t spares, manifests, references; /* manifests: with those that are not looked at */
	size_t *covers;			      /* of each member: by how many signatures; owned */
	size_t kinds;			      /* how many times a signer said of what type one is */
	char (*said)[128]; /* of each member: its media type, as a signer says; owned */
	size_t data;	   /* how many files people put in */
	bool put;	   /* what is wanted was put out */
	struct report doc;
};

/* What a member is by its name (EN 319 162-1, 4.3.3 and 4.4.3). */
enum asic_kind { ASIC_KIND_OTHER, ASIC_KIND_CADES, ASIC_KIND_XADES };
enum asic_kind asic_kind_of(const struct asic_member *m);
/* A check by its reason; why: an id with {name}, of m (NULL: nobody's). */
void asic_tell(struct report *rep, enum check_name check, enum reason reason, const char *why,
    const struct asic_member *m);
/* The one that whoever verifies wants to have. */
bool asic_is_wanted(const struct asic_job *j, const struct asic_member *m);

/* A member unpacked as a file, which goes out, too, when it is asked for. The caller closes *fd.
 * *why: it cannot be unpacked. Errors: asic_read's. */
enum ecert_rc asic_unpack(
    struct asic_job *j, size_t member, int *fd, const char **why, enum reason *reason) MUST_CHECK;
/* Judges signatures in XML over members. Errors: xml_verify_files's. */
enum ecert_rc asic_judge_xml(struct asic_job *j, struct asic_signature *s) MUST_CHECK;

/* Which signatures there are, and of which manifest each is. Errors: asic_manifest_read's. */
enum ecert_rc asic_look_around(struct asic_job *j) MUST_CHECK;
/* Check "list of files", when there is a META-INF/manifest.xml. Errors: asic_read's, wall_ask's. */
enum ecert_rc asic_check_list(struct asic_job *j) MUST_CHECK;
/* All signers of all signatures, each with its own checks, and the files. Errors: ECERT_E_MEMORY.
 */
enum ecert_rc asic_merge(struct asic_job *j, struct doc_result **out) MUST_CHECK;

#endif
