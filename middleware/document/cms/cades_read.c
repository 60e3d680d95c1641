/* SPDX-License-Identifier: BSD-2-Clause */
/* DER or BER, PEM, bare base64, S/MIME: one signature and nothing beside it. */
#include "document/cms/cades_read.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <string.h>
#include <sys/stat.h>

#include "document/cms/cades.h"
#include "document/cms/form/cades_large.h"
#include "document/cms/form/cades_limits.h"
#include "document/cms/smime.h"
#include "document/pem.h"

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

static const char trailing[] = MSG_ID("bytes follow the signature, which nobody signed");

/* What OpenSSL does not read. */
static const char *unread(struct rd der, struct cades_source *s, enum reason *why)
{
	struct octets *in = NULL;
	bool damaged = false;

	*why = REASON_NOT_A_SIGNATURE;
	if (is_pkcs7(der)) {
		*why = REASON_CONTENT_TYPE;
		return MSG_ID("a signature of PKCS #7 1.5 over something else than bytes, which "
			      "this version does not verify");
	}
	if (octets_of_memory(der, &in) == ECERT_OK)
		damaged = cades_damage_lengths(in, &s->damage) ||
			  cades_damage_fields(der, &s->damage);
	octets_free(&in);
	if (!damaged)
		return cades_not_cms;
	*why = REASON_DAMAGED;
	if (s->streamed && s->damage.at >= s->stream.behind)
		s->damage.at += s->stream.less;
	return s->damage.words;
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
	if (!cades_open(der, s->known, &s->opened))
		return unread(der, s, why);
	if (is_filling(rd_of(der.p + s->opened.used, der.n - s->opened.used))) {
		s->cms = s->opened.cms;
		return NULL;
	}
	*why = REASON_TRAILING;
	return trailing;
}

/* Behind what the shell has of it. */
static enum ecert_rc is_filled(struct cades_source *s, bool *filled)
{
	uint64_t size = octets_size(s->in), at = s->stream.cut;
	enum ecert_rc rc = ECERT_OK;
	struct rd part;

	*filled = true;
	for (; *filled && at < size; at += part.n) {
		rc = octets_view(s->in, at, &part);
		if (rc != ECERT_OK)
			return rc == ECERT_E_MALFORMED ? ECERT_E_IO : rc;
		*filled = is_filling(part);
	}
	return rc;
}

/* The content stays where it is in s->in, and the rest of it is read. Errors: as
 * cades_stream_open, ECERT_E_TOO_LARGE (all but the content is). */
static enum ecert_rc from_stream(struct cades_source *s, const char **defect, enum reason *why)
{
	enum ecert_rc rc = cades_stream_open(s->in, &s->stream, &s->shell);
	bool cut = rc == ECERT_OK && s->stream.cut < octets_size(s->in), filled = true;

	if (rc == ECERT_E_DATA) {
		*why = REASON_FORMAT_BROKEN;
		*defect = MSG_ID("its content is in pieces, of which one is no OCTET STRING");
		return ECERT_OK;
	}
	s->streamed = rc == ECERT_OK;
	if (s->streamed)
		*defect = from_der(buf_view(&s->shell), s, why);
	/* What was not read may be what is missing. */
	if (cut && *defect && *why != REASON_TOO_MUCH && *why != REASON_TRAILING)
		return ECERT_E_TOO_LARGE;
	if (!cut || *defect)
		return rc;
	rc = is_filled(s, &filled);
	if (!filled) {
		*why = REASON_TRAILING;
		*defect = trailing;
	}
	return rc;
}

/* Why it could not be taken apart. False: that is no fault of the file's. */
static bool not_apart(
    struct cades_source *s, enum ecert_rc rc, const char **defect, enum reason *why)
{
	bool much = rc == ECERT_E_DATA_LEN || s->stream.deep, damaged;

	if (!much && rc != ECERT_E_MALFORMED)
		return false;
	damaged = !much && (cades_damage_lengths(s->in, &s->damage) ||
			       cades_damage_at(s->in, s->stream.wrong, &s->damage));
	*why = much ? REASON_TOO_MUCH : damaged ? REASON_DAMAGED : REASON_NOT_A_SIGNATURE;
	*defect = s->stream.deep
		      ? MSG_ID("its content is in pieces that are nested deeper than is read")
		  : much ? MSG_ID("its content is in more pieces than are read")
			 : (damaged ? s->damage.words : cades_not_cms);
	return true;
}

/* All of it at hand. Content in pieces is not put together: each costs OpenSSL more than itself. */
static const char *from_memory(struct rd der, struct cades_source *s, enum reason *why)
{
	const char *defect = NULL;

	if (octets_of_memory(der, &s->in) == ECERT_OK && cades_in_pieces(s->in)) {
		enum ecert_rc rc = from_stream(s, &defect, why);

		if (rc == ECERT_OK || not_apart(s, rc, &defect, why))
			return defect;
	}
	octets_free(&s->in);
	buf_reset(&s->shell);
	return from_der(der, s, why);
}

static const char *from_pem(struct rd text, struct cades_source *s, enum reason *why)
{
	struct pem block = {.label = ""};
	const char *defect;
	bool whole;

	buf_init(&block.der, CADES_MAX_SIZE);
	whole = pem_next(&text, &block) == ECERT_OK;
	defect = cades_pem_defect(
	    whole, block.label, text_blank(block.before) && text_blank(text), why);
	if (!defect) {
		s->form = DOC_FORM_PEM;
		buf_rd(&s->der, buf_view(&block.der));
		defect = from_memory(buf_view(&s->der), s, why);
	}
	buf_free(&block.der);
	return defect;
}

static const char *from_smime(struct rd text, struct cades_source *s, enum reason *why)
{
	struct smime m = {.signed_data = true};
	const char *defect;
	enum ecert_rc rc;

	buf_init(&m.der, CADES_MAX_SIZE);
	rc = smime_read(text, &m);
	defect = cades_smime_defect(rc, &m, why);
	if (!defect) {
		s->form = DOC_FORM_SMIME;
		s->text = m.multipart;
		s->around = m.around;
		buf_rd(&s->der, buf_view(&m.der));
		defect = from_memory(buf_view(&s->der), s, why);
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
	defect = from_memory(p7s, s, why);
	if (defect != cades_not_cms)
		return defect;
	/* Windows' editors put it before every text. */
	if (p7s.n > 3 && memcmp(p7s.p, "\xEF\xBB\xBF", 3) == 0)
		p7s = rd_of(p7s.p + 3, p7s.n - 3);
	/* Before PEM: a message's text may show a certificate. */
	defect = from_smime(p7s, s, why);
	if (defect != cades_no_message)
		return defect;
	if (p7s.n > 10 && memmem(p7s.p, p7s.n, "-----BEGIN ", 11))
		return from_pem(p7s, s, why);
	if (base64_lines_get(p7s, &s->der) == ECERT_OK) {
		s->form = DOC_FORM_BASE64;
		return from_memory(buf_view(&s->der), s, why);
	}
	*why = REASON_NOT_A_SIGNATURE;
	return cades_not_cms;
}

/* RFC 5652 has other kinds of content, whose names tell people what they got. */
static const char *kind_defect(int nid, enum reason *why)
{
	static const struct {
		int nid;
		enum reason why; /* NOT_SIGNED_DATA: it may have a signature inside */
		const char *words;
	} row[] = {
	    {NID_pkcs7_signed, REASON_NONE, NULL},
	    {NID_pkcs7_enveloped, REASON_NOT_SIGNED_DATA,
		MSG_ID("CMS, but not SignedData: it is encrypted (.p7m)")},
	    {NID_id_smime_ct_authEnvelopedData, REASON_NOT_SIGNED_DATA,
		MSG_ID("CMS, but not SignedData: it is encrypted (.p7m)")},
	    {NID_pkcs7_encrypted, REASON_NOT_SIGNED_DATA,
		MSG_ID("CMS, but not SignedData: it is encrypted")},
	    {NID_id_smime_ct_compressedData, REASON_NOT_SIGNED_DATA,
		MSG_ID("CMS, but not SignedData: it is compressed")},
	    {NID_pkcs7_data, REASON_NO_SIGNER,
		MSG_ID("CMS, but not SignedData: it is data without a signature")},
	    {NID_pkcs7_digest, REASON_NO_SIGNER,
		MSG_ID(
		    "CMS, but not SignedData: it is data with a digest, which anybody can make")},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (row[i].nid == nid) {
			*why = row[i].why;
			return row[i].words;
		}
	*why = REASON_NO_SIGNER;
	return MSG_ID("CMS, but not SignedData");
}

/* Of what could be read: whether it is what is verified here. */
static const char *fit(struct cades_source *s, enum reason *why)
{
	const char *defect = kind_defect(OBJ_obj2nid(CMS_get0_type(s->cms)), why);
	ASN1_OCTET_STRING **content;
	int n;

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
	if ((content && *content && (s->content.p || s->streamed)) ||
	    (s->content.p && s->streamed)) {
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

static void begin(struct cades_source *s, struct doc_certs *known)
{
	memset(s, 0, sizeof *s);
	s->known = known;
	buf_init(&s->der, CADES_MAX_SIZE);
	buf_init(&s->shell, CADES_MAX_SIZE);
}

const char *cades_source_read(
    struct rd p7s, struct doc_certs *known, struct cades_source *s, enum reason *why)
{
	const char *defect;

	begin(s, known);
	*why = REASON_NOT_A_SIGNATURE;
	if (p7s.n > CADES_MAX_SIZE)
		return MSG_ID("the signature file is too large");
	defect = p7s.n ? parse(p7s, s, why) : cades_not_cms;
	return defect ? defect : fit(s, why);
}

/* The octets are a SignedData whose content is large, or, decoded, small after all. */
static enum ecert_rc from_octets(struct cades_source *s, const char **defect, enum reason *why)
{
	uint64_t n = octets_size(s->in);
	enum ecert_rc rc;
	uint8_t *room;

	if (n <= CADES_MAX_SIZE) {
		room = buf_room(&s->der, (size_t)n);
		rc = room ? octets_read(s->in, 0, room, (size_t)n) : buf_rc(&s->der);
		octets_free(&s->in);
		if (rc == ECERT_OK)
			*defect = from_memory(buf_view(&s->der), s, why);
		return rc;
	}
	rc = from_stream(s, defect, why);
	return not_apart(s, rc, defect, why) ? ECERT_OK : rc;
}

/* A message's part is where it is, and its signature at hand. */
static const char *from_part(struct cades_large *l, struct cades_source *s, enum reason *why)
{
	const char *defect;

	buf_rd(&s->der, buf_view(&l->der));
	defect = from_der(buf_view(&s->der), s, why);
	s->text = s->streamed = true;
	s->in = l->part;
	l->part = NULL;
	s->stream = (struct cades_stream){
	    .in = s->in, .end = octets_size(s->in), .size = octets_size(s->in)};
	return defect;
}

bool cades_source_is_large(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > CADES_MAX_SIZE;
}

enum ecert_rc cades_source_stream(
    int fd, struct doc_certs *known, struct cades_source *s, const char **defect, enum reason *why)
{
	struct cades_large large;
	enum ecert_rc rc = cades_large_open(fd, &large);

	begin(s, known);
	*defect = large.defect;
	*why = large.why;
	s->form = large.defect ? DOC_FORM_PLAIN : large.form;
	s->around = large.around;
	if (rc == ECERT_OK && !*defect && large.part) {
		*defect = from_part(&large, s, why);
	} else if (rc == ECERT_OK && !*defect) {
		s->in = large.in;
		large.in = NULL;
		rc = from_octets(s, defect, why);
	}
	if (rc == ECERT_OK && !*defect)
		*defect = fit(s, why);
	cades_large_free(&large);
	return rc;
}

void cades_source_free(struct cades_source *s)
{
	cades_opened_free(&s->opened);
	octets_free(&s->in);
	buf_free(&s->der);
	buf_free(&s->shell);
	memset(s, 0, sizeof *s);
}
