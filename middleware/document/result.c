/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verification found, as a verdict and as JSON. */
#include <stdlib.h>

#include "document/json.h"
#include "document/result.h"

enum verdict doc_verdict(const struct doc_result *r)
{
	enum verdict worst = report_verdict(&r->report);

	for (size_t i = 0; i < r->n; i++) {
		enum verdict v = report_verdict(&r->signer[i].report);

		if (v > worst)
			worst = v;
	}
	return r->n ? worst : VERDICT_FAILED;
}

static json_t *signer_json(const struct doc_signature *s)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:o}", "verdict",
	    verdict_name(report_verdict(&s->report)), "signer", identity_json(&s->who), "time",
	    json_time(s->when), "algorithm", s->algorithm, "checks", report_json(&s->report));
}

json_t *doc_result_json(const struct doc_result *r)
{
	json_t *signers = json_array();

	for (size_t i = 0; signers && i < r->n; i++) {
		if (json_array_append_new(signers, signer_json(&r->signer[i])) != 0) {
			json_decref(signers);
			return NULL;
		}
	}
	return json_pack("{s:s, s:b, s:I, s:o, s:o}", "verdict", verdict_name(doc_verdict(r)),
	    "attached", r->attached, "content_size", (json_int_t)r->content_size, "checks",
	    report_json(&r->report), "signers", signers);
}

void doc_result_free(struct doc_result **r)
{
	if (!*r)
		return;
	for (size_t i = 0; i < (*r)->n; i++)
		buf_free(&(*r)->signer[i].cert);
	free(*r);
	*r = NULL;
}
