/* SPDX-License-Identifier: BSD-2-Clause */
/* The hash index of an archive time stamp, read and compared with the document. */
#include "document/cms/stamp/cades_index.h"

#include "document/ber.h"
#include "document/digest.h"
#include "util/message.h"
#include "util/tlv.h"

/* Hashes of one kind; an index of more is not looked at, as the document has no more than 256. */
#define MOST 512

/* A digest that can still be relied on; NULL: unknown or too old. */
static const EVP_MD *digest_by_oid(struct rd oid)
{
	const EVP_MD *md = digest_of_oid(oid);

	return md && !(EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF) && EVP_MD_get_size(md) >= 28 ? md
											    : NULL;
}

const char *cades_index_read(struct rd der, struct cades_index *out)
{
	struct rd seq, alg, oid;

	*out = (struct cades_index){.der = der};
	if (tlv_only(der, 0x30, &seq) != ECERT_OK || tlv_expect(&seq, 0x30, &alg) != ECERT_OK ||
	    tlv_expect(&alg, 0x06, &oid) != ECERT_OK ||
	    tlv_expect(&seq, 0x30, &out->certs) != ECERT_OK ||
	    tlv_expect(&seq, 0x30, &out->crls) != ECERT_OK ||
	    tlv_expect(&seq, 0x30, &out->values) != ECERT_OK || rd_end(&seq) != ECERT_OK)
		return MSG_ID("its hash index cannot be read");
	out->md = digest_by_oid(oid);
	return out->md
		   ? NULL
		   : MSG_ID("its hash index is by a digest that is unknown, or too old to rely on");
}

static bool digest_two(
    const EVP_MD *md, struct rd a, struct rd b, uint8_t out[EVP_MAX_MD_SIZE], size_t *n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned got = 0;
	bool ok = ctx && EVP_DigestInit_ex(ctx, md, NULL) == 1 &&
		  EVP_DigestUpdate(ctx, a.p, a.n) == 1 && EVP_DigestUpdate(ctx, b.p, b.n) == 1 &&
		  EVP_DigestFinal_ex(ctx, out, &got) == 1;

	EVP_MD_CTX_free(ctx);
	*n = got;
	return ok;
}

bool cades_index_has(const struct cades_index *x, struct rd list, struct rd a, struct rd b)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	struct rd hash;
	size_t n = 0;

	if (!x->md || !digest_two(x->md, a, b, digest, &n))
		return false;
	while (tlv_expect(&list, 0x04, &hash) == ECERT_OK)
		if (rd_equal(hash, rd_of(digest, n)))
			return true;
	return false;
}

/* The hashes of what is in the document, to be compared with those of the index. */
struct hashes {
	const EVP_MD *md;
	size_t n;
	bool full;
	uint8_t v[MOST][EVP_MAX_MD_SIZE];
};

static void add(struct hashes *h, struct rd a, struct rd b)
{
	size_t n;

	h->full = h->full || h->n == MOST;
	if (!h->full && digest_two(h->md, a, b, h->v[h->n], &n))
		h->n++;
}

static void add_each(struct hashes *h, struct rd list)
{
	struct ber b;

	h->n = 0;
	while (ber_next(&list, &b) == ECERT_OK)
		add(h, b.whole, rd_of(NULL, 0));
}

static void add_values(struct hashes *h, struct rd attributes)
{
	struct cades_values w = {.attributes = attributes};
	struct rd type, value;

	h->n = 0;
	while (cades_values_next(&w, &type, &value))
		add(h, type, value);
}

static bool all_there(const struct hashes *h, struct rd list)
{
	size_t size = (size_t)EVP_MD_get_size(h->md);
	struct rd hash;
	unsigned count = 0;

	while (!rd_empty(&list)) {
		bool found = false;

		if (tlv_expect(&list, 0x04, &hash) != ECERT_OK || ++count > h->n)
			return false;
		for (size_t i = 0; i < h->n && !found; i++)
			found = rd_equal(hash, rd_of(h->v[i], size));
		if (!found)
			return false;
	}
	return !h->full;
}

const char *cades_index_misfit(
    const struct cades_index *x, const struct cades_parts *doc, struct rd attributes)
{
	struct hashes *h = OPENSSL_zalloc(sizeof *h);
	const char *why = NULL;

	if (!h)
		return MSG_ID("memory is out");
	h->md = x->md;
	add_each(h, doc->certs);
	if (!all_there(h, x->certs))
		why = MSG_ID("a certificate that it covers is not there, or was changed");
	add_each(h, doc->crls);
	if (!why && !all_there(h, x->crls))
		why = MSG_ID("a CRL or OCSP response that it covers is not there, or was changed");
	add_values(h, attributes);
	if (!why && !all_there(h, x->values))
		why = MSG_ID("an unsigned attribute that it covers is not there, or was changed");
	OPENSSL_free(h);
	return why;
}

bool cades_index_imprint(const EVP_MD *md, struct rd type, struct rd content, struct rd fields,
    struct rd index, uint8_t out[EVP_MAX_MD_SIZE], size_t *n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned got = 0;
	bool ok = ctx && EVP_DigestInit_ex(ctx, md, NULL) == 1 &&
		  EVP_DigestUpdate(ctx, type.p, type.n) == 1 &&
		  EVP_DigestUpdate(ctx, content.p, content.n) == 1 &&
		  EVP_DigestUpdate(ctx, fields.p, fields.n) == 1 &&
		  EVP_DigestUpdate(ctx, index.p, index.n) == 1 &&
		  EVP_DigestFinal_ex(ctx, out, &got) == 1;

	EVP_MD_CTX_free(ctx);
	*n = got;
	return ok;
}
