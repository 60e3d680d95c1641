/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#12 files: which certificate is whose. */
#include "crypto/cert/pkcs12.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/provider.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/ossl.h"
#include "crypto/cert/pkcs12_priv.h"
#include "crypto/cert/pkcs12_rounds.h"
#include "crypto/cert/x509.h"

/* A key, and the certificates in the order of its chain, by their numbers. */
struct entry {
	struct privkey *key;
	char name[PKCS12_NAME_MAX];
	size_t order[PKCS12_CERTS_MAX];
};

struct pkcs12 {
	struct entry entry[PKCS12_KEYS_MAX];
	size_t entries, left_out;
	struct buf cert[PKCS12_CERTS_MAX];
	size_t certs;
};

static enum ecert_rc reading_begin(struct pkcs12_reading *r, struct rd file)
{
	const unsigned char *at = file.p;

	r->ctx = OSSL_LIB_CTX_new();
	if (!r->ctx)
		return ECERT_E_MEMORY;
	r->base = OSSL_PROVIDER_load(r->ctx, "default");
	/* Not installed everywhere; a modern file needs it not. */
	r->legacy = OSSL_PROVIDER_load(r->ctx, "legacy");
	r->p12 = PKCS12_init_ex(NID_pkcs7_data, r->ctx, NULL);
	r->certs = sk_X509_new_null();
	if (!r->base || !r->p12 || !r->certs)
		return ECERT_E_MEMORY;
	if (!d2i_PKCS12(&r->p12, &at, (long)file.n) || at != file.p + file.n)
		return ECERT_E_MALFORMED;
	return pkcs12_check_outer(r->ctx, r->p12, r->rounds, r->why);
}

static void reading_end(struct pkcs12_reading *r)
{
	for (size_t i = 0; i < r->found_n; i++)
		EVP_PKEY_free(r->found[i].key);
	sk_X509_pop_free(r->certs, X509_free);
	PKCS12_free(r->p12);
	OSSL_PROVIDER_unload(r->legacy);
	OSSL_PROVIDER_unload(r->base);
	OSSL_LIB_CTX_free(r->ctx);
	pkcs12_words_free(&r->words);
}

/* ---- whose certificate ---- */

/* Of several for one key (it was renewed) the one that ends last. */
static int leaf_of(const struct pkcs12_reading *r, const struct pubkey *pub)
{
	int best = -1;

	for (int i = 0; i < sk_X509_num(r->certs); i++) {
		const X509 *x = sk_X509_value(r->certs, i);

		if (x509_matches(x, pub) &&
		    (best < 0 || ASN1_TIME_compare(X509_get0_notAfter(x),
				     X509_get0_notAfter(sk_X509_value(r->certs, best))) > 0))
			best = i;
	}
	return best;
}

/* The next one after x: its issuer, else the first that is left; -1: none is. */
static int next_of(const struct pkcs12_reading *r, const bool *used, const X509 *x)
{
	int any = -1;

	for (int i = 0; i < sk_X509_num(r->certs); i++) {
		if (used[i])
			continue;
		if (X509_NAME_cmp(X509_get_subject_name(sk_X509_value(r->certs, i)),
			X509_get_issuer_name(x)) == 0)
			return i;
		any = any < 0 ? i : any;
	}
	return any;
}

static void put_in_order(const struct pkcs12_reading *r, int leaf, struct entry *e)
{
	bool used[PKCS12_CERTS_MAX] = {false};
	size_t n = 0;

	for (int at = leaf; at >= 0; at = next_of(r, used, sk_X509_value(r->certs, at))) {
		used[at] = true;
		e->order[n++] = (size_t)at;
	}
}

static void name_entry(const struct pkcs12_found *f, X509 *leaf, struct entry *e)
{
	int n = 0;
	const unsigned char *alias = X509_alias_get0(leaf, &n);

	/* Windows calls a key by a number and its certificate by a name. */
	if (alias && n > 0)
		snprintf(e->name, sizeof e->name, "%.*s", n, (const char *)alias);
	else
		snprintf(e->name, sizeof e->name, "%s", f->name);
}

/* "RSA-1024", "secp521r1", "DSA": what no token takes. */
static void odd_kind(struct pkcs12_reason *why, const EVP_PKEY *key)
{
	char group[48] = "";
	size_t n = 0;

	*why = (struct pkcs12_reason){.trouble = PKCS12_KEY_KIND};
	if (EVP_PKEY_is_a(key, "RSA"))
		snprintf(why->what, sizeof why->what, "RSA-%d", EVP_PKEY_get_bits(key));
	else if (EVP_PKEY_get_group_name(key, group, sizeof group, &n) == 1)
		snprintf(why->what, sizeof why->what, "%s", group);
	else if (EVP_PKEY_get0_type_name(key))
		snprintf(why->what, sizeof why->what, "%s", EVP_PKEY_get0_type_name(key));
}

/* One that no token takes, or without a certificate, is left out; the others count. */
static enum ecert_rc add_entry(
    struct pkcs12_reading *r, const struct pkcs12_found *f, struct pkcs12 *p)
{
	struct entry *e = &p->entry[p->entries];
	enum ecert_rc rc = privkey_from_evp(f->key, &e->key);
	int leaf;

	if (rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_DATA) {
		odd_kind(r->why, f->key);
		p->left_out++;
		return ECERT_OK;
	}
	if (rc != ECERT_OK)
		return rc;
	leaf = leaf_of(r, privkey_public(e->key));
	if (leaf < 0) {
		privkey_free(&e->key);
		p->left_out++;
		return ECERT_OK;
	}
	put_in_order(r, leaf, e);
	name_entry(f, sk_X509_value(r->certs, leaf), e);
	p->entries++;
	return ECERT_OK;
}

static enum ecert_rc nothing_usable(const struct pkcs12_reading *r)
{
	if (r->why->trouble == PKCS12_KEY_KIND)
		return ECERT_E_UNSUPPORTED;
	r->why->trouble = r->found_n > 0 ? PKCS12_NO_CERT : PKCS12_NO_KEY;
	return ECERT_E_NOT_FOUND;
}

static enum ecert_rc sort_out(struct pkcs12_reading *r, struct pkcs12 *p)
{
	enum ecert_rc rc = ECERT_OK;

	p->left_out = r->left_out;
	for (size_t i = 0; rc == ECERT_OK && i < r->found_n; i++)
		rc = add_entry(r, &r->found[i], p);
	for (int i = 0; rc == ECERT_OK && i < sk_X509_num(r->certs); i++)
		rc = x509_put_der(sk_X509_value(r->certs, i), &p->cert[p->certs++]);
	if (rc == ECERT_OK && p->entries == 0)
		rc = nothing_usable(r);
	return rc;
}

/* ---- the file ---- */
static enum ecert_rc read_file(
    struct pkcs12_reading *r, struct rd file, const char *password, struct pkcs12 *p)
{
	enum ecert_rc rc = pkcs12_words_make(password, &r->words);

	if (rc == ECERT_E_TOO_LARGE)
		return ECERT_E_PASSWORD; /* nobody has one so long */
	if (rc == ECERT_OK)
		rc = reading_begin(r, file);
	if (rc == ECERT_OK)
		rc = pkcs12_mac(r);
	if (rc == ECERT_OK)
		rc = pkcs12_open(r);
	return rc == ECERT_OK ? sort_out(r, p) : rc;
}

enum ecert_rc pkcs12_load_within(struct rd file, const char *password, int64_t rounds,
    struct pkcs12_reason *why, struct pkcs12 **out)
{
	struct pkcs12_reason mine = {.trouble = PKCS12_FINE};
	struct pkcs12_reading r = {.rounds = rounds, .why = &mine};
	struct pkcs12 *p;
	enum ecert_rc rc;

	*out = NULL;
	if (why)
		*why = mine;
	if (file.n > PKCS12_FILE_MAX)
		return ECERT_E_TOO_LARGE;
	p = calloc(1, sizeof *p);
	if (!p)
		return ECERT_E_MEMORY;
	for (size_t i = 0; i < PKCS12_CERTS_MAX; i++)
		buf_init(&p->cert[i], CERT_MAX);
	ossl_enter();
	rc = read_file(&r, file, password, p);
	reading_end(&r);
	ossl_leave();
	if (rc == ECERT_OK) {
		*out = p;
		p = NULL;
	} else if (why) {
		*why = mine;
	}
	pkcs12_free(&p);
	return rc;
}

enum ecert_rc pkcs12_load(
    struct rd file, const char *password, struct pkcs12_reason *why, struct pkcs12 **out)
{
	return pkcs12_load_within(file, password, PKCS12_ROUNDS_MAX, why, out);
}

void pkcs12_free(struct pkcs12 **p)
{
	if (!*p)
		return;
	for (size_t i = 0; i < PKCS12_KEYS_MAX; i++)
		privkey_free(&(*p)->entry[i].key);
	for (size_t i = 0; i < PKCS12_CERTS_MAX; i++)
		buf_free(&(*p)->cert[i]);
	free(*p);
	*p = NULL;
}

size_t pkcs12_keys(const struct pkcs12 *p)
{
	return p->entries;
}

size_t pkcs12_left_out(const struct pkcs12 *p)
{
	return p->left_out;
}

const struct privkey *pkcs12_key(const struct pkcs12 *p, size_t i)
{
	return p->entry[i].key;
}

const char *pkcs12_name(const struct pkcs12 *p, size_t i)
{
	return p->entry[i].name;
}

struct rd pkcs12_leaf(const struct pkcs12 *p, size_t i)
{
	return buf_view(&p->cert[p->entry[i].order[0]]);
}

struct rd pkcs12_other(const struct pkcs12 *p, size_t i, size_t nth)
{
	return nth + 1 < p->certs ? buf_view(&p->cert[p->entry[i].order[nth + 1]]) : rd_of(NULL, 0);
}
