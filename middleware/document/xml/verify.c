/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying signatures in XML, signer by signer. */
#include "document/xml/verify.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/cert.h"
#include "document/xml/claims.h"
#include "document/xml/content.h"
#include "document/xml/one.h"
#include "util/file.h"

struct job {
	struct xml_content content;
	struct doc_result *r; /* one signer for each signature until it is put into order */
	uint32_t of[XML_SIGNATURES_MAX];
};

static const char *state_words(enum xml_state state)
{
	static const char *const words[XML_STATE_COUNT] = {
	    [XML_BROKEN] = MSG_ID("it is not well-formed XML"),
	    [XML_DOCTYPE] = MSG_ID("it declares a document type (DOCTYPE), which may change what "
				   "is read, and is never followed"),
	    [XML_TOO_DEEP] = MSG_ID("its elements stand in one another, more than 256 deep"),
	    [XML_TOO_MANY] = MSG_ID(
		"it has more than 2,000,000 elements, attributes and texts, and "
		"no more are looked at"),
	    [XML_CHARSET] = MSG_ID("it is in a character set that is not read: UTF-8 and UTF-16 "
				   "are"),
	};

	return words[state];
}

/* NULL: there are signatures in it. */
static const char *defect_of(const struct xml_answer *a, enum wall_end end, enum reason *reason)
{
	*reason = wall_reason(end);
	if (end != WALL_ANSWERED)
		return wall_words(end);
	*reason = a->state == XML_TOO_DEEP || a->state == XML_TOO_MANY ? REASON_TOO_MUCH
								       : REASON_FORMAT_BROKEN;
	if (a->state != XML_READ)
		return state_words(a->state);
	*reason = REASON_NO_SIGNER;
	if (!a->total)
		return MSG_ID("there is no signature in it");
	*reason = REASON_TOO_MUCH;
	if (a->total > XML_SIGNATURES_MAX)
		return MSG_ID("there are {n} signatures in it, and {max} are looked at");
	if (a->references > XML_REFERENCES_MAX)
		return MSG_ID("there are {n} references in it, and {max} are looked at");
	return a->more ? MSG_ID("a signature in it has more certificates or properties than are "
				"looked at: 64 and 4,096")
		       : NULL;
}

/* It needs no file beside it. */
static bool is_attached(const struct xml_sig *s)
{
	for (uint32_t i = 0; i < s->refs; i++)
		if (s->ref[i].state == XML_OUTSIDE)
			return false;
	return true;
}

static enum ecert_rc judge_answer(struct job *j, const struct xml_answer *a, uint32_t first)
{
	enum ecert_rc rc = ECERT_OK;

	for (uint32_t i = 0; rc == ECERT_OK && i < a->n && first + i < j->r->n; i++) {
		/* One can only stand in another that began before it. */
		j->of[first + i] = a->v[i].of <= first + i ? a->v[i].of : 0;
		if (!first && !i)
			j->r->attached = is_attached(&a->v[i]);
		rc = xml_one_judge(&j->content, &a->v[i], &j->r->signer[first + i]);
	}
	return rc;
}

/* Counter-signatures go to the signature that they stand in: the last one first, so that each has
 * its own already. */
static enum ecert_rc put_in_order(struct job *j)
{
	size_t n = 0;

	for (size_t i = j->r->n; i-- > 0;) {
		struct doc_signature *to = j->of[i] ? &j->r->signer[j->of[i] - 1] : NULL, *more;

		if (!to)
			continue;
		more = realloc(to->counter, (to->counters + 1) * sizeof *more);
		if (!more)
			return ECERT_E_MEMORY;
		memmove(more + 1, more, to->counters * sizeof *more);
		more[0] = j->r->signer[i];
		more[0].asked = false;
		to->counter = more;
		to->counters++;
		/* It has moved. */
		j->r->signer[i].counter = NULL;
		j->r->signer[i].counters = 0;
		j->r->signer[i].stamps = NULL;
		j->r->signer[i].selected = NULL;
		buf_init(&j->r->signer[i].cert, 65536);
	}
	for (size_t i = 0; i < j->r->n; i++) {
		if (j->of[i])
			continue;
		if (j->r->signer[i].counters)
			report_add(&j->r->signer[i].report, CHK_COUNTER_SIGNATURE, CHECK_SKIPPED,
			    MSG_N("there is {n}, with a verdict of its own, on which this one does "
				  "not depend",
				"there are {n}, each with a verdict of its own, on which this one "
				"does not depend",
				j->r->signer[i].counters));
		if (n != i)
			memcpy(&j->r->signer[n], &j->r->signer[i], sizeof j->r->signer[n]);
		n++;
	}
	j->r->n = n;
	return ECERT_OK;
}

/* All answers, each with as many signatures as go into one. */
static enum ecert_rc judge_all(
    struct job *j, int fd, struct xml_answer *a, const char **why, enum reason *reason)
{
	enum wall_end end = WALL_ANSWERED;
	enum ecert_rc rc = ECERT_OK;
	uint32_t first = 0;

	j->r = doc_result_new(a->total);
	if (!j->r)
		return ECERT_E_MEMORY;
	for (uint32_t i = 0; i < a->total; i++)
		report_init(&j->r->signer[i].report);
	do {
		rc = judge_answer(j, a, first);
		first += a->n;
		if (rc != ECERT_OK || first >= j->r->n || *why)
			break;
		xml_answer_free(a);
		rc = xml_answer_get(fd, first, a, &end);
		if (rc == ECERT_OK)
			*why = defect_of(a, end, reason);
		/* It is another file than it was. */
		if (rc == ECERT_OK && !*why && a->total != j->r->n)
			rc = ECERT_E_DATA;
	} while (rc == ECERT_OK && !*why);
	if (rc == ECERT_OK && first < j->r->n)
		j->r->n = first;
	j->r->content_size = j->content.size;
	return rc == ECERT_OK ? put_in_order(j) : rc;
}

static enum ecert_rc verify(struct job *j, int fd, struct doc_result **out)
{
	struct xml_answer a = {.n = 0};
	enum wall_end end = WALL_ANSWERED;
	enum reason reason = REASON_NONE;
	const char *why = NULL;
	uint32_t n, max;
	enum ecert_rc rc = xml_answer_get(fd, 0, &a, &end);

	*out = NULL;
	if (rc == ECERT_OK)
		why = defect_of(&a, end, &reason);
	if (rc == ECERT_OK && !why)
		rc = judge_all(j, fd, &a, &why, &reason);
	else if (rc == ECERT_OK && !(j->r = doc_result_new(0)))
		rc = ECERT_E_MEMORY;
	n = a.total > XML_SIGNATURES_MAX ? a.total : a.references;
	max = a.total > XML_SIGNATURES_MAX ? XML_SIGNATURES_MAX : XML_REFERENCES_MAX;
	xml_answer_free(&a);
	if (rc != ECERT_OK) {
		doc_result_free(&j->r);
		return rc;
	}
	if (why)
		report_add_why(&j->r->report, CHK_STRUCTURE, CHECK_FAILED, reason,
		    MSG(why, P_NUMBER("n", n), P_NUMBER("max", max)));
	else
		report_add(&j->r->report, CHK_STRUCTURE, CHECK_OK, MSG("XML"));
	*out = j->r;
	return ECERT_OK;
}

enum ecert_rc xml_verify_fd(
    int fd, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	struct job j = {.content = {.o = o, .fd = content_fd}};

	return verify(&j, fd, out);
}

static enum ecert_rc verify_bytes(struct rd xml, struct job *j, struct doc_result **out)
{
	int fd = file_in_memory(xml);
	enum ecert_rc rc = fd < 0 ? ECERT_E_IO : verify(j, fd, out);

	if (fd < 0)
		*out = NULL;
	else
		close(fd);
	return rc;
}

enum ecert_rc xml_verify(
    struct rd xml, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	struct job j = {.content = {.o = o, .fd = content_fd}};

	return verify_bytes(xml, &j, out);
}

enum ecert_rc xml_verify_files(struct rd xml, const struct xml_files *files,
    const struct doc_verify_options *o, struct doc_result **out)
{
	struct job j = {.content = {.o = o, .fd = -1, .files = files}};

	return verify_bytes(xml, &j, out);
}
