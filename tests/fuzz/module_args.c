/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments for PKCS#11 functions, made from a fuzzer's input. */
#include "module_args.h"

#include <string.h>

#include "fuzz.h"
#include "pkcs11/mech.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void handles_add_session(struct handles *h, CK_SESSION_HANDLE s)
{
	h->session[h->sessions++ % SESSIONS] = s;
}

void handles_add_object(struct handles *h, CK_OBJECT_HANDLE o)
{
	h->object[h->objects++ % OBJECTS] = o;
}

static uint8_t byte(struct rd *in)
{
	uint8_t b = 0;

	(void)!rd_u8(in, &b);
	return b;
}

static CK_ULONG number(struct rd *in)
{
	uint32_t v = 0;

	(void)!rd_u32(in, &v);
	return v == 0xFFFFFFFF ? ~0UL : v;
}

/* Memory of exactly n bytes that lives as long as the call. */
static void *block(struct args *a, size_t n)
{
	void *p = calloc(1, n ? n : 1);

	REQUIRE(p && a->blocks < COUNT(a->block));
	a->block[a->blocks++] = p;
	return p;
}

static void push(struct args *a, CK_ULONG v)
{
	REQUIRE(a->n < ARGS_MAX);
	a->v[a->n++] = v;
}

static void push_p(struct args *a, void *p)
{
	push(a, (CK_ULONG)(uintptr_t)p);
}

/* FF: a NULL pointer, with a length or without. */
static CK_BYTE *bytes(struct args *a, struct rd *in, CK_ULONG *n)
{
	uint8_t len = byte(in);
	struct rd v = {NULL, 0};
	CK_BYTE *p;

	*n = 0;
	if (len == 0xFF) {
		*n = byte(in) & 1;
		return NULL;
	}
	if (rd_take(in, len, &v) != ECERT_OK)
		(void)!rd_take(in, in->n, &v);
	p = block(a, v.n);
	if (v.n)
		memcpy(p, v.p, v.n);
	*n = v.n;
	return p;
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

/* ---- mechanisms ---- */

static const CK_MECHANISM_TYPE hashes[] = {
    CKM_SHA_1, CKM_SHA224, CKM_SHA256, CKM_SHA384, CKM_SHA512, CKM_SHA3_256, 0x77};
static const CK_RSA_PKCS_MGF_TYPE mgfs[] = {
    CKG_MGF1_SHA1, CKG_MGF1_SHA224, CKG_MGF1_SHA256, CKG_MGF1_SHA384, CKG_MGF1_SHA512, 0x77};

static void pss(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	CK_RSA_PKCS_PSS_PARAMS *p = block(a, sizeof *p);

	p->hashAlg = hashes[byte(in) % COUNT(hashes)];
	p->mgf = mgfs[byte(in) % COUNT(mgfs)];
	p->sLen = byte(in) == 0xFF ? ~0UL : 32;
	m->pParameter = p;
	m->ulParameterLen = sizeof *p;
}

static void oaep(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	CK_RSA_PKCS_OAEP_PARAMS *p = block(a, sizeof *p);

	p->hashAlg = hashes[byte(in) % COUNT(hashes)];
	p->mgf = mgfs[byte(in) % COUNT(mgfs)];
	p->source = byte(in) & 1 ? CKZ_DATA_SPECIFIED : 0;
	p->pSourceData = bytes(a, in, &p->ulSourceDataLen);
	m->pParameter = p;
	m->ulParameterLen = sizeof *p;
}

static void ecdh(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	/* RFC 6979, A.2.5: somebody's public key on P-256 */
	static const CK_BYTE peer[] = {0x04, 0x60, 0xFE, 0xD4, 0xBA, 0x25, 0x5A, 0x9D, 0x31, 0xC9,
	    0x61, 0xEB, 0x74, 0xC6, 0x35, 0x6D, 0x68, 0xC0, 0x49, 0xB8, 0x92, 0x3B, 0x61, 0xFA,
	    0x6C, 0xE6, 0x69, 0x62, 0x2E, 0x60, 0xF2, 0x9F, 0xB6, 0x79, 0x03, 0xFE, 0x10, 0x08,
	    0xB8, 0xBC, 0x99, 0xA4, 0x1A, 0xE9, 0xE9, 0x56, 0x28, 0xBC, 0x64, 0xF2, 0xF1, 0xB2,
	    0x0C, 0x2D, 0x7E, 0x9F, 0x51, 0x77, 0xA3, 0xC2, 0x94, 0xD4, 0x46, 0x22, 0x99};
	CK_ECDH1_DERIVE_PARAMS *p = block(a, sizeof *p);
	uint8_t how = byte(in);

	p->kdf = how & 0x0F;
	if (how & 0x10)
		p->pSharedData = bytes(a, in, &p->ulSharedDataLen);
	if (how & 0x20) {
		p->pPublicData = bytes(a, in, &p->ulPublicDataLen);
	} else {
		p->ulPublicDataLen = how & 0x40 ? 32 : sizeof peer;
		p->pPublicData = block(a, sizeof peer);
		memcpy(p->pPublicData, peer, sizeof peer);
	}
	m->pParameter = p;
	m->ulParameterLen = sizeof *p;
}

static void eddsa(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	CK_EDDSA_PARAMS *p = block(a, sizeof *p);

	p->phFlag = byte(in) & 1;
	p->pContextData = bytes(a, in, &p->ulContextDataLen);
	m->pParameter = p;
	m->ulParameterLen = sizeof *p;
}

/* Parameters of the mechanism's own shape (another's would hold wild pointers), or zeroes. */
static void parameters(struct args *a, CK_MECHANISM *m, struct rd *in)
{
	const struct mech *row = mech_find(m->mechanism);
	uint8_t how = byte(in);

	if (how == 0)
		return;
	if (how < 0x40) {
		m->ulParameterLen = how;
		m->pParameter = block(a, how);
	} else if (how == 0x40) {
		m->ulParameterLen = 8;
	} else if (row && row->use == USE_OAEP) {
		oaep(a, m, in);
	} else if (row && row->use == USE_ECDH) {
		ecdh(a, m, in);
	} else if (row && row->family == FAMILY_EDWARDS) {
		eddsa(a, m, in);
	} else {
		pss(a, m, in);
	}
}

static void push_mechanism(struct args *a, struct rd *in)
{
	CK_MECHANISM *m = block(a, sizeof *m);
	uint8_t which = byte(in);
	const struct mech *row = mech_at(which);

	m->mechanism = row ? mech_type(row) : which == 0xFE ? number(in) : CKM_AES_CBC;
	parameters(a, m, in);
	push_p(a, which == 0xFF ? NULL : m);
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
}

void args_free(struct args *a)
{
	while (a->blocks)
		free(a->block[--a->blocks]);
}
