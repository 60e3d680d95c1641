/* SPDX-License-Identifier: BSD-2-Clause */
/* Each finding of the doctor about the computer itself: modules, browsers, the clock. */
#include "doctor_fix.h"

static void modules(void **state)
{
	const char *file = in_folder(state, "usr/share/p11-kit/modules/ecert.module");

	says(doctor_check_p11kit, "p11-kit", DOCTOR_FINE, "registered by", "");
	put_file(file, "module: /gone/ecert-pkcs11.so\n", 30);
	says(doctor_check_p11kit, "p11-kit", DOCTOR_PROBLEM, "a module that is not there",
	    "Install");
	assert_int_equal(unlink(file), 0);
	made(state, "/usr/share/p11-kit/modules/other.module", "module: other.so\n");
	says(doctor_check_p11kit, "p11-kit", DOCTOR_WARNING, "not registered",
	    "/etc/pkcs11/modules");
	made(state, "/usr/local/share/p11-kit/modules/ecert.module", "module: ecert-pkcs11.so\n");
	says(
	    doctor_check_p11kit, "p11-kit", DOCTOR_WARNING, "does not look", "/etc/pkcs11/modules");
	made(state, "/etc/pkcs11/modules/ecert.module", "module: ecert-pkcs11.so\n");
	says(doctor_check_p11kit, "p11-kit", DOCTOR_FINE, "registered by", "");
}

static void nss(void **state)
{
	d.findings = 0;
	doctor_check_nss(&d);
	assert_int_equal(d.findings, 0);
	made(state, "/people/mei/.pki/nssdb/pkcs11.txt", "library=\nname=NSS\n");
	says(doctor_check_nss, "nss", DOCTOR_WARNING, "Chromium does not load",
	    "-libfile /m/ecert-pkcs11.so");
	made(state, "/people/mei/.pki/nssdb/pkcs11.txt", "library=/m/ecert-pkcs11.so\n");
	says(doctor_check_nss, "nss", DOCTOR_FINE, "Chromium loads", "");
	made(state, "/people/mei/.mozilla/firefox/abc.default/pkcs11.txt", "library=\n");
	says(doctor_check_nss, "nss", DOCTOR_WARNING, "Firefox does not load",
	    "modutil -dbdir sql:");
	assert_int_equal(d.finding[1].said.part[0].type, MESSAGE_WORD);
	assert_string_equal(d.finding[1].said.part[0].word, "A profile of Firefox");
	d.home = NULL;
	d.findings = 0;
	doctor_check_nss(&d);
	assert_int_equal(d.findings, 0);
}

static void browsers(void **state)
{
	d.findings = 0;
	doctor_check_browsers(&d);
	assert_int_equal(d.findings, 0);
	made(state, "/snap/firefox/current", "");
	says(doctor_check_browsers, "browser", DOCTOR_WARNING, "Firefox is installed as a snap",
	    ".deb");
	assert_int_equal(rename(in_folder(state, "snap"), in_folder(state, "gone")), 0);
	made(state, "/var/lib/flatpak/app/com.google.Chrome/x", "");
	says(doctor_check_browsers, "browser", DOCTOR_WARNING, "Chrome is installed as a flatpak",
	    ".deb");
	assert_int_equal(rename(in_folder(state, "var"), in_folder(state, "gone2")), 0);
	made(state, "/people/mei/.local/share/flatpak/app/org.mozilla.firefox/x", "");
	says(doctor_check_browsers, "browser", DOCTOR_WARNING, "Firefox is installed as a flatpak",
	    ".deb");
}

static void clocks(void **state)
{
	struct timespec written[2] = {{.tv_sec = NOW - DAY}, {.tv_sec = NOW - DAY}};
	const char *mark = in_folder(state, "usr/lib/os-release");

	put_file(mark, "", 0);
	assert_int_equal(utimensat(AT_FDCWD, mark, written, 0), 0);
	says(doctor_check_clock, "clock", DOCTOR_FINE, "plausible", "");
	d.clock_kept = 0;
	says(doctor_check_clock, "clock", DOCTOR_WARNING, "No time server", "timedatectl");
	d.now = NOW - 30 * DAY;
	says(doctor_check_clock, "clock", DOCTOR_PROBLEM, "behind by 29 days", "timedatectl");
	d.now = NOW + 3000L * DAY;
	says(doctor_check_clock, "clock", DOCTOR_PROBLEM, "years ahead", "timedatectl");
	/* The newest file that every Debian, and every other system, has. */
	d.now = NOW + 20 * DAY;
	written[0].tv_sec = written[1].tv_sec = NOW + 60 * DAY;
	made(state, d.module, "");
	mark = in_folder(state, d.module + 1);
	assert_int_equal(utimensat(AT_FDCWD, mark, written, 0), 0);
	says(doctor_check_clock, "clock", DOCTOR_PROBLEM, "behind by 40 days", "timedatectl");
	d.module = NULL;
	says(doctor_check_clock, "clock", DOCTOR_WARNING, "No time server", "timedatectl");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(modules),
	    TEST(nss),
	    TEST(browsers),
	    TEST(clocks),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
