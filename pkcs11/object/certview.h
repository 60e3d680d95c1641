/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of a certificate that PKCS#11 shows, as views into its DER. */
#ifndef ECERT_PKCS11_CERTVIEW_H
#define ECERT_PKCS11_CERTVIEW_H

#include "util/rd.h"

struct certview {
	struct rd serial, issuer, subject, spki; /* each a whole DER element */
	uint8_t not_before[8], not_after[8];	 /* CK_DATE: YYYYMMDD; zeros when unreadable */
};

/* RFC 5280, 4.1. Nothing is allocated, and no signature is checked. Errors: ECERT_E_MALFORMED. */
enum ecert_rc certview_parse(struct rd der, struct certview *out) MUST_CHECK;

#endif
