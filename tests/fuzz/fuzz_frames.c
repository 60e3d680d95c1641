/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecertd answers to a client: read whole or not at all, and strings stay strings. */
#include <string.h>

#include "fuzz.h"
#include "token/wire.h"

static void read_slots(struct rd r)
{
	struct token_slot s;
	struct buf again = BUF_INIT(4096);

	while (!rd_empty(&r) && wire_get_slot(&r, &s) == ECERT_OK) {
		REQUIRE(strnlen(s.reader, sizeof s.reader) < sizeof s.reader);
		buf_reset(&again);
		wire_put_slot(&again, &s);
		REQUIRE(buf_rc(&again) == ECERT_OK);
	}
	buf_free(&again);
}

static void read_info(struct rd r)
{
	struct buf again = BUF_INIT(4096);
	struct token_info i;

	if (wire_get_info(r, IPC_REVISION, &i) != ECERT_OK)
		return;
	REQUIRE(strnlen(i.label, sizeof i.label) < sizeof i.label);
	REQUIRE(strnlen(i.serial_full, sizeof i.serial_full) < sizeof i.serial_full);
	wire_put_info(&again, &i, IPC_REVISION);
	REQUIRE(rd_equal(buf_view(&again), r));
	buf_free(&again);
}

static void read_key(struct rd r)
{
	struct token_key k;

	if (wire_get_key(r, &k) != ECERT_OK)
		return;
	REQUIRE(k.pub != NULL && k.alg != KEY_NONE);
	REQUIRE(k.pin >= PIN_NEVER && k.pin <= PIN_ALWAYS);
	token_key_clear(&k);
}

static void read_names(struct rd r)
{
	static struct token_names n;
	struct buf again = BUF_INIT(16384);

	if (wire_get_names(r, IPC_REVISION, &n) != ECERT_OK)
		return;
	REQUIRE(n.n <= TOKEN_KEYS_MAX);
	for (size_t i = 0; i < n.n; i++) {
		REQUIRE(n.name[i].id_len <= TOKEN_ID_MAX);
		REQUIRE(strnlen(n.name[i].key, sizeof n.name[i].key) < sizeof n.name[i].key);
		REQUIRE(strnlen(n.name[i].cert, sizeof n.name[i].cert) < sizeof n.name[i].cert);
	}
	wire_put_names(&again, &n, IPC_REVISION);
	REQUIRE(rd_equal(buf_view(&again), r));
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_answer w;

	if (size > IPC_FRAME_MAX || wire_get_answer(rd_of(data, size), &w) != ECERT_OK)
		return 0;
	REQUIRE(w.rc < ECERT_RC_COUNT);
	read_slots(w.field);
	read_info(w.field);
	read_key(w.field);
	read_names(w.field);
	return 0;
}
