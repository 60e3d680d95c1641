/* SPDX-License-Identifier: BSD-2-Clause */
/* A black-box suite that holds a module to the letter of PKCS#11 3.2: what its files share. */
#ifndef ECERT_TESTS_STRICT_H
#define ECERT_TESTS_STRICT_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ecert/cryptoki.h"
#include "ecert/vendor.h"

extern CK_FUNCTION_LIST_3_2 *p;
extern CK_SLOT_ID slot;
extern CK_UTF8CHAR *user_pin, *so_pin;
extern const char *module_path, *cert_dir;
/* A card that keeps to the letter of PIV does not agree with 9A: then that is said, by the
 * attribute, too, and nothing more can be asked of it. */
bool agrees(CK_SESSION_HANDLE h, CK_MECHANISM *ecdh, CK_OBJECT_HANDLE key);

extern bool counts; /* the card tells how many tries are left */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* The call gives one of these codes; its own text is the name of the test. */
#define IS(call, ...)                                                                              \
	verdict(__FILE__, __LINE__, #call, #__VA_ARGS__, (call), (const CK_RV[]){__VA_ARGS__},     \
	    COUNT(((const CK_RV[]){__VA_ARGS__})))
#define OK(call)    IS(call, CKR_OK)
#define HOLDS(cond) holds(__FILE__, __LINE__, #cond, (cond))

bool verdict(const char *file, int line, const char *call, const char *wants, CK_RV got,
    const CK_RV *want, size_t n);
bool holds(const char *file, int line, const char *what, bool yes);

#define RO CKF_SERIAL_SESSION
#define RW (CKF_SERIAL_SESSION | CKF_RW_SESSION)
CK_SESSION_HANDLE session(CK_FLAGS flags);
void login(CK_SESSION_HANDLE h);
void login_so(CK_SESSION_HANDLE h);
void done(CK_SESSION_HANDLE h); /* logs out and closes all */

CK_ULONG find_all(CK_SESSION_HANDLE h, CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out);
CK_OBJECT_HANDLE find_id(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class, CK_BYTE id);
CK_RV get(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, void *v, CK_ULONG *n);
bool get_bool(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type);
CK_ULONG get_ulong(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type);
/* A certificate of the folder, made for CKA_ID id; its length. */
CK_ULONG read_cert(CK_BYTE id, CK_BYTE *out, CK_ULONG room);
/* SignInit, and the PIN for this one signature where the key asks. */
CK_RV sign_init(CK_SESSION_HANDLE h, CK_MECHANISM_TYPE m, CK_OBJECT_HANDLE key);

void test_before_init(void);
void test_general(void);
void test_sessions(void);
void test_login(void);
void test_objects(void);
void test_make(void);
void test_crypto(void);
void test_mechanisms(void);
void test_edges(void);
void test_admin(void);
void test_fork(void);

#endif
