/* SPDX-License-Identifier: BSD-2-Clause */
/* Time-stamp tokens: SignedData of one signer over a TSTInfo. */
#include "document/cms/stamp/cades_token.h"

#include <openssl/err.h>
#include <string.h>

#include "document/algorithms.h"
#include "document/cert.h"
#include "document/cms/cades_attrs.h"
#include "document/cms/form/cades_limits.h"
#include "document/cms/cades_value.h"
#include "document/cms/profile/cades_whose.h"
#include "util/text.h"

/* ats-hash-index-v3 (EN 319 122-1, 5.5.2), an unsigned attribute of the token. */
#define ATS_HASH_INDEX_V3 "0.4.0.19122.1.5"

static const char unread[] = MSG_ID("it is no time-stamp token, or a damaged one");

static bool extensions_known(TS_TST_INFO *info)
{
	for (int i = 0; i < TS_TST_INFO_get_ext_count(info); i++)
		if (X509_EXTENSION_get_critical(TS_TST_INFO_get_ext(info, i)))
			return false;
	return true;
}

/* TSTInfo (RFC 3161, 2.4.2). */
static const char *read_info(struct cades_token *t)
{
	const unsigned char *p = t->content.p;
	TS_MSG_IMPRINT *imprint;
	const ASN1_OBJECT *oid = NULL;
	const ASN1_OCTET_STRING *bytes;

	t->info = d2i_TS_TST_INFO(NULL, &p, (long)t->content.n);
	if (!t->info || p != t->content.p + t->content.n || TS_TST_INFO_get_version(t->info) != 1)
		return unread;
	imprint = TS_TST_INFO_get_msg_imprint(t->info);
	X509_ALGOR_get0(&oid, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	t->md = EVP_get_digestbyobj(oid);
	if (t->md && (EVP_MD_get_flags(t->md) & EVP_MD_FLAG_XOF))
		t->md = NULL;
	bytes = TS_MSG_IMPRINT_get_msg(imprint);
	t->imprint = rd_of(ASN1_STRING_get0_data(bytes), (size_t)ASN1_STRING_length(bytes));
	if (OBJ_obj2txt(t->policy, sizeof t->policy, TS_TST_INFO_get_policy_id(t->info), 1) <= 0)
		t->policy[0] = 0;
	text_scrub(t->policy);
	if (asn1_time_get(TS_TST_INFO_get_time(t->info), &t->when) != ECERT_OK || t->when <= 0)
		return MSG_ID("its time cannot be read");
	return extensions_known(t->info)
		   ? NULL
		   : MSG_ID("it has a critical extension that is not known here");
}

static CMS_SignerInfo *signer_of(const struct cades_token *t)
{
	return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(t->opened.cms), 0);
}

/* The token's index, when there is one. */
static const char *read_index(struct cades_token *t)
{
	CMS_SignerInfo *si = signer_of(t);
	ASN1_OBJECT *oid = OBJ_txt2obj(ATS_HASH_INDEX_V3, 1);
	int at = oid ? CMS_unsigned_get_attr_by_OBJ(si, oid, -1) : -1;
	bool doubled = at >= 0 && CMS_unsigned_get_attr_by_OBJ(si, oid, at) >= 0;
	X509_ATTRIBUTE *a = at >= 0 ? CMS_unsigned_get_attr(si, at) : NULL;
	const ASN1_TYPE *v = a && !doubled && X509_ATTRIBUTE_count(a) == 1
				 ? X509_ATTRIBUTE_get0_type(a, 0)
				 : NULL;

	ASN1_OBJECT_free(oid);
	if (at < 0)
		return NULL;
	if (!v || v->type != V_ASN1_SEQUENCE)
		return MSG_ID("its hash index cannot be read");
	return cades_index_read(rd_of(ASN1_STRING_get0_data(v->value.sequence),
				    (size_t)ASN1_STRING_length(v->value.sequence)),
	    &t->index);
}

const char *cades_token_read(
    struct rd der, struct doc_certs *known, struct cades_token *t, enum reason *why)
{
	CMS_ContentInfo *cms;
	ASN1_OCTET_STRING **content;
	const char *defect;

	memset(t, 0, sizeof *t);
	*why = REASON_STAMP_UNREADABLE;
	if (cades_limits_defect(der) || !cades_parts_read(der, &t->parts))
		return unread;
	if (!cades_open(der, known, &t->opened) || t->opened.used != der.n)
		return unread;
	cms = t->opened.cms;
	if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
	    OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_id_smime_ct_TSTInfo ||
	    sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) != 1) {
		ERR_clear_error();
		return unread;
	}
	content = CMS_get0_content(cms);
	if (!content || !*content)
		return unread;
	t->content = rd_of(ASN1_STRING_get0_data(*content), (size_t)ASN1_STRING_length(*content));
	defect = read_info(t);
	if (!defect)
		defect = read_index(t);
	ERR_clear_error();
	return defect;
}

void cades_token_free(struct cades_token *t)
{
	TS_TST_INFO_free(t->info);
	cades_opened_free(&t->opened);
	memset(t, 0, sizeof *t);
}

bool cades_token_old(const struct doc_verify_options *o, const EVP_MD *md)
{
	const struct algorithm_rules rules = {o->algorithms, o->now};
	time_t since;

	return algorithm_digest_old(&rules, md, &since);
}

X509 *cades_token_check(struct cades_token *t, const STACK_OF(X509) * more,
    const struct doc_verify_options *o, struct report *rep)
{
	CMS_SignerInfo *si = signer_of(t);
	const EVP_MD *md = cades_value_digest(si);
	uint8_t bytes[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool known = md && EVP_Digest(t->content.p, t->content.n, bytes, &n, md, NULL) == 1;
	struct rd digest = known ? rd_of(bytes, n) : rd_of(NULL, 0);
	enum reason reason = REASON_NONE;
	struct cades_whose whose;
	struct cades_attrs a;
	X509 *cert;

	(void)cades_attrs_read_token(si, CMS_get0_eContentType(t->opened.cms), &a, rep);
	if (!known)
		reason = REASON_ALGORITHM_UNKNOWN;
	else if (!a.digest.n || !rd_equal(a.digest, digest))
		reason = REASON_CONTENT_CHANGED;
	else if (cades_token_old(o, md))
		reason = REASON_ALGORITHM_OLD;
	report_add_why(rep, CHK_CONTENT_DIGEST, reason ? CHECK_FAILED : CHECK_OK, reason,
	    MSG(!reason ? "{digest}"
		: reason == REASON_ALGORITHM_OLD
		    ? MSG_ID("it fits, but {digest} is too old to rely on")
		    : MSG_ID("the token was changed, or its digest is unknown"),
		P_TEXT("digest", md ? EVP_MD_get0_name(md) : "")));
	whose = (struct cades_whose){
	    .si = si, .a = &a, .certs = more, .path = o->path, .content = digest};
	if (cades_whose_cert(&whose, &cert) != ECERT_OK || !cert) {
		report_add_why(rep, CHK_SIGNING_CERTIFICATE,
		    reason_state(REASON_SIGNER_CERT_MISSING), REASON_SIGNER_CERT_MISSING,
		    MSG("the TSA's certificate is neither in the token nor in the document, nor "
			"among those given"));
		return NULL;
	}
	cades_attrs_check_cert(&a, cert, rep);
	/* One without signed attributes names no certificate, and has failed. */
	if (a.n)
		cades_value_check(si, &a, cert, md, digest, o, rep);
	ERR_clear_error();
	return cert;
}
