/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests over the fake PC/SC service share: a source, a channel, and what they ask. */
#ifndef ECERT_TESTS_PCSC_FIX_H
#define ECERT_TESTS_PCSC_FIX_H

#include "tests/unit/transport/unit.h"

#include <pthread.h>
#include <time.h>

#include "tests/unit/transport/fake_pcsc.h"
#include "transport/transport_priv.h"
#include "util/clock.h"

static const uint8_t select_piv[] = {0x00, 0xA4, 0x04, 0x00};
/* A multi-string: the literal's own NUL is the second one. */
#define NAMES(literal) fake_names(literal, sizeof literal)

static const struct rd command = {select_piv, sizeof select_piv};

struct fixture {
	struct readers *r;
	struct channel *c;
	struct reader_info info[READER_MAX];
	size_t n;
	uint8_t resp[300];
	size_t len;
};

static inline int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	*state = f;
	fake_reset();
	return f != NULL && readers_open(NULL, &f->r) == ECERT_OK ? 0 : -1;
}

/* Nothing may be left in the service. */
static inline int teardown(void **state)
{
	struct fixture *f = *state;

	channel_close(&f->c);
	readers_close(&f->r);
	free(f);
	return fake_contexts() == 0 && fake_cards() == 0 && !fake_held() ? 0 : -1;
}

static inline void open_channel(struct fixture *f)
{
	assert_int_equal(channel_open(f->r, "Fake 00 00", &f->c), ECERT_OK);
}

static inline enum ecert_rc list(struct fixture *f)
{
	return readers_list(f->r, f->info, READER_MAX, &f->n);
}

static inline enum ecert_rc send(struct fixture *f)
{
	return channel_transmit(f->c, command, f->resp, sizeof f->resp, &f->len);
}

static inline int settle(int (*count)(void))
{
	for (int i = 0; i < 20000 && count() != 0; i++)
		(void)usleep(1000);
	return count();
}

#endif
