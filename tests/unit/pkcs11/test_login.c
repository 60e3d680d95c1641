/* SPDX-License-Identifier: BSD-2-Clause */
/* Sessions, logging in and out, PINs, slots and their events. */
#include "tests/unit/pkcs11/p11fix.h"

static CK_RV try_pin(CK_SESSION_HANDLE h, CK_USER_TYPE type, const char *pin)
{
	CK_UTF8CHAR copy[128];

	memcpy(copy, pin, strlen(pin) + 1);
	return C_Login(h, type, copy, strlen(pin));
}

static CK_STATE state_of(CK_SESSION_HANDLE h)
{
	CK_SESSION_INFO info;

	is_ok(C_GetSessionInfo(h, &info));
	assert_int_equal(info.slotID, 0);
	return info.state;
}

static CK_FLAGS token_flags(void)
{
	CK_TOKEN_INFO info;

	is_ok(C_GetTokenInfo(0, &info));
	return info.flags;
}

static void states(void **state)
{
	CK_SESSION_HANDLE ro = open_session(false), rw = open_session(true), more = 0;
	CK_FLAGS so_open = CKF_SERIAL_SESSION;

	(void)state;
	assert_int_equal(state_of(ro), CKS_RO_PUBLIC_SESSION);
	assert_int_equal(state_of(rw), CKS_RW_PUBLIC_SESSION);
	login_user(ro);
	assert_int_equal(state_of(ro), CKS_RO_USER_FUNCTIONS);
	assert_int_equal(state_of(rw), CKS_RW_USER_FUNCTIONS);
	is_rv(try_pin(rw, CKU_USER, SIM_PIN), CKR_USER_ALREADY_LOGGED_IN);
	is_rv(try_pin(rw, CKU_SO, SIM_MGM), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
	is_ok(C_Logout(rw));
	is_rv(try_pin(rw, CKU_SO, SIM_MGM), CKR_SESSION_READ_ONLY_EXISTS);
	is_ok(C_CloseSession(ro));
	login_so(rw);
	assert_int_equal(state_of(rw), CKS_RW_SO_FUNCTIONS);
	is_rv(C_OpenSession(0, so_open, NULL, NULL, &more), CKR_SESSION_READ_WRITE_SO_EXISTS);
	is_rv(try_pin(rw, CKU_USER, SIM_PIN), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
	is_ok(C_CloseSession(rw));
	/* the last session took the login along */
	ro = open_session(false);
	assert_int_equal(state_of(ro), CKS_RO_PUBLIC_SESSION);
	is_rv(C_OpenSession(0, 0, NULL, NULL, &more), CKR_SESSION_PARALLEL_NOT_SUPPORTED);
	is_ok(C_CloseAllSessions(1));
	assert_int_equal(state_of(ro), CKS_RO_PUBLIC_SESSION);
	is_ok(C_CloseAllSessions(0));
	is_rv(C_CloseSession(ro), CKR_SESSION_HANDLE_INVALID);
}

static void last_close_logs_out(void **state)
{
	CK_SESSION_HANDLE a = open_session(false), b = open_session(false);

	(void)state;
	login_user(a);
	assert_true(sim_verified(fix.card));
	is_ok(C_CloseSession(a));
	assert_true(sim_verified(fix.card));
	is_ok(C_CloseSession(b));
	assert_false(sim_verified(fix.card));
}

static void pin_flags(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_UTF8CHAR pin[] = SIM_PIN, yes[] = ECERT_USERNAME_LAST_TRY;

	(void)state;
	assert_false(token_flags() & CKF_USER_PIN_COUNT_LOW);
	assert_true(token_flags() & CKF_LOGIN_REQUIRED);
	assert_true(token_flags() & CKF_TOKEN_INITIALIZED);
	assert_true(token_flags() & CKF_RNG);
	assert_false(token_flags() & CKF_PROTECTED_AUTHENTICATION_PATH);
	/* what no PIN can be costs no try, and is simply wrong */
	is_rv(try_pin(h, CKU_USER, ""), CKR_PIN_INCORRECT);
	is_rv(try_pin(h, CKU_USER, "12"), CKR_PIN_INCORRECT);
	is_rv(try_pin(h, CKU_USER, "12345678901234567890"), CKR_PIN_INCORRECT);
	is_rv(C_Login(h, CKU_USER, NULL, 0), CKR_ARGUMENTS_BAD);
	assert_int_equal(sim_tries(fix.card), 3);
	/* but there was one since the last right one (3.2) */
	assert_true(token_flags() & CKF_USER_PIN_COUNT_LOW);
	is_ok(try_pin(h, CKU_USER, SIM_PIN));
	assert_false(token_flags() & CKF_USER_PIN_COUNT_LOW);
	is_ok(C_Logout(h));
	is_rv(try_pin(h, CKU_USER, "123456789012"), CKR_PIN_INCORRECT);
	assert_true(token_flags() & CKF_USER_PIN_COUNT_LOW);
	assert_false(token_flags() & CKF_USER_PIN_FINAL_TRY);
	is_rv(try_pin(h, CKU_USER, "999999"), CKR_PIN_INCORRECT);
	assert_true(token_flags() & CKF_USER_PIN_COUNT_LOW);
	assert_false(token_flags() & CKF_USER_PIN_FINAL_TRY);
	is_rv(try_pin(h, CKU_USER, "999999"), CKR_PIN_INCORRECT);
	assert_true(token_flags() & CKF_USER_PIN_FINAL_TRY);
	/* the last one is not spent without a word */
	is_rv(try_pin(h, CKU_USER, "999999"), CKR_FUNCTION_REJECTED);
	is_rv(try_pin(h, CKU_USER, SIM_PIN), CKR_FUNCTION_REJECTED);
	assert_int_equal(sim_tries(fix.card), 1);
	is_ok(C_LoginUser(h, CKU_USER, pin, 6, yes, sizeof(yes) - 1));
	is_ok(C_Logout(h));
	assert_false(token_flags() & (CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY));
	p11.config.last_try = true;
	for (int i = 0; i < 3; i++)
		is_rv(try_pin(h, CKU_USER, "999999"), i < 2 ? CKR_PIN_INCORRECT : CKR_PIN_LOCKED);
	assert_true(token_flags() & CKF_USER_PIN_LOCKED);
	is_rv(try_pin(h, CKU_USER, SIM_PIN), CKR_PIN_LOCKED);
}

static void pins_are_changed(void **state)
{
	CK_SESSION_HANDLE ro = open_session(false), h = open_session(true);
	CK_UTF8CHAR old[] = SIM_PIN, fresh[] = "654321", wrong[] = "111111",
		    both[] = "12345678:777777";

	(void)state;
	is_rv(C_SetPIN(ro, old, 6, fresh, 6), CKR_SESSION_READ_ONLY);
	is_ok(C_CloseSession(ro));
	is_rv(C_SetPIN(h, old, 6, fresh, 5), CKR_PIN_LEN_RANGE);
	is_rv(C_SetPIN(h, wrong, 6, fresh, 6), CKR_PIN_INCORRECT);
	is_ok(C_SetPIN(h, old, 6, fresh, 6));
	is_rv(try_pin(h, CKU_USER, SIM_PIN), CKR_PIN_INCORRECT);
	is_ok(try_pin(h, CKU_USER, "654321"));
	is_rv(C_InitPIN(h, both, sizeof(both) - 1), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_Logout(h));
	is_rv(try_pin(h, CKU_SO, "12345678"), CKR_PIN_INCORRECT);
	is_rv(try_pin(h, CKU_SO, "000102030405060708090a0b0c0d0e0f0001020304050607"),
	    CKR_PIN_INCORRECT);
	login_so(h);
	is_rv(C_InitPIN(h, old, 6), CKR_PIN_INVALID); /* without the PUK */
	is_ok(C_InitPIN(h, both, sizeof(both) - 1));
	is_ok(C_Logout(h));
	is_ok(try_pin(h, CKU_USER, "777777"));
}

static void private_objects_go(void **state)
{
	CK_SESSION_HANDLE h = open_session(true);
	CK_OBJECT_HANDLE pub, priv;
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_BYTE digest[32] = {1}, sig[64];
	CK_ULONG n = sizeof(sig), size;

	(void)state;
	login_so(h);
	is_ok(make_ec(h, 1, &pub, &priv));
	is_rv(C_SignInit(h, &m, priv), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_Logout(h));
	login_user(h);
	is_ok(C_SignInit(h, &m, priv));
	is_ok(C_Logout(h));
	is_rv(C_Sign(h, digest, 32, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_GetObjectSize(h, priv, &size), CKR_OBJECT_HANDLE_INVALID);
	is_rv(C_SignInit(h, &m, priv), CKR_KEY_HANDLE_INVALID);
	is_ok(C_GetObjectSize(h, pub, &size));
	login_user(h);
	is_rv(C_SignInit(h, &m, priv), CKR_KEY_HANDLE_INVALID);
	is_ok(C_SignInit(h, &m, find_one(h, CKO_PRIVATE_KEY, 1)));
}

/* A card that leaves takes its sessions along; the slot stays. */
static void removal(void **state)
{
	CK_SESSION_HANDLE a = open_session(false), b = open_session(true), c;
	CK_SLOT_ID event = 99, slots[2];
	CK_ULONG n = 0;
	CK_SLOT_INFO slot;
	CK_SESSION_INFO info;

	(void)state;
	login_user(a);
	while (C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL) == CKR_OK)
		;
	sim_insert(fix.sim, 0, NULL);
	is_ok(C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL));
	assert_int_equal(event, 0);
	is_rv(C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL), CKR_NO_EVENT);
	is_rv(C_GetSessionInfo(a, &info), CKR_SESSION_HANDLE_INVALID);
	is_rv(C_FindObjectsInit(b, NULL, 0), CKR_SESSION_HANDLE_INVALID);
	is_ok(C_GetSlotInfo(0, &slot));
	assert_false(slot.flags & CKF_TOKEN_PRESENT);
	is_ok(C_GetSlotList(CK_FALSE, NULL, &n));
	assert_int_equal(n, 2);
	/* the set is fixed until it is asked for again, what is in them is not */
	is_ok(C_GetSlotList(CK_TRUE, slots, &n));
	assert_int_equal(n, 0);
	is_rv(C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &c), CKR_TOKEN_NOT_PRESENT);
	sim_insert(fix.sim, 0, fix.card);
	n = 2;
	is_ok(C_GetSlotList(CK_TRUE, slots, &n));
	assert_int_equal(n, 1);
	c = open_session(false);
	assert_int_equal(state_of(c), CKS_RO_PUBLIC_SESSION);
	is_rv(C_CloseSession(b), CKR_SESSION_HANDLE_INVALID);
}

static void removal_in_the_middle(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_BYTE some[8];
	CK_RV rv;

	(void)state;
	sim_insert(fix.sim, 0, NULL);
	is_rv(C_FindObjectsInit(h, NULL, 0), CKR_DEVICE_REMOVED);
	rv = C_GenerateRandom(h, some, sizeof(some));
	is_rv(rv, CKR_SESSION_HANDLE_INVALID);
	sim_insert(fix.sim, 0, fix.card);
}

/* The first call says that the token is gone, whichever it is. */
static void removal_is_said_first(void **state)
{
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_OBJECT_HANDLE key;
	CK_BBOOL v;
	CK_ATTRIBUTE t = {CKA_SIGN, &v, 1};

	(void)state;
	for (int i = 0; i < 4; i++) {
		CK_SESSION_HANDLE h = open_session(true);

		login_user(h);
		key = find_one(h, CKO_PRIVATE_KEY, 1);
		sim_insert(fix.sim, 0, NULL);
		(void)usleep(120000); /* what is remembered is good for a moment */
		is_rv(i == 0   ? C_Logout(h)
		      : i == 1 ? C_SignInit(h, &m, key)
		      : i == 2 ? C_GetAttributeValue(h, key, &t, 1)
			       : C_DestroyObject(h, key),
		    CKR_DEVICE_REMOVED);
		is_rv(C_Logout(h), CKR_SESSION_HANDLE_INVALID);
		sim_insert(fix.sim, 0, fix.card);
	}
}

static void foreign_cards(void **state)
{
	CK_TOKEN_INFO info;
	CK_SESSION_HANDLE h;
	CK_ULONG n = 0;

	(void)state;
	sim_insert(fix.sim, 0, NULL);
	sim_foreign(fix.card, true);
	sim_insert(fix.sim, 0, fix.card);
	is_ok(C_GetSlotList(CK_TRUE, NULL, &n));
	assert_int_equal(n, 1);
	is_rv(C_GetTokenInfo(0, &info), CKR_TOKEN_NOT_RECOGNIZED);
	is_rv(C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_TOKEN_NOT_RECOGNIZED);
}

/* Java uses a slot id from its configuration before any C_GetSlotList. */
static void slots_before_the_list(void **state)
{
	CK_SLOT_INFO slot;
	CK_SESSION_HANDLE h;

	(void)state;
	is_ok(C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &h));
	is_ok(C_GetSlotInfo(0, &slot));
	assert_true(slot.flags & CKF_TOKEN_PRESENT);
	assert_true(slot.flags & CKF_REMOVABLE_DEVICE);
}

/* 5.5.4: C_Initialize clears the events; afterwards each change is told once, whoever looked. */
static void events(void **state)
{
	CK_SLOT_ID event = 99;
	CK_ULONG n = 0;

	(void)state;
	is_rv(C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL), CKR_NO_EVENT);
	sim_insert(fix.sim, 0, NULL);
	is_ok(C_GetSlotList(CK_TRUE, NULL, &n));
	assert_int_equal(n, 0);
	is_ok(C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL));
	assert_int_equal(event, 0);
	is_rv(C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL), CKR_NO_EVENT);
	sim_insert(fix.sim, 0, fix.card);
	sim_connect(fix.sim, 1, false);
	is_ok(C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL));
	is_ok(C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL));
	is_rv(C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL), CKR_NO_EVENT);
	/* a reader that has gone keeps its slot */
	is_ok(C_GetSlotList(CK_FALSE, NULL, &n));
	assert_int_equal(n, 2);
}

static void many_sessions(void **state)
{
	static CK_SESSION_HANDLE h[2000];
	CK_TOKEN_INFO info;
	size_t n = 0;
	CK_RV rv;

	(void)state;
	while ((rv = C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &h[n])) == CKR_OK)
		n++;
	is_rv(rv, CKR_SESSION_COUNT);
	is_ok(C_GetTokenInfo(0, &info));
	assert_int_equal(info.ulSessionCount, n);
	assert_int_equal(info.ulMaxSessionCount, n);
	is_ok(C_CloseSession(h[500]));
	is_rv(C_CloseSession(h[500]), CKR_SESSION_HANDLE_INVALID);
	is_ok(C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &h[501]));
	is_ok(C_CloseAllSessions(0));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup_blank, p11_teardown)
	const struct CMUnitTest tests[] = {T(states), T(last_close_logs_out), T(pin_flags),
	    T(pins_are_changed), T(private_objects_go), T(removal), T(removal_in_the_middle),
	    cmocka_unit_test_setup_teardown(removal_is_said_first, p11_setup, p11_teardown),
	    T(foreign_cards), T(slots_before_the_list), T(events), T(many_sessions)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
