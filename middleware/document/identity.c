/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading subjects as Hongkong Post and others write them. */
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "document/identity.h"
#include "document/json.h"
#include "document/report.h"
#include "util/hex.h"

/* The e-Cert CPS: in an OU of digits the first 16 characters are the BR number and the rest the CR
 * number; one of 10 is the SRN. Eight digits at least begin a BR number. */
#define BR_WIDTH   16
#define BR_DIGITS  8
#define SRN_DIGITS 10

static void copy_text(char *dst, size_t size, const char *src, size_t n)
{
	static const char more[] = "\xE2\x80\xA6";
	bool cut = n > size - 1;

	if (cut)
		n = size > sizeof more ? size - sizeof more : 0;
	memcpy(dst, src, n);
	dst[n] = 0;
	/* An embedded NUL must not make two names look alike. */
	for (size_t i = 0; i < n; i++)
		if (dst[i] == 0)
			dst[i] = '?';
	/* Not a whole character at the end: it goes, and the mark comes behind. */
	text_utf8(dst, cut);
	if (cut)
		memcpy(dst + strlen(dst), more, sizeof more);
}

static void copy_asn1(char *dst, size_t size, const ASN1_STRING *s)
{
	unsigned char *utf8 = NULL;
	int n = ASN1_STRING_to_UTF8(&utf8, s);

	if (n >= 0)
		copy_text(dst, size, (const char *)utf8, (size_t)n);
	else /* no text by its own type: what it is made of */
		copy_text(dst, size, (const char *)ASN1_STRING_get0_data(s),
		    (size_t)ASN1_STRING_length(s));
	OPENSSL_free(utf8);
}

/* All zeros means "has none" in the certificates' fixed-width fields. */
static void drop_zeros(char *number)
{
	if (strspn(number, "0") == strlen(number))
		number[0] = 0;
}

/* Numbers may be padded with blanks instead of zeros. */
static void copy_trimmed(char *dst, size_t size, const char *src, size_t n)
{
	while (n && *src == ' ') {
		src++;
		n--;
	}
	while (n && src[n - 1] == ' ')
		n--;
	copy_text(dst, size, src, n);
}

/* Whether the field of the BR number is one; the CR number of a company from abroad has letters. */
static bool begins_with_br(const char *ou, size_t n)
{
	size_t width = n < BR_WIDTH ? n : BR_WIDTH;

	return strspn(ou, "0123456789") >= BR_DIGITS && strspn(ou, "0123456789- ") >= width;
}

/* True when it is a number and no name. */
static bool read_number_ou(struct identity *id, const char *ou)
{
	size_t n = strlen(ou);

	if (strncmp(ou, "SRN", 3) == 0) {
		if (!id->srn[0])
			copy_text(id->srn, sizeof id->srn, ou + 3 + strspn(ou + 3, " :="),
			    n - 3 - strspn(ou + 3, " :="));
		return true;
	}
	if (n == SRN_DIGITS && strspn(ou, "0123456789") == n) {
		if (!id->srn[0])
			copy_text(id->srn, sizeof id->srn, ou, n);
		return true;
	}
	if (!begins_with_br(ou, n))
		return false;
	if (!id->br[0] && !id->cr[0]) {
		copy_trimmed(id->br, sizeof id->br, ou, n < BR_WIDTH ? n : BR_WIDTH);
		if (n > BR_WIDTH)
			copy_trimmed(id->cr, sizeof id->cr, ou + BR_WIDTH, n - BR_WIDTH);
		drop_zeros(id->br);
		drop_zeros(id->cr);
	}
	return true;
}

/* "Hongkong Post e-Cert (Organisational)", "... Bank-Cert (Corporate)", "... g-Cert (Individual)".
 */
static bool is_cert_type(const char *o)
{
	size_t n = strlen(o);

	return n > 0 && o[n - 1] == ')' && strcasestr(o, "-Cert (");
}

/* How companies end in Hong Kong, on the mainland and abroad. */
static bool is_company(const char *name)
{
	static const char *const words[] = {" limited", " ltd", " company", " co.", " inc",
	    " corporation", " corp.", " llp", " llc", " plc", " gmbh",
	    "\xE5\x85\xAC\xE5\x8F\xB8" /* company */,
	    "\xE4\xBC\x81\xE6\xA5\xAD" /* enterprise, traditional */,
	    "\xE4\xBC\x81\xE4\xB8\x9A" /* and simplified */,
	    "\xE9\x9B\x86\xE5\x9C\x98" /* group, traditional */,
	    "\xE9\x9B\x86\xE5\x9B\xA2" /* and simplified */};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcasestr(name, words[i]))
			return true;
	return false;
}

/* Appends to a list for people; what does not fit shows as cut. */
static void append_name(char *list, size_t size, const char *between, const char *name)
{
	char all[5 * IDENTITY_VALUE];
	int n = snprintf(all, sizeof all, "%s%s%s", list, list[0] && name[0] ? between : "", name);

	copy_text(list, size, all, n < (int)sizeof all ? (size_t)n : sizeof all - 1);
}

/* Who stands behind the user, and from where. A branch may call itself a company, too: whatever OU
 * is a name is shown, in one place or the other. */
static void find_company(struct identity *id, const bool *number)
{
	bool any = false;

	if (!is_cert_type(id->org)) {
		copy_text(id->company, sizeof id->company, id->org, strlen(id->org));
	} else {
		copy_text(id->cert_type, sizeof id->cert_type, id->org, strlen(id->org));
		for (size_t i = 0; i < id->ou_n; i++)
			any = any || (!number[i] && is_company(id->ou[i]));
	}
	for (size_t i = 0; i < id->ou_n; i++) {
		bool company = id->cert_type[0] && (!any || is_company(id->ou[i]));

		if (number[i] || !id->ou[i][0])
			continue;
		if (company)
			append_name(id->company, sizeof id->company, " / ", id->ou[i]);
		else
			append_name(id->unit, sizeof id->unit, ", ", id->ou[i]);
	}
	append_name(id->name, sizeof id->name, "", id->user_name);
	append_name(id->name, sizeof id->name, ", ", id->company);
}

static void read_entry(struct identity *id, int nid, const ASN1_STRING *value, bool *number)
{
	const struct {
		int nid;
		char *dst;
		size_t size;
	} row[] = {
	    {NID_commonName, id->user_name, sizeof id->user_name},
	    {NID_organizationName, id->org, sizeof id->org},
	    {NID_pkcs9_emailAddress, id->email, sizeof id->email},
	    {NID_serialNumber, id->srn, sizeof id->srn},
	    {NID_countryName, id->country, sizeof id->country},
	};

	if (nid == NID_organizationalUnitName && id->ou_n < IDENTITY_OUS) {
		char *ou = id->ou[id->ou_n];

		copy_asn1(ou, sizeof id->ou[0], value);
		number[id->ou_n++] = read_number_ou(id, ou);
	}
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (row[i].nid == nid && !row[i].dst[0])
			copy_asn1(row[i].dst, row[i].size, value);
}

static void read_subject(struct identity *id, const X509_NAME *name)
{
	bool number[IDENTITY_OUS] = {false};

	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const X509_NAME_ENTRY *e = X509_NAME_get_entry(name, i);

		read_entry(id, OBJ_obj2nid(X509_NAME_ENTRY_get_object(e)),
		    X509_NAME_ENTRY_get_data(e), number);
	}
	find_company(id, number);
}

/* subjectAltName wins over the old emailAddress attribute (RFC 5280, 4.1.2.6). */
static void read_email(struct identity *id, const X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);

		if (g->type == GEN_EMAIL) {
			copy_asn1(id->email, sizeof id->email, g->d.rfc822Name);
			break;
		}
	}
	GENERAL_NAMES_free(names);
}

static void print_name(const X509_NAME *name, char *dst, size_t size)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p = NULL;
	/* RFC 2253, but with readable UTF-8: many names are Chinese. */
	unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;

	if (b && X509_NAME_print_ex(b, name, 0, flags) >= 0) {
		long n = BIO_get_mem_data(b, &p);

		if (n > 0)
			copy_text(dst, size, p, (size_t)n);
	}
	BIO_free(b);
}

static void read_issuer_cn(struct identity *id, const X509_NAME *name)
{
	int i = X509_NAME_get_index_by_NID(name, NID_commonName, -1);

	if (i >= 0)
		copy_asn1(id->issuer_cn, sizeof id->issuer_cn,
		    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
	else
		copy_text(id->issuer_cn, sizeof id->issuer_cn, id->issuer, strlen(id->issuer));
}

static void read_serial(struct identity *id, const X509 *x)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = bn ? BN_bn2hex(bn) : NULL;

	if (hex)
		copy_text(id->serial, sizeof id->serial, hex, strlen(hex));
	OPENSSL_free(hex);
	BN_free(bn);
}

static void read_usage(struct identity *id, X509 *x)
{
	id->has_key_usage = (X509_get_extension_flags(x) & EXFLAG_KUSAGE) != 0;
	/* UINT32_MAX when there is no keyUsage. */
	id->can_sign = (X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
	id->is_ca = X509_check_ca(x) != 0;
}

enum ecert_rc identity_of(X509 *x, struct identity *out)
{
	uint8_t digest[32];
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	read_subject(out, X509_get_subject_name(x));
	read_email(out, x);
	print_name(X509_get_subject_name(x), out->subject, sizeof out->subject);
	print_name(X509_get_issuer_name(x), out->issuer, sizeof out->issuer);
	read_issuer_cn(out, X509_get_issuer_name(x));
	read_serial(out, x);
	read_usage(out, x);
	rc = cert_sha256(x, digest);
	if (rc != ECERT_OK)
		goto out;
	hex_str(rd_of(digest, sizeof digest), out->sha256);
	rc = asn1_time_get(X509_get0_notBefore(x), &out->not_before);
	if (rc == ECERT_OK)
		rc = asn1_time_get(X509_get0_notAfter(x), &out->not_after);
out:
	ERR_clear_error();
	return rc;
}

enum ecert_rc identity_read(struct rd cert, struct identity *out)
{
	X509 *x = NULL;
	enum ecert_rc rc = cert_parse(cert, &x);

	memset(out, 0, sizeof *out);
	if (rc == ECERT_OK)
		rc = identity_of(x, out);
	X509_free(x);
	return rc;
}

json_t *identity_json(const struct identity *id)
{
	json_t *units = json_array();

	for (size_t i = 0; units && i < id->ou_n; i++)
		if (json_array_append_new(units, json_string(id->ou[i])) != 0)
			goto fail;
	return json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, "
	    "s:o}",
	    "name", id->name, "user_name", id->user_name, "organisation", id->company,
	    "certificate_type", id->cert_type, "unit", id->unit, "units", units, "br_no", id->br,
	    "cr_no", id->cr, "email", id->email, "srn", id->srn, "country", id->country, "subject",
	    id->subject, "issuer", id->issuer, "issuer_cn", id->issuer_cn, "serial", id->serial,
	    "sha256", id->sha256, "not_before", json_time(id->not_before), "not_after",
	    json_time(id->not_after));
fail:
	json_decref(units);
	return NULL;
}
