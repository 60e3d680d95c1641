/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor on the PKCS#11 module that was named: whether it loads, starts and shows a token. */
#include <dlfcn.h>
#include <unistd.h>

#include "actions/doctor.h"
#include "client/p11.h"

static void ask(struct doctor_module *m, CK_FUNCTION_LIST *fn)
{
	CK_ULONG n = 0;
	CK_RV rv = fn->C_Initialize(NULL);

	m->state = DOCTOR_MODULE_STARTS_NOT;
	if (rv == CKR_OK)
		rv = fn->C_GetSlotList(CK_TRUE, NULL, &n);
	m->rv = rv;
	if (rv == CKR_OK)
		m->state = DOCTOR_MODULE_WORKS;
	m->tokens = n;
	(void)fn->C_Finalize(NULL);
}

void doctor_probe_module(const char *path, struct doctor_module *m)
{
	void *library;
	CK_C_GetFunctionList get;
	CK_FUNCTION_LIST *fn = NULL;

	*m = (struct doctor_module){.path = path, .state = DOCTOR_MODULE_MISSING};
	if (access(path, R_OK))
		return;
	m->state = DOCTOR_MODULE_IS_NONE;
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return;
	get = (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
	if (get && get(&fn) == CKR_OK && fn)
		ask(m, fn);
	(void)dlclose(library);
}

void doctor_check_module(struct doctor *d)
{
	const struct doctor_module *m = &d->named;

	if (!m->path)
		return;
	switch (m->state) {
	case DOCTOR_MODULE_MISSING:
		doctor_add(d, "module", DOCTOR_PROBLEM,
		    "Check the path given with --module (a PKCS#11 module ends in .so).",
		    "There is no file %s that you may read", m->path);
		return;
	case DOCTOR_MODULE_IS_NONE:
		doctor_add(d, "module", DOCTOR_PROBLEM,
		    "Check the path given with --module (a PKCS#11 module ends in .so).",
		    "%s is not a PKCS#11 module that can be loaded", m->path);
		return;
	case DOCTOR_MODULE_STARTS_NOT:
		doctor_add(d, "module", DOCTOR_PROBLEM,
		    "Ask whoever made it; `ecert` without --module uses e-Cert's own.",
		    "The module %s does not start (CKR 0x%lx)", m->path, m->rv);
		return;
	case DOCTOR_MODULE_WORKS:
		break;
	}
	if (m->tokens)
		doctor_add(d, "module", DOCTOR_FINE, "", "%s shows %lu token%s", m->path, m->tokens,
		    m->tokens == 1 ? "" : "s");
	else
		doctor_add(d, "module", DOCTOR_WARNING,
		    "Put the token in; when it is in, it is one that this module does not know.",
		    "%s starts and shows no token", m->path);
}
