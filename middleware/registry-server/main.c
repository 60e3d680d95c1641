/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-registry: what has to be asked of an issuer, over HTTP. */
#include <argp.h>
#include <errno.h>
#include <libintl.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "config.h"
#include "registry-server/service.h"
#include "util/log.h"
#include "util/mem.h"

#define FILES 64

struct line {
	struct options o;
	const char *listen;
	bool proxy;
	const char *anchors[FILES], *crls[FILES];
};

static const struct argp_option option_table[] = {
    {"store", 's', "WHERE", 0,
	MSG_ID("The register: sqlite:FILE or postgresql:CONNECTION (default: register.sqlite in "
	       "$STATE_DIRECTORY)"),
	0},
    {"status-key", 'k', "FILE", 0,
	MSG_ID("The status key (default: beside the register, as ecert registry keys writes it)"),
	0},
    {"listen", 'l', "WHERE", 0,
	MSG_ID("Listen there: unix:PATH, 127.0.0.1:PORT or [::1]:PORT (default: the socket of "
	       "systemd)"),
	0},
    {"anchor", 'a', "PEM", 0,
	MSG_ID(
	    "A CA by which applications are verified; again for more. Without one none is taken"),
	0},
    {"crl", 'c', "FILE", 0, MSG_ID("A CRL of such a CA; again for more"), 0},
    {"proxy", 'p', NULL, 0,
	MSG_ID("Only a proxy can connect, and says in X-Real-IP whose a request is"), 0},
    {0},
};

static void add(struct strlist *to, const char **v, char *arg, struct argp_state *state)
{
	if (to->n == FILES)
		argp_error(state, "%s", dgettext("ecert", MSG_ID("too many files")));
	to->v = v;
	v[to->n++] = arg;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct line *l = state->input;

	switch (key) {
	case 's':
		l->o.store = arg;
		break;
	case 'k':
		l->o.status_key = arg;
		break;
	case 'l':
		l->listen = arg;
		break;
	case 'a':
		add(&l->o.anchors, l->anchors, arg, state);
		break;
	case 'c':
		add(&l->o.crls, l->crls, arg, state);
		break;
	case 'p':
		l->proxy = true;
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
    MSG_ID(
	"Answers what is asked of an issuer of trust marks: statuses, who holds a mark, its keys; "
	"and takes applications."),
    NULL, NULL, "ecert"};

/* ---- saying why not ---- */

static const char *sentence(const char *id)
{
	return *id ? dgettext("ecert", id) : id;
}

static int fail(const struct message *m)
{
	const struct message_words words = {.sentence = sentence};
	char *text = message_string(m, &words);

	(void)fprintf(stderr, "ecert-registry: %s\n", text);
	message_free(text);
	return 1;
}

static int not_listening(const char *where, enum ecert_rc rc)
{
	const int saved = errno;

	if (rc == ECERT_E_NOT_FOUND)
		return fail(MSG("systemd has handed over no socket: say --listen"));
	if (rc == ECERT_E_ARG)
		return fail(MSG("Cannot listen at '{where}': it is unix:PATH, 127.0.0.1:PORT or "
				"[::1]:PORT, and what the network sends comes through a proxy",
		    P_TEXT("where", where)));
	return fail(MSG("Cannot listen at {where}: {why}",
	    P_TEXT("where", where ? where : "systemd"), P_ERRNO("why", saved)));
}

/* ---- running ---- */

static struct http_server *server;

static void on_signal(int sig)
{
	const int saved = errno;

	(void)sig;
	http_stop(server);
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

/* The status key is in memory here; and what is asked for and given back does not lie about. */
static void harden(void)
{
	secret_undumped();
	secret_unseen();
	(void)umask(077);
	(void)mallopt(M_ARENA_MAX, 1);
	(void)mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

static bool default_store(char *out, size_t cap)
{
	const char *dir = getenv("STATE_DIRECTORY");

	return dir && snprintf(out, cap, "sqlite:%s/register.sqlite", dir) < (int)cap;
}

static int serve(const struct line *l, struct service *s, struct desk *d)
{
	struct http_service http = {.routes = server_routes,
	    .n = server_routes_n,
	    .ctx = s,
	    .slow_ctx = d,
	    .page = page_later,
	    .proxy = l->proxy};
	int fd;
	unsigned port;
	enum ecert_rc rc = http_listen(l->listen, &fd);

	if (rc != ECERT_OK)
		return not_listening(l->listen, rc);
	port = http_port(fd);
	rc = http_open(fd, &http, &http_limits_usual, &server);
	if (rc != ECERT_OK)
		return fail(MSG("Cannot start: {why}", P_RC("why", rc)));
	catch_signals();
	if (port && l->listen) {
		(void)printf("ecert-registry: port %u\n", port);
		(void)fflush(stdout);
	}
	(void)sd_notify(0, "READY=1");
	rc = http_run(server);
	(void)sd_notify(0, "STOPPING=1");
	http_close(&server);
	return rc == ECERT_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
	static struct line l;
	static struct service s;
	static struct desk d;
	static char store[4200];
	struct message_kept why;
	enum ecert_rc rc;
	int code;

	(void)setlocale(LC_ALL, "");
	(void)bindtextdomain("ecert", LOCALEDIR);
	/* Set, not defined: a hidden symbol of ours would not be the one that libc reads. */
	argp_program_version = "ecert-registry " PACKAGE_VERSION;
	(void)argp_parse(&argp, argc, argv, 0, NULL, &l);
	harden();
	log_init(); /* before there is another thread */
	if (!l.o.store && default_store(store, sizeof store))
		l.o.store = store;
	if (!l.o.store)
		return fail(MSG("Say where the register is: --store"));
	rc = service_begin(&s, &l.o, &why);
	if (rc == ECERT_OK)
		rc = desk_begin(&d, &l.o, &why);
	code = rc == ECERT_OK ? serve(&l, &s, &d) : fail(MSG_KEPT(&why));
	desk_end(&d);
	service_end(&s);
	return code;
}
