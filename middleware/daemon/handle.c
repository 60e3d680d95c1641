/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of requests: what each needs, who carries it out, and what the journal says of it. */
#include <string.h>

#include "daemon/daemon.h"
#include "util/clock.h"
#include "ecert/piv_const.h"
#include "util/tlv.h"

/* A wrong PIN's delay up to here is waited out; a longer one is refused. */
#define PATIENCE_S 2

struct row {
	do_fn *fn;
	/* Asked before anything is recorded: a refusal changes nothing and fills no disk. */
	admit_fn *admit;
	bool token;    /* a card has to be there */
	bool attempt;  /* sends a PIN: delays apply */
	bool recorded; /* in the journal */
};

/* How each way of being served (include/ecert/ipc.h) is done. Permissions beyond these are each
 * function's first lines: a login of this very client. */
#define ROW_HERE(name)                                                                             \
	{                                                                                          \
		.fn = NULL                                                                         \
	}
#define ROW_NOBODY(name)                                                                           \
	{                                                                                          \
		.fn = NULL                                                                         \
	}
#define ROW_CARDLESS(name)                                                                         \
	{                                                                                          \
		.fn = do_##name                                                                    \
	}
#define ROW_READ(name)                                                                             \
	{                                                                                          \
		.fn = do_##name, .token = true                                                     \
	}
#define ROW_USE(name)                                                                              \
	{                                                                                          \
		.fn = do_##name, .admit = admit_##name, .token = true, .recorded = true            \
	}
#define ROW_WRITE(name)                                                                            \
	{                                                                                          \
		.fn = do_write, .admit = admit_write, .token = true, .recorded = true              \
	}
#define ROW_ATTEMPT(name)                                                                          \
	{                                                                                          \
		.fn = do_##name, .admit = admit_##name, .token = true, .attempt = true,            \
		.recorded = true                                                                   \
	}
#define ROW(TYPE, code, name, word, served, numbers, fields, answer)                               \
	[IPC_##TYPE] = ROW_##served(name),
static const struct row rows[IPC_TYPE_END] = {IPC_REQUESTS(ROW, IPC_NOTHING, IPC_NOTHING)};

static const char *const operations[] = {
    [TOKEN_SIGN] = "sign", [TOKEN_DECRYPT] = "decrypt", [TOKEN_DERIVE] = "derive"};

/* ---- the token in this reader: noted once, with its signature counters ---- */

static void put_counters(struct buf *out, struct rd status)
{
	struct tlv t;

	while (tlv_next(&status, &t) == ECERT_OK) {
		if (t.tag != ECERT_TAG_STATUS_KEY || t.value.n < ECERT_STATUS_KEY_LEN)
			continue;
		buf_u8(out, t.value.p[0]);
		buf_put(out, t.value.p + 6, 4);
	}
}

static enum ecert_rc note_counters(struct worker *w, const struct token_at *at)
{
	struct buf status = BUF_INIT(IPC_DATA_MAX), counters = BUF_INIT(256);
	struct journal_entry e = {
	    .phase = JOURNAL_EVENT, .what = "token", .serial = w->serial, .exe = ""};
	uint64_t number;
	enum ecert_rc rc;

	if (token_data_get(at, ECERT_OBJ_ECERT_STATUS, &status) == ECERT_OK)
		put_counters(&counters, buf_view(&status));
	e.counters = buf_view(&counters);
	rc = journal_append(w->daemon->journal, &e, &number);
	buf_free(&status);
	buf_free(&counters);
	return rc;
}

static enum ecert_rc note_token(struct worker *w, const struct job *j)
{
	struct token_at at = job_at(w, j);
	struct token_info info;
	uint32_t now = window_generation(w);
	enum ecert_rc rc;

	if (w->noted != 0 && w->noted == now)
		return ECERT_OK;
	at.generation = 0;
	rc = token_info(&at, &info);
	if (rc != ECERT_OK)
		return rc;
	memcpy(w->serial, info.serial_full, sizeof w->serial);
	w->noted = info.generation;
	if (w->daemon->journal)
		rc = note_counters(w, &at);
	/* Not on record: the next request tries again. */
	if (rc != ECERT_OK)
		w->noted = 0;
	return rc;
}

/* ---- the journal around a request ---- */

/* A program is named when it was seen to ask; else the record says so instead of lying. */
void journal_name_peer(const struct peer *p, struct journal_entry *e)
{
	static const char *const doubts[] = {[PEER_SURE] = NULL,
	    [PEER_UNCONFIRMED] = "unconfirmed",
	    [PEER_GONE] = "gone",
	    [PEER_CHANGED] = "changed",
	    [PEER_PASSED_ON] = "passed-on"};

	e->pid = p->pid;
	e->uid = p->uid;
	e->unsure = doubts[p->doubt];
	e->exe = !e->unsure ? p->exe : "?";
	e->seen = p->exe;
}

static const char *word_for(const struct job *j)
{
	return j->q.type == IPC_USE && j->q.arg.use.op <= TOKEN_DERIVE
		   ? operations[j->q.arg.use.op]
		   : wire_shape(j->q.type)->word;
}

static struct journal_entry entry_of(struct worker *w, const struct job *j)
{
	struct journal_entry e = {.phase = JOURNAL_INTENT,
	    .what = word_for(j),
	    .serial = w->serial,
	    .ref = wire_ref(&j->q)};

	journal_name_peer(&j->peer, &e);
	if (j->q.type != IPC_USE)
		return e;
	e.input = j->q.arg.use.input;
	e.hash = j->q.arg.use.digest;
	return e;
}

static bool logged_in(struct worker *w, const struct job *j)
{
	return pins_has(&w->pins, j->peer.client);
}

/* Who knows the PIN is not charged for what became of the card. */
static bool is_refusal(enum ecert_rc rc, bool in)
{
	switch (rc) {
	case ECERT_OK:
		return false;
	case ECERT_E_REMOVED:
	case ECERT_E_RESET:
	case ECERT_E_MUTE:
	case ECERT_E_CARD:
	case ECERT_E_TIMEOUT:
	case ECERT_E_NO_SERVICE:
		return !in;
	default:
		return true;
	}
}

/* What is not on record does not happen, and what happened is not told before it is on record. */
static enum ecert_rc recorded(
    struct worker *w, const struct job *j, const struct row *row, struct answer *to)
{
	struct daemon *d = w->daemon;
	uint64_t before = journal_written(d->journal), number;
	struct journal_entry e = entry_of(w, j);
	bool in = logged_in(w, j);
	enum ecert_rc rc = journal_append(d->journal, &e, &e.intent), kept;

	if (rc != ECERT_OK)
		return rc;
	rc = row->fn(w, j, to);
	e.phase = JOURNAL_OUTCOME;
	e.rc = rc;
	kept = journal_append(d->journal, &e, &number);
	if (is_refusal(rc, in))
		refusals_spend(&d->refusals, &j->peer, in, journal_written(d->journal) - before);
	return kept == ECERT_OK ? rc : kept;
}

/* ---- a job ---- */

static void say_goodbye(struct worker *w, uint64_t client)
{
	struct job **at = &w->deferred;

	if (w->window.client == client)
		window_close(w);
	pins_drop(&w->pins, client);
	while (*at) {
		struct job *j = *at;

		if (j->peer.client == client) {
			*at = j->next;
			job_free(&j);
		} else {
			at = &j->next;
		}
	}
}

static int64_t delay_of(struct worker *w, const struct job *j)
{
	return limits_left(&w->daemon->limits, limit_of(j), w->serial, j->peer.client);
}

static enum ecert_rc carry_out(
    struct worker *w, const struct job *j, const struct row *row, struct answer *to)
{
	enum ecert_rc rc = ECERT_OK;

	/* The worker for what is of no reader that there is: no card comes near it. */
	if (row->token && j->q.slot != w->slot)
		return ECERT_E_NO_READER;
	if (row->token)
		rc = note_token(w, j);
	if (rc != ECERT_OK)
		return rc;
	/* Whoever means another card than the one that is in gets nowhere near it. */
	if (row->token && j->q.generation != 0 && j->q.generation != w->noted)
		return ECERT_E_REMOVED;
	rc = row->attempt && delay_of(w, j) > PATIENCE_S ? ECERT_E_DENIED : wire_in_range(&j->q);
	if (rc == ECERT_OK && row->admit)
		rc = row->admit(w, j);
	if (rc != ECERT_OK && row->recorded)
		refusals_count(&w->daemon->refusals, &j->peer, word_for(j), rc);
	if (rc != ECERT_OK)
		return rc;
	return row->recorded ? recorded(w, j, row, to) : row->fn(w, j, to);
}

/* Milliseconds for which it has to wait: a wrong secret was tried, or the journal was given too
 * much that was refused. 0: none, or longer than anybody waits. */
static int64_t put_off(struct worker *w, const struct job *j, const struct row *row)
{
	int64_t delay = row->attempt ? delay_of(w, j) : 0;

	if (delay > 0)
		return delay <= PATIENCE_S ? delay * 1000 : 0;
	if (!row->recorded || !w->daemon->journal)
		return 0;
	return refusals_wait(&w->daemon->refusals, &j->peer, logged_in(w, j));
}

bool handle_job(struct worker *w, struct job *j)
{
	const struct wire_shape *shape = wire_shape(j->q.type);
	const struct row *row = shape ? &rows[j->q.type] : &rows[0];
	struct answer to = {.field = BUF_INIT(shape ? shape->answer : 0)};
	int64_t wait;
	enum ecert_rc rc = ECERT_E_ARG;

	if (j->goodbye) {
		say_goodbye(w, j->peer.client);
		return true;
	}
	wait = put_off(w, j, row);
	if (wait > 0) {
		j->due = clock_ms() + wait;
		return false;
	}
	if (row->fn)
		rc = carry_out(w, j, row, &to);
	reply_send(w->daemon, j, rc, to.a, rc == ECERT_OK ? buf_view(&to.field) : rd_of(NULL, 0));
	buf_free(&to.field);
	return true;
}
