/* SPDX-License-Identifier: BSD-2-Clause */
/* One text of a JSON object, read where it stands: for files with secrets, and for programs that
 * carry no JSON library. */
#ifndef ECERT_UTIL_MEMBER_H
#define ECERT_UTIL_MEMBER_H

#include "util/rd.h"

/*
 * Writes the text of the member `name` to out, with a NUL behind it; cap counts the NUL. Nothing of
 * the object is copied anywhere else, and what the other members hold is passed over, whatever it
 * is. RFC 8259; a byte order mark in front is passed over (8.1). out is "" after an error, and
 * the caller wipes it. Errors: ECERT_E_NOT_FOUND, ECERT_E_TOO_LARGE, ECERT_E_MALFORMED (no object,
 * a member of this name twice, or one that is no text).
 */
enum ecert_rc member_text(struct rd object, const char *name, char *out, size_t cap) MUST_CHECK;

#endif
