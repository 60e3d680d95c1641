/* SPDX-License-Identifier: BSD-2-Clause */
/* Collecting what a JAdES signature brings along. */
#include "document/jose/jades_beside.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/cms/stamp/cades_stamp.h"
#include "document/json.h"
#include "util/hex.h"

#define VALUE_MAX (1u << 20)

/* Base64 with padding, as all DER is in JAdES but what a JWS has itself. */
static bool decode(const json_t *text, struct buf *out)
{
	buf_init(out, VALUE_MAX);
	return json_is_string(text) &&
	       b64_get(rd_of(json_string_value(text), json_string_length(text)), out) == ECERT_OK &&
	       buf_len(out);
}

static X509 *cert_of(const json_t *text)
{
	struct buf der;
	X509 *x = NULL;

	if (decode(text, &der) && cert_parse(buf_view(&der), &x) != ECERT_OK)
		x = NULL;
	buf_free(&der);
	return x;
}

/* pkiOb (TS 119 182-1, 5.4.2): the value of an object, or a bare string in older files. */
static const json_t *value_of(const json_t *v)
{
	return json_is_object(v) ? json_object_get(v, "val") : v;
}

/* Each member is owned by the stack from here on. */
static bool add_cert(struct jades_beside *b, X509 *x)
{
	if (!x || sk_X509_num(b->all.certs) >= JADES_BROUGHT_MAX) {
		b->more = b->more || x;
		X509_free(x);
		return true;
	}
	if (sk_X509_push(b->all.certs, x) > 0)
		return true;
	X509_free(x);
	return false;
}

static bool add_crl(struct jades_beside *b, const json_t *text)
{
	struct buf der;
	const unsigned char *p;
	X509_CRL *crl = NULL;
	bool ok = true;

	if (decode(text, &der)) {
		p = buf_view(&der).p;
		crl = d2i_X509_CRL(NULL, &p, (long)buf_len(&der));
	}
	buf_free(&der);
	b->more = b->more || (crl && sk_X509_CRL_num(b->all.crls) >= JADES_BROUGHT_MAX);
	if (crl && sk_X509_CRL_num(b->all.crls) < JADES_BROUGHT_MAX) {
		ok = sk_X509_CRL_push(b->all.crls, crl) > 0;
		crl = ok ? NULL : crl;
	}
	X509_CRL_free(crl);
	return ok;
}

static void add_ocsp(struct jades_beside *b, const json_t *text)
{
	struct buf *der = &b->kept[b->kept_n];
	OCSP_RESPONSE *r = NULL;
	const unsigned char *p;

	if (b->kept_n == JADES_BROUGHT_MAX) {
		b->more = true;
		return;
	}
	if (decode(text, der)) {
		p = buf_view(der).p;
		r = d2i_OCSP_RESPONSE(NULL, &p, (long)buf_len(der));
	}
	if (r)
		b->all.ocsps[b->kept_n++] = buf_view(der);
	else
		buf_free(der);
	OCSP_RESPONSE_free(r);
}

static void add_stamps(struct jades_beside *b, const json_t *container)
{
	const json_t *list = json_object_get(container, "tstTokens");

	for (size_t i = 0; i < json_array_size(list); i++) {
		if (b->stamps == DOC_STAMPS_MAX) {
			b->more = true;
			return;
		}
		/* One that cannot be decoded is told as one that cannot be read. */
		(void)decode(value_of(json_array_get(list, i)), &b->stamp[b->stamps++]);
	}
}

/* One member of etsiU: in base64url, or as it is. */
static bool add_component(struct jades_beside *b, const json_t *o)
{
	const json_t *list = json_object_get(o, "xVals"), *r = json_object_get(o, "rVals");
	bool ok = true;

	add_stamps(b, json_object_get(o, "sigTst"));
	b->archive = b->archive || json_object_get(o, "arcTst");
	for (size_t i = 0; ok && i < json_array_size(list); i++)
		ok = add_cert(
		    b, cert_of(value_of(json_object_get(json_array_get(list, i), "x509Cert"))));
	list = json_object_get(r, "crlVals");
	for (size_t i = 0; ok && i < json_array_size(list); i++)
		ok = add_crl(b, value_of(json_array_get(list, i)));
	list = json_object_get(r, "ocspVals");
	for (size_t i = 0; ok && i < json_array_size(list); i++)
		add_ocsp(b, value_of(json_array_get(list, i)));
	return ok;
}

static bool add_etsi_u(struct jades_beside *b, const json_t *list)
{
	bool ok = true;

	for (size_t i = 0; ok && i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i);
		struct buf text = BUF_INIT(4 * VALUE_MAX);
		json_t *o = NULL;

		if (json_is_string(v) &&
		    b64url_get(rd_of(json_string_value(v), json_string_length(v)), &text) ==
			ECERT_OK &&
		    buf_len(&text))
			o = json_read(buf_view(&text), NULL);
		ok = add_component(b, o ? o : v);
		json_decref(o);
		buf_free(&text);
	}
	return ok;
}

static bool add_x5c(struct jades_beside *b, const json_t *list)
{
	bool ok = true;

	for (size_t i = 0; ok && i < json_array_size(list); i++) {
		X509 *x = cert_of(json_array_get(list, i));

		/* One that cannot be read must not make another the signer's own. */
		if (!x && !i)
			return true;
		if (x && b->x5c_n < JADES_BROUGHT_MAX && X509_up_ref(x) == 1)
			b->x5c[b->x5c_n++] = x;
		ok = add_cert(b, x);
	}
	return ok;
}

/* What its time stamps' tokens hold, whether they count or not. */
static bool hear(struct jades_beside *b, struct doc_certs *known)
{
	for (size_t i = 0; i < b->stamps; i++)
		(void)cades_stamp_beside(buf_view(&b->stamp[i]), known, &b->aside);
	return cades_material_pick(&b->aside, NULL, &b->heard) &&
	       cades_brought_hear(&b->heard, cades_heard(&b->all));
}

enum ecert_rc jades_beside_read(
    const struct jades_one *one, struct doc_certs *known, struct jades_beside *out)
{
	const json_t *list = json_object_get(one->header, "x5c");
	bool ok;

	memset(out, 0, sizeof *out);
	out->all.certs = sk_X509_new_null();
	out->all.crls = sk_X509_CRL_new_null();
	out->all.ocsps = OPENSSL_zalloc(JADES_BROUGHT_MAX * sizeof *out->all.ocsps);
	out->x5c_protected = list;
	ok = out->all.certs && out->all.crls && out->all.ocsps &&
	     add_x5c(out, list ? list : json_object_get(one->beside, "x5c")) &&
	     add_etsi_u(out, json_object_get(one->beside, "etsiU"));
	out->all.ocsps_n = out->kept_n;
	out->of_value = out->stamps;
	add_stamps(out, json_object_get(one->header, "adoTst"));
	out->unread = json_object_get(one->header, "adoTst") && out->of_value == out->stamps;
	ok = ok && hear(out, known);
	ERR_clear_error();
	return ok ? ECERT_OK : ECERT_E_MEMORY;
}

void jades_beside_free(struct jades_beside *b)
{
	for (size_t i = 0; i < b->x5c_n; i++)
		X509_free(b->x5c[i]);
	cades_brought_free(&b->heard);
	cades_material_free(&b->aside);
	sk_X509_pop_free(b->all.certs, X509_free);
	sk_X509_CRL_pop_free(b->all.crls, X509_CRL_free);
	OPENSSL_free(b->all.ocsps);
	for (size_t i = 0; i < b->kept_n; i++)
		buf_free(&b->kept[i]);
	for (size_t i = 0; i < b->stamps; i++)
		buf_free(&b->stamp[i]);
	memset(b, 0, sizeof *b);
}
