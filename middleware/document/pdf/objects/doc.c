/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a PDF: read strictly, its last cross-reference section found by bytes. */
#include <string.h>

#include "document/pdf/objects/objects.h"

/* Annex H, 3.4.4: within the last 1024 bytes; some have more behind it. */
#define TAIL 4096
/* Objects of a file that qpdf reads all of in far less time than there is. */
#define MANY 20000
/* Annex C, less than what is written at once. */
#define NUMBER_MAX 8000000u

static bool is_space(uint8_t c)
{
	return c && strchr(" \t\r\n\f", c);
}

/* The number behind the last "startxref", a word of its own: what one reader takes for it and
 * another does not leads them to different sections. */
static bool find_startxref(struct rd all, uint64_t *at)
{
	static const char word[] = "startxref";
	size_t n = sizeof word - 1, from = all.n > TAIL ? all.n - TAIL : 0, i = all.n, digits;
	uint64_t value = 0;

	while (i > from + n && memcmp(all.p + i - n, word, n) != 0)
		i--;
	if (i <= from + n || !is_space(all.p[i - n - 1]))
		return false;
	while (i < all.n && is_space(all.p[i]))
		i++;
	digits = i;
	for (; i < all.n && all.p[i] >= '0' && all.p[i] <= '9' && value < all.n; i++)
		value = value * 10 + (uint64_t)(all.p[i] - '0');
	*at = value;
	return i > digits && (i == all.n || is_space(all.p[i])) && value > 0 && value < all.n;
}

static bool begins(struct rd all, uint64_t at, const char *what)
{
	size_t n = strlen(what);

	return at <= all.n && all.n - at >= n && !memcmp(all.p + at, what, n);
}

/* "12 0 obj", and nothing before it. */
static bool is_object(struct rd all, uint64_t at)
{
	struct rd r = rd_of(all.p + at, all.n - at);
	size_t i = 0;

	for (int word = 0; word < 2; word++) {
		size_t digits = i;

		while (i < r.n && r.p[i] >= '0' && r.p[i] <= '9')
			i++;
		if (i == digits || i == r.n || !is_space(r.p[i]))
			return false;
		while (i < r.n && is_space(r.p[i]))
			i++;
	}
	return begins(r, i, "obj");
}

static bool says(qpdf_data q, qpdf_error e, const char *what)
{
	const char *text = qpdf_get_error_full_text(q, e);

	return text && strstr(text, what);
}

/* What qpdf says about a file that it does not take. */
static enum ecert_rc refused(qpdf_data q, enum pdf_refusal *why)
{
	qpdf_error e = qpdf_get_error(q);
	enum qpdf_error_code_e code = qpdf_get_error_code(q, e);

	/* Some kinds of encryption it does not know. */
	*why = code == qpdf_e_password || (code == qpdf_e_unsupported && says(q, e, "ncrypt"))
		   ? PDF_ENCRYPTED
		   : PDF_BROKEN;
	return says(q, e, "bad_alloc") ? ECERT_E_MEMORY : ECERT_OK;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Somewhere "N G obj" stands, G more than 0. */
static bool has_generations(struct rd all)
{
	for (size_t i = 4; i + 3 <= all.n; i++) {
		size_t end, at;

		if (all.p[i] != 'o' || memcmp(all.p + i, "obj", 3) != 0)
			continue;
		for (end = i; end && is_space(all.p[end - 1]); end--)
			;
		for (at = end; at && is_digit(all.p[at - 1]); at--)
			;
		if (end == i || at == end || !at || !is_space(all.p[at - 1]))
			continue;
		while (at < end && all.p[at] == '0')
			at++;
		if (at < end)
			return true;
	}
	return false;
}

/*
 * The greatest number. References to what is nowhere (7.3.10) are seen in smaller files only: there
 * a number that one of them has is left alone, too. And whether a number has two generations in
 * use, which qpdf keeps side by side, while most readers go by the number (7.5.4); where the
 * sections cannot be read as strictly as here, none but the first is taken.
 */
static uint32_t last_number(const struct pdf_doc *d, bool *twice)
{
	struct xref x = {.file = d->bytes, .q = d->q};
	uint32_t last = 0;
	bool whole = xref_read(&x, d->startxref);

	*twice = x.twice || (!whole && has_generations(d->bytes));
	if (whole && x.in_use > MANY) {
		last = (uint32_t)x.n - 1;
		if (x.size > x.n && x.size < NUMBER_MAX)
			last = (uint32_t)x.size - 1;
	}
	xref_free(&x);
	return last;
}

enum ecert_rc pdf_doc_open(struct rd bytes, struct pdf_doc *d, enum pdf_refusal *why)
{
	QPDF_ERROR_CODE bad;
	bool twice = false;

	*d = (struct pdf_doc){.bytes = bytes};
	*why = PDF_BROKEN;
	/* Offsets count from the header for some and from the file's beginning for others. */
	if (!begins(bytes, 0, "%PDF-") || !find_startxref(bytes, &d->startxref))
		return ECERT_OK;
	d->stream = is_object(bytes, d->startxref);
	if (!d->stream && !begins(bytes, d->startxref, "xref"))
		return ECERT_OK;
	d->q = qpdf_init();
	if (!d->q)
		return ECERT_E_MEMORY;
	qpdf_silence_errors(d->q);
	qpdf_set_suppress_warnings(d->q, QPDF_TRUE);
	qpdf_set_attempt_recovery(d->q, QPDF_FALSE);
	bad = qpdf_read_memory(d->q, "", (const char *)bytes.p, bytes.n, NULL);
	if (bad & QPDF_ERRORS)
		return refused(d->q, why);
	if (qpdf_is_encrypted(d->q)) {
		*why = PDF_ENCRYPTED;
		return ECERT_OK;
	}
	d->last = last_number(d, &twice);
	d->trailer = qpdf_get_trailer(d->q);
	d->root = qpdf_get_root(d->q);
	if (!qpdf_oh_is_dictionary(d->q, d->root) || !qpdf_oh_is_indirect(d->q, d->root))
		return pdf_doc_over(d) ? ECERT_E_MEMORY : ECERT_OK;
	*why = qpdf_oh_has_key(d->q, d->trailer, "/XRefStm") ? PDF_HYBRID
	       : twice					     ? PDF_TWICE
							     : PDF_GOOD;
	return ECERT_OK;
}

/* An object that there was no memory for is null to whoever asks, and a warning. */
bool pdf_doc_over(const struct pdf_doc *d)
{
	bool over = d->q && qpdf_has_error(d->q) && says(d->q, qpdf_get_error(d->q), "bad_alloc");

	while (d->q && !over && qpdf_more_warnings(d->q))
		over = says(d->q, qpdf_next_warning(d->q), "bad_alloc");
	return over;
}

void pdf_doc_close(struct pdf_doc *d)
{
	if (d->q)
		qpdf_cleanup(&d->q);
	d->q = NULL;
}

qpdf_oh pdf_get(const struct pdf_doc *d, qpdf_oh dict, const char *key)
{
	return qpdf_oh_get_key_if_dict(d->q, dict, key);
}

void pdf_put_ref(const struct pdf_doc *d, qpdf_oh oh, struct buf *out)
{
	buf_str(out, qpdf_oh_unparse(d->q, oh));
}

void pdf_put_whole(const struct pdf_doc *d, qpdf_oh oh, struct buf *out)
{
	buf_str(out, qpdf_oh_unparse_resolved(d->q, oh));
}

void pdf_put_value(const struct pdf_doc *d, qpdf_oh oh, struct buf *out)
{
	buf_str(out, qpdf_oh_unparse(d->q, oh));
}
