/* SPDX-License-Identifier: BSD-2-Clause */
/* What every deed is given: the seam to the person it is done for, and which token is meant. */
#ifndef ECERT_CLIENT_JOB_H
#define ECERT_CLIENT_JOB_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "ui/ui.h"

struct strlist {
	const char **v;
	size_t n;
};

struct job;

/* What PKCS#11 does not tell of a token of ours, by the name of its reader (64 bytes count, as
 * CK_SLOT_INFO cuts): the room provision asks the card itself. Silent. */
struct look {
	/* Tries left for the PIN; -1 when nothing tells. */
	int (*pin_tries)(const struct job *job, const char *reader);
	/* Adds the CA certificates that an e-Cert token keeps. Errors: ECERT_E_MEMORY; none when
	 * there are none. */
	enum ecert_rc (*authorities)(
	    const struct job *job, const char *reader, STACK_OF(X509) * to);
};

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
