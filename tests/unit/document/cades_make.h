/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures that OpenSSL's own commands do not make: other attributes, and signatures over
 * signatures. */
#ifndef ECERT_TESTS_CADES_MAKE_H
#define ECERT_TESTS_CADES_MAKE_H

#include "cades_fix.h"

#include "document/ber.h"
#include "util/tlv.h"

static inline CMS_SignerInfo *info_of(CMS_ContentInfo *cms)
{
	return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
}

static inline int by_bytes(const void *a, const void *b)
{
	struct rd x = buf_view(a), y = buf_view(b);
	int c = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return c ? c : (x.n > y.n) - (x.n < y.n);
}

/* Signs again what the signed attributes are now (RFC 5652, 5.4). */
static inline void sign_again(CMS_SignerInfo *si, struct pki_id *id)
{
	struct buf list[16], all = BUF_INIT(65536), set = BUF_INIT(65536);
	int n = CMS_signed_get_attr_count(si);
	uint8_t sig[512];
	size_t len = sizeof sig;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	X509_ALGOR *alg = NULL;
	const ASN1_OBJECT *oid = NULL;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &alg, NULL);
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	assert_true(n > 0 && n <= 16);
	for (int i = 0; i < n; i++) {
		unsigned char *der = NULL;
		int size = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &der);

		buf_init(&list[i], 65536);
		buf_put(&list[i], der, (size_t)size);
		OPENSSL_free(der);
	}
	qsort(list, (size_t)n, sizeof list[0], by_bytes);
	for (int i = 0; i < n; i++) {
		buf_rd(&all, buf_view(&list[i]));
		buf_free(&list[i]);
	}
	tlv_put(&set, 0x31, buf_view(&all));
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_get_digestbyobj(oid), NULL, id->key), 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, &len, buf_view(&set).p, buf_len(&set)), 1);
	assert_int_equal(
	    ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(si), sig, (int)len), 1);
	EVP_MD_CTX_free(ctx);
	buf_free(&all);
	buf_free(&set);
}

static inline void drop_signed(CMS_SignerInfo *si, int nid)
{
	int at = CMS_signed_get_attr_by_NID(si, nid, -1);

	assert_true(at >= 0);
	X509_ATTRIBUTE_free(CMS_signed_delete_attr(si, at));
}

static inline void add_signed(CMS_SignerInfo *si, const char *oid, const uint8_t *der, size_t n)
{
	ASN1_OBJECT *o = OBJ_txt2obj(oid, 1);

	assert_int_equal(CMS_signed_add1_attr_by_OBJ(si, o, V_ASN1_SEQUENCE, der, (int)n), 1);
	ASN1_OBJECT_free(o);
}

/* The SignerInfo of a SignedData, as it stands in the file. */
static inline void info_der(CMS_ContentInfo *cms, struct buf *out)
{
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(cms, &der);
	struct rd all = rd_of(der, (size_t)n), info, type, tagged, data, set = rd_of(NULL, 0);
	struct ber b;

	assert_int_equal(ber_expect(&all, 0x30, &info), ECERT_OK);
	assert_int_equal(ber_expect(&info, 6, &type), ECERT_OK);
	assert_int_equal(ber_expect(&info, 0xA0, &tagged), ECERT_OK);
	assert_int_equal(ber_expect(&tagged, 0x30, &data), ECERT_OK);
	while (ber_next(&data, &b) == ECERT_OK)
		if (b.tag == 0x31)
			set = b.value;
	buf_rd(out, set);
	OPENSSL_free(der);
}

/* A signature of `id` over these bytes, without contentType as counter-signatures are. */
static inline CMS_ContentInfo *over(struct pki_id *id, struct rd value, bool with_type)
{
	const unsigned f = CMS_DETACHED | CMS_CADES | CMS_BINARY | CMS_NOSMIMECAP;
	BIO *in = BIO_new_mem_buf(value.p, (int)value.n);
	CMS_ContentInfo *cms = CMS_sign(id->cert, id->key, NULL, in, f);

	assert_non_null(cms);
	BIO_free(in);
	if (!with_type) {
		drop_signed(info_of(cms), NID_pkcs9_contentType);
		sign_again(info_of(cms), id);
	}
	return cms;
}

static inline struct rd value_of(CMS_SignerInfo *si)
{
	ASN1_OCTET_STRING *s = CMS_SignerInfo_get0_signature(si);

	return rd_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
}

/* Puts the counter-signature beside the signature. Takes counter. */
static inline void attach(CMS_SignerInfo *si, CMS_ContentInfo *counter)
{
	struct buf der = BUF_INIT(65536);

	info_der(counter, &der);
	assert_int_equal(CMS_unsigned_add1_attr_by_NID(si, NID_pkcs9_countersignature,
			     V_ASN1_SEQUENCE, buf_view(&der).p, (int)buf_len(&der)),
	    1);
	buf_free(&der);
	CMS_ContentInfo_free(counter);
}

#endif
