/* SPDX-License-Identifier: BSD-2-Clause */
/* What PKCS#11 does not tell of a token of ours, and who tells it instead. */
#ifndef ECERT_CLIENT_LOOK_H
#define ECERT_CLIENT_LOOK_H

#include <openssl/x509.h>

#include "ui/job.h"

/* Answers by the name of the token's reader (64 bytes count, as CK_SLOT_INFO cuts): the room
 * provision asks the card itself. Silent. */
struct look {
	/* Tries left for the PIN; -1 when nothing tells. */
	int (*pin_tries)(const struct job *job, const char *reader);
	/* The same for the PUK. */
	int (*puk_tries)(const struct job *job, const char *reader);
	/* Adds the CA certificates that an e-Cert token keeps. Errors: ECERT_E_MEMORY; none when
	 * there are none. */
	enum ecert_rc (*authorities)(
	    const struct job *job, const char *reader, STACK_OF(X509) * to);
};

#endif
