/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels of key places, and the data objects with their OIDs. */
#include "pkcs11/object/names.h"

#include <stdio.h>

#include "ecert/piv_const.h"

static const struct place {
	uint8_t ref;
	const char *cert, *key;
} named[] = {
    {ECERT_KEY_9A, "PIV Authentication", "PIV AUTH"},
    {ECERT_KEY_9C, "Digital Signature", "SIGN"},
    {ECERT_KEY_9D, "Key Management", "KEY MAN"},
    {ECERT_KEY_9E, "Card Authentication", "CARD AUTH"},
};
#define NAMED (sizeof named / sizeof named[0])
_Static_assert(NAMED + (ECERT_KEY_95 - ECERT_KEY_82 + 1) == PLACE_F9, "24 places and F9");

uint8_t place_ref(unsigned place)
{
	if (place < NAMED)
		return named[place].ref;
	if (place < PLACE_F9)
		return (uint8_t)(ECERT_KEY_82 + place - NAMED);
	return ECERT_KEY_F9;
}

bool place_of_ref(uint8_t ref, unsigned *place)
{
	for (unsigned i = 0; i < PLACES; i++) {
		if (place_ref(i) != ref)
			continue;
		*place = i;
		return true;
	}
	return false;
}

static void attest_label(unsigned place, char out[NAME_SIZE])
{
	if (place == PLACE_F9)
		(void)snprintf(out, NAME_SIZE, "X.509 Certificate for PIV Attestation");
	else
		(void)snprintf(
		    out, NAME_SIZE, "X.509 Certificate for PIV Attestation %02x", place_ref(place));
}

void place_label(enum name_kind kind, unsigned place, char out[NAME_SIZE])
{
	static const char *const suffix[] = {[NAME_PUBLIC] = "pubkey", [NAME_PRIVATE] = "key"};

	if (kind == NAME_ATTEST)
		attest_label(place, out);
	else if (place >= NAMED && kind == NAME_CERT)
		(void)snprintf(out, NAME_SIZE, "Certificate for Retired Key Management %u",
		    (unsigned)(place - NAMED + 1));
	else if (place >= NAMED)
		(void)snprintf(out, NAME_SIZE, "Retired KEY MAN %u", (unsigned)(place - NAMED + 1));
	else if (kind == NAME_CERT)
		(void)snprintf(out, NAME_SIZE, "Certificate for %s", named[place].cert);
	else
		(void)snprintf(out, NAME_SIZE, "%s %s", named[place].key, suffix[kind]);
}

/* 2.16.840.1.101.3.7 and what follows it */
#define ARC 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x07
#define OID(name, ...)                                                                             \
	static const uint8_t name[] = {0x06, 7 + sizeof((uint8_t[]){__VA_ARGS__}), ARC, __VA_ARGS__}
#define VIEW(name)                                                                                 \
	{                                                                                          \
		name, sizeof name                                                                  \
	}

OID(oid_ccc, 0x01, 0x81, 0x5B, 0x00);
OID(oid_chuid, 0x02, 0x30, 0x00);
OID(oid_printed, 0x02, 0x30, 0x01);
OID(oid_security, 0x02, 0x81, 0x10, 0x00);
OID(oid_discovery, 0x02, 0x60, 0x50);
OID(oid_history, 0x02, 0x60, 0x60);
OID(oid_signer, 0x02, 0x10, 0x17);
OID(oid_pairing, 0x02, 0x10, 0x18);

static const struct data_name data[] = {
    {ECERT_OBJ_CHUID, "Card Holder Unique Identifier", VIEW(oid_chuid), false},
    {ECERT_OBJ_CCC, "Card Capability Container", VIEW(oid_ccc), false},
    {ECERT_OBJ_DISCOVERY, "Discovery Object", VIEW(oid_discovery), false},
    {ECERT_OBJ_KEY_HISTORY, "Key History Object", VIEW(oid_history), false},
    {ECERT_OBJ_SECURITY, "Security Object", VIEW(oid_security), false},
    {ECERT_OBJ_PRINTED, "Printed Information", VIEW(oid_printed), true},
    {ECERT_OBJ_SM_SIGNER, "Secure Messaging Certificate Signer", VIEW(oid_signer), false},
    {ECERT_OBJ_PAIRING, "Pairing Code Reference Data", VIEW(oid_pairing), true},
    {ECERT_OBJ_ADMIN, "Yubico Admin Data", {NULL, 0}, false},
    {ECERT_OBJ_ECERT_STATUS, "e-Cert Status", {NULL, 0}, false},
    {ECERT_OBJ_ECERT_CHAIN, "e-Cert Certificate Chain", {NULL, 0}, false},
    {ECERT_OBJ_ECERT_MARK, "e-Cert Trust Mark", {NULL, 0}, false},
};

const struct data_name *data_name(unsigned i)
{
	return i < sizeof data / sizeof data[0] ? &data[i] : NULL;
}
