/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a person trusts, as a folder of files. */
#include "trust/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/cert.h"
#include "document/json.h"
#include "trust/store/folder.h"
#include "util/hex.h"
#include "util/text.h"

/* As many as a set takes. */
#define STORE_MAX  1024
#define FILE_MAX_N (12u << 20)
/* "mark-issuer-", 64 digits, ".json". */
#define ENTRY_NAME 96

struct trust_store {
	int dir;
	uid_t owner;
	mode_t mode; /* of files */
};

static const char *const kinds[STORE_KINDS] = {[STORE_ANCHOR] = "anchor",
    [STORE_LIST] = "list",
    [STORE_ATTESTATION] = "attestation",
    [STORE_TSA] = "tsa",
    [STORE_MARK_ISSUER] = "mark-issuer"};

const char *store_kind_name(enum store_kind kind)
{
	return kinds[kind];
}

bool store_kind_by_name(const char *name, enum store_kind *out)
{
	for (size_t i = 0; i < STORE_KINDS; i++)
		if (strcmp(name, kinds[i]) == 0) {
			*out = (enum store_kind)i;
			return true;
		}
	return false;
}

enum ecert_rc trust_store_open(
    const char *path, uid_t owner, mode_t make, struct trust_store **out, const char **why)
{
	struct trust_store *s = calloc(1, sizeof *s);
	enum ecert_rc rc;

	*out = NULL;
	*why = NULL;
	if (!s)
		return ECERT_E_MEMORY;
	s->owner = owner;
	s->mode = make == 0755 ? 0644 : 0600;
	rc = folder_open(path, owner, make, &s->dir, why);
	if (rc != ECERT_OK)
		free(s);
	else
		*out = s;
	return rc;
}

void trust_store_close(struct trust_store **s)
{
	if (!*s)
		return;
	(void)close((*s)->dir);
	free(*s);
	*s = NULL;
}

static void file_name(const struct stored *e, char out[ENTRY_NAME])
{
	char hex[65];

	hex_str(rd_of(e->sha256, sizeof e->sha256), hex);
	(void)snprintf(out, ENTRY_NAME, "%s-%s.json", kinds[e->kind], hex);
}

/* Each file says what its name says, and its certificate is the one of both. */
static bool parse(
    const char *name, struct rd text, struct stored *e, struct buf *cert, json_t **doc)
{
	const json_t *o = *doc = json_read(text, NULL);
	const char *b64 = json_string_value(json_object_get(o, "certificate"));
	const char *list = json_string_value(json_object_get(o, "list"));
	char kind[16], again[ENTRY_NAME];

	*e = (struct stored){.kind = STORE_ANCHOR};
	if (!b64 || !json_shown(o, "kind", kind, sizeof kind) ||
	    !store_kind_by_name(kind, &e->kind) ||
	    !json_shown(o, "name", e->name, sizeof e->name) ||
	    !json_shown(o, "url", e->url, sizeof e->url) ||
	    !json_shown(o, "added", e->added, sizeof e->added) ||
	    !json_shown(o, "by", e->by, sizeof e->by) ||
	    b64_get(rd_of(b64, strlen(b64)), cert) != ECERT_OK ||
	    bytes_sha256(buf_view(cert), e->sha256) != ECERT_OK)
		return false;
	file_name(e, again);
	e->cert = buf_view(cert);
	if (list)
		e->list = rd_of(list, strlen(list));
	return strcmp(again, name) == 0 && (e->kind == STORE_LIST) == !!list;
}

/* The name of a file without ".json" is the record's key. */
static bool is_recorded(const json_t *deeds, const char *name)
{
	char key[ENTRY_NAME];
	const char *deed;

	text_copy(key, sizeof key, name);
	key[strcspn(key, ".")] = 0;
	deed = json_string_value(json_object_get(deeds, key));
	return deed && strcmp(deed, "added") == 0;
}

static enum ecert_rc one(struct trust_store *s, const char *name, const json_t *deeds,
    enum ecert_rc (*fn)(void *, const struct stored *), void *ctx)
{
	struct buf text = BUF_INIT(FILE_MAX_N), cert = BUF_INIT(65536);
	json_t *doc = NULL;
	struct stored e;
	enum ecert_rc rc = folder_read(s->dir, s->owner, name, &text);

	if (rc == ECERT_OK && !parse(name, buf_view(&text), &e, &cert, &doc)) {
		rc = ECERT_E_DATA;
	} else if (rc == ECERT_OK) {
		e.unrecorded = !is_recorded(deeds, name);
		rc = fn(ctx, &e);
	} else if (rc == ECERT_E_NOT_FOUND) {
		rc = ECERT_OK; /* somebody has just removed it */
	}
	json_decref(doc);
	buf_free(&text);
	buf_free(&cert);
	return rc;
}

static int is_entry(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && n > 5 && strcmp(d->d_name + n - 5, ".json") == 0;
}

enum ecert_rc trust_store_each(struct trust_store *s,
    enum ecert_rc (*fn)(void *ctx, const struct stored *e), void *ctx, char bad[256])
{
	struct dirent **all = NULL;
	int n = scandirat(s->dir, ".", &all, is_entry, alphasort);
	enum ecert_rc rc = n < 0 ? ECERT_E_IO : n > STORE_MAX ? ECERT_E_TOO_LARGE : ECERT_OK;
	json_t *deeds = NULL;

	bad[0] = 0;
	if (rc == ECERT_OK && n)
		rc = record_deeds(s->dir, s->owner, &deeds);
	for (int i = 0; i < n; i++) {
		if (rc == ECERT_OK) {
			rc = one(s, all[i]->d_name, deeds, fn, ctx);
			if (rc != ECERT_OK)
				text_copy(bad, 256, all[i]->d_name);
		}
		free(all[i]);
	}
	free(all);
	json_decref(deeds);
	return rc;
}

static json_t *described(const struct stored *e, const char *deed)
{
	char hex[65];

	hex_str(rd_of(e->sha256, sizeof e->sha256), hex);
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "deed", deed, "kind", kinds[e->kind], "name",
	    e->name, "url", e->url, "sha256", hex);
}

/* The record first: what is in force without a line about it must not be. */
static enum ecert_rc recorded(
    struct trust_store *s, const struct stored *e, const char *deed, time_t now, json_t **line)
{
	*line = described(e, deed);
	return *line ? record_add(s->dir, s->owner, s->mode, now, *line) : ECERT_E_MEMORY;
}

static enum ecert_rc save(
    struct trust_store *s, const char *name, const struct stored *e, const json_t *line)
{
	json_t *o = json_object();
	int n = (int)((e->cert.n + 2) / 3 * 4);
	char *text = malloc((size_t)n + 1), *dump = NULL;
	enum ecert_rc rc = ECERT_E_MEMORY;

	if (text && o && EVP_EncodeBlock((unsigned char *)text, e->cert.p, (int)e->cert.n) == n &&
	    !json_object_set_new(o, "kind", json_string(kinds[e->kind])) &&
	    !json_object_set_new(o, "name", json_string(e->name)) &&
	    !json_object_set_new(o, "url", json_string(e->url)) &&
	    !json_object_set(o, "added", json_object_get(line, "at")) &&
	    !json_object_set(o, "by", json_object_get(line, "by")) &&
	    !json_object_set_new(o, "certificate", json_string(text)) &&
	    (e->kind != STORE_LIST ||
		!json_object_set_new(o, "list", json_stringn((const char *)e->list.p, e->list.n))))
		dump = json_dumps(o, JSON_INDENT(2));
	if (dump)
		rc = folder_write(
		    s->dir, name, rd_of(dump, strlen(dump)), s->mode, e->kind != STORE_LIST);
	free(dump);
	free(text);
	json_decref(o);
	return rc;
}

enum ecert_rc trust_store_put(struct trust_store *s, const struct stored *e, time_t now)
{
	char name[ENTRY_NAME];
	json_t *line = NULL;
	enum ecert_rc rc = folder_lock(s->dir);

	file_name(e, name);
	if (rc == ECERT_OK && e->kind != STORE_LIST &&
	    faccessat(s->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		rc = ECERT_E_EXISTS;
	if (rc == ECERT_OK)
		rc = recorded(s, e, "added", now, &line);
	if (rc == ECERT_OK)
		rc = save(s, name, e, line);
	json_decref(line);
	folder_unlock(s->dir);
	return rc;
}

enum ecert_rc trust_store_drop(struct trust_store *s, const struct stored *e, time_t now)
{
	char name[ENTRY_NAME];
	json_t *line = NULL;
	enum ecert_rc rc = folder_lock(s->dir);

	file_name(e, name);
	if (rc == ECERT_OK && faccessat(s->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		rc = errno == ENOENT ? ECERT_E_NOT_FOUND : ECERT_E_IO;
	if (rc == ECERT_OK)
		rc = recorded(s, e, "removed", now, &line);
	if (rc == ECERT_OK && (unlinkat(s->dir, name, 0) != 0 || fsync(s->dir) != 0))
		rc = ECERT_E_IO;
	json_decref(line);
	folder_unlock(s->dir);
	return rc;
}

enum ecert_rc trust_store_record(struct trust_store *s, enum record_state *out, size_t *lines)
{
	return record_look(s->dir, s->owner, out, lines);
}
