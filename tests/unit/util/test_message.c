/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages become words: names, numbers, plural forms, other languages, and what is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>

#include "util/message.h"

static void becomes(const struct message *m, const struct message_words *w, const char *want)
{
	char *s = message_string(m, w);

	assert_non_null(s);
	assert_string_equal(s, want);
	message_free(s);
}

static void names_are_filled_in(void **state)
{
	(void)state;
	becomes(MSG("nothing to fill in"), NULL, "nothing to fill in");
	becomes(MSG(""), NULL, "");
	becomes(MSG("{file} is empty", P_TEXT("file", "a{file}b")), NULL, "a{file}b is empty");
	becomes(MSG("{a}{b}{a}", P_TEXT("a", "1"), P_TEXT("b", "2")), NULL, "121");
	becomes(MSG("{n} of {all}", P_NUMBER("n", -3), P_NUMBER("all", 1LL << 40)), NULL,
	    "-3 of 1099511627776");
	becomes(MSG("at {t}", P_TIME("t", 0)), NULL, "at 1970-01-01 00:00:00 UTC");
	becomes(MSG("no: {why}", P_RC("why", ECERT_E_PIN_WRONG)), NULL, "no: the PIN is wrong");
	becomes(MSG("no: {why}", P_ERRNO("why", ENOENT)), NULL, "no: No such file or directory");
	becomes(MSG("({inner})", P_MSG("inner", MSG("{x}", P_TEXT("x", "y")))), NULL, "(y)");
	becomes(MSG("[{x}]", P_TEXT("x", NULL)), NULL, "[]");
}

static void an_unknown_name_stays(void **state)
{
	(void)state;
	becomes(MSG("{who} and {file}", P_TEXT("file", "f")), NULL, "{who} and f");
	becomes(MSG("{file", P_TEXT("file", "f")), NULL, "{file");
	becomes(MSG("}{}{", P_TEXT("file", "f")), NULL, "}{}{");
	becomes(MSG("{fil}{files}", P_TEXT("file", "f")), NULL, "{fil}{files}");
}

static void one_has_its_own_form(void **state)
{
	(void)state;
	becomes(MSG_N("{n} file in {where}", "{n} files in {where}", 1, P_TEXT("where", "x")), NULL,
	    "1 file in x");
	becomes(MSG_N("{n} file in {where}", "{n} files in {where}", 0, P_TEXT("where", "x")), NULL,
	    "0 files in x");
	becomes(MSG_N("{n} file", "{n} files", 21, ), NULL, "21 files");
}

static const char *sentence(const char *id)
{
	if (!strcmp(id, "{n} of {all}: {why}"))
		return "\xE5\x85\xB1 {all}\xEF\xBC\x8C\xE7\xAC\xAC {n}\xEF\xBC\x9A{why}";
	return !strcmp(id, "the PIN is wrong") ? "\xE5\xAF\x86\xE7\xA2\xBC\xE9\x8C\xAF" : id;
}

static const char *counted(const char *one, const char *many, unsigned long n)
{
	(void)one;
	(void)many;
	return n ? "{n} \xE4\xBB\xBD" : "\xE7\x84\xA1";
}

static void moment(time_t t, char *out, size_t cap)
{
	snprintf(out, cap, "<%ld>", (long)t);
}

static const char *marked(const char *id)
{
	return !strcmp(id, "Permission denied")			       ? "<denied>"
	       : !strcmp(id, "error {number} of the system ({words})") ? "<{number}: {words}>"
								       : id;
}

/* The system has no catalogue of some languages; what ours has not is told by number, quoted. */
static void errors_of_the_system_are_in_the_catalogue(void **state)
{
	const struct message_words w = {.sentence = marked}, english = {.sentence = sentence};

	(void)state;
	becomes(MSG("no: {why}", P_ERRNO("why", EACCES)), &w, "no: <denied>");
	becomes(MSG("no: {why}", P_ERRNO("why", EXFULL)), &w, "no: <54: Exchange full>");
	becomes(MSG("no: {why}", P_ERRNO("why", EXFULL)), &english, "no: Exchange full");
	becomes(MSG("no: {why}", P_ERRNO("why", EXFULL)), NULL, "no: Exchange full");
	becomes(MSG("no: {why}", P_ERRNO("why", 99999)), NULL, "no: ?");
}

/* The order of the parts is the language's own. */
static void another_language(void **state)
{
	static const struct message_words zh = {sentence, counted, moment};

	(void)state;
	becomes(MSG("{n} of {all}: {why}", P_NUMBER("n", 2), P_NUMBER("all", 5),
		    P_RC("why", ECERT_E_PIN_WRONG)),
	    &zh,
	    "\xE5\x85\xB1 5\xEF\xBC\x8C\xE7\xAC\xAC "
	    "2\xEF\xBC\x9A\xE5\xAF\x86\xE7\xA2\xBC\xE9\x8C\xAF");
	becomes(MSG("{w}", P_WORD("w", "the PIN is wrong")), &zh,
	    "\xE5\xAF\x86\xE7\xA2\xBC\xE9\x8C\xAF");
	/* What came from outside is nobody's to translate. */
	becomes(MSG("{w}", P_TEXT("w", "the PIN is wrong")), &zh, "the PIN is wrong");
	becomes(MSG_N("{n} file", "{n} files", 3, ), &zh, "3 \xE4\xBB\xBD");
	becomes(MSG_N("{n} file", "{n} files", 0, ), &zh, "\xE7\x84\xA1");
	becomes(MSG("{t}", P_TIME("t", 7)), &zh, "<7>");
}

static void in_brackets(const char *path, struct buf *out)
{
	buf_str(out, "<");
	buf_str(out, path);
	buf_str(out, ">");
}

/* Also what is kept, in English as in another language. */
static void the_name_of_a_file_is_written_as_the_process_writes_it(void **state)
{
	struct message_kept k;
	const struct message *m = MSG("{file} is {text}", P_FILE("file", "a"), P_TEXT("text", "a"));

	(void)state;
	becomes(m, NULL, "a is a");
	message_files(in_brackets);
	becomes(m, NULL, "<a> is a");
	message_keep(&k, m);
	message_files(NULL);
	becomes(MSG_KEPT(&k), NULL, "<a> is a");
	becomes(MSG("{file}", P_FILE("file", NULL)), NULL, "");
}

static void what_is_too_long_is_told_by_its_id(void **state)
{
	size_t n = MESSAGE_TEXT_MAX;
	char *large = malloc(n + 1);

	(void)state;
	assert_non_null(large);
	memset(large, 'x', n);
	large[n] = 0;
	becomes(MSG("{file} is empty", P_TEXT("file", large)), NULL, "{file} is empty");
	large[n - strlen(" is empty")] = 0;
	{
		char *s = message_string(MSG("{file} is empty", P_TEXT("file", large)), NULL);

		assert_int_equal(strlen(s), n);
		message_free(s);
	}
	free(large);
}

static void kept_becomes(
    const struct message_kept *k, const struct message_words *w, const char *want)
{
	struct buf b = BUF_INIT(4096);

	message_kept_write(k, w, &b);
	buf_u8(&b, 0);
	assert_int_equal(buf_rc(&b), ECERT_OK);
	assert_string_equal((const char *)buf_view(&b).p, want);
	buf_free(&b);
}

/* Kept in a block whose texts are gone, copied, and worded in another language later. */
static void a_message_can_be_kept(void **state)
{
	static const struct message_words zh = {sentence, counted, moment};
	struct message_kept first, k;

	(void)state;
	{
		char gone[] = "a\x1B"
			      "b";

		message_keep(
		    &first, MSG("{x}: {inner}, {n}", P_TEXT("x", gone),
				P_MSG("inner", MSG("{n} of {all}: {why}", P_NUMBER("n", 1),
						   P_NUMBER("all", 2), P_TEXT("why", gone))),
				P_NUMBER("n", 7)));
		memset(gone, '#', sizeof gone - 1);
	}
	k = first;
	memset(&first, 0, sizeof first);
	kept_becomes(&k, NULL, "a?b: 1 of 2: a?b, 7");
	kept_becomes(&k, &zh,
	    "a?b: \xE5\x85\xB1 2\xEF\xBC\x8C\xE7\xAC\xAC 1\xEF\xBC\x9A"
	    "a?b, 7");
	message_keep(&k, MSG("nothing"));
	kept_becomes(&k, NULL, "nothing");
	memset(&k, 0, sizeof k);
	kept_becomes(&k, NULL, "");
}

static void what_has_no_room_is_cut_and_shown_so(void **state)
{
	char large[600], want[600];
	struct message_kept k;
	size_t n = MESSAGE_KEPT_TEXT - 1 - 3;

	(void)state;
	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = 0;
	message_keep(&k, MSG("<{a}>", P_TEXT("a", large)));
	snprintf(want, sizeof want, "<%.*s\xE2\x80\xA6>", (int)n, large);
	kept_becomes(&k, NULL, want);
	/* What comes behind it finds no room at all, and nothing is written over. */
	message_keep(&k, MSG("<{a}{b}{c}>", P_TEXT("a", large), P_TEXT("b", "y"), P_TEXT("c", "")));
	snprintf(want, sizeof want, "<%.*s\xE2\x80\xA6>", (int)n, large);
	kept_becomes(&k, NULL, want);
	/* Cut where a character ends. */
	for (size_t i = 0; i + 3 < sizeof large; i += 3)
		memcpy(large + i, "\xE4\xB8\xAD", 3);
	large[597] = 0;
	message_keep(&k, MSG("{a}", P_TEXT("a", large)));
	snprintf(want, sizeof want, "%.*s\xE2\x80\xA6", (int)(n / 3 * 3), large);
	kept_becomes(&k, NULL, want);
}

/* Two inside, whose own ids are worded, too; what is more becomes English words. */
static void what_is_inside_is_kept_as_well(void **state)
{
	static const struct message_words zh = {sentence, counted, moment};
	struct message_kept k, again;
	char text[64];

	(void)state;
	message_keep(&k, MSG("{a}; {b}; {c}",
			     P_MSG("a", MSG("{n} of {all}: {why}", P_NUMBER("n", 1),
					    P_NUMBER("all", 2), P_TEXT("why", "x"))),
			     P_MSG("b", MSG("<{y}>", P_TEXT("y", "b"))),
			     P_MSG("c", MSG("<{z}>", P_TEXT("z", "c")))));
	kept_becomes(&k, NULL, "1 of 2: x; <b>; <c>");
	kept_becomes(&k, &zh,
	    "\xE5\x85\xB1 2\xEF\xBC\x8C\xE7\xAC\xAC 1\xEF\xBC\x9A"
	    "x; <b>; <c>");
	assert_int_equal(k.n, 3);
	/* Said with another one. */
	message_keep(&again, MSG("({k})", P_MSG("k", MSG_KEPT(&k))));
	kept_becomes(&again, NULL, "(1 of 2: x; <b>; <c>)");
	/* Cut where a character ends, and shown as cut. */
	message_keep(&k, MSG("{a}", P_TEXT("a", "ab\xE4\xB8\xAD\xE4\xB8\xAD")));
	message_kept_text(&k, NULL, text, 9);
	assert_string_equal(text, "ab\xE4\xB8\xAD\xE4\xB8\xAD");
	message_kept_text(&k, NULL, text, 8);
	assert_string_equal(text, "ab\xE2\x80\xA6");
	message_kept_text(&k, NULL, text, 2);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_filled_in),
	    cmocka_unit_test(an_unknown_name_stays),
	    cmocka_unit_test(one_has_its_own_form),
	    cmocka_unit_test(errors_of_the_system_are_in_the_catalogue),
	    cmocka_unit_test(another_language),
	    cmocka_unit_test(the_name_of_a_file_is_written_as_the_process_writes_it),
	    cmocka_unit_test(what_is_too_long_is_told_by_its_id),
	    cmocka_unit_test(a_message_can_be_kept),
	    cmocka_unit_test(what_has_no_room_is_cut_and_shown_so),
	    cmocka_unit_test(what_is_inside_is_kept_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
