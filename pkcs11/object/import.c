/* SPDX-License-Identifier: BSD-2-Clause */
/* C_CreateObject of a private key: its parts go to the card and are kept nowhere else. */
#include <string.h>

#include "crypto/der.h"
#include "crypto/key/privkey.h"
#include "pkcs11/op/able.h"
#include "pkcs11/template/keytempl.h"
#include "pkcs11/template/make.h"
#include "pkcs11/object/write.h"
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

/* RFC 8032 and RFC 7748: so many octets, no number; as RFC 8410 wraps them, too. */
static CK_RV octets_import(
    const CK_ATTRIBUTE *t, CK_ULONG n, size_t size, uint8_t *room, struct rd part[5])
{
	struct rd v = template_bytes(t, n, CKA_VALUE), inner;

	if (!v.n)
		return CKR_TEMPLATE_INCOMPLETE;
	if (v.n != size && der_only(v, DER_OCTETS, &inner) == ECERT_OK)
		v = inner;
	if (v.n != size)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	memcpy(room, v.p, size);
	part[0] = rd_of(room, size);
	return CKR_OK;
}

static CK_RV template_alg(const CK_ATTRIBUTE *t, CK_ULONG n, enum key_alg *alg)
{
	CK_KEY_TYPE type = CK_UNAVAILABLE_INFORMATION;
	struct rd modulus = der_strip(template_bytes(t, n, CKA_MODULUS));
	CK_ULONG bits = modulus.n * 8;
	CK_RV rv = template_ulong(t, n, CKA_KEY_TYPE, &type);

	if (rv != CKR_OK)
		return rv;
	if (type == CK_UNAVAILABLE_INFORMATION)
		return CKR_TEMPLATE_INCOMPLETE;
	/* without a modulus the first prime tells */
	if (type == CKK_RSA && !bits)
		bits = der_strip(template_bytes(t, n, CKA_PRIME_1)).n * 16;
	rv = make_alg(type, template_bytes(t, n, CKA_EC_PARAMS), bits, alg);
	/* 5.7.1 has no word for sizes */
	return rv == CKR_KEY_SIZE_RANGE ? CKR_ATTRIBUTE_VALUE_INVALID : rv;
}

/* The parts in memory that no core file holds; as the card takes them. */
static CK_RV import_parts(
    const struct template *t, const struct alg *a, uint8_t *room, struct rd part[5])
{
	switch (a->family) {
	case FAMILY_RSA:
		return rsa_import(t->t, t->n, a->bits / 16, room, part);
	case FAMILY_EDWARDS:
	case FAMILY_MONTGOMERY:
		return octets_import(t->t, t->n, a->point, room, part);
	default:
		return scalar_import(t->t, t->n, a->block, room, part);
	}
}

static bool same_number(const CK_ATTRIBUTE *a, struct rd want)
{
	return !a || rd_equal(der_strip(rd_of(a->pValue, a->ulValueLen)), der_strip(want));
}

/* The card takes the parts above and computes the rest: what else the template says of the key must
 * be that (4.1.1: otherwise the attributes contradict each other). */
static CK_RV import_agrees(const struct template *t, const struct privkey *k, bool is_rsa)
{
	const CK_ATTRIBUTE *info = template_get(t->t, t->n, CKA_PUBLIC_KEY_INFO),
			   *d = template_get(t->t, t->n, CKA_PRIVATE_EXPONENT);
	const struct rd *part = privkey_parts(k);
	struct rd modulus, exponent;
	enum ecert_rc rc = ECERT_OK;
	bool same = !info ||
		    rd_equal(rd_of(info->pValue, info->ulValueLen), pubkey_spki(privkey_public(k)));

	if (is_rsa && pubkey_rsa(privkey_public(k), &modulus, &exponent) == ECERT_OK) {
		same = same && same_number(template_get(t->t, t->n, CKA_MODULUS), modulus) &&
		       same_number(template_get(t->t, t->n, CKA_PUBLIC_EXPONENT), exponent);
		for (size_t i = 2; i < 5; i++)
			same = same && same_number(template_get(t->t, t->n, rsa_parts[i]), part[i]);
		if (same && d)
			rc = privkey_rsa_exponent(k, rd_of(d->pValue, d->ulValueLen));
	}
	return same && rc != ECERT_E_DATA ? p11_rv(rc) : CKR_TEMPLATE_INCONSISTENT;
}

static CK_RV import_key(
    const struct template *t, enum key_alg alg, const struct rd part[5], struct privkey **out)
{
	static const uint8_t f4[] = {1, 0, 1}; /* SP 800-78-5, 3.1 */
	bool is_rsa = alg_row(alg)->family == FAMILY_RSA;
	CK_RV rv = write_rv(is_rsa
				? privkey_from_primes(part[0], part[1], rd_of(f4, sizeof f4), out)
				: privkey_from_scalar(alg, part[0], out));

	if (rv == CKR_OK)
		rv = import_agrees(t, *out, is_rsa);
	return rv;
}

static CK_RV import_at_place(struct session *s, const struct template *t, struct token_newkey *spec,
    const struct rd part[5], const struct pubkey *pub, unsigned *place)
{
	const struct template none = {.t = NULL};
	struct new_name name = {.class = CKO_PRIVATE_KEY,
	    .id = template_bytes(t->t, t->n, CKA_ID),
	    .label = template_bytes(t->t, t->n, CKA_LABEL)};
	struct naming naming;
	bool always = false;
	CK_RV rv = keytempl_deny(&s->at, spec->alg, &none, t, &name.deny);

	if (rv == CKR_OK)
		rv = keytempl_always(t, &always);
	if (rv == CKR_OK)
		rv = place_for_key(s, name.id, always, place);
	if (rv == CKR_OK)
		rv = keytempl_policies(t, *place, spec);
	if (rv == CKR_OK)
		rv = naming_begin(s, *place, &name, &naming);
	if (rv != CKR_OK)
		return rv;
	spec->ref = place_ref(*place);
	rv = naming_end(&naming, write_rv(token_key_import(&s->at, spec, part)));
	/* as for one that the card made (keygen.c) */
	if (rv == CKR_OK)
		rv = write_rv(token_public_keep(&s->at, spec->ref, pub));
	if (rv == CKR_OK)
		able_forget(&s->at, spec->ref);
	return rv;
}

CK_RV write_private_key(struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	const struct template given = {.t = t, .n = n}, none = {.t = NULL};
	struct token_newkey spec = {.alg = KEY_NONE};
	struct rd part[5] = {{NULL, 0}};
	struct privkey *key = NULL;
	const struct alg *a;
	void *room = NULL;
	unsigned place = 0;
	CK_RV rv = template_alg(t, n, &spec.alg);

	if (rv == CKR_OK)
		rv = write_permitted(&s->at);
	if (rv == CKR_OK)
		rv = keytempl_check(&s->at, spec.alg, &none, &given, false);
	if (rv != CKR_OK)
		return rv;
	a = alg_row(spec.alg);
	if (secret_alloc(5 * a->block + 64, &room) != ECERT_OK)
		return CKR_HOST_MEMORY;
	rv = import_parts(&given, a, room, part);
	if (rv == CKR_OK)
		rv = import_key(&given, spec.alg, part, &key);
	if (rv == CKR_OK)
		rv = import_at_place(s, &given, &spec, part, privkey_public(key), &place);
	privkey_free(&key);
	secret_free(room, 5 * a->block + 64);
	if (rv == CKR_OK)
		*out = object_handle(&s->at, OBJECT_PRIVATE, place);
	return rv;
}
