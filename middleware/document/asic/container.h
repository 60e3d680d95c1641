/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in a container, asked through the wall. */
#ifndef ECERT_DOCUMENT_ASIC_CONTAINER_H
#define ECERT_DOCUMENT_ASIC_CONTAINER_H

#include "document/asic/questions.h"
#include "document/digest.h"
#include "document/report.h"
#include "util/buf.h"

/* All members that are read, unpacked. */
#define ASIC_SIZE_MAX (4ull << 30)

struct asic_member {
	struct rd name; /* as it is in the file; a view of the list */
	uint64_t size;	/* unpacked, as the file says */
	bool encrypted;
	bool read; /* digests has it */
	struct digest_set digests;
};

struct asic_container {
	int fd;
	struct buf list;
	struct asic_member *v; /* owned */
	size_t n;
	uint64_t taken; /* bytes that were unpacked so far */
};

/* *why: NULL, or what is wrong with it (an id), and its reason. asic_close in any case. Errors:
 * wall_ask's. */
enum ecert_rc asic_open(
    int fd, struct asic_container *out, const char **why, enum reason *reason) MUST_CHECK;
void asic_close(struct asic_container *c);

typedef enum ecert_rc asic_part_fn(void *ctx, struct rd part);
/* A whole member in parts. *why as in asic_open; what was taken until then is worth nothing.
 * Errors: wall_ask's, take's. */
enum ecert_rc asic_read(struct asic_container *c, size_t i, asic_part_fn *take, void *ctx,
    const char **why, enum reason *reason) MUST_CHECK;
/* A small one. *why also when it is larger than out may become. */
enum ecert_rc asic_read_all(struct asic_container *c, size_t i, struct buf *out, const char **why,
    enum reason *reason) MUST_CHECK;

/* It begins and ends so, whatever is between. */
bool asic_named(const struct asic_member *m, const char *begin, const char *end);
/* One that people put in: neither the type nor of META-INF, nor a folder. */
bool asic_is_data(const struct asic_member *m);
/* As it may be shown, cut to cap bytes. */
void asic_show(const struct asic_member *m, char *out, size_t cap);

#endif
