/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures in CMS: PAdES (EN 319 142-1), and Adobe's older ones. */
#include "document/pdf/kinds.h"

#include <string.h>

#include "document/ber.h"
#include "document/cms/cades.h"
#include "document/cms/stamp/cades_stamps.h"
#include "document/cms/profile/cades_told.h"
#include "util/message.h"

static const struct pdf_kind kinds[] = {
    {"ETSI.CAdES.detached", MSG_ID("PAdES"), false, pdf_judge_cms},
    {"adbe.pkcs7.detached", MSG_ID("a CMS signature as PDF has had it since 2003"), false,
	pdf_judge_cms},
    {"adbe.pkcs7.sha1", MSG_ID("a signature of an old kind, which binds the file by SHA-1 alone"),
	false, pdf_judge_sha1},
    {"adbe.x509.rsa_sha1",
	MSG_ID("a signature of an old kind, an RSA value over SHA-1 with a certificate beside it"),
	false, pdf_judge_pkcs1},
    {"ETSI.RFC3161", MSG_ID("a time stamp of the whole document"), true, pdf_judge_stamp},
};

const struct pdf_kind *pdf_kind_of(const char *subfilter)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (!strcmp(kinds[i].subfilter, subfilter))
			return &kinds[i];
	return NULL;
}

static bool is_zero(struct rd r)
{
	for (size_t i = 0; i < r.n; i++)
		if (r.p[i])
			return false;
	return true;
}

const char *pdf_contents(const struct pdf_signature *v, struct rd *der, enum reason *why)
{
	struct rd rest = buf_view(&v->contents);
	struct ber b;

	*der = rest;
	*why = REASON_NOT_A_SIGNATURE;
	if (is_zero(rest))
		return MSG_ID("there is only the room for a signature, and nobody has signed");
	/* What it is instead is said by whoever reads it. */
	if (ber_next(&rest, &b) != ECERT_OK)
		return NULL;
	*der = b.whole;
	*why = REASON_TRAILING;
	return is_zero(rest) ? NULL : MSG_ID("bytes follow the signature, which nobody signed");
}

enum ecert_rc pdf_digest(const struct pdf_signed *s, const EVP_MD *md, struct doc_digest *out)
{
	struct digest_set set = {.n = 0};
	enum ecert_rc rc = digest_set_add(&set, md);

	if (rc == ECERT_OK)
		rc = digest_set_parts(
		    &set, s->fd, s->found->part, 2, s->o->progress, s->o->progress_ctx);
	if (rc == ECERT_OK)
		rc = digest_set_final(&set);
	if (rc == ECERT_OK)
		*out = set.row[0].result;
	digest_set_free(&set);
	return rc;
}

/* Nobody could be found in it. */
static enum ecert_rc refused(const char *defect, enum reason why, struct doc_result **out)
{
	*out = doc_result_new(0);
	if (!*out)
		return ECERT_E_MEMORY;
	report_add_why(&(*out)->report, CHK_STRUCTURE, CHECK_FAILED, why, MSG(defect));
	return ECERT_OK;
}

/* EN 319 142-1, 5.3: the certificate is named, and the time is the dictionary's. */
static const char *profile_of(const struct pdf_signature *v, const struct doc_signature *s)
{
	const struct check *c = report_get(&s->report, CHK_SIGNING_CERTIFICATE);

	return !strcmp(v->subfilter, "ETSI.CAdES.detached") && c && c->state == CHECK_OK
		   ? doc_level_profile("PAdES-B-B", cades_stamps_level(s))
		   : "PDF-CMS";
}

/* What a /SubFilter asks of the CMS below it (ISO 32000-2, 12.8.3.3.1; EN 319 142-1, 5.2 and 6.3).
 */
static void check_rules(const char *subfilter, struct doc_result *r)
{
	bool pades = !strcmp(subfilter, "ETSI.CAdES.detached");
	const struct {
		bool broken;
		const char *words;
	} rules[] = {
	    {r->n > 1, MSG_ID("{n} signers are in one signature of a PDF, and ISO 32000-2, "
			      "12.8.3.3.1 allows one")},
	    {r->attached, MSG_ID("content is inside of the signature of a PDF, and ISO 32000-2, "
				 "12.8.3.3.1 allows none")},
	};

	for (size_t i = 0; i < r->n; i++) {
		struct report *rep = &r->signer[i].report;
		const struct check *named = report_get(rep, CHK_SIGNING_CERTIFICATE);

		for (size_t k = 0; k < sizeof rules / sizeof rules[0]; k++)
			if (rules[k].broken)
				report_add_why(rep, CHK_FORM, CHECK_UNKNOWN, REASON_PROFILE_UNMET,
				    MSG(rules[k].words, P_NUMBER("n", r->n)));
		if (pades && named && named->state == CHECK_SKIPPED)
			report_add_why(rep, CHK_FORM, CHECK_UNKNOWN, REASON_PROFILE_UNMET,
			    MSG("it says that it is PAdES, and no signed attribute names the "
				"certificate, as EN 319 142-1 asks for"));
	}
}

enum ecert_rc pdf_judge_cms(const struct pdf_signed *s, struct doc_result **out)
{
	struct cades_pieces pieces = {.fd = s->fd, .part = s->found->part, .n = 2};
	enum reason why = REASON_NONE;
	struct rd der;
	const char *defect = pdf_contents(s->found, &der, &why);
	enum ecert_rc rc;

	if (defect)
		return refused(defect, why, out);
	rc = cades_verify_pieces(der, &pieces, s->o, out);
	for (size_t i = 0; rc == ECERT_OK && i < (*out)->n; i++)
		(*out)->signer[i].profile = profile_of(s->found, &(*out)->signer[i]);
	if (rc == ECERT_OK)
		check_rules(s->found->subfilter, *out);
	return rc;
}

time_t pdf_relied_at(const struct doc_verify_options *o)
{
	return o->proved ? o->proved : o->now;
}

/* What is no longer than a digest. */
struct kept {
	uint8_t value[EVP_MAX_MD_SIZE];
	size_t n;
	bool longer;
};

/* A doc_content_fn. */
static enum ecert_rc keep(void *ctx, struct rd part)
{
	struct kept *k = ctx;

	k->longer = k->longer || part.n > sizeof k->value - k->n;
	if (k->longer || !part.n)
		return ECERT_OK;
	memcpy(k->value + k->n, part.p, part.n);
	k->n += part.n;
	return ECERT_OK;
}

/* What is signed is a SHA-1 digest, and what is judged is whether it is that of the file. */
enum ecert_rc pdf_judge_sha1(const struct pdf_signed *s, struct doc_result **out)
{
	struct doc_verify_options o = *s->o;
	struct kept inside = {.n = 0};
	struct doc_digest digest;
	enum reason why = REASON_NONE;
	struct rd der;
	const char *defect = pdf_contents(s->found, &der, &why);
	enum ecert_rc rc;

	if (defect)
		return refused(defect, why, out);
	o.content = keep;
	o.content_ctx = &inside;
	rc = cades_verify(der, -1, &o, out);
	if (rc == ECERT_OK)
		rc = pdf_digest(s, EVP_sha1(), &digest);
	for (size_t i = 0; rc == ECERT_OK && i < (*out)->n; i++) {
		struct doc_signature *sig = &(*out)->signer[i];

		sig->profile = "PDF-CMS";
		if (!inside.longer &&
		    rd_equal(rd_of(inside.value, inside.n), rd_of(digest.value, digest.len)))
			cades_digest_fits(
			    s->o, EVP_sha1(), pdf_relied_at(s->o), true, &sig->report);
		else
			report_add_why(&sig->report, CHK_CONTENT_DIGEST, CHECK_FAILED,
			    REASON_CONTENT_CHANGED, MSG("the content is not what was signed"));
	}
	return rc;
}
