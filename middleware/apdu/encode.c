/* SPDX-License-Identifier: BSD-2-Clause */
/* Cases 1 to 4, short and extended (ISO 7816-4, 5.2). */
#include "apdu/encode.h"

#include <string.h>

static size_t put_header(const struct apdu *a, uint8_t *out)
{
	out[0] = a->cla;
	out[1] = a->ins;
	out[2] = a->p1;
	out[3] = a->p2;
	return 4;
}

static size_t put_data(const struct apdu *a, uint8_t *out)
{
	if (a->data.n > 0)
		memcpy(out, a->data.p, a->data.n);
	return a->data.n;
}

size_t apdu_encode_short(const struct apdu *a, uint8_t out[APDU_SHORT_MAX])
{
	size_t n = put_header(a, out);

	if (a->data.n > 0)
		out[n++] = (uint8_t)a->data.n;
	n += put_data(a, out + n);
	if (a->le != APDU_LE_NONE)
		out[n++] = a->le < APDU_SHORT_LE_MAX ? (uint8_t)a->le : 0;
	return n;
}

size_t apdu_extended_size(const struct apdu *a)
{
	return APDU_EXT_HEAD + a->data.n + 2;
}

size_t apdu_encode_extended(const struct apdu *a, uint8_t *out)
{
	size_t n = put_header(a, out);

	if (a->data.n > 0 || a->le != APDU_LE_NONE)
		out[n++] = 0;
	if (a->data.n > 0) {
		out[n++] = (uint8_t)(a->data.n >> 8);
		out[n++] = (uint8_t)a->data.n;
	}
	n += put_data(a, out + n);
	if (a->le != APDU_LE_NONE) {
		/* APDU_LE_ALL, 65536, becomes 0000. */
		out[n++] = (uint8_t)(a->le >> 8);
		out[n++] = (uint8_t)a->le;
	}
	return n;
}
