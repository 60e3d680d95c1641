/* SPDX-License-Identifier: BSD-2-Clause */
/* How PIV's keys, certificates and data objects are called on PKCS#11. */
#ifndef ECERT_PKCS11_NAMES_H
#define ECERT_PKCS11_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/rd.h"

/* Places in CKA_ID order: CKA_ID is the place plus one, as OpenSC and ykcs11 give it. */
#define PLACES	 25u
#define PLACE_F9 24u

#define NAME_SIZE 64u

/* 0x9A ... 0x95, 0xF9. */
uint8_t place_ref(unsigned place);
/* Errors: false when it is no such key reference. */
bool place_of_ref(uint8_t ref, unsigned *place);

enum name_kind { NAME_CERT, NAME_PUBLIC, NAME_PRIVATE, NAME_ATTEST };
/* OpenSC's labels, so that URIs made for it fit. */
void place_label(enum name_kind kind, unsigned place, char out[NAME_SIZE]);

struct data_name {
	uint32_t tag;
	const char *label;
	struct rd oid; /* DER OBJECT IDENTIFIER of SP 800-73-5 part 1, table 3; may be empty */
	bool needs_pin;
};
/* NULL after the last. */
const struct data_name *data_name(unsigned i);

#endif
