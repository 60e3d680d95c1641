/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-vcard: the reference applet as a virtual token. */
#include "config.h"
#include "applet-spec/vcard/vcard.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char doc[] =
    "A virtual smart card for trying and testing the e-Cert token middleware. It enters "
    "pcscd's virtual reader (Debian's vsmartcard-vpcd), or listens on a Unix socket.\v"
    "The card is made on first use, with PIN 123456, PUK 12345678 and management key "
    "0102030405060708 three times. Its keys lie unencrypted in the state file: never use it "
    "for real business. Its attestations chain to a TEST root of its own, which "
    "--print-test-root shows.\n\n"
    "Examples:\n"
    "  ecert-vcard --listen card.sock --state card.state &\n"
    "  ecert-vcard --wait 5          # into the reader of a pcscd that is starting";

enum {
	OPT_HOST = 256,
	OPT_PORT,
	OPT_LISTEN,
	OPT_STATE,
	OPT_SERIAL,
	OPT_MGM,
	OPT_PERSONALISE,
	OPT_ROOT,
	OPT_WAIT,
	OPT_TOUCH,
	OPT_LOG,
	OPT_COUNT,
	OPT_NO_SYNC,
	OPT_DELAY_APDU,
	OPT_DELAY_BYTE,
	OPT_PULL,
};

static const struct argp_option table[] = {
    {0, 0, 0, 0, "Where the card is found", 1},
    {"host", OPT_HOST, "HOST", 0, "vpcd's address (127.0.0.1)", 0},
    {"port", OPT_PORT, "PORT", 0, "vpcd's port (35963; the second reader has 35964)", 0},
    {"wait", OPT_WAIT, "SECONDS", 0, "Wait so long for vpcd to come up (0)", 0},
    {"listen", OPT_LISTEN, "PATH", 0, "Listen on this Unix socket instead; needs no pcscd", 0},
    {0, 0, 0, 0, "The card itself", 2},
    {"state", OPT_STATE, "FILE", 0,
	"The card's memory ($XDG_STATE_HOME/ecert/vcard.state); one card at a time uses it", 0},
    {"serial", OPT_SERIAL, "N", 0, "Serial number of a card being made (random)", 0},
    {"management", OPT_MGM, "ALG", 0,
	"Management key of a card being made: 3des, aes128, aes192 (default), aes256", 0},
    {"personalise", OPT_PERSONALISE, 0, 0, "Wipe FILE, make a new card in it, and exit", 0},
    {"print-test-root", OPT_ROOT, 0, 0,
	"Print the certificate that this card's attestations chain to, and exit", 0},
    {"touch", OPT_TOUCH, "HOW", 0,
	"Keys with a touch policy: always-yes (default), never, or a FILE whose appearing is a "
	"touch",
	0},
    {0, 0, 0, 0, "For tests and benchmarks", 3},
    {"log", OPT_LOG, "FILE", 0, "Append every APDU as text, PINs and keys as **", 0},
    {"count", OPT_COUNT, "FILE", 0, "Keep the number of APDUs answered in FILE", 0},
    {"no-sync", OPT_NO_SYNC, 0, 0,
	"Do not wait for the disk: state survives the program's end, not the machine's", 0},
    {"delay-apdu-us", OPT_DELAY_APDU, "N", 0, "Answer each APDU N microseconds late", 0},
    {"delay-byte-us", OPT_DELAY_BYTE, "N", 0, "... and N more for each byte in or out", 0},
    {"pull-after", OPT_PULL, "N", 0, "Leave the reader at the APDU after the Nth", 0},
    {0},
};

static unsigned long number(struct argp_state *state, const char *arg, unsigned long max)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(arg, &end, 0);
	if (errno != 0 || *arg < '0' || *arg > '9' || *end != '\0' || n > max)
		argp_error(state, "'%s' is not a number from 0 to %lu", arg, max);
	return n;
}

static uint8_t management(struct argp_state *state, const char *arg)
{
	static const struct {
		const char *name;
		uint8_t alg;
	} names[] = {{"3des", ECERT_ALG_3DES}, {"aes128", ECERT_ALG_AES128},
	    {"aes192", ECERT_ALG_AES192}, {"aes256", ECERT_ALG_AES256}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(arg, names[i].name) == 0)
			return names[i].alg;
	}
	argp_error(state, "'%s' is not one of 3des, aes128, aes192, aes256", arg);
	return 0;
}

static void touch(struct options *o, const char *arg)
{
	if (strcmp(arg, "always-yes") == 0)
		o->touch = HOST_TOUCH_YES;
	else if (strcmp(arg, "never") == 0)
		o->touch = HOST_TOUCH_NEVER;
	else
		o->touch = HOST_TOUCH_FILE;
	o->touch_file = arg;
}

/* The options that are a plain string. */
static const char **text_option(struct options *o, int key)
{
	switch (key) {
	case OPT_HOST:
		return &o->host;
	case OPT_PORT:
		return &o->port;
	case OPT_LISTEN:
		return &o->listen;
	case OPT_STATE:
		return &o->state;
	case OPT_LOG:
		return &o->log;
	case OPT_COUNT:
		return &o->count;
	default:
		return NULL;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	const char **text = text_option(o, key);

	if (text != NULL) {
		*text = arg;
		return 0;
	}
	switch (key) {
	case OPT_SERIAL:
		o->serial = (uint32_t)number(state, arg, UINT32_MAX);
		o->serial_given = true;
		return 0;
	case OPT_MGM:
		o->mgm_alg = management(state, arg);
		return 0;
	case OPT_PERSONALISE:
		o->personalise = true;
		return 0;
	case OPT_ROOT:
		o->print_root = true;
		return 0;
	case OPT_TOUCH:
		touch(o, arg);
		return 0;
	case OPT_WAIT:
		o->wait = (unsigned int)number(state, arg, 86400);
		return 0;
	case OPT_NO_SYNC:
		o->no_sync = true;
		return 0;
	case OPT_DELAY_APDU:
		o->delay_apdu = (unsigned int)number(state, arg, 10000000);
		return 0;
	case OPT_DELAY_BYTE:
		o->delay_byte = (unsigned int)number(state, arg, 100000);
		return 0;
	case OPT_PULL:
		o->pull_after = number(state, arg, 1000000000);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is not an option", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static volatile sig_atomic_t stopping;

static void on_signal(int number_)
{
	(void)number_;
	stopping = 1;
}

bool vcard_stopping(void)
{
	return stopping != 0;
}

static sigset_t waiting_mask;

int vcard_poll(struct pollfd *p, unsigned int n, int ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};

	if (vcard_stopping())
		return -1;
	return ppoll(p, n, ms >= 0 ? &t : NULL, &waiting_mask);
}

/* The signals come while we wait and at no other time, so that none is missed. */
static void catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_signal};
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigprocmask(SIG_BLOCK, &ours, &waiting_mask);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Makes the directories above path, for our user only. */
static int make_parents(char *path)
{
	for (char *p = path + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return -1;
		*p = '/';
	}
	return 0;
}

/* XDG Base Directory Specification; to be freed. */
static char *default_state(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int n = -1;

	if (xdg != NULL && xdg[0] == '/')
		n = asprintf(&path, "%s/ecert/vcard.state", xdg);
	else if (home != NULL && home[0] == '/')
		n = asprintf(&path, "%s/.local/state/ecert/vcard.state", home);
	if (n < 0)
		return NULL;
	if (make_parents(path) != 0) {
		free(path);
		return NULL;
	}
	return path;
}

static int make_card(struct vcard *v)
{
	struct ap_profile profile = {v->opt->serial, v->opt->mgm_alg};
	uint8_t b[4];

	if (!v->opt->serial_given) {
		if (RAND_bytes(b, sizeof(b)) != 1)
			return -1;
		/* Eight decimal digits, as on the back of a token. */
		memcpy(&profile.serial, b, sizeof(b));
		profile.serial = 10000000 + profile.serial % 90000000;
	}
	return ap_personalise(&v->ap, &profile) == AP_ST_OK ? 0 : -1;
}

static int open_card(struct vcard *v, const char *path)
{
	int err = host_open(&v->host, path, !v->opt->no_sync);
	enum ap_st st;

	if (err != 0) {
		fprintf(stderr, "ecert-vcard: cannot use %s: %s\n", path,
		    err == EWOULDBLOCK ? "another ecert-vcard has it" : strerror(err));
		return -1;
	}
	v->host.touch = v->opt->touch;
	v->host.touch_file = v->opt->touch_file;
	st = ap_init(&v->ap, &v->host.hal);
	if (st == AP_ST_FAIL) {
		fprintf(stderr, "ecert-vcard: cannot read the card in %s\n", path);
		return -1;
	}
	if ((st == AP_ST_BLANK || v->opt->personalise) && make_card(v) != 0) {
		fprintf(stderr, "ecert-vcard: cannot make a card in %s\n", path);
		return -1;
	}
	if (host_certify(&v->ap) != 0) {
		fprintf(stderr, "ecert-vcard: cannot certify the attestation key\n");
		return -1;
	}
	return 0;
}

static int print_root(struct vcard *v)
{
	char *pem = host_test_root_pem(&v->ap);
	int rc = pem != NULL && fputs(pem, stdout) >= 0 && fflush(stdout) == 0 ? 0 : 1;

	if (rc != 0)
		fprintf(stderr, "ecert-vcard: cannot print the TEST root\n");
	free(pem);
	return rc;
}

static int open_files(struct vcard *v)
{
	const struct options *o = v->opt;
	int fd;

	if (o->log != NULL) {
		fd = open(o->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		v->log = fd >= 0 ? fdopen(fd, "a") : NULL;
		if (v->log == NULL) {
			fprintf(
			    stderr, "ecert-vcard: cannot write %s: %s\n", o->log, strerror(errno));
			return -1;
		}
	}
	if (o->count != NULL) {
		v->count_fd = open(o->count, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (v->count_fd < 0) {
			fprintf(stderr, "ecert-vcard: cannot write %s: %s\n", o->count,
			    strerror(errno));
			return -1;
		}
	}
	return 0;
}

static int run(struct vcard *v, const char *path)
{
	if (path == NULL) {
		fprintf(stderr, "ecert-vcard: no place for the state file; give --state FILE\n");
		return 1;
	}
	if (open_files(v) != 0 || open_card(v, path) != 0)
		return 1;
	if (v->opt->print_root)
		return print_root(v);
	if (v->opt->personalise)
		return 0;
	return v->opt->listen != NULL ? vcard_listen(v) : vcard_vpcd(v);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {table, parse, NULL, doc, NULL, NULL, NULL};
	static struct vcard card;
	struct options opt = {.host = "127.0.0.1", .port = "35963", .mgm_alg = ECERT_ALG_AES192};
	char *fallback = NULL;
	int rc;

	/* Set, not defined: a hidden symbol of ours would not be the one that libc reads. */
	argp_program_version = "ecert-vcard " PACKAGE_VERSION;
	argp_parse(&argp, argc, argv, 0, NULL, &opt);
	catch_signals();
	card.opt = &opt;
	card.count_fd = -1;
	card.host.fd = -1;
	if (opt.state == NULL)
		fallback = default_state();
	rc = run(&card, opt.state != NULL ? opt.state : fallback);
	host_close(&card.host);
	OPENSSL_cleanse(&card.ap, sizeof(card.ap));
	if (card.log != NULL)
		fclose(card.log);
	if (card.count_fd >= 0)
		close(card.count_fd);
	free(fallback);
	return rc;
}
