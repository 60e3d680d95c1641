/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments for PKCS#11 functions, made from a fuzzer's input. */
#include "module_push.h"

#include <string.h>

#include "pkcs11/op/mech.h"

void handles_add_session(struct handles *h, CK_SESSION_HANDLE s)
{
	h->session[h->sessions++ % SESSIONS] = s;
}

void handles_add_object(struct handles *h, CK_OBJECT_HANDLE o)
{
	h->object[h->objects++ % OBJECTS] = o;
}

static void push_input(struct args *a, struct rd *in)
{
	CK_ULONG n;

	a->in = bytes(a, in, &n);
	a->in_len = n;
	push_p(a, a->in);
	push(a, n);
}

static void push_output(struct args *a, struct rd *in)
{
	uint8_t how = byte(in);

	a->out_len = block(a, sizeof(CK_ULONG));
	a->out_room = how < 0xF0 ? how : OUT_MAX;
	a->out = how == 0 ? NULL : block(a, a->out_room);
	*a->out_len = a->out_room;
	push_p(a, a->out);
	if (how == 0xF0)
		a->out_len = NULL;
	push_p(a, a->out_len);
}

/* ---- templates ---- */

static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS, CKA_TOKEN, CKA_PRIVATE, CKA_LABEL,
    CKA_APPLICATION, CKA_VALUE, CKA_OBJECT_ID, CKA_CERTIFICATE_TYPE, CKA_ISSUER, CKA_SERIAL_NUMBER,
    CKA_TRUSTED, CKA_CERTIFICATE_CATEGORY, CKA_KEY_TYPE, CKA_SUBJECT, CKA_ID, CKA_SENSITIVE,
    CKA_ENCRYPT, CKA_DECRYPT, CKA_SIGN, CKA_SIGN_RECOVER, CKA_VERIFY, CKA_DERIVE, CKA_START_DATE,
    CKA_MODULUS, CKA_MODULUS_BITS, CKA_PUBLIC_EXPONENT, CKA_PRIVATE_EXPONENT, CKA_PRIME_1,
    CKA_PRIME_2, CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT, CKA_PUBLIC_KEY_INFO,
    CKA_VALUE_LEN, CKA_EXTRACTABLE, CKA_LOCAL, CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE,
    CKA_KEY_GEN_MECHANISM, CKA_MODIFIABLE, CKA_COPYABLE, CKA_DESTROYABLE, CKA_EC_PARAMS,
    CKA_EC_POINT, CKA_ALWAYS_AUTHENTICATE, CKA_WRAP_WITH_TRUSTED, CKA_UNIQUE_ID, CKA_PROFILE_ID,
    CKA_ALLOWED_MECHANISMS, CKA_ECERT_PIN_POLICY, CKA_ECERT_TOUCH_POLICY, CKA_ECERT_ATTESTATION,
    CKA_ECERT_KEY_REFERENCE, CKA_ECERT_ORIGIN, CKA_CHECK_VALUE, CKA_URL,
    CKA_HASH_OF_SUBJECT_PUBLIC_KEY};

static CK_ATTRIBUTE_TYPE type(struct rd *in)
{
	uint8_t which = byte(in);

	return which < COUNT(types) ? types[which] : number(in);
}

static void set_value(CK_ATTRIBUTE *t, void *p, CK_ULONG n)
{
	t->pValue = p;
	t->ulValueLen = n;
}

static void value(struct args *a, CK_ATTRIBUTE *t, struct rd *in)
{
	static const CK_BYTE curve[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
	uint8_t how = byte(in);
	CK_ULONG n;
	void *p;

	if (t->type & CKF_ARRAY_ATTRIBUTE || how == 0) {
		p = block(a, how); /* an array of attributes with nothing in it */
		set_value(t, p, how);
	} else if (how < 3) {
		*(CK_BBOOL *)(p = block(a, 1)) = how == 1;
		set_value(t, p, 1);
	} else if (how < 0x20) {
		*(CK_ULONG *)(p = block(a, sizeof n)) = how - 3u;
		set_value(t, p, sizeof n);
	} else if (how == 0x20) {
		*(CK_ULONG *)(p = block(a, sizeof n)) = number(in);
		set_value(t, p, sizeof n);
	} else if (how == 0x21) {
		memcpy(p = block(a, sizeof curve), curve, sizeof curve);
		set_value(t, p, sizeof curve);
	} else if (how == 0x22) {
		set_value(t, NULL, number(in));
	} else if (how < 0xA0) {
		*(CK_BYTE *)(p = block(a, 1)) = how; /* a CKA_ID */
		set_value(t, p, 1);
	} else {
		p = bytes(a, in, &n);
		set_value(t, p, n);
	}
}

static void push_template(struct args *a, struct rd *in, bool to_fill)
{
	uint8_t how = byte(in);
	CK_ULONG n = how % 12;
	CK_ATTRIBUTE *t = block(a, n * sizeof *t);

	for (CK_ULONG i = 0; i < n; i++) {
		t[i].type = type(in);
		if (!to_fill) {
			value(a, &t[i], in);
			continue;
		}
		t[i].ulValueLen = byte(in);
		if (t[i].ulValueLen == 0xFF)
			t[i].ulValueLen = OUT_MAX;
		if (t[i].ulValueLen)
			t[i].pValue = block(a, t[i].ulValueLen);
	}
	push_p(a, how == 0xFF ? NULL : t);
	push(a, n);
}

/* ---- the rest ---- */

static void push_pin(struct args *a, struct rd *in)
{
	static const char *const pins[] = {PIN_RIGHT, "654321", MGM_DEFAULT, "12345678", ""};
	uint8_t which = byte(in);
	CK_ULONG n;
	CK_BYTE *p;

	if (which >= COUNT(pins)) {
		p = bytes(a, in, &n);
	} else {
		n = strlen(pins[which]);
		memcpy(p = block(a, n), pins[which], n);
	}
	push_p(a, p);
	push(a, n);
}

static void push_handle_out(struct args *a)
{
	CK_OBJECT_HANDLE *p = block(a, sizeof *p);

	REQUIRE(a->handles < COUNT(a->handle));
	a->handle[a->handles++] = p;
	push_p(a, p);
}

static void push_search(struct args *a, struct rd *in)
{
	CK_ULONG room = byte(in) % (OBJECTS + 1);

	a->found = block(a, room * sizeof *a->found);
	a->count = block(a, sizeof *a->count);
	a->out_room = room;
	push_p(a, a->found);
	push(a, room);
	push_p(a, a->count);
}

/* Numbers with their count in and out. */
static void push_list(struct args *a, struct rd *in)
{
	CK_ULONG *n = block(a, sizeof *n);

	*n = byte(in);
	push_p(a, *n == 0 ? NULL : block(a, *n * 3 * sizeof *n)); /* an interface is three words */
	push_p(a, n);
}

static void push_text(struct args *a, struct rd *in)
{
	CK_ULONG n;
	CK_BYTE *p = bytes(a, in, &n);
	char *s = block(a, n + 1);

	if (n && p)
		memcpy(s, p, n);
	push_p(a, n ? s : NULL);
}

static CK_ULONG session(struct rd *in, const struct handles *h)
{
	uint8_t which = byte(in);

	return which < 0xF0 ? h->session[which % SESSIONS] : which;
}

static CK_ULONG object(struct rd *in, const struct handles *h)
{
	uint8_t which = byte(in);
	unsigned n = h->objects < OBJECTS ? h->objects : OBJECTS;

	return which < 0xF0 && n ? h->object[which % n] : which;
}

static CK_ULONG flags(struct rd *in)
{
	uint8_t v = byte(in);

	return v == 0xFF ? number(in) : v;
}

/* What is not drawn from the input, but for whether it is there. */
static void push_fixed(struct args *a, char shape, struct rd *in)
{
	switch (shape) {
	case 'X':
		push_p(a, byte(in) == 0xFF ? NULL : block(a, SMALL_OUT));
		break;
	case 'L':
		push_p(a, memset(block(a, 32), 'L', 32));
		break;
	case 'D':
		push(a, CKF_DONT_BLOCK);
		break;
	case 'u':
		push_p(a, block(a, sizeof(CK_ULONG)));
		break;
	default:
		push(a, 0);
		break;
	}
}

void args_make(struct args *a, const char *shape, struct rd *in, const struct handles *h)
{
	memset(a, 0, sizeof *a);
	for (; *shape; shape++) {
		switch (*shape) {
		case 'h':
			push(a, session(in, h));
			break;
		case 'o':
			push(a, object(in, h));
			break;
		case 's':
			push(a, byte(in) % 4);
			break;
		case 'f':
		case 'T':
			push(a, flags(in));
			break;
		case 'm':
			push_mechanism(a, in);
			break;
		case 'i':
			push_input(a, in);
			break;
		case 'O':
			push_output(a, in);
			break;
		case 't':
		case 'g':
			push_template(a, in, *shape == 'g');
			break;
		case 'H':
			push_handle_out(a);
			break;
		case 'p':
			push_pin(a, in);
			break;
		case 'S':
			push_search(a, in);
			break;
		case 'l':
			push_list(a, in);
			break;
		case 'c':
			push_text(a, in);
			break;
		default:
			push_fixed(a, *shape, in);
			break;
		}
	}
}

void args_free(struct args *a)
{
	while (a->blocks)
		free(a->block[--a->blocks]);
}
