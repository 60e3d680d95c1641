/* SPDX-License-Identifier: BSD-2-Clause */
/* The escrow file and management keys. */
#include "client/escrow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/outfile.h"
#include "util/buf.h"
#include "util/hex.h"
#include "util/mem.h"
#include "util/member.h"

#define ESCROW_FORMAT "ecert-escrow-1"

enum ecert_rc escrow_new(struct escrow **out)
{
	void *page;
	enum ecert_rc rc = secret_alloc(sizeof **out, &page);

	*out = rc != ECERT_OK ? NULL : page;
	return rc;
}

void escrow_free(struct escrow **e)
{
	secret_free(*e, sizeof **e);
	*e = NULL;
}

/* A JSON string member; the values here need no escaping but for the label's quotes. */
static void member(struct buf *b, const char *name, const char *value, bool last)
{
	buf_str(b, "  \"");
	buf_str(b, name);
	buf_str(b, "\": \"");
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			buf_u8(b, '\\');
		buf_u8(b, (uint8_t)*value < 0x20 ? '?' : (uint8_t)*value);
	}
	buf_str(b, last ? "\"\n" : "\",\n");
}

static void compose(struct buf *b, const struct escrow *e)
{
	char hex[2 * sizeof e->mgm.v + 1], when[32];
	struct tm tm;

	gmtime_r(&e->created, &tm);
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	hex_str((struct rd){e->mgm.v, e->mgm.n}, hex);
	buf_str(b, "{\n");
	member(b, "format", ESCROW_FORMAT, false);
	member(b, "created", when, false);
	member(b, "token_serial", e->serial, false);
	member(b, "token_label", e->label, false);
	if (e->pin[0])
		member(b, "pin", e->pin, false);
	if (e->puk[0])
		member(b, "puk", e->puk, false);
	member(b, "about",
	    "management_key has 64 digits for AES-256; a token that takes AES-192 or 3DES uses the "
	    "first 48 of them, one that takes AES-128 the first 32",
	    false);
	if (e->type) {
		char part[2 * sizeof e->mgm.v + 1];

		hex_str((struct rd){e->mgm.v, e->used}, part);
		member(b, "management_key_type", e->type, false);
		if (e->used < e->mgm.n) /* for programs that want exactly these */
			member(b, "management_key_in_use", part, false);
		mem_wipe(part, sizeof part);
	}
	member(b, "management_key", hex, true);
	buf_str(b, "}\n");
	mem_wipe(hex, sizeof hex);
}

static enum ecert_rc put(
    const char *path, const struct escrow *e, enum ecert_rc (*out)(const char *, struct rd))
{
	struct buf b = BUF_INIT(4096);
	enum ecert_rc rc;

	compose(&b, e);
	rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = out(path, buf_view(&b));
	buf_free(&b);
	return rc;
}

enum ecert_rc escrow_write(const char *path, const struct escrow *e)
{
	return put(path, e, outfile_write_secret);
}

enum ecert_rc escrow_rewrite(const char *path, const struct escrow *e)
{
	/* What a link leads to is the file, and not the link. */
	char *real = realpath(path, NULL);
	enum ecert_rc rc = real ? put(real, e, outfile_replace_secret) : ECERT_E_IO;

	free(real);
	return rc;
}

/* A member that may be missing. One that is longer than any of ours is passed over, too. */
static enum ecert_rc fetch(struct rd text, const char *name, char *out, size_t cap)
{
	enum ecert_rc rc = member_text(text, name, out, cap);

	return rc == ECERT_E_MALFORMED ? rc : ECERT_OK;
}

static enum ecert_rc parse(struct rd text, struct escrow *e)
{
	char format[32] = "", hex[2 * sizeof e->mgm.v + 1] = "";
	enum ecert_rc rc = member_text(text, "format", format, sizeof format);

	if (rc != ECERT_OK || strcmp(format, ESCROW_FORMAT) ||
	    member_text(text, "management_key", hex, sizeof hex) != ECERT_OK)
		return ECERT_E_MALFORMED;
	rc = fetch(text, "token_serial", e->serial, sizeof e->serial);
	if (rc == ECERT_OK)
		rc = fetch(text, "token_label", e->label, sizeof e->label);
	if (rc == ECERT_OK)
		rc = fetch(text, "pin", e->pin, sizeof e->pin);
	if (rc == ECERT_OK)
		rc = fetch(text, "puk", e->puk, sizeof e->puk);
	if (rc == ECERT_OK)
		rc = mgm_key_parse(rd_of(hex, strlen(hex)), &e->mgm);
	e->mgm.shrink = true;
	mem_wipe(hex, sizeof hex);
	return rc;
}

enum ecert_rc escrow_parse(struct rd text, struct escrow **out)
{
	enum ecert_rc rc = escrow_new(out);

	if (rc == ECERT_OK)
		rc = parse(text, *out);
	if (rc != ECERT_OK)
		escrow_free(out);
	return rc;
}

enum ecert_rc escrow_read(const char *path, struct escrow **out)
{
	struct buf text = BUF_INIT(16384);
	enum ecert_rc rc = infile_read(path, &text);

	*out = NULL;
	if (rc == ECERT_OK)
		rc = escrow_parse(buf_view(&text), out);
	buf_free(&text);
	return rc;
}

enum ecert_rc mgm_key_text(const struct mgm_key *k, struct pin *out)
{
	char hex[2 * sizeof k->v + 1];
	enum ecert_rc rc;

	hex_str((struct rd){k->v, k->n}, hex);
	rc = pin_set(out, rd_of(hex, 2 * k->n));
	mem_wipe(hex, sizeof hex);
	return rc;
}
