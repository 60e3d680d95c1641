/* SPDX-License-Identifier: BSD-2-Clause */
/* The escrow file: written once, read back, and what is none. */
#include "cli_support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/escrow.h"
#include "client/pin.h"

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
	    ("{\"format\": \"ecert-escrow-2\", \"management_key\": "
	     "\"00112233445566778899aabbccddeeff\"}"),
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

/* What `pin_get` makes of file:PATH for one kind of secret, in out. */
static enum ecert_rc from_file(
    const char *path, enum pin_want want, const char *serial, char out[PIN_TEXT_MAX])
{
	const struct pin_source src = {PIN_FILE, path};
	const struct pin_ask ask = {
	    .title = MSG("test"), .prompt = "PIN", .want = want, .serial = serial};
	struct pin pin;
	enum ecert_rc rc = pin_get(NULL, &src, &ask, &pin);

	strcpy(out, rc ? "" : pin.text);
	pin_free(&pin);
	return rc;
}

static void every_source_may_be_an_escrow(void **state)
{
	static const char key[] =
	    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";
	const char *path = in_folder(state, "e.json");
	char out[PIN_TEXT_MAX];
	struct escrow *e;

	assert_int_equal(escrow_new(&e), ECERT_OK);
	fill(e);
	assert_int_equal(escrow_write(path, e), ECERT_OK);
	escrow_free(&e);
	assert_int_equal(from_file(path, PIN_WANT_PIN, NULL, out), ECERT_OK);
	assert_string_equal(out, "248163");
	assert_int_equal(from_file(path, PIN_WANT_MGM, "12345678", out), ECERT_OK);
	assert_int_equal(strcasecmp(out, key), 0);
	/* a PUK that a person chose is not in it, and a password never is */
	assert_int_equal(from_file(path, PIN_WANT_PUK, NULL, out), ECERT_E_KEY_TYPE);
	assert_int_equal(from_file(path, PIN_WANT_TEXT, NULL, out), ECERT_E_KEY_TYPE);
	/* another token's PIN would cost this one a try */
	assert_int_equal(from_file(path, PIN_WANT_PIN, "12345679", out), ECERT_E_DENIED);
	put_file(path, "00112233\nmore\n", 14);
	for (int want = PIN_WANT_TEXT; want <= PIN_WANT_MGM; want++) {
		assert_int_equal(from_file(path, (enum pin_want)want, NULL, out), ECERT_OK);
		assert_string_equal(out, "00112233");
	}
	put_file(path,
	    "\xEF\xBB\xBF\n {\"format\": \"ecert-escrow-1\", \"puk\": \"72639184\", "
	    "\"management_key\": \"00112233445566778899aabbccddeeff\"}",
	    3 + 2 + 101);
	assert_int_equal(from_file(path, PIN_WANT_PUK, "4711", out), ECERT_OK);
	assert_string_equal(out, "72639184");
	put_file(path, "{is no JSON", 11); /* a password may look like anything */
	assert_int_equal(from_file(path, PIN_WANT_TEXT, NULL, out), ECERT_OK);
	assert_string_equal(out, "{is no JSON");
}

static size_t counted;

static void *count_alloc(size_t n)
{
	counted++;
	return malloc(n);
}

/* Ordinary memory that jansson frees keeps what was in it. */
static void nothing_of_it_is_in_ordinary_memory(void **state)
{
	static const char text[] = "{\"format\": \"ecert-escrow-1\", \"pin\": \"248163\", "
				   "\"management_key\": \"00112233445566778899aabbccddeeff\"}";
	static char deep[16000];
	json_malloc_t m;
	json_free_t f;
	struct escrow *e;

	(void)state;
	json_set_alloc_funcs(count_alloc, free);
	assert_int_equal(escrow_parse(rd_of(text, strlen(text)), &e), ECERT_OK);
	assert_int_equal(counted, 0);
	assert_string_equal(e->pin, "248163");
	escrow_free(&e);
	for (size_t i = 0; i < sizeof deep; i++)
		deep[i] = i % 2 ? ',' : '1';
	deep[0] = '[';
	deep[sizeof deep - 1] = ']';
	assert_int_equal(escrow_parse(rd_of(deep, sizeof deep), &e), ECERT_E_MALFORMED);
	assert_null(e);
	memset(deep, '[', sizeof deep);
	assert_int_equal(escrow_parse(rd_of(deep, sizeof deep), &e), ECERT_E_MALFORMED);
	assert_int_equal(counted, 0);
	json_get_alloc_funcs(&m, &f); /* and then all is as it was */
	assert_true(m == count_alloc && f == free);
	json_set_alloc_funcs(malloc, free);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(comes_back_as_it_was, folder_make, folder_remove),
	    cmocka_unit_test_setup_teardown(what_is_no_escrow, folder_make, folder_remove),
	    cmocka_unit_test(management_keys),
	    cmocka_unit_test(nothing_of_it_is_in_ordinary_memory),
	    cmocka_unit_test_setup_teardown(
		every_source_may_be_an_escrow, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
