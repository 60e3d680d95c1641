/* SPDX-License-Identifier: BSD-2-Clause */
/* Sealing the journal: the token signs how far it goes. */
#ifndef ECERT_ACTIONS_JOURNAL_SEAL_H
#define ECERT_ACTIONS_JOURNAL_SEAL_H

#include <stdint.h>

#include "client/signing.h"

struct journal_seal_deed {
	const char *state;  /* the journal's folder; NULL: as journal_where chooses */
	const char *output; /* "-": standard output; NULL: beside the journal */
	struct signing_choice key;
	bool force; /* replaces a file that is there */
	time_t now; /* 0: the clock's */
};

struct journal_sealed {
	char file[4200]; /* where it went */
	uint64_t records;
};

/* A journal that is known to be wrong is refused (OUT_INVALID) before anything is asked. Reports
 * its errors. */
enum outcome journal_seal(const struct job *job, const struct journal_seal_deed *deed,
    struct journal_sealed *out) MUST_CHECK;

#endif
