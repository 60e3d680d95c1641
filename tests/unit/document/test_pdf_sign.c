/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing PDFs: the plan and its answer, what is written, and what is refused. The wall's operation
 * runs in process here, so that sanitizers see it. */
#include "cades_fix.h"
#include "document/pdf/objects/objects.h"
#include "document/pdf/sign/plan.h"
#include "document/pdf/sign/sign.h"
#include "document/pdf/sign/tail.h"
#include "document/pdf/sign/text.h"
#include "document/pdf/stamp/draw.h"

static const char pdf[] = "%PDF-1.4\n"
			  "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
			  "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
			  "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
			  "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n"
			  "0000000058 00000 n \n0000000115 00000 n \n"
			  "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n182\n%%EOF\n";

/* What the wall would be asked and answer. */
static void plan_of(struct rd file, uint8_t flags, struct buf *answer)
{
	struct buf request = BUF_INIT(64);
	struct wall_call call = {.input = &file, .inputs = 1};
	buf_u8(&request, flags);
	buf_u8(&request, 0);
	buf_u32(&request, 1);
	buf_u8(&request, PDF_UNSEEN);
	buf_u32(&request, 0);
	buf_u32(&request, 0);
	call.request = buf_view(&request);
	assert_int_equal(pdf_plan(&call, answer), ECERT_OK);
	buf_free(&request);
}

static struct rd whole(void)
{
	return rd_of(pdf, sizeof pdf - 1);
}

static void an_answer_is_read(void **state)
{
	struct buf answer = BUF_INIT(1u << 20);
	struct pdf_plan p = {.object = NULL};
	const struct doc_refusal *why;
	(void)state;
	plan_of(whole(), 0, &answer);
	assert_int_equal(pdf_plan_read(buf_view(&answer), &p, &why), ECERT_OK);
	assert_null(why);
	assert_int_equal(p.startxref, 182);
	assert_false(p.stream);
	/* The catalogue, the page, a form, a field, its appearance; and the signature's. */
	assert_int_equal(p.n, 5);
	assert_int_equal(p.object[0].number, 1);
	assert_int_equal(p.object[1].number, 3);
	assert_int_equal(p.size, 8);
	assert_true(rd_contains(p.object[1].text, "/Annots [ "));
	assert_true(rd_contains(p.trailer, "/Root 1 0 R"));
	pdf_plan_free(&p);
	buf_free(&answer);
}

/* A reader that was taken over may say anything. */
static void any_other_answer_is_refused(void **state)
{
	struct buf answer = BUF_INIT(1u << 20), bent = BUF_INIT(1u << 20);
	const struct doc_refusal *why;
	size_t refused = 0;
	struct rd good;
	(void)state;
	plan_of(whole(), 0, &answer);
	good = buf_view(&answer);
	for (size_t n = 0; n < good.n; n++) {
		struct pdf_plan p = {.object = NULL};
		assert_int_equal(pdf_plan_read(rd_of(good.p, n), &p, &why), ECERT_E_MALFORMED);
		pdf_plan_free(&p);
	}
	for (size_t at = 0; at < good.n; at++) {
		struct pdf_plan p = {.object = NULL};
		buf_reset(&bent);
		buf_put(&bent, good.p, at);
		buf_u8(&bent, good.p[at] ^ 0xFF);
		buf_put(&bent, good.p + at + 1, good.n - at - 1);
		refused += pdf_plan_read(buf_view(&bent), &p, &why) != ECERT_OK;
		pdf_plan_free(&p);
	}
	/* Behind the place of the last section, all numbers of the head are bound to each other. */
	assert_true(refused > 40);
	buf_free(&bent);
	buf_free(&answer);
}

static enum ecert_rc gather(void *ctx, struct rd part)
{
	buf_rd(ctx, part);
	return buf_rc(ctx);
}

static void use_wall(void)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/ecert-wall", getenv("top_builddir"));
	assert_int_equal(setenv("ECERT_WALL", path, 1), 0);
}

/* What is written has one signature, is what it was up to there, and opens without being mended. */
static void what_is_written_opens(void **state)
{
	struct doc_signer s = pki_signer(&p256);
	struct doc_pdf_options about = {.reason = "(why\\)", .place = "\xE9\xA6\x99\xE6\xB8\xAF"};
	struct doc_sign_options o = {.now = T0, .pdf = &about};
	struct buf out = BUF_INIT(1u << 20), answer = BUF_INIT(1u << 20);
	int fd = file_with(pdf, sizeof pdf - 1);
	const struct doc_refusal *why = NULL;
	struct doc_prepared *ready = NULL;
	(void)state;
	use_wall();
	assert_int_equal(pdf_prepare(&o, fd, &ready, &why), ECERT_OK);
	assert_null(why);
	assert_int_equal(pdf_sign_into(&s, &o, ready, fd, gather, &out), ECERT_OK);
	assert_memory_equal(buf_view(&out).p, pdf, sizeof pdf - 1);
	assert_true(rd_contains(buf_view(&out), "/Reason (\\(why\\\\\\))"));
	assert_true(rd_contains(buf_view(&out), "/Location <FEFF99996E2F>"));
	assert_int_equal(doc_kind_bytes(buf_view(&out)), DOC_KIND_SIGNED_PDF);
	plan_of(buf_view(&out), 0, &answer);
	assert_int_equal(buf_view(&answer).p[0], PDF_GOOD);
	buf_reset(&answer);
	plan_of(buf_view(&out), PDF_CERTIFY, &answer);
	assert_int_equal(buf_view(&answer).p[0], PDF_SIGNED);
	/* Another file under the same name is not what was looked at. */
	assert_int_equal(pwrite(fd, "more", 4, sizeof pdf - 1), 4);
	assert_int_equal(pdf_sign_into(&s, &o, ready, fd, gather, &out), ECERT_E_NOT_FOUND);
	pdf_forget(&ready);
	close(fd);
	buf_free(&answer);
	buf_free(&out);
}

static void the_sink_s_error_comes_back(void **state)
{
	struct doc_signer s = pki_signer(&p256);
	struct doc_sign_options o = {.now = T0};
	struct buf small = BUF_INIT(300);
	int fd = file_with(pdf, sizeof pdf - 1);
	const struct doc_refusal *why = NULL;
	struct doc_prepared *ready = NULL;
	(void)state;
	use_wall();
	assert_int_equal(pdf_prepare(&o, fd, &ready, &why), ECERT_OK);
	assert_int_equal(pdf_sign_into(&s, &o, ready, fd, gather, &small), ECERT_E_TOO_LARGE);
	pdf_forget(&ready);
	close(fd);
	buf_free(&small);
}

static void what_is_none_is_refused(void **state)
{
	struct doc_sign_options o = {.now = T0};
	const char *const file[] = {"a text", "%PDF-1.4\nnothing\nstartxref\n5\n%%EOF\n"};
	const char *const reason[] = {"not-a-pdf", "pdf-broken"};
	(void)state;
	use_wall();
	for (size_t i = 0; i < 2; i++) {
		const struct doc_refusal *why = NULL;
		struct doc_prepared *ready = NULL;
		int fd = file_with(file[i], strlen(file[i]));
		assert_int_equal(pdf_prepare(&o, fd, &ready, &why), ECERT_OK);
		assert_null(ready);
		assert_string_equal(why->reason, reason[i]);
		close(fd);
	}
}

/* The picture goes in with all that it needs, and nothing of it is there twice. */
static void a_picture_is_taken_in(void **state)
{
	struct pdf_picture look = {.name = "CHAN Siu Ming", .now = T0};
	struct buf picture = BUF_INIT(1u << 20), answer = BUF_INIT(1u << 20),
		   request = BUF_INIT(64);
	struct pdf_plan p = {.object = NULL};
	const struct doc_refusal *why;
	struct wall_call call;
	struct rd file[2];
	size_t fonts = 0, seen = 0;
	enum pdf_undrawn undrawn = PDF_NO_CAIRO;
	(void)state;
	assert_int_equal(pdf_draw(&look, &picture, &undrawn), ECERT_OK);
	assert_int_equal(undrawn, PDF_DRAWN);
	file[0] = whole();
	file[1] = buf_view(&picture);
	buf_u8(&request, 0);
	buf_u8(&request, 0);
	buf_u32(&request, 1);
	buf_u8(&request, PDF_AT);
	buf_u32(&request, 250);
	buf_u32(&request, 300);
	call = (struct wall_call){.request = buf_view(&request), .input = file, .inputs = 2};
	assert_int_equal(pdf_plan(&call, &answer), ECERT_OK);
	assert_int_equal(pdf_plan_read(buf_view(&answer), &p, &why), ECERT_OK);
	assert_null(why);
	for (size_t i = 0; i < p.n; i++) {
		fonts += rd_contains(p.object[i].text, "/FontFile2 ");
		seen += rd_contains(p.object[i].text, "/Rect [ 0 ");
		assert_false(rd_contains(p.object[i].text, "/Group"));
	}
	assert_true(fonts >= 1);
	assert_int_equal(seen, 1);
	pdf_plan_free(&p);
	/* One that is none is a defect of ours, and ends it. */
	file[1] = rd_of("%PDF-1.4", 8);
	buf_reset(&answer);
	assert_int_equal(pdf_plan(&call, &answer), ECERT_E_INTERNAL);
	buf_free(&picture);
	buf_free(&answer);
	buf_free(&request);
}

/* A table of references has ten digits for a place (7.5.4), a stream has more. */
static void a_table_has_an_end(void **state)
{
	struct pdf_says says = {.now = T0};
	struct buf answer = BUF_INIT(1u << 20);
	struct pdf_plan p = {.object = NULL};
	const struct doc_refusal *why;
	struct pdf_tail tail;
	(void)state;
	plan_of(whole(), 0, &answer);
	assert_int_equal(pdf_plan_read(buf_view(&answer), &p, &why), ECERT_OK);
	assert_int_equal(
	    pdf_tail_build(&p, &says, 9999999999u - 20000, false, 1024, &tail), ECERT_OK);
	buf_free(&tail.bytes);
	assert_int_equal(
	    pdf_tail_build(&p, &says, 9999999999u, false, 1024, &tail), ECERT_E_TOO_LARGE);
	buf_free(&tail.bytes);
	p.stream = true;
	assert_int_equal(pdf_tail_build(&p, &says, 9999999999u, true, 1024, &tail), ECERT_OK);
	assert_int_equal(buf_view(&tail.bytes).p[0], '\n');
	buf_free(&tail.bytes);
	pdf_plan_free(&p);
	buf_free(&answer);
}

static void text_is_written_as_pdf_has_it(void **state)
{
	static const struct {
		const char *utf8, *written;
	} row[] = {
	    {"plain", "(plain)"},
	    {"a)b(c\\", "(a\\)b\\(c\\\\)"},
	    {"line\n", "<FEFF006C0069006E0065000A>"},
	    {"\xF0\xA0\xAE\xB7", "<FEFFD842DFB7>"},
	    {"\xFF!", "<FEFF003F0021>"},
	    {"", "()"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct buf out = BUF_INIT(256);
		pdf_put_text(&out, row[i].utf8);
		buf_u8(&out, 0);
		assert_string_equal((const char *)buf_view(&out).p, row[i].written);
		buf_free(&out);
	}
}

static void a_date_has_its_zone(void **state)
{
	static const char *const zone[] = {"UTC0", "HKT-8", "NST3:30"};
	static const char *const written[] = {
	    "(D:20260528202640+00'00')", "(D:20260529042640+08'00')", "(D:20260528165640-03'30')"};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buf out = BUF_INIT(256);
		assert_int_equal(setenv("TZ", zone[i], 1), 0);
		tzset();
		pdf_put_date(&out, T0);
		buf_u8(&out, 0);
		assert_string_equal((const char *)buf_view(&out).p, written[i]);
		buf_free(&out);
	}
	unsetenv("TZ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_is_read),
	    cmocka_unit_test(any_other_answer_is_refused),
	    cmocka_unit_test(what_is_written_opens),
	    cmocka_unit_test(the_sink_s_error_comes_back),
	    cmocka_unit_test(what_is_none_is_refused),
	    cmocka_unit_test(a_picture_is_taken_in),
	    cmocka_unit_test(a_table_has_an_end),
	    cmocka_unit_test(text_is_written_as_pdf_has_it),
	    cmocka_unit_test(a_date_has_its_zone),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
