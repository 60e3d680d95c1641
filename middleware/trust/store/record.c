/* SPDX-License-Identifier: BSD-2-Clause */
/* The record of a folder's changes. */
#include "trust/store/record.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/cert.h"
#include "document/json.h"
#include "trust/store/folder.h"
#include "util/hex.h"
#include "util/text.h"

#define RECORD_MAX (4u << 20)
#define NOTHING	   "0000000000000000000000000000000000000000000000000000000000000000"

/* Where the lines are. */
struct reading {
	size_t n;	 /* lines */
	char last[65];	 /* the SHA-256 of the last one */
	size_t end_n;	 /* what the file of the end says */
	char at_end[65]; /* the SHA-256 of the line there, by the lines */
	char end[65];	 /* and by the file */
	bool good;
};

static enum ecert_rc next_line(struct reading *r, struct rd line)
{
	uint8_t digest[32];
	json_t *o = json_read(line, NULL);
	const char *before = json_string_value(json_object_get(o, "before"));
	enum ecert_rc rc = bytes_sha256(line, digest);

	r->good = r->good && before && strcmp(before, r->last) == 0;
	json_decref(o);
	if (rc != ECERT_OK)
		return rc;
	hex_str(rd_of(digest, sizeof digest), r->last);
	if (++r->n == r->end_n)
		memcpy(r->at_end, r->last, sizeof r->at_end);
	return ECERT_OK;
}

/* "LINES SHA256\n". */
static enum ecert_rc read_end(int dir, uid_t owner, struct reading *r, bool *there)
{
	struct buf b = BUF_INIT(256);
	char again[128] = "";
	enum ecert_rc rc = folder_read(dir, owner, RECORD_END, &b);
	struct rd t = buf_view(&b);

	*there = rc == ECERT_OK;
	if (rc == ECERT_OK && t.n > 65 && t.n < sizeof again) {
		memcpy(again, t.p, t.n);
		r->end_n = strtoul(again, NULL, 10);
		(void)snprintf(r->end, sizeof r->end, "%.64s", again + t.n - 65);
		(void)snprintf(again, sizeof again, "%zu %s\n", r->end_n, r->end);
	}
	r->good = rc == ECERT_OK && strlen(again) == t.n && memcmp(again, t.p, t.n) == 0;
	buf_free(&b);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc look(int dir, uid_t owner, struct reading *r, enum record_state *out)
{
	struct buf b = BUF_INIT(RECORD_MAX);
	bool end = false, there;
	enum ecert_rc rc;
	struct rd t;

	*r = (struct reading){.last = NOTHING};
	*out = RECORD_CUT;
	rc = read_end(dir, owner, r, &end);
	if (rc == ECERT_OK)
		rc = folder_read(dir, owner, RECORD_FILE, &b);
	there = rc == ECERT_OK;
	if (rc == ECERT_E_NOT_FOUND)
		rc = ECERT_OK;
	for (t = buf_view(&b); rc == ECERT_OK && t.n;) {
		const uint8_t *nl = memchr(t.p, '\n', t.n);
		size_t n = nl ? (size_t)(nl - t.p) + 1 : t.n;

		r->good = r->good && nl;
		rc = next_line(r, rd_of(t.p, n));
		t = rd_of(t.p + n, t.n - n);
	}
	buf_free(&b);
	/* A line behind the end is one whose writer was killed before he could say so. */
	if (!there && !end)
		*out = RECORD_NONE;
	else if (r->good && there && r->n >= r->end_n && strcmp(r->at_end, r->end) == 0)
		*out = RECORD_WHOLE;
	return rc;
}

enum ecert_rc record_look(int dir, uid_t owner, enum record_state *out, size_t *lines)
{
	struct reading r;
	enum ecert_rc rc = look(dir, owner, &r, out);

	*lines = r.n;
	return rc;
}

static bool take_deed(const json_t *line, json_t *to)
{
	const char *kind = json_string_value(json_object_get(line, "kind"));
	const char *sha256 = json_string_value(json_object_get(line, "sha256"));
	json_t *deed = json_object_get(line, "deed");
	char key[128];

	if (!kind || !sha256 || !deed)
		return true;
	(void)snprintf(key, sizeof key, "%s-%s", kind, sha256);
	return json_object_set(to, key, deed) == 0;
}

enum ecert_rc record_deeds(int dir, uid_t owner, json_t **out)
{
	struct buf b = BUF_INIT(RECORD_MAX);
	struct rd t = {NULL, 0};
	bool good = true;

	*out = json_object();
	if (folder_read(dir, owner, RECORD_FILE, &b) == ECERT_OK)
		t = buf_view(&b);
	while (*out && good && t.n) {
		const uint8_t *nl = memchr(t.p, '\n', t.n);
		size_t n = nl ? (size_t)(nl - t.p) + 1 : t.n;
		json_t *line = json_read(rd_of(t.p, n), NULL);

		good = take_deed(line, *out);
		json_decref(line);
		t = rd_of(t.p + n, t.n - n);
	}
	buf_free(&b);
	if (*out && good)
		return ECERT_OK;
	json_decref(*out);
	*out = NULL;
	return ECERT_E_MEMORY;
}

void record_user(char *out, size_t cap)
{
	const struct passwd *pw = getpwuid(getuid());
	const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;

	(void)snprintf(out, cap, "%s%s%s%s", pw ? pw->pw_name : "?", sudo ? " (sudo: " : "",
	    sudo ? sudo : "", sudo ? ")" : "");
	text_scrub(out);
}

static enum ecert_rc append(int dir, mode_t mode, struct rd line)
{
	int fd = openat(dir, RECORD_FILE,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
	bool good;

	if (fd < 0)
		return ECERT_E_IO;
	good = fchmod(fd, mode) == 0 && write(fd, line.p, line.n) == (ssize_t)line.n &&
	       fsync(fd) == 0;
	return close(fd) == 0 && good ? ECERT_OK : ECERT_E_IO;
}

enum ecert_rc record_add(int dir, uid_t owner, mode_t mode, time_t now, json_t *what)
{
	struct buf line = BUF_INIT(65536);
	enum record_state state;
	struct reading r;
	char by[128], end[128], at[32] = "";
	struct tm tm;
	char *text = NULL;
	enum ecert_rc rc = look(dir, owner, &r, &state);

	if (rc == ECERT_OK && state == RECORD_CUT)
		rc = ECERT_E_DATA;
	if (rc != ECERT_OK)
		return rc;
	record_user(by, sizeof by);
	if (gmtime_r(&now, &tm))
		(void)strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (json_object_set_new(what, "at", json_string(at)) ||
	    json_object_set_new(what, "by", json_string(by)) ||
	    json_object_set_new(what, "before", json_string(r.last)))
		return ECERT_E_MEMORY;
	text = json_dumps(what, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		return ECERT_E_MEMORY;
	buf_str(&line, text);
	buf_str(&line, "\n");
	free(text);
	rc = buf_rc(&line);
	if (rc == ECERT_OK)
		rc = next_line(&r, buf_view(&line));
	if (rc == ECERT_OK)
		rc = append(dir, mode, buf_view(&line));
	(void)snprintf(end, sizeof end, "%zu %s\n", r.n, r.last);
	if (rc == ECERT_OK)
		rc = folder_write(dir, RECORD_END, rd_of(end, strlen(end)), mode, false);
	buf_free(&line);
	return rc;
}
