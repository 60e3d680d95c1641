/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed attributes of CAdES signatures. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "document/cms/cades_attrs.h"
#include "document/cms/profile/cades_protect.h"
#include "document/cert.h"
#include "util/tlv.h"

/* Honest signatures have a dozen; putting a million into order takes minutes. */
#define MAX_ATTRIBUTES 256
#define DEEP	       128

/* The value of an attribute that is there once with one value (RFC 5652, 11); NULL otherwise. */
static const ASN1_TYPE *single(CMS_SignerInfo *si, int nid)
{
	int at = CMS_signed_get_attr_by_NID(si, nid, -1);
	X509_ATTRIBUTE *a;

	if (at < 0 || CMS_signed_get_attr_by_NID(si, nid, at) >= 0)
		return NULL;
	a = CMS_signed_get_attr(si, at);
	return X509_ATTRIBUTE_count(a) == 1 ? X509_ATTRIBUTE_get0_type(a, 0) : NULL;
}

static struct rd string_of(const ASN1_TYPE *t, int type)
{
	if (!t || t->type != type)
		return rd_of(NULL, 0);
	return rd_of(ASN1_STRING_get0_data(t->value.asn1_string),
	    (size_t)ASN1_STRING_length(t->value.asn1_string));
}

/* want NULL: a counter-signature, which has none (RFC 5652, 11.4): what was signed as a document
 * shall not pass as one. */
static bool content_type_is(CMS_SignerInfo *si, const ASN1_OBJECT *want)
{
	const ASN1_TYPE *t = single(si, NID_pkcs9_contentType);

	if (!want)
		return CMS_signed_get_attr_by_NID(si, NID_pkcs9_contentType, -1) < 0;
	return t && t->type == V_ASN1_OBJECT && OBJ_cmp(t->value.object, want) == 0;
}

/* Empty with *doubled when there is more than one. */
static struct rd sequence_once(CMS_SignerInfo *si, int nid, bool *doubled)
{
	struct rd value = string_of(single(si, nid), V_ASN1_SEQUENCE);

	if (!value.n && CMS_signed_get_attr_by_NID(si, nid, -1) >= 0)
		*doubled = true;
	return value;
}

static time_t time_of(CMS_SignerInfo *si)
{
	const ASN1_TYPE *t = single(si, NID_pkcs9_signingTime);
	time_t when = 0;

	if (t && (t->type == V_ASN1_UTCTIME || t->type == V_ASN1_GENERALIZEDTIME) &&
	    asn1_time_get(t->value.asn1_string, &when) != ECERT_OK)
		when = 0;
	return when;
}

/* Of the shortest tag and length. */
static size_t head_size(uint32_t tag, size_t n)
{
	size_t size = tag > 0xFFFF ? 4 : tag > 0xFF ? 3 : 2;

	if (n > 0x7F)
		for (; n; n >>= 8)
			size++;
	return size;
}

/* Minimal, definite lengths all the way down, no strings in pieces (X.690, 10.1, 10.2). */
static bool is_der(struct rd all, unsigned depth)
{
	struct tlv t;

	while (!rd_empty(&all)) {
		size_t before = all.n;
		uint8_t first = all.p[0];

		if (depth == 0 || tlv_next(&all, &t) != ECERT_OK ||
		    head_size(t.tag, t.value.n) + t.value.n != before - all.n)
			return false;
		if (!(first & 0x20))
			continue;
		/* Of the universal ones SEQUENCE and SET alone are made of others. */
		if ((!(first & 0xC0) && (first & 0x1E) != 0x10) || !is_der(t.value, depth - 1))
			return false;
	}
	return true;
}

struct encoded {
	unsigned char *der;
	int n;
	int at; /* where it was */
};

static int by_der(const void *a, const void *b)
{
	const struct encoded *x = a, *y = b;

	return rd_order(rd_of(x->der, (size_t)x->n), rd_of(y->der, (size_t)y->n));
}

/* Those of the list, in its order, in the place of the n that si has. */
static bool rearrange(CMS_SignerInfo *si, const struct encoded *list, int n)
{
	X509_ATTRIBUTE **was = calloc((size_t)n, sizeof *was);
	bool good = was;

	for (int i = 0; good && i < n; i++)
		was[i] = CMS_signed_delete_attr(si, 0);
	for (int i = 0; good && i < n; i++)
		good = CMS_signed_add1_attr(si, was[list[i].at]) == 1;
	for (int i = 0; was && i < n; i++)
		X509_ATTRIBUTE_free(was[i]);
	free(was);
	return good;
}

/* The head of a SET with n bytes; where those go, NULL where they have no room. */
static uint8_t *set_head(struct cades_attrs *a, size_t n)
{
	uint8_t *to = a->set;

	if (n > sizeof a->set - 4)
		return NULL;
	*to++ = 0x31;
	if (n > 0x7F)
		*to++ = n > 0xFF ? 0x82 : 0x81;
	if (n > 0xFF)
		*to++ = (uint8_t)(n >> 8);
	*to++ = (uint8_t)n;
	a->set_n = (size_t)(to - a->set) + n;
	return to;
}

/* As cades_attrs_der has them. */
static void keep_set(struct cades_attrs *a, const struct encoded *list)
{
	uint8_t *to;
	size_t n = 0;

	for (int i = 0; i < a->n; i++)
		n += (size_t)list[i].n;
	to = set_head(a, n);
	for (int i = 0; to && i < a->n; i++) {
		memcpy(to, list[i].der, (size_t)list[i].n);
		to += list[i].n;
	}
}

static bool is_type(const ASN1_OBJECT *o, struct rd value)
{
	return !rd_order(rd_of(OBJ_get0_data(o), OBJ_length(o)), value);
}

/* The value is what OpenSSL has, of the kinds that it encodes again as they came: a SEQUENCE, which
 * it keeps whole, and strings. */
static bool is_value(const ASN1_TYPE *had, struct rd whole, const struct tlv *t)
{
	if (!had)
		return false;
	if (t->tag == 0x06 && had->type == V_ASN1_OBJECT)
		return is_type(had->value.object, t->value);
	if (t->tag != 0x30 && t->tag != 0x04 && t->tag != 0x17 && t->tag != 0x18)
		return false;
	return had->type == (int)(t->tag & 0x1F) &&
	       !rd_order(string_of(had, had->type), t->tag == 0x30 ? whole : t->value);
}

/* The Attribute (RFC 5652, 5.3) that OpenSSL has, with one value: a SET OF cannot have that in the
 * wrong order. */
static bool is_that(X509_ATTRIBUTE *had, struct rd attribute)
{
	struct rd value, type, rest;
	struct tlv t;

	if (X509_ATTRIBUTE_count(had) != 1 || tlv_expect(&attribute, 0x06, &type) != ECERT_OK ||
	    !is_type(X509_ATTRIBUTE_get0_object(had), type) ||
	    tlv_only(attribute, 0x31, &value) != ECERT_OK)
		return false;
	rest = value;
	return tlv_next(&rest, &t) == ECERT_OK && rd_empty(&rest) &&
	       is_value(X509_ATTRIBUTE_get0_type(had, 0), value, &t);
}

/* What put_in_order comes to for nearly all, without encoding them: they are what stands in the
 * document, in DER and in order. False: not seen to be so. */
static bool keep_raw(CMS_SignerInfo *si, struct rd raw, struct cades_attrs *a)
{
	struct rd rest = raw, before = rd_of(NULL, 0);
	uint8_t *to;

	for (int i = 0; i < a->n; i++) {
		struct rd one = rest, fields;

		if (tlv_expect(&rest, 0x30, &fields) != ECERT_OK)
			return false;
		one.n -= rest.n;
		if (!is_that(CMS_signed_get_attr(si, i), fields) || rd_order(before, one) > 0)
			return false;
		before = one;
	}
	if (!rd_empty(&rest) || !is_der(raw, DEEP))
		return false;
	to = set_head(a, raw.n);
	if (to)
		memcpy(to, raw.p, raw.n);
	return to;
}

/* X.690, 11.6: a SET OF in ascending order of its elements. True when it is DER then. */
static bool put_in_order(CMS_SignerInfo *si, struct cades_attrs *a)
{
	struct encoded *list = calloc((size_t)a->n, sizeof *list);
	bool good = list;

	for (int i = 0; good && i < a->n; i++) {
		list[i].at = i;
		list[i].n = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &list[i].der);
		good = list[i].n > 0 && is_der(rd_of(list[i].der, (size_t)list[i].n), DEEP);
		a->unordered = a->unordered ||
			       (good && i > 0 && by_der(&list[i - 1], &list[i]) > 0);
	}
	if (good && a->unordered) {
		qsort(list, (size_t)a->n, sizeof *list, by_der);
		good = rearrange(si, list, a->n);
	}
	if (good)
		keep_set(a, list);
	for (int i = 0; list && i < a->n; i++)
		OPENSSL_free(list[i].der);
	free(list);
	return good;
}

enum ecert_rc cades_attrs_der(const CMS_SignerInfo *si, struct buf *out)
{
	struct buf all = BUF_INIT(out->max);
	enum ecert_rc rc = ECERT_OK;

	for (int i = 0; rc == ECERT_OK && i < CMS_signed_get_attr_count(si); i++) {
		unsigned char *der = NULL;
		int n = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &der);

		rc = n > 0 ? ECERT_OK : ECERT_E_MALFORMED;
		if (rc == ECERT_OK)
			buf_put(&all, der, (size_t)n);
		OPENSSL_free(der);
	}
	tlv_put(out, 0x31, buf_view(&all));
	rc = rc == ECERT_OK ? buf_rc(&all) : rc;
	buf_free(&all);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

int cades_attrs_at(const CMS_SignerInfo *si, struct rd type, int behind)
{
	for (int i = behind + 1; i < CMS_signed_get_attr_count(si); i++) {
		const ASN1_OBJECT *o = X509_ATTRIBUTE_get0_object(CMS_signed_get_attr(si, i));

		if (OBJ_length(o) == type.n && !memcmp(OBJ_get0_data(o), type.p, type.n))
			return i;
	}
	return -1;
}

static const char *defect(CMS_SignerInfo *si, const ASN1_OBJECT *content_type, int nid,
    struct rd raw, struct cades_attrs *a, enum reason *reason)
{
	bool der;

	/* OpenSSL's own -cades check lets this pass, and it is the way to pass off signed data
	 * as a document. */
	*reason = REASON_ATTRIBUTES_MISSING;
	if (a->n <= 0)
		return MSG_ID("the signature has no signed attributes");
	*reason = REASON_ATTRIBUTES_BAD;
	if (a->n > MAX_ATTRIBUTES)
		return MSG_ID("there are more of them than are looked at");
	der = keep_raw(si, raw, a) || put_in_order(si, a);
	a->digest = string_of(single(si, NID_pkcs9_messageDigest), V_ASN1_OCTET_STRING);
	a->when = time_of(si);
	a->ess_v1 = sequence_once(si, NID_id_smime_aa_signingCertificate, &a->ess_doubled);
	a->ess_v2 = sequence_once(si, NID_id_smime_aa_signingCertificateV2, &a->ess_doubled);
	if (!der)
		return MSG_ID(
		    "they are not in DER, over which alone a signature counts (RFC 5652, 5.4)");
	if (!content_type_is(si, content_type))
		return content_type ? MSG_ID("contentType is missing, doubled or not the content's")
				    : MSG_ID("contentType is there, which a counter-signature must "
					     "not have (RFC 5652, 11.4)");
	if (!a->digest.n)
		return MSG_ID("messageDigest is missing or doubled");
	if (a->ess_doubled)
		return MSG_ID("signingCertificate is doubled");
	/* RFC 5652, 11.3: once, with one value. */
	if (!a->when && CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1) >= 0)
		return MSG_ID("signingTime is doubled or not a time");
	if (!cades_protect_fits(si))
		return MSG_ID("CMSAlgorithmProtection names other algorithms than the signature "
			      "does (RFC 6211)");
	/* EN 319 122-1, 6.3: id-data. Time stamps, receipts and programs are SignedData, too. */
	*reason = REASON_CONTENT_TYPE;
	if (content_type && OBJ_obj2nid(content_type) != nid &&
	    (nid != NID_pkcs7_data || OBJ_obj2nid(content_type) != NID_pkcs7_signed))
		return MSG_ID("what is signed is not a document (id-data) but of the type {type}");
	/* RFC 3161, 2.4.2 asks for it; of documents only CAdES does. */
	*reason = REASON_ATTRIBUTES_MISSING;
	if (nid != NID_pkcs7_data && !cades_attrs_has_ess(a))
		return MSG_ID("signingCertificate is missing");
	return NULL;
}

/* What is signed, and of which profile that is: CMS alone asks for two of them (RFC 5652, 11), PDF
 * forbids the time, CAdES asks for all. */
static const char *profile(const struct cades_attrs *a, bool counter)
{
	static const char *const of_counter[2][2] = {
	    {MSG_ID("messageDigest is signed: CMS, not CAdES; no time is among them"),
		MSG_ID("messageDigest and signingTime are signed: CMS, not CAdES")},
	    {MSG_ID("messageDigest and signingCertificate are signed; no time is among them"),
		MSG_ID("messageDigest, signingTime and signingCertificate are signed")}};
	static const char *const words[2][2] = {
	    {MSG_ID(
		 "contentType and messageDigest are signed: CMS, not CAdES; no time is among them"),
		MSG_ID("contentType, messageDigest and signingTime are signed: CMS, not CAdES")},
	    {MSG_ID("contentType, messageDigest and signingCertificate are signed; no time is "
		    "among them"),
		MSG_ID("contentType, messageDigest, signingTime and signingCertificate are "
		       "signed")}};

	return (counter ? of_counter : words)[cades_attrs_has_ess(a)][a->when != 0];
}

bool cades_attrs_has_ess(const struct cades_attrs *a)
{
	return a->ess_v1.n || a->ess_v2.n;
}

static bool read_attrs(CMS_SignerInfo *si, const ASN1_OBJECT *content_type, int nid, struct rd raw,
    struct cades_attrs *out, struct report *rep)
{
	enum reason reason = REASON_NONE;
	const char *why;
	char type[80] = "";

	memset(out, 0, offsetof(struct cades_attrs, set));
	out->n = CMS_signed_get_attr_count(si);
	out->n = out->n < 0 ? 0 : out->n;
	out->counter = !content_type;
	out->raw = raw;
	why = defect(si, content_type, nid, raw, out, &reason);
	if (why && reason == REASON_CONTENT_TYPE)
		(void)OBJ_obj2txt(type, sizeof type, content_type, 0);
	errors_forget();
	report_add_why(rep, CHK_SIGNED_ATTRIBUTES, why ? reason_state(reason) : CHECK_OK,
	    why ? reason : REASON_NONE,
	    why ? MSG(why, P_TEXT("type", type)) : MSG(profile(out, !content_type)));
	return !why;
}

bool cades_attrs_read(CMS_SignerInfo *si, const ASN1_OBJECT *content_type, struct rd raw,
    struct cades_attrs *out, struct report *rep)
{
	return read_attrs(si, content_type, NID_pkcs7_data, raw, out, rep);
}

bool cades_attrs_read_token(CMS_SignerInfo *si, const ASN1_OBJECT *content_type,
    struct cades_attrs *out, struct report *rep)
{
	return read_attrs(si, content_type, NID_id_smime_ct_TSTInfo, rd_of(NULL, 0), out, rep);
}
