/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates: names as text that cannot play tricks on a terminal or a log. */
#include <openssl/bn.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "crypto/der.h"
#include "crypto/ossl.h"
#include "crypto/cert/x509.h"
#include "util/hex.h"
#include "util/text.h"

#define LINE_MAX_BYTES 8192

static void put_escaped(struct buf *out, uint8_t c)
{
	buf_str(out, "\\x");
	hex_put(out, rd_of(&c, 1));
}

/* The length of the character at the front, or 0 when it is none that may be shown. */
static size_t character(struct rd at)
{
	uint32_t cp = 0;
	size_t n = text_char(at, &cp);

	return text_shown(cp) ? n : 0;
}

static void put_text(struct buf *out, struct rd text)
{
	while (!rd_empty(&text)) {
		size_t n = character(text);

		if (n == 0)
			put_escaped(out, text.p[0]);
		else
			buf_put(out, text.p, n);
		n = n ? n : 1;
		text.p += n;
		text.n -= n;
	}
}

/* Any string type to UTF-8; a type that has no text is shown byte by byte. */
static enum ecert_rc put_string(struct buf *out, const ASN1_STRING *s)
{
	unsigned char *utf8 = NULL;
	int n = ASN1_STRING_to_UTF8(&utf8, s);

	if (n >= 0)
		put_text(out, rd_of(utf8, (size_t)n));
	else
		put_text(out, rd_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s)));
	OPENSSL_free(utf8);
	return buf_rc(out);
}

enum ecert_rc x509_name_parse(struct rd der, X509_NAME **out)
{
	const unsigned char *p = der.p;
	X509_NAME *name;

	*out = NULL;
	if (der.n > CERT_MAX)
		return ECERT_E_TOO_LARGE;
	ossl_enter();
	name = der.n > 0 ? d2i_X509_NAME(NULL, &p, (long)der.n) : NULL;
	if (name && p == der.p + der.n) {
		*out = name;
		name = NULL;
	}
	X509_NAME_free(name);
	ossl_leave();
	return *out ? ECERT_OK : ECERT_E_MALFORMED;
}

enum ecert_rc x509_name_value(const X509_NAME *name, int nid, size_t index, struct buf *out)
{
	enum ecert_rc rc = ECERT_E_NOT_FOUND;
	int at = -1;

	ossl_enter();
	while ((at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0) {
		if (index-- > 0)
			continue;
		rc = put_string(out, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
		break;
	}
	ossl_leave();
	return rc;
}

enum ecert_rc x509_name_line(const X509_NAME *name, struct buf *out)
{
	/* RFC 4514's escapes, but UTF-8 stays readable; put_text takes care of controls. */
	static const unsigned long flags =
	    (XN_FLAG_RFC2253 & ~(unsigned long)(ASN1_STRFLGS_ESC_MSB | ASN1_STRFLGS_ESC_CTRL)) |
	    ASN1_STRFLGS_UTF8_CONVERT;
	enum ecert_rc rc = ECERT_E_MEMORY;
	char *text;
	BIO *bio;
	long n;

	ossl_enter();
	bio = BIO_new(BIO_s_mem());
	if (!bio || X509_NAME_print_ex(bio, name, 0, flags) < 0)
		goto out;
	n = BIO_get_mem_data(bio, &text);
	if (n > LINE_MAX_BYTES) {
		rc = ECERT_E_TOO_LARGE;
		goto out;
	}
	put_text(out, rd_of(text, (size_t)n));
	rc = buf_rc(out);
out:
	BIO_free(bio);
	ossl_leave();
	return rc;
}

enum ecert_rc x509_name_label(const X509_NAME *name, struct buf *out)
{
	static const int nids[] = {NID_commonName, NID_organizationName, NID_organizationalUnitName,
	    NID_pkcs9_emailAddress};
	enum ecert_rc rc = ECERT_E_NOT_FOUND;

	for (size_t i = 0; rc == ECERT_E_NOT_FOUND && i < sizeof nids / sizeof nids[0]; i++)
		rc = x509_name_value(name, nids[i], 0, out);
	return rc;
}

enum ecert_rc cert_label(struct rd der, struct buf *out)
{
	X509_NAME *name = NULL;
	struct cert_parts c;
	struct rd serial;
	enum ecert_rc rc = cert_walk(der, &c);

	if (rc == ECERT_OK)
		rc = der_only(c.serial, DER_INTEGER, &serial);
	if (rc == ECERT_OK)
		rc = x509_name_parse(c.subject, &name);
	if (rc == ECERT_OK)
		rc = x509_name_label(name, out);
	if (rc == ECERT_E_NOT_FOUND) {
		buf_str(out, "serial ");
		hex_put(out, serial);
		rc = buf_rc(out);
	}
	X509_NAME_free(name);
	return rc;
}

enum ecert_rc x509_email(const X509 *x, struct buf *out)
{
	enum ecert_rc rc = x509_name_value(
	    X509_get_subject_name(x), NID_pkcs9_emailAddress, 0, out);
	GENERAL_NAMES *names;

	if (rc != ECERT_E_NOT_FOUND)
		return rc;
	ossl_enter();
	names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; rc == ECERT_E_NOT_FOUND && i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(names, i);

		if (n->type == GEN_EMAIL)
			rc = put_string(out, n->d.rfc822Name);
	}
	GENERAL_NAMES_free(names);
	ossl_leave();
	return rc;
}

enum ecert_rc x509_serial(const X509 *x, struct buf *out)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
	struct rd bytes = rd_of(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));

	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		buf_str(out, "-");
	if (rd_empty(&bytes))
		buf_str(out, "00");
	hex_put(out, bytes);
	return buf_rc(out);
}
