/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor on the programs around: ecertd, who loads the module, browsers, the clock. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/text.h"
#include "actions/doctor/doctor.h"
#include "token/wire.h"

#define OUR_MODULE "ecert-pkcs11"

/* ---- ecertd ---- */

static int reach(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = 3};
	int fd = strlen(path) < sizeof to.sun_path ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
						   : -1;

	if (fd < 0)
		return -1;
	memcpy(to.sun_path, path, strlen(path) + 1);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); /* of connect too */
	if (!connect(fd, (struct sockaddr *)&to, sizeof to))
		return fd;
	close(fd);
	return -1;
}

/* Asks it as a client does; ecert/ipc.h: another version ends the connection. */
static bool greets(int fd)
{
	const struct wire_request hello = {.type = IPC_HELLO, .id = 1};
	struct buf out = BUF_INIT(256);
	uint8_t head[4], body[256];
	struct wire_answer w;
	size_t n = 0;
	bool good = wire_put_request(&out, &hello) == ECERT_OK;
	struct rd v = buf_view(&out);

	good = good && send(fd, v.p, v.n, MSG_NOSIGNAL) == (ssize_t)v.n &&
	       recv(fd, head, sizeof head, MSG_WAITALL) == sizeof head;
	if (good)
		n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	good = good && n > 0 && n <= sizeof body && recv(fd, body, n, MSG_WAITALL) == (ssize_t)n &&
	       wire_get_answer(rd_of(body, n), &w) == ECERT_OK && w.type == IPC_HELLO &&
	       w.rc == ECERT_OK;
	buf_free(&out);
	return good;
}

/* True when a daemon is (or was) there. */
static bool judge_daemon(struct doctor *d, const char *path, bool system)
{
	int fd = reach(path), e = errno;

	if (fd >= 0 && greets(fd))
		doctor_find(d, MSG_ID("daemon"), DOCTOR_FINE, NULL,
		    MSG(system ? MSG_ID("ecertd answers (the system's)")
			       : MSG_ID("ecertd answers (your own)")));
	else if (fd >= 0 || e == EAGAIN)
		doctor_find(d, MSG_ID("daemon"), DOCTOR_PROBLEM,
		    MSG(system ? MSG_ID("Start it anew: `sudo systemctl restart ecertd`.")
			       : MSG_ID("Start it anew: `systemctl --user restart ecertd`.")),
		    MSG("ecertd at {file} does not answer as this version does",
			P_FILE("file", path)));
	else if (e == EACCES)
		doctor_find(d, MSG_ID("daemon"), DOCTOR_WARNING,
		    MSG("Let the administrator put you into the group ecert, then log in anew."),
		    MSG("The system's ecertd is not for you"));
	else if (e == ECONNREFUSED)
		doctor_find(d, MSG_ID("daemon"), DOCTOR_WARNING,
		    MSG(system ? MSG_ID("Start it: `sudo systemctl restart ecertd.socket`.")
			       : MSG_ID("Start it: `systemctl --user restart ecertd.socket`.")),
		    MSG("The socket {file} is there, but no ecertd listens", P_FILE("file", path)));
	if (fd >= 0)
		close(fd);
	return fd >= 0 || e == EAGAIN || e == EACCES || e == ECONNREFUSED;
}

void doctor_check_daemon(struct doctor *d)
{
	char own[4096], systems[DOCTOR_PATH];
	bool there = false;

	snprintf(own, sizeof own, "%s/" IPC_SOCKET_USER, d->runtime ? d->runtime : "");
	if (d->runtime)
		there = judge_daemon(d, own, false);
	if (!there)
		there = judge_daemon(d, doctor_path(d, IPC_SOCKET_SYSTEM, systems), true);
	if (!there)
		doctor_find(d, MSG_ID("daemon"), DOCTOR_WARNING,
		    MSG("Start it: `systemctl --user enable --now ecertd.socket`."),
		    MSG("ecertd is not running: programs get no fair turns and nothing is on "
			"record"));
}

/* ---- who loads the module ---- */

/* "module: PATH" of a p11-kit configuration that names a file which is not there. */
static bool dangling(const struct doctor *d, const char *config)
{
	char line[4096], *path = NULL;
	FILE *f = fopen(config, "re");

	while (f && !path && fgets(line, sizeof line, f))
		if (!strncmp(line, "module:", 7))
			path = line + 7 + strspn(line + 7, " \t");
	if (f)
		fclose(f);
	if (!path)
		return false;
	path[strcspn(path, "\r\n")] = 0;
	return *path == '/' && !doctor_has(d, path);
}

/* The configuration below this folder that names our module. */
static bool registered(const struct doctor *d, const char *pattern, char *out, size_t cap)
{
	glob_t found;
	size_t n = doctor_glob(d, pattern, &found);
	bool there = false;

	for (size_t i = 0; i < n && !there; i++) {
		there = doctor_mentions(found.gl_pathv[i], OUR_MODULE);
		text_copy(out, cap, found.gl_pathv[i]);
	}
	globfree(&found);
	return there;
}

void doctor_check_p11kit(struct doctor *d)
{
	char path[4096];

	if (registered(d, "/etc/pkcs11/modules/*.module", path, sizeof path) ||
	    registered(d, "/usr/share/p11-kit/modules/*.module", path, sizeof path)) {
		if (dangling(d, path))
			doctor_find(d, MSG_ID("p11-kit"), DOCTOR_PROBLEM,
			    MSG("Install the module anew, or put its path into that file."),
			    MSG("{file} names a module that is not there", P_FILE("file", path)));
		else
			doctor_find(d, MSG_ID("p11-kit"), DOCTOR_FINE, NULL,
			    MSG("The module is registered by {file}", P_FILE("file", path)));
	} else if (registered(d, "/usr/local/share/p11-kit/modules/*.module", path, sizeof path)) {
		doctor_find(d, MSG_ID("p11-kit"), DOCTOR_WARNING,
		    MSG("Copy that file to /etc/pkcs11/modules."),
		    MSG("The module is registered by {file}, where p11-kit does not look",
			P_FILE("file", path)));
	} else {
		doctor_find(d, MSG_ID("p11-kit"), DOCTOR_WARNING,
		    MSG("Copy ecert.module to /etc/pkcs11/modules, so that programs with p11-kit "
			"find "
			"the "
			"token by themselves."),
		    MSG("The module is not registered with p11-kit"));
	}
}

/* whose: an id. */
static void judge_nss(struct doctor *d, const char *file, const char *whose)
{
	char dir[4096];

	if (doctor_mentions(file, OUR_MODULE) || doctor_mentions(file, "p11-kit-proxy")) {
		doctor_find(d, MSG_ID("nss"), DOCTOR_FINE, NULL,
		    MSG("{whose} loads the module", P_WORD("whose", whose)));
		return;
	}
	text_copy(dir, sizeof dir, file);
	*strrchr(dir, '/') = 0;
	doctor_find(d, MSG_ID("nss"), DOCTOR_WARNING,
	    MSG("Close it, then: modutil -dbdir sql:{folder} -add e-Cert -libfile {module}",
		P_FILE("folder", dir), P_FILE("module", d->module)),
	    MSG("{whose} does not load the module", P_WORD("whose", whose)));
}

void doctor_check_nss(struct doctor *d)
{
	char pattern[4096];
	glob_t found = {0};

	if (!d->home)
		return;
	snprintf(pattern, sizeof pattern, "%s/.pki/nssdb/pkcs11.txt", d->home);
	if (!access(pattern, F_OK))
		judge_nss(d, pattern, MSG_ID("Chromium"));
	snprintf(pattern, sizeof pattern, "%s/.mozilla/firefox/*/pkcs11.txt", d->home);
	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			judge_nss(d, found.gl_pathv[i], MSG_ID("A profile of Firefox"));
	globfree(&found);
}

/* ---- browsers in boxes ---- */

static const struct {
	const char *name, *kind, *path;
} boxed[] = {
    {"Firefox", "snap", "/snap/firefox"},
    {"Chromium", "snap", "/snap/chromium"},
    {"Brave", "snap", "/snap/brave"},
    {"Firefox", "flatpak", "org.mozilla.firefox"},
    {"Chromium", "flatpak", "org.chromium.Chromium"},
    {"Chrome", "flatpak", "com.google.Chrome"},
    {"Brave", "flatpak", "com.brave.Browser"},
    {"Edge", "flatpak", "com.microsoft.Edge"},
};

static bool boxed_here(const struct doctor *d, const char *path)
{
	char place[4096];

	if (*path == '/')
		return doctor_has(d, path);
	snprintf(place, sizeof place, "/var/lib/flatpak/app/%s", path);
	if (doctor_has(d, place))
		return true;
	snprintf(
	    place, sizeof place, "%s/.local/share/flatpak/app/%s", d->home ? d->home : "", path);
	return d->home && !access(place, F_OK);
}

void doctor_check_browsers(struct doctor *d)
{
	for (size_t i = 0; i < sizeof boxed / sizeof boxed[0]; i++)
		if (boxed_here(d, boxed[i].path))
			doctor_find(d, MSG_ID("browser"), DOCTOR_WARNING,
			    MSG("Install the browser from a .deb package of its maker or of "
				"Debian."),
			    MSG("{name} is installed as a {kind}, which cannot reach the module "
				"nor the token",
				P_TEXT("name", boxed[i].name), P_TEXT("kind", boxed[i].kind)));
}

/* ---- the clock ---- */

#define DAY  86400L
#define YEAR (365 * DAY)

/* Nothing on this computer was written after now: not the clock that timesyncd keeps, not what
 * every installation of a library or of ours writes. */
void doctor_check_clock(struct doctor *d)
{
	const char *const marks[] = {"/var/lib/systemd/timesync/clock", "/etc/ld.so.cache",
	    "/usr/lib/os-release", d->module};
	char path[DOCTOR_PATH];
	time_t newest = 0;
	struct stat st;

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (marks[i] && !stat(doctor_path(d, marks[i], path), &st) && st.st_mtime > newest)
			newest = st.st_mtime;
	if (newest && d->now < newest - DAY)
		doctor_find(d, MSG_ID("clock"), DOCTOR_PROBLEM,
		    MSG("Set it: `sudo timedatectl set-ntp true`."),
		    MSG("The clock is behind by {days} days or more: signatures would carry a "
			"wrong "
			"time",
			P_NUMBER("days", (long)((newest - d->now) / DAY))));
	else if (newest && d->now > newest + 5 * YEAR)
		doctor_find(d, MSG_ID("clock"), DOCTOR_PROBLEM,
		    MSG("Set it: `sudo timedatectl set-ntp true`."),
		    MSG("The clock is years ahead of everything on this computer"));
	else if (d->clock_kept == 0)
		doctor_find(d, MSG_ID("clock"), DOCTOR_WARNING,
		    MSG("Have it kept: `sudo timedatectl set-ntp true`."),
		    MSG("No time server keeps the clock right"));
	else
		doctor_find(d, MSG_ID("clock"), DOCTOR_FINE, NULL, MSG("The clock is plausible"));
}
