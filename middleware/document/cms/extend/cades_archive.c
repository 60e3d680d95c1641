/* SPDX-License-Identifier: BSD-2-Clause */
/* The hash index of what there is, and a time stamp of the signature with it. */
#include "document/cms/extend/cades_archive.h"

#include <openssl/evp.h>

#include "document/ber.h"
#include "document/extend/lacking.h"
#include "util/tlv.h"

/* id-sha256 in an AlgorithmIdentifier without parameters (RFC 5754, 2). */
static const uint8_t alg_sha256[] = {0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1};
/* id-aa-ets-archiveTimestampV3, id-aa-ATSHashIndex-v3. */
static const uint8_t archive_v3[] = {0x06, 6, 0x04, 0, 0x8D, 0x45, 2, 4};
static const uint8_t hash_index_v3[] = {0x06, 7, 0x04, 0, 0x81, 0x95, 0x32, 1, 5};

/* An OCTET STRING with the hash of a with b behind it. */
static void put_hash(struct buf *out, struct rd a, struct rd b)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
	    EVP_DigestUpdate(ctx, a.p, a.n) == 1 && EVP_DigestUpdate(ctx, b.p, b.n) == 1 &&
	    EVP_DigestFinal_ex(ctx, digest, &n) == 1)
		tlv_put(out, 0x04, rd_of(digest, n));
	else
		buf_fail(out, ECERT_E_CRYPTO);
	EVP_MD_CTX_free(ctx);
}

/* A SEQUENCE with the hash of each of a list. */
static void put_hashes(struct buf *out, struct rd list)
{
	struct buf all = BUF_INIT(CADES_MAX_SIZE);
	struct ber b;

	while (ber_next(&list, &b) == ECERT_OK)
		put_hash(&all, b.whole, rd_of(NULL, 0));
	if (list.n)
		buf_fail(&all, ECERT_E_MALFORMED);
	if (buf_rc(&all) != ECERT_OK)
		buf_fail(out, buf_rc(&all));
	tlv_put(out, 0x30, buf_view(&all));
	buf_free(&all);
}

/* 5.5.2: type and value of every value of every unsigned attribute. */
static void put_values(struct buf *out, struct rd attributes)
{
	struct buf all = BUF_INIT(CADES_MAX_SIZE);
	struct cades_values w = {.attributes = attributes};
	struct rd type, value;

	while (cades_values_next(&w, &type, &value))
		put_hash(&all, type, value);
	if (w.attributes.n || w.values.n)
		buf_fail(&all, ECERT_E_MALFORMED);
	if (buf_rc(&all) != ECERT_OK)
		buf_fail(out, buf_rc(&all));
	tlv_put(out, 0x30, buf_view(&all));
	buf_free(&all);
}

static enum ecert_rc make_index(
    const struct cades_parts *doc, const struct cades_signer_parts *s, struct buf *out)
{
	struct buf body = BUF_INIT(CADES_MAX_SIZE);
	enum ecert_rc rc;

	buf_put(&body, alg_sha256, sizeof alg_sha256);
	put_hashes(&body, doc->certs);
	put_hashes(&body, doc->crls);
	put_values(&body, s->attributes);
	rc = buf_rc(&body);
	tlv_put(out, 0x30, buf_view(&body));
	buf_free(&body);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

/* The token with its index among the unsigned attributes. */
static enum ecert_rc put_index(struct rd token, struct rd index, struct buf *out)
{
	struct cades_addition a;
	enum ecert_rc rc;

	cades_addition_init(&a);
	cades_put_attribute(&a.attributes[0], rd_of(hash_index_v3, sizeof hash_index_v3), index);
	rc = buf_rc(&a.attributes[0]);
	if (rc == ECERT_OK)
		rc = cades_remake(token, NULL, &a, doc_keep_part, out);
	cades_addition_free(&a);
	return rc;
}

enum ecert_rc cades_archive(const struct cades_parts *doc, size_t i, struct rd content,
    const struct doc_extend_options *o, struct buf *out)
{
	struct buf index = BUF_INIT(CADES_MAX_SIZE), data = BUF_INIT(CADES_MAX_SIZE),
		   token = BUF_INIT(CADES_MAX_SIZE), whole = BUF_INIT(CADES_MAX_SIZE);
	struct cades_signer_parts s;
	enum ecert_rc rc = cades_parts_signer(doc, i, &s) ? ECERT_OK : ECERT_E_MALFORMED;

	if (rc == ECERT_OK)
		rc = make_index(doc, &s, &index);
	/* 5.5.3: in this order. */
	buf_rd(&data, doc->type);
	buf_rd(&data, content);
	buf_rd(&data, s.fields);
	buf_rd(&data, buf_view(&index));
	if (rc == ECERT_OK)
		rc = buf_rc(&data);
	if (rc == ECERT_OK)
		rc = o->stamp(o->stamp_ctx, buf_view(&data), &token);
	if (rc == ECERT_OK && !buf_len(&token))
		rc = ECERT_E_NO_SERVICE;
	if (rc == ECERT_OK)
		rc = put_index(buf_view(&token), buf_view(&index), &whole);
	if (rc == ECERT_OK) {
		cades_put_attribute(out, rd_of(archive_v3, sizeof archive_v3), buf_view(&whole));
		rc = buf_rc(out);
	}
	buf_free(&index);
	buf_free(&data);
	buf_free(&token);
	buf_free(&whole);
	return rc;
}
