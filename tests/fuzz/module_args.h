/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments for PKCS#11 functions, made from a fuzzer's input. */
#ifndef ECERT_FUZZ_MODULE_ARGS_H
#define ECERT_FUZZ_MODULE_ARGS_H

#include "ecert/cryptoki.h"
#include "ecert/vendor.h"
#include "util/rd.h"

#define ARGS_MAX    12
#define SESSIONS    4
#define OBJECTS	    32
#define SMALL_OUT   256u
#define OUT_MAX	    4096u
#define PIN_RIGHT   "123456"
#define MGM_DEFAULT "010203040506070801020304050607080102030405060708"

/* The handles that calls gave so far. */
struct handles {
	CK_SESSION_HANDLE session[SESSIONS];
	CK_OBJECT_HANDLE object[OBJECTS];
	unsigned sessions, objects;
};

void handles_add_session(struct handles *h, CK_SESSION_HANDLE s);
void handles_add_object(struct handles *h, CK_OBJECT_HANDLE o);

/* One call's arguments, and the memory behind them: every block as long as the call may touch. */
struct args {
	CK_ULONG v[ARGS_MAX];
	unsigned n;
	void *block[64];
	unsigned blocks;
	/* What to look at afterwards. */
	CK_BYTE *out;
	CK_ULONG *out_len, out_room, in_len;
	CK_BYTE *in;
	CK_OBJECT_HANDLE *handle[2];
	unsigned handles;
	CK_ULONG *count; /* of the handles found */
	CK_OBJECT_HANDLE *found;
};

/*
 * shape, a letter an argument or pair: h session, s slot, f flags, T user type, o object, m
 * mechanism, i input and length, O output and length, t template and count, g the same to be
 * filled, H handle out, p PIN and length, L label, X a struct to be filled, N NULL, S array of
 * handles, its size and count, l array of numbers and count, c a text, u a number out, D
 * CKF_DONT_BLOCK.
 */
void args_make(struct args *a, const char *shape, struct rd *in, const struct handles *h);
void args_free(struct args *a);

#endif
