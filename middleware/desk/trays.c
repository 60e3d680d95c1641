/* SPDX-License-Identifier: BSD-2-Clause */
/* Folders of what was dropped on the page: nothing of it leaves the machine, and all of it goes
 * when the desk ends, or when it starts again after a crash. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk/desk.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/log.h"

#define FOLDERS 16 /* that are open at once while a tree is removed */

/* ---- the folder of all ---- */

/* $CACHE_DIRECTORY (systemd.exec(5)), else in the user's own cache. */
static bool find_folder(char *out, size_t cap)
{
	const char *given = getenv("CACHE_DIRECTORY"), *cache = getenv("XDG_CACHE_HOME"),
		   *home = getenv("HOME");
	int n = -1;

	if (given && given[0] == '/')
		n = snprintf(out, cap, "%s", given);
	else if (cache && cache[0] == '/')
		n = snprintf(out, cap, "%s/ecert-desk", cache);
	else if (home && home[0] == '/')
		n = snprintf(out, cap, "%s/.cache/ecert-desk", home);
	return n > 0 && (size_t)n < cap;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	if (at->level && remove(path) != 0)
		log_info("cannot remove %s: %s", path, strerror(errno));
	return 0;
}

/* All that is in it. */
static void empty(const char *path)
{
	(void)nftw(path, remove_one, FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

enum ecert_rc trays_open(struct desk *d)
{
	struct stat st;

	d->base = -1;
	if (!find_folder(d->folder, sizeof d->folder - 64) || !file_make_folders(d->folder))
		return ECERT_E_IO;
	d->base = open(d->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (d->base < 0 || fstat(d->base, &st) != 0)
		return ECERT_E_IO;
	if (st.st_uid != getuid() || fchmod(d->base, 0700) != 0)
		return ECERT_E_DENIED;
	if (flock(d->base, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? ECERT_E_EXISTS : ECERT_E_IO;
	empty(d->folder);
	return ECERT_OK;
}

void trays_close(struct desk *d)
{
	if (d->base < 0)
		return;
	for (size_t i = 0; i < DESK_TRAYS; i++)
		if (d->trays[i].id)
			tray_clear(&d->trays[i]);
	empty(d->folder);
	(void)close(d->base);
}

/* ---- a tray ---- */

struct tray *tray_of(struct desk *d, int id)
{
	for (size_t i = 0; id && i < DESK_TRAYS; i++)
		if (d->trays[i].id == id) {
			d->trays[i].used = clock_ms();
			return &d->trays[i];
		}
	return NULL;
}

bool tray_is_worked_in(const struct desk *d, const struct tray *t)
{
	for (size_t i = 0; i < DESK_DEEDS; i++)
		if (d->deeds[i].channel >= 0 && d->deeds[i].tray == t->id)
			return true;
	return false;
}

void tray_clear(struct tray *t)
{
	if (t->folder >= 0)
		(void)close(t->folder);
	if (t->anchors >= 0)
		(void)close(t->anchors);
	empty(t->path);
	(void)rmdir(t->path);
	*t = (struct tray){.folder = -1, .anchors = -1};
}

/* A free place, else that of the one that was longest not used; NULL: all are worked in. */
static struct tray *place(struct desk *d)
{
	struct tray *at = NULL;

	for (size_t i = 0; i < DESK_TRAYS; i++) {
		struct tray *t = &d->trays[i];

		if (!t->id)
			return t;
		if (!tray_is_worked_in(d, t) && (!at || t->used < at->used))
			at = t;
	}
	if (at)
		tray_clear(at);
	return at;
}

static int open_folder(const char *path)
{
	return mkdir(path, 0700) == 0 ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
				      : -1;
}

struct tray *tray_make(struct desk *d)
{
	struct tray *t = place(d);
	char path[PATH_MAX + 16];

	if (!t)
		return NULL;
	*t = (struct tray){.id = ++d->next, .folder = -1, .anchors = -1, .used = clock_ms()};
	(void)snprintf(t->path, sizeof t->path, "%.*s/%d", PATH_MAX - 64, d->folder, t->id);
	if (mkdir(t->path, 0700) == 0) {
		(void)snprintf(path, sizeof path, "%s/" TRAY_FILES, t->path);
		t->folder = open_folder(path);
		(void)snprintf(path, sizeof path, "%s/" TRAY_ANCHORS, t->path);
		t->anchors = open_folder(path);
	}
	if (t->folder >= 0 && t->anchors >= 0)
		return t;
	tray_clear(t);
	return NULL;
}
