/* SPDX-License-Identifier: BSD-2-Clause */
/* Collecting what an XML signature brings along. */
#include "document/xml/beside.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <string.h>

#include "document/cert.h"

bool xml_base64(struct rd text, struct buf *out)
{
	struct buf bare = BUF_INIT(text.n + 1);
	size_t from = 0;
	bool good;

	for (size_t i = 0; i <= text.n; i++)
		if (i == text.n || strchr(" \t\r\n", text.p[i])) {
			buf_put(&bare, text.p + from, i - from);
			from = i + 1;
		}
	good = b64_get(buf_view(&bare), out) == ECERT_OK && buf_len(out);
	buf_free(&bare);
	return good;
}

static bool add_cert(struct xml_beside *b, struct rd text, uint32_t at, struct doc_certs *known)
{
	struct buf der = BUF_INIT(XML_FILE_MAX);
	X509 *x = xml_base64(text, &der) ? doc_certs_get(known, buf_view(&der)) : NULL;
	bool full = sk_X509_num(b->all.certs) >= XML_BROUGHT_MAX;

	buf_free(&der);
	b->more = b->more || (x && full);
	if (x && !full && sk_X509_push(b->all.certs, x) > 0) {
		b->cert_at[sk_X509_num(b->all.certs) - 1] = at;
		return true;
	}
	X509_free(x);
	return !x || full;
}

static bool add_crl(struct xml_beside *b, struct rd text, uint32_t at)
{
	struct buf der = BUF_INIT(XML_FILE_MAX);
	bool read = xml_base64(text, &der), full = sk_X509_CRL_num(b->all.crls) >= XML_BROUGHT_MAX;
	const unsigned char *p = buf_view(&der).p;
	X509_CRL *crl = read ? d2i_X509_CRL(NULL, &p, (long)buf_len(&der)) : NULL;

	buf_free(&der);
	b->more = b->more || (crl && full);
	if (crl && !full && sk_X509_CRL_push(b->all.crls, crl) > 0) {
		b->crl_at[sk_X509_CRL_num(b->all.crls) - 1] = at;
		return true;
	}
	X509_CRL_free(crl);
	return !crl || full;
}

static void add_ocsp(struct xml_beside *b, struct rd text, uint32_t at)
{
	struct buf *der;
	OCSP_RESPONSE *r = NULL;
	const unsigned char *p;

	if (b->kept_n == XML_BROUGHT_MAX) {
		b->more = true;
		return;
	}
	der = &b->kept[b->kept_n];
	buf_init(der, XML_FILE_MAX);
	if (xml_base64(text, der)) {
		p = buf_view(der).p;
		r = d2i_OCSP_RESPONSE(NULL, &p, (long)buf_len(der));
	}
	b->ocsp_at[b->kept_n] = at;
	if (r)
		b->all.ocsps[b->kept_n++] = buf_view(der);
	else
		buf_free(der);
	OCSP_RESPONSE_free(r);
}

enum ecert_rc xml_beside_read(
    const struct xml_sig *s, struct doc_certs *known, struct xml_beside *out)
{
	bool ok;

	memset(out, 0, sizeof *out);
	out->all.certs = sk_X509_new_null();
	out->all.crls = sk_X509_CRL_new_null();
	out->all.ocsps = OPENSSL_zalloc(XML_BROUGHT_MAX * sizeof *out->all.ocsps);
	ok = out->all.certs && out->all.crls && out->all.ocsps;
	for (uint32_t i = 0; ok && i < s->certs; i++)
		ok = add_cert(out, s->cert[i], 0, known);
	out->own = ok ? (size_t)sk_X509_num(out->all.certs) : 0;
	for (uint32_t i = 0; ok && i < s->facts; i++) {
		const struct xml_property *f = &s->fact[i];

		if (f->kind == XML_FACT_ONE_CERT)
			ok = add_cert(out, f->a, i, known);
		else if (f->kind == XML_FACT_CRL)
			ok = add_crl(out, f->a, i);
		else if (f->kind == XML_FACT_OCSP)
			add_ocsp(out, f->a, i);
	}
	out->all.ocsps_n = out->kept_n;
	ERR_clear_error();
	return ok ? ECERT_OK : ECERT_E_MEMORY;
}

enum ecert_rc xml_beside_hear(struct xml_beside *b)
{
	/* Behind every fact is all of it. */
	return xml_beside_before(b, UINT32_MAX, &b->heard) &&
		       cades_material_pick(&b->aside, NULL, &b->heard)
		   ? ECERT_OK
		   : ECERT_E_MEMORY;
}

void xml_beside_free(struct xml_beside *b)
{
	cades_brought_free(&b->heard);
	cades_material_free(&b->aside);
	sk_X509_pop_free(b->all.certs, X509_free);
	sk_X509_CRL_pop_free(b->all.crls, X509_CRL_free);
	OPENSSL_free(b->all.ocsps);
	for (size_t i = 0; i < b->kept_n; i++)
		buf_free(&b->kept[i]);
	memset(b, 0, sizeof *b);
}

bool xml_beside_before(const struct xml_beside *b, uint32_t fact, struct cades_brought *out)
{
	bool ok;

	*out = (struct cades_brought){.certs = sk_X509_new_null(),
	    .crls = sk_X509_CRL_new_null(),
	    .ocsps = OPENSSL_zalloc((b->kept_n + 1) * sizeof *out->ocsps)};
	ok = out->certs && out->crls && out->ocsps;
	for (int i = 0; ok && i < sk_X509_num(b->all.certs); i++)
		ok = ((size_t)i >= b->own && b->cert_at[i] >= fact) ||
		     sk_X509_push(out->certs, sk_X509_value(b->all.certs, i)) > 0;
	for (int i = 0; ok && i < sk_X509_CRL_num(b->all.crls); i++)
		ok = b->crl_at[i] >= fact ||
		     sk_X509_CRL_push(out->crls, sk_X509_CRL_value(b->all.crls, i)) > 0;
	for (size_t i = 0; ok && i < b->kept_n; i++)
		if (b->ocsp_at[i] < fact)
			out->ocsps[out->ocsps_n++] = b->all.ocsps[i];
	return ok;
}
