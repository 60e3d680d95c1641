/* SPDX-License-Identifier: BSD-2-Clause */
/* One question to ecert-wall, and what its end means. */
#include "document/wall/ask.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "document/wall/pieces.h"
#include "document/wall/start.h"
#include "util/clock.h"

/* A reader that uses no time of the processor, and does not answer either, is not waited for. */
#define PATIENCE_MS (6 * WALL_SECONDS * 1000)
#define CHUNK	    65536
/* How the names of operations on PDFs begin. */
#define PDF_OPS "pdf-"

static enum ecert_rc put_request(const struct wall_question *q, struct buf *out)
{
	struct buf body = BUF_INIT(WALL_REQUEST_MAX);
	size_t n = strlen(q->op);
	enum ecert_rc rc;

	buf_u8(&body, (uint8_t)n);
	buf_put(&body, q->op, n);
	buf_rd(&body, q->request);
	buf_u32(out, (uint32_t)buf_len(&body));
	buf_rd(out, buf_view(&body));
	rc = buf_rc(&body) != ECERT_OK ? buf_rc(&body) : buf_rc(out);
	buf_free(&body);
	return rc;
}

/* A reader that is gone does not hear it; how it ended says why. */
static void send_all(int channel, struct rd r)
{
	while (r.n) {
		ssize_t n = send(channel, r.p, r.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		r = rd_of(r.p + n, r.n - (size_t)n);
	}
}

/* All that it says until it ends. False: it does not end, or says more than is listened to. */
static bool hear(int channel, struct buf *said)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	uint8_t room[CHUNK];

	for (;;) {
		int64_t now = clock_ms();
		ssize_t n = now < until ? wall_hear(channel, room, sizeof room, until - now) : -1;

		if (n <= 0)
			return !n;
		buf_put(said, room, (size_t)n);
		if (buf_rc(said) != ECERT_OK)
			return false;
	}
}

static enum wall_end of_code(uint8_t code)
{
	switch ((enum ecert_rc)code) {
	case ECERT_OK:
		return WALL_ANSWERED;
	case ECERT_E_MALFORMED:
		return WALL_MALFORMED;
	case ECERT_E_UNSUPPORTED:
		return WALL_UNSUPPORTED;
	case ECERT_E_TOO_LARGE:
		return WALL_TOO_LARGE;
	case ECERT_E_MEMORY:
		return WALL_OVER_MEMORY;
	default:
		return WALL_CRASHED;
	}
}

/* What it said, when it ended by itself. Errors: ECERT_E_INTERNAL. */
static enum ecert_rc read_answer(struct rd said, struct buf *out, enum wall_end *end)
{
	uint32_t n = 0;
	uint8_t code = 0;

	*end = WALL_CRASHED;
	if (rd_u32(&said, &n) != ECERT_OK || said.n != n || rd_u8(&said, &code) != ECERT_OK)
		return ECERT_OK;
	if (code == ECERT_E_INTERNAL)
		return ECERT_E_INTERNAL;
	*end = of_code(code);
	if (*end == WALL_ANSWERED)
		buf_rd(out, said);
	return buf_rc(out);
}

static enum ecert_rc read_code(const struct wall_pieces *p, enum wall_end *end)
{
	*end = WALL_CRASHED;
	if (!p->has_code)
		return ECERT_OK;
	if (p->code == ECERT_E_INTERNAL)
		return ECERT_E_INTERNAL;
	*end = of_code(p->code);
	return ECERT_OK;
}

/* One try: what was said, in one piece or in several. */
struct
try {
	const struct wall_question *q;
	struct buf said;
	struct wall_pieces pieces;
	bool heard, gone; /* gone: its reader ended with the gate, which is no doing of the file */
};

/* It had to be ended. */
static enum ecert_rc cut_off(const struct try *t, enum wall_end *end)
{
	bool large = t->pieces.large || buf_rc(&t->said) != ECERT_OK;

	*end = large ? WALL_TOO_LARGE : t->pieces.nonsense ? WALL_CRASHED : WALL_OVER_TIME;
	return t->pieces.rc;
}

static enum ecert_rc ended(
    struct try *t, enum wall_state state, int status, struct buf *out, enum wall_end *end)
{
	t->gone = state == WALL_GONE && !t->pieces.taken;
	if (state == WALL_GONE)
		return ECERT_E_NOT_FOUND;
	if (!t->heard || state == WALL_RUNNING ||
	    (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
		return cut_off(t, end);
	if (status < 0) {
		errno = -status;
		return ECERT_E_IO;
	}
	if (!WIFEXITED(status))
		return ECERT_OK;
	if (WEXITSTATUS(status))
		return ECERT_E_NOT_FOUND; /* it could not put its own limits up */
	return t->q->take ? read_code(&t->pieces, end) : read_answer(buf_view(&t->said), out, end);
}

static enum ecert_rc ask(struct try *t, struct rd request, struct buf *out, enum wall_end *end)
{
	const struct wall_question *q = t->q;
	struct wall_reader r;
	enum wall_state state;
	int status = 0;
	enum ecert_rc rc = wall_start(
	    !strncmp(q->op, PDF_OPS, sizeof PDF_OPS - 1) ? WALL_PDF : WALL_PLAIN, q->fd, q->fds,
	    &r);

	*end = WALL_CRASHED;
	if (rc != ECERT_OK)
		return rc;
	send_all(r.channel, request);
	t->heard = q->take ? wall_hear_pieces(r.channel, &t->pieces) : hear(r.channel, &t->said);
	state = wall_finish(&r, t->heard ? PATIENCE_MS : 0, &status);
	return ended(t, state, status, out, end);
}

enum ecert_rc wall_ask(const struct wall_question *q, struct buf *out, enum wall_end *end)
{
	struct buf request = BUF_INIT(WALL_REQUEST_MAX + 4);
	enum ecert_rc rc = put_request(q, &request);
	bool again = rc == ECERT_OK;

	*end = WALL_CRASHED;
	for (int i = 0; again && i < 2; i++) {
		struct try t = {q, BUF_INIT(WALL_ANSWER_MAX + 4), {.q = q}, false, false};

		rc = ask(&t, buf_view(&request), out, end);
		again = t.gone;
		buf_free(&t.said);
	}
	buf_free(&request);
	return rc;
}

/* A crash is the file's doing as long as nobody knows better. */
static const struct row {
	enum reason reason;
	const char *words;
} rows[WALL_END_COUNT] = {
    [WALL_ANSWERED] = {REASON_NONE, ""},
    [WALL_MALFORMED] = {REASON_FORMAT_BROKEN, MSG_ID("it breaks the rules of its own format")},
    [WALL_UNSUPPORTED] = {REASON_NOT_A_SIGNATURE, MSG_ID("it is of a kind that is not read here")},
    [WALL_TOO_LARGE] = {REASON_TOO_MUCH, MSG_ID("there is more in it than is looked at")},
    [WALL_OVER_MEMORY] = {REASON_TOO_MUCH, MSG_ID("reading it takes too much memory")},
    [WALL_OVER_TIME] = {REASON_TOO_MUCH, MSG_ID("reading it takes too long")},
    [WALL_CRASHED] = {REASON_FORMAT_BROKEN, MSG_ID("the reader broke down over it")},
};

enum reason wall_reason(enum wall_end end)
{
	return (unsigned)end < WALL_END_COUNT ? rows[end].reason : REASON_FORMAT_BROKEN;
}

const char *wall_words(enum wall_end end)
{
	return (unsigned)end < WALL_END_COUNT ? rows[end].words : "";
}
