/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a signature lasts: the levels of the baseline profiles (EN 319 122-1, 6; EN 319 132-1,
 * 6; EN 319 142-1, 6; TS 119 182-1, 6), one name for all formats. */
#ifndef ECERT_DOCUMENT_LEVEL_H
#define ECERT_DOCUMENT_LEVEL_H

enum doc_level {
	DOC_LEVEL_NONE, /* of no baseline profile */
	DOC_LEVEL_B,	/* signed */
	DOC_LEVEL_T,	/* and proved to have been there at some time */
	DOC_LEVEL_LT,	/* and all that its verification needs of others is inside */
	DOC_LEVEL_LTA,	/* and all of that is proved to have been there */
	DOC_LEVEL_COUNT
};

/* "B", "T", "LT", "LTA"; "" for DOC_LEVEL_NONE. */
const char *doc_level_name(enum doc_level level);
/* By such a name; DOC_LEVEL_NONE: it is none. */
enum doc_level doc_level_named(const char *name);
/* The profile of the same family at a level: "CAdES-B-B" at DOC_LEVEL_LT is "CAdES-B-LT". Static.
 * What is no baseline profile stays what it is; may be NULL. */
const char *doc_level_profile(const char *profile, enum doc_level level);
/* The level that a profile names; DOC_LEVEL_NONE: it names none. profile may be NULL. */
enum doc_level doc_level_of_profile(const char *profile);

#endif
