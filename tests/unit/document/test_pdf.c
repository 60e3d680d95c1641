/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of what is read of a signed PDF by its bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/pdf/range.h"

static struct rd text(const char *s)
{
	return rd_of(s, strlen(s));
}

static void names(void **state)
{
	char out[8];
	(void)state;
	assert_true(pdf_name_is(text("/Contents"), "Contents"));
	assert_true(pdf_name_is(text("/C#6fntents"), "Contents"));
	assert_false(pdf_name_is(text("/Content"), "Contents"));
	assert_false(pdf_name_is(text("/Contentss"), "Contents"));
	assert_false(pdf_name_is(text("Contents"), "Contents"));
	pdf_name_get(text("/ETSI.RFC3161"), out, sizeof out);
	assert_string_equal(out, "ETSI.RF");
}

static void strings(void **state)
{
	static const struct {
		const char *written, *read;
	} rows[] = {
	    {"(Pay (100) \\) now)", "Pay (100) ) now"},
	    {"(a\\nb\\101\\\nc)", "a\nbAc"},
	    {"<48 65 6C6c6F>", "Hello"},
	    {"<FEFF627F8AFE>", "\xE6\x89\xBF\xE8\xAB\xBE"},
	    {"<FEFFD83DDE00>", "\xF0\x9F\x98\x80"},
	    {"<EFBBBFE689BF>", "\xE6\x89\xBF"},
	    {"(\\222 \\240)", "\xE2\x84\xA2 \xE2\x82\xAC"},
	    {"(\\351)", "\xC3\xA9"},
	    {"<4G>", ""},
	    {"/Name", ""},
	};
	char out[64];
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		pdf_text_get(text(rows[i].written), out, sizeof out);
		/* What ends a line is not shown. */
		for (char *p = out; (p = strchr(p, '?')); p++)
			*p = '\n';
		assert_string_equal(out, rows[i].read);
	}
}

static void dates(void **state)
{
	(void)state;
	assert_int_equal(pdf_date_get(text("(D:20261129130512Z)")), 1795957512);
	assert_int_equal(pdf_date_get(text("(D:20261129210512+08'00')")), 1795957512);
	assert_int_equal(pdf_date_get(text("(D:20261129073512-05'30')")), 1795957512);
	assert_int_equal(pdf_date_get(text("(D:2026)")), 1767225600);
	assert_int_equal(pdf_date_get(text("(yesterday)")), 0);
	assert_int_equal(pdf_date_get(text("(D:20261329)")), 0);
	assert_int_equal(pdf_date_get(text("()")), 0);
}

static void dictionaries(void **state)
{
	const char *s = "<</A<</B 1/C(>>)/D[<</B 2>>]>>/E 12 0 R/F%/B\n/G>>";
	struct pdf_dict d;
	bool doubled = false;
	(void)state;
	assert_true(pdf_dict_at(text(s), (const uint8_t *)strstr(s, "/C"), &d));
	assert_int_equal(d.n, 3);
	assert_int_equal(pdf_dict_get(&d, "C", &doubled).n, 4);
	assert_true(pdf_dict_at(text(s), (const uint8_t *)strstr(s, "/E"), &d));
	assert_int_equal(d.n, 3);
	assert_int_equal(pdf_dict_get(&d, "E", &doubled).n, strlen("12 0 R"));
	assert_false(doubled);
	/* In a comment, in a string, in what does not end. */
	assert_false(pdf_dict_at(text(s), (const uint8_t *)strstr(s, "/B\n"), &d));
	s = "<</A(/B)/A 1>>";
	assert_false(pdf_dict_at(text(s), (const uint8_t *)strstr(s, "/B"), &d));
	assert_true(pdf_dict_at(text(s), (const uint8_t *)s + 2, &d));
	(void)pdf_dict_get(&d, "A", &doubled);
	assert_true(doubled);
	s = "<</A 1/B 2";
	assert_false(pdf_dict_at(text(s), (const uint8_t *)strstr(s, "/B"), &d));
}

static void nested_without_end(void **state)
{
	struct buf deep = BUF_INIT(1u << 20);
	struct pdf_dict d;
	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_str(&deep, "<</A[");
	assert_false(pdf_dict_at(buf_view(&deep), buf_view(&deep).p + 2, &d));
	assert_int_equal(pdf_value_size(buf_view(&deep)), 0);
	buf_free(&deep);
}

/* One signature of "<3001AA00>" with this range; the numbers that fit are 0, at, at + 10, rest. */
#define FRAME                                                                                      \
	"%%PDF-1.7\n1 0 obj\n<</Type/Sig/SubFilter/x/ByteRange[%s]%s/Contents<3001AA00>>>\n"       \
	"endobj\n%%%%EOF\n"

static struct pdf_signatures found;

static const char *defect_of(const char *range, const char *more, bool fill)
{
	char numbers[80], pdf[512];
	int fd = memfd_create("pdf", MFD_CLOEXEC);
	snprintf(pdf, sizeof pdf, FRAME, range, more);
	if (fill) {
		long at = strstr(pdf, "<3001") - pdf;
		snprintf(numbers, sizeof numbers, "0 %3ld %3ld %3ld", at, at + 10,
		    (long)strlen(pdf) - at - 10);
		assert_int_equal(strlen(numbers), strlen(range));
		snprintf(pdf, sizeof pdf, FRAME, numbers, more);
	}
	assert_int_equal(write(fd, pdf, strlen(pdf)), strlen(pdf));
	pdf_signatures_free(&found);
	assert_int_equal(pdf_signatures_find(fd, &found), ECERT_OK);
	close(fd);
	assert_int_equal(found.n, 1);
	return found.v[0].defect ? found.v[0].defect : "";
}

static void ranges(void **state)
{
	static const char room[] = "0 000 000 000";
	(void)state;
	assert_string_equal(defect_of(room, "", true), "");
	assert_int_equal(buf_len(&found.v[0].contents), 4);
	assert_int_equal(found.v[0].end, found.size);
	assert_string_equal(found.v[0].subfilter, "x");
	assert_non_null(strstr(defect_of(room, "/Contents(x)", true), "twice"));
	assert_non_null(strstr(defect_of("0 10 20", "", false), "not two ranges"));
	assert_non_null(strstr(defect_of("0 10 20 30 40 50", "", false), "not two ranges"));
	assert_non_null(strstr(defect_of("5 10 20 30", "", false), "does not begin"));
	assert_non_null(strstr(defect_of("0 10 20 3000", "", false), "beyond the end"));
	assert_non_null(
	    strstr(defect_of("0 10 20 18446744073709551600", "", false), "not two ranges"));
	assert_non_null(
	    strstr(defect_of("0 10 20 9223372036854775807", "", false), "beyond the end"));
	assert_non_null(strstr(defect_of("0 20 20 30", "", false), "no room"));
	assert_non_null(strstr(defect_of("0 10 20 30", "", false), "exactly one string"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(strings),
	    cmocka_unit_test(dates),
	    cmocka_unit_test(dictionaries),
	    cmocka_unit_test(nested_without_end),
	    cmocka_unit_test(ranges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
