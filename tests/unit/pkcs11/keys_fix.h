/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests that use keys share: a login with a key of each kind. */
#ifndef ECERT_TESTS_KEYS_FIX_H
#define ECERT_TESTS_KEYS_FIX_H

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/digest.h"
#include "tests/unit/pkcs11/p11fix.h"

/* RSA in 9D and P-256 in 9A, made by the SO; then the user is logged in. */
static CK_SESSION_HANDLE with_keys(
    CK_OBJECT_HANDLE rsa[2], CK_OBJECT_HANDLE ec[2]) /* public, private */
{
	CK_SESSION_HANDLE h = open_session(true);

	login_so(h);
	if (rsa)
		is_ok(make_rsa(h, 3, &rsa[0], &rsa[1]));
	if (ec)
		is_ok(make_ec(h, 1, &ec[0], &ec[1]));
	is_ok(C_Logout(h));
	login_user(h);
	return h;
}

#endif
