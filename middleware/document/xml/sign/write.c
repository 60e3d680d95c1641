/* SPDX-License-Identifier: BSD-2-Clause */
/* Exclusive canonical form (XML-EXC-C14N, 3) by construction: no blanks between elements, each one
 * with an end tag, attributes in their order, a namespace declared where it is used first below the
 * element that is digested, also where an element around has declared it. */
#include "document/xml/sign/write.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "document/xml/algs.h"
#include "document/xml/extend/values.h"
#include "document/xml/names.h"

#define PART_MAX (8u << 20)
#define DS	 " xmlns:ds=\"" XMLN_DSIG "\""
#define SIG	 " xmlns:sig=\"" XMLN_UBL_SIG "\""
#define XADES	 " xmlns:xades=\"" XMLN_XADES132 "\""

/* One signature under way. */
struct work {
	const struct doc_signer *s;
	const struct doc_sign_options *o;
	enum doc_sig_alg alg;
	const char *md;
	char id[40]; /* what all its Ids begin with */
	bool ubl;
};

static void put_method(struct buf *out, const char *begin, const char *uri, const char *end)
{
	buf_str(out, begin);
	buf_str(out, " Algorithm=\"");
	buf_str(out, uri ? uri : "");
	buf_str(out, "\">");
	buf_str(out, end);
}

static void put_b64(struct buf *out, const char *begin, struct rd bytes, const char *end)
{
	buf_str(out, begin);
	b64_put(out, bytes);
	buf_str(out, end);
}

static void put_transform(struct buf *out, const char *uri, const char *inside)
{
	put_method(out, "<ds:Transform", uri, inside);
	buf_str(out, "</ds:Transform>");
}

/* Other signatures may be added: none of them is in what is digested. */
static void put_transforms(struct buf *out, enum xades_how how)
{
	if (how == XADES_AS_IT_IS)
		return;
	buf_str(out, "<ds:Transforms>");
	if (how == XADES_ENVELOPED || how == XADES_ENVELOPED_UBL) {
		put_transform(out, XMLN_ENVELOPED, "");
		put_transform(out, XMLN_XPATH,
		    how == XADES_ENVELOPED
			? "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>"
			: "<ds:XPath>not(ancestor-or-self::sig:UBLDocumentSignatures)</ds:XPath>");
	}
	put_transform(out, XMLN_EXC, "");
	buf_str(out, "</ds:Transforms>");
}

static void put_digest(struct buf *out, const char *md, struct rd digest, const char *decl)
{
	buf_str(out, "<ds:DigestMethod");
	buf_str(out, decl);
	put_method(out, "", xml_digest_uri(md), "</ds:DigestMethod><ds:DigestValue");
	buf_str(out, decl);
	put_b64(out, ">", digest, "</ds:DigestValue>");
}

static void put_reference(
    const struct work *w, const struct xades_reference *r, size_t i, struct buf *out)
{
	char head[96];

	(void)snprintf(head, sizeof head, "<ds:Reference Id=\"%s-r%zu\"", w->id, i);
	buf_str(out, head);
	if (!r->media)
		buf_str(out, " Type=\"" XMLN_TYPE_COUNTER "\"");
	buf_str(out, " URI=\"");
	buf_str(out, r->uri);
	buf_str(out, "\">");
	put_transforms(out, r->how);
	put_digest(out, w->md, rd_of(r->digest.value, r->digest.len), "");
	buf_str(out, "</ds:Reference>");
}

static enum xml_family family_of(enum doc_sig_alg alg)
{
	return alg == DOC_RS256 ? XML_RSA : alg == DOC_PS256 ? XML_RSA_PSS : XML_ECDSA;
}

/* The prefix in an XPath is no use of a namespace that would keep it in the canonical form: there
 * it is named. */
static void put_signed_info(const struct work *w, const struct xades_reference *v, size_t n,
    struct rd properties, struct buf *out)
{
	const struct xml_signing *method = xml_signing_for(family_of(w->alg), w->md);

	buf_str(out, w->ubl ? "<ds:SignedInfo" DS SIG ">" : "<ds:SignedInfo" DS ">");
	put_method(out, "<ds:CanonicalizationMethod", XMLN_EXC,
	    w->ubl ? "<ec:InclusiveNamespaces xmlns:ec=\"" XMLN_EXC_C14N
		     "\" PrefixList=\"sig\"></ec:InclusiveNamespaces>"
		     "</ds:CanonicalizationMethod>"
		   : "</ds:CanonicalizationMethod>");
	put_method(
	    out, "<ds:SignatureMethod", method ? method->uri : NULL, "</ds:SignatureMethod>");
	for (size_t i = 0; i < n; i++)
		put_reference(w, &v[i], i + 1, out);
	buf_str(out, "<ds:Reference Type=\"" XMLN_TYPE_PROPERTIES "\" URI=\"#");
	buf_str(out, w->id);
	buf_str(out, "-properties\">");
	put_transforms(out, XADES_CANONICAL);
	put_digest(out, w->md, properties, "");
	buf_str(out, "</ds:Reference></ds:SignedInfo>");
}

/* EN 319 132-1, 5.2.2: which certificate. */
static enum ecert_rc put_certificate(const struct work *w, struct buf *out)
{
	struct buf issuer = BUF_INIT(PART_MAX / 2);
	uint8_t digest[EVP_MAX_MD_SIZE];
	size_t n = sizeof digest;
	X509 *x = NULL;
	enum ecert_rc rc = cert_parse(w->s->cert, &x);

	if (rc == ECERT_OK)
		rc = cert_issuer_serial(x, &issuer);
	if (rc == ECERT_OK &&
	    EVP_Q_digest(NULL, w->md, NULL, w->s->cert.p, w->s->cert.n, digest, &n) != 1)
		rc = ECERT_E_CRYPTO;
	buf_str(out, "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>");
	put_digest(out, w->md, rd_of(digest, n), DS);
	put_b64(out, "</xades:CertDigest><xades:IssuerSerialV2>", buf_view(&issuer),
	    "</xades:IssuerSerialV2></xades:Cert></xades:SigningCertificateV2>");
	X509_free(x);
	buf_free(&issuer);
	return rc;
}

/* 5.2.4: what kind of thing each data object is. */
static void put_formats(
    const struct work *w, const struct xades_reference *v, size_t n, struct buf *out)
{
	char head[128];

	buf_str(out, "<xades:SignedDataObjectProperties>");
	for (size_t i = 0; i < n; i++) {
		if (!v[i].media)
			continue;
		(void)snprintf(head, sizeof head,
		    "<xades:DataObjectFormat ObjectReference=\"#%s-r%zu\"><xades:MimeType>", w->id,
		    i + 1);
		buf_str(out, head);
		buf_str(out, v[i].media);
		buf_str(out, "</xades:MimeType></xades:DataObjectFormat>");
	}
	buf_str(out, "</xades:SignedDataObjectProperties>");
}

static enum ecert_rc put_properties(
    const struct work *w, const struct xades_reference *v, size_t n, struct buf *out)
{
	char when[32];
	struct tm tm;
	enum ecert_rc rc = ECERT_OK;

	if (!gmtime_r(&w->o->now, &tm) || tm.tm_year < 0 || tm.tm_year > 8099 ||
	    !strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm))
		return ECERT_E_ARG;
	buf_str(out, "<xades:SignedProperties" XADES " Id=\"");
	buf_str(out, w->id);
	buf_str(out, "-properties\"><xades:SignedSignatureProperties><xades:SigningTime>");
	buf_str(out, when);
	buf_str(out, "</xades:SigningTime>");
	rc = put_certificate(w, out);
	buf_str(out, "</xades:SignedSignatureProperties>");
	put_formats(w, v, n, out);
	buf_str(out, "</xades:SignedProperties>");
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

/* ds:SignatureValue, as time stamps and later signatures digest it. */
static enum ecert_rc put_value(const struct work *w, struct rd signed_info, struct buf *out)
{
	struct buf raw = BUF_INIT(1024);
	enum ecert_rc rc = doc_sign_message(w->s, w->alg, signed_info, &raw);

	buf_str(out, "<ds:SignatureValue" DS " Id=\"");
	buf_str(out, w->id);
	put_b64(out, "-value\">", buf_view(&raw), "</ds:SignatureValue>");
	buf_free(&raw);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

static void put_key(const struct doc_signer *s, struct buf *out)
{
	put_b64(
	    out, "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>", s->cert, "</ds:X509Certificate>");
	for (size_t i = 0; i < s->chain_n; i++) {
		bool seen = rd_equal(s->chain[i], s->cert);

		for (size_t k = 0; k < i; k++)
			seen = seen || rd_equal(s->chain[k], s->chain[i]);
		if (!seen)
			put_b64(out, "<ds:X509Certificate>", s->chain[i], "</ds:X509Certificate>");
	}
	buf_str(out, "</ds:X509Data></ds:KeyInfo>");
}

/* 5.3: nothing when nobody gave a time stamp. */
static enum ecert_rc put_stamp(const struct work *w, struct rd value, struct buf *out)
{
	struct buf token = BUF_INIT(PART_MAX / 8);
	enum ecert_rc rc = ECERT_OK;
	char name[48];

	if (w->o->stamp)
		rc = w->o->stamp(w->o->stamp_ctx, value, &token);
	if (rc == ECERT_OK && buf_len(&token)) {
		(void)snprintf(name, sizeof name, "%s-stamp", w->id);
		buf_str(out, "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>");
		xades_put_stamp(out, name, buf_view(&token));
		buf_str(out, "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>");
	}
	buf_free(&token);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

static enum ecert_rc put_all(const struct work *w, struct rd signed_info, struct rd value,
    struct rd properties, struct buf *out)
{
	enum ecert_rc rc;

	buf_str(out, w->ubl ? "<ds:Signature" DS SIG " Id=\"" : "<ds:Signature" DS " Id=\"");
	buf_str(out, w->id);
	buf_str(out, "\">");
	buf_rd(out, signed_info);
	buf_rd(out, value);
	put_key(w->s, out);
	buf_str(out, "<ds:Object><xades:QualifyingProperties" XADES " Target=\"#");
	buf_str(out, w->id);
	buf_str(out, "\">");
	buf_rd(out, properties);
	rc = put_stamp(w, value, out);
	buf_str(out, "</xades:QualifyingProperties></ds:Object></ds:Signature>");
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

enum ecert_rc xades_write(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct xades_reference *v, size_t n, struct buf *out)
{
	struct work w = {.s = s, .o = o, .alg = o->alg ? o->alg : doc_sig_for_key(s->key)};
	struct buf properties = BUF_INIT(PART_MAX), info = BUF_INIT(PART_MAX);
	struct buf value = BUF_INIT(PART_MAX);
	uint8_t digest[EVP_MAX_MD_SIZE];
	size_t len = sizeof digest;
	struct rd r;
	enum ecert_rc rc;

	w.md = doc_sig_digest(w.alg);
	/* Verifiers of XML know Ed25519 even less than those of CMS. */
	if (!w.md || !doc_sig_fits(w.alg, s->key))
		return ECERT_E_KEY_TYPE;
	for (size_t i = 0; i < n; i++)
		w.ubl = w.ubl || v[i].how == XADES_ENVELOPED_UBL;
	rc = xades_new_id(w.id);
	if (rc == ECERT_OK)
		rc = put_properties(&w, v, n, &properties);
	r = buf_view(&properties);
	if (rc == ECERT_OK && EVP_Q_digest(NULL, w.md, NULL, r.p, r.n, digest, &len) != 1)
		rc = ECERT_E_CRYPTO;
	if (rc == ECERT_OK) {
		put_signed_info(&w, v, n, rd_of(digest, len), &info);
		rc = buf_rc(&info);
	}
	if (rc == ECERT_OK)
		rc = put_value(&w, buf_view(&info), &value);
	if (rc == ECERT_OK)
		rc = put_all(&w, buf_view(&info), buf_view(&value), buf_view(&properties), out);
	buf_free(&properties);
	buf_free(&info);
	buf_free(&value);
	ERR_clear_error();
	return rc;
}
