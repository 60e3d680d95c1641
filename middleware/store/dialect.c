/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the two databases have different words: all of it is here. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "store/store_priv.h"

static const struct {
	const char *ours, *postgresql;
} words[] = {{"INTEGER", "BIGINT"}, {"BLOB", "BYTEA"}, {"STRICT", ""}};

static bool letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t word(bool postgresql, const char *sql, struct buf *out)
{
	size_t n = 0;

	while (letter(sql[n]))
		n++;
	for (size_t i = 0; postgresql && i < sizeof words / sizeof words[0]; i++) {
		if (strlen(words[i].ours) != n || memcmp(words[i].ours, sql, n) != 0)
			continue;
		buf_str(out, words[i].postgresql);
		return n;
	}
	buf_put(out, sql, n);
	return n;
}

enum ecert_rc store_translate(bool postgresql, const char *sql, struct buf *out, size_t *places)
{
	char place[16] = "?";

	for (*places = 0; *sql;) {
		if (*sql == '\'') {
			const char *end = strchr(sql + 1, '\'');

			if (!end)
				return ECERT_E_ARG;
			buf_put(out, sql, (size_t)(end - sql) + 1);
			sql = end + 1;
		} else if (*sql == '?') {
			++*places;
			if (postgresql)
				(void)snprintf(place, sizeof place, "$%zu", *places);
			buf_str(out, place);
			sql++;
		} else if (letter(*sql)) {
			sql += word(postgresql, sql, out);
		} else {
			buf_u8(out, (uint8_t)*sql++);
		}
	}
	return buf_rc(out);
}

enum ecert_rc store_translate_keep(bool postgresql, const char *table, struct buf *out)
{
	static const char *const sqlite[] = {"CREATE TRIGGER ", "_keep BEFORE DELETE ON ",
	    " BEGIN SELECT RAISE(ABORT, '", ": nothing is ever deleted'); END; CREATE TRIGGER ",
	    "_fixed BEFORE UPDATE ON ", " BEGIN SELECT RAISE(ABORT, '",
	    ": nothing is ever changed'); END", NULL};
	static const char *const pg[] = {"CREATE FUNCTION ",
	    "_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '",
	    ": nothing is ever changed or deleted'; END $$; CREATE TRIGGER ",
	    "_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON ",
	    " FOR EACH STATEMENT EXECUTE FUNCTION ", "_kept()", NULL};
	const char *const *part = postgresql ? pg : sqlite;

	for (; *part; part++) {
		buf_str(out, *part);
		if (part[1])
			buf_str(out, table);
	}
	return buf_rc(out);
}
