/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling of content and attributes that are read, and change nothing. */
#include "document/cms/profile/cades_told.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "document/cms/form/mime.h"
#include "document/kind/kind.h"
#include "util/text.h"

#define HEAD 4096 /* enough to see what kind a content is of */

const char *cades_profile(const struct cades_attrs *a)
{
	return !a->n				   ? "CMS without signed attributes"
	       : a->when && cades_attrs_has_ess(a) ? "CAdES-B-B"
						   : "CMS";
}

static bool is_signature(const struct cades_source *s)
{
	uint8_t head[HEAD];
	size_t n = 0;

	if (OBJ_obj2nid(CMS_get0_eContentType(s->cms)) == NID_pkcs7_signed)
		return true;
	if (!s->streamed)
		return s->content.n && doc_kind_bytes(s->content) == DOC_KIND_CMS;
	if (cades_stream_head(&s->stream, head, sizeof head, &n) != ECERT_OK)
		return false;
	return n && doc_kind_bytes(rd_of(head, n)) == DOC_KIND_CMS;
}

void cades_tell_content(const struct cades_source *s, struct report *rep)
{
	if ((s->streamed || s->content.p) && is_signature(s))
		report_add(rep, CHK_CONTENT, CHECK_SKIPPED,
		    MSG("what is signed is itself a signature, of which nothing was looked at: "
			"take "
			"it out with --extract, and verify it"));
	if (s->form == DOC_FORM_SMIME && s->around.outside)
		report_add(rep, CHK_CONTENT, CHECK_SKIPPED,
		    MSG("there is text before or behind the signed part, which nobody signed, and "
			"mail programs do not show"));
}

/* Attributes that change no verdict here, and of which a person would want to know (EN 319 102-1,
 * 5.2.8 leaves them to a policy). */
static const struct {
	const char *oid;
	bool is_unsigned;
	enum check_name check;
	const char *words;
} told[] = {
    {"1.2.840.113583.1.1.8", false, CHK_REVOCATION_NOT_USED, /* Adobe's RevocationInfoArchival */
	MSG_ID("the signer has put revocation information into the signature, which is not used")},
    {"1.2.840.113549.1.9.16.2.15", false, CHK_SIGNED_ATTRIBUTES,
	MSG_ID("the signer names a signature policy, which is not looked at")},
    {"1.2.840.113549.1.9.16.2.18", false, CHK_SIGNED_ATTRIBUTES,
	MSG_ID("the signer names a role or an attribute certificate, which is not looked at")},
    {"0.4.0.19122.1.1", false, CHK_SIGNED_ATTRIBUTES,
	MSG_ID("the signer names a role or an attribute certificate, which is not looked at")},
    {"1.3.6.1.4.1.311.3.3.1", true, CHK_TIME_STAMP,
	MSG_ID("there is a time stamp of Microsoft's kind, which this version does not verify")},
};

/* Of what is looked at, and nothing else: then there is nothing to search for. */
static bool is_usual(const CMS_SignerInfo *si)
{
	static const int usual[] = {NID_pkcs9_contentType, NID_pkcs9_messageDigest,
	    NID_pkcs9_signingTime, NID_id_smime_aa_signingCertificate,
	    NID_id_smime_aa_signingCertificateV2};
	int n = CMS_signed_get_attr_count(si), known = 0;

	for (int i = 0; i < n; i++) {
		int nid = OBJ_obj2nid(X509_ATTRIBUTE_get0_object(CMS_signed_get_attr(si, i)));

		for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++)
			known += nid == usual[k];
	}
	return known == (n > 0 ? n : 0) && CMS_unsigned_get_attr_count(si) <= 0;
}

static bool has_address(STACK_OF(OPENSSL_STRING) * list, const char *address)
{
	for (int i = 0; i < sk_OPENSSL_STRING_num(list); i++)
		if (strcasecmp(sk_OPENSSL_STRING_value(list, i), address) == 0)
			return true;
	return false;
}

static void tell_from(const struct cades_source *s, const X509 *cert, struct report *rep)
{
	bool is_mail = s->form == DOC_FORM_SMIME && s->around.from[0];
	STACK_OF(OPENSSL_STRING) *mine = is_mail ? X509_get1_email((X509 *)(uintptr_t)cert) : NULL;
	char plain[sizeof s->around.from], address[256], more[256];
	const char *next = plain;
	bool other;

	if (sk_OPENSSL_STRING_num(mine) > 0) {
		text_copy(plain, sizeof plain, s->around.from);
		mime_drop_comments(plain);
		other = !mime_address(&next, address, sizeof address) ||
			!has_address(mine, address);
		while (!other && mime_address(&next, more, sizeof more)) {
			other = !has_address(mine, more);
			text_copy(address, sizeof address, more);
		}
		if (other)
			report_add(rep, CHK_SIGNER, CHECK_SKIPPED,
			    MSG("the message says that it is from {from}, and the certificate is "
				"for {address}",
				P_TEXT("from", address[0] ? address : s->around.from),
				P_TEXT("address", sk_OPENSSL_STRING_value(mine, 0))));
	}
	X509_email_free(mine);
}

void cades_tell_signed(
    const struct cades_source *s, CMS_SignerInfo *si, const X509 *cert, struct report *rep)
{
	tell_from(s, cert, rep);
	if (is_usual(si))
		return;
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
		ASN1_OBJECT *oid = OBJ_txt2obj(told[i].oid, 1);
		int at = !oid		       ? -1
			 : told[i].is_unsigned ? CMS_unsigned_get_attr_by_OBJ(si, oid, -1)
					       : CMS_signed_get_attr_by_OBJ(si, oid, -1);

		if (at >= 0)
			report_add(rep, told[i].check, CHECK_SKIPPED, MSG(told[i].words));
		ASN1_OBJECT_free(oid);
	}
}

/* SHA-1 and MD5 can be forged; 224 bits are no more recommended (TS 119 312). NULL: no doubt;
 * since: from which day on there is one. */
static const char *doubt_of(const struct doc_verify_options *o, const EVP_MD *md, time_t at,
    char since[16], enum reason *reason)
{
	enum algorithm a = algorithm_of_digest(md);
	time_t end = algorithm_ended(o->algorithms, a, at);

	*reason = REASON_NONE;
	since[0] = 0;
	/* One that is not in the table is as good as its length. */
	if (a == ALGORITHM_OTHER && EVP_MD_get_size(md) < 28) {
		*reason = REASON_ALGORITHM_OLD;
		return MSG_ID("it fits, but {digest} is too old to rely on: whoever wants to can "
			      "make another file with the same digest");
	}
	if (!end)
		return NULL;
	(void)text_day(end, since);
	*reason = a == ALGORITHM_SHA224 ? REASON_DIGEST_SHORT : REASON_ALGORITHM_OLD;
	if (EVP_MD_get_size(md) < 28)
		return MSG_ID("it fits, but {digest} is too old to rely on since {since}: whoever "
			      "wants to can make another file with the same digest");
	if (a == ALGORITHM_SHA224)
		return MSG_ID("it fits, but {digest} is shorter than the 256 bits that are asked "
			      "for since {since}");
	return MSG_ID("it fits, but {digest} is not relied on since {since}");
}

void cades_digest_fits(const struct doc_verify_options *o, const EVP_MD *md, time_t at,
    bool is_signed, struct report *rep)
{
	enum reason reason = REASON_NONE;
	char since[16] = "";
	const char *why = doubt_of(o, md, at, since, &reason);
	const char *name = EVP_MD_get0_name(md);

	if (!why && !is_signed)
		report_add(rep, CHK_CONTENT_DIGEST, CHECK_SKIPPED,
		    MSG("none is signed: the signature is over the content itself"));
	else
		report_add_why(rep, CHK_CONTENT_DIGEST, why ? reason_state(reason) : CHECK_OK,
		    reason,
		    why ? MSG(why, P_TEXT("digest", name), P_TEXT("since", since))
			: MSG("{digest}", P_TEXT("digest", name)));
}

/* As openssl cms -sign does it without -binary, in pieces of up to 1023 bytes: every CR at the end
 * of one goes, and a line's end becomes CR LF. */
#define LINE_MAX_TEXT 1023

struct text_digest {
	EVP_MD_CTX *ctx;
	uint8_t line[LINE_MAX_TEXT];
	size_t n;
};

static bool put_line(struct text_digest *t)
{
	bool end = t->n && t->line[t->n - 1] == '\n';
	bool ok;

	while (t->n && (t->line[t->n - 1] == '\n' || t->line[t->n - 1] == '\r'))
		t->n--;
	ok = EVP_DigestUpdate(t->ctx, t->line, t->n) == 1 &&
	     (!end || EVP_DigestUpdate(t->ctx, "\r\n", 2) == 1);
	t->n = 0;
	return ok;
}

static bool put_text(struct text_digest *t, struct rd piece)
{
	bool ok = true;

	for (size_t i = 0; ok && i < piece.n; i++) {
		t->line[t->n++] = piece.p[i];
		if (piece.p[i] == '\n' || t->n == sizeof t->line)
			ok = put_line(t);
	}
	return ok;
}

static bool text_fits(int fd, const EVP_MD *md, struct rd want)
{
	static const size_t most = 65536;
	struct text_digest t = {.ctx = EVP_MD_CTX_new()};
	uint8_t *piece = OPENSSL_malloc(most), digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	off_t at = 0;
	bool ok = t.ctx && piece && EVP_DigestInit_ex(t.ctx, md, NULL) == 1;
	ssize_t got = 1;

	while (ok && got > 0) {
		got = pread(fd, piece, most, at);
		ok = got >= 0 && put_text(&t, rd_of(piece, (size_t)got));
		at += got;
	}
	ok = ok && put_line(&t) && EVP_DigestFinal_ex(t.ctx, digest, &n) == 1 &&
	     rd_equal(want, rd_of(digest, n));
	EVP_MD_CTX_free(t.ctx);
	OPENSSL_free(piece);
	return ok;
}

const char *cades_digest_misfit(int fd, const EVP_MD *md, struct rd want, enum reason *reason)
{
	bool text = fd >= 0 && text_fits(fd, md, want);

	*reason = text ? REASON_TEXT_FORM : REASON_CONTENT_CHANGED;
	return text ? MSG_ID("it was signed as text whose lines end with CR LF, which those of "
			     "the file do not")
		    : MSG_ID("the content is not what was signed");
}
