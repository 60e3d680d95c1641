/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking what came behind the signatures of a PDF. */
#include "document/pdf/later.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf/place.h"
#include "util/message.h"
#include "util/text.h"

/* As many as the inner side takes. */
#define PROOFS 1024

/* It has room. */
static void keep_text(struct rd r, char *out)
{
	memcpy(out, r.p, r.n);
	out[r.n] = 0;
	text_scrub(out);
}

static enum ecert_rc read_one(struct rd *r, struct pdf_later *l, size_t i)
{
	uint8_t state = 0, flags = 0, percent = 0;
	uint16_t n = 0, kinds = 0;
	struct rd place, filled, shows;
	enum ecert_rc rc = rd_u8(r, &state);

	if (rc == ECERT_OK)
		rc = rd_u8(r, &flags);
	if (rc == ECERT_OK)
		rc = rd_u16(r, &kinds);
	if (rc == ECERT_OK)
		rc = rd_u32(r, &l->v[i].page);
	if (rc == ECERT_OK)
		rc = rd_u8(r, &percent);
	if (rc == ECERT_OK)
		rc = rd_u16(r, &n);
	if (rc == ECERT_OK)
		rc = rd_take(r, n, &place);
	if (rc == ECERT_OK)
		rc = rd_u16(r, &n);
	if (rc == ECERT_OK)
		rc = rd_take(r, n, &filled);
	if (rc == ECERT_OK)
		rc = rd_u16(r, &n);
	if (rc == ECERT_OK)
		rc = rd_take(r, n, &shows);
	if (rc != ECERT_OK || state >= PDF_STATE_COUNT || place.n >= PDF_LATER_PLACE ||
	    filled.n >= PDF_LATER_FILLED || shows.n >= PDF_LATER_FILLED)
		return ECERT_E_MALFORMED;
	l->v[i].state = state;
	l->v[i].flags = flags;
	l->v[i].kinds = kinds;
	l->v[i].percent = percent;
	keep_text(place, l->v[i].first);
	keep_text(filled, l->v[i].filled);
	keep_text(shows, l->v[i].shows);
	return ECERT_OK;
}

/* In its place by which signature covers it. */
static void take_proof(
    struct pdf_later *l, enum doc_brought_kind kind, uint32_t first, struct rd der)
{
	size_t i = l->brought_n++;

	for (; i > 0 && l->covered[i - 1] > first; i--) {
		l->brought[i] = l->brought[i - 1];
		l->covered[i] = l->covered[i - 1];
	}
	l->brought[i] = (struct doc_brought){kind, der};
	l->covered[i] = first;
}

static enum ecert_rc read_proofs(struct rd *r, struct pdf_later *l)
{
	static const enum doc_brought_kind kinds[PDF_PROOF_COUNT] = {
	    DOC_BROUGHT_CERT, DOC_BROUGHT_CRL, DOC_BROUGHT_OCSP};
	uint32_t count = 0, first = 0, n = 0;
	uint8_t kind = 0;
	struct rd der;
	enum ecert_rc rc = rd_u32(r, &count);

	if (rc != ECERT_OK || count > PROOFS)
		return ECERT_E_MALFORMED;
	l->brought = calloc(count + 1, sizeof *l->brought);
	l->covered = calloc(count + 1, sizeof *l->covered);
	if (!l->brought || !l->covered)
		return ECERT_E_MEMORY;
	for (uint32_t i = 0; rc == ECERT_OK && i < count; i++) {
		rc = rd_u8(r, &kind);
		if (rc == ECERT_OK)
			rc = rd_u32(r, &first);
		if (rc == ECERT_OK)
			rc = rd_u32(r, &n);
		if (rc == ECERT_OK)
			rc = rd_take(r, n, &der);
		if (rc == ECERT_OK && kind >= PDF_PROOF_COUNT)
			rc = ECERT_E_MALFORMED;
		if (rc == ECERT_OK && n)
			take_proof(l, kinds[kind], first, der);
	}
	return rc;
}

/* What an answer says that is as it has to be; a reader that was taken over may say anything. */
static enum ecert_rc read_answer(struct rd r, size_t n, struct pdf_later *l)
{
	uint8_t state = 0;
	uint32_t count = 0;
	enum ecert_rc rc = rd_u8(&r, &state);

	if (rc == ECERT_OK)
		rc = rd_u32(&r, &l->others);
	if (rc == ECERT_OK)
		rc = rd_u32(&r, &count);
	if (rc == ECERT_OK && (state >= PDF_STATE_COUNT || count != n))
		rc = ECERT_E_MALFORMED;
	l->state = state;
	for (size_t i = 0; rc == ECERT_OK && i < n; i++)
		rc = read_one(&r, l, i);
	if (rc == ECERT_OK)
		rc = read_proofs(&r, l);
	return rc == ECERT_OK ? rd_end(&r) : rc;
}

enum ecert_rc pdf_later_ask(int fd, const struct pdf_signatures *s, struct pdf_later *l)
{
	struct buf request = BUF_INIT(65536);
	struct wall_question q = {.op = PDF_CHANGES_OP, .fd = &fd, .fds = 1};
	enum wall_end end = WALL_ANSWERED;
	enum ecert_rc rc;

	memset(l, 0, sizeof *l);
	buf_init(&l->answer, WALL_ANSWER_MAX);
	buf_u32(&request, (uint32_t)s->n);
	for (size_t i = 0; i < s->n; i++) {
		buf_u64(&request, s->v[i].defect ? 0 : s->v[i].hole);
		buf_u64(&request, s->v[i].defect ? 0 : s->v[i].part[1].at);
		buf_u64(&request, s->v[i].defect ? 0 : s->v[i].end);
	}
	q.request = buf_view(&request);
	rc = buf_rc(&request);
	if (rc == ECERT_OK)
		rc = wall_ask(&q, &l->answer, &end);
	l->known = rc == ECERT_OK && end == WALL_ANSWERED &&
		   read_answer(buf_view(&l->answer), s->n, l) == ECERT_OK;
	if (!l->known)
		l->unknown = rc == ECERT_E_NOT_FOUND
				 ? MSG_ID("the program that looks at it (ecert-wall) is missing")
				 : wall_words(end == WALL_ANSWERED ? WALL_CRASHED : end);
	l->missing = rc == ECERT_E_NOT_FOUND;
	if (!l->known)
		l->brought_n = 0;
	buf_free(&request);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

void pdf_later_free(struct pdf_later *l)
{
	free(l->brought);
	free(l->covered);
	buf_free(&l->answer);
	l->brought_n = 0;
}

size_t pdf_later_covered(const struct pdf_later *l, size_t i)
{
	size_t n = 0;

	while (n < l->brought_n && l->covered[n] <= i)
		n++;
	return n;
}

bool pdf_later_unseen(const struct pdf_later *l, size_t i)
{
	return l->known && l->state == PDF_STATE_READ && !l->v[i].flags;
}

static const char *const state_words[PDF_STATE_COUNT] = {
    [PDF_STATE_BROKEN] = MSG_ID("the file is damaged"),
    [PDF_STATE_ENCRYPTED] = MSG_ID("the file is encrypted with a password"),
    [PDF_STATE_LOOSE] = MSG_ID("it is no update of a PDF"),
    [PDF_STATE_STRAY] = MSG_ID("some of them belong to no object of it"),
    [PDF_STATE_TOO_LARGE] = MSG_ID("there is more of it than is looked at"),
    [PDF_STATE_MEMORY] = MSG_ID("reading it takes too much memory"),
};

static void unread(const struct pdf_signatures *s, size_t i, const char *why, struct report *rep)
{
	report_add_why(rep, CHK_LATER_CHANGES, CHECK_UNKNOWN, REASON_CHANGES_UNREAD,
	    MSG("{n} bytes follow what it covers, and nobody can tell what they change: {why}",
		P_NUMBER("n", s->size - s->v[i].end), P_WORD("why", why)));
}

/* What came may show something else than what was signed. */
static void tell_covered(unsigned kinds, uint32_t page, unsigned percent, struct report *rep)
{
	static const char *const words[PDF_CHANGE_COUNT] = {
	    [PDF_CHANGE_COVERS] = MSG_ID(
		"a signature that was added lies over what was signed on page {n}, where "
		"something else may be read now"),
	    [PDF_CHANGE_COVERS_MUCH] = MSG_ID(
		"signatures that were added cover {percent} % of page {n}, where "
		"something else may be read now"),
	    [PDF_CHANGE_COVERS_UNREAD] = MSG_ID(
		"nobody can tell what a signature that was added on page {n} lies over"),
	    [PDF_CHANGE_NOTE_OVER] = MSG_ID(
		"an annotation that was added lies over what was signed on page {n}, or over much "
		"of it, where something else may be read now"),
	    [PDF_CHANGE_FIELD_OVER] = MSG_ID(
		"a form field that was filled in lies over what was signed on page {n}, or over "
		"much of it, where something else may be read now"),
	};

	for (int i = 0; i < PDF_CHANGE_COUNT; i++)
		if (words[i] && (kinds & 1u << i))
			report_add_why(rep, CHK_LATER_CHANGES, CHECK_UNKNOWN, REASON_CHANGES_UNREAD,
			    MSG(words[i], P_NUMBER("n", page), P_NUMBER("percent", percent)));
}

static void tell_filled(unsigned kinds, const char *fields, struct report *rep)
{
	if (kinds & 1u << PDF_CHANGE_FILLED_ANEW)
		report_add_why(rep, CHK_LATER_CHANGES, CHECK_UNKNOWN, REASON_CHANGES_UNREAD,
		    MSG("form fields have another value than was signed, which nobody has "
			"certified to be allowed: {fields}",
			P_TEXT("fields", fields)));
	else if (kinds & 1u << PDF_CHANGE_FILLED_BLANK)
		report_add(rep, CHK_LATER_CHANGES, CHECK_OK,
		    MSG("form fields that were blank were filled in after it: {fields}",
			P_TEXT("fields", fields)));
	if (kinds & 1u << PDF_CHANGE_FILLED)
		report_add(rep, CHK_LATER_CHANGES, CHECK_OK,
		    MSG("form fields were filled in, as the signer allows: {fields}",
			P_TEXT("fields", fields)));
}

/* A person reads what is shown, and a program the value. */
static void tell_shown(unsigned kinds, const char *fields, struct report *rep)
{
	if (kinds & 1u << PDF_CHANGE_SHOWS_OTHER)
		report_add_why(rep, CHK_LATER_CHANGES, CHECK_UNKNOWN, REASON_CHANGES_UNREAD,
		    MSG("form fields that were filled in have one value and show another "
			"(value ≠ what is shown): {fields}",
			P_TEXT("fields", fields)));
	if (kinds & 1u << PDF_CHANGE_SHOWS_UNREAD)
		report_add(rep, CHK_LATER_CHANGES, CHECK_OK,
		    MSG("what form fields show could not be compared with their values: look at "
			"the page, too"));
}

static void tell_kinds(const struct pdf_later *l, size_t i, struct report *rep)
{
	static const char *const words[PDF_CHANGE_COUNT] = {
	    [PDF_CHANGE_STAMP] = MSG_ID("a time stamp of the whole document was added"),
	    [PDF_CHANGE_PROOFS] = MSG_ID(
		"certificates and proofs that they were not revoked were added"),
	    [PDF_CHANGE_DESCRIBED] = MSG_ID(
		"what the file says about itself (title, dates) was changed"),
	};
	unsigned kinds = l->v[i].kinds, percent = l->v[i].percent;
	uint32_t page = l->v[i].page;
	bool noted = kinds & 1u << PDF_CHANGE_ANNOTATED;

	tell_covered(kinds, page, percent, rep);
	if (kinds & 1u << PDF_CHANGE_SIGNATURE)
		report_add(rep, CHK_LATER_CHANGES, CHECK_OK,
		    MSG(page && !noted
			    ? MSG_ID("a signature was added, which is judged by itself; it is "
				     "drawn on page {n}, over {percent} % of it")
			    : MSG_ID("a signature was added, which is judged by itself"),
			P_NUMBER("n", page), P_NUMBER("percent", percent)));
	if (noted)
		report_add(rep, CHK_LATER_CHANGES, CHECK_OK,
		    MSG(page ? MSG_ID("annotations were added, as the signer allows, over "
				      "{percent} % of page {n}")
			     : MSG_ID("annotations were added, as the signer allows"),
			P_NUMBER("n", page), P_NUMBER("percent", percent)));
	tell_filled(kinds, l->v[i].filled, rep);
	tell_shown(kinds, l->v[i].shows, rep);
	for (int k = 0; k < PDF_CHANGE_COUNT; k++)
		if (words[k] && (kinds & 1u << k))
			report_add(rep, CHK_LATER_CHANGES, CHECK_OK, MSG(words[k]));
	if (!kinds)
		report_add(rep, CHK_LATER_CHANGES, CHECK_OK, MSG("nothing that is shown"));
}

static void tell_forbidden(const char *place, struct report *rep)
{
	char field[PDF_LATER_PLACE];
	uint32_t page = 0;
	const char *words = pdf_place_words(place, &page, field, sizeof field);

	report_add_why(rep, CHK_LATER_CHANGES, CHECK_FAILED, REASON_CHANGED_LATER,
	    MSG(words, P_TEXT("place", place), P_NUMBER("n", page), P_TEXT("field", field)));
}

void pdf_later_tell(const struct pdf_later *l, const struct pdf_signatures *s, size_t i, bool whole,
    struct report *rep)
{
	enum pdf_state then = l->v[i].state;

	if (l->known && l->state == PDF_STATE_READ && then == PDF_STATE_READ &&
	    l->v[i].flags == PDF_FIELD_NOW)
		report_add_why(rep, CHK_LATER_CHANGES, CHECK_FAILED, REASON_CHANGED_LATER,
		    MSG("it became a field's signature after it was made"));
	else if (whole)
		report_add(rep, CHK_LATER_CHANGES, CHECK_OK, MSG("none: it covers the whole file"));
	else if (!l->known)
		unread(s, i, l->unknown, rep);
	else if (l->state == PDF_STATE_BROKEN && then == PDF_STATE_READ)
		report_add_why(rep, CHK_LATER_CHANGES, CHECK_FAILED, REASON_CHANGED_LATER,
		    MSG("what follows it is damaged, so that each reader shows something else"));
	else if (l->state != PDF_STATE_READ)
		unread(s, i, state_words[l->state], rep);
	else if (s->more) /* fields of theirs came, too */
		unread(s, i, MSG_ID("there are more signatures than are looked at"), rep);
	else if (l->v[i].first[0])
		tell_forbidden(l->v[i].first, rep);
	else if (then != PDF_STATE_READ)
		unread(s, i, state_words[then], rep);
	else
		tell_kinds(l, i, rep);
}
