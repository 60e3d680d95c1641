/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparing signed algorithm identifiers with those that a SignerInfo has. */
#include "document/cms/profile/cades_protect.h"

#include "document/ber.h"
#include "document/cert.h"
#include "document/cms/cades_attrs.h"
#include "util/buf.h"
#include "util/tlv.h"

/* An identifier without parameters and one with NULL say the same (RFC 5754, 2). */
static bool parameters_alike(const X509_ALGOR *a, const X509_ALGOR *b)
{
	X509_ALGOR *x = X509_ALGOR_dup(a), *y = X509_ALGOR_dup(b);
	X509_ALGOR *both[] = {x, y};
	const ASN1_OBJECT *oid;
	int type = V_ASN1_UNDEF;
	bool same;

	for (size_t i = 0; x && y && i < 2; i++) {
		X509_ALGOR_get0(&oid, &type, NULL, both[i]);
		if (type == V_ASN1_NULL)
			(void)X509_ALGOR_set0(both[i], OBJ_dup(oid), V_ASN1_UNDEF, NULL);
	}
	same = x && y && X509_ALGOR_cmp(x, y) == 0;
	X509_ALGOR_free(x);
	X509_ALGOR_free(y);
	return same;
}

/* The kind of key that an algorithm names, alone or with a digest, which has to be md then. */
static int key_of(const X509_ALGOR *alg, int md)
{
	const ASN1_OBJECT *oid = NULL;
	int digest = NID_undef, key = NID_undef;

	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	if (OBJ_find_sigid_algs(OBJ_obj2nid(oid), &digest, &key) != 1)
		return OBJ_obj2nid(oid);
	/* RSASSA-PSS has its digest in its parameters. */
	return digest == NID_undef ? NID_undef : digest == md ? key : NID_undef;
}

/* RSA is called by the key's name or by one that has the digest in it (RFC 3370, 3.2), and makers
 * use both in one file. */
static bool same_signature(const X509_ALGOR *a, const X509_ALGOR *b, const X509_ALGOR *digest)
{
	const ASN1_OBJECT *oid = NULL;
	int key;

	if (parameters_alike(a, b))
		return true;
	X509_ALGOR_get0(&oid, NULL, NULL, digest);
	key = key_of(a, OBJ_obj2nid(oid));
	return key == NID_rsaEncryption && key == key_of(b, OBJ_obj2nid(oid));
}

static X509_ALGOR *read_alg(struct rd value)
{
	struct buf der = BUF_INIT(65536);
	const unsigned char *p;
	X509_ALGOR *alg;

	tlv_put(&der, 0x30, value);
	p = buf_view(&der).p;
	alg = buf_rc(&der) == ECERT_OK ? d2i_X509_ALGOR(NULL, &p, (long)buf_len(&der)) : NULL;
	buf_free(&der);
	return alg;
}

/* CMSAlgorithmProtection ::= SEQUENCE { digestAlgorithm, [1] signatureAlgorithm }; a MAC has [2].
 */
static bool value_fits(CMS_SignerInfo *si, struct rd der)
{
	X509_ALGOR *digest = NULL, *signature = NULL, *d, *s;
	struct rd seq, digest_of, signature_of;
	bool fits;

	if (ber_expect(&der, 0x30, &seq) != ECERT_OK || !rd_empty(&der) ||
	    ber_expect(&seq, 0x30, &digest_of) != ECERT_OK ||
	    ber_expect(&seq, 0xA1, &signature_of) != ECERT_OK || !rd_empty(&seq))
		return false;
	CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, &signature);
	d = read_alg(digest_of);
	s = read_alg(signature_of);
	fits = d && s && parameters_alike(d, digest) && same_signature(s, signature, digest);
	X509_ALGOR_free(d);
	X509_ALGOR_free(s);
	return fits;
}

bool cades_protect_fits(CMS_SignerInfo *si)
{
	/* 1.2.840.113549.1.9.52 */
	static const uint8_t protection[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 52};
	struct rd type = rd_of(protection, sizeof protection);
	int at = cades_attrs_at(si, type, -1);
	bool fits = at < 0;

	if (at >= 0 && cades_attrs_at(si, type, at) < 0) {
		X509_ATTRIBUTE *a = CMS_signed_get_attr(si, at);
		const ASN1_TYPE *t = X509_ATTRIBUTE_count(a) == 1 ? X509_ATTRIBUTE_get0_type(a, 0)
								  : NULL;

		fits = t && t->type == V_ASN1_SEQUENCE &&
		       value_fits(si, rd_of(ASN1_STRING_get0_data(t->value.asn1_string),
					  (size_t)ASN1_STRING_length(t->value.asn1_string)));
	}
	errors_forget();
	return fits;
}
