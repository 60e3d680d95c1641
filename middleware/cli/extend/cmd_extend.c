/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert extend. */
#include <string.h>

#include "actions/extend/extend.h"
#include "actions/sign/stamping.h"
#include "cli/commands.h"
#include "cli/verify/trustrows.h"

/* One run of it: what an error tells as done. */
struct batch {
	struct cli *c;
	struct extend_result result;
};

static void say_extended(void *ctx, const char *written)
{
	struct batch *b = ctx;

	if (strcmp(written, "-"))
		cli_say(b->c, "%s", written);
}

/* A sentence in English; null when there is none. */
static json_t *words(const struct message_kept *m)
{
	char text[1024] = "";

	if (m && m->n)
		message_kept_text(m, NULL, text, sizeof text);
	return text[0] ? cli_json_text(text) : json_null();
}

/* {"files": [{"file":, "written":, "profile_before":, "profile":, "reason":, "message":, "hint":}]}
 */
static json_t *files_json(void *ctx)
{
	const struct batch *b = ctx;
	json_t *list = json_array();

	for (size_t i = 0; i < b->result.n; i++) {
		const struct extended_file *f = &b->result.files[i];

		json_array_append_new(
		    list, json_pack("{s:o, s:o, s:s?, s:s?, s:s?, s:o, s:o}", "file",
			      cli_json_file(f->file), "written",
			      f->written ? cli_json_file(f->written) : json_null(),
			      "profile_before", f->was, "profile", f->written ? f->is : f->was,
			      "reason", f->why ? f->why->reason : NULL, "message",
			      words(f->why ? &f->why->what : NULL), "hint",
			      words(f->why ? &f->why->next : NULL)));
	}
	return json_pack("{s:o}", "files", list);
}

static enum outcome run_extend(struct cli *c, void *params, const struct strlist *files)
{
	struct extend_deed *deed = params;
	struct batch b = {.c = c};
	struct strlist known = {.n = 0};
	bool named = deed->tsa.n > 0;
	enum outcome code = cli_not_both(c, deed->output ? deed->output : "");

	if (!code && !named)
		code = stamping_known(&c->job, &known);
	if (code)
		return code;
	if (!named)
		deed->tsa = known;
	deed->each = say_extended;
	deed->each_ctx = &b;
	c->done = files_json;
	c->done_ctx = &b;
	code = extend_files(&c->job, deed, files, &b.result);
	c->done = NULL;
	if (!code)
		code = cli_json(c, files_json(&b));
	extend_result_free(&b.result);
	if (!named)
		deed->tsa = (struct strlist){.n = 0};
	stamping_known_free(&known);
	return code;
}

static const struct opt opts[] = {
    {"level", 0, OPT_STR, "LEVEL", offsetof(struct extend_deed, level),
	MSG_ID("T: a time stamp; LT: and all that its verification needs of others; LTA: and a "
	       "time stamp of all that")},
    {"tsa", 0, OPT_LIST, "URL", offsetof(struct extend_deed, tsa),
	MSG_ID("the time-stamping authority (may be repeated: asked in turn; default: those of "
	       "`ecert trust add`)")},
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct extend_deed, output),
	MSG_ID("where it goes (default: it replaces what there was; - is standard output)")},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct extend_deed, force),
	MSG_ID("replace what is there")},
    ONLINE_OPTS(struct extend_deed, as.online), TRUST_OPTS(struct extend_deed, as.trust), {0}};

const struct command extend_commands[] = {
    {"extend", NULL, "FILE...", 1, SIZE_MAX, MSG_ID("make signatures last that were made before"),
	MSG_ID(
	    "A signature is worth something for as long as its certificate is in force, and "
	    "somebody "
	    "can say that it was not revoked. This puts into the signature what proves it for "
	    "longer:\n"
	    "  T    a time stamp: when it was there\n"
	    "  LT   and the certificates, CRLs and OCSP responses that its verification needs\n"
	    "  LTA  and a time stamp of all that, which is renewed with the same command\n\n"
	    "CAdES and PDFs go up to LTA, XAdES and containers up to LT, JAdES in JSON up to T.\n\n"
	    "Each signature is verified first, with those whom you trust, and the file is "
	    "replaced "
	    "only by one that verifies no worse. Others are asked only with --online; without it "
	    "everything has to come from --crl and --ocsp.\n\n"
	    "Examples:\n"
	    "  ecert extend --level T --tsa http://tsa.example/ contract.docx.p7s\n"
	    "  ecert extend --level LT --online --tsa http://tsa.example/ *.p7s\n"
	    "  ecert extend --level LTA --online --tsa http://tsa.example/ invoice.pdf\n\n"
	    "What is missing is named, certificate by certificate; such a file is left alone, and "
	    "the "
	    "exit code is 10. When no TSA answers it is 6."),
	opts, sizeof(struct extend_deed), run_extend},
    {0}};
