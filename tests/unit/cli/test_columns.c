/* SPDX-License-Identifier: BSD-2-Clause */
/* How wide text is, and where a line of it may end. */
#include "cli_support.h"

#include <locale.h>
#include <string.h>

#include "cli/language.h"

static void wide_characters_take_two_columns(void **state)
{
	(void)state;
	assert_int_equal(language_columns(""), 0);
	assert_int_equal(language_columns("Signed by:"), 10);
	assert_int_equal(language_columns("簽署人："), 8);
	assert_int_equal(language_columns("PIN 码"), 6);
	assert_int_equal(language_columns("e\xCC\x81"), 1); /* an accent that combines */
	assert_int_equal(language_columns("\xFF\xFE"), 2);  /* no UTF-8: a question mark each */
}

static void lines_end_between_wide_characters(void **state)
{
	static const struct {
		const char *text, *piece;
	} rows[] = {
	    {"two words", "two"},
	    {" blank", ""},
	    {"", ""},
	    {"權杖", "權"},
	    {"`ecert help`列出", "`ecert"},
	    {"help`列出", "help`"},
	    {"完。下一句", "完。"}, /* no line begins with a full stop */
	    {"「好」的", "「好」"}, /* nor ends with an opening quotation mark */
	    {"檔案file", "檔"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t n = language_piece(rows[i].text);

		assert_int_equal(n, strlen(rows[i].piece));
		assert_memory_equal(rows[i].text, rows[i].piece, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wide_characters_take_two_columns),
	    cmocka_unit_test(lines_end_between_wide_characters),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
