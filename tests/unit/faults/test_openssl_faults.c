/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSSL runs out of memory at every point: no crash, no false success. A process of its own. */
#include "tests/unit/faults/strike.h"

#include <stdlib.h>

/*
 * For LeakSanitizer: OpenSSL 3.0 itself leaks when OSSL_LIB_CTX_new or the first EVP_MD_fetch of a
 * context runs out of memory. Our own memory is counted by strike_all.
 */
int __lsan_is_turned_off(void);
__attribute__((visibility("default"))) int __lsan_is_turned_off(void)
{
	return 1;
}

static void module_flow(void **state)
{
	(void)state;
	strike_all(module_flows, FAULT_OPENSSL, "no memory in OpenSSL", true);
}

static void documents(void **state)
{
	(void)state;
	strike_some(document_flows, FAULT_OPENSSL, "no memory in OpenSSL", 61);
}

static int prepare(void **state)
{
	(void)state;
	(void)setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	(void)unsetenv("ECERT_READER");
	document_flows_prepare();
	return 0;
}

static int end(void **state)
{
	(void)state;
	document_flows_end();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(module_flow),
	    cmocka_unit_test(documents),
	};

	fault_openssl_hooks();
	return cmocka_run_group_tests(tests, prepare, end);
}
