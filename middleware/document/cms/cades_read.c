/* SPDX-License-Identifier: BSD-2-Clause */
/* DER or BER, PEM, bare base64, S/MIME: one signature and nothing beside it. */
#include "document/cms/cades_read.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <string.h>

#include "document/cms/cades.h"
#include "document/cms/form/cades_limits.h"
#include "document/pem.h"
#include "document/cms/smime.h"

static const char not_cms[] = MSG_ID("not a CMS signature");

/* What mail and editors leave behind a file, and programs that fill up to a size. */
static bool is_filling(struct rd rest)
{
	for (size_t i = 0; i < rest.n; i++)
		if (rest.p[i] && rest.p[i] != '\r' && rest.p[i] != '\n')
			return false;
	return true;
}

/* RFC 2315 lets any type be signed, where CMS has octets (RFC 5652, 5.2.1). */
static bool is_pkcs7(struct rd der)
{
	const unsigned char *p = der.p;
	PKCS7 *p7 = der.n ? d2i_PKCS7(NULL, &p, (long)der.n) : NULL;
	bool is = p7 && PKCS7_type_is_signed(p7);

	PKCS7_free(p7);
	ERR_clear_error();
	return is;
}

/* The whole of der and nothing behind it that anybody could read. NULL, or what is wrong. */
static const char *from_der(struct rd der, struct cades_source *s, enum reason *why)
{
	const char *defect = cades_limits_defect(der);

	*why = REASON_TOO_MUCH;
	if (defect)
		return defect;
	s->bytes = der;
	cades_opened_free(&s->opened);
	*why = REASON_NOT_A_SIGNATURE;
	if (!cades_open(der, s->known, &s->opened)) {
		if (!is_pkcs7(der))
			return not_cms;
		*why = REASON_CONTENT_TYPE;
		return MSG_ID("a signature of PKCS #7 1.5 over something else than bytes, which "
			      "this version does not verify");
	}
	if (is_filling(rd_of(der.p + s->opened.used, der.n - s->opened.used))) {
		s->cms = s->opened.cms;
		return NULL;
	}
	*why = REASON_TRAILING;
	return MSG_ID("bytes follow the signature, which nobody signed");
}

/* RFC 7468, 8 and 9, OpenSSL's name of old, and gpgsm's. */
static bool cms_label(const char *label)
{
	return !strcmp(label, "CMS") || !strcmp(label, "PKCS7") ||
	       !strcmp(label, "PKCS #7 SIGNED DATA") || !strcmp(label, "SIGNED MESSAGE");
}

/* A file that shows more than the block would have it look signed. */
static const char *from_pem(struct rd text, struct cades_source *s, enum reason *why)
{
	struct pem block = {.label = ""};
	const char *defect = NULL;

	buf_init(&block.der, CADES_MAX_SIZE);
	if (pem_next(&text, &block) != ECERT_OK)
		defect = MSG_ID("the PEM block is damaged");
	else if (!cms_label(block.label))
		defect = MSG_ID("PEM, but not of a CMS signature");
	else if (!text_blank(block.before) || !text_blank(text)) {
		*why = REASON_TRAILING;
		defect = MSG_ID("there is text beside the signature, which nobody signed");
	} else {
		s->form = DOC_FORM_PEM;
		buf_rd(&s->der, buf_view(&block.der));
		defect = from_der(buf_view(&s->der), s, why);
	}
	buf_free(&block.der);
	return defect;
}

static const char no_message[] = MSG_ID("not an S/MIME message");

static const char *from_smime(struct rd text, struct cades_source *s, enum reason *why)
{
	struct smime m = {.signed_data = true};
	const char *defect = NULL;
	enum ecert_rc rc;

	buf_init(&m.der, CADES_MAX_SIZE);
	rc = smime_read(text, &m);
	if (rc == ECERT_E_NOT_FOUND && m.part) {
		*why = REASON_SIGNED_PART;
		defect = MSG_ID("the signed message is a part of another message");
	} else if (rc == ECERT_E_NOT_FOUND) {
		defect = no_message;
	} else if (rc == ECERT_OK && m.certs) {
		*why = REASON_NO_SIGNER;
		defect = MSG_ID("an S/MIME message that holds certificates, not a signed one");
	} else if (rc == ECERT_OK && !m.signed_data) {
		*why = REASON_NOT_SIGNED_DATA;
		defect = MSG_ID(
		    "an S/MIME message that is encrypted or holds certificates, not a signed one");
	} else if (rc != ECERT_OK) {
		*why = m.multipart ? REASON_TRAILING : REASON_NOT_A_SIGNATURE;
		defect =
		    m.multipart
			? MSG_ID(
			      "an S/MIME message that is not just a signed part and its signature")
			: MSG_ID("an S/MIME message that is damaged");
	} else {
		s->form = DOC_FORM_SMIME;
		s->text = m.multipart;
		buf_rd(&s->der, buf_view(&m.der));
		defect = from_der(buf_view(&s->der), s, why);
		if (m.multipart)
			s->content = rd_of(m.content.n ? m.content.p : text.p, m.content.n);
	}
	buf_free(&m.der);
	return defect;
}

const char *cades_form_words(enum doc_form form)
{
	static const char *const words[DOC_FORM_COUNT] = {
	    [DOC_FORM_PLAIN] = MSG_ID("CMS SignedData"),
	    [DOC_FORM_PEM] = MSG_ID("CMS SignedData in PEM"),
	    [DOC_FORM_BASE64] = MSG_ID("CMS SignedData in base64"),
	    [DOC_FORM_SMIME] = MSG_ID(
		"CMS SignedData in S/MIME; the message's headers are not signed"),
	};

	return words[form];
}

static const char *parse(struct rd p7s, struct cades_source *s, enum reason *why)
{
	const char *defect;

	s->form = DOC_FORM_PLAIN;
	defect = from_der(p7s, s, why);
	if (defect != not_cms)
		return defect;
	/* Windows' editors put it before every text. */
	if (p7s.n > 3 && memcmp(p7s.p, "\xEF\xBB\xBF", 3) == 0)
		p7s = rd_of(p7s.p + 3, p7s.n - 3);
	/* Before PEM: a message's text may show a certificate. */
	defect = from_smime(p7s, s, why);
	if (defect != no_message)
		return defect;
	if (p7s.n > 10 && memmem(p7s.p, p7s.n, "-----BEGIN ", 11))
		return from_pem(p7s, s, why);
	if (base64_lines_get(p7s, &s->der) == ECERT_OK) {
		s->form = DOC_FORM_BASE64;
		return from_der(buf_view(&s->der), s, why);
	}
	*why = REASON_NOT_A_SIGNATURE;
	return not_cms;
}

/* RFC 5652 has other kinds of content, whose names tell people what they got. */
static const char *kind_defect(int nid)
{
	static const struct {
		int nid;
		const char *words;
	} row[] = {
	    {NID_pkcs7_signed, NULL},
	    {NID_pkcs7_enveloped, MSG_ID("CMS, but not SignedData: it is encrypted (.p7m)")},
	    {NID_id_smime_ct_authEnvelopedData,
		MSG_ID("CMS, but not SignedData: it is encrypted (.p7m)")},
	    {NID_pkcs7_encrypted, MSG_ID("CMS, but not SignedData: it is encrypted")},
	    {NID_id_smime_ct_compressedData, MSG_ID("CMS, but not SignedData: it is compressed")},
	    {NID_pkcs7_data, MSG_ID("CMS, but not SignedData: it is data without a signature")},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (row[i].nid == nid)
			return row[i].words;
	return MSG_ID("CMS, but not SignedData");
}

const char *cades_source_read(
    struct rd p7s, struct doc_certs *known, struct cades_source *s, enum reason *why)
{
	const char *defect;
	int n;
	ASN1_OCTET_STRING **content;

	memset(s, 0, sizeof *s);
	s->known = known;
	buf_init(&s->der, CADES_MAX_SIZE);
	*why = REASON_NOT_A_SIGNATURE;
	if (p7s.n > CADES_MAX_SIZE)
		return MSG_ID("the signature file is too large");
	defect = p7s.n ? parse(p7s, s, why) : not_cms;
	if (defect)
		return defect;
	defect = kind_defect(OBJ_obj2nid(CMS_get0_type(s->cms)));
	*why = REASON_NOT_SIGNED_DATA;
	if (defect)
		return defect;
	*why = REASON_NO_SIGNER;
	n = sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(s->cms));
	if (n < 1)
		return MSG_ID("no signer: certificates without a signature (.p7b)");
	*why = REASON_TOO_MUCH;
	if (n > CADES_MAX_SIGNERS)
		return MSG_ID("too many signers");
	content = CMS_get0_content(s->cms);
	if (content && *content && s->content.p) {
		*why = REASON_TRAILING;
		return MSG_ID("an S/MIME message whose signature has another content inside");
	}
	if (content && *content) {
		/* A NULL p would say "detached"; empty content is content all the same. */
		const uint8_t *p = ASN1_STRING_get0_data(*content);

		s->content = rd_of(
		    p ? p : (const uint8_t *)"", (size_t)ASN1_STRING_length(*content));
	}
	*why = REASON_NONE;
	return NULL;
}

enum ecert_rc cades_source_stream(
    int fd, struct doc_certs *known, struct cades_source *s, const char **defect, enum reason *why)
{
	struct cades_stream stream;
	struct buf shell = BUF_INIT(CADES_MAX_SIZE);
	enum ecert_rc rc = cades_stream_open(fd, &stream, &shell);

	memset(s, 0, sizeof *s);
	*defect = NULL;
	if (rc == ECERT_OK) {
		*defect = cades_source_read(buf_view(&shell), known, s, why);
		s->streamed = true;
		s->stream = stream;
		/* It is read in place. */
		buf_free(&s->der);
		s->der = shell;
		return rc;
	} else if (rc == ECERT_E_DATA_LEN) {
		*why = REASON_TOO_MUCH;
		*defect = MSG_ID("its content is in more pieces than are read");
		rc = ECERT_OK;
	}
	buf_free(&shell);
	return rc;
}

void cades_source_free(struct cades_source *s)
{
	cades_opened_free(&s->opened);
	buf_free(&s->der);
	memset(s, 0, sizeof *s);
}
