/* SPDX-License-Identifier: BSD-2-Clause */
/* Collecting what a document brings along. */
#include "document/cms/cades_material.h"

#include <openssl/ocsp.h>
#include <string.h>

#include "document/ber.h"
#include "document/cert.h"
#include "util/tlv.h"

/* id-ri-ocsp-response (RFC 5940, 2.1), whose value is an OCSPResponse, and id-pkix-ocsp-basic,
 * whose value is what is inside one. */
static const uint8_t ri_ocsp[] = {0x06, 8, 0x2B, 6, 1, 5, 5, 7, 16, 2};
static const uint8_t ocsp_basic[] = {0x06, 9, 0x2B, 6, 1, 5, 5, 7, 48, 1, 1};
/* certificate-values and revocation-values (EN 319 122-1, A.1.1.2, A.1.2.2). */
static const uint8_t cert_values[] = {
    0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 23};
static const uint8_t revocation_values[] = {
    0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 24};

static bool is(struct rd a, const uint8_t *oid, size_t n)
{
	return rd_equal(a, rd_of(oid, n));
}

static struct cades_item *next(
    struct cades_material *m, enum cades_place place, struct rd a, struct rd b)
{
	if (m->n == CADES_MATERIAL_MAX)
		return NULL;
	if (m->n == m->room) {
		size_t room = m->room ? 2 * m->room : 16;
		struct cades_item *more = OPENSSL_realloc(m->v, room * sizeof *more);

		m->failed = m->failed || !more;
		if (!more)
			return NULL;
		m->v = more;
		m->room = room;
	}
	m->v[m->n] = (struct cades_item){.place = place, .a = a, .b = b};
	return &m->v[m->n];
}

/* A response whole; taken when it is one. */
static void take_response(struct cades_material *m, struct cades_item *i, struct rd der)
{
	const unsigned char *p = der.p;
	OCSP_RESPONSE *r = i ? d2i_OCSP_RESPONSE(NULL, &p, (long)der.n) : NULL;

	if (r && p == der.p + der.n && (i->ocsp = OPENSSL_memdup(der.p, der.n))) {
		i->ocsp_n = der.n;
		m->n++;
	}
	OCSP_RESPONSE_free(r);
}

/* A BasicOCSPResponse, put into a response of its own. */
static void take_basic(struct cades_material *m, struct cades_item *i, struct rd der)
{
	const unsigned char *p = der.p;
	OCSP_BASICRESP *basic = i ? d2i_OCSP_BASICRESP(NULL, &p, (long)der.n) : NULL;
	OCSP_RESPONSE *r = basic && p == der.p + der.n
			       ? OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic)
			       : NULL;
	int n = r ? i2d_OCSP_RESPONSE(r, &i->ocsp) : 0;

	if (n > 0) {
		i->ocsp_n = (size_t)n;
		m->n++;
	}
	OCSP_RESPONSE_free(r);
	OCSP_BASICRESP_free(basic);
}

static void take_crl(struct cades_material *m, struct cades_item *i, struct rd der)
{
	const unsigned char *p = der.p;

	if (i && (i->crl = d2i_X509_CRL(NULL, &p, (long)der.n)))
		m->n++;
}

static void take_certs(struct cades_material *m, struct rd list, struct rd type, struct rd value,
    struct doc_certs *known)
{
	struct ber b;

	while (ber_next(&list, &b) == ECERT_OK) {
		struct cades_item *i = next(m, PLACE_VALUES, type, value);

		if (i && (i->cert = doc_certs_get(known, b.whole)))
			m->n++;
	}
}

/* OtherRevocationInfoFormat ::= SEQUENCE { type, value }, implicitly tagged [1]. */
static void add_other(struct cades_material *m, struct ber other)
{
	struct rd rest = other.value;
	struct ber type, value;
	struct cades_item *i = next(m, PLACE_CRLS, other.whole, rd_of(NULL, 0));

	if (ber_next(&rest, &type) != ECERT_OK || ber_next(&rest, &value) != ECERT_OK)
		return;
	if (is(type.whole, ri_ocsp, sizeof ri_ocsp))
		take_response(m, i, value.whole);
	else if (is(type.whole, ocsp_basic, sizeof ocsp_basic))
		take_basic(m, i, value.whole);
}

void cades_material_add(
    struct cades_material *m, const struct cades_opened *o, const struct cades_parts *parts)
{
	const STACK_OF(X509) *certs = o->certs;
	STACK_OF(X509_CRL) *crls = CMS_get1_crls(o->cms);
	struct rd list = parts->crls;
	struct ber b;

	for (int i = 0; i < sk_X509_num(certs); i++) {
		struct cades_item *it = next(m, PLACE_CERTS, rd_of(NULL, 0), rd_of(NULL, 0));

		if (it && X509_up_ref(sk_X509_value(certs, i)) == 1) {
			it->cert = sk_X509_value(certs, i);
			m->n++;
		}
	}
	for (int i = 0; i < sk_X509_CRL_num(crls); i++) {
		struct cades_item *it = next(m, PLACE_CRLS, rd_of(NULL, 0), rd_of(NULL, 0));

		if (it && X509_CRL_up_ref(sk_X509_CRL_value(crls, i)) == 1) {
			it->crl = sk_X509_CRL_value(crls, i);
			m->n++;
		}
	}
	while (ber_next(&list, &b) == ECERT_OK)
		if (b.tag == 0xA1)
			add_other(m, b);
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
	errors_forget();
}

typedef void take_fn(struct cades_material *m, struct cades_item *i, struct rd der);

static void take_each(
    struct cades_material *m, struct rd list, take_fn *take, struct rd type, struct rd value)
{
	struct ber b;

	while (ber_next(&list, &b) == ECERT_OK)
		take(m, next(m, PLACE_VALUES, type, value), b.whole);
}

/* RevocationValues ::= SEQUENCE { crlVals [0], ocspVals [1], otherRevVals [2] }, each explicit. */
static void add_revocation_values(struct cades_material *m, struct rd type, struct rd value)
{
	struct rd seq, list, rest = value;
	struct ber b;

	if (ber_expect(&rest, 0x30, &seq) != ECERT_OK)
		return;
	while (ber_next(&seq, &b) == ECERT_OK) {
		struct rd inside = b.value;

		if (b.tag == 0xA0 && ber_expect(&inside, 0x30, &list) == ECERT_OK)
			take_each(m, list, take_crl, type, value);
		else if (b.tag == 0xA1 && ber_expect(&inside, 0x30, &list) == ECERT_OK)
			take_each(m, list, take_basic, type, value);
	}
}

void cades_material_add_values(
    struct cades_material *m, struct rd attributes, struct doc_certs *known)
{
	struct cades_values w = {.attributes = attributes};
	struct rd type, value, rest, list;

	while (cades_values_next(&w, &type, &value)) {
		rest = value;
		if (is(type, revocation_values, sizeof revocation_values))
			add_revocation_values(m, type, value);
		else if (is(type, cert_values, sizeof cert_values) &&
			 ber_expect(&rest, 0x30, &list) == ECERT_OK)
			take_certs(m, list, type, value, known);
	}
	errors_forget();
}

void cades_material_add_brought(struct cades_material *m, const struct doc_verify_options *o)
{
	for (size_t k = 0; k < o->brought_n; k++) {
		const struct doc_brought *b = &o->brought[k];
		struct cades_item *i = next(m, PLACE_VALUES, rd_of(NULL, 0), rd_of(NULL, 0));

		if (i)
			i->around = k + 1;
		if (b->kind == DOC_BROUGHT_CRL)
			take_crl(m, i, b->der);
		else if (b->kind == DOC_BROUGHT_OCSP)
			take_response(m, i, b->der);
		else if (i && (i->cert = doc_certs_get(o->certs, b->der)))
			m->n++;
	}
	errors_forget();
}

void cades_material_free(struct cades_material *m)
{
	for (size_t i = 0; i < m->n; i++) {
		X509_free(m->v[i].cert);
		X509_CRL_free(m->v[i].crl);
		OPENSSL_free(m->v[i].ocsp);
	}
	OPENSSL_free(m->v);
	*m = (struct cades_material){.v = NULL};
}

static bool covered(const struct cades_item *i, const struct cades_index *x)
{
	struct rd list = i->place == PLACE_CERTS  ? x->certs
			 : i->place == PLACE_CRLS ? x->crls
						  : x->values;
	unsigned char *der = NULL;
	int n = 0;
	bool has;

	if (i->around)
		return false;
	if (i->a.n)
		return cades_index_has(x, list, i->a, i->b);
	n = i->cert ? i2d_X509(i->cert, &der) : i2d_X509_CRL(i->crl, &der);
	has = n > 0 && cades_index_has(x, list, rd_of(der, (size_t)n), rd_of(NULL, 0));
	OPENSSL_free(der);
	return has;
}

static bool same_value(const struct cades_item *a, const struct cades_item *b)
{
	return a->place == b->place && a->a.p == b->a.p && a->a.n == b->a.n && a->b.p == b->b.p &&
	       a->b.n == b->b.n;
}

static bool pick(const struct cades_material *m, const struct cades_index *only, size_t around,
    struct cades_brought *out)
{
	const struct cades_item *last = NULL;
	bool has = false;
	struct rd *more = OPENSSL_realloc(out->ocsps, (out->ocsps_n + m->n + 1) * sizeof *more);
	bool ok = more && !m->failed;

	out->ocsps = more ? more : out->ocsps;
	if (!out->certs)
		out->certs = sk_X509_new_null();
	if (!out->crls)
		out->crls = sk_X509_CRL_new_null();
	ok = ok && out->certs && out->crls;
	for (size_t k = 0; ok && k < m->n; k++) {
		const struct cades_item *i = &m->v[k];

		/* Those of one attribute stand together: it is as large as its maker likes, and
		 * hashed once. */
		if (only && !(last && last->a.n && same_value(last, i)))
			has = covered(i, only);
		last = i;
		if ((only && !has) || i->around > around)
			continue;
		if (i->cert)
			ok = sk_X509_push(out->certs, i->cert) > 0;
		else if (i->crl)
			ok = sk_X509_CRL_push(out->crls, i->crl) > 0;
		else
			out->ocsps[out->ocsps_n++] = rd_of(i->ocsp, i->ocsp_n);
	}
	return ok;
}

bool cades_material_pick(
    const struct cades_material *m, const struct cades_index *only, struct cades_brought *out)
{
	return pick(m, only, CADES_ASIDE - 1, out);
}

bool cades_material_pick_all(const struct cades_material *m, struct cades_brought *out)
{
	return pick(m, NULL, CADES_ASIDE, out);
}

bool cades_material_pick_kept(const struct cades_material *m, size_t n, struct cades_brought *out)
{
	return pick(m, NULL, n, out);
}

bool cades_brought_hear(struct cades_brought *out, struct doc_heard heard)
{
	struct rd *more = OPENSSL_realloc(
	    out->ocsps, (out->ocsps_n + heard.ocsps_n + 1) * sizeof *more);
	bool ok = more;

	out->ocsps = more ? more : out->ocsps;
	if (!out->crls)
		out->crls = sk_X509_CRL_new_null();
	ok = ok && out->crls;
	for (int i = 0; ok && heard.crls && i < sk_X509_CRL_num(heard.crls); i++)
		ok = sk_X509_CRL_push(out->crls, sk_X509_CRL_value(heard.crls, i)) > 0;
	for (size_t i = 0; ok && i < heard.ocsps_n; i++)
		out->ocsps[out->ocsps_n++] = heard.ocsps[i];
	return ok;
}

void cades_brought_free(struct cades_brought *b)
{
	sk_X509_free(b->certs);
	sk_X509_CRL_free(b->crls);
	OPENSSL_free(b->ocsps);
	*b = (struct cades_brought){.certs = NULL};
}
