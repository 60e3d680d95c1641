/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the object with the CAs' certificates: each in 70, then FE 00 (applet-spec, 5FFF21). */
#include "pkcs11/object/cacerts.h"

#include <errno.h>
#include <string.h>

#include "ecert/piv_const.h"
#include "util/tlv.h"

#define TAG_CERT 0x70u

enum ecert_rc cacerts_read(const struct token_at *at, struct buf *object)
{
	enum ecert_rc rc = token_data_get(at, ECERT_OBJ_ECERT_CHAIN, object);

	switch (rc) {
	/* what the card does not have, or does not give, must not hide its keys */
	case ECERT_E_NOT_FOUND:
	case ECERT_E_MALFORMED:
	case ECERT_E_UNSUPPORTED:
	case ECERT_E_DENIED:
	case ECERT_E_AUTH:
	case ECERT_E_CARD:
	case ECERT_E_TOO_LARGE:
		buf_reset(object);
		return ECERT_OK;
	default:
		return rc;
	}
}

/*
 * It offers those keys to servers, each for one of the few tries that a server allows, and lists
 * them for authorized_keys(5), where a CA's key would let the CA in.
 */
bool cacerts_unwanted(CK_ULONG attributes)
{
	static const char *const programs[] = {"ssh", "ssh-keygen", "ssh-pkcs11-helper"};

	for (size_t i = 0; attributes == 1 && i < sizeof programs / sizeof programs[0]; i++)
		if (!strcmp(program_invocation_short_name, programs[i]))
			return true;
	return false;
}

enum ecert_rc cacerts_at(struct rd object, unsigned i, struct rd *der)
{
	struct rd value = {NULL, 0};

	*der = value;
	for (unsigned at = 0; at <= i; at++)
		if (tlv_expect(&object, TAG_CERT, &value) != ECERT_OK)
			return ECERT_E_NOT_FOUND;
	*der = value;
	return ECERT_OK;
}
