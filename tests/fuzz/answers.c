/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of a card out of a fuzzer's input. */
#include "answers.h"

#include <string.h>
#include <zlib.h>

#include "ecert/piv_const.h"
#include "fuzz.h"

#define ANSWER_MAX 8192u

enum kind { WHOLE, DATA, OBJECT, CERT, GZIP, STATUS, FAILURE, LIE, KINDS };

struct answer {
	uint8_t p[ANSWER_MAX + 32];
	size_t n;
};

static void put(struct answer *a, const void *p, size_t n)
{
	if (n > ANSWER_MAX - a->n)
		n = ANSWER_MAX - a->n;
	if (n)
		memcpy(a->p + a->n, p, n);
	a->n += n;
}

static void put_head(struct answer *a, uint8_t tag, size_t n)
{
	const uint8_t head[] = {tag, 0x82, (uint8_t)(n >> 8), (uint8_t)n};

	put(a, head, sizeof head);
}

static void put_status(struct answer *a, uint16_t sw)
{
	a->p[a->n++] = (uint8_t)(sw >> 8);
	a->p[a->n++] = (uint8_t)sw;
}

/* RFC 1952 around what the input says, so that what comes after the inflater is reached. */
static size_t compress_gzip(struct rd in, uint8_t *out, size_t cap)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)in.p,
	    .avail_in = (uInt)in.n,
	    .next_out = out,
	    .avail_out = (uInt)cap};
	size_t n = 0;

	REQUIRE(deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 1, Z_DEFAULT_STRATEGY) == Z_OK);
	if (deflate(&z, Z_FINISH) == Z_STREAM_END)
		n = cap - z.avail_out;
	(void)deflateEnd(&z);
	return n;
}

/* 53 { 70 certificate, 71 CertInfo, FE } (SP 800-73-5 part 1, table 10). */
static void put_cert(struct answer *a, struct rd der, bool gzip)
{
	static uint8_t squeezed[ANSWER_MAX];
	const uint8_t tail[] = {0x71, 1, gzip, 0xFE, 0};

	if (gzip)
		der = rd_of(squeezed, compress_gzip(der, squeezed, sizeof squeezed / 2));
	put_head(a, ECERT_TAG_OBJECT, der.n + 4 + sizeof tail);
	put_head(a, 0x70, der.n);
	put(a, der.p, der.n);
	put(a, tail, sizeof tail);
	put_status(a, ECERT_SW_OK);
}

static enum ecert_rc failure(uint8_t which)
{
	static const enum ecert_rc failures[] = {
	    ECERT_E_CARD, ECERT_E_RESET, ECERT_E_REMOVED, ECERT_E_NO_SERVICE, ECERT_E_BUFFER};

	return failures[which % (sizeof failures / sizeof failures[0])];
}

static enum ecert_rc build(struct answer *a, uint8_t kind, struct rd in)
{
#define ROW(name, sw, text) sw,
	static const uint16_t status[] = {
	    ECERT_SW_ROWS(ROW) 0x63C2, 0x6982, 0x6F00, 0x6CFF, 0x6110};
#undef ROW
	uint8_t first = in.n ? in.p[0] : 0;

	switch (kind % KINDS) {
	case WHOLE:
	case LIE:
		put(a, in.p, in.n);
		break;
	case OBJECT:
		put_head(a, ECERT_TAG_OBJECT, in.n);
		/* fallthrough */
	case DATA:
		put(a, in.p, in.n);
		put_status(a, ECERT_SW_OK);
		break;
	case CERT:
	case GZIP:
		put_cert(a, in, kind % KINDS == GZIP);
		break;
	case STATUS:
		put_status(a, status[first % (sizeof status / sizeof status[0])]);
		break;
	default:
		return failure(first);
	}
	return ECERT_OK;
}

struct answers answers_of(struct rd script)
{
	return (struct answers){script, script};
}

enum ecert_rc answers_next(struct answers *a, uint8_t *resp, size_t cap, size_t *len)
{
	static struct answer answer;
	struct rd in;
	uint8_t kind;
	uint16_t n;
	enum ecert_rc rc;

	*len = 0;
	if (a->left.n < 3)
		a->left = a->all;
	if (rd_u8(&a->left, &kind) != ECERT_OK || rd_u16(&a->left, &n) != ECERT_OK)
		return ECERT_E_CARD;
	if (rd_take(&a->left, n, &in) != ECERT_OK)
		(void)!rd_take(&a->left, a->left.n, &in);
	answer.n = 0;
	rc = build(&answer, kind, in);
	if (answer.n)
		memcpy(resp, answer.p, answer.n < cap ? answer.n : cap);
	*len = kind % KINDS == LIE ? answer.n + (kind >> 3) * 4000u : answer.n;
	return rc;
}
