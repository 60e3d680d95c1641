/* SPDX-License-Identifier: BSD-2-Clause */
/* C_Login, C_LoginUser, C_Logout, and the PIN functions C_SetPIN, C_InitPIN (5.6, 5.5). */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11/object/object.h"
#include "pkcs11/object/write.h"
#include "util/mem.h"

#define PIN_MIN	     6u /* SP 800-73-5 part 2, 2.4.3 */
#define PIN_MAX	     8u
#define PUK_FILE_MAX 16u

/* NULL is the reader's PIN pad; where there is none, something is missing. */
static CK_RV pin_view(struct session *s, CK_UTF8CHAR_PTR pin, CK_ULONG n, struct rd *out)
{
	struct token_info info;
	enum ecert_rc rc;

	*out = (struct rd){pin, pin ? n : 0};
	if (pin)
		return CKR_OK;
	rc = token_info(&s->at, &info);
	if (rc != ECERT_OK)
		return p11_rv(rc);
	return info.pinpad && !n ? CKR_OK : CKR_ARGUMENTS_BAD;
}

/* 5.6.8: who may log in while somebody is. */
static CK_RV login_allowed(struct session *s, CK_USER_TYPE type)
{
	enum token_user now = token_user(&s->at);
	enum token_user want = type == CKU_SO ? TOKEN_SO : TOKEN_USER;
	struct session_count n;

	if (now == want)
		return CKR_USER_ALREADY_LOGGED_IN;
	if (now != TOKEN_NOBODY)
		return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
	n = sessions_count(s->at.slot);
	if (type == CKU_SO && n.all != n.rw)
		return CKR_SESSION_READ_ONLY_EXISTS;
	return CKR_OK;
}

/* The operation under way whose key wants the PIN each time (5.6.8, CKU_CONTEXT_SPECIFIC): the one
 * that was begun last, since an older one may have been given up. */
static struct op *waiting_op(const struct session *s)
{
	static const enum op_kind kinds[] = {OP_SIGN, OP_DECRYPT, OP_MESSAGE_SIGN};
	struct op *last = NULL;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct op *op = s->op[kinds[i]];

		if (op && op->key.pin == PIN_ALWAYS && (!last || op->begun > last->begun))
			last = op;
	}
	return last;
}

/* 5.6.8: the PIN for one operation. */
static CK_RV login_context(struct session *s, struct rd pin, unsigned flags)
{
	struct op *op = waiting_op(s);
	int tries = -1;
	enum ecert_rc rc;

	if (!op)
		return CKR_OPERATION_NOT_INITIALIZED;
	rc = token_login_once(&s->at, op->key.ref, pin, flags, &tries);
	op->paid = rc == ECERT_OK;
	return p11_use_rv(rc);
}

static CK_RV login(struct session *s, CK_USER_TYPE type, struct rd pin, unsigned flags)
{
	int tries = -1;
	enum ecert_rc rc;
	CK_RV rv;

	if (type == CKU_CONTEXT_SPECIFIC)
		return login_context(s, pin, flags);
	rv = login_allowed(s, type);
	if (rv != CKR_OK)
		return rv;
	rc = token_login(&s->at, type == CKU_SO ? TOKEN_SO : TOKEN_USER, pin, flags, &tries);
	if (rc == ECERT_OK)
		p11_logout_at_exit();
	/* a management key of the wrong length is a wrong one */
	if (rc == ECERT_E_DATA_LEN)
		rc = ECERT_E_PIN_WRONG;
	return rc == ECERT_E_EXISTS ? CKR_USER_ALREADY_LOGGED_IN : p11_use_rv(rc);
}

/* 3.2, CKF_USER_PIN_COUNT_LOW: a wrong PIN since the last right one, whether it cost a try or was
 * none that a card could have. */
static void note_pin(const struct session *s, CK_RV rv)
{
	if (rv == CKR_OK)
		atomic_store(&p11.wrong_pin[s->at.slot], 0);
	else if (rv == CKR_PIN_INCORRECT)
		atomic_store(&p11.wrong_pin[s->at.slot], s->at.generation);
}

static CK_RV login_checked(
    struct session *s, CK_USER_TYPE type, CK_UTF8CHAR_PTR pin, CK_ULONG n, unsigned flags)
{
	struct rd view;
	CK_RV rv;

	if (type != CKU_SO && type != CKU_USER && type != CKU_CONTEXT_SPECIFIC)
		return CKR_USER_TYPE_INVALID;
	if (p11.config.last_try)
		flags |= TOKEN_ALLOW_LAST_TRY;
	rv = pin_view(s, pin, n, &view);
	if (rv == CKR_OK)
		rv = login(s, type, view, flags);
	if (type != CKU_SO)
		note_pin(s, rv);
	return rv;
}

CK_RV C_Login(
    CK_SESSION_HANDLE hSession, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen)
{
	struct session *s;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv != CKR_OK)
		return rv;
	rv = login_checked(s, userType, pPin, ulPinLen, 0);
	return session_leave(__func__, s, rv);
}

/* The token has one user, without a name; a name is taken for what it says about the last try. */
CK_RV C_LoginUser(CK_SESSION_HANDLE hSession, CK_USER_TYPE userType, CK_UTF8CHAR_PTR pPin,
    CK_ULONG ulPinLen, CK_UTF8CHAR_PTR pUsername, CK_ULONG ulUsernameLen)
{
	const struct rd last_try = rd_of(
	    ECERT_USERNAME_LAST_TRY, sizeof ECERT_USERNAME_LAST_TRY - 1);
	struct session *s;
	unsigned flags = 0;
	CK_RV rv = session_enter(__func__, hSession, pUsername || !ulUsernameLen, &s);

	if (rv != CKR_OK)
		return rv;
	if (rd_equal(rd_of(pUsername, ulUsernameLen), last_try))
		flags = TOKEN_ALLOW_LAST_TRY;
	rv = login_checked(s, userType, pPin, ulPinLen, flags);
	return session_leave(__func__, s, rv);
}

CK_RV C_Logout(CK_SESSION_HANDLE hSession)
{
	struct session *s;
	enum ecert_rc rc;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv != CKR_OK)
		return rv;
	if (token_user(&s->at) == TOKEN_NOBODY)
		return session_leave(__func__, s, CKR_USER_NOT_LOGGED_IN);
	/* 5.6.9: what used private objects is over */
	session_end(s, OP_SIGN);
	session_end(s, OP_DECRYPT);
	session_end(s, OP_MESSAGE_SIGN);
	store_drop_private(s->at.slot);
	object_handles_die(&s->at);
	rc = token_logout(&s->at);
	/* nobody is logged in there either way, but that is not what happened */
	if (rc == ECERT_OK && token_left(&s->at))
		rc = ECERT_E_REMOVED;
	return session_leave(__func__, s, p11_rv(rc));
}

static bool pin_length(CK_ULONG n)
{
	return n >= PIN_MIN && n <= PIN_MAX;
}

/* One of the two values cannot be a PIN, and nothing was tried: the old one, unless it looks like
 * one; a new one of the right length has characters that no card takes (5.1.6). */
static CK_RV new_pin_rv(enum ecert_rc rc, struct rd old)
{
	if (rc != ECERT_E_PIN_FORMAT)
		return p11_rv(rc);
	for (size_t i = 0; i < old.n; i++)
		if (old.p[i] < '0' || old.p[i] > '9')
			return CKR_PIN_INCORRECT;
	return pin_length(old.n) ? CKR_PIN_INVALID : CKR_PIN_INCORRECT;
}

/*
 * The user's PIN; in an SO session with values of a PUK's length, the PUK. The management key is
 * changed by `ecert token init`, which escrows it.
 */
CK_RV C_SetPIN(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pOldPin, CK_ULONG ulOldLen,
    CK_UTF8CHAR_PTR pNewPin, CK_ULONG ulNewLen)
{
	struct session *s;
	bool so;
	int tries = -1;
	unsigned flags = p11.config.last_try ? TOKEN_ALLOW_LAST_TRY : 0;
	CK_RV rv = session_enter(__func__, hSession, pOldPin && pNewPin, &s);

	if (rv != CKR_OK)
		return rv;
	so = token_user(&s->at) == TOKEN_SO;
	if (!s->rw)
		rv = CKR_SESSION_READ_ONLY;
	else if (so && ulOldLen > PIN_MAX)
		rv = CKR_FUNCTION_NOT_SUPPORTED;
	else if (!pin_length(ulNewLen))
		rv = CKR_PIN_LEN_RANGE;
	else
		rv = new_pin_rv(
		    token_change_secret(&s->at, so ? SECRET_PUK : SECRET_PIN,
			rd_of(pOldPin, ulOldLen), rd_of(pNewPin, ulNewLen), flags, &tries),
		    rd_of(pOldPin, ulOldLen));
	return session_leave(__func__, s, rv);
}

/* The PUK that the configuration's file holds, its line end cut off. */
static size_t puk_from_file(uint8_t puk[PUK_FILE_MAX])
{
	ssize_t n;
	int fd = p11.config.puk_file[0] ? open(p11.config.puk_file, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return 0;
	n = read(fd, puk, PUK_FILE_MAX);
	close(fd);
	while (n > 0 && (puk[n - 1] == '\n' || puk[n - 1] == '\r'))
		n--;
	return n > 0 ? (size_t)n : 0;
}

/* "PUK:PIN", or the PIN alone when a file has the PUK: a card's PIN is set by its PUK only. */
static CK_RV init_pin(struct session *s, struct rd given)
{
	const uint8_t *colon = memchr(given.p, ':', given.n);
	uint8_t file[PUK_FILE_MAX];
	struct rd puk, pin = given;
	int tries = -1;
	CK_RV rv = CKR_PIN_INVALID;

	if (colon) {
		puk = rd_of(given.p, (size_t)(colon - given.p));
		pin = rd_of(colon + 1, given.n - puk.n - 1);
	} else {
		puk = rd_of(file, puk_from_file(file));
	}
	if (!pin_length(pin.n))
		rv = CKR_PIN_LEN_RANGE;
	else if (puk.n)
		rv = new_pin_rv(token_unblock(&s->at, puk, pin,
				    p11.config.last_try ? TOKEN_ALLOW_LAST_TRY : 0, &tries),
		    puk);
	mem_wipe(file, sizeof file);
	return rv;
}

CK_RV C_InitPIN(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen)
{
	struct session *s;
	CK_RV rv = session_enter(__func__, hSession, pPin, &s);

	if (rv != CKR_OK)
		return rv;
	if (token_user(&s->at) != TOKEN_SO)
		rv = CKR_USER_NOT_LOGGED_IN;
	else
		rv = init_pin(s, rd_of(pPin, ulPinLen));
	return session_leave(__func__, s, rv);
}
