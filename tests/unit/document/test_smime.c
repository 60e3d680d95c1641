/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of signatures in mail: whose words count, and what nobody signed. */
#include "document/cms/form/mime.h"
#include "forms_fix.h"

static void put_opaque(struct buf *f, const char *type, struct rd der)
{
	buf_str(f, "From: somebody\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime;\n "
		   "smime-type=");
	buf_str(f, type);
	buf_str(f, "\nContent-Transfer-Encoding: base64\n\n");
	put_base64(f, der, "\n");
}

static void put_multipart(
    struct buf *f, const char *before, const char *part, const char *after, struct rd der)
{
	buf_str(f, "Subject: x\r\nContent-Type: multipart/signed; micalg=sha-256;\r\n\tprotocol="
		   "\"application/pkcs7-signature\"; boundary=\"--BO=1\"\r\n\r\n");
	buf_str(f, before);
	buf_str(f, "\r\n----BO=1\r\n");
	buf_put(f, part, strlen(part) + 1);
	buf_str(f, "\r\n----BO=1\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n"
		   "Content-Transfer-Encoding: base64\r\n\r\n");
	put_base64(f, der, "\r\n");
	buf_str(f, "\r\n----BO=1--\r\n");
	buf_str(f, after);
}

/* Good, and a row says that there is more than what was signed. */
static void told_of(struct buf *f, const char *before, const char *after)
{
	struct doc_result *r;

	buf_init(f, FILE_MAX);
	put_multipart(f, before, invoice, after, buf_view(&detached));
	r = verify(buf_view(f), NULL, 0);
	assert_int_equal(doc_verdict(r), VERDICT_PASSED);
	assert_non_null(report_get(&r->report, CHK_CONTENT));
	assert_int_equal(report_get(&r->report, CHK_CONTENT)->state, CHECK_SKIPPED);
	doc_result_free(&r);
	buf_free(f);
}

static void messages(void **state)
{
	struct buf f = BUF_INIT(FILE_MAX);
	(void)state;
	put_opaque(&f, "signed-data", buf_view(&attached));
	good(&f, false, DOC_FORM_SMIME);
	buf_init(&f, FILE_MAX);
	put_opaque(&f, "enveloped-data", buf_view(&attached));
	bad(&f, REASON_NOT_SIGNED_DATA, "encrypted");
	buf_init(&f, FILE_MAX);
	put_opaque(&f, "certs-only", buf_view(&attached));
	bad(&f, REASON_NO_SIGNER, "holds certificates");
	/* The invoice's NUL is part of what is signed. */
	buf_init(&f, FILE_MAX);
	put_multipart(&f, "This is an S/MIME signed message\n", invoice, "", buf_view(&detached));
	good(&f, false, DOC_FORM_SMIME);
	buf_init(&f, FILE_MAX);
	put_multipart(&f, "", invoice, "", buf_view(&detached));
	good(&f, true, DOC_FORM_SMIME);
	/* RFC 2046, 5.1.1: to be ignored; what others may not ignore is none of that. */
	told_of(&f, "I owe you a million\n", "");
	told_of(&f, "", "I owe you a million\n");
	buf_init(&f, FILE_MAX);
	put_multipart(&f, "I owe you\ra million\n", invoice, "", buf_view(&detached));
	bad(&f, REASON_TRAILING, "not just a signed part");
	buf_init(&f, FILE_MAX);
	put_multipart(&f, "", invoice, "----BO=1\n\nA million\n", buf_view(&detached));
	bad(&f, REASON_TRAILING, "not just a signed part");
	buf_init(&f, FILE_MAX);
	put_multipart(&f, "", "another text", "", buf_view(&attached));
	bad(&f, REASON_TRAILING, "another content inside");
	buf_init(&f, FILE_MAX);
	buf_str(&f, "From: somebody\nContent-Type: text/plain\n\nhello\n");
	bad(&f, REASON_NOT_A_SIGNATURE, "not a CMS");
}

/* Words of MIME have no case; a gateway's unknown type has the name still; a message that has the
 * signed one as a part says nothing against it. */
static void messages_of_other_makers(void **state)
{
	struct buf f = BUF_INIT(FILE_MAX);

	(void)state;
	buf_str(&f, "FROM: somebody\nCONTENT-TYPE: APPLICATION/PKCS7-MIME; SMIME-TYPE=SIGNED-DATA\n"
		    "CONTENT-TRANSFER-ENCODING: BASE64\n\n");
	put_base64(&f, buf_view(&attached), "\n");
	good(&f, false, DOC_FORM_SMIME);
	buf_init(&f, FILE_MAX);
	buf_str(&f, "From: somebody\nContent-Type: application/octet-stream; name=\"smime.p7m\"\n"
		    "Content-Transfer-Encoding: base64\n\n");
	put_base64(&f, buf_view(&attached), "\n");
	good(&f, false, DOC_FORM_SMIME);
	buf_init(&f, FILE_MAX);
	buf_str(&f, "From: a list\nContent-Type: multipart/mixed; boundary=b\n\n--b\n");
	put_opaque(&f, "signed-data", buf_view(&attached));
	buf_str(&f, "--b\n\nabout the list\n--b--\n");
	struct doc_result *r = verify(buf_view(&f), NULL, 0);
	assert_int_equal(doc_judge(r).verdict, VERDICT_INDETERMINATE);
	assert_int_equal(doc_judge(r).sub, SUB_SIG_CONSTRAINTS_FAILURE);
	assert_int_equal(doc_judge(r).why->reason, REASON_SIGNED_PART);
	doc_result_free(&r);
	buf_free(&f);
}

#define SIGNED_TYPE "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\""
#define LONG                                                                                       \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* An honest message with other words around it, which mail programs read as another one: what they
 * would show nobody signed. */
static void messages_with_other_heads(void **state)
{
	static const char *const heads[] = {
	    "Content-Type: multipart/alternative; x=\"multipart/signed\"; y=\"pkcs7-signature\"; "
	    "boundary=\"--BO=1\"\r\n",
	    "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; "
	    "boundary=\"--BO=1\"\r\nContent-Type: text/html\r\n",
	    "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; "
	    "x=\"application/pkcs7-signature\"; boundary=\"--BO=1\"\r\n",
	    "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; "
	    "xboundary=\"--BO=1\"\r\n",
	    "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\" "
	    "(; boundary=\"--BO=1\"); boundary=other\r\n",
	    SIGNED_TYPE "; boundary*0=B; boundary=\"--BO=1\"\r\n",
	    SIGNED_TYPE "; boundary=\"--BO=1\"; boundary*=us-ascii''B\r\n",
	    SIGNED_TYPE "; boundary=\"--BO=1\"; Boundary=B\r\n",
	    "X: y\rContent-Type: multipart/mixed; boundary=B\r\n" SIGNED_TYPE
	    "; boundary=\"--BO=1\"\r\n",
	    "Content-Type : multipart/mixed; boundary=B\r\n" SIGNED_TYPE
	    "; boundary=\"--BO=1\"\r\n",
	    "Content-Type:\r\n multipart/mixed; boundary=B\r\n" SIGNED_TYPE
	    "; boundary=\"--BO=1\"\r\n",
	    SIGNED_TYPE "; boundary=\"--BO=1\"; x=\"" LONG LONG LONG LONG "\"\r\n",
	    SIGNED_TYPE "; x=\"(\"; boundary=\"--BO=1\"; y=\")\"; boundary=B\r\n",
	};
	static const char good_head[] =
	    "Content-Type: Multipart/Signed (of mine (see; there)); micalg=sha-256;\r\n"
	    "\tPROTOCOL=application/x-pkcs7-signature; Boundary = \"--BO=1\"\r\n";
	struct buf whole = BUF_INIT(FILE_MAX);
	const char *body;

	(void)state;
	put_multipart(&whole, "", invoice, "", buf_view(&detached));
	body = memmem(buf_view(&whole).p, buf_len(&whole), "\r\n\r\n", 4);
	assert_non_null(body);
	for (size_t i = 0; i <= sizeof heads / sizeof heads[0]; i++) {
		bool is_good = i == sizeof heads / sizeof heads[0];
		struct buf f = BUF_INIT(FILE_MAX);

		buf_str(&f, "Subject: x\r\n");
		buf_str(&f, is_good ? good_head : heads[i]);
		buf_put(&f, body + 2,
		    buf_len(&whole) - (size_t)((const uint8_t *)body + 2 - buf_view(&whole).p));
		struct doc_result *r = verify(buf_view(&f), NULL, 0);
		if ((doc_verdict(r) == VERDICT_PASSED) != is_good)
			fail_msg("%zu: %s", i, verdict_name(doc_verdict(r)));
		doc_result_free(&r);
		buf_free(&f);
	}
	buf_free(&whole);
}

/* RFC 5322, 3.4, with what hides an address in the name of another. */
static void addresses(void **state)
{
	static const struct {
		const char *field, *want; /* with a '|' behind each */
	} row[] = {
	    {" a@b.c", "a@b.c|"},
	    {" Chan <a@b.c>", "a@b.c|"},
	    {" \"x@y.z\" <a@b.c>", "a@b.c|"},
	    {" \"Chan, \\\"S\\\" <x@y.z>\" <a@b.c> , d@e.f", "a@b.c|d@e.f|"},
	    {" x@y.z (see <d@e.f>) <a@b.c>", "a@b.c|"},
	    {" Board: a@b.c, D <d@e.f>;", "a@b.c|d@e.f|"},
	    {" <a@b.c> <x@y.z>", "a@b.c|"},
	    {" ,, ;", ""},
	    {"", ""},
	    {" <abcdefghijklmnopqrstuvwxyz@abcdefghijk.lm>, a@b.c", "?|a@b.c|"},
	    {" <a@b.c", "a@b.c|"},
	    {" \"a@b.c", "\"a@b.c|"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		char field[128], have[128] = "", one[32];
		const char *next = field;
		size_t n = 0;

		(void)snprintf(field, sizeof field, "%s", row[i].field);
		mime_drop_comments(field);
		while (mime_address(&next, one, sizeof one))
			n += (size_t)snprintf(have + n, sizeof have - n, "%s|", one);
		assert_string_equal(have, row[i].want);
	}
}

/* What the text shows is the signer's business: a certificate makes no PEM file of the message. */
static void a_message_that_shows_pem(void **state)
{
	static const char mail[] = "mine:\r\n-----BEGIN CERTIFICATE-----\r\nAAAA\r\n"
				   "-----END CERTIFICATE-----\r\n";
	struct doc_signer s = pki_signer(&p256);
	struct doc_sign_options o = {.now = T0};
	struct buf f = BUF_INIT(FILE_MAX), sig = BUF_INIT(FILE_MAX);
	int fd = file_with(mail, sizeof mail); /* with its NUL, as put_multipart has it */
	(void)state;
	assert_int_equal(cades_sign_fd(&s, &o, fd, &sig), ECERT_OK);
	close(fd);
	put_multipart(&f, "", mail, "", buf_view(&sig));
	good(&f, false, DOC_FORM_SMIME);
	buf_free(&sig);
}

/* Mail has CR LF, a file in Unix has not: the signature is over the former. */
static void a_part_with_other_line_ends(void **state)
{
	static const char mail[] = "one\r\ntwo\r\n", file[] = "one\ntwo\n";
	struct doc_signer s = pki_signer(&p256);
	struct doc_sign_options o = {.now = T0};
	struct buf f = BUF_INIT(FILE_MAX), sig = BUF_INIT(FILE_MAX);
	int fd = file_with(mail, sizeof mail); /* with its NUL, as put_multipart has it */
	(void)state;
	assert_int_equal(cades_sign_fd(&s, &o, fd, &sig), ECERT_OK);
	close(fd);
	put_multipart(&f, "", file, "", buf_view(&sig));
	good(&f, false, DOC_FORM_SMIME);
	buf_init(&f, FILE_MAX);
	put_multipart(&f, "", "one\ntw0\n", "", buf_view(&sig));
	struct doc_result *r = verify(buf_view(&f), NULL, 0);
	expect(r, 0, "content digest", CHECK_FAILED);
	doc_result_free(&r);
	buf_free(&f);
	buf_free(&sig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages),
	    cmocka_unit_test(messages_of_other_makers),
	    cmocka_unit_test(messages_with_other_heads),
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(a_message_that_shows_pem),
	    cmocka_unit_test(a_part_with_other_line_ends),
	};

	return cmocka_run_group_tests(tests, make, forget);
}
