/* SPDX-License-Identifier: BSD-2-Clause */
/* The replayer: a reader whose card answers as a recording says. */
#ifndef ECERT_TRANSPORT_REPLAY_H
#define ECERT_TRANSPORT_REPLAY_H

#include "transport/reader.h"

struct replay_report {
	size_t mismatches; /* commands that the recording does not have, or not at that place */
	size_t left;	   /* exchanges that were not asked for */
};

/* Tells how a source that was opened as "replay:" or "replay-any:" has fared so far; zeroes for
 * other sources. */
struct replay_report replay_report(const struct readers *r);

#endif
