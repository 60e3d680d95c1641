/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking for signatures in the bytes of a PDF of any size. */
#include "document/pdf/range.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/format.h"
#include "document/pdf/range_read.h"
#include "util/message.h"

#define CHUNK	     65536
#define WORD	     "/ByteRange"
#define WORD_N	     (sizeof WORD - 1)
#define NUMBERS	     256  /* bytes in which the four of them are */
#define LEFT_OUT_MAX 4096 /* words beyond those that are looked at */

static void wrong(struct pdf_signature *v, const char *defect)
{
	if (!v->defect) {
		v->defect = defect;
		v->reason = REASON_BYTE_RANGE;
	}
}

/* "[0 1000 9000 500]". */
static void read_numbers(int fd, uint64_t size, struct pdf_signature *v)
{
	uint8_t bytes[NUMBERS];
	uint64_t x[4] = {0};
	size_t n = 0;
	struct rd r;
	bool good = pdf_read_at(fd, v->at + WORD_N, bytes, sizeof bytes, &n) == ECERT_OK;

	r = pdf_skip(rd_of(bytes, n));
	good = good && r.n && *r.p == '[';
	r = good ? rd_of(r.p + 1, r.n - 1) : r;
	for (int i = 0; good && i < 4; i++) {
		r = pdf_skip(r);
		good = pdf_number(&r, &x[i]);
	}
	r = pdf_skip(r);
	good = good && r.n && *r.p == ']';
	if (!good) {
		wrong(v, MSG_ID("its /ByteRange is not two ranges of bytes"));
	} else if (x[0]) {
		wrong(v, MSG_ID("what is signed does not begin where the file begins"));
	} else if (x[2] > size || x[3] > size - x[2]) {
		wrong(v, MSG_ID("what is signed reaches beyond the end of the file, of which "
				"something is missing"));
	} else if (!x[1] || x[1] >= x[2] || x[2] - x[1] > PDF_HOLE_MAX || !x[3]) {
		wrong(v, MSG_ID("its two ranges leave no room for a signature between them"));
	} else {
		v->part[0] = (struct digest_part){0, x[1]};
		v->part[1] = (struct digest_part){x[2], x[3]};
		v->hole = x[1];
		v->end = x[2] + x[3];
	}
}

/* What stands behind the word: another range that cannot be read shall not be taken for text. */
static bool looks_meant(struct rd behind)
{
	struct rd next = pdf_skip(behind);

	return next.n && *next.p && strchr("[0123456789", *next.p);
}

/* Out of the bytes at hand where they suffice: a file may be full of such words. */
static bool is_meant(int fd, uint64_t at, struct rd behind)
{
	uint8_t bytes[NUMBERS];
	size_t n = 0;

	if (behind.n >= NUMBERS)
		return looks_meant(rd_of(behind.p, NUMBERS));
	return pdf_read_at(fd, at + WORD_N, bytes, sizeof bytes, &n) == ECERT_OK &&
	       looks_meant(rd_of(bytes, n));
}

/* Its numbers, and a string in their gap: files that are attached have signatures of their own,
 * whose numbers are about other files. */
static bool fits(int fd, uint64_t at, uint64_t size)
{
	struct pdf_signature v = {.at = at};
	uint8_t edge[2] = {0};
	size_t n = 0, m = 0;

	read_numbers(fd, size, &v);
	return !v.defect && pdf_read_at(fd, v.hole, edge, 1, &n) == ECERT_OK &&
	       pdf_read_at(fd, v.part[1].at - 1, edge + 1, 1, &m) == ECERT_OK && n && m &&
	       edge[0] == '<' && edge[1] == '>';
}

/* When there are many, those that fit take the place of those that do not. */
static void take(int fd, uint64_t at, struct rd behind, struct pdf_signatures *s)
{
	size_t i = s->n;

	if (!is_meant(fd, at, behind))
		return;
	if (s->n < PDF_SIGNATURES_MAX) {
		s->v[s->n++].at = at;
		return;
	}
	s->left_out++;
	if (s->left_out > LEFT_OUT_MAX || !fits(fd, at, s->size)) {
		s->more = s->more || s->left_out > LEFT_OUT_MAX;
		return;
	}
	while (i > 0 && fits(fd, s->v[i - 1].at, s->size))
		i--;
	s->more = s->more || !i;
	if (i)
		s->v[i - 1].at = at;
}

/* Each place where the word stands. */
static enum ecert_rc scan(int fd, struct pdf_signatures *s)
{
	uint8_t *chunk = malloc(CHUNK + WORD_N);
	enum ecert_rc rc = chunk ? ECERT_OK : ECERT_E_MEMORY;
	uint64_t at = 0; /* of the chunk */
	size_t n = 0;

	while (rc == ECERT_OK && !s->more && at < s->size) {
		struct rd r;
		const uint8_t *hit;

		rc = pdf_read_at(fd, at, chunk, CHUNK + WORD_N - 1, &n);
		r = rd_of(chunk, n);
		/* One that begins behind CHUNK is found in the next one. */
		while (rc == ECERT_OK && (hit = memmem(r.p, r.n, WORD, WORD_N))) {
			if (hit < chunk + CHUNK)
				take(fd, at + (uint64_t)(hit - chunk),
				    rd_of(hit + WORD_N, (size_t)(r.p + r.n - hit) - WORD_N), s);
			r = rd_of(hit + 1, r.n - (size_t)(hit + 1 - r.p));
		}
		at += CHUNK;
	}
	free(chunk);
	return rc;
}

static int by_end(const void *a, const void *b)
{
	const struct pdf_signature *x = a, *y = b;

	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* What a later one covers has to hold all that an earlier one does: its hole is behind that. */
static void check_nesting(struct pdf_signatures *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = i + 1; k < s->n; k++) {
			struct pdf_signature *a = &s->v[i], *b = &s->v[k];

			if (!a->end || a->defect || b->hole >= a->end)
				continue;
			wrong(b, MSG_ID("what it leaves out is a part of what an earlier signature "
					"covers"));
			if (a->end == b->end)
				wrong(a, b->defect);
		}
}

enum ecert_rc pdf_signatures_find(int fd, struct pdf_signatures *s)
{
	struct stat st;
	enum ecert_rc rc;

	memset(s, 0, sizeof *s);
	for (size_t i = 0; i < PDF_SIGNATURES_MAX; i++) {
		buf_init(&s->v[i].contents, DOC_SIGNATURE_MAX);
		buf_init(&s->v[i].certs, 1u << 20);
	}
	if (fstat(fd, &st) != 0 || st.st_size < 0)
		return ECERT_E_IO;
	s->size = (uint64_t)st.st_size;
	rc = scan(fd, s);
	for (size_t i = 0; rc == ECERT_OK && i < s->n; i++) {
		read_numbers(fd, s->size, &s->v[i]);
		rc = pdf_signature_read(fd, &s->v[i]);
	}
	if (rc == ECERT_OK) {
		qsort(s->v, s->n, sizeof s->v[0], by_end);
		check_nesting(s);
	}
	return rc;
}

void pdf_signatures_free(struct pdf_signatures *s)
{
	for (size_t i = 0; i < PDF_SIGNATURES_MAX; i++) {
		buf_free(&s->v[i].contents);
		buf_free(&s->v[i].certs);
	}
}

enum ecert_rc pdf_covers_all(int fd, const struct pdf_signatures *s, size_t i, bool *all)
{
	uint8_t tail[2];
	uint64_t end = s->v[i].end;
	size_t n = 0;
	enum ecert_rc rc = ECERT_OK;

	*all = end && end <= s->size && s->size - end <= sizeof tail;
	if (*all && end < s->size) {
		rc = pdf_read_at(fd, end, tail, sizeof tail, &n);
		*all = rc == ECERT_OK && ((n == 1 && (tail[0] == '\n' || tail[0] == '\r')) ||
					     (n == 2 && tail[0] == '\r' && tail[1] == '\n'));
	}
	return rc;
}
