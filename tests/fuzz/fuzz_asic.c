/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall does with containers, in this process: the bytes as a ZIP file, and as a
 * manifest. Whatever is answered can be read to its end, and is no longer than was asked for. */
#include <string.h>

#include "document/asic/unpack/unpack.h"
#include "fuzz.h"

static void read_members(const struct wall_call *zip, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < 8; i++) {
		struct buf ask = BUF_INIT(64), part = BUF_INIT(1u << 20);
		buf_u32(&ask, i);
		buf_u64(&ask, 65536);
		struct wall_call c = *zip;
		c.request = buf_view(&ask);
		if (zip_read(&c, &part) == ECERT_OK)
			REQUIRE(buf_len(&part) <= 65536);
		buf_free(&ask);
		buf_free(&part);
	}
}

static void as_zip(struct rd bytes)
{
	struct wall_call c = {.input = &bytes, .inputs = 1};
	struct buf answer = BUF_INIT(16u << 20);
	uint32_t n = 0;
	if (zip_list(&c, &answer) == ECERT_OK) {
		struct rd r = buf_view(&answer), name;
		REQUIRE(rd_u32(&r, &n) == ECERT_OK && n <= ZIP_MEMBERS_MAX);
		for (uint32_t i = 0; i < n; i++) {
			uint16_t len;
			uint64_t size;
			uint8_t encrypted;
			REQUIRE(rd_u16(&r, &len) == ECERT_OK && len <= ZIP_NAME_MAX);
			REQUIRE(rd_take(&r, len, &name) == ECERT_OK &&
				rd_u64(&r, &size) == ECERT_OK &&
				rd_u8(&r, &encrypted) == ECERT_OK && encrypted <= 1);
		}
		REQUIRE(rd_empty(&r));
		read_members(&c, n);
	}
	buf_free(&answer);
}

static void as_manifest(struct rd xml)
{
	struct wall_call c = {.request = xml};
	struct buf answer = BUF_INIT(16u << 20);
	if (asic_manifest(&c, &answer) == ECERT_OK) {
		struct rd r = buf_view(&answer), text;
		uint32_t n = 0, references = 0;
		REQUIRE(rd_u32(&r, &n) == ECERT_OK && rd_take(&r, n, &text) == ECERT_OK);
		REQUIRE(rd_u32(&r, &references) == ECERT_OK && references);
		for (uint32_t i = 0; i < 3 * references; i++)
			REQUIRE(rd_u32(&r, &n) == ECERT_OK && rd_take(&r, n, &text) == ECERT_OK);
		REQUIRE(rd_empty(&r));
		/* Nothing that a DTD could say is in it. */
		REQUIRE(!rd_contains(xml, "<!DOCTYPE") || rd_contains(xml, "<!--") ||
			rd_contains(xml, "CDATA") || rd_contains(xml, "<?"));
	}
	buf_free(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_zip(rd_of(data, size));
	as_manifest(rd_of(data, size));
	return 0;
}
