/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert key import: a PKCS#12 e-Cert onto the token. */
#include <openssl/err.h>

#include "client/certfile.h"
#include "provision/certput.h"
#include "provision/chainobj.h"
#include "cli/key/key.h"
#include "provision/keyproof.h"
#include "client/outfile.h"
#include "provision/p12.h"
#include "client/slot.h"
#include "cli/key/slot_label.h"

/* Signatures of such a key are believed by nobody any more (SP 800-131A), and few tokens take it.
 */
static enum outcome long_enough(const struct cli *c, const struct privkey *key)
{
	const struct alg *alg = alg_row(privkey_alg(key));

	if (!alg || alg->family != FAMILY_RSA || alg->bits >= 2048)
		return OUT_OK;
	return ui_fail(c->job.ui, OUT_REFUSED, "key-too-short",
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

	return pubkey_rsa(privkey_public(key), &n, &e) || rd_equal(e, rd_of(f4, sizeof f4));
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
	if (rc)
		return ui_fail_rc(p->job->ui, rc, MSG("Cannot put the key on the token: {why}"));
	code = cert_put(p, spec->ref, pkcs12_leaf(file->file, file->chosen));
	if (code)
		return code;
	/* What the CA sent with it, so that signatures carry it and others can build the chain. */
	return ui_fail_rc(p->job->ui, chain_object_add(p, file->others),
	    MSG("Cannot write the CA's certificates: {why}"));
}

static enum outcome report(struct prov *p, uint8_t ref, const struct p12 *file)
{
	const struct cli *c = cli_of(p->job);
	const struct identity *who = &file->who;
	bool complete;

	cli_tell(c, MSG("The key of {name} is in slot {slot}.", P_TEXT("name", who->name),
			P_TEXT("slot", slot_name(ref))));
	cert_tell_use(&c->job, pkcs12_leaf(file->file, file->chosen));
	p12_tell_others(&c->job, file);
	complete = chain_told(
	    p, file->others, file->leaf, *who->issuer_cn ? who->issuer_cn : who->issuer);
	ui_note(
	    c->job.ui, MSG("The file still holds a copy of the key: delete it, and its backups."));
	return cli_json(c,
	    json_pack("{s:s, s:s, s:o, s:b, s:I}", "slot", slot_name(ref), "origin", "imported",
		"certificate", identity_json(who), "chain_complete", (int)complete, "keys_left_out",
		(json_int_t)(pkcs12_keys(file->file) - 1 + pkcs12_left_out(file->file))));
}

/* The file, and what was said of the CA's certificates: before the token is asked for anything. */
static enum outcome read_files(
    const struct cli *c, const struct key_import_params *o, const char *path, struct p12 *file)
{
	const struct p12_choice choice = {
	    .password = o->password, .friendly_name = o->friendly_name, .serial = o->serial};
	enum outcome code = p12_open(&c->job, path, &choice, file);

	for (size_t i = 0; !code && i < o->chain.n; i++)
		code = certfile_load(&c->job, o->chain.v[i], file->others);
	if (!code)
		certfile_order(file->others, file->leaf);
	return code ? code : long_enough(c, pkcs12_key(file->file, file->chosen));
}

enum outcome key_import(struct cli *c, void *params, const struct strlist *args)
{
	const struct key_import_params *o = params;
	struct token_newkey spec = {0};
	struct p12 file = {.file = NULL};
	struct prov p = {0};
	enum outcome code = key_place(c, &o->place, &spec);

	if (!code)
		code = read_files(c, o, args->v[0], &file);
	if (!code)
		code = prov_open(&c->job, &p);
	if (!code)
		code = key_vacant(&p, spec.ref, o->place.force);
	if (!code)
		code = slot_label_possible(&p, o->place.label);
	if (!code)
		code = prov_login_mgm(&p, o->place.mgm);
	if (!code)
		code = put(&p, &spec, &file);
	if (!code)
		code = slot_label_put(&p, spec.ref, SLOT_KEY, o->place.label);
	if (!code) /* that of the certificate before is not this one's */
		code = slot_label_put(&p, spec.ref, SLOT_CERT, NULL);
	if (!code)
		code = key_proof(&p, spec.ref);
	if (!code)
		code = report(&p, spec.ref, &file);
	prov_close(&p);
	p12_close(&file);
	return code;
}

#define AT(field) offsetof(struct key_import_params, field)

const struct opt key_import_opts[] = {KEY_PLACE_OPTS(struct key_import_params, place),
    {"password-source", 0, OPT_STR, "SOURCE", AT(password),
	MSG_ID(
	    "where the file's password comes from: prompt, env:NAME, file:PATH, pinentry (default: "
	    "prompt, unless the file has none)")},
    {"friendly-name", 0, OPT_STR, "NAME", AT(friendly_name),
	MSG_ID("of several keys in the file the one of this name")},
    {"cert-serial", 0, OPT_STR, "SERIAL", AT(serial),
	MSG_ID("of several keys in the file the one whose certificate has this serial number")},
    {"chain", 0, OPT_LIST, "FILE", AT(chain),
	MSG_ID(
	    "certificates of the CA that are not in the file (PEM, DER, PKCS#7; may be repeated)")},
    {0}};
