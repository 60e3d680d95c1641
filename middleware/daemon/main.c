/* SPDX-License-Identifier: BSD-2-Clause */
/* ecertd: the daemon that owns the tokens. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "config.h"
#include "daemon/server.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/log.h"
#include "util/mem.h"

/* What the card said is believed so long: nearly everything that changes a token passes here. */
#define TRUST_MS 10000
/* Whoever connects is taken in at once; this is for the moment in which many come. */
#define BACKLOG 1024
/* Beside those of connections: readers, journal, slot events. */
#define OTHER_FILES 64

struct options {
	const char *socket, *reader, *state, *group;
	int idle_s;
	bool no_journal;
};

static const struct argp_option option_table[] = {
    {"socket", 's', "PATH", 0,
	"Listen there (default: what systemd hands over, else $XDG_RUNTIME_DIR/" IPC_SOCKET_USER
	")",
	0},
    {"state", 'd', "DIR", 0,
	"Keep journal and PIN delays there (default: $STATE_DIRECTORY, else "
	"$XDG_STATE_HOME/ecertd)",
	0},
    {"group", 'g', "NAME", 0, "Serve members of this group as well as our own user and root", 0},
    {"idle", 'i', "SECONDS", 0, "End when nobody was connected for so long (default: never)", 0},
    {"reader", 'r', "WHERE", 0, "Readers: pcsc (default), or socket:PATH for a virtual token", 0},
    {"no-journal", 'n', NULL, 0, "Keep no record (for tests)", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 's':
		o->socket = arg;
		break;
	case 'd':
		o->state = arg;
		break;
	case 'g':
		o->group = arg;
		break;
	case 'i':
		o->idle_s = atoi(arg);
		if (o->idle_s <= 0 || o->idle_s > 86400)
			argp_error(state, "--idle: 1 to 86400 seconds");
		break;
	case 'r':
		o->reader = arg;
		break;
	case 'n':
		o->no_journal = true;
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
    "Owns the smart-card readers and gives every program its turn.", NULL, NULL, NULL};

/* ---- the socket ---- */

static bool default_socket(char *out, size_t cap)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	int n = dir ? snprintf(out, cap, "%s/%s", dir, IPC_SOCKET_USER) : -1;

	return n > 0 && (size_t)n < cap;
}

static int listen_at(const char *path, bool group)
{
	int fd = file_listen(path, group ? 0666 : 0600, BACKLOG);

	if (fd < 0)
		(void)fprintf(stderr, "ecertd: %s: %s\n", path, strerror(errno));
	return fd;
}

static int get_socket(const struct options *o, bool *handed)
{
	char path[108];

	*handed = sd_listen_fds(1) == 1 &&
		  sd_is_socket_unix(SD_LISTEN_FDS_START, SOCK_STREAM, 1, NULL, 0) > 0;
	/* systemd.service(5), NonBlocking=: what is handed over blocks, and accept would wait for
	 * the next client while those who came are waiting. */
	if (*handed && fcntl(SD_LISTEN_FDS_START, F_SETFL,
			   fcntl(SD_LISTEN_FDS_START, F_GETFL) | O_NONBLOCK) < 0) {
		(void)fprintf(stderr, "ecertd: the socket of systemd: %s\n", strerror(errno));
		return -1;
	}
	if (*handed)
		return SD_LISTEN_FDS_START;
	if (o->socket)
		return listen_at(o->socket, o->group);
	if (!default_socket(path, sizeof path)) {
		(void)fprintf(stderr, "ecertd: no XDG_RUNTIME_DIR: say --socket\n");
		return -1;
	}
	return listen_at(path, o->group);
}

/* ---- where things are kept ---- */

static bool state_dir(const struct options *o, char *out, size_t cap)
{
	const char *dir = o->state ? o->state : getenv("STATE_DIRECTORY");
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = -1;

	if (dir)
		n = snprintf(out, cap, "%s", dir);
	else if (state)
		n = snprintf(out, cap, "%s/ecertd", state);
	else if (home)
		n = snprintf(out, cap, "%s/.local/state/ecertd", home);
	return n > 0 && (size_t)n < cap;
}

static enum ecert_rc open_state(struct daemon *d, const struct options *o)
{
	char dir[200];
	enum ecert_rc rc;

	if (!state_dir(o, dir, sizeof dir) || !file_make_folders(dir)) {
		(void)fprintf(stderr, "ecertd: no place to keep the journal: say --state\n");
		return ECERT_E_IO;
	}
	rc = limits_open(&d->limits, dir);
	if (rc == ECERT_OK && !o->no_journal)
		rc = journal_open(dir, &d->journal);
	if (rc == ECERT_E_EXISTS)
		(void)fprintf(stderr,
		    "ecertd: another ecertd keeps its journal in %s: stop that one, or say --state "
		    "with another directory\n",
		    dir);
	else if (rc != ECERT_OK)
		(void)fprintf(stderr, "ecertd: %s: %s\n", dir, ecert_strerror(rc));
	return rc;
}

/* ---- the readers' monitor ---- */

static void *monitor(void *arg)
{
	struct daemon *d = arg;
	unsigned slot;

	while (!atomic_load(&d->stopping)) {
		enum ecert_rc rc = tokens_wait(d->tokens, 30000, &slot);

		if (rc == ECERT_E_CANCELLED)
			break;
		if (rc == ECERT_OK)
			slots_publish(d);
		else if (rc != ECERT_E_TIMEOUT)
			(void)usleep(200000);
		refusals_tell(&d->refusals, d->journal, false);
	}
	return NULL;
}

/* ---- running ---- */

static struct daemon the_daemon;

/* Only what a signal handler may do. */
static void on_signal(int sig)
{
	const uint64_t one = 1;
	int saved = errno;

	(void)sig;
	atomic_store(&the_daemon.stopping, true);
	if (write(the_daemon.wake, &one, sizeof one) != sizeof one)
		atomic_store(&the_daemon.stopping, true);
	errno = saved;
}

/* PINs pass through: no core dump, no debugger of the same user. What is kept of them, the frames
 * that bring them and the commands that take them to the card are in locked pages that no dump has
 * (secret_alloc). */
static void harden(void)
{
	secret_undumped();
	secret_unseen();
	(void)umask(077);
}

/* Of what is asked for and given back all the time, nothing lies about for ever, and no thread has
 * a heap of its own: all that connections can make of it is bounded in server.h. */
static void bound_memory(void)
{
	(void)mallopt(M_ARENA_MAX, 1);
	(void)mallopt(M_MMAP_THRESHOLD, 32 << 10);
	(void)mallopt(M_TRIM_THRESHOLD, 128 << 10);
}

/* As many connections as descriptors allow: the limit is raised to what we need. */
static size_t places(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return 0;
	if (files.rlim_cur < CLIENTS_MAX + OTHER_FILES) {
		files.rlim_cur = files.rlim_max < CLIENTS_MAX + OTHER_FILES
				     ? files.rlim_max
				     : CLIENTS_MAX + OTHER_FILES;
		(void)setrlimit(RLIMIT_NOFILE, &files);
		(void)getrlimit(RLIMIT_NOFILE, &files);
	}
	if (files.rlim_cur >= CLIENTS_MAX + OTHER_FILES)
		return CLIENTS_MAX;
	return files.rlim_cur > 2 * OTHER_FILES ? files.rlim_cur - OTHER_FILES : OTHER_FILES;
}

static void catch_signals(void)
{
	struct sigaction act = {.sa_handler = on_signal};

	(void)sigaction(SIGTERM, &act, NULL);
	(void)sigaction(SIGINT, &act, NULL);
	act.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &act, NULL);
}

static enum ecert_rc daemon_start(struct daemon *d, const struct options *o)
{
	const struct tokens_config cfg = {
	    .reader = o->reader, .daemon = DAEMON_NEVER, .trust_ms = TRUST_MS};
	struct token_slot slot[TOKEN_SLOTS_MAX];
	size_t n;
	enum ecert_rc rc;

	(void)pthread_mutex_init(&d->lock, NULL);
	refusals_init(&d->refusals);
	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	d->run = (uint32_t)getpid() << 16 ^ (uint32_t)clock_now();
	d->run = d->run == 0 ? 1 : d->run;
	if (d->wake < 0)
		return ECERT_E_IO;
	rc = open_state(d, o);
	if (rc == ECERT_OK)
		rc = tokens_open(&cfg, &d->tokens);
	if (rc == ECERT_OK)
		rc = workers_start(d);
	if (rc == ECERT_OK)
		rc = tokens_slots(d->tokens, true, slot, TOKEN_SLOTS_MAX, &n);
	if (rc != ECERT_OK)
		return rc;
	slots_publish(d);
	return pthread_create(&d->monitor, NULL, monitor, d) == 0 ? ECERT_OK : ECERT_E_MEMORY;
}

static void finish(struct daemon *d)
{
	atomic_store(&d->stopping, true);
	if (d->tokens) {
		tokens_cancel_wait(d->tokens);
		(void)pthread_join(d->monitor, NULL);
		workers_stop(d);
	}
	tokens_close(&d->tokens);
	refusals_tell(&d->refusals, d->journal, true);
	journal_close(&d->journal);
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct server s = {.daemon = &the_daemon, .group = (gid_t)-1};
	bool handed = false;
	enum ecert_rc rc;

	/* Set, not defined: a hidden symbol of ours would not be the one that libc reads. */
	argp_program_version = "ecertd " PACKAGE_VERSION;
	(void)argp_parse(&argp, argc, argv, 0, NULL, &o);
	harden();
	bound_memory();
	s.most = places();
	if (o.group) {
		struct group *g = getgrnam(o.group);

		if (!g) {
			(void)fprintf(stderr, "ecertd: no group %s\n", o.group);
			return 1;
		}
		s.group = g->gr_gid;
	}
	s.idle_ms = o.idle_s * 1000;
	catch_signals();
	rc = daemon_start(&the_daemon, &o);
	if (rc != ECERT_OK) {
		if (rc != ECERT_E_EXISTS) /* said by open_state */
			(void)fprintf(stderr, "ecertd: %s\n", ecert_strerror(rc));
		return 1;
	}
	s.listen = get_socket(&o, &handed);
	if (s.listen >= 0) {
		(void)sd_notify(0, "READY=1");
		rc = server_run(&s);
		(void)sd_notify(0, "STOPPING=1");
	}
	finish(&the_daemon);
	if (s.listen >= 0 && !handed && o.socket)
		(void)unlink(o.socket);
	return s.listen >= 0 && rc == ECERT_OK ? 0 : 1;
}
