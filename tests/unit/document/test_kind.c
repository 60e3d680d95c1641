/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of telling files apart. */
#include <openssl/x509.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/kind/kind.h"
#include "pki.h"
#include "util/buf.h"

static int file_with(struct rd bytes, off_t at)
{
	int fd = memfd_create("kind", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes.p, bytes.n, at), bytes.n);
	return fd;
}

static void is(struct rd bytes, enum doc_kind want)
{
	int fd = file_with(bytes, 0);
	if (doc_kind_bytes(bytes) != want || doc_kind_fd(fd) != want)
		fail_msg("%.40s is %d", (const char *)bytes.p, doc_kind_bytes(bytes));
	close(fd);
}

/* SignedData over another thing than a document has a name of its own. */
static void by_what_is_signed(void **state)
{
#define SIGNED(oid)                                                                                \
	"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80\x02\x01\x03\x31"     \
	"\x0F\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x30\x80\x06" oid
	static const char data[] = SIGNED("\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01");
	static const char stamp[] = SIGNED("\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x04");
	static const char program[] = SIGNED("\x0A\x2B\x06\x01\x04\x01\x82\x37\x02\x01\x04");

	(void)state;
	is(rd_of(data, sizeof data - 1), DOC_KIND_CMS);
	is(rd_of(stamp, sizeof stamp - 1), DOC_KIND_TIME_STAMP);
	is(rd_of(program, sizeof program - 1), DOC_KIND_AUTHENTICODE);
}

/* A header in base64url need not begin with eyJ. */
static void jws_with_blanks_in_its_header(void **state)
{
	static const struct {
		const char *text;
		enum doc_kind kind;
	} rows[] = {
	    /* {\n "a":1}, blanks before the brace, an empty object; what only looks alike. */
	    {"ewogImEiOjF9.e30.AA", DOC_KIND_JWS},
	    {"ICB7ICJhIjogMX0.e30.AA", DOC_KIND_JWS},
	    {"e30.e30.AA", DOC_KIND_JWS},
	    {"ewogImEiOjF9", DOC_KIND_OTHER},
	    {"ewogImEi OjF9.e30.AA", DOC_KIND_OTHER},
	    {"WzFd.e30.AA", DOC_KIND_OTHER},
	    {"ewoxfQ.e30.AA", DOC_KIND_OTHER},
	    {"eyJ4IjoiIn0", DOC_KIND_JWS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (doc_kind_bytes(rd_of(rows[i].text, strlen(rows[i].text))) != rows[i].kind)
			fail_msg("%s", rows[i].text);
}

static void by_their_first_words(void **state)
{
	static const struct {
		const char *text;
		enum doc_kind kind;
	} rows[] = {
	    {"hello\n", DOC_KIND_OTHER},
	    {"%PDF-1.7\n1 0 obj<<>>endobj\n", DOC_KIND_PDF},
	    {"%PDF-1.7\n1 0 obj<</ByteRange[0 1 2 3]>>endobj\n", DOC_KIND_SIGNED_PDF},
	    {"rubbish\n%PDF-1.4\n/ByteRange", DOC_KIND_SIGNED_PDF},
	    {"eyJhbGciOiJFUzI1NiJ9.e30.AA", DOC_KIND_JWS},
	    {"\n eyJhbGciOiJFUzI1NiJ9.e30.AA", DOC_KIND_JWS},
	    {"{\"payload\":\"\",\"signatures\":[]}", DOC_KIND_JSON_JWS},
	    {"{\"amount\": 1}", DOC_KIND_OTHER},
	    {"\xEF\xBB\xBF<?xml version='1.0'?><a "
	     "xmlns='http://www.w3.org/2000/09/xmldsig#'><SignatureValue/></a>",
		DOC_KIND_SIGNED_XML},
	    {"<a xmlns='http://www.w3.org/2000/09/xmldsig#'/>", DOC_KIND_OTHER},
	    {"<Invoice/>", DOC_KIND_OTHER},
	    {"-----BEGIN CMS-----\nMIIB\n", DOC_KIND_CMS},
	    {"-----BEGIN PKCS7-----\nMIIB\n", DOC_KIND_CMS},
	    {"-----BEGIN SIGNED MESSAGE-----\nMIIB\n", DOC_KIND_CMS},
	    {"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n", DOC_KIND_OPENPGP},
	    {"I owe you\n-----BEGIN CMS-----\nMIIB\n", DOC_KIND_CMS},
	    {"MIIBhwYJKoZIhvcNAQcCoIIBeDCCAXQ\nCAQExDTALBglg", DOC_KIND_CMS},
	    {"MIAGCSqGSIb3DQEHAqCAMIACAQExDzAN", DOC_KIND_CMS},
	    {"MILITARY EQUIPMENT: a list", DOC_KIND_OTHER},
	    {"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime\n\nMIIB", DOC_KIND_CMS},
	    {"FROM: a\nContent-Type: APPLICATION/PKCS7-MIME\n\nMIIB", DOC_KIND_CMS},
	    {"From: a\nContent-Type: application/octet-stream; name=smime.p7m\n\nMIIB",
		DOC_KIND_CMS},
	    {"From: a\nMIME-Version: 1.0\nContent-Type: text/plain\n\nhello", DOC_KIND_MAIL},
	    {"From: a\nSubject: %PDF-1.7\nContent-Type: multipart/signed; "
	     "protocol=\"application/pkcs7-signature\"; boundary=b\n\n--b\n\n"
	     "-----BEGIN CERTIFICATE-----\n",
		DOC_KIND_CMS},
	    {"Content-Type: application/pdf\r\n\r\n%PDF-1.4\n(pkcs7-)/ByteRange",
		DOC_KIND_SIGNED_PDF},
	    {"-----BEGIN PGP SIGNATURE-----\n", DOC_KIND_OPENPGP},
	    {"-----BEGIN SSH SIGNATURE-----\n", DOC_KIND_SSHSIG},
	    {"-----BEGIN CERTIFICATE-----\n", DOC_KIND_CERTIFICATE},
	    {"-----BEGIN X509 CRL-----\n", DOC_KIND_CRL},
	    {"-----BEGIN CERTIFICATE REQUEST-----\n", DOC_KIND_REQUEST},
	    {"-----BEGIN EC PRIVATE\x20KEY-----\n", DOC_KIND_PRIVATE_KEY},
	    {"PK\x03\x04 mimetypeapplication/vnd.etsi.asic-e+zip", DOC_KIND_ASIC},
	    {"PK\x03\x04 mimetypeapplication/vnd.etsi.asic-e+zip %PDF-1.7", DOC_KIND_ASIC},
	    {"rubbish %PDF-1.7", DOC_KIND_PDF},
	    {"PK\x03\x04 META-INF/signatures0.xml", DOC_KIND_ASIC},
	    {"PK\x03\x04 META-INF/documentsignatures.xml", DOC_KIND_SIGNED_ODF},
	    {"PK\x03\x04 _xmlsignatures/sig1.xml", DOC_KIND_SIGNED_OOXML},
	    {"PK\x03\x04 OFD.xml", DOC_KIND_OFD},
	    {"PK\x03\x04 META-INF/MANIFEST.MF META-INF/A.SF", DOC_KIND_SIGNED_JAR},
	    {"PK\x03\x04 word/document.xml", DOC_KIND_ZIP},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		is(rd_of(rows[i].text, strlen(rows[i].text)), rows[i].kind);
	assert_int_equal(doc_kind_bytes(rd_of(NULL, 0)), DOC_KIND_OTHER);
}

static void by_their_der(void **state)
{
	static const uint8_t cms[] = {
	    0x30, 0x80, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
	static const uint8_t gm[] = {
	    0x30, 0x20, 6, 10, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 6, 1, 4, 2, 2, 0xA0};
	static const uint8_t p12[] = {0x30, 0x82, 1, 0, 2, 1, 3, 0x30};
	static const uint8_t key[] = {0x30, 0x81, 0x80, 2, 1, 0, 0x30};
	static const uint8_t ocsp[] = {0x30, 0x82, 1, 0, 0x0A, 1, 0, 0xA0};
	static const uint8_t stamp[] = {0x30, 0x82, 1, 0, 0x30, 3, 2, 1, 0, 0x30};
	static const uint8_t query[] = {
	    0x30, 0x40, 2, 1, 1, 0x30, 0x31, 0x30, 0x0D, 6, 9, 0x60, 0x86, 0x48};
	static const uint8_t pgp[] = {0x88, 0x75, 4, 0, 0x16, 8, 0, 0x1D};
	static const uint8_t no_pgp[] = {0x88, 0x75, 9, 0, 0x16, 8, 0, 0x1D};
	/* With a PDF in it, which begins within the first bytes. */
	static const char around[] = "\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"
				     "\xA0\x80\x24\x80\x04\x09%PDF-1.4\n";
	struct pki_id ca;
	X509_CRL *hold = NULL;
	(void)state;
	is(rd_of(around, sizeof around - 1), DOC_KIND_CMS);
	is(rd_of(cms, sizeof cms), DOC_KIND_CMS);
	is(rd_of(gm, sizeof gm), DOC_KIND_GM_CMS);
	is(rd_of(p12, sizeof p12), DOC_KIND_PKCS12);
	is(rd_of(key, sizeof key), DOC_KIND_PRIVATE_KEY);
	is(rd_of(ocsp, sizeof ocsp), DOC_KIND_OCSP);
	is(rd_of(stamp, sizeof stamp), DOC_KIND_TIME_STAMP);
	is(rd_of(query, sizeof query), DOC_KIND_STAMP_QUERY);
	is(rd_of(pgp, sizeof pgp), DOC_KIND_OPENPGP);
	is(rd_of(no_pgp, sizeof no_pgp), DOC_KIND_OTHER);
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	is(ca.der, DOC_KIND_CERTIFICATE);
	struct rd crl = pki_crl(&ca, NULL, T0, T0 + DAY, &hold);
	is(crl, DOC_KIND_CRL);
	X509_CRL_free(hold);
	OPENSSL_free((void *)(uintptr_t)crl.p);
	X509_REQ *req = X509_to_X509_REQ(ca.cert, ca.key, EVP_sha256());
	unsigned char *der = NULL;
	int n = i2d_X509_REQ(req, &der);
	is(rd_of(der, (size_t)n), DOC_KIND_REQUEST);
	OPENSSL_free(der);
	X509_REQ_free(req);
	pki_free(&ca);
}

/* A CRL of many thousands is larger than what is looked at. */
static void a_large_crl(void **state)
{
	struct pki_id ca;
	X509_CRL *crl = NULL;
	unsigned char *der = NULL;
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	OPENSSL_free((void *)(uintptr_t)pki_crl(&ca, NULL, T0, T0 + DAY, &crl).p);
	ASN1_TIME *then = ASN1_TIME_set(NULL, T0);
	for (long i = 0; i < 5000; i++) {
		X509_REVOKED *r = X509_REVOKED_new();
		ASN1_INTEGER *serial = ASN1_INTEGER_new();
		assert_int_equal(ASN1_INTEGER_set(serial, 1000 + i), 1);
		assert_int_equal(X509_REVOKED_set_serialNumber(r, serial), 1);
		assert_int_equal(X509_REVOKED_set_revocationDate(r, then), 1);
		assert_int_equal(X509_CRL_add0_revoked(crl, r), 1);
		ASN1_INTEGER_free(serial);
	}
	ASN1_TIME_free(then);
	assert_true(X509_CRL_sign(crl, ca.key, EVP_sha256()) > 0);
	int n = i2d_X509_CRL(crl, &der);
	assert_true(n > 65536);
	is(rd_of(der, (size_t)n), DOC_KIND_CRL);
	OPENSSL_free(der);
	X509_CRL_free(crl);
	pki_free(&ca);
}

static void put_le(struct buf *b, uint32_t v, int n)
{
	for (int i = 0; i < n; i++, v >>= 8)
		buf_u8(b, (uint8_t)v);
}

/* A ZIP file of stored members; content: what is in the first one. block: before the directory. */
static void put_zip(struct buf *b, const char *const *name, const char *content, const char *block)
{
	struct buf dir = BUF_INIT(65536);
	uint32_t count = 0;
	for (; name[count]; count++) {
		const char *inside = count == 0 ? content : "";
		uint32_t at = (uint32_t)buf_len(b);
		buf_put(b, "PK\3\4", 4);
		put_le(b, 20, 14);
		put_le(b, (uint32_t)strlen(inside), 4);
		put_le(b, (uint32_t)strlen(inside), 4);
		put_le(b, (uint32_t)strlen(name[count]), 4);
		buf_str(b, name[count]);
		buf_str(b, inside);
		buf_put(&dir, "PK\1\2", 4);
		put_le(&dir, 20, 24);
		put_le(&dir, (uint32_t)strlen(name[count]), 14);
		put_le(&dir, at, 4);
		buf_str(&dir, name[count]);
	}
	buf_str(b, block);
	uint32_t at = (uint32_t)buf_len(b);
	buf_rd(b, buf_view(&dir));
	buf_put(b, "PK\5\6", 4);
	put_le(b, 0, 6);
	put_le(b, count, 2);
	put_le(b, (uint32_t)buf_len(&dir), 4);
	put_le(b, at, 4);
	put_le(b, 4, 2);
	buf_str(b, "note");
	buf_free(&dir);
}

static void zips_by_their_members(void **state)
{
	static const struct {
		const char *names[5], *content, *block;
		enum doc_kind kind;
	} rows[] = {
	    {{"a.txt"}, "", "", DOC_KIND_ZIP},
	    /* What a member has inside is not the file's own. */
	    {{"box.zip"}, "META-INF/signatures.xml _xmlsignatures/", "", DOC_KIND_ZIP},
	    {{"b/META-INF/signatures.xml"}, "", "", DOC_KIND_ZIP},
	    {{"mimetype", "x"}, "application/vnd.etsi.asic-e+zip", "", DOC_KIND_ASIC},
	    {{"x", "META-INF/signature.p7s"}, "", "", DOC_KIND_ASIC},
	    {{"x", "META-INF/signature001.p7s", "META-INF/ASiCManifest001.xml"}, "", "",
		DOC_KIND_ASIC},
	    {{"x", "META-INF/signatures0.xml"}, "", "", DOC_KIND_ASIC},
	    {{"x", "META-INF/timestamp.tst"}, "", "", DOC_KIND_ASIC},
	    {{"mimetype", "content.xml", "META-INF/manifest.xml"},
		"application/vnd.oasis.opendocument.text", "", DOC_KIND_ODF},
	    {{"content.xml", "META-INF/manifest.xml", "META-INF/documentsignatures.xml"}, "", "",
		DOC_KIND_SIGNED_ODF},
	    {{"content.xml", "META-INF/manifest.xml", "META-INF/macrosignatures.xml"}, "", "",
		DOC_KIND_SIGNED_ODF},
	    {{"[Content_Types].xml", "word/document.xml"}, "", "", DOC_KIND_OOXML},
	    {{"[Content_Types].xml", "_xmlsignatures/sig1.xml"}, "", "", DOC_KIND_SIGNED_OOXML},
	    {{"OFD.xml", "Doc_0/Document.xml"}, "", "", DOC_KIND_OFD},
	    {{"META-INF/MANIFEST.MF", "A.class"}, "", "", DOC_KIND_JAR},
	    {{"META-INF/MANIFEST.MF", "META-INF/A.SF", "META-INF/A.RSA"}, "", "",
		DOC_KIND_SIGNED_JAR},
	    {{"AndroidManifest.xml"}, "", "APK Sig Block 42", DOC_KIND_SIGNED_JAR},
	    {{"AndroidManifest.xml", "b"}, "APK Sig Block 42", "", DOC_KIND_JAR},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf b = BUF_INIT(65536);
		put_zip(&b, rows[i].names, rows[i].content, rows[i].block);
		is(buf_view(&b), rows[i].kind);
		/* Behind a program it is one that unpacks itself, whatever its end says. */
		struct buf sfx = BUF_INIT(65536);
		bool by_name = !rows[i].content[0] && !rows[i].block[0];
		bool has = by_name &&
			   (rows[i].kind == DOC_KIND_ASIC || rows[i].kind == DOC_KIND_SIGNED_ODF ||
			       rows[i].kind == DOC_KIND_SIGNED_OOXML ||
			       rows[i].kind == DOC_KIND_SIGNED_JAR);
		buf_put(&sfx,
		    "\x7F"
		    "ELF\2\1\1",
		    7);
		buf_rd(&sfx, buf_view(&b));
		is(buf_view(&sfx), has ? DOC_KIND_SIGNED_SFX : DOC_KIND_OTHER);
		buf_free(&sfx);
		/* Cut or bent, it is still some kind. */
		for (size_t cut = 4; cut < buf_len(&b); cut++)
			assert_true(doc_kind_bytes(rd_of(buf_view(&b).p, cut)) != DOC_KIND_OTHER);
		buf_free(&b);
	}
}

static void other_binary_kinds(void **state)
{
	static const uint8_t ole[] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0};
	(void)state;
	is(rd_of(ole, sizeof ole), DOC_KIND_OLE);
	for (int plus = 0; plus < 2; plus++) {
		uint8_t pe[512] = {'M', 'Z', [60] = 128, [128] = 'P', 'E'};
		size_t table = 128 + 24 + (plus ? 112 : 96) + 4 * 8;
		pe[152] = 0x0B;
		pe[153] = plus ? 2 : 1;
		is(rd_of(pe, sizeof pe), DOC_KIND_PE);
		pe[table + 5] = 4;
		is(rd_of(pe, sizeof pe), DOC_KIND_SIGNED_PE);
		is(rd_of(pe, table + 7), DOC_KIND_PE);
		pe[128] = 'N';
		is(rd_of(pe, sizeof pe), DOC_KIND_OTHER);
		pe[63] = 0xFF;
		is(rd_of(pe, sizeof pe), DOC_KIND_OTHER);
	}
}

/* Two bytes a character, in either order, as .NET writes it. */
static void wide_xml(void **state)
{
	static const char *const text[] = {
	    "<SignatureValue xmlns='http://www.w3.org/2000/09/xmldsig#'/>",
	    "<SignatureValue xmlns='http://www.w3.org/2000/09/other#'/>"};
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct buf b = BUF_INIT(4096);
		bool little = i & 1;
		buf_put(&b, little ? "\xFF\xFE" : "\xFE\xFF", 2);
		for (const char *p = text[i / 2]; *p; p++) {
			buf_u8(&b, little ? (uint8_t)*p : 0);
			buf_u8(&b, little ? 0 : (uint8_t)*p);
		}
		is(buf_view(&b), i < 2 ? DOC_KIND_SIGNED_XML : DOC_KIND_OTHER);
		buf_free(&b);
	}
}

/* A signature that was added to a large PDF is far behind, and may be where two pieces meet. */
static void far_behind(void **state)
{
	const char *head = "%PDF-1.7\n", *word = "/ByteRange";
	(void)state;
	for (off_t at = 131072 - 12; at < 131072 + 4; at++) {
		int fd = file_with(rd_of(head, strlen(head)), 0);
		assert_int_equal(doc_kind_fd(fd), DOC_KIND_PDF);
		assert_int_equal(pwrite(fd, word, strlen(word), at), strlen(word));
		assert_int_equal(doc_kind_fd(fd), DOC_KIND_SIGNED_PDF);
		close(fd);
	}
}

static void each_has_words_and_a_next_step(void **state)
{
	(void)state;
	for (int k = 0; k < DOC_KIND_COUNT; k++) {
		const struct doc_kind_row *row = doc_kind_row((enum doc_kind)k);
		bool ours = k == DOC_KIND_OTHER || k == DOC_KIND_CMS || k == DOC_KIND_JWS ||
			    k == DOC_KIND_JADES || k == DOC_KIND_JSON_JWS;
		assert_int_equal(row == NULL, ours);
		if (row)
			assert_true(row->words[0] && row->next[strlen(row->next) - 1] == '.');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(jws_with_blanks_in_its_header),
	    cmocka_unit_test(by_their_first_words),
	    cmocka_unit_test(by_what_is_signed),
	    cmocka_unit_test(by_their_der),
	    cmocka_unit_test(a_large_crl),
	    cmocka_unit_test(zips_by_their_members),
	    cmocka_unit_test(other_binary_kinds),
	    cmocka_unit_test(wide_xml),
	    cmocka_unit_test(far_behind),
	    cmocka_unit_test(each_has_words_and_a_next_step),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
