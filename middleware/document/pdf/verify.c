/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying a PDF of any size: each signature that is found in its bytes, over what it covers. */
#include "document/pdf/verify.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/cms/stamp/cades_stamp.h"
#include "document/pdf/kinds.h"
#include "document/pdf/later.h"
#include "document/pdf/range.h"
#include "document/pdf/take.h"
#include "util/file.h"
#include "util/message.h"

struct job {
	int fd;
	const struct doc_verify_options *o;
	struct pdf_signatures found;
	struct pdf_later later;
	struct doc_result *part[PDF_SIGNATURES_MAX]; /* what each came to; owned */
	struct doc_kept kept[PDF_SIGNATURES_MAX];    /* by each document time stamp that counts */
	size_t kept_n;
	time_t proved; /* by a document time stamp that covers all that is judged next; 0: none */
	struct cades_material aside; /* what the tokens of document time stamps bring */
	struct cades_brought heard;  /* the same */
};

/* One that nobody could be found in has a place in the result all the same. */
static enum ecert_rc stand_in(struct doc_result **part)
{
	struct doc_result *one = doc_result_new(1);

	if (!one)
		return ECERT_E_MEMORY;
	if (*part)
		report_append(&one->signer[0].report, &(*part)->report);
	one->signer[0].asked = true;
	doc_result_free(part);
	*part = one;
	return ECERT_OK;
}

static enum ecert_rc judge_kind(struct job *j, const struct pdf_signature *v,
    const struct pdf_kind *kind, struct doc_result **part)
{
	struct doc_verify_options o = *j->o;
	struct pdf_signed s = {.fd = j->fd, .found = v, .o = &o};
	enum ecert_rc rc;

	/* The content is the file, and nothing to take out. */
	o.content = NULL;
	o.claimed = v->claimed;
	o.proved = j->proved;
	o.brought = j->later.brought;
	o.brought_n = j->later.brought_n;
	o.kept = j->kept;
	o.kept_n = j->kept_n;
	o.heard = cades_heard(&j->heard);
	rc = kind->judge(&s, part);
	if (rc == ECERT_OK && !(*part)->n)
		rc = stand_in(part);
	return rc;
}

/* A time stamp that says that the document was changed counts; one whose TSA nobody knows proves
 * nothing, and takes nothing away. */
static void take_stamp(struct job *j, size_t i, struct doc_signature *sig)
{
	sig->asked = report_verdict(&sig->report) == VERDICT_FAILED;
	if (sig->proved && (!j->proved || sig->proved < j->proved))
		j->proved = sig->proved;
	if (sig->proved)
		j->kept[j->kept_n++] = (struct doc_kept){
		    sig->proved, pdf_later_covered(&j->later, i)};
}

static enum ecert_rc judge_one(struct job *j, size_t i)
{
	const struct pdf_signature *v = &j->found.v[i];
	const struct pdf_kind *kind = v->defect ? NULL : pdf_kind_of(v->subfilter);
	struct doc_result **part = &j->part[i];
	enum ecert_rc rc = kind ? judge_kind(j, v, kind, part) : stand_in(part);
	struct doc_signature *sig;

	if (rc != ECERT_OK)
		return rc;
	sig = &(*part)->signer[0];
	if (v->defect && j->later.missing)
		report_add_why(&sig->report, CHK_BYTE_RANGE, CHECK_UNKNOWN, REASON_CHANGES_UNREAD,
		    MSG("{defect}; it may be the signature of a file that is attached, which "
			"cannot be judged: {why}",
			P_WORD("defect", v->defect), P_WORD("why", j->later.unknown)));
	else if (v->defect)
		report_add_why(
		    &sig->report, CHK_BYTE_RANGE, CHECK_FAILED, v->reason, MSG(v->defect));
	else if (!kind)
		report_add_why(&sig->report, CHK_FORM, CHECK_UNKNOWN, REASON_ALGORITHM_UNKNOWN,
		    MSG("a kind of signature that is not known here: {subfilter}",
			P_TEXT("subfilter", v->subfilter)));
	else if (kind->stamp)
		take_stamp(j, i, sig);
	return rc;
}

static enum ecert_rc describe(struct job *j, size_t i, struct doc_signature *sig)
{
	const struct pdf_signature *v = &j->found.v[i];
	const struct pdf_kind *kind = pdf_kind_of(v->subfilter);
	struct report all;
	bool whole = false;
	enum ecert_rc rc = pdf_covers_all(j->fd, &j->found, i, &whole);

	sig->inside = calloc(1, sizeof *sig->inside);
	if (!sig->inside)
		return ECERT_E_MEMORY;
	*sig->inside = (struct doc_inside){
	    .revision = v->end ? i + 1 : 0, .covers = v->end, .whole = whole};
	memcpy(sig->inside->subfilter, v->subfilter, sizeof v->subfilter);
	memcpy(sig->inside->reason, v->reason_given, sizeof v->reason_given);
	memcpy(sig->inside->place, v->place, sizeof v->place);
	memcpy(sig->inside->contact, v->contact, sizeof v->contact);
	report_init(&all);
	if (!v->defect)
		report_add(&all, CHK_BYTE_RANGE, CHECK_OK,
		    MSG("{words}; it covers {n} bytes of {size}",
			P_WORD("words", kind ? kind->words : MSG_ID("of an unknown kind")),
			P_NUMBER("n", v->end), P_NUMBER("size", j->found.size)));
	report_append(&all, &sig->report);
	if (pdf_later_unseen(&j->later, i) && !(v->defect && j->later.others)) {
		sig->asked = false;
		report_add(&all, CHK_SIGNATURE, CHECK_SKIPPED,
		    MSG("no field of the document has it, so that nobody is shown it"));
	} else if (rc == ECERT_OK && !v->defect) {
		pdf_later_tell(&j->later, &j->found, i, whole, &all);
	}
	sig->report = all;
	return rc;
}

/* By the document time stamps that cover it, and by what they cover (EN 319 142-1, 6.3). */
static const char *profile_of(const struct job *j, size_t i, const struct doc_signature *sig)
{
	enum doc_level inside = doc_level_of_profile(sig->profile);
	bool stamped = inside >= DOC_LEVEL_T, lasts = inside >= DOC_LEVEL_LT, archived = false;

	for (size_t k = i + 1; inside && k < j->found.n; k++) {
		const struct doc_signature *t = j->part[k] ? &j->part[k]->signer[0] : NULL;

		if (!t || !doc_is_stamp(t) || !t->proved)
			continue;
		stamped = true;
		lasts = lasts || (sig->lasts && t->lasts);
		archived = archived || pdf_later_covered(&j->later, k) > 0;
	}
	return doc_level_profile(sig->profile, lasts && archived ? DOC_LEVEL_LTA
					       : lasts		 ? DOC_LEVEL_LT
					       : stamped	 ? DOC_LEVEL_T
								 : inside);
}

/* Of document time stamps, whether they count or not: whoever is revoked by that is revoked. */
static enum ecert_rc hear(struct job *j)
{
	for (size_t i = 0; i < j->found.n; i++) {
		const struct pdf_signature *v = &j->found.v[i];
		const struct pdf_kind *kind = v->defect ? NULL : pdf_kind_of(v->subfilter);
		enum reason why;
		struct rd der;

		if (kind && kind->stamp && !pdf_contents(v, &der, &why))
			(void)cades_stamp_beside(der, j->o->certs, &j->aside);
	}
	return cades_material_pick(&j->aside, NULL, &j->heard) ? ECERT_OK : ECERT_E_MEMORY;
}

/* Only stamps: then they are what was asked about. */
static void ask_for_stamps(struct doc_result *r)
{
	bool any = false;

	for (size_t i = 0; i < r->n; i++)
		any = any || (r->signer[i].asked && !doc_is_stamp(&r->signer[i]));
	for (size_t i = 0; !any && i < r->n; i++)
		r->signer[i].asked = r->signer[i].asked || doc_is_stamp(&r->signer[i]);
}

/* What is said of the file as a whole. */
static void tell_file(const struct job *j, bool usage, struct doc_result *r)
{
	if (j->found.more)
		report_add_why(&r->report, CHK_STRUCTURE, CHECK_UNKNOWN, REASON_TOO_MUCH,
		    MSG("there are more than {n} signatures, and no more are looked at",
			P_NUMBER("n", PDF_SIGNATURES_MAX)));
	else if (!doc_asked(r, 0))
		report_add_why(&r->report, CHK_STRUCTURE, CHECK_FAILED, REASON_NOT_A_SIGNATURE,
		    MSG("a PDF in which nobody has signed"));
	else
		report_add(&r->report, CHK_STRUCTURE, CHECK_OK,
		    MSG_N("PDF, {n} signature", "PDF, {n} signatures", r->n));
	if (j->found.left_out && !j->found.more &&
	    !(j->later.known && j->later.state == PDF_STATE_READ))
		report_add_why(&r->report, CHK_FORM, CHECK_UNKNOWN, REASON_CHANGES_UNREAD,
		    MSG("there are more signatures than are looked at"));
	if (j->later.known && j->later.others && !j->found.more)
		report_add_why(&r->report, CHK_BYTE_RANGE, CHECK_FAILED, REASON_BYTE_RANGE,
		    MSG("a field has a signature that is not where its bytes are"));
	/* The signer signed it as it is; what follows a signature is judged there. */
	if (j->later.known && j->later.state == PDF_STATE_BROKEN)
		report_add(&r->report, CHK_FORM, CHECK_SKIPPED,
		    MSG("the PDF is damaged: readers mend it each in its own way, and may show "
			"different things"));
	if (usage)
		report_add(&r->report, CHK_CONTENT, CHECK_SKIPPED,
		    MSG("its maker's permission to fill it in (usage rights) is no signature of "
			"it"));
}

/* All of them as one, in the order of what they cover. */
static enum ecert_rc gather(struct job *j, struct doc_result **out)
{
	size_t n = 0;
	bool usage = false;
	enum ecert_rc rc = ECERT_OK;
	struct doc_result *r;

	for (size_t i = 0; i < j->found.n; i++)
		n += j->part[i] ? j->part[i]->n : 0;
	r = doc_result_new(n);
	if (!r)
		return ECERT_E_MEMORY;
	r->content_size = j->found.size;
	r->n = 0;
	for (size_t i = 0; i < j->found.n; i++)
		if (j->part[i])
			j->part[i]->signer[0].profile = profile_of(j, i, &j->part[i]->signer[0]);
	for (size_t i = 0; i < j->found.n; i++) {
		usage = usage || !j->part[i];
		for (size_t k = 0; rc == ECERT_OK && j->part[i] && k < j->part[i]->n; k++) {
			struct doc_signature *from = &j->part[i]->signer[k];

			r->signer[r->n] = *from;
			memset(from, 0, sizeof *from);
			rc = describe(j, i, &r->signer[r->n++]);
		}
	}
	ask_for_stamps(r);
	tell_file(j, usage, r);
	*out = r;
	return rc;
}

/* A signature that is shown as one is one, whatever it calls itself. */
static bool is_usage(const struct job *j, size_t i)
{
	return j->found.v[i].usage_rights && (!j->later.known || !j->later.v[i].flags);
}

enum ecert_rc pdf_verify_fd(
    int pdf_fd, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	struct job *j = calloc(1, sizeof *j);
	enum ecert_rc rc = j ? ECERT_OK : ECERT_E_MEMORY;

	(void)content_fd;
	*out = NULL;
	if (rc == ECERT_OK) {
		j->fd = pdf_fd;
		j->o = o;
		rc = pdf_signatures_find(pdf_fd, &j->found);
		if (rc == ECERT_OK && j->found.n)
			rc = pdf_later_ask(pdf_fd, &j->found, &j->later);
		if (rc == ECERT_OK)
			rc = hear(j);
		/* From the last one on: a time stamp proves what it covers. */
		for (size_t i = j->found.n; rc == ECERT_OK && i > 0; i--)
			if (!is_usage(j, i - 1))
				rc = judge_one(j, i - 1);
		if (rc == ECERT_OK)
			rc = gather(j, out);
		if (rc == ECERT_OK && o->content)
			rc = pdf_take(pdf_fd, o, *out);
		for (size_t i = 0; i < j->found.n; i++)
			doc_result_free(&j->part[i]);
		cades_brought_free(&j->heard);
		cades_material_free(&j->aside);
		pdf_later_free(&j->later);
		pdf_signatures_free(&j->found);
	}
	if (rc != ECERT_OK)
		doc_result_free(out);
	free(j);
	return rc;
}

enum ecert_rc pdf_verify(
    struct rd pdf, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	int fd = file_in_memory(pdf);
	enum ecert_rc rc = fd < 0 ? ECERT_E_IO : ECERT_OK;

	*out = NULL;
	if (rc == ECERT_OK)
		rc = pdf_verify_fd(fd, content_fd, o, out);
	if (fd >= 0)
		close(fd);
	return rc;
}
