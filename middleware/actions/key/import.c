/* SPDX-License-Identifier: BSD-2-Clause */
/* A PKCS#12 e-Cert onto the token. */
#include "actions/key/import.h"

#include "client/certfile.h"
#include "client/slot.h"
#include "provision/certput.h"
#include "provision/chainobj.h"
#include "provision/key/label.h"
#include "provision/keyproof.h"
#include "provision/p12.h"
#include "util/text.h"

/* Signatures of such a key are believed by nobody any more (SP 800-131A), and few tokens take it.
 */
static enum outcome long_enough(const struct job *job, const struct privkey *key)
{
	const struct alg *alg = alg_row(privkey_alg(key));

	if (!alg || alg->family != FAMILY_RSA || alg->bits >= 2048)
		return OUT_OK;
	return ui_fail(job->ui, OUT_REFUSED, "key-too-short",
	    MSG("The key is {name}, which is too short: nobody accepts its signatures any more",
		P_TEXT("name", alg->name)),
	    MSG("Ask the CA for a new e-Cert with RSA-2048 (or longer), P-256 or P-384."));
}

/* What cards answer to a key that they do not take: each its own way. */
static bool is_refusal(enum ecert_rc rc)
{
	return rc == ECERT_E_KEY_TYPE || rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_DATA ||
	       rc == ECERT_E_DATA_LEN || rc == ECERT_E_NOT_FOUND || rc == ECERT_E_CARD;
}

/* PIV's import has no field for the exponent: cards take it to be 65537 (SP 800-78). */
static bool has_usual_exponent(const struct privkey *key)
{
	static const uint8_t f4[] = {1, 0, 1};
	struct rd n, e;

	return pubkey_rsa(privkey_public(key), &n, &e) != ECERT_OK ||
	       rd_equal(e, rd_of(f4, sizeof f4));
}

static enum outcome put(struct prov *p, struct token_newkey *spec, const struct p12 *file)
{
	const struct privkey *key = pkcs12_key(file->file, file->chosen);
	enum outcome code;
	enum ecert_rc rc;

	spec->alg = privkey_alg(key);
	rc = token_key_import(&p->at, spec, privkey_parts(key));
	if (is_refusal(rc) && !has_usual_exponent(key))
		return ui_fail(p->job->ui, OUT_REFUSED, "key-type-not-supported",
		    MSG("The token does not take this key: its public exponent is not 65537"),
		    MSG("Ask the CA for an e-Cert with an ordinary key: RSA-2048 with 65537, or "
			"P-256."));
	if (is_refusal(rc))
		return ui_fail(p->job->ui, OUT_REFUSED, "key-type-not-supported",
		    MSG("The token does not take a key of this kind ({alg}) from outside",
			P_TEXT("alg", alg_row(spec->alg) ? alg_row(spec->alg)->name : "unknown")),
		    MSG("Ask the CA for a key that it takes: RSA-2048 and P-256 go on every "
			"token."));
	if (rc != ECERT_OK)
		return ui_fail_rc(p->job->ui, rc, MSG("Cannot put the key on the token: {why}"));
	code = cert_put(p, spec->ref, pkcs12_leaf(file->file, file->chosen));
	if (code)
		return code;
	/* What the CA sent with it, so that signatures carry it and others can build the chain. */
	return ui_fail_rc(p->job->ui, chain_object_add(p, file->others),
	    MSG("Cannot write the CA's certificates: {why}"));
}

static void report(struct prov *p, const struct key_import_deed *o, const struct p12 *file,
    struct key_import_result *out)
{
	const struct identity *who = &file->who;

	out->who = *who;
	out->left_out = pkcs12_keys(file->file) - 1 + pkcs12_left_out(file->file);
	if (o->stored)
		o->stored(o->stored_ctx, out);
	cert_tell_use(p->job, pkcs12_leaf(file->file, file->chosen));
	p12_tell_others(p->job, file);
	out->chain_complete = chain_told(
	    p, file->others, file->leaf, *who->issuer_cn ? who->issuer_cn : who->issuer);
	ui_note(
	    p->job->ui, MSG("The file still holds a copy of the key: delete it, and its backups."));
}

/* The file, and what was said of the CA's certificates: before the token is asked for anything. */
static enum outcome read_files(
    const struct job *job, const struct key_import_deed *o, struct p12 *file)
{
	const struct p12_choice choice = {
	    .password = o->password, .friendly_name = o->friendly_name, .serial = o->serial};
	enum outcome code = p12_open(job, o->file, &choice, file);

	for (size_t i = 0; !code && i < o->chain.n; i++)
		code = certfile_load(job, o->chain.v[i], file->others);
	if (!code)
		certfile_order(file->others, file->leaf);
	return code ? code : long_enough(job, pkcs12_key(file->file, file->chosen));
}

enum outcome key_import(
    const struct job *job, const struct key_import_deed *deed, struct key_import_result *out)
{
	struct token_newkey spec = {0};
	struct p12 file = {.file = NULL};
	struct prov p = {0};
	enum outcome code = key_place(job, &deed->place, &spec);

	*out = (struct key_import_result){.left_out = 0};
	if (!code)
		code = read_files(job, deed, &file);
	if (!code)
		code = prov_open(job, &p);
	if (!code)
		code = key_vacant(&p, spec.ref, deed->place.force);
	if (!code)
		code = slot_label_possible(&p, deed->place.label);
	if (!code)
		code = prov_login_mgm(&p, deed->place.mgm);
	if (!code)
		code = put(&p, &spec, &file);
	if (!code)
		code = slot_label_put(&p, spec.ref, SLOT_KEY, deed->place.label);
	if (!code) /* that of the certificate before is not this one's */
		code = slot_label_put(&p, spec.ref, SLOT_CERT, NULL);
	if (!code)
		code = key_proof(&p, spec.ref);
	text_copy(out->slot, sizeof out->slot, slot_name(spec.ref));
	if (!code)
		report(&p, deed, &file, out);
	prov_close(&p);
	p12_close(&file);
	return code;
}
