/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of trays, sent and fetched piece by piece, so that none of them is ever whole in memory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk/answer.h"
#include "desk/desk.h"
#include "util/file.h"
#include "util/text.h"

/* ---- names ---- */

/* What a browser calls a file, as it may be called here: it has no way out of its folder, hides
 * from nobody and is no option; what may not be shown is '_'. False: nothing is left of it. */
static bool take_name(const char *said, char out[DESK_NAME + 1])
{
	struct rd t = rd_of(said, strlen(said));
	size_t n = 0;

	while (t.n) {
		uint32_t cp = 0;
		const size_t k = text_char(t, &cp);
		const bool good = k && text_shown(cp) && cp != '/' &&
				  (n || (cp != '.' && cp != '-'));

		if (n + (good ? k : 1) > DESK_NAME)
			break;
		if (good)
			memcpy(out + n, t.p, k);
		else
			out[n] = '_';
		n += good ? k : 1;
		t = rd_of(t.p + (k ? k : 1), t.n - (k ? k : 1));
	}
	out[n] = '\0';
	return n > 0;
}

/* Such a name, as it is asked for again. */
static bool is_name(const char *name)
{
	char again[DESK_NAME + 1];

	return take_name(name, again) && !strcmp(name, again);
}

/* Makes the file: "a (2).pdf" when there is an a.pdf. Its name into name. False: errno says why. */
static bool make_file(int folder, char name[DESK_NAME + 16])
{
	char stem[DESK_NAME + 1], tail[DESK_NAME + 1] = "";
	char *dot;

	text_copy(stem, sizeof stem, name);
	dot = strchr(stem, '.');
	if (dot) {
		text_copy(tail, sizeof tail, dot);
		*dot = '\0';
	}
	for (unsigned i = 1; i <= DESK_FILES; i++) {
		int fd;

		if (i > 1)
			(void)snprintf(name, DESK_NAME + 16, "%s (%u)%s", stem, i, tail);
		fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0) {
			(void)close(fd);
			return true;
		}
		if (errno != EEXIST)
			return false;
	}
	return false;
}

/* ---- one of them ---- */

/* The tray and the file that the query names, open; -1: a is the refusal. The lock is held. */
static int open_asked(
    struct desk *d, const struct http_request *q, int flags, struct tray **t, struct http_answer *a)
{
	struct buf name = BUF_INIT(DESK_NAME + 16);
	const int64_t anchor = answer_field(q->query, "anchor");
	const int64_t id = answer_field(q->query, "tray");
	const char *text = NULL;
	int fd = -1;

	*t = id > 0 && id <= INT_MAX ? tray_of(d, (int)id) : NULL;
	if (http_field(q->query, "name", &name) == ECERT_OK) {
		buf_u8(&name, 0);
		text = (const char *)buf_view(&name).p;
	}
	if (*t && text && is_name(text))
		fd = openat(anchor > 0 ? (*t)->anchors : (*t)->folder, text,
		    flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		http_refuse(a, 404, "not_found", "there is no such file");
	buf_free(&name);
	return fd;
}

/* The body goes behind what is there; the size that it has then, or -1. */
static int64_t append(int fd, struct rd body, int64_t at)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return -1;
	if (st.st_size != at) {
		errno = ESPIPE;
		return -1;
	}
	if (lseek(fd, at, SEEK_SET) == at && file_write_fd(fd, body))
		return at + (int64_t)body.n;
	if (ftruncate(fd, at) != 0)
		return -1;
	return -1;
}

/* The lock is held. */
static void put(struct desk *d, const struct http_request *q, struct http_answer *a)
{
	struct tray *t;
	const int64_t at = answer_field(q->query, "at");
	int fd = open_asked(d, q, O_WRONLY, &t, a);
	int64_t size;

	if (fd < 0)
		return;
	if (tray_is_worked_in(d, t)) {
		http_refuse(a, 409, "invalid_request", "it is being worked on");
	} else if (t->bytes + q->body.n > DESK_TRAY_N) {
		http_refuse(a, 413, "too_large", "these are more bytes than are taken at once");
	} else {
		size = append(fd, q->body, at);
		if (size >= 0)
			answer_json(a, 200, json_pack("{s:I}", "size", (json_int_t)size));
		else if (errno == ESPIPE)
			http_refuse(a, 409, "invalid_request", "this piece is not the next one");
		else
			http_refuse(a, 507, "no_room", strerror(errno));
		t->bytes += size >= 0 ? q->body.n : 0;
	}
	(void)close(fd);
}

/* The lock is held. */
static void get(struct desk *d, const struct http_request *q, struct http_answer *a)
{
	struct tray *t;
	const int64_t at = answer_field(q->query, "at");
	int fd = open_asked(d, q, O_RDONLY, &t, a);
	struct stat st;
	uint8_t *room;
	ssize_t n = -1;
	size_t want;

	if (fd < 0)
		return;
	if (at >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		want = at < st.st_size ? (size_t)(st.st_size - at) : 0;
		want = want < DESK_PIECE ? want : DESK_PIECE;
		room = buf_room(&a->body, want);
		n = want == 0 ? 0 : room ? pread(fd, room, want, at) : -1;
	}
	(void)close(fd);
	if (n < 0) {
		http_refuse(a, 500, "unreadable", "it cannot be read");
		return;
	}
	buf_truncate(&a->body, (size_t)n);
	a->status = 200;
	a->type = "application/octet-stream";
}

/* The lock is held. */
static void make(struct desk *d, const json_t *o, struct http_answer *a)
{
	struct tray *t = tray_of(d, answer_number(o, "tray"));
	const char *said = json_string_value(json_object_get(o, "name"));
	const bool anchor = json_is_true(json_object_get(o, "anchor"));
	char name[DESK_NAME + 16];

	if (!t || !said || !take_name(said, name)) {
		http_refuse(
		    a, 400, "invalid_request", "there is no such tray, or the name is none");
	} else if (tray_is_worked_in(d, t)) {
		http_refuse(a, 409, "invalid_request", "it is being worked on");
	} else if (t->files >= DESK_FILES) {
		http_refuse(a, 413, "too_many", "these are more files than are taken at once");
	} else if (!make_file(anchor ? t->anchors : t->folder, name)) {
		http_refuse(a, 507, "no_room", strerror(errno));
	} else {
		t->files++;
		answer_json(a, 201, json_pack("{s:s}", "name", name));
	}
}

/* ---- handlers ---- */

void answer_tray(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	struct tray *t;

	(void)q;
	(void)pthread_mutex_lock(&d->lock);
	t = tray_make(d);
	if (t)
		answer_json(a, 201, json_pack("{s:i}", "tray", t->id));
	else
		http_refuse(a, 507, "no_room", "there is no room for files");
	(void)pthread_mutex_unlock(&d->lock);
}

void answer_tray_file(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	json_t *o = answer_read(q->body, a);

	if (!o)
		return;
	(void)pthread_mutex_lock(&d->lock);
	make(d, o, a);
	(void)pthread_mutex_unlock(&d->lock);
	json_decref(o);
}

void answer_tray_put(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;

	(void)pthread_mutex_lock(&d->lock);
	put(d, q, a);
	(void)pthread_mutex_unlock(&d->lock);
}

void answer_tray_get(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;

	(void)pthread_mutex_lock(&d->lock);
	get(d, q, a);
	(void)pthread_mutex_unlock(&d->lock);
}

void answer_tray_forget(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	json_t *o = answer_read(q->body, a);
	struct tray *t;

	if (!o)
		return;
	(void)pthread_mutex_lock(&d->lock);
	t = tray_of(d, answer_number(o, "tray"));
	if (t && !tray_is_worked_in(d, t)) {
		tray_clear(t);
		answer_json(a, 200, json_pack("{s:b}", "forgotten", 1));
	} else {
		http_refuse(a, 409, "invalid_request", "there is none, or it is being worked on");
	}
	(void)pthread_mutex_unlock(&d->lock);
	json_decref(o);
}
