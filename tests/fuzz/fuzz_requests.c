/* SPDX-License-Identifier: BSD-2-Clause */
/* What a client sends to ecertd: a request that is taken is written again as the same bytes. */
#include "fuzz.h"
#include "token/wire.h"

static void inside(struct rd outer, struct rd inner)
{
	REQUIRE(inner.n == 0 || (inner.p >= outer.p && inner.p + inner.n <= outer.p + outer.n));
}

/* What a row's function may rely on. */
static void in_range(const struct wire_shape *shape, const struct wire_request *q)
{
	for (size_t i = 0; i < IPC_NUMBERS; i++) {
		const struct wire_range *r = &shape->number[i];

		REQUIRE(r->rc == ECERT_OK || (q->number[i] >= r->least && q->number[i] <= r->most));
		REQUIRE(!r->ref || (q->number[i] <= 0xFF && wire_ref(q) == q->number[i]));
	}
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
		/* There is none beyond those of the table: their most is 0. */
		REQUIRE(q.field[i].n <= shape->field[i].most);
		inside(body, q.field[i]);
	}
	if (wire_in_range(&q) == ECERT_OK)
		in_range(shape, &q);
	/* Only one way to say a thing: nothing is hidden between the fields. */
	if (wire_put_request(&again, &q) == ECERT_OK) {
		frame = buf_view(&again);
		REQUIRE(rd_equal(rd_of(frame.p + 4, frame.n - 4), body));
	}
	buf_free(&again);
	return 0;
}
