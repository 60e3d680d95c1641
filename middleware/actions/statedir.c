/* SPDX-License-Identifier: BSD-2-Clause */
/* Where used nonces and the newest trust lists are remembered, and what was fetched is kept (XDG
 * Base Directory Specification). */
#include "actions/statedir.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Makes the folders above the last one. */
static void make_parents(const char *path)
{
	char part[PATH_MAX];

	for (const char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		if (snprintf(part, sizeof part, "%.*s", (int)(p - path), path) < (int)sizeof part)
			(void)!mkdir(part, 0700); /* what fails here fails again at the last one */
	}
}

/* variable: it says where; else below the home folder. */
static const char *folder(
    const char *variable, const char *below, const char *name, char *path, size_t cap)
{
	const char *base = getenv(variable), *home = getenv("HOME");
	int n = base && *base == '/'   ? snprintf(path, cap, "%s/ecert/%s", base, name)
		: home && *home == '/' ? snprintf(path, cap, "%s/%s/ecert/%s", home, below, name)
				       : -1;

	if (n < 0 || n >= (int)cap)
		return NULL;
	make_parents(path);
	return path;
}

const char *state_folder(const char *name, char *path, size_t cap)
{
	return folder("XDG_STATE_HOME", ".local/state", name, path, cap);
}

const char *cache_folder(const char *name, char *path, size_t cap)
{
	return folder("XDG_CACHE_HOME", ".cache", name, path, cap);
}

const char *config_folder(const char *name, char *path, size_t cap)
{
	return folder("XDG_CONFIG_HOME", ".config", name, path, cap);
}
