/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of the module's functions out of a fuzzer's input. */
#ifndef ECERT_FUZZ_MODULE_CALLS_H
#define ECERT_FUZZ_MODULE_CALLS_H

#include <stdbool.h>

#include "module_args.h"

struct module_run {
	struct handles handles;
	/* Asked of what C_Sign gave with CKM_ECDSA. */
	bool (*is_true)(struct rd digest, struct rd signature);
	/* The last C_SignInit that went well. */
	CK_SESSION_HANDLE session;
	CK_MECHANISM_TYPE mechanism;
};

/* One call: its number in the function lists, then its arguments. False at the input's end. */
bool module_call(struct module_run *run, struct rd *in);

#endif
