/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests: every row, against OpenSSL and the standards' answers. */
#include "scheme_fix.h"

/* FIPS 180-4, 202 and GB/T 32905 answers for "abc". */
static const char *const abc[MD_COUNT] = {
    [MD_SHA1] = "A9993E364706816ABA3E25717850C26C9CD0D89D",
    [MD_SHA224] = "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7",
    [MD_SHA256] = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
    [MD_SHA384] = "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED"
		  "8086072BA1E7CC2358BAECA134C825A7",
    [MD_SHA512] = "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A"
		  "2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F",
    [MD_SHA3_224] = "E642824C3F8CF24AD09234EE7D3C766FC9A3A5168D0C94AD73B46FDF",
    [MD_SHA3_256] = "3A985DA74FE225B2045C172D6BD390BD855F086E3E9D525B46BFE24511431532",
    [MD_SHA3_384] = "EC01498288516FC926459F58E2C6AD8DF9B473CB0FC08C2596DA7CF0E49BE4B2"
		    "98D88CEA927AC7F539F1EDF228376D25",
    [MD_SHA3_512] = "B751850B1A57168A5693CD924B6B096E08F621827444F70D884F5D0240D2712E"
		    "10E116E9192AF3C91A7EC57647E3934057340B4CF408D5A56592F8274EEC53F0",
    [MD_SM3] = "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0",
};

static void digests(void **state)
{
	(void)state;
	for (int i = 1; i < MD_COUNT; i++) {
		const struct md_row *row = md_row((enum md)i);
		struct digest *d, *half;
		uint8_t out[MD_MAX_SIZE];
		size_t n;

		assert_rc(digest_once(row->id, H("616263"), out, &n), ECERT_OK);
		assert_true(rd_equal(rd_of(out, n), H(abc[i])));
		assert_rc(digest_new(row->id, &d), ECERT_OK);
		assert_int_equal(digest_md(d), row->id);
		assert_rc(digest_update(d, H("61")), ECERT_OK);
		assert_rc(digest_update(d, rd_of(NULL, 0)), ECERT_OK);
		assert_rc(digest_dup(d, &half), ECERT_OK);
		assert_rc(digest_update(d, H("78")), ECERT_OK);
		assert_rc(digest_update(half, H("6263")), ECERT_OK);
		assert_rc(digest_final(half, out, &n), ECERT_OK);
		assert_true(rd_equal(rd_of(out, n), H(abc[i])));
		/* and it has begun anew */
		assert_rc(digest_update(half, H("616263")), ECERT_OK);
		assert_rc(digest_final(half, out, &n), ECERT_OK);
		assert_true(rd_equal(rd_of(out, n), H(abc[i])));
		digest_free(&d);
		digest_free(&half);
		digest_free(&half);
		assert_ptr_equal(md_by_name(row->name), row);
		assert_ptr_equal(md_by_evp(md_evp(row->id)), row);
		assert_int_equal(EVP_MD_get_block_size(md_evp(row->id)), row->block);
		if (row->ckm != 0)
			assert_ptr_equal(md_by_ckm(row->ckm), row);
		if (row->ckg != 0)
			assert_ptr_equal(md_by_ckg(row->ckg), row);
		assert_int_equal(nid_of(row->oid), EVP_MD_get_type(md_evp(row->id)));
	}
}

static void no_digests(void **state)
{
	uint8_t out[MD_MAX_SIZE];
	struct digest *d;
	size_t n;

	(void)state;
	assert_null(md_row(MD_NONE));
	assert_null(md_row(MD_COUNT));
	assert_null(md_by_name("MD5"));
	assert_null(md_by_name(NULL));
	assert_null(md_by_name("SHA25"));
	assert_null(md_by_name("SHA2567"));
	assert_non_null(md_by_name("sha-256"));
	assert_null(md_by_ckm(0));
	assert_null(md_by_ckg(0));
	assert_null(md_by_evp(NULL));
	assert_null(md_by_evp(EVP_md5()));
	assert_ptr_equal(md_by_evp(EVP_sha256()), md_row(MD_SHA256));
	assert_null(md_evp(MD_NONE));
	assert_rc(digest_new(MD_NONE, &d), ECERT_E_UNSUPPORTED);
	assert_null(d);
	assert_rc(digest_once(MD_COUNT, H("00"), out, &n), ECERT_E_UNSUPPORTED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(digests),
	    cmocka_unit_test(no_digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
