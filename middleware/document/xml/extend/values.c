/* SPDX-License-Identifier: BSD-2-Clause */
/* SignatureTimeStamp, CertificateValues, RevocationValues, TimeStampValidationData. */
#include "document/xml/extend/values.h"

#include <openssl/rand.h>
#include <stdio.h>

#include "document/cert.h"
#include "document/xml/names.h"
#include "util/hex.h"

#define DS     " xmlns:ds=\"" XMLN_DSIG "\""
#define XADES  " xmlns:xades=\"" XMLN_XADES132 "\""
#define XADES4 " xmlns:xades141=\"" XMLN_XADES141 "\""

enum ecert_rc xades_new_id(char id[40])
{
	uint8_t random[16];
	char digits[33];

	if (RAND_bytes(random, sizeof random) != 1)
		return ECERT_E_CRYPTO;
	hex_str(rd_of(random, sizeof random), digits);
	(void)snprintf(id, 40, "xades-%s", digits);
	return ECERT_OK;
}

void xades_put_stamp(struct buf *out, const char *id, struct rd token)
{
	buf_str(out, "<xades:SignatureTimeStamp" DS XADES " Id=\"");
	buf_str(out, id);
	buf_str(out, "\"><ds:CanonicalizationMethod Algorithm=\"" XMLN_EXC
		     "\"></ds:CanonicalizationMethod><xades:EncapsulatedTimeStamp>");
	b64_put(out, token);
	buf_str(out, "</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>");
}

/* ---- values ---- */
/* Some of what is brought: whose it is, and of which kind. */
struct part {
	const struct doc_extend_options *o;
	size_t signer;
	bool own, stamps; /* for the signer's certificate; for its time stamps */
};

static bool is_of(const struct part *p, const struct doc_material *m)
{
	return m->signer == p->signer && (m->stamp ? p->stamps : p->own);
}

/* The i-th is of it, and no earlier one is the same. */
static bool is_new(const struct part *p, size_t i, enum doc_brought_kind kind)
{
	const struct doc_material *v = p->o->material;

	if (!is_of(p, &v[i]) || v[i].what.kind != kind)
		return false;
	for (size_t k = 0; k < i; k++)
		if (is_of(p, &v[k]) && v[k].what.kind == kind &&
		    rd_equal(v[k].what.der, v[i].what.der))
			return false;
	return true;
}

static bool has(const struct part *p, enum doc_brought_kind kind)
{
	for (size_t i = 0; i < p->o->material_n; i++)
		if (is_new(p, i, kind))
			return true;
	return false;
}

static void put_kind(const struct part *p, enum doc_brought_kind kind, const char *list,
    const char *one, struct buf *out)
{
	if (!has(p, kind))
		return;
	if (list) {
		buf_str(out, "<xades:");
		buf_str(out, list);
		buf_str(out, ">");
	}
	for (size_t i = 0; i < p->o->material_n; i++) {
		if (!is_new(p, i, kind))
			continue;
		buf_str(out, "<xades:");
		buf_str(out, one);
		buf_str(out, ">");
		b64_put(out, p->o->material[i].what.der);
		buf_str(out, "</xades:");
		buf_str(out, one);
		buf_str(out, ">");
	}
	if (list) {
		buf_str(out, "</xades:");
		buf_str(out, list);
		buf_str(out, ">");
	}
}

/* Both properties, of which each is left out when there is nothing for it. */
static void put_both(const struct part *p, struct buf *out)
{
	if (has(p, DOC_BROUGHT_CERT)) {
		buf_str(out, "<xades:CertificateValues" XADES ">");
		put_kind(p, DOC_BROUGHT_CERT, NULL, "EncapsulatedX509Certificate", out);
		buf_str(out, "</xades:CertificateValues>");
	}
	if (!has(p, DOC_BROUGHT_CRL) && !has(p, DOC_BROUGHT_OCSP))
		return;
	buf_str(out, "<xades:RevocationValues" XADES ">");
	put_kind(p, DOC_BROUGHT_CRL, "CRLValues", "EncapsulatedCRLValue", out);
	put_kind(p, DOC_BROUGHT_OCSP, "OCSPValues", "EncapsulatedOCSPValue", out);
	buf_str(out, "</xades:RevocationValues>");
}

enum ecert_rc xades_put_values(const struct doc_extend_options *o, size_t signer, bool values,
    struct rd stamp_id, struct buf *out)
{
	const struct part own = {o, signer, true, false}, rest = {o, signer, values, true};
	char id[40];
	enum ecert_rc rc;

	if (!values)
		put_both(&own, out);
	if (!has(&rest, DOC_BROUGHT_CERT) && !has(&rest, DOC_BROUGHT_CRL) &&
	    !has(&rest, DOC_BROUGHT_OCSP))
		return buf_rc(out);
	rc = xades_new_id(id);
	if (rc != ECERT_OK)
		return rc;
	buf_str(out, "<xades141:TimeStampValidationData" XADES4 " Id=\"");
	buf_str(out, id);
	if (stamp_id.n) {
		buf_str(out, "\" URI=\"#");
		buf_rd(out, stamp_id);
	}
	buf_str(out, "\">");
	put_both(&rest, out);
	buf_str(out, "</xades141:TimeStampValidationData>");
	return buf_rc(out);
}
