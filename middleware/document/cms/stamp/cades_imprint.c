/* SPDX-License-Identifier: BSD-2-Clause */
/* Imprints of time stamps (EN 319 122-1, 5.2.8, 5.3 and 5.5.3), and their order. */
#include "document/cms/stamp/cades_imprint.h"

#include "document/cms/stamp/cades_stamp.h"

static bool imprint_of_signature(const struct cades_stamp *t, const struct cades_stamped *of)
{
	const ASN1_OCTET_STRING *sig = CMS_SignerInfo_get0_signature(of->si);
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	return EVP_Digest(ASN1_STRING_get0_data(sig), (size_t)ASN1_STRING_length(sig), digest, &n,
		   t->token.md, NULL) == 1 &&
	       rd_equal(t->token.imprint, rd_of(digest, n));
}

static bool imprint_of_archive(
    const struct cades_stamps *s, const struct cades_stamp *t, const struct cades_stamped *of)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	size_t n = 0;

	for (size_t i = 0; i < sizeof of->content / sizeof of->content[0]; i++) {
		struct rd content = of->content[i] ? digest_set_get(of->content[i], t->token.md)
						   : rd_of(NULL, 0);

		if (content.n &&
		    cades_index_imprint(t->token.md, of->doc->type, content, s->signer.fields,
			t->token.index.der, digest, &n) &&
		    rd_equal(t->token.imprint, rd_of(digest, n)))
			return true;
	}
	return false;
}

/* EN 319 122-1, 5.2.8: the content itself, as the digest that is signed is over it. */
static bool imprint_of_content(const struct cades_stamp *t, const struct cades_stamped *of)
{
	for (size_t i = 0; i < sizeof of->content / sizeof of->content[0]; i++) {
		struct rd content = of->content[i] ? digest_set_get(of->content[i], t->token.md)
						   : rd_of(NULL, 0);

		if (content.n && rd_equal(t->token.imprint, content))
			return true;
	}
	return false;
}

static bool is_about(
    const struct cades_stamps *s, const struct cades_stamp *t, const struct cades_stamped *of)
{
	return t->kind == DOC_STAMP_CONTENT   ? imprint_of_content(t, of)
	       : t->kind == DOC_STAMP_ARCHIVE ? imprint_of_archive(s, t, of)
					      : imprint_of_signature(t, of);
}

/* More kinds of digests than are held at once are as good as unknown. */
static bool is_held(const struct cades_stamp *t, const struct cades_stamped *of)
{
	return t->token.md && (t->kind != DOC_STAMP_CONTENT || !of->content[0] ||
				  digest_set_get(of->content[0], t->token.md).n);
}

static void check_imprint(const struct cades_stamps *s, const struct cades_stamp *t,
    const struct cades_stamped *of, struct report *rep)
{
	const EVP_MD *md = t->token.md;
	enum reason reason = REASON_NONE;
	const char *why = "{digest}";

	if (!is_held(t, of)) {
		reason = REASON_ALGORITHM_UNKNOWN;
		why = MSG_ID("its digest algorithm is unknown");
	} else if (!is_about(s, t, of)) {
		reason = REASON_STAMP_OTHER;
		why = cades_stamp_other(t->kind);
	} else if (cades_token_old(of->o, md)) {
		reason = REASON_ALGORITHM_OLD;
		why = MSG_ID("it fits, but {digest} is too old to rely on");
	}
	report_add_why(rep, CHK_IMPRINT, reason ? CHECK_FAILED : CHECK_OK, reason,
	    MSG(why, P_TEXT("digest", md ? EVP_MD_get0_name(md) : "")));
}

/* What an archive time stamp covers is there, and is not younger than it. */
static void check_covered(const struct cades_stamps *s, const struct cades_stamp *t,
    const struct cades_stamped *of, struct report *rep)
{
	const struct cades_index *x = &t->token.index;
	const char *why = x->md ? cades_index_misfit(x, of->doc, s->signer.attributes)
				: MSG_ID("it has no hash index (ats-hash-index-v3)");

	bool old = !why && cades_token_old(of->o, x->md);

	if (old)
		why = MSG_ID("it fits, but {digest} is too old to rely on");
	report_add_why(rep, CHK_HASH_INDEX, why ? CHECK_FAILED : CHECK_OK,
	    old	  ? REASON_ALGORITHM_OLD
	    : why ? REASON_STAMP_INDEX
		  : REASON_NONE,
	    why ? MSG(why, P_TEXT("digest", old ? EVP_MD_get0_name(x->md) : "")) : MSG_EMPTY);
	for (size_t i = 0; !why && i < s->n; i++) {
		const struct cades_stamp *other = &s->v[i];

		if (other == t || other->defect || other->token.when <= t->token.when ||
		    !cades_index_has(x, x->values, other->type, other->value))
			continue;
		report_add_why(rep, CHK_TIME, CHECK_FAILED, REASON_STAMP_ORDER,
		    MSG("it claims a time before that of a time stamp that it covers"));
		return;
	}
}

void cades_imprint_check(const struct cades_stamps *s, const struct cades_stamp *t,
    const struct cades_stamped *of, struct report *rep)
{
	check_imprint(s, t, of, rep);
	if (t->kind == DOC_STAMP_ARCHIVE)
		check_covered(s, t, of, rep);
}
