/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of recording and replaying share: a reader, its channel, and a file. */
#ifndef ECERT_TESTS_RECORD_FIX_H
#define ECERT_TESTS_RECORD_FIX_H

#include "tests/unit/transport/unit.h"

#include "tests/unit/transport/mock_channel.h"
#include "util/hex.h"

struct fixture {
	char dir[32], path[64], where[96];
	struct mock *m;
	struct readers *r;
	struct channel *c;
	uint8_t resp[300];
	size_t len;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	if (f == NULL)
		return -1;
	*state = f;
	(void)snprintf(f->dir, sizeof f->dir, "/tmp/ecert-record-XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		return -1;
	(void)snprintf(f->path, sizeof f->path, "%s/recording", f->dir);
	f->m = mock_new();
	return mock_readers(f->m, &f->r) == ECERT_OK ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	(void)unsetenv("ECERT_RECORD");
	channel_close(&f->c);
	readers_close(&f->r);
	mock_free(&f->m);
	(void)unlink(f->path);
	(void)rmdir(f->dir);
	free(f);
	return 0;
}

static enum ecert_rc send(struct fixture *f, const char *hex)
{
	struct buf bytes = BUF_INIT(300);
	enum ecert_rc rc;

	assert_int_equal(hex_get(rd_of(hex, strlen(hex)), &bytes), ECERT_OK);
	rc = channel_transmit(f->c, buf_view(&bytes), f->resp, sizeof f->resp, &f->len);
	buf_free(&bytes);
	return rc;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
