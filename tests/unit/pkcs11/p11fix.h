/* SPDX-License-Identifier: BSD-2-Clause */
/* The module over simulated readers: what its tests share. */
#ifndef ECERT_TESTS_P11FIX_H
#define ECERT_TESTS_P11FIX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pkcs11/op/mech.h"
#include "pkcs11/module.h"
#include "tests/unit/token/sim.h"

struct p11fix {
	struct sim *sim;
	struct sim_card *card;
	size_t mark; /* of sim_count */
};
extern struct p11fix fix;

/* Two readers; in the first a card with P-256 keys and certificates in 9A 9C 9D 9E. The module is
 * initialised. To be a group's or a test's setup and teardown. */
int p11_setup(void **state);
int p11_teardown(void **state);
/* The same without keys. */
int p11_setup_blank(void **state);

/* APDUs since the last call. */
size_t p11_apdus(void);

CK_SESSION_HANDLE open_session(bool rw);
void login_user(CK_SESSION_HANDLE h);
void login_so(CK_SESSION_HANDLE h);
/* The PIN for the operation under way. */
CK_RV login_context(CK_SESSION_HANDLE h);

/* Handles that fit; at most cap are written, all are counted. */
CK_ULONG find(
    CK_SESSION_HANDLE h, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out, CK_ULONG cap);
/* The one object of a class with a CKA_ID. */
CK_OBJECT_HANDLE find_one(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class, uint8_t id);
/* Number of objects of a class. */
CK_ULONG count_class(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class);

CK_ULONG get_ulong(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type);
bool get_bool(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type);
/* At most cap bytes; their number. */
size_t get_bytes(
    CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, uint8_t *out, size_t cap);

/* A key pair made on the card by the SO, who is logged in. */
CK_RV make_ec(CK_SESSION_HANDLE h, uint8_t id, CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *priv);
CK_RV make_rsa(CK_SESSION_HANDLE h, uint8_t id, CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *priv);

#define is_rv(expression, rv) assert_int_equal(expression, rv)
#define is_ok(expression)     assert_int_equal(expression, CKR_OK)
#define COUNT(array)	      (sizeof(array) / sizeof((array)[0]))

extern CK_BYTE p256_params[10];

#endif
