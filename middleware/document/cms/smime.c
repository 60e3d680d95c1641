/* SPDX-License-Identifier: BSD-2-Clause */
/* S/MIME: headers, and the two parts of multipart/signed (RFC 1847, 2.1; RFC 2046, 5.1). */
#include "document/cms/smime.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "document/cms/form/mime.h"
#include "document/kind/kind_priv.h"
#include "document/pem.h"
#include "util/text.h"

#define HEADERS_MAX   65536
#define TYPE_SIZE     512
#define ENCODING_SIZE 32

/* What of the headers counts. */
struct headers {
	char type[TYPE_SIZE]; /* with its parameters, unfolded */
	char encoding[ENCODING_SIZE];
	char from[TYPE_SIZE], sender[TYPE_SIZE];
	bool
	    odd; /* programs differ in what they make of them: what is shown may be another thing */
};

static struct rd from(struct rd text, size_t at)
{
	return rd_of(text.p + at, text.n - at);
}

/* One line without its end. */
static struct rd get_line(struct rd *text)
{
	const uint8_t *lf = text->n ? memchr(text->p, '\n', text->n) : NULL;
	size_t n = lf ? (size_t)(lf - text->p) : text->n;
	struct rd line = rd_of(text->p, n);

	*text = from(*text, lf ? n + 1 : n);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* False when there is no room for all of it. */
static bool append(char *dst, size_t size, struct rd text)
{
	size_t at = strlen(dst);

	for (size_t i = 0; i < text.n && at + 1 < size; i++)
		dst[at++] = text.p[i] ? (char)text.p[i] : '?';
	dst[at] = 0;
	return at + 1 < size;
}

/* RFC 5322, 3.6.8 has no blank before the colon; some take it all the same. */
static bool is_name(struct rd line, const char *name, bool *blank)
{
	size_t n = strlen(name), at = n;

	if (line.n <= n || strncasecmp((const char *)line.p, name, n) != 0)
		return false;
	while (at < line.n && (line.p[at] == ' ' || line.p[at] == '\t'))
		at++;
	if (at == line.n || line.p[at] != ':')
		return false;
	*blank = at > n;
	return true;
}

/* A CR alone, or a NUL, ends a line for some. */
static bool has_controls(struct rd line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] < 0x20 && line.p[i] != '\t')
			return true;
	return false;
}

/* One media type, also by the name of before it was registered (RFC 8551, 1.4). */
static bool is_pkcs7(const char *text, const char *subtype)
{
	char type[64];

	(void)snprintf(type, sizeof type, "application/pkcs7-%s", subtype);
	if (mime_is_word(text, type))
		return true;
	(void)snprintf(type, sizeof type, "application/x-pkcs7-%s", subtype);
	return mime_is_word(text, type);
}

/* The fields that are looked at; odd ones of the first two are read in more than one way. */
static const struct field {
	const char *name;
	size_t at, size;
	bool counts;
} fields[] = {
    {"content-transfer-encoding", offsetof(struct headers, encoding), ENCODING_SIZE, true},
    {"content-type", offsetof(struct headers, type), TYPE_SIZE, true},
    {"from", offsetof(struct headers, from), TYPE_SIZE, false},
    {"sender", offsetof(struct headers, sender), TYPE_SIZE, false},
};

static void put_field(struct headers *h, const struct field *f, struct rd text)
{
	char *value = (char *)h + f->at;

	if (append(value, f->size, text))
		return;
	h->odd = h->odd || f->counts;
	if (!f->counts) /* an address that nobody has */
		memcpy(value, "?", 2);
}

/* One field's first line: which it is; NULL: it does not count. */
static const struct field *open_field(struct headers *h, struct rd line, unsigned *seen)
{
	const uint8_t *colon = memchr(line.p, ':', line.n);

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const struct field *f = &fields[i];
		bool blank, again = (*seen & 1u << i) != 0;

		if (!is_name(line, f->name, &blank))
			continue;
		h->odd = h->odd || (f->counts && (blank || again));
		if (again && !f->counts)
			put_field(h, f, rd_of((const uint8_t *)",", 1));
		*seen |= 1u << i;
		put_field(h, f, from(line, (size_t)(colon - line.p) + 1));
		return f;
	}
	return NULL;
}

/* Up to the empty line, which is taken. False when these are no headers. */
static bool get_headers(struct rd *text, struct headers *h)
{
	const struct field *open = NULL;
	unsigned seen = 0;
	size_t start = text->n;

	*h = (struct headers){.type = ""};
	while (text->n && start - text->n < HEADERS_MAX) {
		struct rd line = get_line(text);

		if (!line.n) {
			mime_drop_comments(h->type);
			mime_drop_comments(h->encoding);
			h->odd = h->odd || mime_has_odd_parameters(h->type);
			return true;
		}
		h->odd = h->odd || has_controls(line);
		if (line.p[0] == ' ' || line.p[0] == '\t') { /* RFC 5322, 2.2.3: folded */
			if (open)
				put_field(h, open, line);
			continue;
		}
		if (!memchr(line.p, ':', line.n))
			return false;
		open = open_field(h, line, &seen);
	}
	return false;
}

/* boundary=x or boundary="x", behind the two hyphens that a delimiter begins with. */
static bool get_boundary(const char *type, char *out, size_t size)
{
	memcpy(out, "--", 3);
	return mime_parameter(type, "boundary", out + 2, size - 2) && strlen(out) <= 72;
}

/* The delimiter that begins a line: where that line begins, and what follows it. */
static bool find_delimiter(struct rd text, const char *delimiter, size_t *at, struct rd *after)
{
	size_t n = strlen(delimiter);
	struct rd rest = text;

	while (rest.n) {
		struct rd whole = rest, line = get_line(&rest);

		if (line.n >= n && memcmp(line.p, delimiter, n) == 0) {
			*at = (size_t)(whole.p - text.p);
			*after = from(whole, n);
			return true;
		}
	}
	return false;
}

/* Whether the body is base64; false: how it is written is not known. */
static bool get_encoding(const struct headers *h, bool *base64)
{
	*base64 = mime_is_word(h->encoding, "base64");
	return !h->odd && (*base64 || !h->encoding[0] || mime_is_word(h->encoding, "binary"));
}

static enum ecert_rc get_der(const struct headers *h, struct rd body, struct buf *der)
{
	bool base64;

	if (!get_encoding(h, &base64))
		return ECERT_E_MALFORMED;
	if (base64)
		return base64_lines_get(body, der);
	buf_rd(der, body);
	return buf_rc(der);
}

/* The sentences that signing programs put there for programs that know no MIME. */
static bool customary(struct rd preamble)
{
	static const char *const sentences[] = {"This is an S/MIME signed message",
	    "This is a cryptographically signed message in MIME format."};

	while (preamble.n && strchr(" \r\n\t", preamble.p[preamble.n - 1]))
		preamble.n--;
	while (preamble.n && strchr(" \r\n\t", preamble.p[0]))
		preamble = from(preamble, 1);
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
		if (preamble.n == strlen(sentences[i]) &&
		    memcmp(preamble.p, sentences[i], preamble.n) == 0)
			return true;
	return preamble.n == 0;
}

/* A CR alone, or a NUL, ends a line for some, who may find other parts then. */
static bool has_odd_lines(struct rd text)
{
	while (text.n) {
		struct rd line = get_line(&text);

		if (line.n && (memchr(line.p, '\r', line.n) || memchr(line.p, 0, line.n)))
			return true;
	}
	return false;
}

/* Before the first part or behind the last (RFC 2046, 5.1.1: to be ignored). False when programs
 * may differ on whether it is. */
static bool pass_outside(struct rd text, struct smime_around *around)
{
	around->outside = around->outside || !customary(text);
	return !has_odd_lines(text);
}

/* RFC 2046, 5.1.1: blanks may have come behind a delimiter on the way. */
static bool is_padding(struct rd line)
{
	while (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
		line = from(line, 1);
	return line.n == 0;
}

/* The line end before a delimiter belongs to it (RFC 2046, 5.1.1). */
static struct rd without_line_end(struct rd text)
{
	if (text.n && text.p[text.n - 1] == '\n')
		text.n--;
	if (text.n && text.p[text.n - 1] == '\r')
		text.n--;
	return text;
}

/* RFC 8551, 3.9: a gateway may have made an unknown type of it, and left the name. */
static bool is_file(const struct headers *h, const char *suffix)
{
	char name[128];

	return mime_is_word(h->type, "application/octet-stream") &&
	       mime_parameter(h->type, "name", name, sizeof name) && text_ends(name, suffix);
}

/* To behind the line that begins the signed part. */
static bool enter_part(
    struct rd *body, const char *type, char *delimiter, size_t size, struct smime_around *around)
{
	struct rd after;
	size_t at = 0;

	if (!get_boundary(type, delimiter, size) ||
	    !find_delimiter(*body, delimiter, &at, &after) ||
	    !pass_outside(rd_of(body->p, at), around) || !is_padding(get_line(&after)))
		return false;
	*body = after;
	return true;
}

/* From behind the last delimiter's own bytes on. */
static bool is_end(struct rd after, const char *delimiter, struct smime_around *around)
{
	struct rd rest;
	size_t at;

	if (after.n < 2 || memcmp(after.p, "--", 2) != 0)
		return false;
	after = from(after, 2);
	return is_padding(get_line(&after)) && pass_outside(after, around) &&
	       !find_delimiter(after, delimiter, &at, &rest);
}

static enum ecert_rc get_parts(struct rd body, const char *type, struct smime *out)
{
	char delimiter[SMIME_DELIMITER_MAX];
	struct headers h;
	struct rd after, second;
	size_t at = 0;

	if (!enter_part(&body, type, delimiter, sizeof delimiter, &out->around) ||
	    !find_delimiter(body, delimiter, &at, &after) || !is_padding(get_line(&after)))
		return ECERT_E_MALFORMED;
	out->content = without_line_end(rd_of(body.p, at));
	second = after;
	if (!find_delimiter(second, delimiter, &at, &after) ||
	    !is_end(after, delimiter, &out->around))
		return ECERT_E_MALFORMED;
	second.n = at;
	if (!get_headers(&second, &h) || !(is_pkcs7(h.type, "signature") || is_file(&h, ".p7s")))
		return ECERT_E_MALFORMED;
	return get_der(&h, without_line_end(second), &out->der);
}

/* RFC 4155: a mailbox has a line of its own in front of each message, which is none of the
 * header's. */
static void pass_mailbox_line(struct rd *message)
{
	struct rd rest = *message, line = get_line(&rest);
	bool blank;

	if (line.n > 5 && memcmp(line.p, "From ", 5) == 0 && !is_name(line, "from", &blank))
		*message = rest;
}

/* The message's own headers, which are taken. Errors: ECERT_E_NOT_FOUND. */
static enum ecert_rc get_kind(struct rd *message, struct headers *h, struct smime *out)
{
	char word[64];

	out->content = rd_of(NULL, 0);
	out->signed_data = true;
	out->certs = out->multipart = out->part = out->around.outside = false;
	pass_mailbox_line(message);
	if (!get_headers(message, h) || !h->type[0])
		return ECERT_E_NOT_FOUND;
	text_copy(out->around.from, sizeof out->around.from, h->from[0] ? h->from : h->sender);
	/* RFC 1847, 2.1 wants the protocol; where it is missing, the second part says it. */
	if (mime_is_word(h->type, "multipart/signed") &&
	    (!mime_parameter(h->type, "protocol", word, sizeof word) ||
		is_pkcs7(word, "signature"))) {
		out->multipart = true;
		return ECERT_OK;
	}
	if (!is_pkcs7(h->type, "mime") && !is_pkcs7(h->type, "signature") && !is_file(h, ".p7m")) {
		out->part = kind_says(
				rd_of((const uint8_t *)h->type, strlen(h->type)), "multipart/") ||
			    mime_is_word(h->type, "message/rfc822");
		out->part = out->part && kind_says(*message, "pkcs7-");
		return ECERT_E_NOT_FOUND;
	}
	if (mime_parameter(h->type, "smime-type", word, sizeof word) &&
	    !mime_is_word(word, "signed-data") && !mime_is_word(word, "signed-receipt"))
		out->signed_data = false;
	out->certs = !out->signed_data && mime_is_word(word, "certs-only");
	return ECERT_OK;
}

enum ecert_rc smime_read(struct rd message, struct smime *out)
{
	struct headers h;
	enum ecert_rc rc = get_kind(&message, &h, out);

	if (rc != ECERT_OK)
		return rc;
	if (!out->multipart)
		return out->signed_data ? get_der(&h, message, &out->der) : ECERT_OK;
	return h.odd ? ECERT_E_MALFORMED : get_parts(message, h.type, out);
}

enum ecert_rc smime_outline(struct rd head, struct smime *out, struct smime_outline *where)
{
	struct rd body = head;
	struct headers h;
	enum ecert_rc rc = get_kind(&body, &h, out);

	*where = (struct smime_outline){.at = 0};
	if (rc != ECERT_OK)
		return rc;
	if (out->multipart ? h.odd || !enter_part(&body, h.type, where->delimiter,
					  sizeof where->delimiter, &out->around)
			   : out->signed_data && !get_encoding(&h, &where->base64))
		return ECERT_E_MALFORMED;
	where->at = (size_t)(body.p - head.p);
	return ECERT_OK;
}
