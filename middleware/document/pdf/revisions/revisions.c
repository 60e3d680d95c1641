/* SPDX-License-Identifier: BSD-2-Clause */
/* Each state of a PDF that is signed, against the file as it is. */
#include "document/pdf/revisions/revisions.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf/revisions/compare.h"
#include "document/pdf/revisions/find.h"
#include "document/pdf/revisions/proofs.h"
#include "document/pdf/revisions/section.h"

#define SIGNATURES_MAX 64
#define NODES_MAX      4000000u

/* Why qpdf could not go on. */
static enum pdf_state error_state(qpdf_data q)
{
	qpdf_error e = qpdf_has_error(q) ? qpdf_get_error(q) : NULL;
	const char *text = e ? qpdf_get_error_full_text(q, e) : NULL;

	if (!e)
		return PDF_STATE_READ;
	if (text && strstr(text, "bad_alloc"))
		return PDF_STATE_MEMORY;
	return qpdf_get_error_code(q, e) == qpdf_e_password ? PDF_STATE_ENCRYPTED
							    : PDF_STATE_BROKEN;
}

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
	return error_state(*q);
}

struct job {
	struct rd file;
	qpdf_data now;
	enum pdf_state state;
	struct asked v[SIGNATURES_MAX]; /* in the file as it is */
	struct asked then[SIGNATURES_MAX];
	uint8_t flags[SIGNATURES_MAX];
	struct proofs proofs;
	struct graph graph;   /* of the file as it is */
	bool drawn;	      /* it is */
	uint16_t *listed;     /* of the state that is looked at */
	uint32_t *generation; /* ... and the newest one of each */
	size_t objects;
	bool stray;    /* bytes of it belong to nothing */
	bool doubtful; /* a warning of the file, which is given once */
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

/* Something behind the signature is written in a way that readers take differently (a key twice,
 * say). A /Size that is too large is told of every second file, and changes nothing. */
static bool is_doubtful(qpdf_data q, uint64_t end)
{
	bool found = false;

	while (qpdf_more_warnings(q)) {
		qpdf_error e = qpdf_next_warning(q);
		const char *text = qpdf_get_error_message_detail(q, e);

		found = found || (qpdf_get_error_file_position(q, e) >= end &&
				     !(strstr(text, "reported") && strstr(text, "objects")));
	}
	return found;
}

/* Nothing but white space follows. */
static bool is_last(const struct job *j, uint64_t end)
{
	return sections_blank(j->file, end);
}

/* What came behind a state, and what is the same in it. False: nobody can tell how it is put
 * together. */
static bool read_sections(struct job *j, size_t i, struct same *same)
{
	struct sections s = {.file = j->file, .end = j->v[i].end, .now = j->now};

	j->objects = j->drawn ? j->graph.n : compare_objects(same->before, j->now);
	free(j->listed);
	free(j->generation);
	j->listed = j->objects ? calloc(j->objects, sizeof *j->listed) : NULL;
	j->generation = j->objects ? calloc(j->objects, sizeof *j->generation) : NULL;
	s.objects = j->objects;
	s.listed = j->listed;
	s.generation = j->generation;
	if (!j->listed || !j->generation || (!is_last(j, s.end) && !sections_read(&s)))
		return false;
	j->stray = s.stray;
	same->listed = j->listed;
	same->generation = j->generation;
	same->graph = j->drawn ? &j->graph : NULL;
	if (!same_usable(same))
		same->graph = NULL;
	return true;
}

static enum pdf_state compare_with(
    struct job *j, size_t i, const struct same *same, bool strict, struct compare *c)
{
	qpdf_data then = same->before;
	enum pdf_state state;
	enum ecert_rc rc;

	*c = (struct compare){.before = then, .after = j->now, .left = NODES_MAX, .same = *same};
	c->signed_now = j->v;
	c->signed_n = j->n;
	c->allowed = find_allowed(then, j->then, j->n, i);
	c->locks = j->then[i].found ? entry_of(then, j->then[i].dict, "/Reference")
				    : qpdf_oh_new_null(then);
	c->bounded = strict && j->drawn;
	c->objects = c->bounded || !j->drawn ? j->objects : compare_objects(then, j->now);
	rc = c->objects ? compare_revisions(c) : ECERT_E_TOO_LARGE;
	if (c->first[0])
		return PDF_STATE_READ;
	/* What it gave instead is no object of the file. */
	state = error_state(then);
	state = state == PDF_STATE_READ ? error_state(j->now) : state;
	if (state != PDF_STATE_READ)
		return state;
	if (rc != ECERT_OK)
		return PDF_STATE_TOO_LARGE;
	j->doubtful = is_doubtful(j->now, j->v[i].end) || j->doubtful;
	if (!strict || c->shrunk || j->doubtful)
		return PDF_STATE_LOOSE;
	return j->stray ? PDF_STATE_STRAY : PDF_STATE_READ;
}

/* Its one field is the one that it had. */
static void compare_fields(struct job *j, size_t i)
{
	if (j->then[i].found)
		j->flags[i] |= PDF_FIELD_THEN;
	if (j->then[i].found && j->v[i].found && j->then[i].field != j->v[i].field)
		j->flags[i] = PDF_FIELD_NOW;
}

static void judge(struct job *j, size_t i, struct buf *answer)
{
	uint64_t end = j->v[i].end;
	struct compare c = {.before = NULL};
	enum pdf_state state = PDF_STATE_BROKEN;
	struct same same = {.after = j->now};
	bool strict = false;
	uint32_t others;

	if (end && end <= j->file.n) {
		struct rd was = rd_of(j->file.p, (size_t)end);

		state = open_state(was, &same.before);
		memcpy(j->then, j->v, sizeof j->then);
		if (state == PDF_STATE_READ && j->state == PDF_STATE_READ)
			strict = read_sections(j, i, &same);
		if (state == PDF_STATE_READ && !find_signed(was, &same, j->then, j->n, &others))
			state = PDF_STATE_TOO_LARGE;
	}
	if (state == PDF_STATE_READ) {
		compare_fields(j, i);
		if (j->proofs.n)
			proofs_mark(same.before, j->now, &j->proofs, (uint32_t)i);
		if (j->state == PDF_STATE_READ && !is_last(j, end))
			state = compare_with(j, i, &same, strict, &c);
	}
	buf_u8(answer, (uint8_t)state);
	buf_u8(answer, j->flags[i]);
	buf_u16(answer, (uint16_t)c.kinds);
	buf_u32(answer, c.told_page);
	buf_u8(answer, (uint8_t)c.told_part);
	buf_u16(answer, (uint16_t)strlen(c.first));
	buf_str(answer, c.first);
	buf_u16(answer, (uint16_t)strlen(c.told));
	buf_str(answer, c.told);
	buf_u16(answer, (uint16_t)strlen(c.shows));
	buf_str(answer, c.shows);
	if (same.before)
		qpdf_cleanup(&same.before);
}

/* Which objects refer to which, as far as that can be told. */
static void draw(struct job *j)
{
	uint64_t at = 0;

	j->drawn = sections_end(j->file, &at) && graph_read(&j->graph, j->file, j->now, at);
	if (!j->drawn)
		graph_free(&j->graph);
	/* It goes on without. */
	(void)error_state(j->now);
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
			const struct same now = {.before = j->now, .after = j->now};

			draw(j);
			if (!find_signed(j->file, &now, j->v, j->n, &others))
				j->state = PDF_STATE_TOO_LARGE;
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
	if (j) {
		graph_free(&j->graph);
		free(j->listed);
		free(j->generation);
	}
	free(j);
	return rc == ECERT_OK ? buf_rc(answer) : rc;
}
