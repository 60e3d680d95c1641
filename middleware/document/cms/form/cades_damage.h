/* SPDX-License-Identifier: BSD-2-Clause */
/* Where bytes that begin as a SignedData (RFC 5652, 5.1) stop being one. */
#ifndef ECERT_DOCUMENT_CADES_DAMAGE_H
#define ECERT_DOCUMENT_CADES_DAMAGE_H

#include <stdbool.h>

#include "document/cms/form/octets.h"

struct cades_damage {
	const char *words; /* an id with {at} and {missing} */
	uint64_t at;	   /* which byte of DER or BER, from 0 */
	uint64_t missing;  /* how many there should be behind the last one */
};

/* Its lengths, whatever is inside; of bytes of any number. False: it does not begin as one, or all
 * lengths are as they should be. */
bool cades_damage_lengths(struct octets *in, struct cades_damage *d);
/* The same: what begins at that byte is not what belongs there. False: it does not begin as one. */
bool cades_damage_at(struct octets *in, uint64_t at, struct cades_damage *d);
/* What stands where; all of it is at hand. False: it does not begin as one, or nothing is seen. */
bool cades_damage_fields(struct rd der, struct cades_damage *d);

#endif
