/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of formats: who signs what, and who judges it. */
#include "cades_fix.h"
#include "document/format.h"

static void signed_by_its_kind(void **state)
{
	struct doc_signer s = pki_signer(&p256);
	struct doc_sign_options o = {.now = T0};
	struct doc_verify_options v = {.now = T0 + DAY, .path = &yes};
	struct buf out = BUF_INIT(1u << 20);
	struct doc_result *r = NULL;
	int fd = file_with(invoice, sizeof invoice);
	(void)state;
	assert_int_equal(doc_sign_fd(DOC_KIND_CMS, &s, &o, fd, &out), ECERT_OK);
	assert_int_equal(doc_kind_bytes(buf_view(&out)), DOC_KIND_CMS);
	int sig = file_with(buf_view(&out).p, buf_view(&out).n);
	for (int in_file = 0; in_file < 2; in_file++) {
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_int_equal(in_file ? doc_verify_fd(sig, fd, &v, &r)
					 : doc_verify(buf_view(&out), fd, &v, &r),
		    ECERT_OK);
		assert_int_equal(doc_verdict(r), VERDICT_PASSED);
		doc_result_free(&r);
	}
	close(sig);
	close(fd);
	buf_free(&out);
}

/* A statement in a JWS is made by the trust room, and nothing else is signed at all. */
static void not_signed(void **state)
{
	static const enum doc_kind kind[] = {
	    DOC_KIND_JWS, DOC_KIND_PDF, DOC_KIND_OTHER, DOC_KIND_COUNT};
	struct doc_signer s = pki_signer(&p256);
	struct doc_sign_options o = {.now = T0};
	struct buf out = BUF_INIT(1u << 20);
	int fd = file_with(invoice, sizeof invoice);
	(void)state;
	for (size_t i = 0; i < sizeof kind / sizeof kind[0]; i++) {
		assert_int_equal(doc_sign_fd(kind[i], &s, &o, fd, &out), ECERT_E_UNSUPPORTED);
		assert_int_equal(buf_view(&out).n, 0);
	}
	close(fd);
	buf_free(&out);
}

static void what_is_none_is_told(void **state)
{
	/* A JWS too: what it states is nothing that stands beside a file. */
	static const char *const text[] = {"hello", "%PDF-1.7\n", "eyJhbGciOiJFUzI1NiJ9.e30.AA"};
	struct doc_verify_options v = {.now = T0 + DAY, .path = &yes};
	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		struct doc_result *r = NULL;
		assert_int_equal(doc_verify(rd_of(text[i], strlen(text[i])), -1, &v, &r), ECERT_OK);
		assert_int_equal(doc_verdict(r), VERDICT_FAILED);
		assert_int_equal(report_reason(&r->report)->reason, REASON_NOT_A_SIGNATURE);
		doc_result_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signed_by_its_kind),
	    cmocka_unit_test(not_signed),
	    cmocka_unit_test(what_is_none_is_told),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
