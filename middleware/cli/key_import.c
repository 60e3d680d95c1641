/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert key import: a PKCS#12 e-Cert onto the token. */
#include "cli/chainobj.h"
#include "cli/key.h"
#include "cli/outfile.h"
#include "cli/slot.h"
#include "cli/slot_label.h"
#include "crypto/pkcs12.h"
#include "document/identity.h"

static enum cli_exit open_failed(const struct cli *c, enum ecert_rc rc, const char *path)
{
	switch (rc) {
	case ECERT_E_MALFORMED:
		return cli_fail(c, CLI_INPUT,
		    "It has to be the .p12 or .pfx file that the CA sent.",
		    "%s is not a PKCS#12 file", cli_clean(path));
	case ECERT_E_PASSWORD:
		return cli_fail(c, CLI_INPUT,
		    "It is on the letter that came with the file. Try again.",
		    "The password of %s is wrong", cli_clean(path));
	case ECERT_E_NOT_FOUND:
		return cli_fail(c, CLI_INPUT, hint_of_rc(ECERT_E_MALFORMED),
		    "%s holds no private key with its certificate", cli_clean(path));
	case ECERT_E_UNSUPPORTED:
		return cli_fail(c, CLI_INPUT, "Tokens take RSA-2048, P-256 and P-384 keys.",
		    "%s holds a key, or is encrypted in a way, that cannot be used",
		    cli_clean(path));
	default:
		return cli_fail_rc(c, rc, "open %s", cli_clean(path));
	}
}

static enum cli_exit open_file(
    const struct cli *c, const char *path, const char *source, struct pkcs12 **out)
{
	struct pin_ask ask = {.title = "PKCS#12 file", .prompt = "password"};
	struct buf text = BUF_INIT(PKCS12_FILE_MAX);
	struct pin password = {0};
	enum cli_exit code = infile_load(c, path, &text);

	if (!code)
		code = prov_secret(c, source, "--password-source", &ask, &password);
	if (!code)
		code = open_failed(c, pkcs12_load(buf_view(&text), password.text, out), path);
	pin_free(&password);
	buf_free(&text);
	return code;
}

/* What the CA sent with the certificate, so that signatures carry it and others can build the
 * chain. */
static enum ecert_rc keep_chain(struct prov *p, const struct pkcs12 *file)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	enum ecert_rc rc = list ? ECERT_OK : ECERT_E_MEMORY;
	struct rd der;

	for (size_t i = 0; !rc && (der = pkcs12_other(file, i)).n; i++) {
		const unsigned char *at = der.p;
		X509 *x = d2i_X509(NULL, &at, (long)der.n);

		if (!x || sk_X509_push(list, x) <= 0) {
			X509_free(x);
			rc = ECERT_E_MEMORY;
		}
	}
	if (!rc)
		rc = chain_object_add(p, list);
	sk_X509_pop_free(list, X509_free);
	return rc;
}

static enum cli_exit put(struct prov *p, struct token_newkey *spec, const struct pkcs12 *file)
{
	const struct privkey *key = pkcs12_key(file);
	enum ecert_rc rc;

	spec->alg = privkey_alg(key);
	rc = token_key_import(&p->at, spec, privkey_parts(key));
	if (rc == ECERT_E_KEY_TYPE || rc == ECERT_E_UNSUPPORTED)
		return cli_fail(p->c, CLI_REFUSED, "Ask the CA for a key that it takes.",
		    "The token does not take a key of this kind (%s) from outside",
		    alg_row(spec->alg) ? alg_row(spec->alg)->name : "unknown");
	if (rc)
		return cli_fail_rc(p->c, rc, "put the key on the token");
	rc = token_cert_put(&p->at, spec->ref, pkcs12_leaf(file));
	if (rc)
		return cli_fail_rc(p->c, rc, "write the certificate");
	return cli_fail_rc(p->c, keep_chain(p, file), "write the CA's certificates");
}

static enum cli_exit report(const struct cli *c, uint8_t ref, const struct identity *who)
{
	cli_say(c, "The key of %s%s%s is in slot %s.", who->user_name, who->org[0] ? ", " : "",
	    who->org, slot_name(ref));
	cli_note(c, "The file still holds a copy of the key: delete it, and its backups.");
	return cli_json(c, json_pack("{s:s, s:s, s:o}", "slot", slot_name(ref), "origin",
			       "imported", "certificate", identity_json(who)));
}

enum cli_exit key_import(struct cli *c, void *params, const struct strlist *args)
{
	const struct key_import_params *o = params;
	struct token_newkey spec = {0};
	struct identity who = {.org = ""};
	struct pkcs12 *file = NULL;
	struct prov p = {0};
	enum cli_exit code = key_place(c, &o->place, &spec);

	if (!code)
		code = open_file(c, args->v[0], o->password, &file);
	if (!code)
		code = cli_fail_rc(
		    c, identity_read(pkcs12_leaf(file), &who), "read the certificate");
	if (!code)
		code = prov_open(c, &p);
	if (!code)
		code = key_vacant(&p, spec.ref, o->place.force);
	if (!code)
		code = slot_label_possible(&p, o->place.label);
	if (!code)
		code = prov_login_mgm(&p, o->place.mgm);
	if (!code)
		code = put(&p, &spec, file);
	if (!code)
		code = slot_label_put(&p, spec.ref, SLOT_KEY, o->place.label);
	if (!code) /* that of the certificate before is not this one's */
		code = slot_label_put(&p, spec.ref, SLOT_CERT, NULL);
	if (!code)
		code = report(c, spec.ref, &who);
	prov_close(&p);
	pkcs12_free(&file);
	return code;
}

const struct opt key_import_opts[] = {KEY_PLACE_OPTS(struct key_import_params, place),
    {"password-source", 0, OPT_STR, "SOURCE", offsetof(struct key_import_params, password),
	"where the file's password comes from: prompt, env:NAME, file:PATH, pinentry"},
    {0}};
