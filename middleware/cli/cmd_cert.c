/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert cert list, export, import; request is in cert_request.c. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <time.h>

#include "cli/cert.h"
#include "cli/chainobj.h"
#include "cli/commands.h"
#include "cli/outfile.h"
#include "cli/p11.h"
#include "cli/prov.h"
#include "cli/slot.h"
#include "cli/slot_label.h"
#include "trust/check.h"

struct cert_params {
	const char *slot, *id, *mgm, *output, *label;
	struct strlist chain;
	bool force, der;
};

/* ---- list ---- */
static void list_one(const struct cli *c, const struct p11_cert *cert, json_t *all)
{
	char reason[256] = "", until[32];
	bool may = trust_may_sign(buf_view(&cert->der), time(NULL), reason, sizeof reason);
	struct tm tm;
	json_t *o = json_pack("{s:s, s:s, s:o, s:b, s:s?}", "id", cert->id, "label",
	    cli_clean(cert->cert->label), "certificate", identity_json(&cert->who), "may_sign",
	    (int)may, "reason", may ? NULL : reason);

	gmtime_r(&cert->who.not_after, &tm);
	strftime(until, sizeof until, "%Y-%m-%d", &tm);
	cli_say(c, "id %s  %s%s%s", cert->id, cert->who.user_name, cert->who.org[0] ? ", " : "",
	    cert->who.org);
	cli_say(c, "    serial %s, by %s, until %s", cert->who.serial, cert->who.issuer_cn, until);
	cli_say(c, "    label %s", cli_clean(cert->cert->label));
	if (!may)
		cli_say(c, "    does not sign: %s", reason);
	json_array_append_new(all, o);
}

static enum cli_exit list(struct cli *c, void *params, const struct strlist *args)
{
	struct p11 p;
	struct p11_cert *certs = NULL;
	size_t n = 0;
	json_t *all = json_array();
	enum cli_exit code = p11_open(c, &p);

	(void)params;
	(void)args;
	if (!code)
		code = p11_pick(&p);
	if (!code)
		code = p11_certs(&p, &certs, &n);
	for (size_t i = 0; !code && i < n; i++)
		list_one(c, &certs[i], all);
	if (!code && !n)
		cli_say(
		    c, "The token holds no certificate. Ask a CA for one: `ecert cert request`.");
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "certificates", all));
	json_decref(all);
	p11_certs_free(&certs, n);
	p11_close(&p);
	return code;
}

/* ---- export ---- */
static enum cli_exit put_out(
    const struct cli *c, const struct cert_params *o, struct rd der, X509 *x)
{
	const char *path = o->output ? o->output : "-";
	BIO *bio;
	char *text = NULL;
	long n;
	enum cli_exit code;

	if (o->der)
		return outfile_save(c, path, der, o->force);
	bio = BIO_new(BIO_s_mem());
	if (!bio || PEM_write_bio_X509(bio, x) != 1) {
		BIO_free(bio);
		return cli_fail_rc(c, ECERT_E_CRYPTO, "write the certificate");
	}
	n = BIO_get_mem_data(bio, &text);
	code = outfile_save(c, path, rd_of(text, (size_t)n), o->force);
	BIO_free(bio);
	return code;
}

static enum cli_exit told(
    const struct cli *c, const struct cert_params *o, uint8_t ref, const struct identity *who)
{
	if (!o->output || !strcmp(o->output, "-"))
		return CLI_OK;
	cli_say(c, "%s: the certificate of %s%s%s.", cli_clean(o->output), who->user_name,
	    who->org[0] ? ", " : "", who->org);
	return cli_json(c, json_pack("{s:s, s:s, s:o}", "slot", slot_name(ref), "file",
			       cli_clean(o->output), "certificate", identity_json(who)));
}

static enum cli_exit cert_export(struct cli *c, void *params, const struct strlist *args)
{
	const struct cert_params *o = params;
	const char *path = o->output ? o->output : "-";
	struct p11 p = {.c = c};
	struct p11_cert *certs = NULL;
	size_t n = 0, i = 0;
	uint8_t ref;
	enum cli_exit code = slot_chosen(c, o->slot, o->id, 0x9C, &ref);

	(void)args;
	if (!code)
		code = outfile_not_both(c, path);
	if (!code)
		code = outfile_vacant(c, path, o->force);
	if (!code)
		code = p11_open(c, &p);
	if (!code)
		code = p11_pick(&p);
	if (!code)
		code = p11_certs(&p, &certs, &n);
	while (i < n && certs[i].ref != ref)
		i++;
	if (!code && i == n)
		code = p11_nothing_in(
		    &p, ref, "certificate", "`ecert cert list` shows what there is.");
	if (!code)
		code = put_out(c, o, buf_view(&certs[i].der), certs[i].cert->x509);
	if (!code)
		code = told(c, o, ref, &certs[i].who);
	p11_certs_free(&certs, n);
	p11_close(&p);
	return code;
}

/* ---- import ---- */
static enum cli_exit read_cert(const struct cli *c, const char *path, struct buf *der, X509 **out)
{
	struct buf text = BUF_INIT(1u << 20);
	enum cli_exit code = infile_load(c, path, &text);
	struct rd view = buf_view(&text);
	const uint8_t *p = view.p;
	BIO *bio = code ? NULL : BIO_new_mem_buf(view.p, (int)view.n);
	uint8_t *again = NULL;
	int n;

	*out = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	if (!code && !*out)
		*out = d2i_X509(NULL, &p, (long)view.n);
	ERR_clear_error();
	if (!code && !*out)
		code = cli_fail(c, CLI_INPUT,
		    "It has to be the certificate that the CA sent, as PEM or DER (.pem, .crt, "
		    ".cer).",
		    "%s is not a certificate", cli_clean(path));
	n = *out ? i2d_X509(*out, &again) : 0;
	if (n > 0)
		buf_put(der, again, (size_t)n);
	OPENSSL_free(again);
	BIO_free(bio);
	buf_free(&text);
	return code;
}

/* Whether this place's key is the certificate's. */
static bool key_fits(const struct token_at *at, uint8_t ref, const struct pubkey *pub, bool *known)
{
	struct token_key k = {0};
	enum ecert_rc rc = token_key_get(at, ref, &k);
	bool fits = !rc && k.pub && pubkey_equal(k.pub, pub);

	/* A card without metadata tells its keys by the certificates only: nothing to compare. */
	*known = !rc && k.pub && !k.from_cert;
	token_key_clear(&k);
	return fits;
}

static enum cli_exit find_place(
    struct prov *p, const struct cert_params *o, const struct pubkey *pub, uint8_t *ref)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;
	bool known, fits, any = false;
	enum cli_exit code = CLI_OK;

	if (o->slot || o->id) {
		code = slot_chosen(p->c, o->slot, o->id, 0, ref);
		if (code)
			return code;
		fits = key_fits(&p->at, *ref, pub, &known);
		if (fits || !known || o->force)
			return CLI_OK;
		return cli_fail(p->c, CLI_REFUSED, "Leave --slot out to find the right one.",
		    "The key in slot %s is not the one of this certificate", slot_name(*ref));
	}
	code = cli_fail_rc(p->c, token_refs(&p->at, refs, &n), "look at the keys");
	for (size_t i = 0; !code && i < n; i++) {
		*ref = refs[i];
		if (refs[i] != 0xF9 && key_fits(&p->at, refs[i], pub, &known))
			return CLI_OK;
		any = any || known;
	}
	if (code)
		return code;
	return cli_fail(p->c, CLI_REFUSED,
	    any ? "Was it made for another token? `ecert key list` shows the keys here."
		: "This token does not tell its keys: say where with --slot.",
	    "No key on this token belongs to the certificate");
}

/* The files first, so that nothing is half done when one is wrong. */
static enum cli_exit load_chain(
    const struct cli *c, const struct cert_params *o, STACK_OF(X509) * list)
{
	enum cli_exit code = CLI_OK;

	for (size_t i = 0; !code && i < o->chain.n; i++)
		code = chain_file_load(c, o->chain.v[i], list);
	return code;
}

static enum cli_exit cert_import(struct cli *c, void *params, const struct strlist *args)
{
	const struct cert_params *o = params;
	struct buf der = BUF_INIT(65536);
	struct identity who = {.org = ""};
	struct pubkey *pub = NULL;
	struct prov p = {0};
	X509 *x = NULL;
	STACK_OF(X509) *chain = sk_X509_new_null();
	uint8_t ref = 0;
	enum cli_exit code = read_cert(c, args->v[0], &der, &x);

	if (!code)
		code = load_chain(c, o, chain);
	if (!code)
		code = cli_fail_rc(c, pubkey_from_cert(buf_view(&der), &pub), "read its key");
	if (!code)
		code = cli_fail_rc(c, identity_read(buf_view(&der), &who), "read the certificate");
	if (!code)
		code = prov_open(c, &p);
	if (!code)
		code = find_place(&p, o, pub, &ref);
	if (!code)
		code = slot_label_possible(&p, o->label);
	if (!code)
		code = prov_login_mgm(&p, o->mgm);
	if (!code)
		code = cli_fail_rc(
		    c, token_cert_put(&p.at, ref, buf_view(&der)), "write the certificate");
	if (!code)
		code = slot_label_put(&p, ref, SLOT_CERT, o->label);
	if (!code)
		code = cli_fail_rc(c, chain_object_add(&p, chain), "write the CA's certificates");
	if (!code) {
		cli_say(c, "The certificate of %s%s%s is in slot %s.", who.user_name,
		    who.org[0] ? ", " : "", who.org, slot_name(ref));
		code = cli_json(c, json_pack("{s:s, s:o}", "slot", slot_name(ref), "certificate",
				       identity_json(&who)));
	}
	pubkey_free(&pub);
	X509_free(x);
	sk_X509_pop_free(chain, X509_free);
	buf_free(&der);
	prov_close(&p);
	return code;
}

#define PLACE                                                                                      \
	{"slot", 's', OPT_STR, "SLOT", offsetof(struct cert_params, slot),                         \
	    "the place: 9c (signature), 9a, 9d, 9e, 82 to 95"},                                    \
	{                                                                                          \
		"id", 0, OPT_STR, "HEX", offsetof(struct cert_params, id),                         \
		    "the same by its PKCS#11 id: 02 is 9c"                                         \
	}

static const struct opt export_opts[] = {PLACE,
    {"output", 'o', OPT_STR, "FILE", offsetof(struct cert_params, output),
	"where it goes (default: standard output)"},
    {"der", 0, OPT_FLAG, NULL, offsetof(struct cert_params, der), "as DER instead of PEM"},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct cert_params, force), "replace a file"}, {0}};
static const struct opt import_opts[] = {PLACE,
    {"label", 0, OPT_STR, "TEXT", offsetof(struct cert_params, label),
	"what the certificate is called (an e-Cert token keeps it)"},
    {"chain", 0, OPT_LIST, "PEM", offsetof(struct cert_params, chain),
	"the CA's own certificates: an e-Cert token keeps them, and signatures then carry them"},
    {"management-key-source", 0, OPT_STR, "SOURCE", offsetof(struct cert_params, mgm),
	"where the management key comes from: file:ESCROW, env:NAME, prompt"},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct cert_params, force),
	"even when the slot's key is another one"},
    {0}};

const struct command cert_commands[] = {
    {"cert", "list", "", 0, 0, "the certificates on the token, and which may sign",
	"Examples:\n  ecert cert list\n  ecert cert list --json", NULL, 0, list},
    {"cert", "request", "", 0, 0, "ask a CA for a certificate: a PKCS#10 file signed by the token",
	"Send the file to the CA; what it sends back goes in with `ecert cert import`.\n\n"
	"Examples:\n"
	"  ecert cert request --subject 'C=HK, O=Wong Trading Ltd, CN=WONG Mei' -o request.pem\n"
	"  ecert cert request --template subject.json --attestation attestation.pem -o "
	"request.pem\n\n"
	"A template is {\"subject\": [{\"C\": \"HK\"}, {\"O\": \"Wong Trading Ltd\"}, {\"CN\": "
	"\"WONG "
	"Mei\"}], \"san\": [\"email:mei@wong.example\"]}.",
	cert_request_opts, sizeof(struct cert_request_params), cert_request},
    {"cert", "import", "FILE", 1, 1, "put the certificate that the CA sent on the token",
	"The place is found by itself: where its key is. It needs the management key, or the PIN "
	"on a token that keeps the key behind it (`ecert token init --protect`).\n\n"
	"Example:\n  ecert cert import wong.pem --chain ca.pem --management-key-source "
	"file:escrow.json",
	import_opts, sizeof(struct cert_params), cert_import},
    {"cert", "label", "LABEL", 1, 1, "what people and programs call a certificate",
	"An e-Cert token keeps it, and programs that let you choose a certificate show it. An "
	"empty one takes it away.\n\n"
	"Example:\n"
	"  ecert cert label 'Wong Ltd, signing' --management-key-source file:escrow.json",
	slot_label_opts, sizeof(struct slot_label_params), cert_label},
    {"cert", "export", "", 0, 0, "write a certificate of the token to a file",
	"Example:\n  ecert cert export --slot 9c -o wong.pem", export_opts,
	sizeof(struct cert_params), cert_export},
    {0}};
