/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor on the PKCS#11 module that was named: whether it loads, starts and shows a token. */
#include <dlfcn.h>
#include <unistd.h>

#include "actions/doctor/doctor.h"
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

void doctor_probe_module(const struct job *job, struct doctor_module *m)
{
	const char *path = job->module;
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
	if (get && get(&fn) == CKR_OK && fn && p11_say_reader(library, job) == ECERT_OK)
		ask(m, fn);
	(void)dlclose(library);
}

void doctor_check_module(struct doctor *d)
{
	const struct doctor_module *m = &d->named;
	char rv[24];

	if (!m->path)
		return;
	snprintf(rv, sizeof rv, "0x%lx", m->rv);
	switch (m->state) {
	case DOCTOR_MODULE_MISSING:
		doctor_find(d, MSG_ID("module"), DOCTOR_PROBLEM,
		    MSG("Check the path given with --module (a PKCS#11 module ends in .so)."),
		    MSG("There is no file {file} that you may read", P_FILE("file", m->path)));
		return;
	case DOCTOR_MODULE_IS_NONE:
		doctor_find(d, MSG_ID("module"), DOCTOR_PROBLEM,
		    MSG("Check the path given with --module (a PKCS#11 module ends in .so)."),
		    MSG("{file} is not a PKCS#11 module that can be loaded",
			P_FILE("file", m->path)));
		return;
	case DOCTOR_MODULE_STARTS_NOT:
		doctor_find(d, MSG_ID("module"), DOCTOR_PROBLEM,
		    MSG("Ask whoever made it; `ecert` without --module uses e-Cert's own."),
		    MSG("The module {file} does not start (CKR {rv})", P_FILE("file", m->path),
			P_TEXT("rv", rv)));
		return;
	case DOCTOR_MODULE_WORKS:
		break;
	}
	if (m->tokens)
		doctor_find(d, MSG_ID("module"), DOCTOR_FINE, NULL,
		    MSG_N("{file} shows {n} token", "{file} shows {n} tokens", m->tokens,
			P_FILE("file", m->path)));
	else
		doctor_find(d, MSG_ID("module"), DOCTOR_WARNING,
		    MSG("Put the token in; when it is in, it is one that this module does not "
			"know."),
		    MSG("{file} starts and shows no token", P_FILE("file", m->path)));
}
