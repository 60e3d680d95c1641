/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor's list of checks, its findings, and how it looks at files. */
#include "actions/doctor/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/text.h"

/* In the order in which one thing stands on the other. */
static void (*const checks[])(struct doctor *d) = {doctor_check_service, doctor_check_readers,
    doctor_check_cards, doctor_check_module, doctor_check_gpg, doctor_check_secrets,
    doctor_check_certificates, doctor_check_daemon, doctor_check_p11kit, doctor_check_nss,
    doctor_check_browsers, doctor_check_clock};

enum doctor_level doctor_examine(struct doctor *d)
{
	enum doctor_level worst = DOCTOR_FINE;

	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		checks[i](d);
	for (size_t i = 0; i < d->findings; i++)
		if (d->finding[i].level > worst)
			worst = d->finding[i].level;
	return worst;
}

const char *doctor_level_name(enum doctor_level level)
{
	static const char *const names[] = {[DOCTOR_FINE] = MSG_ID("ok"),
	    [DOCTOR_WARNING] = MSG_ID("warning"),
	    [DOCTOR_PROBLEM] = MSG_ID("problem")};

	return names[level];
}

/* Text from outside as English words, of which bytes that are not UTF-8 become '?'. */
static void word(const struct message *m, char *out, size_t cap)
{
	char *said = message_string(m, NULL);

	text_copy(out, cap, said ? said : m->id);
	text_utf8(out, true);
	message_free(said);
}

void doctor_find(struct doctor *d, const char *check, enum doctor_level level,
    const struct message *next, const struct message *what)
{
	struct doctor_finding *f = &d->finding[d->findings];

	if (d->findings == DOCTOR_FINDINGS)
		return;
	d->findings++;
	*f = (struct doctor_finding){.check = check, .level = level};
	word(what, f->what, sizeof f->what);
	message_keep(&f->said, what);
	if (!next)
		return;
	word(next, f->advice, sizeof f->advice);
	message_keep(&f->next, next);
}

/* ---- files ---- */

const char *doctor_path(const struct doctor *d, const char *path, char out[DOCTOR_PATH])
{
	snprintf(out, DOCTOR_PATH, "%s%s", d->root, path);
	return out;
}

bool doctor_has(const struct doctor *d, const char *path)
{
	char below[DOCTOR_PATH];

	return !access(doctor_path(d, path, below), F_OK);
}

size_t doctor_glob(const struct doctor *d, const char *pattern, glob_t *out)
{
	char below[DOCTOR_PATH];

	*out = (glob_t){0};
	return glob(doctor_path(d, pattern, below), 0, NULL, out) ? 0 : out->gl_pathc;
}

void doctor_line(const char *path, char *out, size_t cap)
{
	FILE *f = fopen(path, "re");

	if (!f || !fgets(out, (int)cap, f))
		out[0] = 0;
	out[strcspn(out, "\n")] = 0;
	if (f)
		fclose(f);
}

bool doctor_mentions(const char *path, const char *text)
{
	size_t cap = 256 * 1024, n = 0;
	FILE *f = fopen(path, "re");
	char *all = f ? malloc(cap) : NULL;
	bool found;

	if (all)
		n = fread(all, 1, cap, f);
	found = all && memmem(all, n, text, strlen(text));
	free(all);
	if (f)
		fclose(f);
	return found;
}

long doctor_process(const struct doctor *d, const char *name)
{
	glob_t found;
	size_t n = doctor_glob(d, "/proc/[0-9]*/comm", &found), skip = strlen(d->root);
	char comm[32];
	long pid = 0;

	for (size_t i = 0; i < n && !pid; i++) {
		doctor_line(found.gl_pathv[i], comm, sizeof comm);
		if (!strcmp(comm, name))
			pid = strtol(found.gl_pathv[i] + skip + strlen("/proc/"), NULL, 10);
	}
	globfree(&found);
	return pid;
}
