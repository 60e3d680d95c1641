/* SPDX-License-Identifier: BSD-2-Clause */
/* Counter-signatures: signatures over the value of another one (RFC 5652, 11.4). */
#include <openssl/err.h>
#include <stdlib.h>

#include "document/cms/form/cades_limits.h"
#include "document/cert.h"
#include "document/cms/cades_value.h"
#include "document/cms/profile/cades_counter.h"
#include "document/cms/profile/cades_told.h"
#include "document/cms/profile/cades_whose.h"
#include "util/tlv.h"

#define MAX_COUNTERS 16	 /* in a document, as signers */
#define CLOCK_SKEW   300 /* as of signers */
#define MAX_DEPTH    4

/* As the sentences below say. */
_Static_assert(MAX_COUNTERS == 16 && MAX_DEPTH == 4, "limits in words");

static void wrap(struct buf *b, uint32_t tag)
{
	struct buf whole = BUF_INIT(DOC_SIGNATURE_MAX);

	tlv_put(&whole, tag, buf_view(b));
	buf_reset(b);
	buf_rd(b, buf_view(&whole));
	buf_free(&whole);
}

/* OpenSSL reads no SignerInfo alone: a SignedData around it, which has nothing else. */
static CMS_ContentInfo *read_info(struct rd info)
{
	static const uint8_t head[] = {2, 1, 1, 0x31, 0};
	static const uint8_t id_data[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1};
	static const uint8_t id_signed[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
	struct buf b = BUF_INIT(DOC_SIGNATURE_MAX), all = BUF_INIT(DOC_SIGNATURE_MAX);
	CMS_ContentInfo *cms = NULL;
	const unsigned char *p;

	buf_put(&b, head, sizeof head);
	tlv_put(&b, 0x30, rd_of(id_data, sizeof id_data));
	tlv_put(&b, 0x31, info);
	wrap(&b, 0x30);
	wrap(&b, 0xA0);
	buf_put(&all, id_signed, sizeof id_signed);
	buf_rd(&all, buf_view(&b));
	wrap(&all, 0x30);
	p = buf_view(&all).p;
	if (buf_rc(&b) == ECERT_OK && buf_rc(&all) == ECERT_OK &&
	    !cades_limits_defect(buf_view(&all)))
		cms = d2i_CMS_ContentInfo(NULL, &p, (long)buf_len(&all));
	buf_free(&b);
	buf_free(&all);
	ERR_clear_error();
	return cms;
}

static bool digest_of_value(const EVP_MD *md, CMS_SignerInfo *si, struct doc_digest *out)
{
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(si);
	unsigned n = 0;
	bool good = md && EVP_Digest(ASN1_STRING_get0_data(value),
			      (size_t)ASN1_STRING_length(value), out->value, &n, md, NULL) == 1;

	out->len = good ? n : 0;
	return good;
}

/* "content digest": the content is the value of the signature that it is about. */
static void check_digest(const struct cades_counted *j, const EVP_MD *md, struct rd digest,
    const struct cades_attrs *a, struct report *rep)
{
	if (!digest.n)
		report_add_why(rep, CHK_CONTENT_DIGEST, reason_state(REASON_ALGORITHM_UNKNOWN),
		    REASON_ALGORITHM_UNKNOWN, MSG("the digest algorithm is unknown"));
	else if (a->n && !rd_equal(a->digest, digest))
		report_add_why(rep, CHK_CONTENT_DIGEST, CHECK_FAILED, REASON_CONTENT_CHANGED,
		    MSG("it is about another signature than the one that it stands with"));
	else
		cades_digest_fits(j->o, md, j->o->now, a->n > 0, rep);
}

/* What the path of a counter-signer's certificate depends on. */
struct counter_path {
	const struct cades_counted *j;
	time_t when; /* 0: claimed by nobody, or ahead of our clock */
};

static enum ecert_rc check_path(void *ctx, X509 *cert, struct report *rep)
{
	const struct counter_path *p = ctx;
	const struct doc_verify_options *o = p->j->o;
	struct doc_path_query q = {.leaf = cert,
	    .others = p->j->certs,
	    .crls = p->j->crls,
	    .at = p->when ? p->when : o->now,
	    .now = o->now,
	    .unclaimed = !p->when};

	if (o->path && o->path->check)
		o->path->check(o->path->ctx, &q, rep);
	else
		report_add_why(rep, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
	return ECERT_OK;
}

/* The certificate, the value and the path. */
static enum ecert_rc check_signed(const struct cades_counted *j, CMS_SignerInfo *si,
    const struct cades_attrs *a, struct rd digest, struct doc_signature *s)
{
	bool ahead = a->when > j->o->now + CLOCK_SKEW;
	struct counter_path path = {.j = j, .when = ahead ? 0 : a->when};
	const EVP_MD *md = cades_value_digest(si);
	struct cades_whose whose = {.si = si,
	    .a = a,
	    .certs = j->certs,
	    .path = j->o->path,
	    .content = digest,
	    .judge = check_path,
	    .ctx = &path};
	X509 *cert = NULL;
	enum ecert_rc rc = cades_whose_cert(&whose, &cert);

	if (!cert) {
		cades_whose_missing(&s->report);
		return rc;
	}
	cades_attrs_check_cert(a, cert, &s->report);
	cades_value_check(si, a, cert, md, digest, j->o, &s->report);
	if (rc == ECERT_OK)
		rc = cert_der(cert, &s->cert);
	if (rc == ECERT_OK && identity_of(cert, &s->who) != ECERT_OK)
		report_add(
		    &s->report, CHK_SIGNER, CHECK_FAILED, MSG("the certificate cannot be read"));
	if (ahead)
		report_add_why(&s->report, CHK_SIGNING_TIME, CHECK_FAILED, REASON_SIGNED_IN_FUTURE,
		    MSG("it lies in the future"));
	return rc == ECERT_OK ? check_path(&path, cert, &s->report) : rc;
}

static enum ecert_rc check_one(struct cades_counted *j, CMS_SignerInfo *over, CMS_SignerInfo *si,
    struct doc_signature *s, unsigned depth)
{
	const EVP_MD *md = cades_value_digest(si);
	struct doc_digest digest = {.len = 0};
	struct cades_attrs a;
	enum ecert_rc rc;

	buf_init(&s->cert, 65536);
	report_init(&s->report);
	cades_value_name(si, s->algorithm, sizeof s->algorithm);
	(void)cades_attrs_read(si, NULL, rd_of(NULL, 0), &a, &s->report);
	s->when = a.when;
	s->profile = cades_profile(&a);
	(void)digest_of_value(md, over, &digest);
	check_digest(j, md, rd_of(digest.value, digest.len), &a, &s->report);
	rc = check_signed(j, si, &a, rd_of(digest.value, digest.len), s);
	return rc == ECERT_OK ? cades_counter_check(j, si, s, depth + 1) : rc;
}

/* The value as a SignerInfo; what is none is told. */
static enum ecert_rc check_value(struct cades_counted *j, CMS_SignerInfo *over,
    const ASN1_TYPE *value, struct doc_signature *s, unsigned depth)
{
	CMS_ContentInfo *cms = NULL;
	enum ecert_rc rc = ECERT_OK;

	if (value && value->type == V_ASN1_SEQUENCE)
		cms = read_info(rd_of(ASN1_STRING_get0_data(value->value.asn1_string),
		    (size_t)ASN1_STRING_length(value->value.asn1_string)));
	if (cms && sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) == 1) {
		rc = check_one(
		    j, over, sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0), s, depth);
	} else {
		buf_init(&s->cert, 65536);
		report_init(&s->report);
		report_add_why(&s->report, CHK_STRUCTURE, CHECK_FAILED, REASON_NOT_A_SIGNATURE,
		    MSG("it cannot be read"));
	}
	CMS_ContentInfo_free(cms);
	return rc;
}

/* The i-th value of all such attributes; NULL behind the last one, *there says which. */
static const ASN1_TYPE *nth(CMS_SignerInfo *si, size_t i, bool *there)
{
	int at = -1;

	while ((at = CMS_unsigned_get_attr_by_NID(si, NID_pkcs9_countersignature, at)) >= 0) {
		X509_ATTRIBUTE *a = CMS_unsigned_get_attr(si, at);
		size_t n = (size_t)X509_ATTRIBUTE_count(a);

		*there = i < n;
		if (*there)
			return X509_ATTRIBUTE_get0_type(a, (int)i);
		i -= n;
	}
	*there = false;
	return NULL;
}

/* n: in the document; most: looked at of them. */
static void say_how_many(struct report *rep, size_t n, size_t most)
{
	if (most == n)
		report_add(rep, CHK_COUNTER_SIGNATURE, CHECK_SKIPPED,
		    MSG_N("there is {n}, with a verdict of its own, on which this one does not "
			  "depend",
			"there are {n}, each with a verdict of its own, on which this one does not "
			"depend",
			n));
	else if (!most)
		report_add(rep, CHK_COUNTER_SIGNATURE, CHECK_SKIPPED,
		    MSG_N("there is one, which was not looked at: no more than 16 of a document "
			  "are, and four one behind another",
			"there are {n}, none of which was looked at: no more than 16 of a document "
			"are, and four one behind another",
			n));
	else
		report_add(rep, CHK_COUNTER_SIGNATURE, CHECK_SKIPPED,
		    MSG_N("there are {all}, of which one was looked at: no more than 16 of a "
			  "document are, and four one behind another",
			"there are {all}, of which {n} were looked at: no more than 16 of a "
			"document are, and four one behind another",
			most, P_NUMBER("all", n)));
}

enum ecert_rc cades_counter_check(
    struct cades_counted *j, CMS_SignerInfo *si, struct doc_signature *s, unsigned depth)
{
	size_t n = 0, most;
	bool there = false;
	enum ecert_rc rc = ECERT_OK;

	for (; nth(si, n, &there) || there;)
		n++;
	if (!n && CMS_unsigned_get_attr_by_NID(si, NID_pkcs9_countersignature, -1) >= 0)
		report_add(&s->report, CHK_COUNTER_SIGNATURE, CHECK_SKIPPED,
		    MSG("there is an attribute for them that holds none"));
	if (!n)
		return ECERT_OK;
	most = depth < MAX_DEPTH ? MAX_COUNTERS - j->n : 0;
	most = n < most ? n : most;
	say_how_many(&s->report, n, most);
	s->counters_left = n - most;
	s->counter = most ? calloc(most, sizeof *s->counter) : NULL;
	if (most && !s->counter)
		return ECERT_E_MEMORY;
	j->n += (unsigned)most;
	for (size_t i = 0; rc == ECERT_OK && i < most; i++) {
		s->counters++;
		rc = check_value(j, si, nth(si, i, &there), &s->counter[i], depth);
	}
	return rc;
}
