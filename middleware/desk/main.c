/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-desk: a person's page on this machine. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <libintl.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "config.h"
#include "desk/desk.h"
#include "speak/catalogue.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/log.h"
#include "util/mem.h"
#include "util/message.h"

#define IDLE_S	300
#define BACKLOG 16

static const struct http_limits limits = {.connections = 256,
    .per_address = 0,
    .head = 16384,
    .idle_ms = 5000,
    .request_ms = 20000,
    .waiting = 1};

struct line {
	const char *socket;
	int idle_s;
};

static const struct argp_option option_table[] = {
    {"socket", 's', "PATH", 0,
	MSG_ID("Wait there for `ecert desk` (default: what systemd hands over, else "
	       "$XDG_RUNTIME_DIR/ecert-desk.sock)"),
	0},
    {"idle", 'i', "SECONDS", 0,
	MSG_ID("End when no page was open for so long (default: 300; 0: never)"), 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct line *l = state->input;
	char *end;
	long n;

	switch (key) {
	case 's':
		l->socket = arg;
		break;
	case 'i':
		n = strtol(arg, &end, 10);
		if (*arg < '0' || *arg > '9' || *end || n > 86400)
			argp_error(state, "%s",
			    dgettext("ecert", MSG_ID("--idle takes 0 to 86400 seconds")));
		l->idle_s = (int)n;
		break;
	case ARGP_KEY_ARG:
		argp_usage(state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {option_table, parse, NULL,
    MSG_ID("Serves your own page for signing and verifying, on this computer and to you alone. "
	   "`ecert desk` opens it."),
    NULL, NULL, "ecert"};

/* ---- saying why not ---- */

static int fail(const struct message *m)
{
	const struct message_words words = {.sentence = language_of};
	char *text = message_string(m, &words);

	(void)fprintf(stderr, "ecert-desk: %s\n", text ? text : m->id);
	message_free(text);
	return 1;
}

/* ---- the door ---- */

/* *path: of one that we made, and remove. */
static int open_door(const struct line *l, char path[PATH_MAX], bool *ours)
{
	const int flags = sd_listen_fds(1) == 1 &&
				  sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_STREAM, 1) > 0
			      ? fcntl(SD_LISTEN_FDS_START, F_GETFL)
			      : -1;

	*ours = false;
	if (flags >= 0)
		return fcntl(SD_LISTEN_FDS_START, F_SETFL, flags | O_NONBLOCK) == 0
			   ? SD_LISTEN_FDS_START
			   : -1;
	if (l->socket)
		(void)snprintf(path, PATH_MAX, "%s", l->socket);
	else if (door_path(path, PATH_MAX) != ECERT_OK) {
		errno = ENOENT;
		return -1;
	}
	*ours = true;
	return file_listen(path, 0600, BACKLOG);
}

/* ---- running ---- */

static struct desk desk = {.lock = PTHREAD_MUTEX_INITIALIZER, .base = -1, .door = -1, .wake = -1};

static void on_signal(int sig)
{
	const int saved = errno;

	(void)sig;
	http_stop(desk.http);
	errno = saved;
}

static void catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_signal};

	(void)sigaction(SIGTERM, &act, NULL);
	(void)sigaction(SIGINT, &act, NULL);
	act.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &act, NULL);
}

/* Sessions are in memory here, and what is sent and fetched passes through. */
static void harden(void)
{
	secret_undumped();
	secret_unseen();
	(void)umask(077);
	(void)mallopt(M_ARENA_MAX, 1);
	(void)mallopt(M_MMAP_THRESHOLD, 128 << 10);
	(void)mallopt(M_TRIM_THRESHOLD, 256 << 10);
}

static int cannot_start(enum ecert_rc rc)
{
	if (rc == ECERT_E_EXISTS)
		return fail(MSG("Another ecert-desk of yours is running"));
	return fail(MSG("Cannot start: {why}", P_RC("why", rc)));
}

/* The page's own port, which the kernel chooses. */
static enum ecert_rc serve(struct desk *d, const struct http_service *service)
{
	enum ecert_rc rc;
	int fd;

	rc = http_listen("127.0.0.1:0", &fd);
	if (rc == ECERT_OK)
		rc = gate_open(d, http_port(fd));
	else
		return rc;
	if (rc != ECERT_OK) {
		(void)close(fd);
		return rc;
	}
	rc = http_open(fd, service, &limits, &d->http);
	if (rc != ECERT_OK)
		return rc;
	catch_signals();
	d->seen = clock_ms();
	rc = turn_start(d);
	if (rc != ECERT_OK)
		return rc;
	(void)sd_notify(0, "READY=1");
	rc = http_run(d->http);
	(void)sd_notify(0, "STOPPING=1");
	turn_end(d);
	return rc;
}

static int run(struct desk *d, const struct line *l)
{
	const struct http_service service = {.routes = desk_routes,
	    .n = desk_routes_n,
	    .ctx = d,
	    .slow_ctx = d,
	    .welcome = gate_welcome,
	    .admit = gate_admit,
	    .headers = desk_headers};
	char path[PATH_MAX];
	const char *missing;
	bool ours;
	enum ecert_rc rc = page_read(&d->page, secure_getenv("ECERT_DESK_PAGE"), &missing);

	if (rc != ECERT_OK)
		return fail(MSG("Cannot read {file} of the page: {why}", P_FILE("file", missing),
		    P_RC("why", rc)));
	rc = trays_open(d);
	if (rc != ECERT_OK)
		return cannot_start(rc);
	d->door = open_door(l, path, &ours);
	if (d->door < 0)
		return fail(MSG("Cannot wait for `ecert desk`: {why}", P_ERRNO("why", errno)));
	rc = serve(d, &service);
	for (size_t i = 0; i < DESK_DEEDS; i++)
		deed_forget(&d->deeds[i]);
	http_close(&d->http);
	if (ours)
		(void)unlink(path);
	return rc == ECERT_OK ? 0 : cannot_start(rc);
}

int main(int argc, char **argv)
{
	struct line l = {.idle_s = IDLE_S};
	int code;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setlocale(LC_MESSAGES, "");
	language_catalogue();
	/* Set, not defined: a hidden symbol of ours would not be the one that libc reads. */
	argp_program_version = "ecert-desk " PACKAGE_VERSION;
	(void)argp_parse(&argp, argc, argv, 0, NULL, &l);
	harden();
	log_init(); /* before there is another thread */
	desk.idle_ms = l.idle_s * 1000;
	desk.program = secure_getenv("ECERT_DESK_DEED");
	for (size_t i = 0; i < DESK_DEEDS; i++)
		desk.deeds[i].channel = -1;
	code = run(&desk, &l);
	trays_close(&desk);
	page_free(&desk.page);
	return code;
}
