/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying a CAdES-B-B signature of any maker, check by check. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/cms/cades.h"
#include "document/cms/cades_attrs.h"
#include "document/cms/cades_read.h"
#include "document/cms/stamp/cades_stamps.h"
#include "document/cms/cades_value.h"
#include "document/cms/profile/cades_counter.h"
#include "document/cms/profile/cades_told.h"
#include "document/cms/profile/cades_whose.h"
#include "document/cert.h"
#include "document/digest.h"
#include "util/file.h"

/* A signing time may be ahead of our clock by this many seconds. */
#define CLOCK_SKEW 300

struct job {
	struct cades_source source;
	struct cades_parts parts;
	struct cades_material material; /* what it brings */
	struct cades_brought brought;	/* all of that */
	struct cades_brought heard;	/* that, and what time-stamp tokens bring */
	struct cades_stamps *stamps;	/* one for each signer; owned */
	size_t stamps_n;
	const struct doc_verify_options *o;
	int fd;				   /* the signed file; -1: it is inside, or in pieces */
	const struct cades_pieces *pieces; /* NULL: it is not */
	/* canonical: what is inside with the line ends that mail has (RFC 8551, 3.1.1). */
	struct digest_set file, inside, canonical;
};

static bool is_attached(const struct job *j)
{
	return j->source.streamed || j->source.content.p;
}

static bool has_file(const struct job *j)
{
	return j->fd >= 0 || j->pieces;
}

static const char *structure_defect(struct job *j, const char *why, enum reason *reason)
{
	if (!why && !is_attached(j) && !has_file(j)) {
		*reason = REASON_NO_CONTENT;
		why = MSG_ID("the signed content is neither inside nor given");
	}
	return why;
}

/* What is inside, and for a message's part with each line end as CR LF. */
static enum ecert_rc digest_inside(struct job *j)
{
	struct rd all = j->source.content;
	struct cades_sink to = {&j->inside, j->source.text ? &j->canonical : NULL};
	enum ecert_rc rc = j->source.streamed ? cades_stream_digest(&j->source.stream, &to, j->o)
					      : digest_set_update(&j->inside, all);

	if (j->source.streamed)
		return rc;
	if (rc == ECERT_OK && is_attached(j) && j->o->content)
		rc = j->o->content(j->o->content_ctx, all);
	return rc == ECERT_OK && j->source.text ? digest_set_update_text(&j->canonical, all) : rc;
}

static enum ecert_rc add_digest(struct job *j, const EVP_MD *md)
{
	enum ecert_rc rc = digest_set_add(&j->file, md);

	if (rc == ECERT_OK && is_attached(j))
		rc = digest_set_add(&j->inside, md);
	if (rc == ECERT_OK && j->source.text)
		rc = digest_set_add(&j->canonical, md);
	/* More kinds than we hold, or one that OpenSSL has no more: that signer's digest is
	 * reported as unknown. */
	return rc == ECERT_E_TOO_LARGE || rc == ECERT_E_CRYPTO ? ECERT_OK : rc;
}

/* Those of the content and of archives are over the content, too. */
static enum ecert_rc add_stamps_digests(struct job *j)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; i < j->stamps_n; i++)
		for (size_t k = 0; rc == ECERT_OK && k < j->stamps[i].n; k++)
			if (cades_stamp_covers_content(&j->stamps[i].v[k]))
				rc = add_digest(j, j->stamps[i].v[k].token.md);
	return rc;
}

static enum ecert_rc digest_file(struct job *j, uint64_t *size)
{
	const struct cades_pieces *p = j->pieces;

	*size = p ? 0 : j->o->whole.n;
	if (!p)
		return *size ? digest_set_update(&j->file, j->o->whole)
			     : digest_set_fd(
				   &j->file, j->fd, j->o->progress, j->o->progress_ctx, size);
	for (size_t i = 0; i < p->n; i++)
		*size += p->part[i].n;
	return digest_set_parts(&j->file, p->fd, p->part, p->n, j->o->progress, j->o->progress_ctx);
}

/* Every digest that a signer uses, over the file and over what is inside. */
static enum ecert_rc digest_content(struct job *j, struct doc_result *r)
{
	STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(j->source.cms);
	struct digest_set *const set[] = {&j->file, &j->inside, &j->canonical};
	enum ecert_rc rc = ECERT_OK;

	for (int i = 0; i < sk_CMS_SignerInfo_num(infos); i++) {
		const EVP_MD *md = cades_value_digest(sk_CMS_SignerInfo_value(infos, i));

		if (rc == ECERT_OK && md)
			rc = add_digest(j, md);
	}
	if (rc == ECERT_OK)
		rc = add_stamps_digests(j);
	rc = rc == ECERT_OK ? digest_inside(j) : rc;
	if (rc == ECERT_OK && has_file(j))
		rc = digest_file(j, &r->content_size);
	else
		r->content_size = j->source.streamed ? j->source.stream.size : j->source.content.n;
	for (size_t i = 0; rc == ECERT_OK && i < sizeof set / sizeof set[0]; i++)
		rc = digest_set_final(set[i]);
	return rc;
}

static bool fits_inside(const struct job *j, const EVP_MD *md, struct rd digest)
{
	return rd_equal(digest, digest_set_get(&j->inside, md)) ||
	       (j->source.text && rd_equal(digest, digest_set_get(&j->canonical, md)));
}

/* at: when the content is proved to have been there, or now. */
static void check_digest(const struct job *j, CMS_SignerInfo *si, const struct cades_attrs *a,
    time_t at, struct report *rep)
{
	const EVP_MD *md = cades_value_digest(si);
	enum reason reason = REASON_NONE;
	const char *why = NULL;

	if (!md || !digest_set_get(&j->file, md).n) {
		reason = REASON_ALGORITHM_UNKNOWN;
		why = MSG_ID("the digest algorithm is unknown");
	} else if (!a->digest.n && a->n) {
		reason = REASON_ATTRIBUTES_BAD;
		why = MSG_ID("there is nothing to compare with");
	} else if (a->n && has_file(j) && !rd_equal(a->digest, digest_set_get(&j->file, md))) {
		why = cades_digest_misfit(j->fd, md, a->digest, &reason);
	} else if (a->n && is_attached(j) && !fits_inside(j, md, a->digest)) {
		reason = REASON_CONTENT_CHANGED;
		why = MSG_ID("the content inside is not what was signed");
	} else if (!a->n && has_file(j) && is_attached(j) &&
		   !fits_inside(j, md, digest_set_get(&j->file, md))) {
		reason = REASON_CONTENT_CHANGED;
		why = MSG_ID("the content inside is not the file");
	}
	if (why)
		report_add_why(rep, CHK_CONTENT_DIGEST, reason_state(reason), reason, MSG(why));
	else
		cades_digest_fits(j->o, md, at, a->n > 0, rep);
}

/* What the path of a signer's certificate depends on. */
struct signer_path {
	const struct cades_stamps *stamps;
	const struct cades_stamped *of;
	struct doc_signature *s;
};

static enum ecert_rc check_path(void *ctx, X509 *cert, struct report *rep)
{
	const struct signer_path *p = ctx;
	const struct doc_verify_options *o = p->of->o;
	/* A clock ahead of ours says nothing of the certificate. */
	bool ahead = p->s->when > o->now + CLOCK_SKEW, claimed = p->s->when && !ahead;
	struct doc_path_query q = {.leaf = cert,
	    .at = claimed ? p->s->when : o->now,
	    .now = o->now,
	    .unclaimed = !claimed};

	if (ahead)
		report_add_why(rep, CHK_SIGNING_TIME, CHECK_FAILED, REASON_SIGNED_IN_FUTURE,
		    MSG("it lies in the future"));
	if (o->path && o->path->check)
		return cades_stamps_path(p->stamps, p->of, &q, p->s->proved, rep, &p->s->lasts);
	report_add_why(rep, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
	    MSG("no trusted certificates were given"));
	return ECERT_OK;
}

/* The i-th signer. */
static enum ecert_rc check_signer(const struct job *j, size_t i, struct doc_signature *s)
{
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(j->source.cms), (int)i);
	struct cades_stamped of = {.o = j->o,
	    .doc = &j->parts,
	    .material = &j->material,
	    .heard = &j->heard,
	    .si = si,
	    .content = {
		has_file(j) ? &j->file : &j->inside, j->source.text ? &j->canonical : NULL}};
	struct doc_verify_options then = *j->o;
	const struct cades_stamps *stamps = &j->stamps[i];
	struct signer_path path = {.stamps = stamps, .of = &of, .s = s};
	const EVP_MD *md = cades_value_digest(si);
	struct cades_attrs a;
	struct cades_whose whose = {.si = si,
	    .a = &a,
	    .certs = j->brought.certs,
	    .path = j->o->path,
	    .content = md ? digest_set_get(has_file(j) ? &j->file : &j->inside, md)
			  : rd_of(NULL, 0),
	    .judge = check_path,
	    .ctx = &path};
	struct report told;
	enum ecert_rc rc;
	X509 *cert = NULL;

	cades_value_name(si, s->algorithm, sizeof s->algorithm);
	(void)cades_attrs_read(si, CMS_get0_eContentType(j->source.cms),
	    cades_opened_attrs(&j->source.opened, i), &a, &s->report);
	s->when = a.when ? a.when : j->o->claimed;
	s->asked = true;
	s->profile = cades_profile(&a);
	of.unclaimed = !s->when;
	report_init(&told);
	rc = cades_stamps_judge(&j->stamps[i], &of, s, &told);
	s->proved = cades_stamps_earlier(s->proved, j->o->proved);
	/* A too old algorithm is as good as it was when it is proved to have been used (EN 319
	 * 102-1, 5.6.2.4); only an archive time stamp is over the content, too. */
	then.now = cades_stamps_earlier(stamps->archived, j->o->proved);
	check_digest(j, si, &a, then.now ? then.now : j->o->now, &s->report);
	then.now = s->proved ? s->proved : j->o->now;
	rc = rc == ECERT_OK ? cades_whose_cert(&whose, &cert) : rc;
	if (!cert) {
		cades_whose_missing(&s->report);
		report_add(&s->report, CHK_SIGNATURE_VALUE, CHECK_SKIPPED,
		    MSG("no certificate to check with"));
		report_append(&s->report, &told);
		return rc;
	}
	cades_attrs_check_cert(&a, cert, &s->report);
	cades_value_check(si, &a, cert, md, whose.content, &then, &s->report);
	if (rc == ECERT_OK)
		rc = doc_certs_der(j->o->certs, cert, &s->cert);
	if (rc == ECERT_OK && doc_certs_who(j->o->certs, cert, &s->who) != ECERT_OK)
		report_add(
		    &s->report, CHK_SIGNER, CHECK_FAILED, MSG("the certificate cannot be read"));
	report_append(&s->report, &told);
	if (rc == ECERT_OK)
		rc = check_path(&path, cert, &s->report);
	cades_tell_signed(&j->source, si, cert, &s->report);
	return rc;
}

/* What it brings along, and its time stamps, as far as they can be read. */
static enum ecert_rc collect(struct job *j, size_t signers)
{
	j->stamps = calloc(signers, sizeof *j->stamps);
	if (!j->stamps)
		return ECERT_E_MEMORY;
	(void)cades_parts_read(j->source.bytes, &j->parts);
	cades_material_add(&j->material, &j->source.opened, &j->parts);
	for (size_t i = 0; i < signers; i++) {
		cades_stamps_read(&j->parts, i, j->o->certs, &j->stamps[i]);
		cades_material_add_values(
		    &j->material, j->stamps[i].signer.attributes, j->o->certs);
		j->stamps_n++;
	}
	cades_material_add_brought(&j->material, j->o);
	for (size_t i = 0; i < signers; i++)
		cades_stamps_beside(&j->stamps[i], &j->material);
	return cades_material_pick(&j->material, NULL, &j->brought) &&
		       cades_material_pick_all(&j->material, &j->heard) &&
		       cades_brought_hear(&j->heard, j->o->heard)
		   ? ECERT_OK
		   : ECERT_E_MEMORY;
}

static enum ecert_rc check_all(struct job *j, struct doc_result *r)
{
	const STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(j->source.cms);
	enum ecert_rc rc = collect(j, r->n);
	struct cades_counted counted = {
	    .o = j->o, .certs = j->brought.certs, .crls = j->brought.crls};

	r->attached = is_attached(j);
	rc = rc == ECERT_OK ? digest_content(j, r) : rc;
	for (size_t i = 0; rc == ECERT_OK && i < r->n; i++)
		rc = check_signer(j, i, &r->signer[i]);
	for (size_t i = 0; rc == ECERT_OK && i < r->n; i++)
		rc = cades_counter_check(
		    &counted, sk_CMS_SignerInfo_value(infos, (int)i), &r->signer[i], 0);
	for (size_t i = 0; i < r->n; i++)
		r->signer[i].profile = doc_level_profile(
		    r->signer[i].profile, cades_stamps_level(&r->signer[i]));
	cades_tell_content(&j->source, &r->report);
	return rc;
}

/* From the source on. why: what is wrong with it, NULL when nothing is. */
static enum ecert_rc judge(
    struct job *j, const char *why, enum reason reason, struct doc_result **out)
{
	enum ecert_rc rc = ECERT_OK;
	size_t n;
	struct doc_result *r;

	why = structure_defect(j, why, &reason);
	n = why ? 0 : (size_t)sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(j->source.cms));
	r = doc_result_new(n);
	if (!r)
		return ECERT_E_MEMORY;
	r->form = j->source.form;
	report_add_why(&r->report, CHK_STRUCTURE, why ? CHECK_FAILED : CHECK_OK, reason,
	    MSG(why ? why : cades_form_words(j->source.form), P_NUMBER("at", j->source.damage.at),
		P_NUMBER("missing", j->source.damage.missing)));
	if (!why)
		rc = check_all(j, r);
	if (rc == ECERT_OK)
		*out = r;
	else
		doc_result_free(&r);
	return rc;
}

static void job_free(struct job *j)
{
	for (size_t i = 0; i < j->stamps_n; i++)
		cades_stamps_free(&j->stamps[i]);
	free(j->stamps);
	cades_brought_free(&j->brought);
	cades_brought_free(&j->heard);
	cades_material_free(&j->material);
	digest_set_free(&j->file);
	digest_set_free(&j->inside);
	digest_set_free(&j->canonical);
	cades_source_free(&j->source);
	errors_forget();
}

static enum ecert_rc verify_bytes(struct rd p7s, struct job j, struct doc_result **out)
{
	enum reason reason = REASON_NONE;
	const char *why;
	enum ecert_rc rc;

	*out = NULL;
	why = cades_source_read(p7s, j.o->certs, &j.source, &reason);
	rc = judge(&j, why, reason, out);
	job_free(&j);
	return rc;
}

enum ecert_rc cades_verify(
    struct rd p7s, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	return verify_bytes(p7s, (struct job){.o = o, .fd = content_fd}, out);
}

enum ecert_rc cades_verify_pieces(struct rd p7s, const struct cades_pieces *content,
    const struct doc_verify_options *o, struct doc_result **out)
{
	return verify_bytes(p7s, (struct job){.o = o, .fd = -1, .pieces = content}, out);
}

enum ecert_rc cades_verify_fd(
    int p7s_fd, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	struct job j = {.o = o, .fd = content_fd};
	struct buf p7s = BUF_INIT(CADES_MAX_SIZE);
	enum reason reason = REASON_NONE;
	const char *why = NULL;
	enum ecert_rc rc;

	*out = NULL;
	if (cades_source_is_large(p7s_fd)) {
		rc = cades_source_stream(p7s_fd, o->certs, &j.source, &why, &reason);
		if (rc == ECERT_OK)
			rc = judge(&j, why, reason, out);
		job_free(&j);
		return rc;
	}
	rc = file_read_fd(p7s_fd, &p7s);
	if (rc == ECERT_OK)
		rc = cades_verify(buf_view(&p7s), content_fd, o, out);
	buf_free(&p7s);
	return rc;
}
