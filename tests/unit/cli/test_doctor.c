/* SPDX-License-Identifier: BSD-2-Clause */
/* Each finding of the doctor about service, readers, cards and ecertd, on a made-up computer. */
#include "doctor_fix.h"
#include "cli/cli.h"

static void all_well(void **state)
{
	(void)state;
	/* ecertd alone is not there. */
	assert_int_equal(doctor_examine(&d), DOCTOR_WARNING);
	assert_null(find("service", DOCTOR_PROBLEM));
	assert_non_null(find("card", DOCTOR_FINE));
	assert_non_null(find("certificate", DOCTOR_FINE));
	assert_non_null(find("pin", DOCTOR_FINE));
	assert_non_null(find("p11-kit", DOCTOR_FINE));
	assert_non_null(find("clock", DOCTOR_FINE));
	has("daemon", DOCTOR_WARNING, "not running", "systemctl --user enable --now");
	assert_string_equal(doctor_level_name(DOCTOR_PROBLEM), "problem");
}

static int listener(void **state, const char *path, bool listening)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	made(state, path, "");
	snprintf(at.sun_path, sizeof at.sun_path, "%s%s", (const char *)*state, path);
	assert_int_equal(unlink(at.sun_path), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	if (listening)
		assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static void service(void **state)
{
	int fd;

	says(doctor_check_service, "service", DOCTOR_FINE, "pcscd answers", "");
	d.service = ECERT_E_NO_SERVICE;
	says(doctor_check_service, "service", DOCTOR_PROBLEM, "not running",
	    "enable --now pcscd.socket");
	fd = listener(state, "/run/pcscd/pcscd.comm", false);
	says(doctor_check_service, "service", DOCTOR_PROBLEM, "nobody listens", "restart");
	close(fd);
	assert_int_equal(unlink(in_folder(state, "run/pcscd/pcscd.comm")), 0);
	fd = listener(state, "/run/pcscd/pcscd.comm", true);
	says(doctor_check_service, "service", DOCTOR_PROBLEM, "polkit", "60-ecert.rules");
	made(state, "/etc/polkit-1/rules.d/60-ecert.rules", "");
	d.ssh = true;
	says(doctor_check_service, "service", DOCTOR_PROBLEM, "over ssh", "usermod -aG ecert mei");
	close(fd);
	assert_int_equal(unlink(in_folder(state, "usr/sbin/pcscd")), 0);
	says(doctor_check_service, "service", DOCTOR_PROBLEM, "not installed", "apt install pcscd");
	d.service = ECERT_E_MEMORY;
	says(doctor_check_service, "service", DOCTOR_PROBLEM, "does not work", "restart pcscd");
	d.service = ECERT_E_NO_SERVICE;
	d.reader = "socket:/x";
	says(doctor_check_service, "service", DOCTOR_PROBLEM, "virtual token at socket:/x",
	    "ecert-vcard");
	d.service = ECERT_OK;
	says(doctor_check_service, "service", DOCTOR_FINE, "virtual", "");
}

/* A socket without a token behind it answers nothing, and its card is not to be turned round. */
static void dead_virtual_token(void **state)
{
	static const enum ecert_rc dead[] = {
	    ECERT_E_TIMEOUT, ECERT_E_MUTE, ECERT_E_REMOVED, ECERT_E_NOT_FOUND};

	(void)state;
	d.reader = "socket:/x";
	for (size_t i = 0; i < sizeof dead / sizeof dead[0] + 1; i++) {
		d.card[0].rc = i ? dead[i - 1] : ECERT_OK;
		d.card[0].present = i > 0;
		says(doctor_check_service, "service", DOCTOR_PROBLEM, "does not answer",
		    "ecert-vcard");
		d.findings = 0;
		doctor_check_cards(&d);
		assert_int_equal(d.findings, 0);
	}
	d.card[0].rc = ECERT_E_UNRECOGNISED;
	says(doctor_check_service, "service", DOCTOR_FINE, "answers", "");
}

static void readers(void **state)
{
	says(doctor_check_readers, "reader", DOCTOR_FINE, "Reader 00", "");
	d.cards = 0;
	says(doctor_check_readers, "reader", DOCTOR_PROBLEM, "no card reader and no USB token",
	    "port");
	made(state, "/sys/bus/usb/devices/1-2:1.0/bInterfaceClass", "03\n");
	says(doctor_check_readers, "reader", DOCTOR_PROBLEM, "no card reader and no USB token",
	    "port");
	made(state, "/sys/bus/usb/devices/1-2:1.1/bInterfaceClass", "0b\n");
	says(doctor_check_readers, "reader", DOCTOR_PROBLEM, "a USB token is plugged in, but pcscd",
	    "maker's driver");
	assert_string_equal(d.finding[0].said.message[1].id, "a USB token");
	made(state, "/sys/bus/usb/devices/1-2/product", "YubiKey\n");
	made(state, "/sys/bus/usb/devices/1-2/manufacturer", "Yubico\n");
	says(doctor_check_readers, "reader", DOCTOR_PROBLEM,
	    "Yubico YubiKey is plugged in, but pcscd has no driver", "maker's driver");
	assert_string_equal(d.finding[0].said.message[1].id, "{text}");
	made(state, "/proc/77/comm", "scdaemon\n");
	says(doctor_check_readers, "reader", DOCTOR_PROBLEM, "scdaemon (process 77) drives it",
	    "disable-ccid");
	assert_int_equal(unlink(in_folder(state, "usr/lib/pcsc/drivers/ifd-ccid.bundle")), 0);
	says(doctor_check_readers, "reader", DOCTOR_PROBLEM,
	    "driver for USB readers is not installed", "apt install libccid");
	d.cards = 1;
	says(doctor_check_readers, "reader", DOCTOR_FINE, "Reader 00", "");
	/* Without pcscd nothing more is known of readers. */
	d.service = ECERT_E_NO_SERVICE;
	d.findings = 0;
	doctor_check_readers(&d);
	assert_int_equal(d.findings, 0);
}

static void cards(void **state)
{
	struct doctor_card *k = &d.card[0];

	says(doctor_check_cards, "card", DOCTOR_FINE, "e-Cert 4711, serial number 4711", "");
	k->rc = ECERT_E_UNRECOGNISED;
	says(doctor_check_cards, "card", DOCTOR_WARNING, "not known here", "--module");
	k->rc = ECERT_E_CARD;
	says(doctor_check_cards, "card", DOCTOR_PROBLEM, "cannot be read", "put it back");
	k->mute = true;
	says(doctor_check_cards, "card", DOCTOR_PROBLEM, "does not answer", "other way round");
	k->exclusive = true;
	says(doctor_check_cards, "card", DOCTOR_PROBLEM, "Another program holds", "Close");
	made(state, "/proc/12/comm", "bash\n");
	made(state, "/proc/815/comm", "scdaemon\n");
	says(doctor_check_cards, "card", DOCTOR_PROBLEM, "scdaemon (process 815) holds",
	    "pcsc-shared");
	k->present = false;
	says(
	    doctor_check_cards, "card", DOCTOR_PROBLEM, "no card in Reader 00", "Put the token in");
}

static void gpg(void **state)
{
	doctor_check_gpg(&d);
	assert_int_equal(d.findings, 0);
	made(state, "/proc/815/comm", "scdaemon\n");
	says(doctor_check_gpg, "gpg", DOCTOR_WARNING, "takes a token for itself", "disable-ccid");
	made(state, "/people/mei/.gnupg/scdaemon.conf", "disable-ccid\npcsc-shared\n");
	says(doctor_check_gpg, "gpg", DOCTOR_FINE, "shares", "");
}

static void secrets(void **state)
{
	struct doctor_card *k = &d.card[0];

	(void)state;
	says(doctor_check_secrets, "pin", DOCTOR_FINE, "3 tries", "");
	k->pin_tries = 1;
	says(doctor_check_secrets, "pin", DOCTOR_WARNING, "Only one try", "pin unblock");
	k->pin_tries = 0;
	says(doctor_check_secrets, "pin", DOCTOR_PROBLEM, "PIN of e-Cert 4711 is blocked",
	    "pin unblock");
	k->puk_tries = 0;
	says(doctor_check_secrets, "pin", DOCTOR_PROBLEM, "PIN of e-Cert 4711 is blocked",
	    "token reset");
	k->pin_tries = 3;
	says(doctor_check_secrets, "pin", DOCTOR_WARNING, "PUK of e-Cert 4711 is blocked",
	    "careful");
	/* No PUK is left that could set a new one. */
	k->pin_tries = 1;
	says(doctor_check_secrets, "pin", DOCTOR_WARNING, "Only one try",
	    "the PUK, which could set a new one, is blocked");
	k->pin_default = true;
	says(doctor_check_secrets, "secrets", DOCTOR_PROBLEM, "factory's PIN, which", "token init");
	k->puk_default = k->mgm_default = true;
	says(doctor_check_secrets, "secrets", DOCTOR_PROBLEM,
	    "factory's PIN, PUK, management key, which", "token init");
	/* A sentence for the list, and words of ours in it: another language has its own. */
	doctor_check_secrets(&d);
	assert_string_equal(d.finding[0].said.message[1].id, "{a}, {b}, {c}");
}

static void certificates(void **state)
{
	struct doctor_cert *cert = &d.card[0].cert[0];

	(void)state;
	says(doctor_check_certificates, "certificate", DOCTOR_FINE, "CHAN (9c), until 2027-", "");
	cert->until = NOW + 5 * DAY + 1;
	says(doctor_check_certificates, "certificate", DOCTOR_WARNING, "in 5 days", "cert request");
	cert->until = NOW + 60 * DAY - 1;
	says(
	    doctor_check_certificates, "certificate", DOCTOR_WARNING, "in 59 days", "cert request");
	/* A CA that made the key answers no request. */
	cert->imported = true;
	says(doctor_check_certificates, "certificate", DOCTOR_WARNING, "in 59 days",
	    "new .p12 file, then `ecert key import FILE.p12 --force`");
	cert->imported = false;
	cert->until = NOW;
	says(
	    doctor_check_certificates, "certificate", DOCTOR_PROBLEM, "expired on", "cert request");
	cert->until = NOW + DAY;
	cert->from = NOW + 1;
	says(doctor_check_certificates, "certificate", DOCTOR_PROBLEM, "not valid yet", "clock");
	d.card[0].certs = 0;
	says(doctor_check_certificates, "certificate", DOCTOR_WARNING, "no certificate",
	    "key import");
	/* What cannot be read has no certificates to speak of. */
	d.card[0].rc = ECERT_E_UNRECOGNISED;
	d.findings = 0;
	doctor_check_certificates(&d);
	assert_int_equal(d.findings, 0);
}

/* Serves one client: reads its greeting, then says this. */
static pid_t serve(int fd, struct rd answer)
{
	pid_t pid = fork();
	uint8_t in[64];
	int peer;

	if (pid)
		return pid;
	peer = accept(fd, NULL, NULL);
	if (recv(peer, in, 4 + IPC_HEAD_LEN, MSG_WAITALL) == 4 + IPC_HEAD_LEN && answer.n > 0 &&
	    send(peer, answer.p, answer.n, MSG_NOSIGNAL) != (ssize_t)answer.n)
		_exit(1);
	_exit(0);
}

static void daemon_there(void **state)
{
	const struct wire_answer hello = {.type = IPC_HELLO, .id = 1, .a = 7};
	struct buf out = BUF_INIT(256);
	pid_t pid;
	int status, fd = listener(state, "/run/user/1000/ecertd.sock", true);

	assert_int_equal(wire_put_answer(&out, &hello), ECERT_OK);
	pid = serve(fd, buf_view(&out));
	says(doctor_check_daemon, "daemon", DOCTOR_FINE, "your own", "");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	pid = serve(fd, rd_of("\0\0\0\4junk", 8));
	says(
	    doctor_check_daemon, "daemon", DOCTOR_PROBLEM, "not answer as this version", "restart");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	pid = serve(fd, rd_of(NULL, 0));
	says(
	    doctor_check_daemon, "daemon", DOCTOR_PROBLEM, "not answer as this version", "restart");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	says(doctor_check_daemon, "daemon", DOCTOR_WARNING, "no ecertd listens", "ecertd.socket");
	assert_int_equal(unlink(in_folder(state, "run/user/1000/ecertd.sock")), 0);
	fd = listener(state, "/run/ecertd/ecertd.sock", true);
	pid = serve(fd, buf_view(&out));
	says(doctor_check_daemon, "daemon", DOCTOR_FINE, "the system's", "");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	buf_free(&out);
}

static void many_findings(void **state)
{
	char out[CLI_CLEAN];

	(void)state;
	for (int i = 0; i < 2 * DOCTOR_FINDINGS; i++)
		doctor_find(&d, "x", DOCTOR_FINE, NULL, MSG_TEXT("bell \a \xE9!"));
	assert_int_equal(d.findings, DOCTOR_FINDINGS);
	/* Text it is; what a terminal may have of it, the command says when it prints. */
	assert_string_equal(d.finding[0].what, "bell \a ?!");
	assert_string_equal(cli_clean(d.finding[0].what, out), "bell ? ?!");
}

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(all_well), TEST(service), TEST(dead_virtual_token),
	    TEST(readers), TEST(cards), TEST(gpg), TEST(secrets), TEST(certificates),
	    TEST(daemon_there), TEST(many_findings)};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
