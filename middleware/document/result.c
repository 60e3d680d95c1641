/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verification found, as a verdict and as JSON. */
#include <stdlib.h>

#include "document/json.h"
#include "document/result.h"

struct judgement doc_judge(const struct doc_result *r)
{
	struct judgement worst = report_judge(&r->report);

	for (size_t i = 0; i < r->n; i++)
		worst = judgement_worst(worst, report_judge(&r->signer[i].report));
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

static json_t *signer_json(const struct doc_signature *s)
{
	struct judgement j = report_judge(&s->report);

	return json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "verdict",
	    verdict_name(j.verdict), "sub_indication", sub_indication_json(j.sub), "signer",
	    identity_json(&s->who), "time", json_time(s->when), "algorithm", s->algorithm, "checks",
	    report_json(&s->report), "proved_time", json_time(s->proved), "time_stamps",
	    stamps_json(s));
}

json_t *doc_result_json(const struct doc_result *r)
{
	json_t *signers = json_array();
	struct judgement j;

	for (size_t i = 0; signers && i < r->n; i++) {
		if (json_array_append_new(signers, signer_json(&r->signer[i])) != 0) {
			json_decref(signers);
			return NULL;
		}
	}
	j = doc_judge(r);
	return json_pack("{s:s, s:o, s:b, s:I, s:o, s:o}", "verdict", verdict_name(j.verdict),
	    "sub_indication", sub_indication_json(j.sub), "attached", r->attached, "content_size",
	    (json_int_t)r->content_size, "checks", report_json(&r->report), "signers", signers);
}

void doc_result_free(struct doc_result **r)
{
	if (!*r)
		return;
	for (size_t i = 0; i < (*r)->n; i++) {
		buf_free(&(*r)->signer[i].cert);
		free((*r)->signer[i].stamps);
	}
	free(*r);
	*r = NULL;
}
