/* SPDX-License-Identifier: BSD-2-Clause */
/* The form for a trust mark: what is asked in which order, the summary, and going on. */
#include "actions/mark/form.h"

#include <stdlib.h>
#include <string.h>

#include "actions/mark/form_priv.h"
#include "actions/mark/renew.h"
#include "client/certfile.h"
#include "client/outfile.h"
#include "client/signing.h"
#include "document/json.h"
#include "util/file.h"
#include "util/text.h"

#define REQUEST_MAX (1u << 20)

static const struct step {
	const char *object; /* NULL: the file itself */
	struct form_row row;
} steps[] = {{NULL, {"merchant", MSG_ID("Your shop's address, as https://shop.example"),
			MSG_ID("Merchant:"), FORM_TEXT, FORM_NEEDED}},
    {NULL, {"issuer", MSG_ID("The address of the issuer that you ask for the mark"),
	       MSG_ID("Issuer:"), FORM_TEXT, FORM_NEEDED}},
    {NULL, {"trust_mark_type", MSG_ID("The type of mark, by the URL that the issuer names"),
	       MSG_ID("Type of mark:"), FORM_TEXT, FORM_NEEDED}},
    {"code_of_practice", {"name", MSG_ID("The name of the code of practice that you follow"),
			     MSG_ID("Code of practice:"), FORM_TEXT, FORM_NEEDED}},
    {"code_of_practice",
	{"version", MSG_ID("Its version"), MSG_ID("  Version:"), FORM_LABEL, FORM_NEEDED}},
    {NULL, {"domains", MSG_ID("The domains that show the mark, with blanks between"),
	       MSG_ID("Domains:"), FORM_NAMES, FORM_NEEDED}},
    {NULL, {"br_no", MSG_ID("The number of your business registration"), MSG_ID("Business number:"),
	       FORM_TEXT, FORM_NEEDED}},
    {NULL, {"terms_url", MSG_ID("The page with your terms of sale"), MSG_ID("Terms:"), FORM_TEXT,
	       FORM_NEEDED}},
    {NULL, {"privacy_url", MSG_ID("The page with your privacy policy"), MSG_ID("Privacy:"),
	       FORM_TEXT, FORM_NEEDED}},
    {NULL, {"complaint_contact", MSG_ID("Where customers complain, by mail or on a page"),
	       MSG_ID("Complaints:"), FORM_TEXT, FORM_NEEDED}},
    {NULL, {"after_sales_url", MSG_ID("The page about your after-sales service"),
	       MSG_ID("After-sales:"), FORM_TEXT, FORM_OPTIONAL}},
    {NULL, {"returns_url", MSG_ID("The page about returns"), MSG_ID("Returns:"), FORM_TEXT,
	       FORM_OPTIONAL}},
    {"odr", {"url", MSG_ID("The page of who resolves disputes online"), MSG_ID("Disputes:"),
		FORM_TEXT, FORM_OPTIONAL}},
    {"odr", {"provider", MSG_ID("The name of who resolves disputes"), MSG_ID("  Provider:"),
		FORM_TEXT, FORM_NEEDED}}};
#define STEPS (sizeof steps / sizeof steps[0])

/* ---- what is at hand ---- */

static enum outcome load(struct form *f)
{
	struct buf text = BUF_INIT(REQUEST_MAX);
	char number[64];
	enum ecert_rc rc = file_read(f->file, &text);
	enum outcome code = OUT_OK;

	if (rc == ECERT_E_NOT_FOUND || (rc == ECERT_OK && !buf_len(&text)))
		f->root = json_object();
	else if (rc != ECERT_OK)
		code = infile_load(f->job, f->file, &text); /* tells it */
	else
		f->root = json_read(buf_view(&text), NULL);
	if (!code && !json_is_object(f->root))
		code = ui_fail(f->job->ui, OUT_INPUT, "request-incomplete",
		    MSG("{file} is no request that could be gone on with", P_FILE("file", f->file)),
		    MSG("Name another file, or correct its JSON."));
	else if (!code && json_number_lost(buf_view(&text), number, sizeof number))
		code = ui_fail(f->job->ui, OUT_INPUT, "request-incomplete",
		    MSG("the number {number} has more digits than can be carried on; put it in "
			"quotes",
			P_TEXT("number", number)),
		    NULL);
	buf_free(&text);
	return code;
}

static enum outcome number_in(struct form *f, const char *path)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	struct identity *who = malloc(sizeof *who);
	enum outcome code = who ? certfile_load(f->job, path, list)
				: ui_fail_rc(f->job->ui, ECERT_E_MEMORY,
				      MSG("Cannot read the certificate: {why}"));

	if (!code)
		code = ui_fail_rc(f->job->ui, identity_of(sk_X509_value(list, 0), who),
		    MSG("Cannot read the certificate: {why}"));
	if (!code)
		text_copy(f->br, sizeof f->br, who->br);
	free(who);
	sk_X509_pop_free(list, X509_free);
	return code;
}

/* Nothing is said of a token that is not there: who fills a form need not have it. */
static void number_on_token(struct form *f)
{
	static const struct ui_calls none = {.failed = NULL};
	const struct ui quiet = {&none, NULL};
	const struct signing_choice any = {.id = NULL};
	struct job job = *f->job;
	struct signing s = {.certs = NULL};

	job.ui = &quiet;
	if (signing_begin(&job, &any, &s) == OUT_OK)
		text_copy(f->br, sizeof f->br, s.chosen->who.br);
	signing_end(&s);
}

/* ---- asking ---- */

static void ask_step(struct form *f, const struct step *s)
{
	json_t *at = f->root;
	char prefix[32] = "", host[256] = "";
	const char *url = json_string_value(json_object_get(f->root, "merchant"));

	if (s->object) {
		at = json_object_get(f->root, s->object);
		if (!json_is_object(at)) {
			(void)json_object_set_new(f->root, s->object, json_object());
			at = json_object_get(f->root, s->object);
		}
		(void)snprintf(prefix, sizeof prefix, "%s.", s->object);
	}
	if (!strcmp(s->row.name, "domains") && url && strlen(url) > 8)
		(void)snprintf(host, sizeof host, "%.*s", (int)strcspn(url + 8, ":/?#"), url + 8);
	(void)form_ask(f, at, prefix, &s->row, !strcmp(s->row.name, "br_no") ? f->br : host);
	if (s->object && (json_object_size(at) == 0 ||
			     (s->row.need == FORM_OPTIONAL && !json_object_get(at, s->row.name))))
		(void)json_object_del(f->root, s->object);
}

static const json_t *member(const struct form *f, const struct step *s)
{
	return json_object_get(
	    s->object ? json_object_get(f->root, s->object) : f->root, s->row.name);
}

static void ask_missing(struct form *f)
{
	for (size_t i = 0; i < STEPS && form_goes(f); i++) {
		const bool follows = i + 1 == STEPS; /* the name of an address that was left out */

		if (!member(f, &steps[i]) && !(follows && !member(f, &steps[i - 1])))
			ask_step(f, &steps[i]);
	}
	if (form_goes(f))
		form_practice(f);
	if (form_goes(f))
		form_entries(f);
}

/* ---- the summary ---- */

static void line(const struct form *f, size_t n, const char *label, const char *value)
{
	ui_note(f->job->ui, MSG("{n}. {label} {value}", P_NUMBER("n", n), P_WORD("label", label),
				P_TEXT("value", value)));
}

static void line_of(const struct form *f, size_t n, const char *label, const json_t *item,
    const char *name, const char *more)
{
	char *a = form_shown(json_object_get(item, name));
	char *b = form_shown(json_object_get(item, more));
	struct buf both = BUF_INIT(65536);

	buf_str(&both, a ? a : "");
	buf_str(&both, b ? ": " : "");
	buf_str(&both, b ? b : "");
	buf_u8(&both, 0);
	line(f, n, label, (const char *)buf_view(&both).p);
	buf_free(&both);
	free(a);
	free(b);
}

/* Shows it; which: the line that is to be changed, 0: none. */
static void summary(struct form *f, size_t which)
{
	const json_t *cop = json_object_get(f->root, "cop");
	const json_t *entries = json_object_get(f->root, "evidence");
	size_t n = 0;

	for (size_t i = 0; i < STEPS; i++) {
		char *value = form_shown(member(f, &steps[i]));

		if (value && ++n == which)
			ask_step(f, &steps[i]);
		else if (value && !which)
			line(f, n, steps[i].row.told, value);
		free(value);
	}
	for (size_t i = 0; i < json_array_size(cop); i++) {
		if (++n == which)
			form_practice_again(f, i);
		else if (!which)
			line_of(f, n, MSG_ID("Item:"), json_array_get(cop, i), "item", "statement");
	}
	for (size_t i = 0; i < json_array_size(entries); i++) {
		if (++n == which)
			form_entry_again(f, i);
		else if (!which)
			line_of(
			    f, n, MSG_ID("Standard:"), json_array_get(entries, i), "std", "value");
	}
}

static void ask_changes(struct form *f)
{
	const struct ui_question q = {
	    .text = MSG("What is to be changed, by its number (Enter: nothing)")};
	bool done = false;

	while (!done && form_goes(f)) {
		struct buf typed = BUF_INIT(REQUEST_MAX);
		long n = 0;

		summary(f, 0);
		if (form_line(f, &q, &typed))
			n = strtol((const char *)buf_view(&typed).p, NULL, 10);
		done = n <= 0;
		buf_free(&typed);
		if (!done)
			summary(f, (size_t)n);
	}
}

enum outcome trustmark_form(
    const struct job *job, const struct form_deed *deed, struct form_result *out)
{
	struct form f = {.job = job, .file = deed->file, .attended = ui_attended(job->ui)};
	char *text;

	*out = (struct form_result){.asked = 0};
	f.code = load(&f);
	if (!f.code && deed->certificate)
		f.code = number_in(&f, deed->certificate);
	else if (!f.code)
		number_on_token(&f);
	if (form_goes(&f))
		ask_missing(&f);
	if (form_goes(&f))
		ask_changes(&f);
	if (!f.code)
		form_keep(&f);
	if (!f.code) {
		text = json_text(f.root, 0);
		f.code = request_complete(
		    job, deed->file, rd_of(text ? text : "", text ? strlen(text) : 0));
		free(text);
	}
	out->asked = f.asked;
	out->confirmed = f.br[0] != 0;
	json_decref(f.root);
	return f.code;
}
