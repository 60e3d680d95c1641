/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert sign. */
#include <stdlib.h>
#include <string.h>

#include "actions/extend/extend.h"
#include "actions/sign/sign.h"
#include "actions/sign/stamping.h"
#include "actions/who.h"
#include "cli/commands.h"
#include "cli/sign/signrows.h"
#include "cli/terminal.h"
#include "cli/verify/trustrows.h"

/* One run of it: what an error tells as done. */
struct batch {
	struct cli *c;
	struct sign_result result;
};

static void say_signed(void *ctx, const struct signed_file *done)
{
	struct batch *b = ctx;

	if (strcmp(done->signature, "-"))
		cli_say(b->c, "%s", done->signature);
}

/* Those of one fate, each as member `called` says where its signature is. */
static json_t *rows_of(const struct sign_result *r, enum signed_fate fate)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n; i++)
		if (r->files[i].fate == fate)
			json_array_append_new(
			    list, json_pack("{s:o, s:o}", "file", cli_json_file(r->files[i].file),
				      "signature", cli_json_file(r->files[i].signature)));
	return list;
}

/* {"file":, "reason":, "message":, "hint":} in English, as errors are. */
static json_t *failed_rows(const struct sign_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n; i++) {
		const struct signed_why *why = r->files[i].why;
		char what[1024] = "", next[1024] = "";

		if (r->files[i].fate != SIGNED_FAILED)
			continue;
		if (why)
			message_kept_text(&why->what, NULL, what, sizeof what);
		if (why && why->next.n)
			message_kept_text(&why->next, NULL, next, sizeof next);
		json_array_append_new(list,
		    json_pack("{s:o, s:s, s:o, s:o}", "file", cli_json_file(r->files[i].file),
			"reason", why ? why->reason : "memory", "message", cli_json_text(what),
			"hint", next[0] ? cli_json_text(next) : json_null()));
	}
	return list;
}

/* {"signed": [...], "passed_over": [...], "signer": ..., "algorithm": ...}; NULL before the PIN was
 * right. */
static json_t *signed_so_far(const struct batch *b)
{
	const struct sign_result *r = &b->result;

	if (!r->began)
		return NULL;
	return json_pack("{s:o, s:o, s:o, s:s}", "signed", rows_of(r, SIGNED_NOW), "passed_over",
	    rows_of(r, SIGNED_BEFORE), "signer", who_json(&r->signer), "algorithm", r->algorithm);
}

/* The same with "failed" and "not_signed", beside an error. */
static json_t *done_and_not(void *ctx)
{
	struct batch *b = ctx;
	json_t *o = signed_so_far(b), *rest = json_array();

	for (size_t i = 0; i < b->result.n; i++)
		if (b->result.files[i].fate == SIGNED_NOT ||
		    b->result.files[i].fate == SIGNED_FAILED)
			json_array_append_new(rest, cli_json_file(b->result.files[i].file));
	if (!o || json_object_set_new(o, "failed", failed_rows(&b->result)) ||
	    json_object_set(o, "not_signed", rest)) {
		json_decref(o);
		o = NULL;
	}
	json_decref(rest);
	return o;
}

/* What stands on the line: the deed first, so that its rows have its own places. */
struct sign_params {
	struct sign_deed deed;
	struct extend_deed last; /* how a level above T is reached */
};

/* What was signed goes up to LT or LTA. When that fails it stays as it is, which is told. */
static enum outcome go_on(struct cli *c, struct sign_params *p, const struct sign_result *r)
{
	struct extend_result done = {.files = NULL};
	struct strlist files = {calloc(r->n + 1, sizeof *files.v), 0};
	enum outcome code = OUT_OK;

	/* All of a container are in one. */
	for (size_t i = 0; files.v && i < r->n; i++)
		if (r->files[i].fate == SIGNED_NOW && !(p->deed.container && files.n))
			files.v[files.n++] = r->files[i].signature;
	p->last.level = p->deed.level;
	p->last.tsa = p->deed.tsa;
	if (files.n)
		code = extend_files(&c->job, &p->last, &files, &done);
	if (code)
		cli_tell(c, MSG("The signature is written, with its time stamp, and stays so."));
	p->last.tsa = (struct strlist){.n = 0};
	extend_result_free(&done);
	free(files.v);
	return code;
}

static enum outcome sign_and_go_on(
    struct cli *c, struct sign_params *p, const struct strlist *files, struct sign_result *r)
{
	const char *level = p->deed.level;
	bool named = p->deed.tsa.n > 0, stamps = level && strcmp(level, "B") != 0;
	struct strlist known = {.n = 0};
	enum outcome code = OUT_OK;

	if (stamps && !named)
		code = stamping_known(&c->job, &known);
	if (!named)
		p->deed.tsa = known;
	if (!code)
		code = sign_files(&c->job, &p->deed, files, r);
	if (!code && stamps && strcmp(level, "T") != 0)
		code = go_on(c, p, r);
	if (!named)
		p->deed.tsa = (struct strlist){.n = 0};
	stamping_known_free(&known);
	return code;
}

static enum outcome run_sign(struct cli *c, void *params, const struct strlist *files)
{
	struct sign_params *p = params;
	struct sign_deed *deed = &p->deed;
	struct batch b = {.c = c};
	const char *to;
	enum outcome code;

	deed->container = deed->container ? deed->container
			  : deed->simple  ? deed->simple
					  : deed->together;
	if (deed->together && !deed->format)
		deed->format = "jades";
	to = deed->container ? deed->container : deed->output;
	code = cli_not_both(c, to ? to : "");
	if (code)
		return code;
	deed->each = say_signed;
	deed->each_ctx = &b;
	c->done = done_and_not;
	c->done_ctx = &b;
	if (files->n > 1 || deed->recursive)
		stop_watch();
	code = sign_and_go_on(c, p, files, &b.result);
	c->done = NULL;
	if (!code)
		code = cli_json(c, signed_so_far(&b));
	sign_result_free(&b.result);
	return code;
}

static const struct opt opts[] = {SIGNING_OPTS(struct sign_deed, key),
    {"format", 0, OPT_STR, "NAME", offsetof(struct sign_deed, format),
	MSG_ID("the kind of signature: pades is inside of a PDF, xades inside of an XML file or "
	       "beside any other, cades and jades "
	       "are files beside any file (default: what fits the file)")},
    {"detached", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, detached),
	MSG_ID("with xades: a file beside an XML file, too")},
    {"profile", 0, OPT_STR, "PROFILE", offsetof(struct sign_deed, profile),
	MSG_ID(
	    "with xades: where in an XML file the signature goes, ubl or plain (default: ubl for "
	    "UBL documents)")},
    {"attached", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, attached),
	MSG_ID("with jades: put the file inside of the signature")},
    {"flattened", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, flattened),
	MSG_ID("with jades: write it as a JSON object")},
    {"general", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, general),
	MSG_ID("with jades: write it as a JSON object with a list of signatures")},
    {"asice", 0, OPT_OUT, "OUT", offsetof(struct sign_deed, container),
	MSG_ID("put all files and their signature into one container (ASiC-E; with --format cades "
	       "or xades)")},
    {"asics", 0, OPT_OUT, "OUT", offsetof(struct sign_deed, simple),
	MSG_ID("put one file and its signature into a container (ASiC-S)")},
    {"together", 0, OPT_OUT, "OUT", offsetof(struct sign_deed, together),
	MSG_ID("with jades: one signature that names all files, beside which it has to stay")},
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct sign_deed, output),
	MSG_ID("where the signature or the signed file goes (default: FILE.p7s, FILE-signed.pdf; - "
	       "is standard output)")},
    {"in-place", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, in_place),
	MSG_ID("the signed PDF or XML file replaces the one without")},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct sign_deed, force),
	MSG_ID("replace what is there")},
    {"recursive", 'r', OPT_FLAG, NULL, offsetof(struct sign_deed, recursive),
	MSG_ID("the files in folders, too, in the order of their names; links are not followed")},
    {"skip-signed", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, skip_signed),
	MSG_ID("pass over files that have a signature by this key already, over what they hold "
	       "now")},
    {"resume", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, skip_signed),
	MSG_ID("go on with a batch that was stopped: the same as --skip-signed")},
    {"keep-going", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, keep_going),
	MSG_ID("a file that cannot be signed does not stop the others")},
    {"tsa", 0, OPT_LIST, "URL", offsetof(struct sign_deed, tsa),
	MSG_ID("a time stamp by this time-stamping authority goes with each signature (may be "
	       "repeated: asked in turn)")},
    {"level", 0, OPT_STR, "LEVEL", offsetof(struct sign_deed, level),
	MSG_ID("B: the signature alone; T: with a time stamp; LT, LTA: extended at once, as `ecert "
	       "extend` does (default: B, or T with --tsa)")},
    ONLINE_OPTS(struct sign_params, last.as.online), ANCHOR_OPTS(struct sign_params, last.as.trust),
    {"field", 0, OPT_STR, "TEXT", offsetof(struct sign_deed, pdf.field),
	MSG_ID("the field of the PDF to sign in: one that is there, or a new one")},
    {"reason", 0, OPT_STR, "TEXT", offsetof(struct sign_deed, pdf.reason),
	MSG_ID("why it is signed, said in the PDF")},
    {"place", 0, OPT_STR, "TEXT", offsetof(struct sign_deed, pdf.place),
	MSG_ID("where it is signed, said in the PDF")},
    {"contact", 0, OPT_STR, "TEXT", offsetof(struct sign_deed, pdf.contact),
	MSG_ID("how to reach the signer, said in the PDF")},
    {"visible", 0, OPT_STR, "PLACE", offsetof(struct sign_deed, visible),
	MSG_ID("show the signature on the page: top-left, top-right, bottom-left or bottom-right, "
	       "with PAGE, or last, in front or alone, or PAGE,X,Y in points")},
    {"logo", 0, OPT_STR, "FILE", offsetof(struct sign_deed, pdf.logo),
	MSG_ID("with --visible: show this picture in it, a PNG or JPEG file")},
    {"qr", 0, OPT_STR, "URL", offsetof(struct sign_deed, pdf.qr),
	MSG_ID("with --visible: show this web address in it, as a QR code")},
    {"certify", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, pdf.certify),
	MSG_ID(
	    "as the PDF's author: from then on it may be filled in and signed, and nothing else")},
    {0}};

const struct command sign_commands[] = {
    {"sign", NULL, "FILE...", 1, SIZE_MAX, MSG_ID("sign files with the key on your token"),
	MSG_ID(
	    "A PDF gets its signature inside (PAdES-B-B): of invoice.pdf there is then an "
	    "invoice-signed.pdf, which PDF readers verify. Of every other file the signature is a "
	    "file "
	    "of its own, contract.docx.p7s (CAdES-B-B, which programs of other makers read); the "
	    "file "
	    "stays as it is. Send both. All files of one command need the PIN once.\n\n"
	    "Examples:\n"
	    "  ecert sign invoice.pdf\n"
	    "  ecert sign *.pdf\n"
	    "  ecert sign --format cades invoice.pdf\n"
	    "  ecert sign --reason 'I agree' --place 'Hong Kong' contract.pdf\n"
	    "  ecert sign --visible last,bottom-right contract.pdf\n"
	    "  ecert sign --pin-source file:/run/secrets/pin --json invoice.pdf\n"
	    "  ecert --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so sign invoice.pdf\n\n"
	    "--format=jades signs as JAdES-B-B, which services with JSON read, in "
	    "invoice.json.jws.\n"
	    "--format=xades signs inside of XML as XAdES-B-B: of order.xml there is then an "
	    "order-signed.xml.\n"
	    "--asice=all.asice makes one container of several files.\n\n"
	    "A batch that ends early keeps what it signed, and with --json says what that is; the "
	    "same command with --resume goes on. It goes by the signatures that are there, and by "
	    "what the files hold now: no file is signed twice, and none is left out. With "
	    "--keep-going a bad file does not stop the others:\n"
	    "  ecert sign --recursive --keep-going --resume invoices\n\n"
	    "An expired certificate, one that is for encipherment only, and a PDF that is "
	    "encrypted, "
	    "damaged, or certified so that nothing may be added are refused before the PIN is "
	    "asked."),
	opts, sizeof(struct sign_params), run_sign},
    {0}};
