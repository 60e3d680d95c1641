/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking over BER (X.690, 8.1) of any length in one pass, indefinite lengths included. */
#ifndef ECERT_DOCUMENT_BER_H
#define ECERT_DOCUMENT_BER_H

#include "ecert/rc.h"
#include "util/rd.h"

struct ber {
	uint8_t tag;	 /* the first byte; 0x1F in its low bits: the number is in those behind */
	struct rd whole; /* with its header, and the zeros that end it */
	struct rd value; /* without either */
};

/* Takes one value off the front of r. Errors: ECERT_E_NOT_FOUND when r is empty;
 * ECERT_E_MALFORMED. */
enum ecert_rc ber_next(struct rd *r, struct ber *out) MUST_CHECK;
/* The same for a value that has to have this tag. Errors: ECERT_E_MALFORMED. */
enum ecert_rc ber_expect(struct rd *r, uint8_t tag, struct rd *value) MUST_CHECK;

#endif
