/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder: stands around a channel and writes what goes through it as text. */
#include "transport/record.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ecert/piv_const.h"
#include "transport/transport_priv.h"
#include "util/hex.h"
#include "util/fd.h"
#include "util/log.h"

#define LINE_BYTES_MAX (2 * CHANNEL_RESPONSE_MAX + 64)

struct recorder {
	const struct channel_ops *ops;
	void *impl;
	int fd;
	struct fd_mark mark;
	bool chaining;	 /* the last command was not the last of its chain */
	uint8_t head[3]; /* INS P1 P2 of the last command */
	bool hide;	 /* the answer is secret, in as many parts as it comes */
};

/* Instruction, and the key reference it must name to be secret (0: any). */
static const struct {
	uint8_t ins, p2;
} secret[] = {
    {.ins = ECERT_INS_VERIFY},
    {.ins = ECERT_INS_CHANGE_REFERENCE},
    {.ins = ECERT_INS_RESET_RETRY},
    {.ins = ECERT_INS_GENERAL_AUTHENTICATE, .p2 = ECERT_KEY_9B},
    {.ins = ECERT_INS_SET_MGM_KEY},
    {.ins = ECERT_INS_IMPORT},
};

/* Objects with a secret in them, as both commands begin: Printed Information may hold the
 * management key behind the PIN, and then there is the pairing code. */
static const uint8_t secret_object[][5] = {
    {0x5C, 0x03, 0x5F, 0xC1, 0x09},
    {0x5C, 0x03, 0x5F, 0xC1, 0x23},
};
#define OBJECT_LEN sizeof secret_object[0]

static bool is_secret_object(struct rd data)
{
	for (size_t i = 0; i < sizeof secret_object / OBJECT_LEN; i++)
		if (data.n >= OBJECT_LEN && memcmp(data.p, secret_object[i], OBJECT_LEN) == 0)
			return true;
	return false;
}

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
	if (command.p[1] == ECERT_INS_PUT_DATA &&
	    is_secret_object(rd_of(command.p + head, command.n - head)))
		*from = head + OBJECT_LEN;
	else if (is_secret)
		*from = head;
	else
		return;
	/* A length that lies hides the rest. */
	*to = lc <= command.n - head && lc >= *from - head ? head + lc : command.n;
}

/* A length in one to four bytes; its value does not matter, as the rest may be in the next block.
 */
static enum ecert_rc skip_length(struct rd *data)
{
	struct rd skipped;
	uint8_t len;
	enum ecert_rc rc = rd_u8(data, &len);

	return rc == ECERT_OK && len > 0x80 && len < 0x84 ? rd_take(data, len & 0x7F, &skipped)
							  : rc;
}

/* SP 800-73-5 part 2, 3.2.4: in the template 81 or 85 stands first or behind an empty 82. The rest
 * of a chained template is not there yet, so only the heads are looked at. 0: another form. What
 * follows the tag is left in *data. */
static uint8_t operand(struct rd *data)
{
	struct rd skipped;
	uint8_t tag, len;

	if (rd_u8(data, &tag) != ECERT_OK || tag != ECERT_TAG_AUTH || skip_length(data) != ECERT_OK)
		return 0;
	while (rd_u8(data, &tag) == ECERT_OK) {
		if (tag == ECERT_TAG_AUTH_EXPONENT || tag == ECERT_TAG_AUTH_CHALLENGE)
			return tag;
		if (rd_u8(data, &len) != ECERT_OK || len > 0x7F ||
		    rd_take(data, len, &skipped) != ECERT_OK)
			return 0;
	}
	return 0;
}

/* Keys of these kinds answer 81 with a signature and nothing else (SP 800-78-5, table 9, and the
 * extensions' numbers). */
static bool only_signs(uint8_t alg)
{
	static const uint8_t algs[] = {
	    ECERT_ALG_P256, ECERT_ALG_P384, ECERT_ALG_ED25519, ECERT_ALG_SECP256K1, ECERT_ALG_SM2};

	return memchr(algs, alg, sizeof algs);
}

/* RFC 8017, 9.2: what is signed begins 00 01 FF FF ... A ciphertext that does so by chance is one
 * in 2^80; PSS (9.1) looks like any ciphertext and is hidden with them. */
static bool is_padded_digest(struct rd block)
{
	static const uint8_t head[] = {0x00, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

	return block.n >= sizeof head && memcmp(block.p, head, sizeof head) == 0;
}

bool record_answer_is_secret(struct rd command)
{
	struct rd data;
	uint8_t ref, tag;
	size_t head;

	if (command.n < 6)
		return false;
	ref = command.p[3];
	head = command.p[4] == 0 && command.n > 7 ? 7 : 5;
	data = rd_of(command.p + head, command.n - head);
	if (command.p[1] != ECERT_INS_GENERAL_AUTHENTICATE)
		return command.p[1] == ECERT_INS_GET_DATA && is_secret_object(data);
	if (ref == ECERT_KEY_9B)
		return false;
	if (ref == 0x9D || (ref >= 0x82 && ref <= 0x95))
		return true;
	tag = operand(&data);
	if (tag == ECERT_TAG_AUTH_EXPONENT || only_signs(command.p[2]))
		return tag == ECERT_TAG_AUTH_EXPONENT;
	return tag != ECERT_TAG_AUTH_CHALLENGE || skip_length(&data) != ECERT_OK ||
	       !is_padded_digest(data);
}

/* Before each command; GET RESPONSE goes on with the answer of the one before, and the blocks of a
 * chain with its first, where the template begins. */
static void judge_answer(struct recorder *r, struct rd command)
{
	if (command.n < 4 || command.p[1] == ECERT_INS_GET_RESPONSE)
		return;
	if (!r->chaining || memcmp(command.p + 1, r->head, sizeof r->head) != 0)
		r->hide = record_answer_is_secret(command) || (r->chaining && r->hide);
	memcpy(r->head, command.p + 1, sizeof r->head);
	r->chaining = (command.p[0] & ECERT_CLA_CHAIN) != 0;
}

/* A line in one write, so that lines of several channels do not mix. */
static void put_line(struct recorder *r, struct buf *line)
{
	struct rd text;

	buf_u8(line, '\n');
	text = buf_view(line);
	/* Not into what the program has opened since under our number. */
	if (text.n > 0 &&
	    (!fd_is(r->fd, &r->mark) || write(r->fd, text.p, text.n) != (ssize_t)text.n))
		log_error("recorder: a line could not be written");
	buf_free(line);
}

static void put_remark(struct recorder *r, const char *what, const char *detail)
{
	struct buf line = BUF_INIT(LINE_BYTES_MAX);

	buf_str(&line, "# ");
	buf_str(&line, what);
	if (detail) {
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
	struct buf line = BUF_INIT(LINE_BYTES_MAX);

	if (rc == ECERT_OK && r->hide && len > 2) {
		buf_str(&line, "< ");
		buf_fill(&line, '*', 2 * (len - 2));
		hex_put(&line, rd_of(resp + len - 2, 2));
		put_line(r, &line);
	} else if (rc == ECERT_OK) {
		put_hex(r, "< ", rd_of(resp, len));
	} else {
		put_remark(r, "error", ecert_rc_name(rc));
	}
}

static enum ecert_rc begin(void *impl)
{
	struct recorder *r = impl;
	enum ecert_rc rc = impl_begin(r->ops, r->impl);

	put_remark(r, "begin", rc == ECERT_OK ? NULL : ecert_rc_name(rc));
	return rc;
}

static void end(void *impl)
{
	struct recorder *r = impl;

	impl_end(r->ops, r->impl);
	put_remark(r, "end", NULL);
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct recorder *r = impl;
	enum ecert_rc rc;

	put_command(r, command);
	judge_answer(r, command);
	rc = r->ops->transmit(r->impl, command, resp, cap, len);
	put_outcome(r, rc, resp, *len <= cap ? *len : 0);
	return rc;
}

static enum ecert_rc reset(void *impl)
{
	struct recorder *r = impl;
	enum ecert_rc rc = impl_reset(r->ops, r->impl);

	put_remark(r, "reset", rc == ECERT_OK ? NULL : ecert_rc_name(rc));
	return rc;
}

static struct pinpad pinpad(void *impl)
{
	struct recorder *r = impl;

	return r->ops->pinpad ? r->ops->pinpad(r->impl) : (struct pinpad){false, false};
}

static enum ecert_rc pinpad_transmit(
    void *impl, struct rd apdu_template, bool modify, uint8_t *resp, size_t cap, size_t *len)
{
	struct recorder *r = impl;
	enum ecert_rc rc;

	if (!r->ops->pinpad_transmit)
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

	impl_close(r->ops, r->impl, forked);
	fd_close(r->fd, &r->mark);
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

	if (!path || *path == '\0')
		return ECERT_OK;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd < 0) {
		log_error("recorder: %s cannot be opened", path);
		return ECERT_OK;
	}
	r = calloc(1, sizeof *r);
	if (!r) {
		(void)close(fd);
		return ECERT_E_MEMORY;
	}
	*r = (struct recorder){.ops = *ops, .impl = *impl, .fd = fd, .mark = fd_mark(fd)};
	put_remark(r, "connect", reader_name);
	put_hex(r, "# atr ", r->ops->atr(r->impl));
	*ops = &record_ops;
	*impl = r;
	return ECERT_OK;
}
