/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of ecert doctor share: a machine and a token with nothing wrong. */
#ifndef ECERT_TESTS_DOCTOR_FIX_H
#define ECERT_TESTS_DOCTOR_FIX_H

#include "cli_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actions/doctor/doctor.h"
#include "token/wire.h"

#define NOW 1795000000
#define DAY 86400

static struct doctor d;

/* A file below the root, and the folders above it. */
static inline void made(void **state, const char *path, const char *text)
{
	char full[256];

	snprintf(full, sizeof full, "%s%s", (const char *)*state, path);
	for (char *p = strchr(full + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		(void)mkdir(full, 0700);
		*p = '/';
	}
	put_file(full, text, strlen(text));
}

/* A computer on which all is well: one reader, one token with one certificate. */
static inline int healthy(void **state)
{
	static char home[256], runtime[256];

	if (folder_make(state))
		return -1;
	made(state, "/usr/sbin/pcscd", "");
	made(state, "/usr/lib/pcsc/drivers/ifd-ccid.bundle", "");
	made(state, "/usr/share/p11-kit/modules/ecert.module", "module: ecert-pkcs11.so\n");
	snprintf(home, sizeof home, "%s/people/mei", (const char *)*state);
	snprintf(runtime, sizeof runtime, "%s/run/user/1000", (const char *)*state);
	made(state, "/people/mei/.profile", "");
	made(state, "/run/user/1000/x", "");
	d = (struct doctor){.root = *state,
	    .home = home,
	    .runtime = runtime,
	    .module = "/m/ecert-pkcs11.so",
	    .user = "mei",
	    .cards = 1,
	    .now = NOW,
	    .clock_kept = 1};
	d.card[0] = (struct doctor_card){.reader = "Reader 00",
	    .present = true,
	    .label = "e-Cert 4711",
	    .serial = "4711",
	    .pin_tries = 3,
	    .puk_tries = 3,
	    .certs = 1};
	d.card[0].cert[0] = (struct doctor_cert){
	    .name = "CHAN", .id = "9c", .from = NOW - 100 * DAY, .until = NOW + 100 * DAY};
	return 0;
}

static inline const struct doctor_finding *find(const char *check, enum doctor_level level)
{
	for (size_t i = 0; i < d.findings; i++)
		if (!strcmp(d.finding[i].check, check) && d.finding[i].level == level)
			return &d.finding[i];
	return NULL;
}

static inline void has(
    const char *check, enum doctor_level level, const char *what, const char *advice)
{
	const struct doctor_finding *f = find(check, level);

	assert_non_null(f);
	if (!strstr(f->what, what) || !strstr(f->advice, advice))
		fail_msg("%s: '%s' / '%s'", check, f->what, f->advice);
	/* Whoever reads of trouble reads what to do, too. */
	assert_int_equal(*f->advice != 0, level != DOCTOR_FINE);
	d.findings = 0;
}

/* One check, one finding of it. */
static inline void says(void (*check)(struct doctor *d), const char *name, enum doctor_level level,
    const char *what, const char *advice)
{
	d.findings = 0;
	check(&d);
	has(name, level, what, advice);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, healthy, folder_remove)

#endif
