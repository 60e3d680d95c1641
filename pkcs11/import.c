/* SPDX-License-Identifier: BSD-2-Clause */
/* C_CreateObject of a private key: its parts go to the card and are kept nowhere else. */
#include <string.h>

#include "crypto/der.h"
#include "pkcs11/able.h"
#include "pkcs11/make.h"
#include "pkcs11/place.h"
#include "pkcs11/write.h"
#include "util/mem.h"

static const CK_ATTRIBUTE_TYPE rsa_parts[5] = {
    CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT};

/* Every part is half the modulus long: a shorter one is filled with zeros on the left. */
static CK_RV rsa_import(
    const CK_ATTRIBUTE *t, CK_ULONG n, size_t half, uint8_t *room, struct rd part[5])
{
	for (size_t i = 0; i < 5; i++) {
		struct rd v = der_strip(template_bytes(t, n, rsa_parts[i]));
		uint8_t *at = room + i * half;

		if (!v.n)
			return CKR_TEMPLATE_INCOMPLETE;
		if (v.n > half)
			return CKR_ATTRIBUTE_VALUE_INVALID;
		memset(at, 0, half - v.n);
		memcpy(at + half - v.n, v.p, v.n);
		part[i] = rd_of(at, half);
	}
	return CKR_OK;
}

static CK_RV scalar_import(
    const CK_ATTRIBUTE *t, CK_ULONG n, size_t size, uint8_t *room, struct rd part[5])
{
	struct rd v = template_bytes(t, n, CKA_VALUE);

	if (!v.n)
		return CKR_TEMPLATE_INCOMPLETE;
	if (v.n > size)
		v = der_strip(v);
	if (v.n > size)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	memset(room, 0, size - v.n);
	memcpy(room + size - v.n, v.p, v.n);
	part[0] = rd_of(room, size);
	return CKR_OK;
}

static CK_RV template_alg(const CK_ATTRIBUTE *t, CK_ULONG n, enum key_alg *alg)
{
	CK_KEY_TYPE type = CK_UNAVAILABLE_INFORMATION;
	struct rd modulus = der_strip(template_bytes(t, n, CKA_MODULUS));
	CK_ULONG bits = modulus.n * 8;
	CK_RV rv = template_ulong(t, n, CKA_KEY_TYPE, &type);

	if (rv)
		return rv;
	if (type == CK_UNAVAILABLE_INFORMATION)
		return CKR_TEMPLATE_INCOMPLETE;
	/* without a modulus the first prime tells */
	if (type == CKK_RSA && !bits)
		bits = der_strip(template_bytes(t, n, CKA_PRIME_1)).n * 16;
	return make_alg(type, template_bytes(t, n, CKA_EC_PARAMS), bits, alg);
}

CK_RV write_private_key(struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct token_newkey spec = {.alg = KEY_NONE};
	struct rd part[5] = {{NULL, 0}};
	struct rd id = template_bytes(t, n, CKA_ID);
	struct naming naming;
	const struct alg *a;
	void *room = NULL;
	unsigned place = 0;
	CK_RV rv = template_alg(t, n, &spec.alg);

	if (!rv)
		rv = write_policies(t, n, &spec);
	if (!rv)
		rv = write_permitted(&s->at);
	if (rv)
		return rv;
	a = alg_row(spec.alg);
	if (secret_alloc(5 * a->block + 64, &room))
		return CKR_HOST_MEMORY;
	rv = a->family == FAMILY_RSA ? rsa_import(t, n, a->bits / 16, room, part)
				     : scalar_import(t, n, (a->bits + 7) / 8, room, part);
	if (!rv)
		rv = place_for_key(s, id, spec.pin == PIN_ALWAYS, &place);
	spec.ref = place_ref(place);
	if (!rv)
		rv = naming_begin(
		    s, place, id, template_bytes(t, n, CKA_LABEL), CKO_PRIVATE_KEY, &naming);
	if (!rv)
		rv = naming_end(&naming, p11_rv(token_key_import(&s->at, &spec, part)));
	secret_free(room, 5 * a->block + 64);
	if (!rv) {
		able_forget(&s->at, spec.ref);
		*out = object_handle(&s->at, OBJECT_PRIVATE, place);
	}
	return rv;
}
