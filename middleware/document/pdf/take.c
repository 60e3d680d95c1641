/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of one signed state. */
#include "document/pdf/take.h"

#include <stdlib.h>

#include "document/pdf/range_read.h"
#include "util/mem.h"

#define CHUNK (256u << 10)

static const struct doc_signature *find(const struct doc_result *r, size_t revision)
{
	const struct doc_signature *found = NULL;

	for (size_t i = 0; i < r->n; i++) {
		const struct doc_signature *s = &r->signer[i];

		if (s->inside && s->inside->revision &&
		    (revision ? s->inside->revision == revision : s->asked))
			found = s;
	}
	return found;
}

/* As it was when it was signed: what came later is in none of its bytes. */
static enum verdict verdict_then(const struct doc_signature *s)
{
	struct report *then = calloc(1, sizeof *then);
	enum verdict v = VERDICT_FAILED;

	for (size_t i = 0; then && i < s->report.n; i++)
		if (s->report.checks[i].id != CHK_LATER_CHANGES)
			report_copy(then, &s->report.checks[i]);
	if (then)
		v = report_verdict(then);
	free(then);
	return v;
}

enum ecert_rc pdf_take(int fd, const struct doc_verify_options *o, struct doc_result *r)
{
	const struct doc_signature *s = find(r, o->revision);
	uint8_t *chunk = s ? malloc(CHUNK) : NULL;
	enum ecert_rc rc = ECERT_OK;
	size_t n = 0;

	if (!s)
		return ECERT_OK;
	if (!chunk)
		return ECERT_E_MEMORY;
	for (uint64_t at = 0; rc == ECERT_OK && at < s->inside->covers; at += n) {
		uint64_t left = s->inside->covers - at;

		rc = pdf_read_at(fd, at, chunk, left < CHUNK ? (size_t)left : CHUNK, &n);
		if (rc == ECERT_OK)
			rc = n ? o->content(o->content_ctx, rd_of(chunk, n)) : ECERT_E_IO;
	}
	r->taken.revision = s->inside->revision;
	r->taken.size = s->inside->covers;
	r->taken.verdict = verdict_then(s);
	mem_free(chunk, CHUNK);
	return rc;
}
