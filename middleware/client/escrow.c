/* SPDX-License-Identifier: BSD-2-Clause */
/* The escrow file and management keys. */
#include "client/escrow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/outfile.h"
#include "document/json.h"
#include "util/buf.h"
#include "util/hex.h"
#include "util/mem.h"

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
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
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

/* What jansson needs while it reads an escrow, its lexer's buffers included, which it frees as they
 * are: one locked piece, wiped in the end. Several times what any escrow takes; a text that needs
 * more is none. */
#define ARENA_SIZE ((size_t)256 * 1024)
#define ARENA_STEP 16
static struct {
	uint8_t *v;
	size_t used;
} arena;

static void *arena_alloc(size_t n)
{
	void *p = arena.v + arena.used;

	n = n > ARENA_SIZE ? n : (n + ARENA_STEP - 1) / ARENA_STEP * ARENA_STEP;
	if (n > ARENA_SIZE - arena.used)
		return NULL;
	arena.used += n;
	return p;
}

static void arena_free(void *p)
{
	(void)p; /* all at once */
}

static bool fetch(const json_t *o, const char *name, char *out, size_t cap)
{
	const json_t *v = json_object_get(o, name);
	size_t n = json_string_length(v);
	bool good = json_is_string(v) && n < cap;

	if (good)
		memcpy(out, json_string_value(v), n + 1);
	return good;
}

static enum ecert_rc decode(const json_t *o, struct escrow *e)
{
	char format[32] = "", hex[2 * sizeof e->mgm.v + 1] = "";
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (json_is_object(o) && fetch(o, "format", format, sizeof format) &&
	    !strcmp(format, ESCROW_FORMAT) && fetch(o, "management_key", hex, sizeof hex)) {
		(void)fetch(o, "token_serial", e->serial, sizeof e->serial);
		(void)fetch(o, "token_label", e->label, sizeof e->label);
		(void)fetch(o, "pin", e->pin, sizeof e->pin);
		(void)fetch(o, "puk", e->puk, sizeof e->puk);
		rc = mgm_key_parse(rd_of(hex, strlen(hex)), &e->mgm);
		e->mgm.shrink = true;
	}
	mem_wipe(hex, sizeof hex);
	return rc;
}

static enum ecert_rc parse(struct rd text, struct escrow *out)
{
	json_malloc_t was_malloc;
	json_free_t was_free;
	json_t *o;
	void *pages;
	enum ecert_rc rc = secret_alloc(ARENA_SIZE, &pages);

	if (rc != ECERT_OK)
		return rc;
	arena.v = pages;
	arena.used = 0;
	json_get_alloc_funcs(&was_malloc, &was_free);
	json_set_alloc_funcs(arena_alloc, arena_free);
	text = json_trim(text);
	o = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	rc = o ? decode(o, out) : ECERT_E_MALFORMED;
	json_decref(o);
	json_set_alloc_funcs(was_malloc, was_free);
	secret_free(arena.v, ARENA_SIZE);
	arena.v = NULL;
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
