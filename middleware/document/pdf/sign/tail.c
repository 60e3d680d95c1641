/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects, the signature's dictionary, and the cross-references in the form that the file has. */
#include "document/pdf/sign/tail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "document/pdf/sign/text.h"

#define TAIL_MAX     (128u << 20)
#define TABLE_REACH  9999999999u
#define RANGE_FORMAT "[0 %-20" PRIu64 " %-20" PRIu64 " %-20" PRIu64 "]"

/* Where an object begins. */
struct entry {
	uint32_t number;
	uint16_t generation;
	uint64_t at;
};

struct tail {
	const struct pdf_plan *p;
	const struct pdf_says *says;
	uint64_t base; /* where the tail begins in the file */
	struct entry *entry;
	size_t n;
	struct buf *out;
	size_t hole, hole_n;
	uint64_t end; /* of the whole file: 0 in the first round */
};

static uint64_t here(const struct tail *t)
{
	return t->base + buf_len(t->out);
}

static void begin_object(struct tail *t, uint32_t number, uint16_t generation)
{
	t->entry[t->n++] = (struct entry){number, generation, here(t)};
	pdf_put_number(t->out, number);
	buf_u8(t->out, ' ');
	pdf_put_number(t->out, generation);
	buf_str(t->out, " obj\n");
}

static void put_said(struct buf *out, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	buf_str(out, key);
	pdf_put_text(out, value);
}

/* EN 319 142-1, 5.3: the time is /M's, the name of the CMS inside is ETSI's; 5.4.3: a time stamp
 * says its time itself. */
static void put_signature(struct tail *t)
{
	uint64_t hole = t->base + t->hole - 1, rest = hole + t->hole_n + 2;
	char range[128];

	snprintf(range, sizeof range, RANGE_FORMAT, hole, rest, t->end ? t->end - rest : 0);
	begin_object(t, t->p->sig, 0);
	buf_str(t->out, "<< /Type ");
	buf_str(t->out, t->says->stamp ? "/DocTimeStamp" : "/Sig");
	buf_str(t->out, " /Filter /Adobe.PPKLite /SubFilter ");
	buf_str(t->out, t->says->stamp ? "/ETSI.RFC3161" : "/ETSI.CAdES.detached");
	buf_str(t->out, "\n/ByteRange ");
	buf_str(t->out, range);
	buf_str(t->out, "\n/Contents <");
	t->hole = buf_len(t->out);
	buf_fill(t->out, '0', t->hole_n);
	buf_str(t->out, ">");
	if (!t->says->stamp) {
		buf_str(t->out, "\n/M ");
		pdf_put_date(t->out, t->says->now);
	}
	put_said(t->out, "\n/Name ", t->says->name);
	put_said(t->out, "\n/Reason ", t->says->reason);
	put_said(t->out, "\n/Location ", t->says->place);
	put_said(t->out, "\n/ContactInfo ", t->says->contact);
	buf_str(t->out, t->p->extra.n ? "\n" : "");
	buf_rd(t->out, t->p->extra);
	buf_str(t->out, " >>\nendobj\n");
}

static int by_number(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* How many from the i-th on have numbers one after the other. */
static size_t run_of(const struct tail *t, size_t i)
{
	size_t n = 1;

	while (i + n < t->n && t->entry[i + n].number == t->entry[i].number + n)
		n++;
	return n;
}

static void put_trailer(struct tail *t)
{
	buf_str(t->out, "/Size ");
	pdf_put_number(t->out, t->p->size);
	buf_str(t->out, " /Prev ");
	pdf_put_number(t->out, t->p->startxref);
	buf_u8(t->out, ' ');
	buf_rd(t->out, t->p->trailer);
}

/* 7.5.4 */
static void put_table(struct tail *t)
{
	char line[32];

	buf_str(t->out, "xref\n");
	for (size_t i = 0; i < t->n; i++) {
		if (!i || t->entry[i].number != t->entry[i - 1].number + 1) {
			pdf_put_number(t->out, t->entry[i].number);
			buf_u8(t->out, ' ');
			pdf_put_number(t->out, run_of(t, i));
			buf_u8(t->out, '\n');
		}
		snprintf(line, sizeof line, "%010" PRIu64 " %05u n \n", t->entry[i].at,
		    (unsigned)t->entry[i].generation);
		buf_str(t->out, line);
	}
	buf_str(t->out, "trailer\n<< ");
	put_trailer(t);
	buf_str(t->out, " >>\n");
}

/* 7.5.8; it is an entry of itself. */
static void put_stream(struct tail *t)
{
	begin_object(t, t->p->xref, 0);
	qsort(t->entry, t->n, sizeof *t->entry, by_number);
	buf_str(t->out, "<< /Type /XRef /W [ 1 8 2 ] /Index [");
	for (size_t i = 0; i < t->n; i += run_of(t, i)) {
		buf_u8(t->out, ' ');
		pdf_put_number(t->out, t->entry[i].number);
		buf_u8(t->out, ' ');
		pdf_put_number(t->out, run_of(t, i));
	}
	buf_str(t->out, " ] /Length ");
	pdf_put_number(t->out, 11 * t->n);
	buf_u8(t->out, ' ');
	put_trailer(t);
	buf_str(t->out, " >>\nstream\n");
	for (size_t i = 0; i < t->n; i++) {
		buf_u8(t->out, 1);
		buf_u64(t->out, t->entry[i].at);
		buf_u16(t->out, t->entry[i].generation);
	}
	buf_str(t->out, "\nendstream\nendobj\n");
}

static void put_all(struct tail *t, bool line)
{
	uint64_t xref;

	t->n = 0;
	buf_str(t->out, line ? "\n" : "");
	for (size_t i = 0; i < t->p->n; i++) {
		begin_object(t, t->p->object[i].number, t->p->object[i].generation);
		buf_rd(t->out, t->p->object[i].text);
		buf_str(t->out, "\nendobj\n");
	}
	if (t->p->sig)
		put_signature(t);
	xref = here(t);
	qsort(t->entry, t->n, sizeof *t->entry, by_number);
	if (t->p->stream)
		put_stream(t);
	else
		put_table(t);
	buf_str(t->out, "startxref\n");
	pdf_put_number(t->out, xref);
	buf_str(t->out, "\n%%EOF\n");
}

enum ecert_rc pdf_tail_build(const struct pdf_plan *p, const struct pdf_says *s, uint64_t size,
    bool line, size_t room, struct pdf_tail *out)
{
	struct tail t = {
	    .p = p, .says = s, .base = size, .out = &out->bytes, .hole_n = p->sig ? 2 * room : 0};

	*out = (struct pdf_tail){.bytes = BUF_INIT(TAIL_MAX)};
	t.entry = calloc(p->n + 2, sizeof *t.entry);
	if (!t.entry)
		return ECERT_E_MEMORY;
	/* In the second round it is known where the hole is, and where everything ends. */
	put_all(&t, line);
	t.end = here(&t);
	buf_reset(&out->bytes);
	put_all(&t, line);
	free(t.entry);
	if (!p->stream && t.end > TABLE_REACH)
		return ECERT_E_TOO_LARGE;
	out->hole = t.hole;
	out->hole_n = t.hole_n;
	return buf_rc(&out->bytes);
}
