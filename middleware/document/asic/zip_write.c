/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a ZIP file (APPNOTE 4.3): local heads, bytes, and the directory behind them. */
#include "document/asic/zip_write.h"

#include <string.h>
#include <zlib.h>

#include "document/asic/questions.h"
#include "util/text.h"

#define LIMIT	UINT32_MAX
#define VERSION 20     /* 4.4.3.2 */
#define UTF8	0x0800 /* 4.4.4, bit 11 */

static void le16(struct buf *b, unsigned v)
{
	buf_u8(b, (uint8_t)v);
	buf_u8(b, (uint8_t)(v >> 8));
}

static void le32(struct buf *b, uint32_t v)
{
	le16(b, v & 0xFFFF);
	le16(b, v >> 16);
}

void zip_write_begin(struct zip_writer *w, asic_put_fn *put, void *ctx, time_t now)
{
	*w = (struct zip_writer){.put = put, .ctx = ctx, .now = now};
	buf_init(&w->directory, 64u << 20);
}

void zip_write_free(struct zip_writer *w)
{
	buf_free(&w->directory);
}

enum ecert_rc zip_write_bytes(struct zip_writer *w, struct rd part)
{
	if (part.n > LIMIT - w->at)
		return ECERT_E_TOO_LARGE;
	w->at += part.n;
	return part.n ? w->put(w->ctx, part) : ECERT_OK;
}

/* From the version on, which both heads have (4.3.7, 4.3.12); 4.4.6: MS-DOS time, of UTC here. */
static void put_common(
    const struct zip_writer *w, const char *name, uint32_t size, uint32_t crc, struct buf *b)
{
	struct tm t = {.tm_year = 80, .tm_mday = 1};
	struct rd text = rd_of(name, strlen(name));
	uint32_t cp;
	bool utf8 = true;

	(void)gmtime_r(&w->now, &t);
	if (t.tm_year < 80)
		t = (struct tm){.tm_year = 80, .tm_mday = 1};
	while (utf8 && text.n) {
		size_t n = text_char(text, &cp);

		utf8 = n > 0;
		text = rd_of(text.p + n, text.n - n);
	}
	le16(b, VERSION);
	le16(b, utf8 ? UTF8 : 0);
	le16(b, 0); /* stored */
	le16(b, (unsigned)(t.tm_hour << 11 | t.tm_min << 5 | t.tm_sec / 2));
	le16(b, (unsigned)((t.tm_year - 80) << 9 | (t.tm_mon + 1) << 5 | t.tm_mday));
	le32(b, crc);
	le32(b, size);
	le32(b, size);
	le16(b, (unsigned)strlen(name));
	le16(b, 0); /* no extra field */
}

enum ecert_rc zip_write_member(struct zip_writer *w, const char *name, uint64_t size, uint32_t crc)
{
	struct buf head = BUF_INIT(4096);
	uint64_t at = w->at;
	enum ecert_rc rc;

	if (size > LIMIT || strlen(name) > ZIP_NAME_MAX || w->members == UINT16_MAX)
		return ECERT_E_TOO_LARGE;
	buf_str(&head, "PK\x03\x04");
	put_common(w, name, (uint32_t)size, crc, &head);
	buf_str(&head, name);
	buf_str(&w->directory, "PK\x01\x02");
	le16(&w->directory, VERSION);
	put_common(w, name, (uint32_t)size, crc, &w->directory);
	le16(&w->directory, 0); /* comment */
	le16(&w->directory, 0); /* disk */
	le16(&w->directory, 0); /* attributes */
	le32(&w->directory, 0);
	le32(&w->directory, (uint32_t)at);
	buf_str(&w->directory, name);
	w->members++;
	rc = buf_rc(&head);
	if (rc == ECERT_OK)
		rc = zip_write_bytes(w, buf_view(&head));
	buf_free(&head);
	return rc;
}

enum ecert_rc zip_write_whole(struct zip_writer *w, const char *name, struct rd bytes)
{
	uint32_t crc = (uint32_t)crc32_z(0, bytes.p, bytes.n);
	enum ecert_rc rc = zip_write_member(w, name, bytes.n, crc);

	return rc == ECERT_OK ? zip_write_bytes(w, bytes) : rc;
}

/* 4.3.16 */
enum ecert_rc zip_write_end(struct zip_writer *w)
{
	struct buf end = BUF_INIT(64);
	uint64_t at = w->at;
	enum ecert_rc rc = buf_rc(&w->directory);

	buf_str(&end, "PK\x05\x06");
	le32(&end, 0); /* disks */
	le16(&end, w->members);
	le16(&end, w->members);
	le32(&end, (uint32_t)buf_len(&w->directory));
	le32(&end, (uint32_t)at);
	le16(&end, 0); /* comment */
	if (rc == ECERT_OK)
		rc = zip_write_bytes(w, buf_view(&w->directory));
	if (rc == ECERT_OK)
		rc = zip_write_bytes(w, buf_view(&end));
	buf_free(&end);
	return rc;
}
