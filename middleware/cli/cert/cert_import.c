/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert cert import: what the CA answered, onto the token. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "cli/cert/cert.h"
#include "client/certfile.h"
#include "provision/certput.h"
#include "provision/chainobj.h"
#include "client/slot.h"
#include "provision/key/label.h"
#include "crypto/cert/x509.h"
#include "document/identity.h"

/* The token's keys, read once. */
struct keys {
	struct token_key key[TOKEN_KEYS_MAX];
	size_t n;
	bool told; /* at least one is known otherwise than by its certificate */
};

/* The certificates of the answer, and the one that is meant. */
struct answer {
	STACK_OF(X509) * certs, *chain; /* chain: everything else in the end */
	X509 *leaf;
	struct identity who;
	struct buf der;
	uint8_t ref;
};

static enum outcome read_keys(struct prov *p, struct keys *k)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;
	enum outcome code = ui_fail_rc(
	    p->job->ui, token_refs(&p->at, refs, &n), MSG("Cannot look at the keys: {why}"));

	for (size_t i = 0; !code && i < n; i++) {
		struct token_key *one = &k->key[k->n];

		if (refs[i] == 0xF9 || token_key_get(&p->at, refs[i], one))
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

static void keys_clear(struct keys *k)
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

/* The key on the token that is this certificate's; only: the place that was named, 0 for any. */
static const struct token_key *key_of(const struct keys *k, const X509 *x, uint8_t only)
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
    struct prov *p, const struct cert_import_params *o, const struct keys *k, struct answer *a)
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

static enum outcome pick(
    struct prov *p, const struct cert_import_params *o, const struct keys *k, struct answer *a)
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

/* ---- certificates of CAs alone ---- */

/* Whether the file completes what is on the token: only CAs' certificates, none of a key here, and
 * one of them issued a certificate that is. */
static bool completes(struct prov *p, const struct keys *k, const struct answer *a)
{
	struct buf der = BUF_INIT(65536);
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;
	bool found = false;
	X509 *x;

	for (int i = 0; i < sk_X509_num(a->certs); i++)
		if (!is_ca(sk_X509_value(a->certs, i)) || key_of(k, sk_X509_value(a->certs, i), 0))
			return false;
	if (token_refs(&p->at, refs, &n))
		n = 0;
	for (size_t i = 0; i < n && !found; i++) {
		buf_reset(&der);
		if (refs[i] == 0xF9 || token_cert_get(&p->at, refs[i], &der) ||
		    x509_parse(buf_view(&der), &x))
			continue;
		found = certfile_issuer(a->certs, x) != NULL;
		X509_free(x);
	}
	buf_free(&der);
	return found;
}

static enum outcome put_authorities(
    struct prov *p, const struct cert_import_params *o, const struct answer *a)
{
	enum outcome code;

	if (!p->info.has_ecert)
		return ui_fail(p->job->ui, OUT_REFUSED, "no-place-for-ca",
		    MSG("This token has no place for the certificates of CAs"),
		    MSG("Give them to each signature: `ecert sign --chain CA-FILE`."));
	code = prov_login_mgm(p, o->mgm);
	if (!code)
		code = ui_fail_rc(p->job->ui, chain_object_add(p, a->certs),
		    MSG("Cannot write the CA's certificates: {why}"));
	if (code)
		return code;
	cli_tell(cli_of(p->job),
	    MSG("The CA's certificates are on the token; signatures carry them from now on."));
	return cli_json(
	    cli_of(p->job), json_pack("{s:I}", "authorities", (json_int_t)sk_X509_num(a->certs)));
}

/* ---- the token's own ---- */

/* Everything but the leaf goes with it. */
static enum ecert_rc rest(struct answer *a)
{
	for (int i = 0; i < sk_X509_num(a->certs); i++) {
		X509 *x = sk_X509_value(a->certs, i);

		if (x == a->leaf)
			continue;
		if (!X509_up_ref(x))
			return ECERT_E_MEMORY;
		if (sk_X509_push(a->chain, x) <= 0) {
			X509_free(x);
			return ECERT_E_MEMORY;
		}
	}
	return ECERT_OK;
}

static enum outcome prepare(const struct cli *c, struct answer *a)
{
	enum ecert_rc rc = rest(a);

	/* The object on the token has room for a few: this certificate's own chain first. */
	certfile_order(a->chain, a->leaf);
	if (!rc)
		rc = x509_put_der(a->leaf, &a->der);
	if (!rc)
		rc = identity_read(buf_view(&a->der), &a->who);
	return ui_fail_rc(c->job.ui, rc, MSG("Cannot read the certificate: {why}"));
}

/* An answer for two keys at once (signature and encipherment). */
static void tell_other_keys(const struct prov *p, const struct keys *k, const struct answer *a)
{
	for (int i = 0; i < sk_X509_num(a->certs); i++) {
		const struct token_key *key = key_of(k, sk_X509_value(a->certs, i), 0);

		if (key && key->ref != a->ref)
			ui_note(p->job->ui,
			    MSG("The file holds also the one of the key in slot {slot}: the "
				"same command with --slot {other} puts it there.",
				P_TEXT("slot", slot_name(key->ref)),
				P_TEXT("other", slot_name(key->ref))));
	}
}

static enum outcome told(struct prov *p, const struct keys *k, const struct answer *a)
{
	bool complete;

	cli_tell(
	    cli_of(p->job), MSG("The certificate of {name} is in slot {slot}.",
				P_TEXT("name", a->who.name), P_TEXT("slot", slot_name(a->ref))));
	cert_tell_use(p->job, buf_view(&a->der));
	tell_other_keys(p, k, a);
	complete = chain_told(
	    p, a->chain, a->leaf, *a->who.issuer_cn ? a->who.issuer_cn : a->who.issuer);
	return cli_json(
	    cli_of(p->job), json_pack("{s:s, s:o, s:b}", "slot", slot_name(a->ref), "certificate",
				identity_json(&a->who), "chain_complete", (int)complete));
}

static enum outcome put(
    struct prov *p, const struct cert_import_params *o, const struct keys *k, struct answer *a)
{
	enum outcome code = prepare(cli_of(p->job), a);

	if (!code)
		code = slot_label_possible(p, o->label);
	if (!code)
		code = prov_login_mgm(p, o->mgm);
	if (!code)
		code = cert_put(p, a->ref, buf_view(&a->der));
	if (!code)
		code = slot_label_put(p, a->ref, SLOT_CERT, o->label);
	if (!code)
		code = ui_fail_rc(p->job->ui, chain_object_add(p, a->chain),
		    MSG("Cannot write the CA's certificates: {why}"));
	return code ? code : told(p, k, a);
}

/* The files first, so that nothing is half done when one is wrong. */
static enum outcome load(
    const struct cli *c, const struct cert_import_params *o, const char *path, struct answer *a)
{
	enum outcome code;

	a->certs = sk_X509_new_null();
	a->chain = sk_X509_new_null();
	buf_init(&a->der, 65536);
	if (!a->certs || !a->chain)
		return ui_fail_rc(c->job.ui, ECERT_E_MEMORY,
		    MSG("Cannot read {file}: {why}", P_TEXT("file", path)));
	code = certfile_load(&c->job, path, a->certs);
	for (size_t i = 0; !code && i < o->chain.n; i++)
		code = certfile_load(&c->job, o->chain.v[i], a->chain);
	return code;
}

enum outcome cert_import(struct cli *c, void *params, const struct strlist *args)
{
	const struct cert_import_params *o = params;
	struct answer a = {.leaf = NULL};
	struct keys k = {.n = 0};
	struct prov p = {0};
	enum outcome code = load(c, o, args->v[0], &a);

	if (!code)
		code = prov_open(&c->job, &p);
	if (!code)
		code = read_keys(&p, &k);
	if (!code && !o->slot && !o->id && completes(&p, &k, &a)) {
		code = put_authorities(&p, o, &a);
	} else {
		if (!code)
			code = pick(&p, o, &k, &a);
		if (!code)
			code = put(&p, o, &k, &a);
	}
	keys_clear(&k);
	prov_close(&p);
	sk_X509_pop_free(a.certs, X509_free);
	sk_X509_pop_free(a.chain, X509_free);
	buf_free(&a.der);
	return code;
}

#define AT(field) offsetof(struct cert_import_params, field)

const struct opt cert_import_opts[] = {
    {"slot", 's', OPT_STR, "SLOT", AT(slot),
	MSG_ID("the place: 9c (signature), 9a, 9d, 9e, 82 to 95")},
    {"id", 0, OPT_STR, "HEX", AT(id), MSG_ID("the place by its PKCS#11 id: 02 is slot 9c")},
    {"label", 0, OPT_STR, "TEXT", AT(label),
	MSG_ID("what the certificate is called (an e-Cert token keeps it)")},
    {"chain", 0, OPT_LIST, "FILE", AT(chain),
	MSG_ID("the CA's own certificates, when they are not in FILE (PEM, DER, PKCS#7): an e-Cert "
	       "token "
	       "keeps them, and signatures then carry them")},
    {"management-key-source", 0, OPT_STR, "SOURCE", AT(mgm),
	MSG_ID("where the management key comes from: file:ESCROW, env:NAME, prompt")},
    {"force", 'f', OPT_FLAG, NULL, AT(force), MSG_ID("even when the slot's key is another one")},
    {0}};
