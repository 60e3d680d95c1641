/* SPDX-License-Identifier: BSD-2-Clause */
/* What was dropped, by its names. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/deeds/deeds.h"

#define NAMES_MAX 2000 /* what is dropped, and a signature of each */

const char *asked_text(const json_t *asked, const char *name)
{
	const char *text = json_string_value(json_object_get(asked, name));

	return text && *text ? text : NULL;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum ecert_rc add(struct strlist *to, const char *before, const char *name)
{
	char path[PATH_MAX];

	if (to->n == NAMES_MAX || snprintf(path, sizeof path, "%s%s", before, name) >= PATH_MAX)
		return ECERT_E_TOO_LARGE;
	to->v[to->n] = strdup(path);
	return to->v[to->n++] ? ECERT_OK : ECERT_E_MEMORY;
}

/* before: what stands in front of each name. */
static enum ecert_rc list(const char *folder, const char *before, struct strlist *out)
{
	DIR *dir = opendir(folder);
	enum ecert_rc rc = ECERT_OK;
	const struct dirent *e;

	*out = (struct strlist){calloc(NAMES_MAX, sizeof *out->v), 0};
	if (!dir || !out->v)
		rc = dir ? ECERT_E_MEMORY : ECERT_E_IO;
	while (rc == ECERT_OK && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			rc = add(out, before, e->d_name);
	if (dir)
		(void)closedir(dir);
	if (rc == ECERT_OK)
		qsort(out->v, out->n, sizeof *out->v, by_bytes);
	return rc;
}

bool tray_names(const struct job *job, const char *folder, struct strlist *out)
{
	char before[PATH_MAX] = "";
	enum ecert_rc rc;

	if (strcmp(folder, ".") != 0)
		(void)snprintf(before, sizeof before, "%s/", folder);
	rc = list(folder, before, out);
	return !ui_fail_rc(job->ui, rc, MSG("Cannot look at what was dropped: {why}"));
}

void tray_forget(struct strlist *names)
{
	for (size_t i = 0; names->v && i < names->n; i++)
		free((void *)(uintptr_t)names->v[i]);
	free(names->v);
	*names = (struct strlist){NULL, 0};
}

bool tray_enter(
    const struct job *job, const json_t *asked, struct strlist *files, struct strlist *anchors)
{
	const char *folder = asked_text(asked, "folder");
	char path[PATH_MAX];

	*files = *anchors = (struct strlist){NULL, 0};
	if (!folder || snprintf(path, sizeof path, "%s/files", folder) >= PATH_MAX ||
	    chdir(path) != 0)
		return !ui_fail_rc(
		    job->ui, ECERT_E_IO, MSG("Cannot look at what was dropped: {why}"));
	if (!tray_names(job, ".", files) || !tray_names(job, "../anchors", anchors))
		return false;
	if (files->n)
		return true;
	(void)ui_fail(
	    job->ui, OUT_INPUT, "no-files", MSG("No file was dropped"), MSG("Drop a file first."));
	return false;
}
