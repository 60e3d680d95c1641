/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys and certificates of a PKCS#12 file, bag by bag. */
#include <openssl/pkcs12.h>
#include <stdio.h>
#include <string.h>

#include "crypto/cert/pkcs12_priv.h"
#include "crypto/cert/pkcs12_rounds.h"

#define NESTED_MAX 4 /* safeContents bags in one another; nobody writes any */

/* What a decryption means that no form of the password opens. */
static enum ecert_rc no_form_fits(struct pkcs12_reading *r, enum ecert_rc rc)
{
	if (rc != ECERT_E_PASSWORD || !r->mac)
		return rc;
	/* Java's keystores may give a key a password of its own. */
	pkcs12_because(r->why, PKCS12_KEY_PASSWORD, NULL);
	return rc;
}

static void name_of(const PKCS12_SAFEBAG *bag, char out[PKCS12_NAME_MAX])
{
	char *name = PKCS12_get_friendlyname((PKCS12_SAFEBAG *)(uintptr_t)bag);

	snprintf(out, PKCS12_NAME_MAX, "%s", name ? name : "");
	OPENSSL_free(name);
}

static enum ecert_rc take_key(
    struct pkcs12_reading *r, const PKCS12_SAFEBAG *bag, const PKCS8_PRIV_KEY_INFO *info)
{
	struct pkcs12_found *f = &r->found[r->found_n];
	const ASN1_OBJECT *kind = NULL;

	if (r->found_n == PKCS12_KEYS_MAX)
		return ECERT_E_TOO_LARGE;
	f->key = EVP_PKCS82PKEY_ex(info, r->ctx, NULL);
	if (!f->key) {
		(void)PKCS8_pkey_get0(&kind, NULL, NULL, NULL, info);
		pkcs12_because(r->why, PKCS12_KEY_KIND, kind);
		r->left_out++;
		return ECERT_OK;
	}
	name_of(bag, f->name);
	r->found_n++;
	return ECERT_OK;
}

/* ---- encrypted ---- */
struct shrouded {
	const PKCS12_SAFEBAG *bag;
	const X509_ALGOR *algor;
	PKCS8_PRIV_KEY_INFO **out;
};

static enum ecert_rc charge_shrouded(struct pkcs12_reading *r, const void *arg)
{
	const struct shrouded *s = arg;

	return pkcs12_check_algor(r->ctx, s->algor, &r->rounds, r->why);
}

static bool open_shrouded(struct pkcs12_reading *r, const struct pkcs12_word *w, const void *arg)
{
	const struct shrouded *s = arg;

	*s->out = PKCS12_decrypt_skey_ex(s->bag, w->p, (int)w->n, r->ctx, NULL);
	return *s->out;
}

static enum ecert_rc take_shrouded(struct pkcs12_reading *r, const PKCS12_SAFEBAG *bag)
{
	PKCS8_PRIV_KEY_INFO *info = NULL;
	struct shrouded s = {bag, NULL, &info};
	struct pkcs12_lock lock = {false, charge_shrouded, open_shrouded, &s};
	enum ecert_rc rc;

	if (++r->parts > PKCS12_PARTS_MAX)
		return ECERT_E_TOO_LARGE;
	X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &s.algor, NULL);
	lock.bmp = pkcs12_algor_nid(s.algor) != NID_pbes2;
	rc = no_form_fits(r, pkcs12_unlock(r, &lock));
	if (rc == ECERT_OK)
		rc = take_key(r, bag, info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return rc;
}

struct sealed {
	PKCS7 *safe;
	const X509_ALGOR *algor;
	STACK_OF(PKCS12_SAFEBAG) * *out;
};

static enum ecert_rc charge_sealed(struct pkcs12_reading *r, const void *arg)
{
	const struct sealed *s = arg;

	return pkcs12_check_algor(r->ctx, s->algor, &r->rounds, r->why);
}

static bool open_sealed(struct pkcs12_reading *r, const struct pkcs12_word *w, const void *arg)
{
	const struct sealed *s = arg;

	(void)r;
	*s->out = PKCS12_unpack_p7encdata(s->safe, w->p, (int)w->n);
	return *s->out;
}

static enum ecert_rc unseal(struct pkcs12_reading *r, PKCS7 *safe, STACK_OF(PKCS12_SAFEBAG) * *bags)
{
	struct sealed s = {safe, safe->d.encrypted->enc_data->algorithm, bags};
	const struct pkcs12_lock lock = {
	    pkcs12_algor_nid(s.algor) != NID_pbes2, charge_sealed, open_sealed, &s};

	if (++r->parts > PKCS12_PARTS_MAX)
		return ECERT_E_TOO_LARGE;
	return no_form_fits(r, pkcs12_unlock(r, &lock));
}

/* ---- bags ---- */
static enum ecert_rc take_cert(struct pkcs12_reading *r, const PKCS12_SAFEBAG *bag)
{
	char name[PKCS12_NAME_MAX];
	X509 *x;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
		return ECERT_OK;
	if (sk_X509_num(r->certs) >= PKCS12_CERTS_MAX)
		return ECERT_E_TOO_LARGE;
	x = PKCS12_SAFEBAG_get1_cert(bag);
	if (!x)
		return ECERT_E_MALFORMED;
	name_of(bag, name);
	if (sk_X509_push(r->certs, x) <= 0) {
		X509_free(x);
		return ECERT_E_MEMORY;
	}
	return X509_alias_set1(x, (const unsigned char *)name, -1) == 1 ? ECERT_OK : ECERT_E_MEMORY;
}

static enum ecert_rc take_bags(
    struct pkcs12_reading *r, const STACK_OF(PKCS12_SAFEBAG) * bags, unsigned depth);

static enum ecert_rc take_bag(struct pkcs12_reading *r, const PKCS12_SAFEBAG *bag, unsigned depth)
{
	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_keyBag:
		return take_key(r, bag, PKCS12_SAFEBAG_get0_p8inf(bag));
	case NID_pkcs8ShroudedKeyBag:
		return take_shrouded(r, bag);
	case NID_certBag:
		return take_cert(r, bag);
	case NID_safeContentsBag:
		return depth < NESTED_MAX ? take_bags(r, PKCS12_SAFEBAG_get0_safes(bag), depth + 1)
					  : ECERT_E_TOO_LARGE;
	default: /* CRLs and secrets carry nothing that a card takes */
		return ECERT_OK;
	}
}

static enum ecert_rc take_bags(
    struct pkcs12_reading *r, const STACK_OF(PKCS12_SAFEBAG) * bags, unsigned depth)
{
	enum ecert_rc rc = ECERT_OK;

	for (int i = 0; rc == ECERT_OK && i < sk_PKCS12_SAFEBAG_num(bags); i++)
		rc = take_bag(r, sk_PKCS12_SAFEBAG_value(bags, i), depth);
	return rc;
}

static enum ecert_rc take_safe(struct pkcs12_reading *r, PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	enum ecert_rc rc = ECERT_OK;

	if (PKCS7_type_is_data(safe)) {
		bags = PKCS12_unpack_p7data(safe);
		rc = bags ? ECERT_OK : ECERT_E_MALFORMED;
	} else if (PKCS7_type_is_encrypted(safe)) {
		rc = unseal(r, safe, &bags);
	} /* enveloped to a public key: not ours to open */
	if (rc == ECERT_OK)
		rc = take_bags(r, bags, 0);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return rc;
}

enum ecert_rc pkcs12_open(struct pkcs12_reading *r)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(r->p12);
	enum ecert_rc rc = safes ? ECERT_OK : ECERT_E_MALFORMED;

	for (int i = 0; rc == ECERT_OK && i < sk_PKCS7_num(safes); i++)
		rc = take_safe(r, sk_PKCS7_value(safes, i));
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return rc;
}
