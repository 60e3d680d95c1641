/* SPDX-License-Identifier: BSD-2-Clause */
/* A scripted card, a channel to it and somewhere to put the answer, for each test. */
#ifndef ECERT_TESTS_APDU_FIXTURE_H
#define ECERT_TESTS_APDU_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "apdu/apdu.h"
#include "tests/unit/transport/mock_channel.h"

static const struct apdu_caps short_only = {false, false}, chaining = {false, true},
			      extended = {true, false}, both = {true, true};

struct fixture {
	struct mock *m;
	struct channel *c;
	struct buf out;
	uint16_t sw;
};

static inline int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	if (f == NULL)
		return -1;
	f->m = mock_new();
	buf_init(&f->out, 65536);
	*state = f;
	return mock_channel(f->m, &f->c) == ECERT_OK ? 0 : -1;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	buf_free(&f->out);
	channel_close(&f->c);
	mock_free(&f->m);
	free(f);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* GET DATA of everything, or with data of n bytes. */
static inline struct apdu get_data(struct rd data, uint32_t le)
{
	return (struct apdu){0x00, 0xCB, 0x3F, 0xFF, data, le, false};
}

#endif
