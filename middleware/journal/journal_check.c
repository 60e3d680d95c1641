/* SPDX-License-Identifier: BSD-2-Clause */
/* What makes a journal's text right. */
#include "journal/journal_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/hex.h"
#include "util/message.h"

void journal_check_begin(
    struct journal_check *c, const struct journal_head *head, const uint8_t *first_key)
{
	*c = (struct journal_check){.r = {.chain_ok = true, .head_ok = true, .mac_ok = true}};
	c->r.head_known = head;
	c->r.mac_known = first_key;
	if (head)
		c->head = *head;
	if (first_key)
		memcpy(c->key, first_key, JOURNAL_HASH);
}

static bool spoil(struct journal_check *c, bool *what, const char *why)
{
	*what = false;
	if (c->r.bad == 0) {
		c->r.bad = c->r.records + 1;
		(void)snprintf(c->r.why, sizeof c->r.why, "%s", why);
	}
	return false;
}

static bool hex_is(const uint8_t *text, const uint8_t bytes[JOURNAL_HASH])
{
	char digits[2 * JOURNAL_HASH + 1];

	hex_str(rd_of(bytes, JOURNAL_HASH), digits);
	return memcmp(text, digits, 2 * JOURNAL_HASH) == 0;
}

bool journal_check_line(struct journal_check *c, struct rd line)
{
	const uint8_t *tail = line.p + line.n - JOURNAL_TAIL;
	uint8_t mac[JOURNAL_HASH];
	char number[40];

	if (line.p[line.n - 1] != '\n')
		return spoil(c, &c->r.chain_ok, MSG_ID("the last record has no end"));
	(void)snprintf(number, sizeof number, "{\"n\":%" PRIu64 ",", c->r.records + 1);
	if (line.n < JOURNAL_TAIL + strlen(number) || line.n > JOURNAL_LINE_MAX ||
	    memcmp(line.p, number, strlen(number)) != 0 || memcmp(tail, ",\"prev\":\"", 9) != 0 ||
	    memcmp(tail + 73, "\",\"mac\":\"", 9) != 0 || memcmp(tail + 146, "\"}\n", 3) != 0)
		return spoil(c, &c->r.chain_ok, MSG_ID("not a record, or not the next one"));
	if (!hex_is(tail + 9, c->last))
		return spoil(
		    c, &c->r.chain_ok, MSG_ID("the record before it is not the one it names"));
	if (c->r.mac_known) {
		journal_mac(c->key, rd_of(line.p, line.n - JOURNAL_TAIL + 73), mac);
		if (!hex_is(tail + 82, mac))
			return spoil(c, &c->r.mac_ok, MSG_ID("its authentication code is wrong"));
		journal_key_next(c->key);
	}
	journal_sha256(line, c->last);
	c->r.records++;
	if (c->r.head_known && c->r.records == c->head.n)
		c->head_met = memcmp(c->last, c->head.last, JOURNAL_HASH) == 0;
	return true;
}

bool journal_check_text(struct journal_check *c, struct rd text)
{
	while (text.n > 0) {
		const uint8_t *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) + 1 : text.n;

		if (!journal_check_line(c, rd_of(text.p, n)))
			return false;
		text.p += n;
		text.n -= n;
	}
	return true;
}

enum ecert_rc journal_check_end(struct journal_check *c)
{
	struct journal_report *r = &c->r;

	if (r->chain_ok && r->mac_ok && r->head_known && c->head.n > 0 && !c->head_met)
		(void)spoil(c, &r->head_ok,
		    r->records < c->head.n
			? MSG_ID("records are missing at the end")
			: MSG_ID("the last record is not the one that was written"));
	memcpy(r->head, c->last, JOURNAL_HASH);
	return r->chain_ok && r->mac_ok && r->head_ok ? ECERT_OK : ECERT_E_BAD_SIGNATURE;
}
