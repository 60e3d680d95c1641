/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory, PC/SC and files fail at every point of what people do: no crash, no leak, no false
 * success. */
#include "tests/unit/faults/strike.h"

#include <jansson.h>
#include <stdlib.h>
#include <winscard.h>

static void memory_module(void **state)
{
	(void)state;
	strike_all(module_flows, FAULT_MEMORY, "no memory", true);
}

static void memory_documents(void **state)
{
	(void)state;
	strike_all(document_flows, FAULT_MEMORY, "no memory", true);
}

static void files(void **state)
{
	(void)state;
	strike_all(document_flows, FAULT_FILE, "an input or output error", true);
}

static void scard(void **state)
{
	fault_scard_code = *(const long *)*state;
	strike_all(module_flows, FAULT_SCARD, "a failing PC/SC call", true);
}

static int prepare(void **state)
{
	(void)state;
	/* Nobody's configuration. */
	(void)setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	(void)unsetenv("ECERT_READER");
	json_set_alloc_funcs(malloc, free);
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
	static long comm = SCARD_F_COMM_ERROR, reset = SCARD_W_RESET_CARD,
		    removed = SCARD_W_REMOVED_CARD, service = SCARD_E_NO_SERVICE,
		    memory = SCARD_E_NO_MEMORY;
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_module),
	    cmocka_unit_test(memory_documents),
	    cmocka_unit_test(files),
	    {"communication errors", scard, NULL, NULL, &comm},
	    {"resets", scard, NULL, NULL, &reset},
	    {"removals", scard, NULL, NULL, &removed},
	    {"the service is gone", scard, NULL, NULL, &service},
	    {"the service has no memory", scard, NULL, NULL, &memory},
	};

	return cmocka_run_group_tests(tests, prepare, end);
}
