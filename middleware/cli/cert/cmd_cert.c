/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert cert list, export, and the table of the group. */
#include <string.h>

#include "actions/cert/export.h"
#include "actions/cert/list.h"
#include "actions/who.h"
#include "cli/cert/cert.h"
#include "cli/commands.h"
#include "cli/key/key.h"

/* ---- list ---- */
static json_t *cert_json(const struct cert_row *row)
{
	char reason[256] = "";

	if (!row->may_sign)
		message_kept_text(&row->reason, NULL, reason, sizeof reason);
	return json_pack("{s:s, s:o, s:o, s:b, s:s?, s:I, s:b}", "id", row->id, "label",
	    cli_json_text(row->label), "certificate", who_json(&row->who), "may_sign",
	    (int)row->may_sign, "reason", row->may_sign ? NULL : reason, "days_left",
	    (json_int_t)row->days_left, "ends_soon", (int)row->ends_soon);
}

static void say_cert(const struct cli *c, const struct cert_row *row)
{
	const struct identity *who = &row->who;
	char until[TEXT_DAY];

	cli_say(c, "id %s  %s", row->id, who->name);
	cli_row(c, 3, "",
	    MSG("serial {serial}, by {ca}, until {until}", P_TEXT("serial", who->serial),
		P_TEXT("ca", *who->issuer_cn ? who->issuer_cn : who->issuer),
		P_TEXT("until", text_day(who->not_after, until))));
	if (*row->label)
		cli_row(c, 3, "", MSG("label {label}", P_TEXT("label", row->label)));
	if (!row->may_sign)
		cli_row(
		    c, 3, "", MSG("does not sign: {why}", P_MSG("why", MSG_KEPT(&row->reason))));
	else if (row->ends_soon)
		cli_row(c, 3, "",
		    MSG("it {ends}: ask your CA for a new one", P_MSG("ends", &row->ends.m)));
}

static enum outcome list(struct cli *c, void *params, const struct strlist *args)
{
	struct cert_list certs;
	json_t *all = json_array();
	enum outcome code = cert_list(&c->job, &certs);

	(void)params;
	(void)args;
	for (size_t i = 0; !code && i < certs.n; i++)
		if (c->json)
			json_array_append_new(all, cert_json(&certs.row[i]));
		else
			say_cert(c, &certs.row[i]);
	if (!code && !certs.n)
		cli_tell(
		    c, MSG("The token holds no certificate. {next}", P_WORD("next", certs.next)));
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "certificates", all));
	json_decref(all);
	cert_list_free(&certs);
	return code;
}

/* ---- export ---- */
static enum outcome export_cert(struct cli *c, void *params, const struct strlist *args)
{
	const struct cert_export_deed *o = params;
	const char *path = o->output ? o->output : "-";
	struct cert_export_result done;
	enum outcome code = cli_not_both(c, path);

	(void)args;
	if (!code)
		code = cert_export(&c->job, o, &done);
	if (code || !strcmp(path, "-"))
		return code;
	cli_tell(c, MSG("{file}: the certificate of {name}.", P_FILE("file", path),
			P_TEXT("name", done.who.name)));
	return cli_json(c, json_pack("{s:s, s:o, s:o}", "slot", done.slot, "file",
			       cli_json_file(path), "certificate", who_json(&done.who)));
}

#define PLACE                                                                                      \
	{"slot", 's', OPT_STR, "SLOT", offsetof(struct cert_export_deed, slot),                    \
	    MSG_ID("the place: 9c (signature), 9a, 9d, 9e, 82 to 95")},                            \
	{                                                                                          \
		"id", 0, OPT_STR, "HEX", offsetof(struct cert_export_deed, id),                    \
		    MSG_ID("the place by its PKCS#11 id: 02 is slot 9c")                           \
	}

static const struct opt export_opts[] = {PLACE,
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct cert_export_deed, output),
	MSG_ID("where it goes (default: standard output)")},
    {"der", 0, OPT_FLAG, NULL, offsetof(struct cert_export_deed, der),
	MSG_ID("as DER instead of PEM")},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct cert_export_deed, force),
	MSG_ID("replace a file")},
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
	cert_request_opts, sizeof(struct cert_request_deed), request_cert},
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
	cert_import_opts, sizeof(struct cert_import_deed), import_cert},
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
	sizeof(struct cert_export_deed), export_cert},
    {0}};
