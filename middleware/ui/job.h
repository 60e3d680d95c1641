/* SPDX-License-Identifier: BSD-2-Clause */
/* What every deed is given: the seam to the person it is done for, and which token is meant. */
#ifndef ECERT_UI_JOB_H
#define ECERT_UI_JOB_H

#include <stdbool.h>

#include "ui/ui.h"
#include "util/strlist.h"

struct look; /* client/look.h: what PKCS#11 does not tell of a token */

struct job {
	const struct ui *ui;
	const struct look *look; /* NULL: PKCS#11 has to do */
	const char *module;	 /* PKCS#11 module; NULL = ours */
	const char *token;	 /* label or serial number */
	const char *reader;	 /* "socket:PATH" for the virtual token; NULL = PC/SC */
	const char *pin_source;
	long slot_id; /* -1 = any */
	bool allow_last_try;
	struct strlist reads; /* what may be a file that the deed reads, and must not write over */
};

#endif
