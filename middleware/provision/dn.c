/* SPDX-License-Identifier: BSD-2-Clause */
/* Kinds of names and their bounds. */
#include "provision/dn.h"

#include <ctype.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/buf.h"
#include "util/hex.h"
#include "util/text.h"

/* Names in use besides OpenSSL's own: RFC 4514, RFC 1779, Windows (E, G, S, T, I) and people's. */
static const struct {
	const char *word;
	int nid;
} kinds[] = {
    {"CN", NID_commonName},
    {"C", NID_countryName},
    {"O", NID_organizationName},
    {"OU", NID_organizationalUnitName},
    {"L", NID_localityName},
    {"ST", NID_stateOrProvinceName},
    {"S", NID_stateOrProvinceName},
    {"STREET", NID_streetAddress},
    {"DC", NID_domainComponent},
    {"UID", NID_userId},
    {"E", NID_pkcs9_emailAddress},
    {"EMAIL", NID_pkcs9_emailAddress},
    {"SN", NID_surname},
    {"G", NID_givenName},
    {"GN", NID_givenName},
    {"T", NID_title},
    {"I", NID_initials},
    {"DNQ", NID_dnQualifier},
    {"PHONE", NID_telephoneNumber},
};

/* OpenSSL's own names in any case. */
static int nid_by_name(const char *type)
{
	static const int more[] = {NID_commonName, NID_countryName, NID_organizationName,
	    NID_organizationalUnitName, NID_localityName, NID_stateOrProvinceName,
	    NID_streetAddress, NID_domainComponent, NID_userId, NID_pkcs9_emailAddress, NID_surname,
	    NID_givenName, NID_title, NID_initials, NID_dnQualifier, NID_serialNumber,
	    NID_postalCode, NID_businessCategory, NID_organizationIdentifier,
	    NID_jurisdictionCountryName, NID_jurisdictionStateOrProvinceName,
	    NID_jurisdictionLocalityName, NID_generationQualifier, NID_pseudonym, NID_name,
	    NID_description, NID_telephoneNumber, NID_postOfficeBox};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (!strcasecmp(type, kinds[i].word))
			return kinds[i].nid;
	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
		if (!strcasecmp(type, OBJ_nid2sn(more[i])) ||
		    !strcasecmp(type, OBJ_nid2ln(more[i])))
			return more[i];
	return NID_undef;
}

static ASN1_OBJECT *object_of(const char *type)
{
	int nid = nid_by_name(type);

	if (!strncasecmp(type, "OID.", 4)) /* RFC 1779, Windows */
		type += 4;
	/* Names of OpenSSL that are of something else (a cipher) name nothing of a person. */
	if (nid == NID_undef && !isdigit((unsigned char)*type))
		return NULL;
	return nid != NID_undef ? OBJ_dup(OBJ_nid2obj(nid)) : OBJ_txt2obj(type, 1);
}

/* Characters, by OpenSSL's decoder of UTF-8, none of them a control; -1: it is something else. */
static long characters(struct rd v)
{
	ASN1_STRING *s = ASN1_STRING_type_new(V_ASN1_UTF8STRING);
	long n = -1;
	int bytes = -1;

	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < 0x20 || v.p[i] == 0x7F)
			goto out;
	if (s && v.n &&
	    ASN1_mbstring_copy(&s, v.p, (int)v.n, MBSTRING_UTF8, B_ASN1_UNIVERSALSTRING) ==
		V_ASN1_UNIVERSALSTRING)
		bytes = ASN1_STRING_length(s);
	n = bytes < 0 ? -1 : bytes / 4;
out:
	ASN1_STRING_free(s);
	return n;
}

/* A character that a reader would not see, or that moves the others; 0: none. */
static uint32_t unshown(struct rd v)
{
	while (v.n) {
		uint32_t cp = 0;
		size_t n = text_char(v, &cp);

		if (!n)
			return 0; /* told as such */
		if (!text_shown(cp))
			return cp;
		v = rd_of(v.p + n, v.n - n);
	}
	return 0;
}

static enum ecert_rc complain(struct message_kept *why, const struct message *m)
{
	message_keep(why, m);
	return ECERT_E_MALFORMED;
}

/* X.520's upper bounds, as OpenSSL's table has them. */
static enum ecert_rc in_bounds(const char *type, int nid, struct rd v, struct message_kept *why)
{
	const ASN1_STRING_TABLE *row = nid != NID_undef ? ASN1_STRING_TABLE_get(nid) : NULL;
	long n = characters(v);
	char point[16];

	if (!v.n)
		return complain(why, MSG("{type} has no value", P_TEXT("type", type)));
	if (n < 0)
		return complain(
		    why, MSG("the value of {type} is not plain UTF-8 text", P_TEXT("type", type)));
	snprintf(point, sizeof point, "U+%04X", (unsigned)unshown(v));
	if (unshown(v))
		return complain(why,
		    MSG("the value of {type} has {character} in it, which is not seen, or makes "
			"the text read otherwise",
			P_TEXT("type", type), P_TEXT("character", point)));
	if (nid == NID_countryName && n != 2)
		return complain(why, MSG("{type} takes a country's code of two letters, as HK",
					 P_TEXT("type", type)));
	if (row && row->maxsize > 0 && n > row->maxsize)
		return complain(why,
		    MSG("{type} takes {max} characters at most (X.520), and this one has {n}",
			P_TEXT("type", type), P_NUMBER("max", row->maxsize), P_NUMBER("n", n)));
	return ECERT_OK;
}

enum ecert_rc dn_add(
    X509_NAME *name, const char *type, struct rd value, int set, struct message_kept *why)
{
	ASN1_OBJECT *o = object_of(type);
	enum ecert_rc rc;

	if (!o)
		rc = complain(
		    why, MSG("there is no kind of name called '{type}'", P_TEXT("type", type)));
	else
		rc = in_bounds(type, OBJ_obj2nid(o), value, why);
	if (rc == ECERT_OK &&
	    X509_NAME_add_entry_by_OBJ(name, o, MBSTRING_UTF8, value.p, (int)value.n, -1, set) != 1)
		rc = complain(why, MSG("{type} cannot have this value: its characters are not "
				       "those that it takes",
				       P_TEXT("type", type)));
	ASN1_OBJECT_free(o);
	ERR_clear_error();
	return rc;
}

static enum ecert_rc add_decoded(
    X509_NAME *name, const char *type, struct rd der, int set, struct message_kept *why)
{
	const unsigned char *at = der.p;
	ASN1_TYPE *t = d2i_ASN1_TYPE(NULL, &at, (long)der.n);
	unsigned char *utf8 = NULL;
	enum ecert_rc rc = ECERT_E_MALFORMED;
	int n = -1;

	/* Only what is text: then it is what the same name in letters would be. */
	if (t && at == der.p + der.n && ASN1_TYPE_get(t) != V_ASN1_OBJECT &&
	    ASN1_TYPE_get(t) != V_ASN1_BOOLEAN && ASN1_TYPE_get(t) != V_ASN1_NULL)
		n = ASN1_STRING_to_UTF8(&utf8, t->value.asn1_string);
	if (n >= 0)
		rc = dn_add(name, type, rd_of(utf8, (size_t)n), set, why);
	else
		message_keep(
		    why, MSG("what follows # for {type} is no text in BER", P_TEXT("type", type)));
	OPENSSL_free(utf8);
	ASN1_TYPE_free(t);
	ERR_clear_error();
	return rc;
}

enum ecert_rc dn_add_hex(
    X509_NAME *name, const char *type, const char *hex, int set, struct message_kept *why)
{
	struct buf der = BUF_INIT(1024);
	enum ecert_rc rc = hex_get(rd_of(hex, strlen(hex)), &der);

	if (rc != ECERT_OK)
		rc = complain(why, MSG("what follows # for {type} is not hexadecimal (write \\#)",
				       P_TEXT("type", type)));
	else
		rc = add_decoded(name, type, buf_view(&der), set, why);
	buf_free(&der);
	return rc;
}
