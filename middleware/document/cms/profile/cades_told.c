/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling of content and attributes that are read, and change nothing. */
#include "document/cms/profile/cades_told.h"

#include "document/kind/kind.h"
#include "util/text.h"

#define HEAD 4096 /* enough to see what kind a content is of */

const char *cades_profile(const struct cades_attrs *a)
{
	return !a->n				   ? "CMS without signed attributes"
	       : a->when && cades_attrs_has_ess(a) ? "CAdES-B-B"
						   : "CMS";
}

static bool is_signature(const struct cades_source *s)
{
	uint8_t head[HEAD];
	size_t n = 0;

	if (OBJ_obj2nid(CMS_get0_eContentType(s->cms)) == NID_pkcs7_signed)
		return true;
	if (!s->streamed)
		return s->content.n && doc_kind_bytes(s->content) == DOC_KIND_CMS;
	if (cades_stream_head(&s->stream, head, sizeof head, &n) != ECERT_OK)
		return false;
	return n && doc_kind_bytes(rd_of(head, n)) == DOC_KIND_CMS;
}

void cades_tell_content(const struct cades_source *s, struct report *rep)
{
	if ((s->streamed || s->content.p) && is_signature(s))
		report_add(rep, CHK_CONTENT, CHECK_SKIPPED,
		    MSG("what is signed is itself a signature, of which nothing was looked at: "
			"take "
			"it out with --extract, and verify it"));
}

void cades_tell_signed(CMS_SignerInfo *si, struct report *rep)
{
	/* Adobe's RevocationInfoArchival. */
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.840.113583.1.1.8", 1);

	if (oid && CMS_signed_get_attr_by_OBJ(si, oid, -1) >= 0)
		report_add(rep, CHK_REVOCATION_NOT_USED, CHECK_SKIPPED,
		    MSG("the signer has put revocation information into the signature, which is "
			"not used"));
	ASN1_OBJECT_free(oid);
}

/* SHA-1 and MD5 can be forged; 224 bits are no more recommended (TS 119 312). NULL: no doubt;
 * since: from which day on there is one. */
static const char *doubt_of(const struct doc_verify_options *o, const EVP_MD *md, time_t at,
    char since[16], enum reason *reason)
{
	enum algorithm a = algorithm_of_digest(md);
	time_t end = algorithm_ended(o->algorithms, a, at);

	*reason = REASON_NONE;
	since[0] = 0;
	/* One that is not in the table is as good as its length. */
	if (a == ALGORITHM_OTHER && EVP_MD_get_size(md) < 28) {
		*reason = REASON_ALGORITHM_OLD;
		return MSG_ID("it fits, but {digest} is too old to rely on: whoever wants to can "
			      "make another file with the same digest");
	}
	if (!end)
		return NULL;
	(void)text_day(end, since);
	*reason = a == ALGORITHM_SHA224 ? REASON_DIGEST_SHORT : REASON_ALGORITHM_OLD;
	if (EVP_MD_get_size(md) < 28)
		return MSG_ID("it fits, but {digest} is too old to rely on since {since}: whoever "
			      "wants to can make another file with the same digest");
	if (a == ALGORITHM_SHA224)
		return MSG_ID("it fits, but {digest} is shorter than the 256 bits that are asked "
			      "for since {since}");
	return MSG_ID("it fits, but {digest} is not relied on since {since}");
}

void cades_digest_fits(const struct doc_verify_options *o, const EVP_MD *md, time_t at,
    bool is_signed, struct report *rep)
{
	enum reason reason = REASON_NONE;
	char since[16] = "";
	const char *why = doubt_of(o, md, at, since, &reason);
	const char *name = EVP_MD_get0_name(md);

	if (!why && !is_signed)
		report_add(rep, CHK_CONTENT_DIGEST, CHECK_SKIPPED,
		    MSG("none is signed: the signature is over the content itself"));
	else
		report_add_why(rep, CHK_CONTENT_DIGEST, why ? reason_state(reason) : CHECK_OK,
		    reason,
		    why ? MSG(why, P_TEXT("digest", name), P_TEXT("since", since))
			: MSG("{digest}", P_TEXT("digest", name)));
}
