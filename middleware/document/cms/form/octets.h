/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of any number that are read where they are: memory, a part of a file, or what base64 in a
 * part of a file says. */
#ifndef ECERT_DOCUMENT_OCTETS_H
#define ECERT_DOCUMENT_OCTETS_H

#include "ecert/rc.h"
#include "util/rd.h"

struct octets;

/* all has to outlive it. Errors: ECERT_E_MEMORY. */
enum ecert_rc octets_of_memory(struct rd all, struct octets **out) MUST_CHECK;
/* From `at` to `end` of a file, which stays open as long. Errors: ECERT_E_MEMORY. */
enum ecert_rc octets_of_file(int fd, uint64_t at, uint64_t end, struct octets **out) MUST_CHECK;
/*
 * What base64 with line ends and blanks says there (RFC 4648, 4: padded, no unused bits), as
 * base64_lines_get has it; it is gone through once. It ends at the first '-', as PEM's lines do, or
 * at `end`; *stopped: where. Errors: ECERT_E_MALFORMED (also when there is nothing),
 * ECERT_E_TOO_LARGE, ECERT_E_IO, ECERT_E_MEMORY.
 */
enum ecert_rc octets_of_base64(
    int fd, uint64_t at, uint64_t end, struct octets **out, uint64_t *stopped) MUST_CHECK;
void octets_free(struct octets **o);

uint64_t octets_size(const struct octets *o);
/* What is at hand from `at` on, at least one byte; good until the next call. Errors:
 * ECERT_E_MALFORMED (behind the end), ECERT_E_IO (also when the file is another than it was). */
enum ecert_rc octets_view(struct octets *o, uint64_t at, struct rd *view) MUST_CHECK;
/* n bytes of it. Errors: the same. */
enum ecert_rc octets_read(struct octets *o, uint64_t at, void *to, size_t n) MUST_CHECK;

#endif
