/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts and ends a test's virtual token, and compares what was said. */
#include "tests/unit/client/deed.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "provision/init/init.h"
#include "provision/look.h"

#define SERIAL	     "4711"
#define PATIENCE_MS  30000
#define LOOK_EACH_US 2000

static const char *built(void)
{
	const char *where = getenv("top_builddir");

	return where ? where : ".";
}

static bool answers(const struct deed *d)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good;

	snprintf(to.sun_path, sizeof to.sun_path, "%s", d->reader + strlen("socket:"));
	good = fd >= 0 && !connect(fd, (struct sockaddr *)&to, sizeof to);
	if (fd >= 0)
		close(fd);
	return good;
}

void deed_plug(struct deed *d)
{
	char program[4096], state[96];

	assert_int_equal(d->token, 0);
	snprintf(program, sizeof program, "%s/ecert-vcard", built());
	snprintf(state, sizeof state, "%s/card", d->dir);
	fflush(NULL);
	d->token = fork();
	assert_int_not_equal(d->token, -1);
	if (!d->token) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		/* A test that dies takes its token with it. */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execl(program, "ecert-vcard", "--no-sync", "--serial", SERIAL, "--state", state,
		    "--listen", d->reader + strlen("socket:"), (char *)NULL);
		_exit(127);
	}
	for (int waited = 0; !answers(d); waited++) {
		assert_int_equal(waitpid(d->token, NULL, WNOHANG), 0);
		assert_true(waited < PATIENCE_MS * 1000 / LOOK_EACH_US);
		usleep(LOOK_EACH_US);
	}
}

void deed_pull(struct deed *d)
{
	int status = 0;

	assert_true(d->token > 0);
	kill(d->token, SIGTERM);
	assert_int_equal(waitpid(d->token, &status, 0), d->token);
	d->token = 0;
}

/* Nothing of whoever runs the tests is read or written. */
static void settle(const struct deed *d)
{
	static const char *const folders[] = {
	    "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"};

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		setenv(folders[i], d->dir, 1);
	setenv("ECERT_DAEMON", "never", 1);
	unsetenv("ECERT_READER"); /* the job has it */
	unsetenv("ECERT_MODULE");
	unsetenv("ECERT_RECORD");
}

int deed_bare(void **state)
{
	struct deed *d = calloc(1, sizeof *d);

	if (!d)
		return -1;
	*state = d;
	strcpy(d->dir, "/tmp/ecert-deed-test.XXXXXX");
	recorder_init(&d->said);
	d->job = (struct job){.ui = &d->said.ui, .slot_id = -1};
	return mkdtemp(d->dir) ? 0 : -1;
}

int deed_fresh(void **state)
{
	struct deed *d;

	if (deed_bare(state))
		return -1;
	d = *state;
	snprintf(d->reader, sizeof d->reader, "socket:%s/token", d->dir);
	snprintf(d->source, sizeof d->source, "file:%s/escrow.json", d->dir);
	snprintf(d->module, sizeof d->module, "%s/pkcs11/ecert-pkcs11.so", built());
	d->escrow = d->source + strlen("file:");
	settle(d);
	d->job.look = &provision_look;
	d->job.module = d->module;
	d->job.reader = d->reader;
	deed_plug(d);
	return 0;
}

int deed_ready(void **state)
{
	struct init_params o = {0};
	struct init in = {.o = &o};
	struct deed *d;

	if (deed_fresh(state))
		return -1;
	d = *state;
	o.escrow = d->escrow;
	deed_types(d, DEED_PIN, DEED_PIN, DEED_PUK, DEED_PUK, NULL);
	in.job = &d->job;
	assert_int_equal(prov_open(&d->job, &in.token), OUT_OK);
	assert_int_equal(init_run(&in), OUT_OK);
	init_free(&in);
	deed_types(d, NULL);
	return 0;
}

static int drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int deed_end(void **state)
{
	struct deed *d = *state;
	int rc;

	if (d->token)
		deed_pull(d);
	rc = nftw(d->dir, drop, 16, FTW_DEPTH | FTW_PHYS);
	free(d);
	return rc;
}

void deed_types(struct deed *d, ...)
{
	bool attended = d->said.attended, yes = d->said.yes;
	const char *typed;
	size_t n = 0;
	va_list ap;

	recorder_init(&d->said);
	d->said.attended = attended;
	d->said.yes = yes;
	va_start(ap, d);
	while ((typed = va_arg(ap, const char *))) {
		assert_true(n < sizeof d->said.secrets / sizeof d->said.secrets[0]);
		d->said.secrets[n++] = typed;
	}
	va_end(ap);
}

const char *deed_source(struct deed *d, const char *name, const char *text)
{
	static char ring[4][128];
	static unsigned next;
	char *out = ring[next++ % 4];
	FILE *f;

	snprintf(out, sizeof ring[0], "file:%s/%s", d->dir, name);
	if (text) {
		f = fopen(out + strlen("file:"), "we");
		assert_non_null(f);
		assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
		assert_int_equal(fclose(f), 0);
	}
	return out;
}

const char *deed_file(struct deed *d, const char *name, const char *text)
{
	return deed_source(d, name, text) + strlen("file:");
}

const struct recorded *deed_said(const struct deed *d, int what, size_t nth)
{
	for (size_t i = 0; i < d->said.n; i++)
		if ((int)d->said.said[i].what == what && !nth--)
			return &d->said.said[i];
	return NULL;
}

size_t deed_count(const struct deed *d, int what)
{
	size_t n = 0;

	while (deed_said(d, what, n))
		n++;
	return n;
}

void deed_failed_at(const struct deed *d, const struct told *want, const char *file, int line)
{
	const struct recorded *f = recorder_failure(&d->said);

	if (!f || deed_count(d, SAID_FAILED) != 1) {
		print_error("%zu failures were told, not 1\n", deed_count(d, SAID_FAILED));
		_fail(file, line);
		return;
	}
	_assert_int_equal((unsigned long)f->code, (unsigned long)want->code, file, line);
	_assert_string_equal(f->reason, want->reason, file, line);
	_assert_string_equal(f->id, want->id, file, line);
	_assert_string_equal(f->text, want->text, file, line);
	_assert_string_equal(f->next, want->next, file, line);
}
