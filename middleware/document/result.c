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

static json_t *stamp_json(const struct doc_stamp *t)
{
	struct judgement j = report_judge(&t->report);

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o}", "kind",
	    t->archive ? "archive" : "signature", "verdict", verdict_name(j.verdict),
	    "sub_indication", sub_indication_json(j.sub), "time", json_time(t->when), "tsa",
	    identity_json(&t->who), "policy", t->policy, "checks", report_json(&t->report));
}

static json_t *stamps_json(const struct doc_signature *s)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < s->stamps_n; i++)
		if (json_array_append_new(list, stamp_json(&s->stamps[i])) != 0) {
			json_decref(list);
			return NULL;
		}
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

static json_t *signers_json(const struct doc_signature *s, size_t n);

static json_t *signer_json(const struct doc_signature *s)
{
	struct judgement j = report_judge(&s->report);

	json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:s, s:s?, s:b, s:o, s:o, s:o, s:o}", "verdict",
	    verdict_name(j.verdict), "sub_indication", sub_indication_json(j.sub), "signer",
	    identity_json(&s->who), "time", json_time(s->when), "algorithm", s->algorithm,
	    "profile", s->profile, "asked", s->asked, "checks", report_json(&s->report),
	    "counter_signatures", signers_json(s->counter, s->counters), "proved_time",
	    json_time(s->proved), "time_stamps", stamps_json(s));

	if (o && s->inside)
		(void)json_object_set_new(o, "inside", inside_json(s->inside));
	if (o && s->selected)
		(void)json_object_set_new(o, "xml", selected_json(s->selected));
	return o;
}

static json_t *signers_json(const struct doc_signature *s, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < n; i++) {
		if (json_array_append_new(list, signer_json(&s[i])) != 0) {
			json_decref(list);
			return NULL;
		}
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

	for (size_t i = 0; list && i < r->members_n; i++) {
		const struct doc_member *m = &r->members[i];

		if (json_array_append_new(list,
			json_pack("{s:s, s:I, s:I}", "name", m->name, "size", (json_int_t)m->size,
			    "signatures", (json_int_t)m->signatures)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *doc_result_json(const struct doc_result *r)
{
	struct judgement j = doc_judge(r);
	json_t *o = json_pack("{s:s, s:o, s:s, s:b, s:I, s:o, s:o}", "verdict",
	    verdict_name(j.verdict), "sub_indication", sub_indication_json(j.sub), "form",
	    doc_form_name(r->form), "attached", r->attached, "content_size",
	    (json_int_t)r->content_size, "checks", report_json(&r->report), "signers",
	    signers_json(r->signer, r->n));

	if (o && r->members)
		(void)json_object_set_new(o, "members", members_json(r));
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
