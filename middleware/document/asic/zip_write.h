/* SPDX-License-Identifier: BSD-2-Clause */
/* A ZIP file written in one go, of stored members: what a container has to begin with, and all it
 * needs. */
#ifndef ECERT_DOCUMENT_ASIC_ZIP_WRITE_H
#define ECERT_DOCUMENT_ASIC_ZIP_WRITE_H

#include <time.h>

#include "document/asic/asic.h"

struct zip_writer {
	asic_put_fn *put;
	void *ctx;
	time_t now;
	uint64_t at; /* bytes that were put */
	unsigned members;
	struct buf directory;
};

void zip_write_begin(struct zip_writer *w, asic_put_fn *put, void *ctx, time_t now);
/* A member's head; its bytes follow by zip_write_bytes. Errors: ECERT_E_TOO_LARGE (beyond 4 GiB or
 * 65,535 members), put's. */
enum ecert_rc zip_write_member(
    struct zip_writer *w, const char *name, uint64_t size, uint32_t crc) MUST_CHECK;
enum ecert_rc zip_write_bytes(struct zip_writer *w, struct rd part) MUST_CHECK;
/* A whole one. */
enum ecert_rc zip_write_whole(struct zip_writer *w, const char *name, struct rd bytes) MUST_CHECK;
enum ecert_rc zip_write_end(struct zip_writer *w) MUST_CHECK;
void zip_write_free(struct zip_writer *w);

#endif
