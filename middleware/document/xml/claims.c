/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed properties of XAdES, judged. */
#include "document/xml/claims.h"

#include <stdio.h>
#include <string.h>

#include "document/xml/algs.h"
#include "document/xml/content.h"
#include "document/xml/value.h"
#include "util/text.h"

static const struct xml_property *fact(const struct xml_sig *s, enum xml_fact kind)
{
	for (uint32_t i = 0; i < s->facts; i++)
		if (s->fact[i].kind == kind)
			return &s->fact[i];
	return NULL;
}

/* ---- where they are ---- */
static bool are_signed(const struct xml_sig *s)
{
	for (uint32_t i = 0; i < s->refs; i++) {
		const struct xml_ref *r = &s->ref[i];

		if (r->place == XML_OWN_PROPERTIES && r->state == XML_OCTETS &&
		    !(r->flags & (XML_REF_CUT | XML_REF_EMPTY | XML_REF_MANIFEST)))
			return true;
	}
	return false;
}

/* Older versions have theirs in the URI: ".../01903/v1.2.2#SignedProperties". */
static bool is_of_properties(struct rd type)
{
	static const char begin[] = "http://uri.etsi.org/01903", end[] = "#SignedProperties";
	size_t b = sizeof begin - 1, e = sizeof end - 1;

	return type.n >= b + e && !memcmp(type.p, begin, b) && !memcmp(type.p + type.n - e, end, e);
}

/* A reference says that it is about SignedProperties, and is about something else. */
static bool has_false_one(const struct xml_sig *s)
{
	for (uint32_t i = 0; i < s->refs; i++)
		if (is_of_properties(s->ref[i].type) && s->ref[i].place != XML_OWN_PROPERTIES)
			return true;
	return false;
}

static bool says_something(const struct xml_sig *s)
{
	return fact(s, XML_FACT_TIME) || fact(s, XML_FACT_CERT) || fact(s, XML_FACT_POLICY);
}

static const char *defect_of(const struct xml_sig *s, enum reason *reason)
{
	*reason = REASON_WRAPPED;
	if (s->properties == XML_SEVERAL)
		return MSG_ID("it has QualifyingProperties more than once");
	if (s->properties == XML_OTHERS)
		return MSG_ID("its QualifyingProperties are about another signature");
	if (has_false_one(s))
		return MSG_ID("the SignedProperties that it signs are not its own");
	*reason = REASON_ATTRIBUTES_BAD;
	if (s->properties == XML_QUALIFIED && !are_signed(s) && says_something(s))
		return MSG_ID("nobody signed its SignedProperties");
	return NULL;
}

/* ---- told ---- */
static void tell(const struct xml_sig *s, enum xml_fact kind, const char *words, struct report *rep)
{
	const struct xml_property *f = fact(s, kind);
	char name[256];
	size_t n;

	if (!f)
		return;
	n = f->a.n < sizeof name ? f->a.n : sizeof name - 1;
	if (n)
		memcpy(name, f->a.p, n);
	name[n] = 0;
	for (char *p = name; *p; p++)
		if (strchr("\r\n\t", *p))
			*p = ' ';
	text_scrub(name);
	report_add(rep, CHK_SIGNED_ATTRIBUTES, CHECK_SKIPPED, MSG(words, P_TEXT("name", name)));
}

static void tell_all(const struct xml_sig *s, struct report *rep)
{
	tell(s, XML_FACT_POLICY,
	    MSG_ID("the signer names the signature policy {name}, which is not looked at"), rep);
	tell(s, XML_FACT_COMMITMENT, MSG_ID("the signer says what the signature is for: {name}"),
	    rep);
	tell(s, XML_FACT_ROLE, MSG_ID("the signer claims the role {name}"), rep);
	tell(s, XML_FACT_UNREAD,
	    MSG_ID("beside the signature, unsigned, is something that is not known here: {name}"),
	    rep);
	tell(s, XML_FACT_FORMAT, MSG_ID("the signer says what kind of file it is: {name}"), rep);
}

void xml_claims_check(const struct xml_sig *s, struct report *rep)
{
	enum reason reason;
	const char *why = defect_of(s, &reason);

	if (why)
		report_add_why(rep, CHK_SIGNED_ATTRIBUTES, reason_state(reason), reason, MSG(why));
	else if (s->properties == XML_PLAIN)
		report_add(rep, CHK_SIGNED_ATTRIBUTES, CHECK_SKIPPED,
		    MSG("there are none: it is an XML Signature without XAdES"));
	else if (!are_signed(s))
		report_add(rep, CHK_SIGNED_ATTRIBUTES, CHECK_SKIPPED,
		    MSG("there are none that are signed"));
	else
		report_add(rep, CHK_SIGNED_ATTRIBUTES, CHECK_OK, MSG_EMPTY);
	if (!why && are_signed(s))
		tell_all(s, rep);
}

void xml_claims_kinds(const struct xml_sig *s, const struct xml_files *files)
{
	bool are = are_signed(s);

	for (uint32_t i = 0; are && i < s->facts; i++)
		if (s->fact[i].kind == XML_FACT_FORMAT && s->fact[i].a.n && s->fact[i].c.n)
			files->kind(files->ctx, s->fact[i].c, s->fact[i].a);
}

/* ---- time (XML Schema 2, 3.2.7) ---- */
static bool digits(struct rd *r, size_t n, int *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = 0;

		if (rd_u8(r, &c) != ECERT_OK || c < '0' || c > '9')
			return false;
		*out = 10 * *out + (c - '0');
	}
	return true;
}

static bool sign(struct rd *r, char c)
{
	uint8_t have = 0;

	return rd_u8(r, &have) == ECERT_OK && have == (uint8_t)c;
}

/* "Z", "+08:00", or nothing: then it is taken for UTC. Seconds east. */
static bool zone(struct rd *r, int *out)
{
	uint8_t c = 0;
	int hours, minutes;

	*out = 0;
	if (rd_u8(r, &c) != ECERT_OK)
		return true;
	if (c == 'Z')
		return rd_empty(r);
	if ((c != '+' && c != '-') || !digits(r, 2, &hours) || !sign(r, ':') ||
	    !digits(r, 2, &minutes) || hours > 14 || minutes > 59)
		return false;
	*out = (c == '-' ? -60 : 60) * (60 * hours + minutes);
	return rd_empty(r);
}

static struct rd trim(struct rd r)
{
	while (r.n && strchr(" \t\r\n", r.p[0]))
		r = rd_of(r.p + 1, r.n - 1);
	while (r.n && strchr(" \t\r\n", r.p[r.n - 1]))
		r.n--;
	return r;
}

static time_t parse_time(struct rd r)
{
	struct tm tm = {.tm_isdst = 0};
	int east;

	r = trim(r);
	if (!digits(&r, 4, &tm.tm_year) || !sign(&r, '-') || !digits(&r, 2, &tm.tm_mon) ||
	    !sign(&r, '-') || !digits(&r, 2, &tm.tm_mday) || !sign(&r, 'T') ||
	    !digits(&r, 2, &tm.tm_hour) || !sign(&r, ':') || !digits(&r, 2, &tm.tm_min) ||
	    !sign(&r, ':') || !digits(&r, 2, &tm.tm_sec))
		return 0;
	if (r.n && *r.p == '.')
		do {
			r = rd_of(r.p + 1, r.n - 1);
		} while (r.n && *r.p >= '0' && *r.p <= '9');
	if (!zone(&r, &east) || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 ||
	    tm.tm_mday > 31 || tm.tm_hour > 24 || tm.tm_min > 59 || tm.tm_sec > 60)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return timegm(&tm) - east;
}

time_t xml_claims_time(const struct xml_sig *s)
{
	const struct xml_property *f = fact(s, XML_FACT_TIME);
	time_t t = f && are_signed(s) ? parse_time(f->a) : 0;

	return t > 0 ? t : 0;
}

const char *xml_claims_profile(const struct xml_sig *s)
{
	return s->properties == XML_PLAIN				       ? "XML-Signature"
	       : are_signed(s) && xml_claims_time(s) && fact(s, XML_FACT_CERT) ? "XAdES-B-B"
									       : "XAdES";
}

/* ---- the certificate ---- */
static bool is_named(const struct xml_sig *s, const X509 *x)
{
	for (uint32_t i = 0; i < s->facts; i++) {
		const struct xml_property *f = &s->fact[i];
		const EVP_MD *md = f->kind == XML_FACT_CERT ? xml_digest(f->a) : NULL;
		struct buf want = BUF_INIT(EVP_MAX_MD_SIZE);
		uint8_t have[EVP_MAX_MD_SIZE];
		unsigned n = 0;
		bool same = md && xml_base64(f->b, &want) && X509_digest(x, md, have, &n) == 1 &&
			    rd_equal(buf_view(&want), rd_of(have, n));

		buf_free(&want);
		if (same)
			return true;
	}
	return false;
}

X509 *xml_claims_cert(
    const struct xml_sig *s, const struct xml_beside *b, const struct doc_path *path)
{
	bool naming = are_signed(s) && fact(s, XML_FACT_CERT);
	X509 *x;

	for (size_t i = 0; i < b->own; i++)
		if (xml_value_fits(s, sk_X509_value(b->all.certs, (int)i)))
			return sk_X509_value(b->all.certs, (int)i);
	for (size_t i = 0; naming && (x = cades_candidate(&b->all, path, i)); i++)
		if (is_named(s, x))
			return x;
	/* Without a word about it, the first is said to be the signer's; else one that fits. */
	if (b->own)
		return sk_X509_value(b->all.certs, 0);
	for (size_t i = 0; !naming && (x = cades_candidate(&b->all, path, i)); i++)
		if (xml_value_fits(s, x))
			return x;
	return NULL;
}

void xml_claims_check_cert(const struct xml_sig *s, X509 *cert, struct report *rep)
{
	bool naming = are_signed(s) && fact(s, XML_FACT_CERT), key = false;

	for (uint32_t i = 0; i < s->refs; i++)
		key = key || (s->ref[i].place == XML_OWN_KEY && s->ref[i].state == XML_OCTETS);
	if (!cert)
		report_add_why(rep, CHK_SIGNING_CERTIFICATE,
		    reason_state(REASON_SIGNER_CERT_MISSING), REASON_SIGNER_CERT_MISSING,
		    MSG("the signer's certificate is neither in the document nor among those "
			"given"));
	else if (naming && !is_named(s, cert))
		report_add_why(rep, CHK_SIGNING_CERTIFICATE, CHECK_FAILED, REASON_SIGNER_CERT_OTHER,
		    MSG("the signed properties name another one"));
	else if (naming)
		report_add(rep, CHK_SIGNING_CERTIFICATE, CHECK_OK,
		    MSG("by its digest in the signed properties"));
	else if (key)
		report_add(rep, CHK_SIGNING_CERTIFICATE, CHECK_OK, MSG("KeyInfo is signed"));
	else
		report_add(rep, CHK_SIGNING_CERTIFICATE, CHECK_SKIPPED,
		    MSG("nothing that is signed names it, as only XAdES asks for"));
}
