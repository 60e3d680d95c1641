/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert sign. */
#include <string.h>

#include "actions/sign/sign.h"
#include "actions/who.h"
#include "cli/commands.h"
#include "cli/sign/signrows.h"
#include "cli/terminal.h"

/* One run of it: what an error tells as done. */
struct batch {
	struct cli *c;
	const struct strlist *files;
	struct sign_result result;
};

static void say_signed(void *ctx, const struct signed_file *done)
{
	struct batch *b = ctx;

	if (strcmp(done->signature, "-"))
		cli_say(b->c, "%s", done->signature);
}

/* {"signed": [...], "signer": ..., "algorithm": ...}; NULL before the PIN was right. */
static json_t *signed_so_far(const struct batch *b)
{
	json_t *list = json_array();

	if (!b->result.began) {
		json_decref(list);
		return NULL;
	}
	for (size_t i = 0; i < b->result.n; i++)
		json_array_append_new(
		    list, json_pack("{s:o, s:o}", "file", cli_json_file(b->result.files[i].file),
			      "signature", cli_json_file(b->result.files[i].signature)));
	return json_pack("{s:o, s:o, s:s}", "signed", list, "signer", who_json(&b->result.signer),
	    "algorithm", b->result.algorithm);
}

/* The same with "not_signed", beside an error. */
static json_t *done_and_not(void *ctx)
{
	struct batch *b = ctx;
	json_t *o = signed_so_far(b), *rest = json_array();

	for (size_t i = b->result.n; i < b->files->n; i++)
		json_array_append_new(rest, cli_json_file(b->files->v[i]));
	if (!o || json_object_set(o, "not_signed", rest)) {
		json_decref(o);
		o = NULL;
	}
	json_decref(rest);
	return o;
}

static enum outcome run_sign(struct cli *c, void *params, const struct strlist *files)
{
	struct sign_deed *deed = params;
	struct batch b = {.c = c, .files = files};
	enum outcome code = cli_not_both(c, deed->output ? deed->output : "");

	if (code)
		return code;
	deed->each = say_signed;
	deed->each_ctx = &b;
	c->done = done_and_not;
	c->done_ctx = &b;
	if (files->n > 1)
		stop_watch();
	code = sign_files(&c->job, deed, files, &b.result);
	c->done = NULL;
	if (!code)
		code = cli_json(c, signed_so_far(&b));
	sign_result_free(&b.result);
	return code;
}

static const struct opt opts[] = {SIGNING_OPTS(struct sign_deed, key),
    {"format", 0, OPT_STR, "NAME", offsetof(struct sign_deed, format),
	MSG_ID("the kind of signature (default: cades, a file FILE.p7s)")},
    {"attached", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, attached),
	MSG_ID("with jades: put the file inside of the signature")},
    {"flattened", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, flattened),
	MSG_ID("with jades: write it as a JSON object")},
    {"general", 0, OPT_FLAG, NULL, offsetof(struct sign_deed, general),
	MSG_ID("with jades: write it as a JSON object with a list of signatures")},
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct sign_deed, output),
	MSG_ID("where the signature goes (default: FILE.p7s; - is standard output)")},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct sign_deed, force),
	MSG_ID("replace a signature that is there")},
    {0}};

const struct command sign_commands[] = {
    {"sign", NULL, "FILE...", 1, SIZE_MAX, MSG_ID("sign files with the key on your token"),
	MSG_ID(
	    "The signature of invoice.pdf is a file of its own, invoice.pdf.p7s (CAdES-B-B, which "
	    "programs of other makers read); "
	    "the "
	    "invoice stays as it is. Send both. All files of one command need the PIN once.\n\n"
	    "Examples:\n"
	    "  ecert sign invoice.pdf\n"
	    "  ecert sign *.pdf\n"
	    "  ecert sign --pin-source file:/run/secrets/pin --json invoice.pdf\n"
	    "  ecert --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so sign invoice.pdf\n\n"
	    "--format=jades signs as JAdES-B-B, which services with JSON read, in "
	    "invoice.json.jws.\n\n"
	    "A batch that ends early keeps what it signed, and with --json says what that is.\n\n"
	    "An expired certificate, and one that is for encipherment only, is refused before the "
	    "PIN "
	    "is "
	    "asked."),
	opts, sizeof(struct sign_deed), run_sign},
    {0}};
