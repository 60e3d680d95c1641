/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations on containers of ecert-wall. */
#ifndef ECERT_DOCUMENT_ASIC_UNPACK_H
#define ECERT_DOCUMENT_ASIC_UNPACK_H

#include "document/asic/questions.h"
#include "wall/wall.h"

/* There is one directory, which these members are in, in its order; each is called the same, packed
 * the same and, as far as that can be told, as large where it is itself; and nothing else looks
 * like a member. For this folder, and its tests. */
bool zip_says_once(struct rd file, const struct rd *names, size_t n) MUST_CHECK;
/* Bytes of a member, with what is before it. */
struct zip_span {
	uint64_t from, to;
};
/* None lies over another or over end, and nothing that is read as one lies between. Sorts them. */
bool zip_tiles(struct rd file, struct zip_span *v, size_t n, uint64_t end) MUST_CHECK;
/*
 * Run inside of ecert-wall: read a request of ZIP_LIST_OP, ZIP_READ_OP, ASIC_MANIFEST_OP or
 * ASIC_LIST_OP and append the answer, as document/asic/questions.h has them. Errors: ECERT_E_ARG
 * (the request), ECERT_E_UNSUPPORTED (a member that cannot be opened), ECERT_E_MALFORMED,
 * ECERT_E_TOO_LARGE, ECERT_E_MEMORY.
 */
enum ecert_rc zip_list(const struct wall_call *call, struct buf *answer) MUST_CHECK;
enum ecert_rc zip_read(const struct wall_call *call, struct buf *answer) MUST_CHECK;
enum ecert_rc asic_manifest(const struct wall_call *call, struct buf *answer) MUST_CHECK;
enum ecert_rc asic_list(const struct wall_call *call, struct buf *answer) MUST_CHECK;

#endif
