/* SPDX-License-Identifier: BSD-2-Clause */
/* SM2's Z and e. */
#include "crypto/pad/sm2.h"

#include <string.h>

/* GB/T 32918.5: a, b, xG, yG of the recommended curve. */
static const uint8_t curve[] = {
    0xFF,
    0xFF,
    0xFF,
    0xFE,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0x00,
    0x00,
    0x00,
    0x00,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFF,
    0xFC,
    0x28,
    0xE9,
    0xFA,
    0x9E,
    0x9D,
    0x9F,
    0x5E,
    0x34,
    0x4D,
    0x5A,
    0x9E,
    0x4B,
    0xCF,
    0x65,
    0x09,
    0xA7,
    0xF3,
    0x97,
    0x89,
    0xF5,
    0x15,
    0xAB,
    0x8F,
    0x92,
    0xDD,
    0xBC,
    0xBD,
    0x41,
    0x4D,
    0x94,
    0x0E,
    0x93,
    0x32,
    0xC4,
    0xAE,
    0x2C,
    0x1F,
    0x19,
    0x81,
    0x19,
    0x5F,
    0x99,
    0x04,
    0x46,
    0x6A,
    0x39,
    0xC9,
    0x94,
    0x8F,
    0xE3,
    0x0B,
    0xBF,
    0xF2,
    0x66,
    0x0B,
    0xE1,
    0x71,
    0x5A,
    0x45,
    0x89,
    0x33,
    0x4C,
    0x74,
    0xC7,
    0xBC,
    0x37,
    0x36,
    0xA2,
    0xF4,
    0xF6,
    0x77,
    0x9C,
    0x59,
    0xBD,
    0xCE,
    0xE3,
    0x6B,
    0x69,
    0x21,
    0x53,
    0xD0,
    0xA9,
    0x87,
    0x7C,
    0xC6,
    0x2A,
    0x47,
    0x40,
    0x02,
    0xDF,
    0x32,
    0xE5,
    0x21,
    0x39,
    0xF0,
    0xA0,
};

static enum ecert_rc absorb_z(struct digest *d, struct rd id, struct rd xy)
{
	uint16_t bits = (uint16_t)(id.n * 8);
	const uint8_t entl[2] = {(uint8_t)(bits >> 8), (uint8_t)bits};
	enum ecert_rc rc = digest_update(d, rd_of(entl, sizeof entl));

	if (rc == ECERT_OK)
		rc = digest_update(d, id);
	if (rc == ECERT_OK)
		rc = digest_update(d, rd_of(curve, sizeof curve));
	if (rc == ECERT_OK)
		rc = digest_update(d, xy);
	return rc;
}

enum ecert_rc sm2_z(const struct pubkey *k, struct rd id, uint8_t z[32])
{
	uint8_t out[MD_MAX_SIZE];
	struct digest *d = NULL;
	struct rd point;
	enum ecert_rc rc;
	size_t n;

	memset(z, 0, 32);
	if (pubkey_alg(k) != KEY_SM2)
		return ECERT_E_KEY_TYPE;
	if (!id.p)
		id = rd_of(SM2_DEFAULT_ID, strlen(SM2_DEFAULT_ID));
	if (id.n > SM2_ID_MAX)
		return ECERT_E_DATA_LEN;
	rc = pubkey_point(k, &point);
	if (rc == ECERT_OK)
		rc = digest_new(MD_SM3, &d);
	if (rc == ECERT_OK)
		rc = absorb_z(d, id, rd_of(point.p + 1, point.n - 1));
	if (rc == ECERT_OK)
		rc = digest_final(d, out, &n);
	if (rc == ECERT_OK)
		memcpy(z, out, 32);
	digest_free(&d);
	return rc;
}

enum ecert_rc sm2_begin(const struct pubkey *k, struct rd id, struct digest **out)
{
	uint8_t z[32];
	enum ecert_rc rc = sm2_z(k, id, z);

	*out = NULL;
	if (rc == ECERT_OK)
		rc = digest_new(MD_SM3, out);
	if (rc == ECERT_OK)
		rc = digest_update(*out, rd_of(z, sizeof z));
	if (rc != ECERT_OK)
		digest_free(out);
	return rc;
}

enum ecert_rc sm2_e(const struct pubkey *k, struct rd id, struct rd message, uint8_t e[32])
{
	uint8_t out[MD_MAX_SIZE];
	struct digest *d;
	size_t n;
	enum ecert_rc rc = sm2_begin(k, id, &d);

	memset(e, 0, 32);
	if (rc == ECERT_OK)
		rc = digest_update(d, message);
	if (rc == ECERT_OK)
		rc = digest_final(d, out, &n);
	if (rc == ECERT_OK)
		memcpy(e, out, 32);
	digest_free(&d);
	return rc;
}
