/* SPDX-License-Identifier: BSD-2-Clause */
/* Where unsigned properties go in XML, as ecert-wall says, in this process; its answers as they are
 * read; the properties as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml/extend/look/places.h"
#include "document/xml/extend/plan.h"
#include "document/xml/extend/values.h"
#include "document/xml/names.h"

#define DS "xmlns:ds='" XMLN_DSIG "'"
#define REFERENCE(uri, transforms)                                                                 \
	"<ds:Reference URI='" uri "'><ds:Transforms>" transforms "</ds:Transforms>"                \
	"<ds:DigestMethod Algorithm='" XMLN_SHA256 "'/><ds:DigestValue>AAAA</ds:DigestValue>"      \
	"</ds:Reference>"
#define ENVELOPED "<ds:Transform Algorithm='" XMLN_ENVELOPED "'/>"
#define BARE                                                                                       \
	"<ds:Transform Algorithm='" XMLN_XPATH "'>"                                                \
	"<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>"
/* A signature of this Id over what a reference says, with what stands behind its value. */
#define SIGNATURE(id, reference, behind)                                                           \
	"<ds:Signature " DS " Id='" id                                                             \
	"'><ds:SignedInfo><ds:CanonicalizationMethod Algorithm='" XMLN_EXC                         \
	"'/><ds:SignatureMethod Algorithm='" XMLN_MORE "rsa-sha256'/>" reference                   \
	"</ds:SignedInfo><ds:SignatureValue Id='v" id "'>AAAA</ds:SignatureValue>" behind          \
	"</ds:Signature>"
#define QUALIFYING(ns, id, inside)                                                                 \
	"<ds:Object><x:QualifyingProperties xmlns:x='" ns "' Target='#" id "'>"                    \
	"<x:SignedProperties/>" inside "</x:QualifyingProperties></ds:Object>"
#define UNSIGNED(inside) "<x:UnsignedProperties>" inside "</x:UnsignedProperties>"
#define OWN(inside)                                                                                \
	UNSIGNED("<x:UnsignedSignatureProperties>" inside "</x:UnsignedSignatureProperties>")
#define ONE(inside)                                                                                \
	"<a>" SIGNATURE("s", REFERENCE("", BARE), QUALIFYING(XMLN_XADES132, "s", inside)) "</a>"

/* @ is where something is to be put, and no part of the document. */
static const struct {
	const char *text;
	enum xext_refusal why;
	enum xext_place place;
	const char *empty, *stamp;
	bool values;
} rows[] = {
    {ONE("@"), XEXT_GOOD, XEXT_IN_QUALIFYING, "", "", false},
    {ONE("<x:UnsignedProperties@/>"), XEXT_GOOD, XEXT_IN_UNSIGNED, "x:UnsignedProperties", "",
	false},
    {ONE(UNSIGNED("@<x:UnsignedDataObjectProperties/>")), XEXT_GOOD, XEXT_IN_UNSIGNED, "", "",
	false},
    {ONE(UNSIGNED("<x:UnsignedSignatureProperties  @/>")), XEXT_GOOD, XEXT_IN_SIGNATURE,
	"x:UnsignedSignatureProperties", "", false},
    {ONE(OWN("<!-- </x:UnsignedSignatureProperties> --><x:SignatureTimeStamp Id='t.1'/>@")),
	XEXT_GOOD, XEXT_IN_SIGNATURE, "", "t.1", false},
    {ONE(OWN("<x:SignatureTimeStamp Id='a&quot;b'/>@")), XEXT_GOOD, XEXT_IN_SIGNATURE, "", "",
	false},
    {ONE(OWN("<x:RevocationValues/><![CDATA[</a>]]>@")), XEXT_GOOD, XEXT_IN_SIGNATURE, "", "",
	true},
    /* What nothing is put into. */
    {"<a>" SIGNATURE("s", REFERENCE("", BARE), "") "</a>", XEXT_PLAIN, 0, "", "", false},
    {"<a>" SIGNATURE("s", REFERENCE("", BARE), QUALIFYING(XMLN_XADES132, "t", "")) "</a>",
	XEXT_PLAIN, 0, "", "", false},
    {"<a>" SIGNATURE("s", REFERENCE("", BARE), QUALIFYING(XMLN_XADES122, "s", "")) "</a>", XEXT_OLD,
	0, "", "", false},
    {ONE(UNSIGNED("") UNSIGNED("")), XEXT_BROKEN, 0, "", "", false},
    /* Covered by itself, and by another one. */
    {"<a>" SIGNATURE("s", REFERENCE("#o", ""),
	 "<ds:Object Id='o'><x:QualifyingProperties xmlns:x='" XMLN_XADES132 "' Target='#s'/>"
	 "</ds:Object>") "</a>",
	XEXT_COVERED, 0, "", "", false},
    {"<a>" SIGNATURE("s", REFERENCE("", BARE), QUALIFYING(XMLN_XADES132, "s", ""))
	    SIGNATURE("t", REFERENCE("", ENVELOPED), "") "</a>",
	XEXT_COVERED, 0, "", "", false},
};

/* Without the mark; *at: where it was. */
static char *unmarked(const char *text, size_t *at)
{
	char *out = strdup(text), *mark = strchr(out, '@');

	*at = mark ? (size_t)(mark - out) : 0;
	if (mark)
		memmove(mark, mark + 1, strlen(mark));
	return out;
}

static void ask(const char *text, struct buf *answer)
{
	struct rd input = rd_of(text, strlen(text));
	const struct wall_call call = {.input = &input, .inputs = 1};

	buf_init(answer, 1u << 20);
	assert_int_equal(xml_places(&call, answer), ECERT_OK);
}

static void places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct doc_refusal *why = NULL;
		struct xext_plan p = {.n = 0};
		struct buf answer;
		size_t at;
		char *text = unmarked(rows[i].text, &at);

		ask(text, &answer);
		assert_int_equal(
		    xext_plan_read(buf_view(&answer), strlen(text), &p, &why), ECERT_OK);
		assert_null(why);
		assert_true(p.n >= 1);
		if (p.v[0].why != rows[i].why)
			fail_msg("row %zu: %d", i, (int)p.v[0].why);
		if (!p.v[0].why) {
			assert_int_equal(p.v[0].place, rows[i].place);
			assert_int_equal(p.v[0].at, at);
			assert_true(
			    rd_equal(p.v[0].empty, rd_of(rows[i].empty, strlen(rows[i].empty))));
			assert_true(
			    rd_equal(p.v[0].stamp_id, rd_of(rows[i].stamp, strlen(rows[i].stamp))));
			assert_int_equal(p.v[0].values, rows[i].values);
			assert_true(rd_contains(p.v[0].value,
			    "<ds:SignatureValue xmlns:ds=\"" XMLN_DSIG "\" Id=\"vs\">AAAA</"));
		}
		buf_free(&answer);
		free(text);
	}
}

/* A counter-signature is not counted; what is no XML, or in another encoding, is refused whole. */
static void whole(void **state)
{
	static const char counter[] = "<a>" SIGNATURE("s", REFERENCE("", BARE),
	    QUALIFYING(XMLN_XADES132, "s",
		OWN("<x:CounterSignature>" SIGNATURE(
		    "c", REFERENCE("#vs", ""), "") "</x:CounterSignature>"))) "</a>";
	static const struct {
		const char *text;
		const char *reason; /* NULL: none */
	} texts[] = {
	    {counter, NULL},
	    {"<a/>", NULL},
	    {"<a>", "xml-broken"},
	    {"<!DOCTYPE a><a/>", "xml-broken"},
	    {"<?xml version='1.0' encoding='GBK'?><a/>", "xml-encoding"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const struct doc_refusal *why = NULL;
		struct xext_plan p = {.n = 0};
		struct buf answer;

		ask(texts[i].text, &answer);
		assert_int_equal(
		    xext_plan_read(buf_view(&answer), strlen(texts[i].text), &p, &why), ECERT_OK);
		assert_int_equal(p.n, i == 0);
		if (texts[i].reason)
			assert_string_equal(why->reason, texts[i].reason);
		else
			assert_null(why);
		buf_free(&answer);
	}
}

/* An answer is read to its last byte, and says nothing beyond the file. */
static void strict(void **state)
{
	const struct doc_refusal *why;
	struct xext_plan p = {.n = 0};
	struct buf answer;
	size_t at, size;
	char *text = unmarked(rows[3].text, &at);
	struct rd all;

	(void)state;
	size = strlen(text);
	ask(text, &answer);
	all = buf_view(&answer);
	for (size_t n = 0; n < all.n; n++)
		assert_int_equal(
		    xext_plan_read(rd_of(all.p, n), size, &p, &why), ECERT_E_MALFORMED);
	assert_int_equal(xext_plan_read(all, at + 2, &p, &why), ECERT_OK);
	assert_int_equal(xext_plan_read(all, at + 1, &p, &why), ECERT_E_MALFORMED);
	buf_u8(&answer, 0);
	assert_int_not_equal(xext_plan_read(buf_view(&answer), size, &p, &why), ECERT_OK);
	/* No such refusal, no such place; a name that would be markup. */
	for (uint8_t i = 0; i < 5; i++) {
		struct buf bad = BUF_INIT(1u << 20);
		static const uint8_t heads[5][3] = {
		    {9}, {0, 1, 9}, {0, 200}, {0, 1, XEXT_REFUSAL_COUNT}, {7}};

		buf_put(&bad, heads[i], 3);
		assert_int_equal(xext_plan_read(buf_view(&bad), size, &p, &why), ECERT_E_MALFORMED);
		buf_free(&bad);
	}
	buf_free(&answer);
	free(text);
}

#define DER(text)                                                                                  \
	{                                                                                          \
		(const uint8_t *)(text), sizeof(text) - 1                                          \
	}
static const struct doc_material material[] = {
    {{DOC_BROUGHT_CERT, DER("cert")}, 0, false},
    {{DOC_BROUGHT_OCSP, DER("ocsp")}, 0, false},
    {{DOC_BROUGHT_OCSP, DER("ocsp")}, 0, false},
    {{DOC_BROUGHT_CRL, DER("crl")}, 0, false},
    {{DOC_BROUGHT_CERT, DER("tsa")}, 0, true},
    {{DOC_BROUGHT_CERT, DER("other")}, 1, false},
};
#define OWN_VALUES                                                                                 \
	"<xades:CertificateValues xmlns:xades=\"" XMLN_XADES132                                    \
	"\"><xades:EncapsulatedX509Certificate>Y2VydA==</xades:EncapsulatedX509Certificate>"       \
	"</xades:CertificateValues><xades:RevocationValues xmlns:xades=\"" XMLN_XADES132           \
	"\"><xades:CRLValues><xades:EncapsulatedCRLValue>Y3Js</xades:EncapsulatedCRLValue>"        \
	"</xades:CRLValues><xades:OCSPValues><xades:EncapsulatedOCSPValue>b2NzcA=="                \
	"</xades:EncapsulatedOCSPValue></xades:OCSPValues></xades:RevocationValues>"

static struct buf put(size_t n, size_t signer, bool values, const char *id)
{
	struct doc_extend_options o = {.step = DOC_LEVEL_LT, .material = material, .material_n = n};
	struct buf out = BUF_INIT(65536);

	assert_int_equal(
	    xades_put_values(&o, signer, values, rd_of(id, strlen(id)), &out), ECERT_OK);
	return out;
}

/* Each once, in the schema's order; of its stamps apart; all apart when the first two are there. */
static void values(void **state)
{
	struct buf b = put(4, 0, false, "");

	(void)state;
	assert_true(rd_equal(buf_view(&b), rd_of(OWN_VALUES, sizeof OWN_VALUES - 1)));
	buf_free(&b);
	b = put(6, 0, false, "t1");
	assert_true(rd_contains(buf_view(&b), OWN_VALUES "<xades141:TimeStampValidationData "));
	assert_true(rd_contains(buf_view(&b), "URI=\"#t1\"><xades:CertificateValues "));
	assert_true(rd_contains(buf_view(&b), ">dHNh</xades:EncapsulatedX509Certificate>"
					      "</xades:CertificateValues>"
					      "</xades141:TimeStampValidationData>"));
	assert_false(rd_contains(buf_view(&b), "b3RoZXI="));
	buf_free(&b);
	b = put(4, 0, true, "");
	assert_true(rd_contains(buf_view(&b), "\">" OWN_VALUES "</xades141:"));
	assert_false(rd_contains(buf_view(&b), " URI="));
	buf_free(&b);
	b = put(6, 2, false, "");
	assert_int_equal(buf_len(&b), 0);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(places),
	    cmocka_unit_test(whole),
	    cmocka_unit_test(strict),
	    cmocka_unit_test(values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
