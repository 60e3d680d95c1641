/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing what was dropped, with one PIN. */
#include <stdlib.h>
#include <string.h>

#include "actions/sign/sign.h"
#include "desk/deeds/deeds.h"

#define CONTAINER "signed.asice"

static void say_signed(void *ctx, const struct signed_file *done)
{
	say(ctx, json_pack("{s:s, s:o, s:o}", "kind", "signed", "file", shown_json(done->file),
		     "signature", shown_json(done->signature)));
}

/* What became of each, once more and whole: the page shows it when all is over. */
static void say_rows(struct page_ui *p, const struct sign_result *r)
{
	static const char *const fates[] = {[SIGNED_NOT] = "not",
	    [SIGNED_NOW] = "signed",
	    [SIGNED_BEFORE] = "before",
	    [SIGNED_FAILED] = "failed"};

	for (size_t i = 0; i < r->n; i++) {
		const struct signed_file *f = &r->files[i];

		say(p, json_pack("{s:s, s:o, s:s, s:o, s:o, s:o}", "kind", "row", "file",
			   shown_json(f->file), "fate", fates[f->fate], "signature",
			   shown_json(f->signature), "what",
			   f->why ? kept_json(&f->why->what) : json_null(), "next",
			   f->why ? kept_json(&f->why->next) : json_null()));
	}
	if (r->began)
		say(p, json_pack("{s:s, s:o, s:o}", "kind", "signer", "name",
			   shown_json(r->signer.name), "serial", shown_json(r->signer.serial)));
}

static enum outcome run(struct job *job, struct page_ui *p, const json_t *asked,
    const struct strlist *files, const struct strlist *chain)
{
	const bool together = json_is_true(json_object_get(asked, "together"));
	struct sign_deed deed = {.key.id = asked_text(asked, "certificate"),
	    .key.chain = *chain,
	    .format = asked_text(asked, "format"),
	    .container = together ? CONTAINER : NULL,
	    .visible = asked_text(asked, "visible"),
	    .keep_going = !together,
	    .each = say_signed,
	    .each_ctx = p};
	struct sign_result r;
	enum outcome code;

	deed.pdf.reason = asked_text(asked, "reason");
	deed.pdf.place = asked_text(asked, "place");
	job->allow_last_try = json_is_true(json_object_get(asked, "last_try"));
	code = sign_files(job, &deed, files, &r);
	say_rows(p, &r);
	sign_result_free(&r);
	return code;
}

enum outcome deed_sign(const struct job *job, struct page_ui *p, const json_t *asked)
{
	struct job mine = *job;
	struct strlist files, chain;
	enum outcome code = OUT_INPUT;

	if (tray_enter(job, asked, &files, &chain))
		code = run(&mine, p, asked, &files, &chain);
	tray_forget(&files);
	tray_forget(&chain);
	return code;
}
