/* SPDX-License-Identifier: BSD-2-Clause */
/* What a CA answered: its files, and which certificate belongs to which key of the token. */
#include "actions/cert/answer.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "client/certfile.h"
#include "client/slot.h"
#include "crypto/cert/x509.h"

enum outcome answer_load(const struct job *job, const struct cert_import_deed *o, struct answer *a)
{
	enum outcome code;

	a->certs = sk_X509_new_null();
	a->chain = sk_X509_new_null();
	buf_init(&a->der, 65536);
	if (!a->certs || !a->chain)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY,
		    MSG("Cannot read {file}: {why}", P_FILE("file", o->file)));
	code = certfile_load(job, o->file, a->certs);
	for (size_t i = 0; !code && i < o->chain.n; i++)
		code = certfile_load(job, o->chain.v[i], a->chain);
	return code;
}

void answer_free(struct answer *a)
{
	sk_X509_pop_free(a->certs, X509_free);
	sk_X509_pop_free(a->chain, X509_free);
	buf_free(&a->der);
}

enum outcome keys_read(struct prov *p, struct keys *k)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;
	enum outcome code = ui_fail_rc(
	    p->job->ui, token_refs(&p->at, refs, &n), MSG("Cannot look at the keys: {why}"));

	for (size_t i = 0; !code && i < n; i++) {
		struct token_key *one = &k->key[k->n];

		if (refs[i] == 0xF9 || token_key_get(&p->at, refs[i], one) != ECERT_OK)
			continue;
		if (!one->pub) {
			token_key_clear(one);
			continue;
		}
		k->told = k->told || !one->from_cert;
		k->n++;
	}
	return code;
}

void keys_clear(struct keys *k)
{
	for (size_t i = 0; i < k->n; i++)
		token_key_clear(&k->key[i]);
}

static bool is_ca(X509 *x)
{
	bool ca = X509_check_ca(x) > 0;

	ERR_clear_error();
	return ca;
}

const struct token_key *key_of(const struct keys *k, const X509 *x, uint8_t only)
{
	for (size_t i = 0; i < k->n; i++)
		if ((!only || k->key[i].ref == only) && x509_matches(x, k->key[i].pub))
			return &k->key[i];
	return NULL;
}

/* Of several for the token's keys (an old one came with the new) the one that ends last. */
static void pick_by_key(const struct keys *k, struct answer *a, uint8_t only)
{
	for (int i = 0; i < sk_X509_num(a->certs); i++) {
		X509 *x = sk_X509_value(a->certs, i);
		const struct token_key *key = key_of(k, x, only);

		if (!key || (a->leaf && ASN1_TIME_compare(X509_get0_notAfter(x),
					    X509_get0_notAfter(a->leaf)) <= 0))
			continue;
		a->leaf = x;
		a->ref = key->ref;
	}
}

/* The only one that is no CA's, or the only one. */
static X509 *only_one(const struct answer *a)
{
	X509 *found = NULL;
	int n = sk_X509_num(a->certs), others = 0;

	for (int i = 0; i < n; i++) {
		if (n > 1 && is_ca(sk_X509_value(a->certs, i)))
			continue;
		found = sk_X509_value(a->certs, i);
		others++;
	}
	return others == 1 ? found : NULL;
}

/* A card without metadata tells its keys by the certificates only: nothing to compare. */
static bool is_told(const struct keys *k, uint8_t ref)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->key[i].ref == ref && !k->key[i].from_cert)
			return true;
	return false;
}

/* In the place that was named. */
static enum outcome pick_at(
    struct prov *p, const struct cert_import_deed *o, const struct keys *k, struct answer *a)
{
	const struct token_key *other;
	uint8_t ref;
	enum outcome code = slot_chosen(p->job, o->slot, o->id, 0, &ref);

	if (code)
		return code;
	pick_by_key(k, a, ref);
	a->ref = ref;
	if (a->leaf)
		return OUT_OK;
	if (is_told(k, ref) && !o->force)
		return ui_fail(p->job->ui, OUT_REFUSED, "certificate-of-other-key",
		    MSG("The key in slot {slot} is not the one of this certificate",
			P_TEXT("slot", slot_name(ref))),
		    MSG("Leave --slot out to find the right one."));
	a->leaf = only_one(a);
	other = a->leaf ? key_of(k, a->leaf, 0) : NULL;
	if (other && !o->force)
		return ui_fail(p->job->ui, OUT_REFUSED, "certificate-of-other-slot",
		    MSG("The certificate is that of the key in slot {slot}, and not of one in "
			"{other}",
			P_TEXT("slot", slot_name(other->ref)), P_TEXT("other", slot_name(ref))),
		    MSG("Leave --slot out, or name that one."));
	if (a->leaf)
		return OUT_OK;
	return ui_fail(p->job->ui, OUT_REFUSED, "certificate-ambiguous",
	    MSG("The file holds {n} certificates, and none of them is surely that of the "
		"key in slot {slot}",
		P_NUMBER("n", sk_X509_num(a->certs)), P_TEXT("slot", slot_name(ref))),
	    MSG("Give the token's own in a file alone, and the others with "
		"--chain."));
}

static bool only_cas(const struct answer *a)
{
	for (int i = 0; i < sk_X509_num(a->certs); i++)
		if (!is_ca(sk_X509_value(a->certs, i)))
			return false;
	return true;
}

enum outcome answer_pick(
    struct prov *p, const struct cert_import_deed *o, const struct keys *k, struct answer *a)
{
	if (o->slot || o->id)
		return pick_at(p, o, k, a);
	pick_by_key(k, a, 0);
	if (a->leaf)
		return OUT_OK;
	if (only_cas(a))
		return ui_fail(p->job->ui, OUT_REFUSED, "certificate-of-ca",
		    MSG(sk_X509_num(a->certs) == 1
			    ? MSG_ID("This is a CA's own certificate, and it issued none that is "
				     "on the token")
			    : MSG_ID("These are CAs' own certificates, and they issued none that "
				     "is on the token")),
		    MSG("Import your own certificate first; the CA's may come in the same file, "
			"with "
			"--chain, or later."));
	if (!k->n)
		return ui_fail(p->job->ui, OUT_REFUSED, "no-key",
		    MSG("The token has no key, and a certificate goes where its key is"),
		    MSG("Where the key is in a .p12 file: `ecert key import FILE.p12`; else make "
			"one "
			"with `ecert key generate` and ask for a certificate with `ecert cert "
			"request`."));
	return ui_fail(p->job->ui, OUT_REFUSED, "certificate-without-key",
	    MSG(sk_X509_num(a->certs) == 1
		    ? MSG_ID("No key on this token belongs to the certificate")
		    : MSG_ID("No key on this token belongs to any of the certificates")),
	    MSG(k->told
		    ? MSG_ID("Was it made for another token? `ecert key list` shows the keys here.")
		    : MSG_ID("This token does not tell its keys: say where with --slot.")));
}

bool answer_completes(struct prov *p, const struct keys *k, const struct answer *a)
{
	struct buf der = BUF_INIT(65536);
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;
	bool found = false;
	X509 *x;

	for (int i = 0; i < sk_X509_num(a->certs); i++)
		if (!is_ca(sk_X509_value(a->certs, i)) || key_of(k, sk_X509_value(a->certs, i), 0))
			return false;
	if (token_refs(&p->at, refs, &n) != ECERT_OK)
		n = 0;
	for (size_t i = 0; i < n && !found; i++) {
		buf_reset(&der);
		if (refs[i] == 0xF9 || token_cert_get(&p->at, refs[i], &der) != ECERT_OK ||
		    x509_parse(buf_view(&der), &x) != ECERT_OK)
			continue;
		found = certfile_issuer(a->certs, x);
		X509_free(x);
	}
	buf_free(&der);
	return found;
}
