/* SPDX-License-Identifier: BSD-2-Clause */
/* A record as a line of JSON. */
#include <inttypes.h>
#include <stdio.h>

#include "journal/journal_file.h"
#include "util/clock.h"
#include "util/hex.h"

static void put_string(struct buf *b, const char *name, const char *s)
{
	char esc[8];

	buf_str(b, ",\"");
	buf_str(b, name);
	buf_str(b, "\":\"");
	for (; s && *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
			buf_u8(b, c);
		} else {
			(void)snprintf(esc, sizeof esc, "\\u%04x", c);
			buf_str(b, esc);
		}
	}
	buf_str(b, "\"");
}

static void put_number(struct buf *b, const char *name, uint64_t v)
{
	char text[32];

	(void)snprintf(text, sizeof text, "\":%" PRIu64, v);
	buf_str(b, ",\"");
	buf_str(b, name);
	buf_str(b, text);
}

static void put_hex(struct buf *b, const char *name, struct rd bytes)
{
	buf_str(b, ",\"");
	buf_str(b, name);
	buf_str(b, "\":\"");
	hex_put(b, bytes);
	buf_str(b, "\"");
}

static void put_time(struct buf *b)
{
	char text[64];
	struct timespec now = clock_now_exact();
	struct tm tm;

	(void)gmtime_r(&now.tv_sec, &tm);
	(void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000);
	put_string(b, "at", text);
}

static void put_counters(struct buf *b, struct rd pairs)
{
	char text[16];
	uint8_t ref;
	uint32_t n;

	buf_str(b, ",\"counters\":\"");
	for (const char *comma = ""; rd_u8(&pairs, &ref) == ECERT_OK; comma = ",") {
		if (rd_u32(&pairs, &n) != ECERT_OK)
			break;
		(void)snprintf(text, sizeof text, "%s%02X:%" PRIu32, comma, ref, n);
		buf_str(b, text);
	}
	buf_str(b, "\"");
}

static const char *const phases[] = {
    [JOURNAL_INTENT] = "intent", [JOURNAL_OUTCOME] = "outcome", [JOURNAL_EVENT] = "event"};

static void put_body(struct buf *b, uint64_t n, const struct journal_entry *e)
{
	char text[40];
	uint8_t hash[JOURNAL_HASH];

	(void)snprintf(text, sizeof text, "{\"n\":%" PRIu64, n);
	buf_str(b, text);
	put_time(b);
	put_string(b, "phase", phases[e->phase]);
	put_string(b, "what", e->what);
	if (e->phase == JOURNAL_OUTCOME) {
		put_number(b, "of", e->intent);
		put_string(b, "rc", ecert_rc_name(e->rc));
	}
	if (e->count > 0) {
		put_number(b, "count", e->count);
		put_string(b, "asked", e->asked);
		put_string(b, "rc", ecert_rc_name(e->rc));
	}
	put_string(b, "serial", e->serial);
	if (e->ref != 0)
		put_hex(b, "key", rd_of(&e->ref, 1));
	if (e->pid != 0) {
		put_number(b, "pid", (uint64_t)e->pid);
		put_number(b, "uid", (uint64_t)e->uid);
		put_string(b, "exe", e->exe);
	}
	if (e->unsure) {
		put_string(b, "unsure", e->unsure);
		put_string(b, "seen", e->seen);
	}
	if (e->hash.n > 0)
		put_hex(b, "hash", e->hash);
	if (e->input.n > 0) {
		journal_sha256(e->input, hash);
		put_hex(b, "input", rd_of(hash, sizeof hash));
	}
	if (e->counters.n > 0)
		put_counters(b, e->counters);
}

enum ecert_rc journal_line(
    const struct journal_head *head, const struct journal_entry *e, struct buf *b)
{
	uint8_t mac[JOURNAL_HASH];

	put_body(b, head->n + 1, e);
	put_hex(b, "prev", rd_of(head->last, JOURNAL_HASH));
	/* The closing quote of prev belongs to the tail that the MAC does not cover. */
	if (buf_rc(b) == ECERT_OK)
		buf_truncate(b, buf_len(b) - 1);
	journal_mac(head->key, buf_view(b), mac);
	buf_str(b, "\",\"mac\":\"");
	hex_put(b, rd_of(mac, sizeof mac));
	buf_str(b, "\"}\n");
	return buf_rc(b);
}
