/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict suite: who may log in, what a wrong PIN gives, what a logout takes along (5.6.8, 5.6.9).
 */
#include "tests/interop/strict.h"

/* A right PIN puts back the tries, and ends the delays by which ecertd answers wrong ones. */
static void settle(CK_SESSION_HANDLE h)
{
	login(h);
	OK(p->C_Logout(h));
}

static void wrong_pins(CK_SESSION_HANDLE h)
{
	CK_UTF8CHAR wrong[] = "000000000000000000000000000000000000000000000000";
	CK_TOKEN_INFO t;

	IS(p->C_Login(h, 99, user_pin, 6), CKR_USER_TYPE_INVALID);
	IS(p->C_Login(h, CKU_CONTEXT_SPECIFIC, user_pin, 6), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_Login(h, CKU_USER, NULL, 0), CKR_ARGUMENTS_BAD);
	IS(p->C_Login(h, CKU_USER, NULL, 6), CKR_ARGUMENTS_BAD);
	IS(p->C_Login(h, CKU_USER, wrong, 0), CKR_PIN_INCORRECT);
	IS(p->C_Login(h, CKU_USER, wrong, 1), CKR_PIN_INCORRECT);
	IS(p->C_Login(h, CKU_USER, wrong, 9), CKR_PIN_INCORRECT);
	IS(p->C_Login(h, CKU_USER, wrong, 40), CKR_PIN_INCORRECT);
	OK(p->C_GetTokenInfo(
	    slot, &t)); /* none of these cost a try, and they were wrong all the same */
	HOLDS(t.flags & CKF_USER_PIN_COUNT_LOW && !(t.flags & CKF_USER_PIN_FINAL_TRY));
	IS(p->C_Login(h, CKU_USER, wrong, 6), CKR_PIN_INCORRECT);
	OK(p->C_GetTokenInfo(slot, &t));
	HOLDS(t.flags & CKF_USER_PIN_COUNT_LOW);
	settle(h);
	IS(p->C_Login(h, CKU_SO, wrong, 48), CKR_PIN_INCORRECT);
	settle(h);
	IS(p->C_Login(h, CKU_SO, wrong, 5), CKR_PIN_INCORRECT);
	IS(p->C_Logout(h), CKR_USER_NOT_LOGGED_IN);
	IS(p->C_LoginUser(h, 99, user_pin, 6, NULL, 0), CKR_USER_TYPE_INVALID);
	IS(p->C_LoginUser(h, CKU_USER, user_pin, 6, NULL, 4), CKR_ARGUMENTS_BAD);
}

static void matrix(CK_SESSION_HANDLE h)
{
	CK_SESSION_HANDLE other = session(RW);
	CK_ULONG n = strlen((char *)user_pin), so_n = strlen((char *)so_pin);
	CK_TOKEN_INFO t;

	login(h);
	OK(p->C_GetTokenInfo(slot, &t));
	HOLDS(!(t.flags & CKF_USER_PIN_COUNT_LOW));
	IS(p->C_Login(h, CKU_USER, user_pin, n), CKR_USER_ALREADY_LOGGED_IN);
	IS(p->C_Login(other, CKU_USER, user_pin, n), CKR_USER_ALREADY_LOGGED_IN);
	IS(p->C_Login(other, CKU_SO, so_pin, so_n), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
	OK(p->C_CloseSession(h)); /* the login is the token's, not the session's */
	IS(p->C_Login(other, CKU_USER, user_pin, n), CKR_USER_ALREADY_LOGGED_IN);
	OK(p->C_Logout(other));
	OK(p->C_LoginUser(other, CKU_USER, user_pin, n, NULL, 0));
	OK(p->C_Logout(other));
	login_so(other);
	IS(p->C_Login(other, CKU_SO, so_pin, so_n), CKR_USER_ALREADY_LOGGED_IN);
	IS(p->C_Login(other, CKU_USER, user_pin, n), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
	done(other);
}

static CK_ULONG private_keys(CK_SESSION_HANDLE h)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE t = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE o[128];

	return find_all(h, &t, 1, o);
}

/* 5.6.9: handles of private objects are dead, and stay dead after the next login. */
static void logout_kills(void)
{
	CK_SESSION_HANDLE h = session(RO);
	CK_OBJECT_HANDLE key, cert;
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_ULONG v, n = sizeof(v);
	CK_OBJECT_CLASS data = CKO_DATA;
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &data, sizeof(data)}, {CKA_PRIVATE, &yes, 1}};
	CK_OBJECT_HANDLE o;

	HOLDS(private_keys(h) == 0);
	IS(p->C_CreateObject(h, t, 2, &o), CKR_USER_NOT_LOGGED_IN);
	login(h);
	HOLDS(private_keys(h) >= 3);
	key = find_id(h, CKO_PRIVATE_KEY, 1);
	cert = find_id(h, CKO_CERTIFICATE, 1);
	OK(p->C_CreateObject(h, t, 2, &o));
	OK(p->C_Logout(h));
	HOLDS(private_keys(h) == 0);
	IS(get(h, key, CKA_KEY_TYPE, &v, &n), CKR_OBJECT_HANDLE_INVALID);
	IS(p->C_SignInit(h, &m, key), CKR_USER_NOT_LOGGED_IN, CKR_KEY_HANDLE_INVALID);
	n = sizeof(v);
	OK(get(h, cert, CKA_CLASS, &v, &n));
	login(h);
	n = sizeof(v);
	IS(get(h, key, CKA_KEY_TYPE, &v, &n), CKR_OBJECT_HANDLE_INVALID);
	IS(p->C_SignInit(h, &m, key), CKR_KEY_HANDLE_INVALID);
	IS(get(h, o, CKA_CLASS, &v, &n), CKR_OBJECT_HANDLE_INVALID);
	n = sizeof(v);
	OK(get(h, cert, CKA_CLASS, &v, &n));
	key = find_id(h, CKO_PRIVATE_KEY, 1);
	OK(p->C_SignInit(h, &m, key));
	done(h);
}

static void pin_changes(void)
{
	CK_SESSION_HANDLE ro = session(RO), h = session(RW);
	CK_UTF8CHAR next[] = "654321", wrong[] = "999999", odd[] = "12345\xff";
	CK_UTF8CHAR label[] = "strict                          ";
	CK_ULONG n = strlen((char *)user_pin);

	IS(p->C_SetPIN(ro, user_pin, n, next, 6), CKR_SESSION_READ_ONLY);
	IS(p->C_SetPIN(h, NULL, 6, next, 6), CKR_ARGUMENTS_BAD);
	IS(p->C_SetPIN(h, user_pin, n, next, 5), CKR_PIN_LEN_RANGE);
	IS(p->C_SetPIN(h, user_pin, n, label, 32), CKR_PIN_LEN_RANGE);
	IS(p->C_SetPIN(h, user_pin, n, odd, 6), CKR_PIN_INVALID);
	IS(p->C_SetPIN(h, user_pin, 3, next, 6), CKR_PIN_INCORRECT);
	IS(p->C_SetPIN(h, wrong, 6, next, 6), CKR_PIN_INCORRECT);
	OK(p->C_SetPIN(h, user_pin, n, next, 6));
	IS(p->C_Login(h, CKU_USER, user_pin, n), CKR_PIN_INCORRECT);
	OK(p->C_Login(h, CKU_USER, next, 6));
	OK(p->C_SetPIN(h, next, 6, user_pin, n));
	IS(p->C_InitPIN(h, next, 6), CKR_USER_NOT_LOGGED_IN);
	IS(p->C_InitToken(slot, so_pin, 48, label), CKR_SESSION_EXISTS);
	OK(p->C_Logout(h));
	OK(p->C_CloseSession(ro));
	login_so(h);
	IS(p->C_InitPIN(h, NULL, 6), CKR_ARGUMENTS_BAD);
	IS(p->C_InitPIN(h, next, 5), CKR_PIN_LEN_RANGE);
	IS(p->C_InitPIN(h, label, 32), CKR_PIN_LEN_RANGE);
	done(h);
	IS(p->C_InitToken(slot, NULL, 48, label), CKR_ARGUMENTS_BAD);
	IS(p->C_InitToken(slot, so_pin, 48, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_InitToken(0xdeadUL, so_pin, 48, label), CKR_SLOT_ID_INVALID);
	IS(p->C_InitToken(slot, wrong, 6, label), CKR_PIN_INCORRECT);
	settle(session(RO));
	OK(p->C_CloseAllSessions(slot));
	IS(p->C_InitToken(slot, label, 32, label), CKR_PIN_INCORRECT);
	settle(session(RO));
	OK(p->C_CloseAllSessions(slot));
}

void test_login(void)
{
	CK_SESSION_HANDLE h = session(RW);

	wrong_pins(h);
	matrix(h);
	logout_kills();
	pin_changes();
}
