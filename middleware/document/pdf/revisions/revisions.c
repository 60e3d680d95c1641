/* SPDX-License-Identifier: BSD-2-Clause */
/* Each state of a PDF that is signed, against the file as it is. */
#include "document/pdf/revisions/revisions.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf/revisions/compare.h"
#include "document/pdf/revisions/find.h"
#include "document/pdf/revisions/proofs.h"

#define SIGNATURES_MAX 64
#define NODES_MAX      4000000u

/* Strictly: what has to be mended is shown by each reader in another way. */
static enum pdf_state open_state(struct rd bytes, qpdf_data *q)
{
	QPDF_ERROR_CODE bad;

	*q = qpdf_init();
	if (!*q)
		return PDF_STATE_TOO_LARGE;
	qpdf_silence_errors(*q);
	qpdf_set_suppress_warnings(*q, QPDF_TRUE);
	qpdf_set_attempt_recovery(*q, QPDF_FALSE);
	bad = qpdf_read_memory(*q, "", (const char *)bytes.p, bytes.n, NULL);
	if (!(bad & QPDF_ERRORS))
		return qpdf_oh_is_dictionary(*q, qpdf_get_root(*q)) ? PDF_STATE_READ
								    : PDF_STATE_BROKEN;
	return qpdf_get_error_code(*q, qpdf_get_error(*q)) == qpdf_e_password ? PDF_STATE_ENCRYPTED
									      : PDF_STATE_BROKEN;
}

static bool is_space(uint8_t c)
{
	return !c || strchr("\t\n\f\r ", c);
}

/* The number behind the last "startxref" leads behind the end: what follows is an update. */
static bool is_update(struct rd file, uint64_t end)
{
	static const char word[] = "startxref";
	size_t n = sizeof word - 1, at = file.n;
	uint64_t value = 0;

	while (at > end && at >= n && memcmp(file.p + at - n, word, n) != 0)
		at--;
	if (at <= end)
		return false;
	while (at < file.n && is_space(file.p[at]))
		at++;
	for (; at < file.n && file.p[at] >= '0' && file.p[at] <= '9' && value < file.n; at++)
		value = value * 10 + (uint64_t)(file.p[at] - '0');
	return value >= end && value < file.n;
}

static bool is_blank(struct rd r)
{
	for (size_t i = 0; i < r.n; i++)
		if (!is_space(r.p[i]))
			return false;
	return true;
}

struct job {
	struct rd file;
	qpdf_data now;
	enum pdf_state state;
	struct asked v[SIGNATURES_MAX];
	uint8_t flags[SIGNATURES_MAX];
	struct proofs proofs;
	size_t n;
};

static enum ecert_rc read_request(struct rd r, struct job *j)
{
	uint32_t n = 0;
	enum ecert_rc rc = rd_u32(&r, &n);

	if (rc == ECERT_OK && n > SIGNATURES_MAX)
		rc = ECERT_E_TOO_LARGE;
	for (j->n = 0; rc == ECERT_OK && j->n < n; j->n++) {
		struct asked *a = &j->v[j->n];

		rc = rd_u64(&r, &a->hole);
		if (rc == ECERT_OK)
			rc = rd_u64(&r, &a->behind);
		if (rc == ECERT_OK)
			rc = rd_u64(&r, &a->end);
	}
	return rc == ECERT_OK ? rd_end(&r) : rc;
}

static enum pdf_state compare_with(struct job *j, size_t i, qpdf_data then, struct compare *c)
{
	enum ecert_rc rc;

	*c = (struct compare){.before = then, .after = j->now, .left = NODES_MAX};
	c->allowed = find_allowed(then, j->v[i].dict);
	c->locks = j->v[i].found ? entry_of(then, j->v[i].dict, "/Reference")
				 : qpdf_oh_new_null(then);
	rc = compare_revisions(c);
	if (rc != ECERT_OK && !c->first[0])
		return PDF_STATE_TOO_LARGE;
	return c->first[0] || is_update(j->file, j->v[i].end) ? PDF_STATE_READ : PDF_STATE_LOOSE;
}

static void judge(struct job *j, size_t i, struct buf *answer)
{
	uint64_t end = j->v[i].end;
	struct compare c = {.before = NULL};
	enum pdf_state state = PDF_STATE_BROKEN;
	qpdf_data then = NULL;

	if (end && end <= j->file.n) {
		state = open_state(rd_of(j->file.p, (size_t)end), &then);
		if (state == PDF_STATE_READ) {
			(void)find_signed(then, j->v, j->n);
			j->flags[i] |= j->v[i].found ? PDF_FIELD_THEN : 0;
			if (j->proofs.n)
				proofs_mark(then, j->now, &j->proofs, (uint32_t)i);
			if (j->state == PDF_STATE_READ &&
			    !is_blank(rd_of(j->file.p + end, j->file.n - (size_t)end)))
				state = compare_with(j, i, then, &c);
		}
	}
	buf_u8(answer, (uint8_t)state);
	buf_u8(answer, j->flags[i]);
	buf_u8(answer, (uint8_t)c.kinds);
	buf_u16(answer, (uint16_t)strlen(c.first));
	buf_str(answer, c.first);
	if (then)
		qpdf_cleanup(&then);
}

enum ecert_rc pdf_changes(const struct wall_call *call, struct buf *answer)
{
	struct job *j = calloc(1, sizeof *j);
	enum ecert_rc rc = j ? read_request(call->request, j) : ECERT_E_MEMORY;
	uint32_t others = 0;

	if (rc == ECERT_OK && call->inputs != 1)
		rc = ECERT_E_INTERNAL;
	if (rc == ECERT_OK) {
		j->file = call->input[0];
		j->state = open_state(j->file, &j->now);
		if (j->state == PDF_STATE_READ) {
			others = find_signed(j->now, j->v, j->n);
			proofs_collect(j->now, &j->proofs, (uint32_t)j->n);
		}
		for (size_t i = 0; i < j->n; i++)
			j->flags[i] = j->v[i].found ? PDF_FIELD_NOW : 0;
		buf_u8(answer, (uint8_t)j->state);
		buf_u32(answer, others);
		buf_u32(answer, (uint32_t)j->n);
		for (size_t i = 0; i < j->n; i++)
			judge(j, i, answer);
		proofs_put(j->now, &j->proofs, answer);
		if (j->now)
			qpdf_cleanup(&j->now);
	}
	free(j);
	return rc == ECERT_OK ? buf_rc(answer) : rc;
}
