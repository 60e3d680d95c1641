/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the status answers of trust marks. */
#include "mark_fix.h"

static void statuses(void **state)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE), other = BUF_INIT(JWS_MAX_SIZE),
		   st = BUF_INIT(JWS_MAX_SIZE);
	struct trust_set *s = trust(false);
	struct mark_expect e = {.now = T0, .trust = s};
	struct doc_signer by = pki_signer(&issuer), no = pki_signer(&stranger);
	static const char *const values[] = {"expired", "revoked", "invalid", "suspended", "new"};
	char v[32];
	(void)state;
	issue(&issuer, &grant, &mark);
	issue(&issuer, &grant, &other); /* differs by its jti */
	assert_int_equal(
	    mark_status_issue(&by,
		&(const struct mark_status){
		    .iss = ISS, .mark = buf_view(&mark), .status = "active", .iat = T0},
		&st),
	    ECERT_OK);
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "");
	assert_string_equal(v, "active");
	assert_string_equal(status_of(buf_view(&st), buf_view(&other), &e, v), "status mark");
	e.now = T0 + DAY + 1;
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "status time");
	e.now = T0 - DAY;
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "status time");
	e.now = T0;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		buf_reset(&st);
		assert_int_equal(mark_status_issue(&by,
				     &(const struct mark_status){.iss = ISS,
					 .mark = buf_view(&mark),
					 .status = values[i],
					 .reason = "why",
					 .iat = T0},
				     &st),
		    ECERT_OK);
		assert_string_equal(
		    status_of(buf_view(&st), buf_view(&mark), &e, v), "status value");
		assert_string_equal(v, values[i]);
	}
	buf_reset(&st);
	assert_int_equal(
	    mark_status_issue(&no,
		&(const struct mark_status){
		    .iss = ISS, .mark = buf_view(&mark), .status = "active", .iat = T0},
		&st),
	    ECERT_OK);
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "status issuer");
	assert_string_equal(status_of(buf_view(&mark), buf_view(&mark), &e, v), "status form");
	/* Trusted, but with no URL pinned to it: it cannot speak for another's marks. */
	assert_int_equal(
	    trust_set_add_der(s, stranger.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, NULL), ECERT_OK);
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "status issuer");
	trust_set_free(&s);
	buf_free(&mark);
	buf_free(&other);
	buf_free(&st);
}

/* How old an answer may be is the relying party's to say, and not its issuer's. */
static void status_age(void **state)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE), st = BUF_INIT(JWS_MAX_SIZE);
	struct trust_set *s = trust(false);
	struct mark_expect e = {.now = T0 + DAY, .trust = s};
	struct doc_signer by = pki_signer(&issuer);
	char v[32];
	(void)state;
	issue(&issuer, &grant, &mark);
	assert_int_equal(mark_status_issue(&by,
			     &(const struct mark_status){.iss = ISS,
				 .mark = buf_view(&mark),
				 .status = "active",
				 .iat = T0,
				 .exp = T0 + 3000 * DAY},
			     &st),
	    ECERT_OK);
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "");
	e.now++;
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "status age");
	assert_string_equal(v, "");
	e.status_age = 2 * DAY;
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "");
	e.now = T0 + 2 * DAY + 1;
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "status age");
	e.status_age = 3600;
	e.now = T0 + 3601;
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "status age");
	/* What was revoked stays so. */
	buf_reset(&st);
	assert_int_equal(mark_status_issue(&by,
			     &(const struct mark_status){.iss = ISS,
				 .mark = buf_view(&mark),
				 .status = "revoked",
				 .iat = T0,
				 .exp = T0 + 3000 * DAY},
			     &st),
	    ECERT_OK);
	e.now = T0 + 100 * DAY;
	assert_string_equal(status_of(buf_view(&st), buf_view(&mark), &e, v), "status value");
	assert_string_equal(v, "revoked");
	trust_set_free(&s);
	buf_free(&mark);
	buf_free(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(statuses),
	    cmocka_unit_test(status_age),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
