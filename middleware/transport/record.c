/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder: stands around a channel and writes what goes through it as text. */
#include "transport/record.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "transport/impl.h"
#include "util/hex.h"
#include "util/log.h"

#define LINE_BYTES_MAX (2 * CHANNEL_RESPONSE_MAX + 64)

struct recorder {
	const struct channel_ops *ops;
	void *impl;
	int fd;
};

/* Instruction, and the key reference it must name to be secret (0: any). */
static const struct {
	uint8_t ins, p2;
} secret[] = {
    {0x20, 0},	  /* VERIFY */
    {0x24, 0},	  /* CHANGE REFERENCE DATA */
    {0x2C, 0},	  /* RESET RETRY COUNTER */
    {0x87, 0x9B}, /* GENERAL AUTHENTICATE with the management key */
    {0xFF, 0},	  /* SET MANAGEMENT KEY */
    {0xFE, 0},	  /* IMPORT KEY */
};

void record_mask(struct rd command, size_t *from, size_t *to)
{
	bool is_secret = false;
	size_t lc, head = 5;

	*from = *to = 0;
	if (command.n < 6)
		return;
	for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++)
		if (command.p[1] == secret[i].ins &&
		    (secret[i].p2 == 0 || command.p[3] == secret[i].p2))
			is_secret = true;
	lc = command.p[4];
	if (lc == 0 && command.n > 7) {
		lc = (size_t)command.p[5] << 8 | command.p[6];
		head = 7;
	}
	if (!is_secret)
		return;
	*from = head;
	/* A length that lies hides the rest. */
	*to = lc <= command.n - head ? head + lc : command.n;
}

/* A line in one write, so that lines of several channels do not mix. */
static void put_line(struct recorder *r, struct buf *line)
{
	struct rd text;

	buf_u8(line, '\n');
	text = buf_view(line);
	if (text.n > 0 && write(r->fd, text.p, text.n) != (ssize_t)text.n)
		log_error("recorder: a line could not be written");
	buf_free(line);
}

static void put_remark(struct recorder *r, const char *what, const char *detail)
{
	struct buf line = BUF_INIT(LINE_BYTES_MAX);

	buf_str(&line, "# ");
	buf_str(&line, what);
	if (detail != NULL) {
		buf_u8(&line, ' ');
		buf_str(&line, detail);
	}
	put_line(r, &line);
}

static void put_command(struct recorder *r, struct rd command)
{
	struct buf line = BUF_INIT(LINE_BYTES_MAX);
	size_t from, to;

	record_mask(command, &from, &to);
	buf_str(&line, "> ");
	hex_put(&line, rd_of(command.p, from));
	buf_fill(&line, '*', 2 * (to - from));
	hex_put(&line, rd_of(command.p + to, command.n - to));
	put_line(r, &line);
}

static void put_hex(struct recorder *r, const char *what, struct rd bytes)
{
	struct buf line = BUF_INIT(LINE_BYTES_MAX);

	buf_str(&line, what);
	hex_put(&line, bytes);
	put_line(r, &line);
}

static void put_outcome(struct recorder *r, enum ecert_rc rc, const uint8_t *resp, size_t len)
{
	if (rc == ECERT_OK)
		put_hex(r, "< ", rd_of(resp, len));
	else
		put_remark(r, "error", ecert_rc_name(rc));
}

static enum ecert_rc begin(void *impl)
{
	struct recorder *r = impl;
	enum ecert_rc rc = r->ops->begin(r->impl);

	put_remark(r, "begin", rc == ECERT_OK ? NULL : ecert_rc_name(rc));
	return rc;
}

static void end(void *impl)
{
	struct recorder *r = impl;

	r->ops->end(r->impl);
	put_remark(r, "end", NULL);
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct recorder *r = impl;
	enum ecert_rc rc;

	put_command(r, command);
	rc = r->ops->transmit(r->impl, command, resp, cap, len);
	put_outcome(r, rc, resp, *len <= cap ? *len : 0);
	return rc;
}

static enum ecert_rc reset(void *impl)
{
	struct recorder *r = impl;
	enum ecert_rc rc = r->ops->reset(r->impl);

	put_remark(r, "reset", rc == ECERT_OK ? NULL : ecert_rc_name(rc));
	return rc;
}

static struct pinpad pinpad(void *impl)
{
	struct recorder *r = impl;

	return r->ops->pinpad != NULL ? r->ops->pinpad(r->impl) : (struct pinpad){false, false};
}

static enum ecert_rc pinpad_transmit(
    void *impl, struct rd apdu_template, bool modify, uint8_t *resp, size_t cap, size_t *len)
{
	struct recorder *r = impl;
	enum ecert_rc rc;

	if (r->ops->pinpad_transmit == NULL)
		return ECERT_E_UNSUPPORTED;
	put_remark(r, "pinpad", modify ? "modify" : "verify");
	put_command(r, apdu_template);
	rc = r->ops->pinpad_transmit(r->impl, apdu_template, modify, resp, cap, len);
	put_outcome(r, rc, resp, *len <= cap ? *len : 0);
	return rc;
}

static struct rd atr(const void *impl)
{
	const struct recorder *r = impl;

	return r->ops->atr(r->impl);
}

static void close_channel(void *impl, bool forked)
{
	struct recorder *r = impl;

	r->ops->close(r->impl, forked);
	(void)close(r->fd);
	free(r);
}

static const struct channel_ops record_ops = {
    .begin = begin,
    .end = end,
    .transmit = transmit,
    .reset = reset,
    .pinpad = pinpad,
    .pinpad_transmit = pinpad_transmit,
    .atr = atr,
    .close = close_channel,
};

enum ecert_rc record_wrap(const char *reader_name, const struct channel_ops **ops, void **impl)
{
	const char *path = secure_getenv("ECERT_RECORD");
	struct recorder *r;
	int fd;

	if (path == NULL || *path == '\0')
		return ECERT_OK;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd < 0) {
		log_error("recorder: %s cannot be opened", path);
		return ECERT_OK;
	}
	r = calloc(1, sizeof *r);
	if (r == NULL) {
		(void)close(fd);
		return ECERT_E_MEMORY;
	}
	*r = (struct recorder){*ops, *impl, fd};
	put_remark(r, "connect", reader_name);
	put_hex(r, "# atr ", r->ops->atr(r->impl));
	*ops = &record_ops;
	*impl = r;
	return ECERT_OK;
}
