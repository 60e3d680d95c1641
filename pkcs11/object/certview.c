/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks a certificate down to the fields that PKCS#11 shows. */
#include "pkcs11/object/certview.h"

#include <ctype.h>
#include <string.h>

#include "crypto/der.h"

#define UTC_TIME	 0x17
#define GENERALIZED_TIME 0x18
#define CONTEXT_0	 0xA0

/* RFC 5280, 4.1.2.5: YYMMDD... below 50 is 20YY; or YYYYMMDD... */
static void date_of(struct rd *validity, uint8_t out[8])
{
	struct rd r = *validity;
	struct tlv t;
	size_t digits;

	memset(out, 0, 8);
	if (tlv_next(validity, &t) != ECERT_OK) {
		*validity = r;
		return;
	}
	digits = t.tag == GENERALIZED_TIME ? 8 : 6;
	if ((t.tag != UTC_TIME && t.tag != GENERALIZED_TIME) || t.value.n < digits)
		return;
	for (size_t i = 0; i < digits; i++)
		if (!isdigit(t.value.p[i]))
			return;
	if (t.tag == UTC_TIME)
		memcpy(out, t.value.p[0] < '5' ? "20" : "19", 2);
	memcpy(out + 8 - digits, t.value.p, digits);
}

enum ecert_rc certview_parse(struct rd der, struct certview *out)
{
	struct rd cert, tbs, skipped, validity;
	struct rd r = der;

	*out = (struct certview){.serial = {NULL, 0}};
	if (der_get(&r, DER_SEQUENCE, &cert, NULL) != ECERT_OK || rd_end(&r) != ECERT_OK ||
	    der_get(&cert, DER_SEQUENCE, &tbs, NULL) != ECERT_OK)
		return ECERT_E_MALFORMED;
	if (tbs.n && tbs.p[0] == CONTEXT_0 && der_get(&tbs, CONTEXT_0, &skipped, NULL) != ECERT_OK)
		return ECERT_E_MALFORMED;
	if (der_get(&tbs, DER_INTEGER, &skipped, &out->serial) != ECERT_OK ||
	    der_get(&tbs, DER_SEQUENCE, &skipped, NULL) != ECERT_OK ||
	    der_get(&tbs, DER_SEQUENCE, &skipped, &out->issuer) != ECERT_OK ||
	    der_get(&tbs, DER_SEQUENCE, &validity, NULL) != ECERT_OK ||
	    der_get(&tbs, DER_SEQUENCE, &skipped, &out->subject) != ECERT_OK ||
	    der_get(&tbs, DER_SEQUENCE, &skipped, &out->spki) != ECERT_OK)
		return ECERT_E_MALFORMED;
	date_of(&validity, out->not_before);
	date_of(&validity, out->not_after);
	return ECERT_OK;
}
