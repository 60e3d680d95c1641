/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of the times that every signed token states: iat, nbf, exp. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "document/json.h"
#include "trust/claims.h"

#define NOW 1780000000

static void times(void **state)
{
	static const struct {
		const char *claims;
		long life;
		const char *why; /* part of it; empty: good */
	} row[] = {
	    {"{\"iat\":1780000000}", 0, ""},
	    {"{\"iat\":1780000060}", 0, ""},
	    {"{\"iat\":1780000061}", 0, "iat lies in the future"},
	    {"{\"iat\":1779999999.5,\"exp\":1780000001.5}", 300, ""},
	    {"{}", 0, "iat"},
	    {"{\"iat\":\"1780000000\"}", 0, "iat"},
	    {"{\"iat\":-1}", 0, "iat"},
	    {"{\"iat\":1e308}", 0, "iat"},
	    {"{\"iat\":null}", 0, "iat"},
	    {"{\"iat\":[1780000000]}", 0, "iat"},
	    {"{\"iat\":1780000000}", 300, "exp is missing"},
	    {"{\"iat\":1779999900,\"exp\":1780000000}", 300, "expired"},
	    {"{\"iat\":1779999900,\"exp\":0}", 0, "expired"},
	    {"{\"iat\":1779999900,\"exp\":-1}", 0, "exp is not a time"},
	    {"{\"iat\":1779999900,\"exp\":null}", 0, "exp is not a time"},
	    {"{\"iat\":1779999900,\"exp\":\"never\"}", 0, "exp is not a time"},
	    {"{\"iat\":1779999900,\"exp\":1e17}", 0, "exp is not a time"},
	    {"{\"iat\":1779999900,\"exp\":253402300799}", 0, ""},
	    {"{\"iat\":1779999900,\"exp\":253402300799}", 300, "longer"},
	    {"{\"iat\":1780000050,\"exp\":1780000040}", 0, "after iat"},
	    {"{\"iat\":1780000000,\"nbf\":1780000060}", 0, ""},
	    {"{\"iat\":1780000000,\"nbf\":0}", 0, ""},
	    {"{\"iat\":1780000000,\"nbf\":1780000061}", 0, "nbf lies in the future"},
	    {"{\"iat\":1780000000,\"nbf\":1780000061.5}", 0, "nbf lies in the future"},
	    {"{\"iat\":1780000000,\"nbf\":\"1780000000\"}", 0, "nbf is not a time"},
	    {"{\"iat\":1780000000,\"nbf\":-1}", 0, "nbf is not a time"},
	    {"{\"iat\":1780000000,\"nbf\":1e300}", 0, "nbf is not a time"},
	    {"{\"iat\":1780000000,\"nbf\":true}", 0, "nbf is not a time"},
	    {"{\"iat\":1780000000,\"nbf\":null}", 0, "nbf is not a time"},
	    {"{\"iat\":1780000000,\"nbf\":1780000050,\"exp\":1780000040}", 0, "after nbf"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct jws j = {.alg = DOC_ES256};
		struct claim_times t;
		struct report rep;
		report_init(&rep);
		j.claims = json_read(rd_of(row[i].claims, strlen(row[i].claims)), NULL);
		assert_non_null(j.claims);
		bool good = claim_times_check(&j, CHK_TIME, NOW, row[i].life, &t, &rep);
		const char *why = good ? "" : rep.checks[0].detail;
		if (good != !row[i].why[0] || !strstr(why, row[i].why))
			fail_msg("%s: %s", row[i].claims, good ? "good" : why);
		json_decref(j.claims);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(times)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
