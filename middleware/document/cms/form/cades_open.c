/* SPDX-License-Identifier: BSD-2-Clause */
/* A SignedData without its certificates (RFC 5652, 5.1), and those out of a table. */
#include "document/cms/form/cades_open.h"

#include <string.h>

#include "document/ber.h"
#include "document/cert.h"

#define SEQUENCE 0x30
#define SET	 0x31

/* What stands around the certificates, from outside in, and they themselves; what signerInfos has.
 */
struct around {
	struct ber info, tagged, data, certs;
	struct rd signers;
};

static bool next_is(struct rd *r, uint8_t tag, struct ber *out)
{
	return ber_next(r, out) == ECERT_OK && out->tag == tag;
}

/* False: there are none where they belong, once, so that there is nothing to take out. */
static bool find(struct rd der, struct around *a)
{
	static const uint8_t id_signed[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
	struct rd info, tagged, data;
	struct ber skip;

	if (!next_is(&der, SEQUENCE, &a->info))
		return false;
	info = a->info.value;
	if (!next_is(&info, 0x06, &skip) ||
	    !rd_equal(skip.whole, rd_of(id_signed, sizeof id_signed)) ||
	    !next_is(&info, 0xA0, &a->tagged))
		return false;
	tagged = a->tagged.value;
	if (!next_is(&tagged, SEQUENCE, &a->data))
		return false;
	data = a->data.value;
	if (!next_is(&data, 0x02, &skip) || !next_is(&data, SET, &skip) ||
	    !next_is(&data, SEQUENCE, &skip) || !next_is(&data, 0xA0, &a->certs) ||
	    ber_next(&data, &skip) != ECERT_OK || skip.tag == 0xA0)
		return false;
	a->signers = skip.tag == SET || next_is(&data, SET, &skip) ? skip.value : rd_of(NULL, 0);
	return true;
}

/* The length in a copy of what is around, for contents that are `less` bytes shorter, in as many
 * bytes: BER allows a length that is longer than it need be. */
static void shorten(uint8_t *copy, struct rd der, const struct ber *b, size_t less)
{
	uint8_t *head = copy + (b->whole.p - der.p);
	size_t n = (size_t)(b->value.p - b->whole.p), len = b->value.n - less;

	if (n == 2 && head[1] != 0x80) /* else it has no length, or a longer one */
		head[1] = (uint8_t)len;
	for (size_t i = n; i > 2; i--, len >>= 8)
		head[i - 1] = (uint8_t)len;
}

/* Each one whole; false: OpenSSL would refuse one, or it is of another kind than X.509. */
static bool take_each(struct rd list, struct doc_certs *known, struct cades_opened *out)
{
	struct ber b;
	enum ecert_rc rc;

	out->certs = sk_X509_new_null();
	while (out->certs && (rc = ber_next(&list, &b)) == ECERT_OK) {
		X509 *x = b.tag == SEQUENCE ? doc_certs_get(known, b.whole) : NULL;

		if (!x || sk_X509_push(out->certs, x) <= 0) {
			X509_free(x);
			return false;
		}
	}
	return out->certs && rc == ECERT_E_NOT_FOUND;
}

static bool open_apart(struct rd der, struct doc_certs *known, struct cades_opened *out)
{
	struct around a;
	size_t before, cut, n;
	const unsigned char *p;
	uint8_t *copy;

	if (!find(der, &a) || !take_each(a.certs.value, known, out))
		return false;
	before = (size_t)(a.certs.whole.p - der.p);
	cut = a.certs.whole.n;
	n = a.info.whole.n - cut;
	copy = OPENSSL_malloc(n);
	if (!copy)
		return false;
	memcpy(copy, der.p, before);
	memcpy(copy + before, der.p + before + cut, n - before);
	shorten(copy, der, &a.info, cut);
	shorten(copy, der, &a.tagged, cut);
	shorten(copy, der, &a.data, cut);
	p = copy;
	out->cms = d2i_CMS_ContentInfo(NULL, &p, (long)n);
	if (p != copy + n) {
		CMS_ContentInfo_free(out->cms);
		out->cms = NULL;
	}
	out->used = a.info.whole.n;
	out->signers = a.signers;
	OPENSSL_free(copy);
	return out->cms;
}

bool cades_open(struct rd der, struct doc_certs *known, struct cades_opened *out)
{
	const unsigned char *p = der.p;

	memset(out, 0, sizeof *out);
	if (open_apart(der, known, out))
		return true;
	/* Whatever it is, it is read as it would have been. */
	cades_opened_free(out);
	out->cms = der.n ? d2i_CMS_ContentInfo(NULL, &p, (long)der.n) : NULL;
	out->certs = out->cms ? CMS_get1_certs(out->cms) : NULL;
	out->used = (size_t)(p - der.p);
	errors_forget();
	return out->cms;
}

struct rd cades_opened_attrs(const struct cades_opened *o, size_t i)
{
	struct rd signers = o->signers;
	struct ber info = {.tag = 0}, b;

	for (size_t k = 0; k <= i; k++)
		if (!next_is(&signers, SEQUENCE, &info))
			return rd_of(NULL, 0);
	/* version, sid, digestAlgorithm (RFC 5652, 5.3) */
	for (int k = 0; k < 3; k++)
		if (ber_next(&info.value, &b) != ECERT_OK)
			return rd_of(NULL, 0);
	return next_is(&info.value, 0xA0, &b) ? b.value : rd_of(NULL, 0);
}

void cades_opened_free(struct cades_opened *o)
{
	CMS_ContentInfo_free(o->cms);
	sk_X509_pop_free(o->certs, X509_free);
	memset(o, 0, sizeof *o);
	errors_forget();
}
