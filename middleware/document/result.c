/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verification found, as a verdict and as JSON. */
#include <stdlib.h>
#include <string.h>

#include "document/json.h"
#include "document/result.h"

struct judgement doc_judge(const struct doc_result *r)
{
	struct judgement worst = doc_judge_asked(r->signer, r->n, report_judge(&r->report));

	if (!r->n && !worst.why)
		worst.verdict = VERDICT_FAILED;
	return worst;
}

enum verdict doc_verdict(const struct doc_result *r)
{
	return doc_judge(r).verdict;
}

/* What is listed of one document: whoever made it chose how much there is. */
#define LISTED_BYTES   (1u << 20)
#define LISTED_MEMBERS 1000u

struct room {
	size_t left;
	bool failed; /* memory is out */
};

/* Appends v while there is room, the first one always; false: it is one more that is not listed. */
static bool list_add(json_t *list, json_t *v, struct room *room)
{
	size_t n = json_dumpb(v, NULL, 0, JSON_COMPACT);

	if (json_array_size(list) && n > room->left) {
		json_decref(v);
		return false;
	}
	room->left -= n < room->left ? n : room->left;
	room->failed = json_array_append_new(list, v) || room->failed;
	return !room->failed;
}

/* The list, and how many more there are than are in it. */
static void put_list(
    json_t *o, const char *name, const char *more, json_t *list, size_t n, struct room *room)
{
	size_t listed = json_array_size(list);

	room->failed = json_object_set_new(o, name, list) || room->failed;
	if (listed < n)
		room->failed = json_object_set_new(
				   o, more, json_integer((json_int_t)(n - listed))) ||
			       room->failed;
}

static json_t *stamp_json(const struct doc_stamp *t)
{
	static const char *const kinds[] = {[DOC_STAMP_SIGNATURE] = "signature",
	    [DOC_STAMP_ARCHIVE] = "archive",
	    [DOC_STAMP_CONTENT] = "content"};
	struct judgement j = report_judge(&t->report);

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o}", "kind", kinds[t->kind], "verdict",
	    verdict_name(j.verdict), "sub_indication", sub_indication_json(j.sub), "time",
	    json_time(t->when), "tsa", identity_json(&t->who), "policy", t->policy, "checks",
	    report_json(&t->report));
}

static json_t *stamps_json(const struct doc_signature *s, struct room *room)
{
	json_t *list = json_array();
	bool fits = true;

	for (size_t i = 0; list && fits && i < s->stamps_n; i++)
		fits = list_add(list, stamp_json(&s->stamps[i]), room);
	return list;
}

static json_t *inside_json(const struct doc_inside *d)
{
	return json_pack("{s:I, s:I, s:b, s:s, s:s, s:s, s:s}", "revision", (json_int_t)d->revision,
	    "covers", (json_int_t)d->covers, "whole_file", d->whole, "subfilter", d->subfilter,
	    "reason", d->reason, "place", d->place, "contact", d->contact);
}

static json_t *selected_json(const struct doc_selected *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n; i++)
		(void)json_array_append_new(list, json_string(d->of[i]));
	return json_pack("{s:s, s:I, s:b, s:o}", "path", d->path, "references",
	    (json_int_t)d->references, "whole_document", d->whole, "signed", list);
}

/* Depth is bounded where they are read. */
static json_t *signers_json(const struct doc_signature *s, size_t n, struct room *room);

static json_t *signer_json(const struct doc_signature *s)
{
	struct judgement j = report_judge(&s->report);

	json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:s, s:s?, s:b, s:o, s:o}", "verdict",
	    verdict_name(j.verdict), "sub_indication", sub_indication_json(j.sub), "signer",
	    identity_json(&s->who), "time", json_time(s->when), "algorithm", s->algorithm,
	    "profile", s->profile, "asked", s->asked, "checks", report_json(&s->report),
	    "proved_time", json_time(s->proved));

	if (o && s->inside)
		(void)json_object_set_new(o, "inside", inside_json(s->inside));
	if (o && s->selected)
		(void)json_object_set_new(o, "xml", selected_json(s->selected));
	return o;
}

static json_t *signers_json(const struct doc_signature *s, size_t n, struct room *room)
{
	json_t *list = json_array();
	bool fits = true;

	for (size_t i = 0; list && fits && i < n; i++) {
		json_t *o = signer_json(&s[i]);

		fits = list_add(list, o, room);
		if (!fits)
			break;
		put_list(o, "time_stamps", "time_stamps_more", stamps_json(&s[i], room),
		    s[i].stamps_n, room);
		put_list(o, "counter_signatures", "counter_signatures_more",
		    signers_json(s[i].counter, s[i].counters, room), s[i].counters, room);
	}
	return list;
}

const char *doc_form_name(enum doc_form form)
{
	static const char *const names[DOC_FORM_COUNT] = {[DOC_FORM_PLAIN] = "plain",
	    [DOC_FORM_PEM] = "pem",
	    [DOC_FORM_BASE64] = "base64",
	    [DOC_FORM_SMIME] = "smime"};

	return names[form];
}

static json_t *members_json(const struct doc_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < r->members_n && i < LISTED_MEMBERS; i++) {
		const struct doc_member *m = &r->members[i];

		(void)json_array_append_new(
		    list, json_pack("{s:s, s:I, s:I}", "name", m->name, "size", (json_int_t)m->size,
			      "signatures", (json_int_t)m->signatures));
	}
	return list;
}

json_t *doc_result_json(const struct doc_result *r)
{
	struct judgement j = doc_judge(r);
	struct room room = {.left = LISTED_BYTES};
	json_t *o = json_pack("{s:s, s:o, s:s, s:b, s:I, s:o}", "verdict", verdict_name(j.verdict),
	    "sub_indication", sub_indication_json(j.sub), "form", doc_form_name(r->form),
	    "attached", r->attached, "content_size", (json_int_t)r->content_size, "checks",
	    report_json(&r->report));

	if (o)
		put_list(o, "signers", "signers_more", signers_json(r->signer, r->n, &room), r->n,
		    &room);
	if (o && r->members)
		put_list(o, "members", "members_more", members_json(r), r->members_n, &room);
	if (room.failed) {
		json_decref(o);
		o = NULL;
	}
	return o;
}

struct doc_result *doc_result_new(size_t signers)
{
	struct doc_result *r = malloc(sizeof *r + signers * sizeof r->signer[0]);

	if (!r)
		return NULL;
	REPORT_CLEAR(r);
	r->n = signers;
	for (size_t i = 0; i < signers; i++) {
		REPORT_CLEAR(&r->signer[i]);
		buf_init(&r->signer[i].cert, 65536);
	}
	return r;
}

static void free_all(struct doc_signature *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_free(&s[i].cert);
		free(s[i].stamps);
		free_all(s[i].counter, s[i].counters);
		free(s[i].counter);
		free(s[i].inside);
		free(s[i].selected);
	}
}

void doc_result_free(struct doc_result **r)
{
	if (!*r)
		return;
	free_all((*r)->signer, (*r)->n);
	free((*r)->members);
	free(*r);
	*r = NULL;
}

bool doc_is_stamp(const struct doc_signature *s)
{
	return s->profile && !strcmp(s->profile, "PDF-time-stamp");
}
