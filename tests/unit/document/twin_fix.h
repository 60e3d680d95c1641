/* SPDX-License-Identifier: BSD-2-Clause */
/* Two certificates of one name and one number, for tests that must not take one for the other. */
#ifndef ECERT_TESTS_TWIN_FIX_H
#define ECERT_TESTS_TWIN_FIX_H

#include "cades_fix.h"

/* Another certificate with the issuer's name and the serial number of p256's. */
static struct pki_id twin_ca, twin;

static inline int setup_twin(void **state)
{
	(void)setup(state);
	pki_make(&(struct pki_spec){.cn = "Demo CA", .ca = true}, &twin_ca);
	pki_make(&(struct pki_spec){.cn = "Mallory",
		     .key = KEY_P256,
		     .usage = "critical,digitalSignature,nonRepudiation",
		     .issuer = &twin_ca},
	    &twin);
	assert_int_equal(X509_set_serialNumber(twin.cert,
			     (ASN1_INTEGER *)(uintptr_t)X509_get0_serialNumber(p256.cert)),
	    1);
	assert_true(X509_sign(twin.cert, twin_ca.key, EVP_sha256()) > 0);
	return 0;
}

static inline int teardown_twin(void **state)
{
	pki_free(&twin);
	pki_free(&twin_ca);
	return teardown(state);
}

#endif
