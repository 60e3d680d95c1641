/* SPDX-License-Identifier: BSD-2-Clause */
/* A register as lines of JSON, out of one store and into another. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "document/json.h"
#include "registry/registry_priv.h"
#include "util/hex.h"

#define PAGE	 200
#define CELL_MAX (1u << 20)

/* {"n", "part", "hash", "row": [...]}: numbers, texts, and a blob as {"hex"}. */
static json_t *cell_json(const struct store_value *v)
{
	struct buf hex = BUF_INIT(2 * CELL_MAX);
	json_t *o;

	if (v->null)
		return json_null();
	if (v->type == STORE_INT)
		return json_integer(v->number);
	if (v->type == STORE_TEXT)
		return json_stringn((const char *)v->bytes.p, v->bytes.n);
	hex_put(&hex, v->bytes);
	buf_u8(&hex, 0);
	o = buf_rc(&hex) == ECERT_OK ? json_pack("{s:s}", "hex", (const char *)buf_view(&hex).p)
				     : NULL;
	buf_free(&hex);
	return o;
}

static enum ecert_rc line_of(
    struct registry *r, struct store_rows *entry, const struct part_row *p, char **out)
{
	struct store_value v = store_int(store_get_int(entry, 0));
	struct rd hash = store_get_blob(entry, 2);
	char hex[2 * REGISTRY_HASH + 1] = "";
	json_t *row = json_array(), *o;
	struct store_rows *rows;
	enum ecert_rc rc = store_query(r->store, p->select, &v, 1, &rows);

	if (rc == ECERT_OK)
		rc = store_next(rows);
	for (size_t i = 0; rc == ECERT_OK && i < p->n; i++) {
		rc = store_cell(rows, i, &v);
		if (rc == ECERT_OK && json_array_append_new(row, cell_json(&v)))
			rc = ECERT_E_MEMORY;
	}
	store_done(&rows);
	if (hash.n == REGISTRY_HASH)
		hex_str(hash, hex);
	o = json_pack("{s:I, s:s, s:s, s:o}", "n", (json_int_t)store_get_int(entry, 0), "part",
	    p->name, "hash", hex, "row", row);
	*out = rc == ECERT_OK && o ? json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
	json_decref(o);
	return rc == ECERT_E_NOT_FOUND ? ECERT_E_MALFORMED
	       : rc != ECERT_OK	       ? rc
	       : *out		       ? ECERT_OK
				       : ECERT_E_MEMORY;
}

enum ecert_rc registry_export(
    struct registry *r, enum ecert_rc (*fn)(void *ctx, const char *line), void *ctx)
{
	int64_t after = 0;
	size_t n = PAGE;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n == PAGE) {
		struct store_rows *rows;

		rc = STORE_QUERY(r->store, &rows,
		    "SELECT n, part, hash FROM chain WHERE n > ? ORDER BY n LIMIT ?",
		    store_int(after), store_int(PAGE));
		for (n = 0; rc == ECERT_OK; n++) {
			const struct part_row *p;
			enum part part;
			char *line = NULL;

			rc = store_next(rows);
			if (rc != ECERT_OK)
				break;
			after = store_get_int(rows, 0);
			p = registry_part(store_get_text(rows, 1), &part);
			rc = p ? line_of(r, rows, p, &line) : ECERT_E_MALFORMED;
			if (rc == ECERT_OK)
				rc = fn(ctx, line);
			free(line);
		}
		store_done(&rows);
		if (rc == ECERT_E_NOT_FOUND)
			rc = ECERT_OK;
	}
	return rc;
}

/* Room for all blobs of a row at once, so that none moves under a view of another. */
static bool room_for(const json_t *row, struct buf *blobs)
{
	const json_t *o;
	size_t i, n = 0;

	json_array_foreach(row, i, o)
	{
		n += json_string_length(json_object_get(o, "hex")) / 2;
	}
	if (n && !buf_room(blobs, n))
		return false;
	buf_truncate(blobs, 0);
	return true;
}

/* Texts stay o's; a blob goes into blobs, which has room for all of them. */
static bool cell_of(const json_t *o, struct buf *blobs, struct store_value *out)
{
	const char *hex = json_string_value(json_object_get(o, "hex"));
	size_t before = buf_len(blobs);

	if (json_is_null(o))
		*out = (struct store_value){.type = STORE_TEXT, .null = true};
	else if (json_is_integer(o))
		*out = store_int(json_integer_value(o));
	else if (json_is_string(o))
		*out = (struct store_value){.type = STORE_TEXT,
		    .bytes = rd_of(json_string_value(o), json_string_length(o))};
	else if (!hex || hex_get(rd_of(hex, strlen(hex)), blobs) != ECERT_OK)
		return false;
	else
		*out = (struct store_value){.type = STORE_BLOB,
		    .bytes = rd_of(buf_view(blobs).p + before, buf_len(blobs) - before)};
	return true;
}

static enum ecert_rc import_row(struct registry *r, const json_t *o)
{
	const json_t *row = json_object_get(o, "row");
	const char *hash = json_string_value(json_object_get(o, "hash"));
	struct store_value v[REGISTRY_COLUMNS] = {{.null = true}};
	struct buf blobs = BUF_INIT(CELL_MAX);
	char have[2 * REGISTRY_HASH + 1];
	enum part part = PART_COUNT;
	const struct part_row *p = registry_part(
	    json_string_value(json_object_get(o, "part")), &part);
	enum ecert_rc rc = p && hash && json_array_size(row) == p->n ? ECERT_OK : ECERT_E_MALFORMED;

	if (rc == ECERT_OK && !room_for(row, &blobs))
		rc = ECERT_E_MALFORMED;
	for (size_t i = 0; rc == ECERT_OK && i < p->n; i++)
		if (!cell_of(json_array_get(row, i), &blobs, &v[i]))
			rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK && (v[0].type != STORE_INT || v[0].number != r->n + 1))
		rc = registry_fail(r, r->n == 0 ? ECERT_E_MALFORMED : ECERT_E_EXISTS,
		    MSG("entry {n} was to follow here", P_NUMBER("n", r->n + 1)));
	if (rc == ECERT_OK)
		rc = registry_append(r, part, v, p->n);
	if (rc == ECERT_OK) {
		hex_str(rd_of(r->head, REGISTRY_HASH), have);
		if (strcmp(have, hash) != 0)
			rc = registry_fail(r, ECERT_E_BAD_SIGNATURE,
			    MSG("entry {n} is not as it was written", P_NUMBER("n", r->n)));
	}
	buf_free(&blobs);
	return rc;
}

enum ecert_rc registry_import_line(struct registry *r, struct rd line)
{
	json_t *o = json_read(line, NULL);
	enum ecert_rc rc = o ? import_row(r, o) : ECERT_E_MALFORMED;

	json_decref(o);
	if (rc == ECERT_E_MALFORMED && !r->why.n)
		return registry_fail(r, rc, MSG("this is no line of a register"));
	return rc;
}
