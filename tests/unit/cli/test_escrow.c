/* SPDX-License-Identifier: BSD-2-Clause */
/* The escrow file: written once, read back, and what is none. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "cli/escrow.h"

static void fill(struct escrow *e)
{
	strcpy(e->serial, "12345678");
	strcpy(e->label, "my \"token\" \\ \x01");
	strcpy(e->pin, "248163");
	e->mgm.n = 32;
	for (uint8_t i = 0; i < 32; i++)
		e->mgm.v[i] = i;
}

static void comes_back_as_it_was(void **state)
{
	const char *path = in_folder(state, "e.json");
	struct escrow *e, *back;

	assert_int_equal(escrow_new(&e), ECERT_OK);
	fill(e);
	assert_int_equal(escrow_write(path, e), ECERT_OK);
	assert_int_equal(escrow_write(path, e), ECERT_E_EXISTS);
	assert_int_equal(escrow_read(path, &back), ECERT_OK);
	assert_string_equal(back->serial, "12345678");
	assert_string_equal(back->label, "my \"token\" \\ ?");
	assert_string_equal(back->pin, "248163");
	assert_string_equal(back->puk, "");
	assert_int_equal(back->mgm.n, 32);
	assert_memory_equal(back->mgm.v, e->mgm.v, 32);
	assert_true(back->mgm.shrink);
	escrow_free(&e);
	escrow_free(&back);
	assert_null(e);
}

static void what_is_no_escrow(void **state)
{
	static const char *const bad[] = {"", "{}", "[]", "{\"format\": \"ecert-escrow-1\"}",
	    "{\"format\": \"ecert-escrow-2\", \"management_key\": "
	    "\"00112233445566778899aabbccddeeff\"}",
	    "{\"format\": \"ecert-escrow-1\", \"management_key\": 1}",
	    "{\"format\": \"ecert-escrow-1\", \"management_key\": \"zz\"}"};
	const char *path = in_folder(state, "e.json");
	struct escrow *e;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		put_file(path, bad[i], strlen(bad[i]));
		assert_int_equal(escrow_read(path, &e), ECERT_E_MALFORMED);
		assert_null(e);
	}
	put_file(path, "{\"format\": \"ecert-escrow-1\", \"management_key\": \"00\"}",
	    strlen("{\"format\": \"ecert-escrow-1\", \"management_key\": \"00\"}"));
	assert_int_equal(escrow_read(path, &e), ECERT_E_DATA_LEN);
	assert_int_equal(escrow_read(in_folder(state, "none"), &e), ECERT_E_IO);
}

static void management_keys(void **state)
{
	static const char hex[] = "000102030405060708090a0b0c0d0e0f1011121314151617";
	struct mgm_key k;

	(void)state;
	assert_int_equal(mgm_key_parse(rd_of(hex, 48), &k), ECERT_OK);
	assert_int_equal(k.n, 24);
	assert_int_equal(k.v[23], 0x17);
	assert_false(k.shrink);
	assert_int_equal(mgm_key_parse(rd_of(hex, 32), &k), ECERT_OK);
	assert_int_equal(k.n, 16);
	assert_int_equal(mgm_key_parse(rd_of(hex, 46), &k), ECERT_E_DATA_LEN);
	assert_int_equal(k.n, 0);
	assert_int_equal(mgm_key_parse(rd_of(hex, 47), &k), ECERT_E_MALFORMED);
	assert_int_equal(mgm_key_parse(rd_of("", 0), &k), ECERT_E_DATA_LEN);
}

static void a_source_may_be_an_escrow(void **state)
{
	const char *path = in_folder(state, "e.json");
	struct cli c = {.slot_id = -1};
	char source[300];
	struct mgm_key k;
	struct escrow *e;

	assert_int_equal(escrow_new(&e), ECERT_OK);
	fill(e);
	assert_int_equal(escrow_write(path, e), ECERT_OK);
	escrow_free(&e);
	snprintf(source, sizeof source, "file:%s", path);
	assert_int_equal(escrow_source(&c, source, &k), CLI_OK);
	assert_int_equal(k.n, 32);
	assert_int_equal(escrow_source(&c, "env:KEY", &k), CLI_OK);
	assert_int_equal(k.n, 0);
	assert_int_equal(escrow_source(&c, NULL, &k), CLI_OK);
	assert_int_equal(k.n, 0);
	put_file(path, "000102030405060708090a0b0c0d0e0f", 32);
	assert_int_equal(escrow_source(&c, source, &k), CLI_OK);
	assert_int_equal(k.n, 0); /* a plain key: read as any secret */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(comes_back_as_it_was, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(what_is_no_escrow, folder_make, folder_remove),
	    cmocka_unit_test(management_keys),
	    cmocka_unit_test_setup_teardown(a_source_may_be_an_escrow, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
