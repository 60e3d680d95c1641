/* SPDX-License-Identifier: BSD-2-Clause */
/* Kinds of files, by magic bytes and by the names inside. */
#include "document/kind/kind.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/ber.h"
#include "document/cert.h"
#include "document/format.h"
#include "document/kind/kind_priv.h"

#define HEAD  65536
#define CHUNK 65536

#define XMLDSIG "http://www.w3.org/2000/09/xmldsig#"

static bool begins(struct rd bytes, const char *what)
{
	size_t n = strlen(what);

	return bytes.n >= n && memcmp(bytes.p, what, n) == 0;
}

uint64_t kind_size(const struct kind_view *v)
{
	struct stat st;

	if (v->fd < 0)
		return v->all.n;
	return fstat(v->fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

bool kind_read(const struct kind_view *v, uint64_t at, void *to, size_t n)
{
	uint64_t size = kind_size(v);

	if (at > size || size - at < n)
		return false;
	if (v->fd >= 0)
		return pread(v->fd, to, n, (off_t)at) == (ssize_t)n;
	memcpy(to, v->all.p + at, n);
	return true;
}

bool kind_contains(const struct kind_view *v, struct rd what)
{
	static const size_t keep = 128;
	uint8_t chunk[CHUNK];
	size_t held = 0;
	off_t at = 0;

	if (v->fd < 0)
		return v->all.n >= what.n && memmem(v->all.p, v->all.n, what.p, what.n);
	for (;;) {
		ssize_t n = pread(v->fd, chunk + held, sizeof chunk - held, at);
		size_t tail;

		if (n <= 0)
			return false;
		at += n;
		held += (size_t)n;
		if (memmem(chunk, held, what.p, what.n))
			return true;
		/* The end of this piece may be the beginning of the word. */
		tail = held < keep ? held : keep;
		memmove(chunk, chunk + held - tail, tail);
		held = tail;
	}
}

static bool contains(const struct kind_view *v, const char *what)
{
	return kind_contains(v, rd_of(what, strlen(what)));
}

static enum doc_kind of_armour(struct rd head)
{
	static const struct {
		const char *begin;
		enum doc_kind kind;
	} armour[] = {
	    {"-----BEGIN PGP ", DOC_KIND_OPENPGP},
	    {"-----BEGIN SSH SIGNATURE-----", DOC_KIND_SSHSIG},
	    {"-----BEGIN CERTIFICATE REQUEST-----", DOC_KIND_REQUEST},
	    {"-----BEGIN NEW CERTIFICATE REQUEST-----", DOC_KIND_REQUEST},
	    {"-----BEGIN CERTIFICATE-----", DOC_KIND_CERTIFICATE},
	    {"-----BEGIN X509 CRL-----", DOC_KIND_CRL},
	    {"PRIVATE KEY-----", DOC_KIND_PRIVATE_KEY},
	};

	/* Most have none of them. */
	if (!rd_contains(head, "-----"))
		return DOC_KIND_OTHER;
	for (size_t i = 0; i < sizeof armour / sizeof armour[0]; i++)
		if (rd_contains(head, armour[i].begin))
			return armour[i].kind;
	return DOC_KIND_OTHER;
}

struct rd kind_inside(struct rd head)
{
	size_t n = head.n < 2 ? 0 : head.p[1] < 0x80 ? 2 : 2u + (head.p[1] & 0x7Fu);

	return n && n < head.n ? rd_of(head.p + n, head.n - n) : rd_of(NULL, 0);
}

/* TimeStampReq (RFC 3161, 2.4.1) is a version and a digest of something. */
static bool is_stamp_query(struct rd in)
{
	return in.n > 8 && in.p[2] == 1 && in.p[3] == 0x30 && in.p[5] == 0x30 && in.p[7] == 6;
}

/* A packet of tag 2 (RFC 9580, 5.2), of a length in one byte or two, and of a version and a type
 * of signatures of files. */
static bool is_openpgp(struct rd head)
{
	size_t at;

	if (head.n < 8)
		return false;
	if (head.p[0] == 0xC2)
		at = head.p[1] < 192 ? 2 : 3;
	else if (head.p[0] == 0x88 || head.p[0] == 0x89)
		at = head.p[0] == 0x88 ? 2 : 3;
	else
		return false;
	return head.p[at] >= 3 && head.p[at] <= 6 &&
	       (head.p[at] == 3 ? head.p[at + 1] == 5 : head.p[at + 1] <= 1);
}

static bool is_request(struct rd der)
{
	const unsigned char *p = der.p;
	X509_REQ *x = d2i_X509_REQ(NULL, &p, (long)der.n);

	X509_REQ_free(x);
	ERR_clear_error();
	return x;
}

/* TBSCertList (RFC 5280, 5.1.2): [version], an algorithm, a name, and a time where a certificate
 * has its validity. Of a large one only the beginning is there. */
static bool is_crl(struct rd tbs)
{
	struct rd value;
	struct ber b;
	bool version = tbs.n > 3 && tbs.p[0] == 2 && tbs.p[1] == 1 && tbs.p[2] == 1;

	return (!version || ber_expect(&tbs, 0x02, &value) == ECERT_OK) &&
	       ber_expect(&tbs, 0x30, &value) == ECERT_OK &&
	       ber_expect(&tbs, 0x30, &value) == ECERT_OK && ber_next(&tbs, &b) == ECERT_OK &&
	       (b.tag == 0x17 || b.tag == 0x18);
}

static enum doc_kind of_der(struct rd head)
{
	/* GM/T 0010: 1.2.156.10197.6.1.4.2 and below. */
	static const uint8_t gm[] = {6, 10, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 6, 1, 4, 2};
	struct rd in = kind_inside(head);
	X509 *x = NULL;

	if (in.n >= sizeof gm && memcmp(in.p, gm, sizeof gm) == 0)
		return DOC_KIND_GM_CMS;
	/* Of CMS only what is of another kind comes here (cms.c). */
	if (in.n && in.p[0] == 6)
		return memmem(in.p, in.n, KIND_TSTINFO.p, KIND_TSTINFO.n) ? DOC_KIND_TIME_STAMP
									  : DOC_KIND_AUTHENTICODE;
	if (in.n > 3 && in.p[0] == 2 && in.p[1] == 1 && in.p[2] == 3)
		return DOC_KIND_PKCS12;
	if (in.n > 3 && in.p[0] == 2 && in.p[1] == 1 && is_stamp_query(in))
		return DOC_KIND_STAMP_QUERY;
	if (in.n > 3 && in.p[0] == 2 && in.p[1] == 1)
		return DOC_KIND_PRIVATE_KEY; /* RFC 5208, 8017: version 0 or 1 */
	if (in.n > 3 && in.p[0] == 0x0A)
		return DOC_KIND_OCSP;
	if (cert_parse(head, &x) == ECERT_OK) {
		X509_free(x);
		return DOC_KIND_CERTIFICATE;
	}
	if (in.n && in.p[0] == 0x30 && is_crl(kind_inside(in)))
		return DOC_KIND_CRL;
	if (is_request(head))
		return DOC_KIND_REQUEST;
	/* PKIStatusInfo { status } */
	if (in.n > 5 && in.p[0] == 0x30 && in.p[1] < 0x80 && in.p[2] == 2 && in.p[3] == 1)
		return DOC_KIND_TIME_STAMP;
	return DOC_KIND_OTHER;
}

/* The first byte of t that c or, of letters, its other case is; NULL: none. */
static const uint8_t *initial(struct rd t, uint8_t c)
{
	const uint8_t lower = c | 0x20;

	if (lower < 'a' || lower > 'z')
		return t.n ? memchr(t.p, c, t.n) : NULL;
	for (size_t i = 0; i < t.n; i++)
		if ((t.p[i] | 0x20) == lower)
			return t.p + i;
	return NULL;
}

bool kind_says(struct rd head, const char *what)
{
	const size_t n = strlen(what);

	for (;;) {
		const uint8_t *at = initial(head, (uint8_t)what[0]);

		if (!at || head.n - (size_t)(at - head.p) < n)
			return false;
		if (strncasecmp((const char *)at, what, n) == 0)
			return true;
		head = rd_of(at + 1, head.n - (size_t)(at - head.p) - 1);
	}
}

/* RFC 5322, 1.2.2: names of fields have no case. */
bool kind_is_mail(struct rd head)
{
	static const char *const first[] = {
	    "MIME-Version:", "From:", "Content-Type:", "Received:", "Return-Path:"};

	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
		if (head.n >= strlen(first[i]) &&
		    strncasecmp((const char *)head.p, first[i], strlen(first[i])) == 0)
			return true;
	return kind_says(head, "\nMIME-Version:");
}

struct rd kind_text(struct rd head)
{
	if (begins(head, "\xEF\xBB\xBF"))
		head = rd_of(head.p + 3, head.n - 3);
	while (head.n && strchr(" \t\r\n", head.p[0]))
		head = rd_of(head.p + 1, head.n - 1);
	return head;
}

/* XML in two bytes a character, in either order, has to have a byte order mark (XML 1.0, 4.3.3). */
static bool is_wide_xml(struct rd head)
{
	return kind_begins(head, KIND_WORD("\xFF\xFE<\0")) ||
	       kind_begins(head, KIND_WORD("\xFE\xFF\0<"));
}

static bool contains_wide(const struct kind_view *v, const char *what)
{
	uint8_t wide[128];
	size_t n = strlen(what);

	memset(wide, 0, sizeof wide);
	for (size_t i = 0; i < n && 2 * i + 1 < sizeof wide; i++)
		wide[2 * i + (v->head.p[0] == 0xFE)] = (uint8_t)what[i];
	return kind_contains(v, rd_of(wide, 2 * n));
}

static enum doc_kind of_text(const struct kind_view *v)
{
	struct rd head = kind_text(v->head);

	if (is_wide_xml(v->head))
		return contains_wide(v, XMLDSIG) && contains_wide(v, "SignatureValue")
			   ? DOC_KIND_SIGNED_XML
			   : DOC_KIND_OTHER;
	if (begins(head, "<"))
		return contains(v, XMLDSIG) && contains(v, "SignatureValue") ? DOC_KIND_SIGNED_XML
									     : DOC_KIND_OTHER;
	if (begins(head, "{"))
		return (contains(v, "\"payload\"") || contains(v, "\"protected\"")) &&
			       contains(v, "\"signature")
			   ? DOC_KIND_JSON_JWS
			   : DOC_KIND_OTHER;
	return kind_is_mail(head) ? DOC_KIND_MAIL : DOC_KIND_OTHER;
}

/* What is a file of its own, whatever stands in it. */
static enum doc_kind of_container(const struct kind_view *v)
{
	struct rd start = rd_of(v->head.p, v->head.n < 1024 ? v->head.n : 1024);

	if (kind_begins(v->head, KIND_WORD("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
		return DOC_KIND_OLE;
	if (begins(v->head, "PK\x03\x04"))
		return kind_of_zip(v);
	if (begins(v->head, "MZ"))
		return kind_of_pe(v);
	/* The PDF reference allows rubbish before the header (annex H, 3.4.1); what begins as a
	 * container of its own is no rubbish, and may hold a PDF. */
	if (rd_contains(start, "%PDF-"))
		return contains(v, "/ByteRange") ? DOC_KIND_SIGNED_PDF : DOC_KIND_PDF;
	return DOC_KIND_OTHER;
}

/* What a file is by its beginning comes before what it holds: a signature may hold a PDF, a PDF
 * show a certificate. */
static enum doc_kind look(const struct kind_view *v)
{
	const struct doc_format *f = doc_format_beginning(v->head);
	enum doc_kind kind = f ? f->kind : of_container(v);

	if (kind == DOC_KIND_OTHER && v->head.n > 2 && v->head.p[0] == 0x30)
		kind = of_der(v->head);
	if (kind == DOC_KIND_OTHER && is_openpgp(v->head))
		return DOC_KIND_OPENPGP;
	if (kind == DOC_KIND_OTHER && (f = doc_format_inside(v->head)))
		kind = f->kind;
	if (kind == DOC_KIND_OTHER)
		kind = of_armour(v->head);
	if (kind == DOC_KIND_OTHER)
		kind = of_text(v);
	return kind == DOC_KIND_OTHER || kind == DOC_KIND_PE ? kind_of_stub(v, kind) : kind;
}

enum doc_kind doc_kind_bytes(struct rd bytes)
{
	struct kind_view v = {rd_of(bytes.p, bytes.n < HEAD ? bytes.n : HEAD), bytes, -1};

	return look(&v);
}

enum doc_kind doc_kind_fd(int fd)
{
	uint8_t head[HEAD];
	ssize_t n = pread(fd, head, sizeof head, 0);
	struct kind_view v = {rd_of(head, n > 0 ? (size_t)n : 0), {NULL, 0}, fd};

	return n > 0 ? look(&v) : DOC_KIND_OTHER;
}
