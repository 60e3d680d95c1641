/* SPDX-License-Identifier: BSD-2-Clause */
/* The replayer: the format is in record.h. */
#include "transport/replay.h"

#include <ctype.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "transport/transport_priv.h"
#include "util/hex.h"
#include "util/log.h"

#define READER_NAME   "ecert recording (virtual)"
#define RECORDING_MAX (16u << 20)

struct exchange {
	struct rd command, response; /* as text */
	enum ecert_rc rc;	     /* of an exchange that failed */
	bool used;
};

struct replay {
	struct buf text;
	struct exchange *exchange;
	size_t n, at;
	bool any_order;
	int cancel_fd;
	uint8_t atr[READER_ATR_MAX];
	size_t atr_len;
	pthread_mutex_t lock; /* guards at, used and mismatches */
	size_t mismatches;
};

/* ---- reading the file ---- */

static enum ecert_rc load_recording(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char part[4096];
	ssize_t n = 0;

	if (fd < 0)
		return ECERT_E_IO;
	while ((n = read(fd, part, sizeof part)) > 0)
		buf_put(out, part, (size_t)n);
	(void)close(fd);
	return n < 0 ? ECERT_E_IO : buf_rc(out);
}

static struct rd take_line(struct rd *text)
{
	const uint8_t *end = text->n ? memchr(text->p, '\n', text->n) : NULL;
	size_t n = end ? (size_t)(end - text->p) : text->n;
	struct rd line = rd_of(text->p, n);

	text->p += end ? n + 1 : n;
	text->n -= end ? n + 1 : n;
	while (line.n > 0 && isspace(line.p[line.n - 1]))
		line.n--;
	return line;
}

/* Is it a line of this kind? Then *rest is what follows. */
static bool is_line(struct rd line, const char *kind, struct rd *rest)
{
	size_t n = strlen(kind);

	if (line.n < n || memcmp(line.p, kind, n) != 0)
		return false;
	*rest = rd_of(line.p + n, line.n - n);
	return true;
}

static enum ecert_rc rc_named(struct rd name)
{
	for (int rc = 1; rc < ECERT_RC_COUNT; rc++) {
		const char *is = ecert_rc_name((enum ecert_rc)rc);

		if (strlen(is) == name.n && memcmp(is, name.p, name.n) == 0)
			return (enum ecert_rc)rc;
	}
	return ECERT_E_CARD;
}

static void take_atr(struct replay *r, struct rd hex)
{
	struct buf bytes = BUF_INIT(READER_ATR_MAX);

	if (hex_get(hex, &bytes) == ECERT_OK) {
		r->atr_len = buf_len(&bytes);
		memcpy(r->atr, buf_view(&bytes).p, r->atr_len);
	}
	buf_free(&bytes);
}

static void parse_line(struct replay *r, struct rd line)
{
	struct exchange *last = r->n > 0 ? &r->exchange[r->n - 1] : NULL;
	struct rd rest;

	if (is_line(line, "> ", &rest)) {
		r->exchange[r->n++] = (struct exchange){.command = rest, .rc = ECERT_E_CARD};
	} else if (is_line(line, "< ", &rest) && last) {
		last->response = rest;
		last->rc = ECERT_OK;
	} else if (is_line(line, "# error ", &rest) && last) {
		last->rc = rc_named(rest);
	} else if (is_line(line, "# atr ", &rest) && rest.n > 0) {
		take_atr(r, rest);
	}
}

static size_t count_lines(struct rd text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

static enum ecert_rc parse(struct replay *r)
{
	struct rd text = buf_view(&r->text);

	r->exchange = calloc(count_lines(text), sizeof *r->exchange);
	if (!r->exchange)
		return ECERT_E_MEMORY;
	while (text.n > 0)
		parse_line(r, take_line(&text));
	return ECERT_OK;
}

/* ---- answering ---- */

/* Does the command fit the recorded text? "**" fits any byte. */
static bool fits(struct rd text, struct rd command)
{
	static const char digit[] = "0123456789abcdef";

	if (text.n != 2 * command.n)
		return false;
	for (size_t i = 0; i < command.n; i++) {
		const uint8_t *t = text.p + 2 * i;

		if (t[0] == '*' && t[1] == '*')
			continue;
		if (tolower(t[0]) != digit[command.p[i] >> 4] ||
		    tolower(t[1]) != digit[command.p[i] & 15])
			return false;
	}
	return true;
}

/* The first that fits and was not used yet, else the last that fits, else NULL. */
static struct exchange *look_up(struct replay *r, struct rd command)
{
	struct exchange *found = NULL;

	for (size_t i = 0; i < r->n; i++) {
		if (!fits(r->exchange[i].command, command))
			continue;
		found = &r->exchange[i];
		if (!found->used)
			return found;
	}
	return found;
}

static struct exchange *next_if(struct replay *r, struct rd command)
{
	if (r->at >= r->n || !fits(r->exchange[r->at].command, command))
		return NULL;
	return &r->exchange[r->at++];
}

static enum ecert_rc answer(const struct exchange *x, uint8_t *resp, size_t cap, size_t *len)
{
	struct buf bytes = BUF_INIT(CHANNEL_RESPONSE_MAX);
	enum ecert_rc rc = x->rc;

	if (rc == ECERT_OK)
		rc = hex_get(x->response, &bytes);
	if (rc == ECERT_OK && buf_len(&bytes) > cap)
		rc = ECERT_E_BUFFER;
	if (rc == ECERT_OK) {
		*len = buf_len(&bytes);
		if (*len > 0)
			memcpy(resp, buf_view(&bytes).p, *len);
	}
	buf_free(&bytes);
	return rc;
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct replay *r = impl;
	struct exchange *x;

	(void)pthread_mutex_lock(&r->lock);
	x = r->any_order ? look_up(r, command) : next_if(r, command);
	if (x)
		x->used = true;
	else
		r->mismatches++;
	(void)pthread_mutex_unlock(&r->lock);
	if (x)
		return answer(x, resp, cap, len);
	log_info("replay: exchange %zu: another command than recorded", r->at + 1);
	resp[0] = r->any_order ? 0x6D : 0x6F;
	resp[1] = 0x00;
	*len = 2;
	return ECERT_OK;
}

static struct rd atr(const void *impl)
{
	const struct replay *r = impl;

	return rd_of(r->atr, r->atr_len);
}

static const struct channel_ops channel_ops = {
    .transmit = transmit,
    .atr = atr,
};

/* ---- the source ---- */

static enum ecert_rc list(void *impl, struct reader_info *out, size_t cap, size_t *n)
{
	const struct replay *r = impl;

	if (cap == 0)
		return ECERT_OK;
	out[0] = (struct reader_info){
	    .name = READER_NAME, .present = true, .is_virtual = true, .atr_len = r->atr_len};
	memcpy(out[0].atr, r->atr, r->atr_len);
	*n = 1;
	return ECERT_OK;
}

static enum ecert_rc wait_change(void *impl, int timeout_ms)
{
	struct replay *r = impl;
	struct pollfd p = {.fd = r->cancel_fd, .events = POLLIN};
	uint64_t count;

	if (poll(&p, 1, timeout_ms < 0 ? -1 : timeout_ms) <= 0)
		return ECERT_E_TIMEOUT;
	return read(r->cancel_fd, &count, sizeof count) > 0 ? ECERT_E_CANCELLED : ECERT_E_TIMEOUT;
}

static void cancel(void *impl)
{
	const struct replay *r = impl;

	(void)eventfd_write(r->cancel_fd, 1);
}

static enum ecert_rc open_channel(
    void *impl, const char *reader_name, const struct channel_ops **ops, void **channel_impl)
{
	if (strcmp(reader_name, READER_NAME) != 0)
		return ECERT_E_NO_READER;
	*ops = &channel_ops;
	*channel_impl = impl;
	return ECERT_OK;
}

static void close_source(void *impl)
{
	struct replay *r = impl;

	if (r->cancel_fd >= 0)
		(void)close(r->cancel_fd);
	(void)pthread_mutex_destroy(&r->lock);
	buf_free(&r->text);
	free(r->exchange);
	free(r);
}

static const struct readers_ops replay_ops = {
    .list = list,
    .wait = wait_change,
    .cancel = cancel,
    .open = open_channel,
    .close = close_source,
    .is_virtual = true,
};

enum ecert_rc replay_source(
    const char *path, bool any_order, const struct readers_ops **ops, void **impl)
{
	struct replay *r = calloc(1, sizeof *r);
	enum ecert_rc rc;

	if (!r)
		return ECERT_E_MEMORY;
	buf_init(&r->text, RECORDING_MAX);
	r->any_order = any_order;
	(void)pthread_mutex_init(&r->lock, NULL);
	r->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rc = r->cancel_fd < 0 ? ECERT_E_MEMORY : load_recording(path, &r->text);
	if (rc == ECERT_OK)
		rc = parse(r);
	if (rc != ECERT_OK) {
		close_source(r);
		return rc;
	}
	*ops = &replay_ops;
	*impl = r;
	return ECERT_OK;
}

struct replay_report replay_report(const struct readers *r)
{
	struct replay *state = readers_impl(r, &replay_ops);
	struct replay_report report = {0, 0};

	if (!state)
		return report;
	(void)pthread_mutex_lock(&state->lock);
	report.mismatches = state->mismatches;
	for (size_t i = 0; i < state->n; i++)
		report.left += !state->exchange[i].used;
	(void)pthread_mutex_unlock(&state->lock);
	return report;
}
