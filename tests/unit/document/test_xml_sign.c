/* SPDX-License-Identifier: BSD-2-Clause */
/* XML that gets no signature inside, and why, as ecert-wall says, in this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml/names.h"
#include "document/xml/sign/look/look.h"
#include "document/xml/sign/plan.h"

#define SIGNED(reference)                                                                          \
	"<o><Signature xmlns=\"" XMLN_DSIG "\"><SignedInfo>" reference                             \
	"</SignedInfo></Signature></o>"
#define WITH(uri, transform)                                                                       \
	SIGNED("<Reference URI=\"" uri "\"><Transforms>" transform "</Transforms></Reference>")
#define FILTERED(inside) "<Transform Algorithm=\"" XMLN_XPATH2 "\">" inside "</Transform>"
#define CHOSEN(inside)	 "<Transform Algorithm=\"" XMLN_XPATH "\">" inside "</Transform>"
#define TEXT(s)		 (s), sizeof(s) - 1

static const struct {
	const char *text;
	size_t n;
	enum xsign_profile profile;
	const char *reason; /* NULL: it is signed */
} rows[] = {
    {TEXT("<?xml version=\"1.0\"?><o><i></o>"), XSIGN_PROFILE_FITTING, "xml-broken"},
    {TEXT("<?xml version=\"1.0\"?><o>"), XSIGN_PROFILE_FITTING, "xml-broken"},
    {TEXT("<o><p:i/></o>"), XSIGN_PROFILE_FITTING, "xml-broken"},
    {TEXT("<o>&x;</o>"), XSIGN_PROFILE_FITTING, "xml-broken"},
    {TEXT("<o>\377</o>"), XSIGN_PROFILE_FITTING, "xml-broken"},
    {TEXT("<o/><o/>"), XSIGN_PROFILE_FITTING, "xml-broken"},
    {TEXT("<?xml version=\"1.0\"?><!DOCTYPE o [<!ENTITY a \"b\">]><o>&a;</o>"),
	XSIGN_PROFILE_FITTING, "xml-doctype"},
    {TEXT("<!DOCTYPE o SYSTEM \"file:///etc/passwd\"><o/>"), XSIGN_PROFILE_FITTING, "xml-doctype"},
    {TEXT("\377\376<\0o\0/\0>\0"), XSIGN_PROFILE_FITTING, "xml-encoding"},
    {TEXT("<?xml version=\"1.0\" encoding=\"GBK\"?><o>\304\343</o>"), XSIGN_PROFILE_FITTING,
	"xml-encoding"},
    {TEXT("<?xml version=\"1.1\"?><o/>"), XSIGN_PROFILE_FITTING, "xml-version"},
    {TEXT("<o><i Id=\"a\"/><j Id=\"a\"/></o>"), XSIGN_PROFILE_FITTING, "xml-same-ids"},
    {TEXT("<o><i Id=\"a\"/><j xml:id=\"a\"/></o>"), XSIGN_PROFILE_FITTING, "xml-same-ids"},
    {TEXT("<o xmlns=\"order\"/>"), XSIGN_PROFILE_FITTING, "xml-relative-namespace"},
    {TEXT(WITH("", "<Transform Algorithm=\"" XMLN_ENVELOPED "\"/>")), XSIGN_PROFILE_FITTING,
	"xml-covered"},
    {TEXT("<o ID=\"a\"><Signature xmlns=\"" XMLN_DSIG
	  "\"><SignedInfo><Reference URI=\"#a\"/></SignedInfo></Signature></o>"),
	XSIGN_PROFILE_FITTING, "xml-covered"},
    {TEXT(SIGNED("<Reference URI=\"#xpointer(/)\"/>")), XSIGN_PROFILE_FITTING, "xml-covered"},
    {TEXT(WITH("", CHOSEN("<XPath xmlns:d=\"urn:d\">not(ancestor-or-self::d:Signature)</XPath>"))),
	XSIGN_PROFILE_FITTING, "xml-covered"},
    {TEXT("<o/>"), XSIGN_PROFILE_UBL, "xml-not-ubl"},
    /* One that leaves signatures out is no reason. */
    {TEXT(WITH("", FILTERED("<XPath xmlns=\"" XMLN_XPATH2 "\" xmlns:d=\"" XMLN_DSIG
			    "\" Filter=\"subtract\"> /descendant::d:Signature </XPath>"))),
	XSIGN_PROFILE_FITTING, NULL},
    {TEXT(WITH("",
	 CHOSEN("<XPath xmlns:d=\"" XMLN_DSIG "\">not( ancestor-or-self::d:Signature )</XPath>"))),
	XSIGN_PROFILE_FITTING, NULL},
    {TEXT("<o/>"), XSIGN_PROFILE_FITTING, NULL},
};

static enum ecert_rc ask(struct rd text, enum xsign_profile profile, struct buf *answer)
{
	uint8_t request = (uint8_t)profile;
	const struct wall_call call = {.request = rd_of(&request, 1), .input = &text, .inputs = 1};

	buf_init(answer, 64u << 20);
	return xsign_plan(&call, answer);
}

static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct doc_refusal *why = NULL;
		struct xsign_plan p;
		struct buf answer;

		assert_int_equal(
		    ask(rd_of(rows[i].text, rows[i].n), rows[i].profile, &answer), ECERT_OK);
		assert_int_equal(xsign_plan_read(buf_view(&answer), rows[i].n, &p, &why), ECERT_OK);
		if (!rows[i].reason != !why || (why && strcmp(why->reason, rows[i].reason) != 0))
			fail_msg("row %zu: %s", i, why ? why->reason : "signed");
		buf_free(&answer);
	}
}

static struct buf repeat(const char *head, const char *body, size_t n, const char *tail)
{
	struct buf b = BUF_INIT(XSIGN_FILE_MAX + (1u << 20));

	buf_str(&b, head);
	for (size_t i = 0; i < n; i++)
		buf_str(&b, body);
	buf_str(&b, tail);
	assert_int_equal(buf_rc(&b), ECERT_OK);
	return b;
}

static void too_much(void **state)
{
	char uri[100001];
	struct buf deep = repeat("", "<o>", 300, ""),
		   many = repeat("<o>", "<Signature xmlns=\"" XMLN_DSIG "\"/>", 20, "</o>"),
		   large = repeat("<o>", "xxxxxxxxxxxxxxxx", XSIGN_FILE_MAX / 16, "</o>"),
		   grows = BUF_INIT(1u << 20);
	struct buf *const all[] = {&deep, &many, &large, &grows};

	(void)state;
	memset(uri, 'x', sizeof uri - 1);
	uri[sizeof uri - 1] = 0;
	buf_str(&grows, "<o xmlns:a=\"urn:");
	buf_str(&grows, uri);
	buf_str(&grows, "\">");
	for (int i = 0; i < 5000; i++)
		buf_str(&grows, "<a:i/>");
	buf_str(&grows, "</o>");
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct buf answer;

		assert_int_equal(
		    ask(buf_view(all[i]), XSIGN_PROFILE_FITTING, &answer), ECERT_E_TOO_LARGE);
		buf_free(&answer);
		buf_free(all[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(refused), cmocka_unit_test(too_much)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
