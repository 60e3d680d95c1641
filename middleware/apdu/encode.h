/* SPDX-License-Identifier: BSD-2-Clause */
/* A command APDU as bytes (ISO 7816-4, 5.1). */
#ifndef ECERT_APDU_ENCODE_H
#define ECERT_APDU_ENCODE_H

#include "apdu/apdu.h"

#define APDU_SHORT_DATA_MAX 255u
#define APDU_SHORT_LE_MAX   256u
#define APDU_EXT_DATA_MAX   65535u
#define APDU_SHORT_MAX	    (5 + APDU_SHORT_DATA_MAX + 1)
#define APDU_EXT_HEAD	    7 /* header and extended Lc */

/*
 * Short form: data up to 255 bytes, le up to 256 or APDU_LE_ALL; out has APDU_SHORT_MAX bytes.
 * Returns the length.
 */
size_t apdu_encode_short(const struct apdu *a, uint8_t out[APDU_SHORT_MAX]);
/* Extended form: out has apdu_extended_size(a) bytes. Returns the length. */
size_t apdu_encode_extended(const struct apdu *a, uint8_t *out);
size_t apdu_extended_size(const struct apdu *a);

#endif
