/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert cert list, export; request and import have files of their own. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <time.h>

#include "cli/cert/cert.h"
#include "cli/commands.h"
#include "client/expiry.h"
#include "client/outfile.h"
#include "client/p11.h"
#include "provision/prov.h"
#include "client/slot.h"
#include "cli/key/key.h"
#include "trust/path/check.h"

struct cert_params {
	const char *slot, *id, *output;
	bool force, der;
};

/* ---- list ---- */
static void list_one(const struct cli *c, const struct p11_cert *cert, json_t *all)
{
	struct message_kept why;
	char reason[256], until[32];
	struct expiry ends;
	bool may = trust_may_sign(buf_view(&cert->der), time(NULL), &why);
	bool near = expiry_near(cert->who.not_after, time(NULL), &ends);
	struct tm tm;
	json_t *o;

	message_kept_text(&why, NULL, reason, sizeof reason);
	o = json_pack("{s:s, s:o, s:o, s:b, s:s?, s:I, s:b}", "id", cert->id, "label",
	    cli_json_text(cert->cert->label ? cert->cert->label : ""), "certificate",
	    identity_json(&cert->who), "may_sign", (int)may, "reason", may ? NULL : reason,
	    "days_left", (json_int_t)expiry_days(cert->who.not_after, time(NULL)), "ends_soon",
	    (int)near);

	gmtime_r(&cert->who.not_after, &tm);
	strftime(until, sizeof until, "%Y-%m-%d", &tm);
	cli_say(c, "id %s  %s", cert->id, cert->who.name);
	cli_row(c, 3, "",
	    MSG("serial {serial}, by {ca}, until {until}", P_TEXT("serial", cert->who.serial),
		P_TEXT("ca", *cert->who.issuer_cn ? cert->who.issuer_cn : cert->who.issuer),
		P_TEXT("until", until)));
	if (cert->cert->label && *cert->cert->label)
		cli_row(c, 3, "", MSG("label {label}", P_TEXT("label", cert->cert->label)));
	if (!may)
		cli_row(c, 3, "", MSG("does not sign: {why}", P_MSG("why", MSG_KEPT(&why))));
	else if (near)
		cli_row(
		    c, 3, "", MSG("it {ends}: ask your CA for a new one", P_MSG("ends", &ends.m)));
	json_array_append_new(all, o);
}

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	struct p11 p;
	struct p11_cert *certs = NULL;
	size_t n = 0;
	json_t *all = json_array();
	enum outcome code = p11_open(&c->job, &p);

	(void)params;
	(void)args;
	if (!code)
		code = p11_pick(&p);
	if (!code)
		code = p11_certs(&p, &certs, &n);
	for (size_t i = 0; !code && i < n; i++)
		list_one(c, &certs[i], all);
	if (!code && !n)
		cli_tell(c, MSG("The token holds no certificate. {next}",
				P_WORD("next", P11_NO_CERT_HINT)));
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "certificates", all));
	json_decref(all);
	p11_certs_free(&certs, n);
	p11_close(&p);
	return code;
}

/* ---- export ---- */
static enum outcome put_out(
    const struct cli *c, const struct cert_params *o, struct rd der, X509 *x)
{
	const char *path = o->output ? o->output : "-";
	BIO *bio;
	char *text = NULL;
	long n;
	enum outcome code;

	if (o->der)
		return outfile_save(&c->job, path, der, o->force);
	bio = BIO_new(BIO_s_mem());
	if (!bio || PEM_write_bio_X509(bio, x) != 1) {
		BIO_free(bio);
		return ui_fail_rc(
		    c->job.ui, ECERT_E_CRYPTO, MSG("Cannot write the certificate: {why}"));
	}
	n = BIO_get_mem_data(bio, &text);
	code = outfile_save(&c->job, path, rd_of(text, (size_t)n), o->force);
	BIO_free(bio);
	return code;
}

static enum outcome told(
    const struct cli *c, const struct cert_params *o, uint8_t ref, const struct identity *who)
{
	if (!o->output || !strcmp(o->output, "-"))
		return OUT_OK;
	cli_tell(c, MSG("{file}: the certificate of {name}.", P_TEXT("file", o->output),
			P_TEXT("name", who->name)));
	return cli_json(c, json_pack("{s:s, s:o, s:o}", "slot", slot_name(ref), "file",
			       cli_json_text(o->output), "certificate", identity_json(who)));
}

static enum outcome cert_export(struct cli *c, void *params, const struct strlist *args)
{
	const struct cert_params *o = params;
	const char *path = o->output ? o->output : "-";
	struct p11 p = {.job = &c->job};
	struct p11_cert *certs = NULL;
	size_t n = 0, i = 0;
	uint8_t ref;
	enum outcome code = slot_chosen(&c->job, o->slot, o->id, 0x9C, &ref);

	(void)args;
	if (!code)
		code = cli_not_both(c, path);
	if (!code)
		code = outfile_vacant(&c->job, path, o->force);
	if (!code)
		code = p11_open(&c->job, &p);
	if (!code)
		code = p11_pick(&p);
	if (!code)
		code = p11_certs(&p, &certs, &n);
	while (i < n && certs[i].ref != ref)
		i++;
	if (!code && i == n)
		code = p11_nothing_in(&p, ref, MSG_ID("certificate"),
		    MSG_ID("`ecert cert list` shows what there is."));
	if (!code)
		code = put_out(c, o, buf_view(&certs[i].der), certs[i].cert->x509);
	if (!code)
		code = told(c, o, ref, &certs[i].who);
	p11_certs_free(&certs, n);
	p11_close(&p);
	return code;
}

#define PLACE                                                                                      \
	{"slot", 's', OPT_STR, "SLOT", offsetof(struct cert_params, slot),                         \
	    MSG_ID("the place: 9c (signature), 9a, 9d, 9e, 82 to 95")},                            \
	{                                                                                          \
		"id", 0, OPT_STR, "HEX", offsetof(struct cert_params, id),                         \
		    MSG_ID("the place by its PKCS#11 id: 02 is slot 9c")                           \
	}

static const struct opt export_opts[] = {PLACE,
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct cert_params, output),
	MSG_ID("where it goes (default: standard output)")},
    {"der", 0, OPT_FLAG, NULL, offsetof(struct cert_params, der), MSG_ID("as DER instead of PEM")},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct cert_params, force), MSG_ID("replace a file")},
    {0}};
const struct command cert_commands[] = {
    {"cert", "list", "", 0, 0, MSG_ID("the certificates on the token, and which may sign"),
	MSG_ID("Examples:\n  ecert cert list\n  ecert cert list --json"), NULL, 0, list},
    {"cert", "request", "", 0, 0,
	MSG_ID("ask a CA for a certificate: a PKCS#10 file signed by the token"),
	MSG_ID("Send the file to the CA; what it sends back goes in with `ecert cert import`.\n\n"
	       "Examples:\n"
	       "  ecert cert request -o request.pem \\\n"
	       "      --subject 'C=HK, O=Wong Trading Ltd, CN=WONG Mei'\n"
	       "  ecert cert request -o request.pem \\\n"
	       "      --template subject.json --attestation attestation.pem\n\n"
	       "A template, subject.json:\n"
	       "  {\"subject\": [{\"C\": \"HK\"}, {\"O\": \"Wong Trading Ltd\"}, {\"CN\": \"WONG "
	       "Mei\"}],\n"
	       "   \"san\": [\"email:mei@wong.example\"]}"),
	cert_request_opts, sizeof(struct cert_request_params), cert_request},
    {"cert", "import", "FILE", 1, 1, MSG_ID("put the certificate that the CA sent on the token"),
	MSG_ID(
	    "FILE is PEM, DER or PKCS#7 (.p7b), with one certificate or many in any order: the one "
	    "whose key is on the token goes where that key is, the CA's go with it. A file with "
	    "the "
	    "CA's alone completes what is there. It needs the management key, or the PIN on a "
	    "token "
	    "that keeps the key behind it (`ecert token init --protect`).\n\n"
	    "Examples:\n"
	    "  ecert cert import wong.p7b --management-key-source file:escrow.json\n"
	    "  ecert cert import wong.pem --chain ca.pem \\\n"
	    "      --management-key-source file:escrow.json"),
	cert_import_opts, sizeof(struct cert_import_params), cert_import},
    {"cert", "label", "LABEL", 1, 1, MSG_ID("what people and programs call a certificate"),
	MSG_ID(
	    "An e-Cert token keeps it, and programs that let you choose a certificate show it. An "
	    "empty one takes it away.\n\n"
	    "Example:\n"
	    "  ecert cert label 'Wong Ltd, signing' \\\n"
	    "      --management-key-source file:escrow.json"),
	slot_label_opts, sizeof(struct slot_label_deed), label_cert},
    {"cert", "export", "", 0, 0, MSG_ID("write a certificate of the token to a file"),
	MSG_ID("Example:\n  ecert cert export --slot 9c -o wong.pem"), export_opts,
	sizeof(struct cert_params), cert_export},
    {0}};
