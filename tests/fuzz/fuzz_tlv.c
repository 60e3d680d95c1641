/* SPDX-License-Identifier: BSD-2-Clause */
/* BER-TLV: whatever is read stays inside the input and is written and read again as the same. */
#include <string.h>

#include "fuzz.h"
#include "util/tlv.h"

#define DEPTH_MAX 8

static void inside(struct rd outer, struct rd inner)
{
	REQUIRE(inner.n <= outer.n);
	REQUIRE(inner.n == 0 || (inner.p >= outer.p && inner.p + inner.n <= outer.p + outer.n));
}

/* Written with a minimal length, it is one TLV with this tag and value. */
static void round_trip(const struct tlv *t)
{
	struct buf b = BUF_INIT(1 << 20);
	struct rd value;

	tlv_put(&b, t->tag, t->value);
	REQUIRE(buf_rc(&b) == ECERT_OK);
	REQUIRE(tlv_only(buf_view(&b), t->tag, &value) == ECERT_OK);
	REQUIRE(rd_equal(value, t->value));
	buf_free(&b);
}

static void walk(struct rd r, int depth)
{
	struct tlv t;

	while (tlv_next(&r, &t) == ECERT_OK) {
		struct rd found;

		inside(r, (struct rd){r.p, r.n});
		round_trip(&t);
		if (depth < DEPTH_MAX)
			walk(t.value, depth + 1);
		if (tlv_find(t.value, 0x53, &found) == ECERT_OK)
			inside(t.value, found);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd all = rd_of(data, size), r = all;
	struct tlv t;

	walk(all, 0);
	if (tlv_next(&r, &t) == ECERT_OK)
		inside(all, t.value);
	else
		REQUIRE(r.p == all.p && r.n == all.n);
	return 0;
}
