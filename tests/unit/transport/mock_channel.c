/* SPDX-License-Identifier: BSD-2-Clause */
/* The scripted card. */
#include "tests/unit/transport/mock_channel.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/transport/mock_priv.h"
#include "util/clock.h"
#include "util/hex.h"

void *mock_alloc(size_t n)
{
	void *p = calloc(1, n ? n : 1);

	if (p == NULL)
		abort();
	return p;
}

/* ---- script ---- */

static struct mock_step *add_step(struct mock_steps *s, const char *expect)
{
	struct mock_step *fresh = mock_alloc((s->n + 1) * sizeof *fresh);

	if (s->n > 0)
		memcpy(fresh, s->at, s->n * sizeof *fresh);
	free(s->at);
	s->at = fresh;
	s->at[s->n].expect = strdup(expect != NULL ? expect : "");
	if (s->at[s->n].expect == NULL)
		abort();
	return &s->at[s->n++];
}

static void set_answer(struct mock_step *step, struct rd answer)
{
	step->answer = mock_alloc(answer.n);
	step->answer_len = answer.n;
	if (answer.n > 0)
		memcpy(step->answer, answer.p, answer.n);
}

static void add_hex(struct mock_steps *s, const char *expect, const char *answer)
{
	struct buf bytes = BUF_INIT(1 << 20);

	if (hex_get(rd_of(answer, strlen(answer)), &bytes) != ECERT_OK)
		abort();
	set_answer(add_step(s, expect), buf_view(&bytes));
	buf_free(&bytes);
}

static void free_steps(struct mock_steps *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->at[i].expect);
		free(s->at[i].answer);
	}
	free(s->at);
	*s = (struct mock_steps){NULL, 0};
}

void mock_expect(struct mock *m, const char *expect, const char *answer)
{
	add_hex(&m->script, expect, answer);
}

void mock_expect_rc(struct mock *m, const char *expect, enum ecert_rc rc)
{
	add_step(&m->script, expect)->rc = rc;
}

void mock_expect_bytes(struct mock *m, const char *expect, struct rd answer)
{
	set_answer(add_step(&m->script, expect), answer);
}

void mock_rule(struct mock *m, const char *expect, const char *answer)
{
	add_hex(&m->rules, expect, answer);
}

void mock_default(struct mock *m, const char *answer)
{
	free_steps(&m->fallback);
	add_hex(&m->fallback, NULL, answer);
}

void mock_handle(struct mock *m, mock_handler handler, void *arg)
{
	m->handler = handler;
	m->handler_arg = arg;
}

static bool begins_with(struct rd command, const char *expect)
{
	static const char digit[] = "0123456789abcdef";
	size_t at = 0;

	for (; *expect != '\0'; expect++) {
		if (isspace((unsigned char)*expect))
			continue;
		if (at / 2 >= command.n)
			return false;
		if (*expect != '.' &&
		    tolower((unsigned char)*expect) !=
			digit[at % 2 ? command.p[at / 2] & 15 : command.p[at / 2] >> 4])
			return false;
		at++;
	}
	return true;
}

static const struct mock_step *find_rule(const struct mock *m, struct rd command)
{
	for (size_t i = m->rules.n; i > 0; i--)
		if (begins_with(command, m->rules.at[i - 1].expect))
			return &m->rules.at[i - 1];
	return NULL;
}

/* NULL: the command is not what the script expects. */
static const struct mock_step *find_step(struct mock *m, struct rd command)
{
	const struct mock_step *step = find_rule(m, command);

	if (step != NULL)
		return step;
	if (m->next >= m->script.n)
		return &m->fallback.at[0];
	step = &m->script.at[m->next++];
	return begins_with(command, step->expect) ? step : NULL;
}

/* ---- the channel ---- */

static void keep_command(struct mock *m, struct rd command)
{
	struct mock_bytes *fresh = mock_alloc((m->commands + 1) * sizeof *fresh);

	if (m->commands > 0)
		memcpy(fresh, m->command, m->commands * sizeof *fresh);
	free(m->command);
	m->command = fresh;
	fresh[m->commands].p = mock_alloc(command.n);
	memcpy(fresh[m->commands].p, command.p, command.n);
	fresh[m->commands++].n = command.n;
}

static enum ecert_rc scripted(
    struct mock *m, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	static const uint8_t unexpected[2] = {0x6F, 0x00};
	const struct mock_step *step = find_step(m, command);
	struct rd answer = rd_of(unexpected, sizeof unexpected);

	if (step == NULL)
		m->mismatches++;
	else
		answer = rd_of(step->answer, step->answer_len);
	if (step != NULL && step->rc != ECERT_OK)
		return step->rc;
	if (answer.n > cap)
		return ECERT_E_BUFFER;
	if (answer.n > 0)
		memcpy(resp, answer.p, answer.n);
	*len = answer.n;
	return ECERT_OK;
}

static bool gone(const struct mock_conn *c)
{
	const struct mock_reader *r = &c->m->reader[c->reader];

	return !r->present || r->events != c->events || c->reader >= c->m->readers;
}

/* The fault that exchange n meets before the card is asked. */
static enum ecert_rc fault_before(struct mock *m, const struct mock_conn *c, size_t n)
{
	if (gone(c) || (m->remove_at != 0 && n >= m->remove_at))
		return ECERT_E_REMOVED;
	if (m->reset_at != 0 && n >= m->reset_at) {
		m->reset_at = 0;
		return ECERT_E_RESET;
	}
	return m->fail_from != 0 && n >= m->fail_from ? m->fail_rc : ECERT_OK;
}

static enum ecert_rc exchange(
    struct mock_conn *c, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct mock *m = c->m;
	enum ecert_rc rc;

	keep_command(m, command);
	m->unlocked += !m->held;
	rc = fault_before(m, c, m->commands);
	if (rc != ECERT_OK)
		return rc;
	if (m->handler != NULL)
		rc = m->handler(m->handler_arg, command, resp, cap, len);
	else
		rc = scripted(m, command, resp, cap, len);
	if (rc == ECERT_OK && m->commands == m->cut_at && *len > m->cut_to)
		*len = m->cut_to;
	if (rc == ECERT_OK && m->commands == m->claim_at)
		*len = m->claim_len;
	return rc;
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct mock_conn *c = impl;
	enum ecert_rc rc;

	pthread_mutex_lock(&c->m->lock);
	rc = exchange(c, command, resp, cap, len);
	pthread_mutex_unlock(&c->m->lock);
	return rc;
}

static enum ecert_rc begin(void *impl)
{
	struct mock_conn *c = impl;
	struct mock *m = c->m;
	enum ecert_rc rc;

	pthread_mutex_lock(&m->lock);
	while (m->held)
		pthread_cond_wait(&m->changed, &m->lock);
	rc = fault_before(m, c, m->commands + 1);
	m->held = rc == ECERT_OK || rc == ECERT_E_RESET;
	m->begins += m->held;
	pthread_mutex_unlock(&m->lock);
	return rc;
}

static void end(void *impl)
{
	struct mock_conn *c = impl;

	pthread_mutex_lock(&c->m->lock);
	c->m->held = false;
	pthread_cond_broadcast(&c->m->changed);
	pthread_mutex_unlock(&c->m->lock);
}

static enum ecert_rc reset(void *impl)
{
	struct mock_conn *c = impl;
	enum ecert_rc rc;

	pthread_mutex_lock(&c->m->lock);
	c->m->resets++;
	rc = gone(c) ? ECERT_E_REMOVED : ECERT_OK;
	pthread_mutex_unlock(&c->m->lock);
	return rc;
}

static struct pinpad pinpad(void *impl)
{
	return ((struct mock_conn *)impl)->m->pinpad;
}

static enum ecert_rc pinpad_transmit(
    void *impl, struct rd apdu_template, bool modify, uint8_t *resp, size_t cap, size_t *len)
{
	uint8_t command[64];

	if (apdu_template.n > sizeof command || apdu_template.n < (modify ? 21u : 13u))
		return ECERT_E_ARG;
	memcpy(command, apdu_template.p, apdu_template.n);
	memcpy(command + 5, "12345678", 8);
	if (modify)
		memcpy(command + 13, "87654321", 8);
	return transmit(impl, rd_of(command, apdu_template.n), resp, cap, len);
}

static struct rd atr(const void *impl)
{
	const struct mock *m = ((const struct mock_conn *)impl)->m;

	return rd_of(m->atr, m->atr_len);
}

static void close_channel(void *impl, bool forked)
{
	struct mock_conn *c = impl;

	if (!forked) {
		pthread_mutex_lock(&c->m->lock);
		c->m->open--;
		pthread_mutex_unlock(&c->m->lock);
	}
	free(c);
}

static const struct channel_ops mock_ops = {
    .begin = begin,
    .end = end,
    .transmit = transmit,
    .reset = reset,
    .pinpad = pinpad,
    .pinpad_transmit = pinpad_transmit,
    .atr = atr,
    .close = close_channel,
};

enum ecert_rc mock_conn_new(
    struct mock *m, size_t reader, const struct channel_ops **ops, void **impl)
{
	struct mock_conn *c = mock_alloc(sizeof *c);

	*c = (struct mock_conn){m, reader, m->reader[reader].events};
	m->open++;
	*ops = &mock_ops;
	*impl = c;
	return ECERT_OK;
}

enum ecert_rc mock_channel(struct mock *m, struct channel **out)
{
	const struct channel_ops *ops;
	void *impl;
	enum ecert_rc rc;

	*out = NULL;
	pthread_mutex_lock(&m->lock);
	rc = mock_conn_new(m, 0, &ops, &impl);
	pthread_mutex_unlock(&m->lock);
	return rc == ECERT_OK ? channel_of(ops, impl, m->readers_ops.is_virtual, out) : rc;
}

/* ---- making ---- */

struct mock *mock_new(void)
{
	struct mock *m = mock_alloc(sizeof *m);

	if (pthread_mutex_init(&m->lock, NULL) != 0 || clock_cond_init(&m->changed) != 0)
		abort();
	mock_default(m, "6D00");
	mock_atr(m, MOCK_ATR);
	mock_set_readers(m, 1);
	mock_insert(m, 0, true);
	return m;
}

void mock_free(struct mock **m)
{
	if (m == NULL || *m == NULL)
		return;
	free_steps(&(*m)->script);
	free_steps(&(*m)->rules);
	free_steps(&(*m)->fallback);
	for (size_t i = 0; i < (*m)->commands; i++)
		free((*m)->command[i].p);
	free((*m)->command);
	(void)pthread_cond_destroy(&(*m)->changed);
	(void)pthread_mutex_destroy(&(*m)->lock);
	free(*m);
	*m = NULL;
}

void mock_atr(struct mock *m, const char *hex)
{
	struct buf bytes = BUF_INIT(READER_ATR_MAX);

	if (hex_get(rd_of(hex, strlen(hex)), &bytes) != ECERT_OK)
		abort();
	m->atr_len = buf_len(&bytes);
	memcpy(m->atr, buf_view(&bytes).p, m->atr_len);
	buf_free(&bytes);
}
