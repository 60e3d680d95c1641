/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures in XML as ecert-wall reads them, in this process, and its answers as they are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml/algs.h"
#include "document/xml/answer.h"
#include "document/xml/names.h"
#include "document/xml/nodes/nodes.h"
#include "document/xml/xml.h"

#define DS "xmlns:ds='http://www.w3.org/2000/09/xmldsig#'"
#define METHODS                                                                                    \
	"<ds:CanonicalizationMethod Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>"         \
	"<ds:SignatureMethod Algorithm='http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'/>"
#define DIGEST                                                                                     \
	"<ds:DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>"                   \
	"<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>"

static struct xml_answer ask(const char *text)
{
	struct rd input = rd_of(text, strlen(text));
	const struct wall_call call = {
	    .request = rd_of("\0\0\0\0", 4), .input = &input, .inputs = 1};
	struct xml_answer a = {.n = 0};
	buf_init(&a.raw, WALL_ANSWER_MAX);
	assert_int_equal(xml_signatures(&call, &a.raw), ECERT_OK);
	assert_true(xml_answer_read(&a));
	return a;
}

/* A document of these elements beside a signature with these transforms, URI and Objects. */
static struct xml_answer sign(
    const char *body, const char *uri, const char *transforms, const char *objects)
{
	char text[8192];
	snprintf(text, sizeof text,
	    "<a xmlns='urn:a'>%s<ds:Signature " DS " Id='s'><ds:SignedInfo>" METHODS
	    "<ds:Reference URI=\"%s\"><ds:Transforms>%s</ds:Transforms>" DIGEST
	    "</ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue>%s</ds:Signature></a>",
	    body, uri, transforms, objects);
	return ask(text);
}

#define T(uri, inside) "<ds:Transform Algorithm='" uri "'>" inside "</ds:Transform>"
#define ENVELOPED      T(XMLN_ENVELOPED, "")

static void is_text(struct rd r, const char *text)
{
	assert_int_equal(r.n, strlen(text));
	assert_memory_equal(r.p, text, r.n);
}

static const struct {
	const char *body, *uri, *transforms, *octets;
} rows[] = {
    /* Attributes in the order of their namespaces and names, references made text, comments gone.
     */
    {"<b  z='1' y='2'\n>&lt;&#x41;<!-- c --><c/></b>", "", ENVELOPED,
	"<a xmlns=\"urn:a\"><b y=\"2\" z=\"1\">&lt;A<c></c></b></a>"},
    {"<b Id='b'/>", "#b", "", "<b xmlns=\"urn:a\" Id=\"b\"></b>"},
    {"<b ID='b'/>", "#b", "", "<b xmlns=\"urn:a\" ID=\"b\"></b>"},
    {"<b xml:id='b'/>", "#xpointer(id('b'))", "", "<b xmlns=\"urn:a\" xml:id=\"b\"></b>"},
    {"<b Id='b'><!--c--></b>", "#xpointer(id('b'))", T(XMLN_C14N10_COMMENTS, ""),
	"<b xmlns=\"urn:a\" Id=\"b\"><!--c--></b>"},
    {"<b Id='b'><!--c--></b>", "#b", T(XMLN_C14N10_COMMENTS, ""),
	"<b xmlns=\"urn:a\" Id=\"b\"></b>"},
    /* What is inherited: namespaces that are seen, and attributes of xml, each by its algorithm. */
    {"<w xmlns:u='urn:u' xml:lang='zh'><b Id='b'/></w>", "#b", T(XMLN_C14N10, ""),
	"<b xmlns=\"urn:a\" xmlns:u=\"urn:u\" Id=\"b\" xml:lang=\"zh\"></b>"},
    {"<w xmlns:u='urn:u' xml:lang='zh'><b Id='b'/></w>", "#b", T(XMLN_EXC, ""),
	"<b xmlns=\"urn:a\" Id=\"b\"></b>"},
    {"<w xmlns:u='urn:u'><b Id='b'/></w>", "#b",
	T(XMLN_EXC, "<e:InclusiveNamespaces xmlns:e='" XMLN_EXC_C14N "' PrefixList='u'/>"),
	"<b xmlns=\"urn:a\" xmlns:u=\"urn:u\" Id=\"b\"></b>"},
    {"<w xml:id='w' xml:base='x/'><b Id='b'/></w>", "#b", T(XMLN_C14N11, ""),
	"<b xmlns=\"urn:a\" Id=\"b\" xml:base=\"x/\"></b>"},
    {"<b Id='b'> aGVs\n<c>bG8=</c></b>", "#b", T(XMLN_BASE64, ""), "hello"},
    {"<b>1</b><c>2</c>", "", T(XMLN_XPATH, "<ds:XPath>ancestor::*[local-name()='c']</ds:XPath>"),
	"2"},
    {"<b>1</b><c>2</c>", "",
	T(XMLN_XPATH2, "<f:XPath xmlns:f='" XMLN_XPATH2 "' xmlns:q='urn:a' Filter='intersect'>"
		       "//q:c</f:XPath>"),
	"<c xmlns=\"urn:a\">2</c>"},
    /* Octets are read again where nodes are wanted. */
    {"<b Id='b'>PHgvPg==</b>", "#b", T(XMLN_BASE64, "") T(XMLN_C14N10, ""), "<x></x>"},
};

static void octets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct xml_answer a = sign(rows[i].body, rows[i].uri, rows[i].transforms, "");
		assert_int_equal(a.n, 1);
		assert_int_equal(a.v[0].refs, 1);
		assert_int_equal(a.v[0].ref[0].state, XML_OCTETS);
		is_text(a.v[0].ref[0].octets, rows[i].octets);
		xml_answer_free(&a);
	}
}

static const struct {
	const char *body, *uri, *transforms;
	enum xml_reference state;
} unread[] = {
    {"<b/>", "#b", "", XML_NOT_THERE},
    {"<b Id='b'/><c id='b'/>", "#b", "", XML_DOUBLED},
    {"<b Id='b'/><c xml:id='b'/>", "#xpointer(id('b'))", "", XML_DOUBLED},
    {"<b Id='b' xml:id='b'/>", "#b", "", XML_OCTETS}, /* the same element */
    {"<b/>", "#xpointer(//b)", "", XML_POINTER},
    {"<b/>", "file:///etc/passwd", "", XML_OUTSIDE},
    {"<b/>", "", T("urn:x", ""), XML_TRANSFORM},
    {"<b/>", "", T(XMLN_XSLT, "<x/>"), XML_TRANSFORM},
    {"<b Id='b'>%%</b>", "#b", T(XMLN_BASE64, ""), XML_UNDONE},
    {"<b Id='b'>AAA</b>", "#b", T(XMLN_BASE64, ""), XML_OCTETS},
    {"<b/>", "", T(XMLN_XPATH, "<ds:XPath>1] | //*[1</ds:XPath>"), XML_UNDONE},
    {"<b/>", "", T(XMLN_XPATH, "<ds:XPath>document('x')</ds:XPath>"), XML_UNDONE},
    {"<b/>", "", T(XMLN_XPATH, ""), XML_UNDONE},
    {"<b/>", "", T(XMLN_XPATH2, ""), XML_UNDONE},
    {"<b/>", "", T(XMLN_C14N10, "") ENVELOPED, XML_UNDONE},
};

static void what_is_not_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unread / sizeof unread[0]; i++) {
		struct xml_answer a = sign(unread[i].body, unread[i].uri, unread[i].transforms, "");
		assert_int_equal(a.v[0].ref[0].state, unread[i].state);
		xml_answer_free(&a);
	}
}

static const struct {
	const char *body, *uri, *objects;
	enum xml_place place;
	uint32_t gaps;
	const char *gap;
} places[] = {
    {"<b/>", "", "", XML_WHOLE, 0, ""},
    {"<b Id='b'/>", "#b", "", XML_ELEMENT, 0, ""},
    {"<b Id='b'/><c/>", "#b", "", XML_ELEMENT, 1, "/a/c"},
    {"<b Id='b'/><c/><d><e/></d>", "#b", "", XML_ELEMENT, 2, "/a/c"},
    {"<w><b Id='b'/><c/></w>", "#b", "", XML_ELEMENT, 1, "/a/w/c"},
    {"x<b Id='b'/>", "#b", "", XML_ELEMENT, 1, "/a"},
    {"<w x='1'><b Id='b'/></w>", "#b", "", XML_ELEMENT, 1, "/a/w"},
    {"<w id='1'> <b Id='b'/></w>", "#b", "", XML_ELEMENT, 0, ""},
    {"", "#o", "<ds:Object Id='o'>x</ds:Object>", XML_OWN_OBJECT, 0, ""},
    {"", "#o", "<ds:Object Id='o'>x</ds:Object><ds:Object>y</ds:Object>", XML_OWN_OBJECT, 1,
	"/a/ds:Signature/ds:Object[2]"},
    {"<b/>", "#o", "<ds:Object Id='o'>x</ds:Object>", XML_OWN_OBJECT, 1, "/a/b"},
    {"", "#i", "<ds:Object><i Id='i'/><j/></ds:Object>", XML_OWN_OBJECT, 1,
	"/a/ds:Signature/ds:Object/j"},
    {"<b/>", "data.bin", "", XML_NOWHERE, 1, "/a/b"},
};

static void what_is_covered(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct xml_answer a = sign(places[i].body, places[i].uri,
		    *places[i].uri ? "" : ENVELOPED, places[i].objects);
		assert_int_equal(a.v[0].ref[0].place, places[i].place);
		assert_int_equal(a.v[0].gaps, places[i].gaps);
		is_text(a.v[0].gap, places[i].gap);
		xml_answer_free(&a);
	}
}

#define QP(target)                                                                                 \
	"<x:QualifyingProperties xmlns:x='" XMLN_XADES132 "' Target='" target                      \
	"'><x:SignedProperties Id='p'/></x:QualifyingProperties>"

static void whose_properties(void **state)
{
	static const struct {
		const char *objects;
		enum xml_properties state;
		enum xml_place place;
	} rows_of[] = {
	    {"<ds:Object>" QP("#s") "</ds:Object>", XML_QUALIFIED, XML_OWN_PROPERTIES},
	    {"<ds:Object>" QP("#t") "</ds:Object>", XML_OTHERS, XML_OWN_OTHER},
	    {"<ds:Object>" QP("s") "</ds:Object>", XML_OTHERS, XML_OWN_OTHER},
	    {"<ds:Object><y>" QP("#s") "</y></ds:Object>", XML_PLAIN, XML_OWN_OBJECT},
	    {"<ds:Object>" QP("#s") "</ds:Object><ds:Object><x:QualifyingProperties xmlns:x='" //
		XMLN_XADES132 "'/></ds:Object>",
		XML_SEVERAL, XML_OWN_OTHER},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows_of / sizeof rows_of[0]; i++) {
		struct xml_answer a = sign("", "#p", "", rows_of[i].objects);
		assert_int_equal(a.v[0].properties, rows_of[i].state);
		assert_int_equal(a.v[0].ref[0].place, rows_of[i].place);
		xml_answer_free(&a);
	}
}

static void documents(void **state)
{
	static const struct {
		const char *text;
		enum xml_state state;
	} texts[] = {
	    {"<a/>", XML_READ},
	    {"", XML_BROKEN},
	    {"a", XML_BROKEN},
	    {"<a>", XML_BROKEN},
	    {"<a/><b/>", XML_BROKEN},
	    {"<x:a/>", XML_BROKEN},
	    {"<a>&b;</a>", XML_BROKEN},
	    {"<!DOCTYPE a><a/>", XML_DOCTYPE},
	    {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", XML_DOCTYPE},
	    {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", XML_DOCTYPE},
	};
	char deep[2001];
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct xml_answer a = ask(texts[i].text);
		assert_int_equal(a.state, texts[i].state);
		xml_answer_free(&a);
	}
	for (size_t i = 0; i < 2000; i++)
		deep[i] = "<a>"[i % 3];
	deep[2000] = 0;
	struct xml_answer a = ask(deep);
	assert_int_equal(a.state, XML_TOO_DEEP);
	xml_answer_free(&a);
}

/* Cut anywhere, or with something behind it, an answer is none. */
static void answers_are_read_whole(void **state)
{
	struct xml_answer good = sign("<b Id='b'/>", "#b", "", "");
	struct rd whole = buf_view(&good.raw);
	(void)state;
	for (size_t n = 0; n <= whole.n + 1; n++) {
		struct xml_answer a = {.n = 0};
		buf_init(&a.raw, WALL_ANSWER_MAX);
		buf_put(&a.raw, whole.p, n < whole.n ? n : whole.n);
		if (n > whole.n)
			buf_u8(&a.raw, 0);
		assert_int_equal(xml_answer_read(&a), n == whole.n);
		xml_answer_free(&a);
	}
	xml_answer_free(&good);
}

static void algorithms(void **state)
{
	(void)state;
	assert_non_null(xml_digest(rd_of(XMLN_SHA256, strlen(XMLN_SHA256))));
	assert_null(xml_digest(rd_of("", 0)));
	assert_string_equal(xml_digest_uri("SHA256"), XMLN_SHA256);
	assert_null(xml_digest_uri("SM3"));
	assert_string_equal(xml_signing_for(XML_ECDSA, "SHA256")->name, "ECDSA-SHA256");
	assert_null(xml_signing(rd_of("none", 4)));
}

static void where_the_content_is(void **state)
{
	static const struct {
		const char *head;
		bool holds;
	} heads[] = {
	    {"<ds:Reference URI=\"\">", true},
	    {"<Reference Id='r' URI='#x'>", true},
	    {"<Reference URI='#x'/><Reference URI='data.bin'>", false},
	    {"<Reference Id='r'>", false},
	    {"no Reference at all>", true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		assert_int_equal(
		    format_xades.holds_content(rd_of(heads[i].head, strlen(heads[i].head))),
		    heads[i].holds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(octets),
	    cmocka_unit_test(what_is_not_read),
	    cmocka_unit_test(what_is_covered),
	    cmocka_unit_test(whose_properties),
	    cmocka_unit_test(documents),
	    cmocka_unit_test(answers_are_read_whole),
	    cmocka_unit_test(algorithms),
	    cmocka_unit_test(where_the_content_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
