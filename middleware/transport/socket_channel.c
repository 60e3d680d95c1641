/* SPDX-License-Identifier: BSD-2-Clause */
/* A channel to the virtual token on a Unix socket. */
#include "transport/socket_priv.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transport/frame.h"
#include "util/clock.h"
#include "util/fd.h"

#define POWER_MS    4500
#define TURN_MS	    4500   /* waiting for the transaction */
#define EXCHANGE_MS 120000 /* generating an RSA key takes its time */
#define LONGEST_ATR 255

struct socket_channel {
	char path[FRAME_PATH_MAX];
	int fd;		     /* -1 after the connection was given up */
	struct fd_mark mark; /* of it */
	bool held;
	uint8_t atr[READER_ATR_MAX];
	size_t atr_len;
};

static enum ecert_rc send_control(int fd, enum frame_control control)
{
	uint8_t byte = (uint8_t)control;

	return frame_send(fd, rd_of(&byte, 1));
}

enum ecert_rc socket_read_atr(int fd, int timeout_ms, uint8_t atr[READER_ATR_MAX], size_t *len)
{
	struct timespec until = deadline_in(timeout_ms);
	uint8_t got[LONGEST_ATR];
	size_t n = 0;
	enum ecert_rc rc;

	*len = 0;
	rc = send_control(fd, FRAME_ATR);
	if (rc == ECERT_OK)
		rc = frame_recv(fd, &until, got, sizeof got, &n);
	if (rc != ECERT_OK)
		return rc;
	if (n == 0)
		return ECERT_E_MUTE;
	*len = n < READER_ATR_MAX ? n : READER_ATR_MAX;
	memcpy(atr, got, *len);
	return ECERT_OK;
}

static void give_up(struct socket_channel *c)
{
	if (c->fd >= 0)
		fd_close(c->fd, &c->mark);
	c->fd = -1;
	c->held = false;
}

/* The program may have closed it (closefrom(3)), and opened something else under its number. */
static bool is_there(struct socket_channel *c)
{
	if (c->fd >= 0 && !fd_is(c->fd, &c->mark))
		give_up(c);
	return c->fd >= 0;
}

static enum ecert_rc power_on(struct socket_channel *c)
{
	enum ecert_rc rc = frame_connect(c->path, &c->fd);

	c->mark = fd_mark(c->fd);
	if (rc == ECERT_OK)
		rc = send_control(c->fd, FRAME_POWER_ON);
	if (rc == ECERT_OK)
		rc = socket_read_atr(c->fd, POWER_MS, c->atr, &c->atr_len);
	if (rc != ECERT_OK)
		give_up(c);
	return rc;
}

/* A control that is answered by one byte. */
static enum ecert_rc ask(struct socket_channel *c, enum frame_control control, uint8_t *status)
{
	struct timespec until = deadline_in(TURN_MS);
	size_t n;
	enum ecert_rc rc = is_there(c) ? send_control(c->fd, control) : ECERT_E_REMOVED;

	if (rc == ECERT_OK)
		rc = frame_recv(c->fd, &until, status, 1, &n);
	if (rc == ECERT_OK && n != 1)
		rc = ECERT_E_CARD;
	if (rc != ECERT_OK)
		give_up(c);
	return rc;
}

/*
 * After a wait that was given up the connection is made anew, so that the transaction, should it
 * still come, is not left with nobody to end it; the card's state is unknown then.
 */
static enum ecert_rc begin(void *impl)
{
	struct socket_channel *c = impl;
	bool afresh = !is_there(c);
	uint8_t status = FRAME_HELD;
	enum ecert_rc rc = afresh ? power_on(c) : ECERT_OK;

	if (rc == ECERT_E_NO_CARD)
		return ECERT_E_REMOVED;
	if (rc == ECERT_OK)
		rc = ask(c, FRAME_BEGIN, &status);
	if (rc != ECERT_OK)
		return rc;
	c->held = true;
	return afresh || status == FRAME_HELD_AFTER_RESET ? ECERT_E_RESET : ECERT_OK;
}

static void end(void *impl)
{
	struct socket_channel *c = impl;
	uint8_t status;

	if (!c->held)
		return;
	c->held = false;
	/* A failure has closed the connection; the next exchange says so. */
	if (ask(c, FRAME_END, &status) != ECERT_OK)
		return;
}

static enum ecert_rc exchange(
    struct socket_channel *c, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct timespec until = deadline_in(EXCHANGE_MS);
	enum ecert_rc rc;

	if (!is_there(c))
		return ECERT_E_REMOVED;
	rc = frame_send(c->fd, command);
	if (rc == ECERT_E_TOO_LARGE)
		return rc;
	if (rc == ECERT_OK)
		rc = frame_recv(c->fd, &until, resp, cap, len);
	if (rc != ECERT_OK && rc != ECERT_E_BUFFER)
		give_up(c);
	return rc == ECERT_E_TIMEOUT ? ECERT_E_CARD : rc;
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct socket_channel *c = impl;
	enum ecert_rc rc;

	if (c->held)
		return exchange(c, command, resp, cap, len);
	rc = begin(c);
	if (rc == ECERT_OK)
		rc = exchange(c, command, resp, cap, len);
	end(c);
	return rc;
}

static enum ecert_rc reset(void *impl)
{
	struct socket_channel *c = impl;
	bool was_held = is_there(c) && c->held;
	enum ecert_rc rc = was_held ? ECERT_OK : begin(c);

	if (rc == ECERT_OK || rc == ECERT_E_RESET)
		rc = send_control(c->fd, FRAME_RESET);
	if (rc == ECERT_OK)
		rc = socket_read_atr(c->fd, POWER_MS, c->atr, &c->atr_len);
	if (rc != ECERT_OK)
		give_up(c);
	if (!was_held)
		end(c);
	return rc;
}

static struct rd atr(const void *impl)
{
	const struct socket_channel *c = impl;

	return rd_of(c->atr, c->atr_len);
}

static void close_channel(void *impl, bool forked)
{
	/* Closing a descriptor writes nothing: a child may, the parent's copy stays open. */
	(void)forked;
	give_up(impl);
	free(impl);
}

static const struct channel_ops socket_channel_ops = {
    .begin = begin,
    .end = end,
    .transmit = transmit,
    .reset = reset,
    .atr = atr,
    .close = close_channel,
};

enum ecert_rc socket_channel_open(const char *path, const struct channel_ops **ops, void **impl)
{
	struct socket_channel *c;
	enum ecert_rc rc;

	if (strlen(path) >= sizeof c->path)
		return ECERT_E_NO_READER;
	c = calloc(1, sizeof *c);
	if (!c)
		return ECERT_E_MEMORY;
	c->fd = -1;
	memcpy(c->path, path, strlen(path) + 1);
	rc = power_on(c);
	if (rc != ECERT_OK) {
		free(c);
		return rc == ECERT_E_REMOVED ? ECERT_E_NO_CARD : rc;
	}
	*ops = &socket_channel_ops;
	*impl = c;
	return ECERT_OK;
}
