/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading one signature's dictionary out of the bytes around it. */
#include "document/pdf/range_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/message.h"

/* How far from the hole the dictionary may reach; one with a /Cert in it has some kilobytes. */
#define AROUND (256u << 10)
#define TRIES  16

enum ecert_rc pdf_read_at(int fd, uint64_t at, uint8_t *to, size_t size, size_t *n)
{
	*n = 0;
	while (*n < size) {
		ssize_t got = pread(fd, to + *n, size - *n, (off_t)(at + *n));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ECERT_E_IO;
		if (!got)
			break;
		*n += (size_t)got;
	}
	return ECERT_OK;
}

static void wrong(struct pdf_signature *v, const char *defect)
{
	if (!v->defect) {
		v->defect = defect;
		v->reason = REASON_BYTE_RANGE;
	}
}

/* The string that is left out, decoded. */
static enum ecert_rc read_hole(int fd, struct pdf_signature *v)
{
	size_t size = (size_t)(v->part[1].at - v->hole), n = 0;
	uint8_t *text = malloc(size);
	enum ecert_rc rc = text ? pdf_read_at(fd, v->hole, text, size, &n) : ECERT_E_MEMORY;

	if (rc == ECERT_OK && (n != size || size < 2 || text[0] != '<' || text[size - 1] != '>' ||
				  memchr(text, '>', size) != text + size - 1 ||
				  !pdf_string_get(rd_of(text, size), &v->contents)))
		wrong(v,
		    MSG_ID("what it leaves out is not exactly one string of hexadecimal digits"));
	if (rc == ECERT_OK && !v->defect)
		rc = buf_rc(&v->contents);
	free(text);
	return rc;
}

/* The bytes around the hole, in whose place "<>" stands: `hole` of them are before it. */
struct around {
	struct buf text;
	uint64_t from; /* where they are in the file */
	size_t hole;
};

static enum ecert_rc append(int fd, uint64_t at, size_t size, struct buf *out)
{
	uint8_t *room = size ? buf_room(out, size) : NULL;
	size_t n = 0, before;
	enum ecert_rc rc;

	if (!size)
		return ECERT_OK;
	if (!room)
		return buf_rc(out);
	before = buf_len(out) - size;
	rc = pdf_read_at(fd, at, room, size, &n);
	if (rc == ECERT_OK)
		buf_truncate(out, before + n);
	return rc;
}

static enum ecert_rc read_around(int fd, const struct pdf_signature *v, struct around *a)
{
	uint64_t hole = v->hole, behind = v->part[1].at;
	size_t before = hole < AROUND ? (size_t)hole : AROUND;
	size_t after = v->part[1].n < AROUND ? (size_t)v->part[1].n : AROUND;
	enum ecert_rc rc;

	buf_init(&a->text, 3 * AROUND);
	a->from = hole - before;
	a->hole = before;
	rc = append(fd, a->from, before, &a->text);
	if (rc == ECERT_OK) {
		buf_str(&a->text, "<>");
		rc = append(fd, behind, after, &a->text);
	}
	return rc == ECERT_OK ? buf_rc(&a->text) : rc;
}

/* Where the key is in these bytes; NULL: elsewhere. */
static const uint8_t *place_of(const struct around *a, const struct pdf_signature *v)
{
	struct rd r = buf_view(&a->text);
	uint64_t at;

	if (v->at < a->from || (v->at >= v->hole && v->at < v->part[1].at))
		return NULL;
	at = v->at < v->hole ? v->at - a->from : a->hole + 2 + (v->at - v->part[1].at);
	return at < r.n ? r.p + at : NULL;
}

/* From the nearest "obj" before it on that begins an object with such a dictionary: the word may
 * stand in a string, too, but not in many. */
static bool read_dict(struct rd r, const uint8_t *key, struct pdf_dict *d)
{
	const uint8_t *p = key;
	int tries = 0;

	while (p - r.p > 3 && tries < TRIES) {
		p--;
		if (memcmp(p, "obj", 3) != 0 || p[-1] == 'd')
			continue;
		tries++;
		if (pdf_dict_at(rd_of(p + 3, r.n - (size_t)(p + 3 - r.p)), key, d))
			return true;
	}
	return false;
}

/* /Cert: a string, or an array of them. */
static void read_certs(struct rd written, struct pdf_signature *v)
{
	bool list = written.n && *written.p == '[', good = true;

	if (list)
		written = rd_of(written.p + 1, written.n - 1);
	while (good && (written = pdf_skip(written)).n && *written.p != ']') {
		size_t n = pdf_value_size(written);

		good = n && pdf_string_get(rd_of(written.p, n), &v->certs);
		written = rd_of(written.p + n, written.n - n);
	}
	if (!good || buf_rc(&v->certs) != ECERT_OK)
		buf_reset(&v->certs);
}

static void read_words(const struct pdf_dict *d, struct pdf_signature *v, bool *doubled)
{
	struct rd reference = pdf_dict_get(d, "Reference", doubled);

	pdf_name_get(pdf_dict_get(d, "SubFilter", doubled), v->subfilter, sizeof v->subfilter);
	pdf_text_get(pdf_dict_get(d, "Reason", doubled), v->reason_given, sizeof v->reason_given);
	pdf_text_get(pdf_dict_get(d, "Location", doubled), v->place, sizeof v->place);
	pdf_text_get(pdf_dict_get(d, "ContactInfo", doubled), v->contact, sizeof v->contact);
	pdf_text_get(pdf_dict_get(d, "Name", doubled), v->name, sizeof v->name);
	v->claimed = pdf_date_get(pdf_dict_get(d, "M", doubled));
	/* ISO 32000-1, 12.8.2.3: what the maker of the form allows, and nobody's signature. */
	v->usage_rights = rd_contains(reference, "/UR3") || rd_contains(reference, "/UR ");
	read_certs(pdf_dict_get(d, "Cert", doubled), v);
}

static void read_fields(const struct around *a, struct pdf_signature *v)
{
	struct rd r = buf_view(&a->text), contents;
	const uint8_t *key = place_of(a, v);
	struct pdf_dict d = {.n = 0};
	bool doubled = false;

	if (!key || !read_dict(r, key, &d)) {
		wrong(v, MSG_ID("no dictionary that can be read is around its /ByteRange and what "
				"it leaves out"));
		return;
	}
	contents = pdf_dict_get(&d, "Contents", &doubled);
	(void)pdf_dict_get(&d, "ByteRange", &doubled);
	read_words(&d, v, &doubled);
	if (doubled)
		wrong(v, MSG_ID("an entry is there twice, so that it says two things"));
	else if (contents.p != r.p + a->hole || contents.n != 2)
		wrong(v, MSG_ID("what it leaves out is not its /Contents"));
}

/* A PDF ends with this word (7.5.5); readers look for it in the last 1,024 bytes. */
static enum ecert_rc check_end(int fd, struct pdf_signature *v)
{
	uint8_t tail[1024];
	size_t size = v->end < sizeof tail ? (size_t)v->end : sizeof tail, n = 0;
	enum ecert_rc rc = pdf_read_at(fd, v->end - size, tail, size, &n);

	if (rc == ECERT_OK && !rd_contains(rd_of(tail, n), "%%EOF"))
		wrong(v, MSG_ID("what it covers does not end as a PDF ends"));
	return rc;
}

enum ecert_rc pdf_signature_read(int fd, struct pdf_signature *v)
{
	struct around a = {.from = 0};
	enum ecert_rc rc;

	if (v->defect)
		return ECERT_OK;
	rc = read_hole(fd, v);
	if (rc == ECERT_OK && !v->defect) {
		rc = read_around(fd, v, &a);
		if (rc == ECERT_OK)
			read_fields(&a, v);
		buf_free(&a.text);
		if (rc == ECERT_OK)
			rc = check_end(fd, v);
	}
	return rc;
}
