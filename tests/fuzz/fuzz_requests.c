/* SPDX-License-Identifier: BSD-2-Clause */
/* What a client sends to ecertd: a request that is taken is written again as the same bytes. */
#include "fuzz.h"
#include "token/wire.h"

static void inside(struct rd outer, struct rd inner)
{
	REQUIRE(inner.n == 0 || (inner.p >= outer.p && inner.p + inner.n <= outer.p + outer.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rd body = rd_of(data, size);
	struct buf again = BUF_INIT(IPC_FRAME_MAX + 4);
	const struct wire_shape *shape;
	struct wire_request q;
	struct rd frame;

	if (size > IPC_FRAME_MAX || wire_get_request(body, &q) != ECERT_OK)
		return 0;
	shape = wire_shape(q.type);
	REQUIRE(shape != NULL);
	for (size_t i = 0; i < IPC_FIELDS; i++) {
		REQUIRE(i < shape->fields ? q.field[i].n <= shape->max[i] : q.field[i].n == 0);
		inside(body, q.field[i]);
	}
	/* Only one way to say a thing: nothing is hidden between the fields. */
	if (wire_put_request(&again, &q) == ECERT_OK) {
		frame = buf_view(&again);
		REQUIRE(rd_equal(rd_of(frame.p + 4, frame.n - 4), body));
	}
	buf_free(&again);
	return 0;
}
