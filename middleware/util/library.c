/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding the functions of a library by their names. */
#include "util/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static bool load(const struct library *l)
{
	void *file = dlopen(l->name, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; file && i < l->n; i++) {
		void *f = dlsym(file, l->rows[i].symbol);

		if (!f)
			return false;
		memcpy((char *)l->functions + l->rows[i].at, &f, sizeof f);
	}
	return file && (!l->begin || l->begin());
}

const void *library_functions(struct library *l)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	const void *out;

	(void)pthread_mutex_lock(&one_at_a_time);
	if (l->state == LIBRARY_UNTRIED)
		l->state = load(l) ? LIBRARY_THERE : LIBRARY_NONE;
	out = l->state == LIBRARY_THERE ? l->functions : NULL;
	(void)pthread_mutex_unlock(&one_at_a_time);
	return out;
}
