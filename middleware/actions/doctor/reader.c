/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor on the way to the card: pcscd, readers, who holds the card. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/text.h"
#include "actions/doctor/doctor.h"

#define PCSCD_SOCKET "/run/pcscd/pcscd.comm"

/* ---- pcscd ---- */

/* 0, or why nobody can connect. */
static int knock(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd, e = 0;

	if (strlen(path) >= sizeof to.sun_path)
		return ENAMETOOLONG;
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
		e = errno;
	if (fd >= 0)
		close(fd);
	return e;
}

static bool polkit_rule(const struct doctor *d)
{
	static const char *const where[] = {
	    "/etc/polkit-1/rules.d/*ecert*.rules", "/usr/share/polkit-1/rules.d/*ecert*.rules"};
	glob_t found;
	bool there = false;

	for (size_t i = 0; i < sizeof where / sizeof where[0]; i++) {
		there |= doctor_glob(d, where[i], &found) > 0;
		globfree(&found);
	}
	return there;
}

/* polkit's default lets in the person at the seat only. */
static void refused(struct doctor *d)
{
	doctor_find(d, MSG_ID("service"), DOCTOR_PROBLEM,
	    MSG(polkit_rule(d)
		    ? MSG_ID(
			  "Let the administrator put you into the group ecert: `sudo usermod -aG "
			  "ecert {user}`, then log in anew.")
		    : MSG_ID("Copy 60-ecert.rules to /etc/polkit-1/rules.d, then `sudo usermod -aG "
			     "ecert {user}` and log in anew."),
		P_TEXT("user", d->user)),
	    MSG(d->ssh ? MSG_ID("pcscd is running but refuses you: polkit lets in only who sits at "
				"the computer, and you came over ssh")
		       : MSG_ID("pcscd is running but refuses you (polkit)")));
}

static void no_service(struct doctor *d)
{
	const char *check = MSG_ID("service");
	char path[DOCTOR_PATH];
	int e = knock(doctor_path(d, PCSCD_SOCKET, path));

	if (!doctor_has(d, "/usr/sbin/pcscd"))
		doctor_find(d, check, DOCTOR_PROBLEM, MSG("Install it: `sudo apt install pcscd`."),
		    MSG("pcscd, the smart-card service, is not installed"));
	else if (e == EACCES || e == EPERM)
		doctor_find(d, check, DOCTOR_PROBLEM,
		    MSG("Compare the permissions of {socket}: everybody may write to it.",
			P_TEXT("socket", PCSCD_SOCKET)),
		    MSG("You may not use the socket of pcscd"));
	else if (e == ECONNREFUSED)
		doctor_find(d, check, DOCTOR_PROBLEM,
		    MSG("Start it anew: `sudo systemctl restart pcscd.socket`."),
		    MSG("The socket of pcscd is there, but nobody listens"));
	else if (e)
		doctor_find(d, check, DOCTOR_PROBLEM,
		    MSG("Start it: `sudo systemctl enable --now pcscd.socket`."),
		    MSG("pcscd, the smart-card service, is not running, nor is its socket"));
	else
		refused(d);
}

/* A virtual token is a reader and its card in one: a socket alone is none. */
static bool virtual_answers(const struct doctor *d)
{
	return d->service == ECERT_OK && d->cards && d->card[0].present && !d->card[0].mute &&
	       d->card[0].rc != ECERT_E_TIMEOUT && d->card[0].rc != ECERT_E_MUTE &&
	       d->card[0].rc != ECERT_E_REMOVED && d->card[0].rc != ECERT_E_NOT_FOUND;
}

void doctor_check_service(struct doctor *d)
{
	if (d->reader && !virtual_answers(d))
		doctor_find(d, MSG_ID("service"), DOCTOR_PROBLEM,
		    MSG("Start it with `ecert-vcard --listen PATH`, or leave --reader and "
			"ECERT_READER "
			"out."),
		    MSG("The virtual token at {reader} does not answer",
			P_TEXT("reader", d->reader)));
	else if (d->service == ECERT_E_NO_SERVICE)
		no_service(d);
	else if (d->service != ECERT_OK)
		doctor_find(d, MSG_ID("service"), DOCTOR_PROBLEM,
		    MSG("Start pcscd anew: `sudo systemctl restart pcscd`."),
		    MSG("pcscd does not work: {why}", P_RC("why", d->service)));
	else
		doctor_find(d, MSG_ID("service"), DOCTOR_FINE, NULL,
		    MSG(d->reader ? MSG_ID("A virtual token was named and answers")
				  : MSG_ID("pcscd answers")));
}

/* ---- readers ---- */

/* USB devices with a CCID interface (class 0b); the last one's name. */
static size_t usb_readers(const struct doctor *d, char *name, size_t cap)
{
	glob_t found;
	size_t n = doctor_glob(d, "/sys/bus/usb/devices/*/bInterfaceClass", &found), count = 0;
	char class[8], path[4096], maker[64], product[64];

	for (size_t i = 0; i < n; i++) {
		doctor_line(found.gl_pathv[i], class, sizeof class);
		if (strcmp(class, "0b") != 0)
			continue;
		count++;
		/* .../1-2:1.0/bInterfaceClass belongs to the device .../1-2 */
		text_copy(path, sizeof path, found.gl_pathv[i]);
		*strrchr(path, '/') = 0;
		if (strchr(strrchr(path, '/'), ':'))
			*strrchr(path, ':') = 0;
		strncat(path, "/manufacturer", sizeof path - strlen(path) - 1);
		doctor_line(path, maker, sizeof maker);
		*strrchr(path, '/') = 0;
		strncat(path, "/product", sizeof path - strlen(path) - 1);
		doctor_line(path, product, sizeof product);
		snprintf(name, cap, "%s%s%s", maker, *maker && *product ? " " : "", product);
	}
	globfree(&found);
	return count;
}

static bool ccid_driver(const struct doctor *d)
{
	glob_t found;
	size_t n = doctor_glob(d, "/usr/lib/pcsc/drivers/ifd-ccid.bundle", &found);

	globfree(&found);
	return n > 0;
}

static void no_driver(struct doctor *d, const char *name)
{
	long pid = doctor_process(d, "scdaemon");
	const struct message *shown = *name ? MSG_TEXT(name) : MSG("a USB token");

	if (!ccid_driver(d))
		doctor_find(d, MSG_ID("reader"), DOCTOR_PROBLEM,
		    MSG("Install the driver: `sudo apt install libccid`, then plug it in anew."),
		    MSG("{shown} is plugged in, but the driver for USB readers is not installed",
			P_MSG("shown", shown)));
	else if (pid)
		doctor_find(d, MSG_ID("reader"), DOCTOR_PROBLEM,
		    MSG("Run `gpgconf --kill scdaemon`, put the line disable-ccid into "
			"~/.gnupg/scdaemon.conf, and plug it in anew."),
		    MSG("{shown} is plugged in, but gpg's scdaemon (process {pid}) drives it by "
			"itself",
			P_MSG("shown", shown), P_NUMBER("pid", pid)));
	else
		doctor_find(d, MSG_ID("reader"), DOCTOR_PROBLEM,
		    MSG("Plug it in anew; if that does not help, install its maker's driver."),
		    MSG("{shown} is plugged in, but pcscd has no driver that takes it",
			P_MSG("shown", shown)));
}

void doctor_check_readers(struct doctor *d)
{
	char name[160] = "";
	size_t usb = usb_readers(d, name, sizeof name);

	if (d->service != ECERT_OK)
		return;
	if (!d->reader && usb > d->cards)
		no_driver(d, name);
	else if (!d->cards)
		doctor_find(d, MSG_ID("reader"), DOCTOR_PROBLEM,
		    MSG("Plug the token or the reader in; try another USB port, without a hub."),
		    MSG("There is no card reader and no USB token"));
	for (size_t i = 0; i < d->cards; i++)
		doctor_find(d, MSG_ID("reader"), DOCTOR_FINE, NULL,
		    MSG("{reader}", P_TEXT("reader", d->card[i].reader)));
}

/* ---- cards ---- */

static void held(struct doctor *d, const struct doctor_card *k)
{
	long pid = doctor_process(d, "scdaemon");

	if (pid)
		doctor_find(d, MSG_ID("card"), DOCTOR_PROBLEM,
		    MSG("Run `gpgconf --kill scdaemon`, and put the line pcsc-shared into "
			"~/.gnupg/scdaemon.conf."),
		    MSG("gpg's scdaemon (process {pid}) holds the token in {reader} for itself",
			P_NUMBER("pid", pid), P_TEXT("reader", k->reader)));
	else
		doctor_find(d, MSG_ID("card"), DOCTOR_PROBLEM,
		    MSG("Close the programs that use tokens, one after the other."),
		    MSG("Another program holds the token in {reader} for itself",
			P_TEXT("reader", k->reader)));
}

static void judge_card(struct doctor *d, const struct doctor_card *k)
{
	if (k->exclusive || k->rc == ECERT_E_EXCLUSIVE)
		held(d, k);
	else if (k->mute || k->rc == ECERT_E_MUTE || k->rc == ECERT_E_TIMEOUT)
		doctor_find(d, MSG_ID("card"), DOCTOR_PROBLEM,
		    MSG("Put it in the other way round, clean its contacts, or try another "
			"reader."),
		    MSG("The card in {reader} does not answer", P_TEXT("reader", k->reader)));
	else if (k->rc == ECERT_E_UNRECOGNISED)
		doctor_find(d, MSG_ID("card"), DOCTOR_WARNING,
		    MSG("Name its maker's PKCS#11 module with --module, or use another token."),
		    MSG("The card in {reader} is of a kind that is not known here (no PIV)",
			P_TEXT("reader", k->reader)));
	else if (k->rc != ECERT_OK)
		doctor_find(d, MSG_ID("card"), DOCTOR_PROBLEM,
		    MSG("Take it out, put it back and try again."),
		    MSG("The token in {reader} cannot be read: {why}", P_TEXT("reader", k->reader),
			P_RC("why", k->rc)));
	else
		doctor_find(d, MSG_ID("card"), DOCTOR_FINE, NULL,
		    k->serial[0]
			? MSG("{label}, serial number {serial}", P_TEXT("label", k->label),
			      P_TEXT("serial", k->serial))
			: MSG("{label}, without a serial number", P_TEXT("label", k->label)));
}

void doctor_check_cards(struct doctor *d)
{
	size_t present = 0;

	if (d->reader && !virtual_answers(d))
		return; /* said already: nobody can put it in the other way round */
	for (size_t i = 0; i < d->cards; i++) {
		if (!d->card[i].present)
			continue;
		present++;
		judge_card(d, &d->card[i]);
	}
	if (d->cards && !present)
		doctor_find(d, MSG_ID("card"), DOCTOR_PROBLEM,
		    MSG("Put the token in, its contacts first."),
		    MSG("There is no card in {reader}", P_TEXT("reader", d->card[0].reader)));
}

void doctor_check_gpg(struct doctor *d)
{
	long pid = doctor_process(d, "scdaemon");
	char path[4096];

	if (!pid)
		return;
	snprintf(path, sizeof path, "%s/.gnupg/scdaemon.conf", d->home ? d->home : "");
	if (doctor_mentions(path, "pcsc-shared"))
		doctor_find(
		    d, MSG_ID("gpg"), DOCTOR_FINE, NULL, MSG("gpg's scdaemon shares the token"));
	else
		doctor_find(d, MSG_ID("gpg"), DOCTOR_WARNING,
		    MSG("Put the lines disable-ccid and pcsc-shared into ~/.gnupg/scdaemon.conf, "
			"then "
			"`gpgconf --kill scdaemon`."),
		    MSG("gpg's scdaemon (process {pid}) takes a token for itself when it uses it",
			P_NUMBER("pid", pid)));
}
