/* SPDX-License-Identifier: BSD-2-Clause */
/* By the beginning of a file, and for what stands behind a part, by its end. */
#include "document/cms/form/cades_large.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "document/cms/cades.h"
#include "document/pem.h"

#define HEAD (128u << 10) /* headers, and what stands before the first part */
#define TAIL (64u << 10)  /* behind a block of PEM */
#define STEP (64u << 10)

const char cades_not_cms[] = MSG_ID("not a CMS signature");
const char cades_no_message[] = MSG_ID("not an S/MIME message");

const char *cades_smime_defect(enum ecert_rc rc, const struct smime *m, enum reason *why)
{
	if (rc == ECERT_E_NOT_FOUND && m->part) {
		*why = REASON_SIGNED_PART;
		return MSG_ID("the signed message is a part of another message");
	}
	if (rc == ECERT_E_NOT_FOUND)
		return cades_no_message;
	if (rc == ECERT_OK && m->certs) {
		*why = REASON_NO_SIGNER;
		return MSG_ID("an S/MIME message that holds certificates, not a signed one");
	}
	if (rc == ECERT_OK && !m->signed_data) {
		*why = REASON_NOT_SIGNED_DATA;
		return MSG_ID(
		    "an S/MIME message that is encrypted or holds certificates, not a signed one");
	}
	if (rc == ECERT_OK)
		return NULL;
	*why = m->multipart ? REASON_TRAILING : REASON_NOT_A_SIGNATURE;
	return m->multipart
		   ? MSG_ID("an S/MIME message that is not just a signed part and its signature")
		   : MSG_ID("an S/MIME message that is damaged");
}

/* RFC 7468, 8 and 9, OpenSSL's name of old, and gpgsm's. */
static bool cms_label(const char *label)
{
	return !strcmp(label, "CMS") || !strcmp(label, "PKCS7") ||
	       !strcmp(label, "PKCS #7 SIGNED DATA") || !strcmp(label, "SIGNED MESSAGE");
}

const char *cades_pem_defect(bool whole, const char *label, bool alone, enum reason *why)
{
	if (label[0] && !cms_label(label))
		return MSG_ID("PEM, but not of a CMS signature");
	if (!whole)
		return MSG_ID("the PEM block is damaged");
	if (alone)
		return NULL;
	*why = REASON_TRAILING;
	return MSG_ID("there is text beside the signature, which nobody signed");
}

struct looking {
	int fd;
	uint64_t size;
	struct octets *all;
	struct rd head;
	uint64_t skipped; /* before head */
};

/* Where the line begins that follows `from`, which is behind a line's end, and begins with this. */
static enum ecert_rc find_line(
    struct looking *l, uint64_t from, const char *begin, uint8_t *chunk, uint64_t *at)
{
	char line[SMIME_DELIMITER_MAX + 1] = "\n";
	size_t n = strlen(begin) + 1;

	memcpy(line + 1, begin, n);
	for (uint64_t here = from - 1; l->size - here >= n;) {
		size_t part = l->size - here < STEP ? (size_t)(l->size - here) : STEP;
		enum ecert_rc rc = octets_read(l->all, here, chunk, part);
		const uint8_t *found = rc == ECERT_OK ? memmem(chunk, part, line, n) : NULL;

		if (rc != ECERT_OK)
			return rc == ECERT_E_MALFORMED ? ECERT_E_IO : rc;
		if (found) {
			*at = here + (uint64_t)(found - chunk) + 1;
			return ECERT_OK;
		}
		here += part - n + 1;
	}
	return ECERT_E_MALFORMED;
}

/* The message without its first part. */
static enum ecert_rc without_part(struct looking *l, uint64_t begin, uint64_t end, struct buf *out)
{
	size_t rest = (size_t)(l->size - end);
	uint8_t *room;
	enum ecert_rc rc;

	buf_rd(out, rd_of(l->head.p, (size_t)(begin - l->skipped)));
	room = buf_room(out, rest);
	rc = room ? octets_read(l->all, end, room, rest) : buf_rc(out);
	return rc == ECERT_E_MALFORMED ? ECERT_E_IO : rc;
}

/* The line end before a delimiter belongs to it (RFC 2046, 5.1.1). */
static enum ecert_rc end_of_part(struct looking *l, uint64_t begin, uint64_t line, uint64_t *end)
{
	uint8_t last[2];
	enum ecert_rc rc;

	*end = line > begin ? line - 1 : line;
	if (*end <= begin)
		return ECERT_OK;
	rc = octets_read(l->all, *end - 1, last, 1);
	*end -= rc == ECERT_OK && last[0] == '\r';
	return rc;
}

/* A message whose first part is where it is: what is around it is read as a small one's. */
static enum ecert_rc open_parts(
    struct looking *l, const struct smime_outline *where, struct smime *m, struct cades_large *out)
{
	struct buf shorter = BUF_INIT(HEAD + CADES_MAX_SIZE);
	uint64_t begin = l->skipped + where->at, line = 0, end = 0;
	uint8_t *chunk = malloc(STEP);
	enum ecert_rc rc = chunk ? find_line(l, begin, where->delimiter, chunk, &line)
				 : ECERT_E_MEMORY;

	free(chunk);
	if (rc == ECERT_OK)
		rc = end_of_part(l, begin, line, &end);
	if (rc == ECERT_OK && l->size - end > CADES_MAX_SIZE)
		rc = ECERT_E_TOO_LARGE;
	if (rc == ECERT_OK)
		rc = without_part(l, begin, end, &shorter);
	if (rc == ECERT_OK)
		rc = smime_read(buf_view(&shorter), m);
	if (rc == ECERT_OK)
		rc = octets_of_file(l->fd, begin, end, &out->part);
	if (rc == ECERT_OK)
		buf_rd(&out->der, buf_view(&m->der));
	buf_free(&shorter);
	return rc == ECERT_OK ? buf_rc(&out->der) : rc;
}

/* What is wrong with the file is a defect of it; else the error. */
static enum ecert_rc told(enum ecert_rc rc)
{
	return rc == ECERT_E_MALFORMED || rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc open_base64(
    struct looking *l, uint64_t at, struct cades_large *out, uint64_t *stopped)
{
	return octets_of_base64(l->fd, at, l->size, &out->in, stopped);
}

static enum ecert_rc open_smime(struct looking *l, struct cades_large *out)
{
	struct smime m = {.signed_data = true};
	struct smime_outline where;
	uint64_t stopped = 0;
	enum ecert_rc rc;

	buf_init(&m.der, CADES_MAX_SIZE);
	rc = smime_outline(l->head, &m, &where);
	if (rc == ECERT_OK && m.multipart)
		rc = open_parts(l, &where, &m, out);
	else if (rc == ECERT_OK && m.signed_data && where.base64) {
		rc = open_base64(l, l->skipped + where.at, out, &stopped);
		if (rc == ECERT_OK && stopped != l->size)
			rc = ECERT_E_MALFORMED;
	} else if (rc == ECERT_OK && m.signed_data) {
		rc = octets_of_file(l->fd, l->skipped + where.at, l->size, &out->in);
	}
	out->form = DOC_FORM_SMIME;
	out->around = m.around;
	if (told(rc) == ECERT_OK)
		out->defect = cades_smime_defect(rc, &m, &out->why);
	buf_free(&m.der);
	return told(rc);
}

static enum ecert_rc open_pem(struct looking *l, struct cades_large *out)
{
	char label[PEM_LABEL_MAX] = "";
	uint8_t *tail = malloc(TAIL);
	size_t at = 0, n = 0;
	uint64_t stopped = l->size;
	struct rd before = {NULL, 0}, end;
	enum ecert_rc rc = tail ? pem_begin(l->head, label, &before, &at) : ECERT_E_MEMORY;

	if (rc == ECERT_OK)
		rc = open_base64(l, l->skipped + at, out, &stopped);
	if (rc == ECERT_OK) {
		n = l->size - stopped < TAIL ? (size_t)(l->size - stopped) : TAIL;
		rc = n ? octets_read(l->all, stopped, tail, n) : ECERT_OK;
	}
	end = rd_of(tail, n);
	out->form = DOC_FORM_PEM;
	if (told(rc) == ECERT_OK) {
		bool whole = rc == ECERT_OK && pem_ends(&end, label);

		out->defect = cades_pem_defect(whole, label,
		    text_blank(before) && text_blank(end) && l->size - stopped == n, &out->why);
	}
	free(tail);
	return told(rc);
}

static enum ecert_rc open_text(struct looking *l, struct cades_large *out)
{
	uint64_t stopped = 0;
	enum ecert_rc rc;

	/* Before PEM: a message's text may show a certificate. */
	rc = open_smime(l, out);
	if (rc != ECERT_OK || out->defect != cades_no_message)
		return rc;
	out->defect = NULL;
	if (rd_contains(l->head, "-----BEGIN "))
		return open_pem(l, out);
	rc = open_base64(l, l->skipped, out, &stopped);
	out->form = DOC_FORM_BASE64;
	if (told(rc) == ECERT_OK && (rc != ECERT_OK || stopped != l->size))
		out->defect = cades_not_cms;
	return told(rc);
}

enum ecert_rc cades_large_open(int fd, struct cades_large *out)
{
	struct stat st;
	struct looking l = {.fd = fd, .size = fstat(fd, &st) ? 0 : (uint64_t)st.st_size};
	size_t n = l.size < HEAD ? (size_t)l.size : HEAD;
	uint8_t *head = malloc(HEAD);
	enum ecert_rc rc = head ? ECERT_OK : ECERT_E_MEMORY;

	memset(out, 0, sizeof *out);
	out->why = REASON_NOT_A_SIGNATURE;
	buf_init(&out->der, CADES_MAX_SIZE);
	if (rc == ECERT_OK)
		rc = octets_of_file(fd, 0, l.size, &l.all);
	if (rc == ECERT_OK && n)
		rc = octets_read(l.all, 0, head, n);
	if (rc == ECERT_OK && n && head[0] == 0x30) {
		out->in = l.all;
		l.all = NULL;
	} else if (rc == ECERT_OK) {
		/* Windows' editors put it before every text. */
		l.skipped = n > 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
		l.head = rd_of(head + l.skipped, n - (size_t)l.skipped);
		rc = open_text(&l, out);
	}
	octets_free(&l.all);
	free(head);
	return rc;
}

void cades_large_free(struct cades_large *l)
{
	octets_free(&l->in);
	octets_free(&l->part);
	buf_free(&l->der);
	memset(l, 0, sizeof *l);
}
