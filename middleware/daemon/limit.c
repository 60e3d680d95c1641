/* SPDX-License-Identifier: BSD-2-Clause */
/* Delays after wrong PINs, by serial number, over restarts. */
#include "daemon/limit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/log.h"

static const int delays[] = {2, 30, 300};

static int64_t now(void)
{
	return (int64_t)time(NULL);
}

static struct limit *find(struct limits *l, const char *serial)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->token[i].serial, serial) == 0)
			return &l->token[i];
	return NULL;
}

/* A full table gives up the token whose delay ends first. */
static struct limit *place(struct limits *l, const char *serial)
{
	struct limit *at = find(l, serial);

	if (at != NULL)
		return at;
	at = &l->token[0];
	if (l->n < LIMIT_TOKENS)
		at = &l->token[l->n++];
	for (size_t i = 0; l->n == LIMIT_TOKENS && i < l->n; i++)
		if (l->token[i].until < at->until)
			at = &l->token[i];
	memset(at, 0, sizeof *at);
	(void)snprintf(at->serial, sizeof at->serial, "%.32s", serial);
	return at;
}

static void load(struct limits *l)
{
	char serial[33];
	uint32_t failures;
	int64_t until;
	FILE *f = fopen(l->path, "re");

	if (f == NULL)
		return;
	while (fscanf(f, "%32s %" SCNu32 " %" SCNd64, serial, &failures, &until) == 3) {
		struct limit *at = place(l, serial);

		at->failures = failures;
		/* A clock that was set back must not lock a token for years. */
		at->until = until > now() + delays[2] ? now() + delays[2] : until;
	}
	(void)fclose(f);
}

static void store(const struct limits *l)
{
	char fresh[sizeof l->path + 4];
	FILE *f;
	bool good = true;

	if (l->path[0] == '\0')
		return;
	(void)snprintf(fresh, sizeof fresh, "%s.new", l->path);
	f = fopen(fresh, "we");
	if (f == NULL) {
		log_error("%s: cannot be written", fresh);
		return;
	}
	for (size_t i = 0; i < l->n; i++)
		if (l->token[i].failures > 0)
			good &= fprintf(f, "%s %" PRIu32 " %" PRId64 "\n", l->token[i].serial,
				    l->token[i].failures, l->token[i].until) > 0;
	good &= fflush(f) == 0 && fdatasync(fileno(f)) == 0;
	good &= fclose(f) == 0;
	if (!good || rename(fresh, l->path) != 0)
		log_error("%s: cannot be written", l->path);
}

enum ecert_rc limits_open(struct limits *l, const char *dir)
{
	int n;

	memset(l, 0, sizeof *l);
	(void)pthread_mutex_init(&l->lock, NULL);
	if (dir == NULL)
		return ECERT_OK;
	n = snprintf(l->path, sizeof l->path, "%s/pin-delays", dir);
	if (n < 0 || (size_t)n >= sizeof l->path)
		return ECERT_E_TOO_LARGE;
	load(l);
	return ECERT_OK;
}

/* A token without a serial number has one row for all of its kind. */
static const char *key_of(const char *serial)
{
	return serial[0] != '\0' ? serial : "-";
}

int64_t limits_left(struct limits *l, const char *serial)
{
	struct limit *at;
	int64_t left = 0;

	(void)pthread_mutex_lock(&l->lock);
	at = find(l, key_of(serial));
	if (at != NULL && at->failures > 0)
		left = at->until - now();
	(void)pthread_mutex_unlock(&l->lock);
	return left > 0 ? left : 0;
}

void limits_failed(struct limits *l, const char *serial)
{
	struct limit *at;

	(void)pthread_mutex_lock(&l->lock);
	at = place(l, key_of(serial));
	at->until = now() + delays[at->failures < 2 ? at->failures : 2];
	at->failures++;
	store(l);
	(void)pthread_mutex_unlock(&l->lock);
}

void limits_passed(struct limits *l, const char *serial)
{
	struct limit *at;

	(void)pthread_mutex_lock(&l->lock);
	at = find(l, key_of(serial));
	if (at != NULL && at->failures > 0) {
		at->failures = 0;
		store(l);
	}
	(void)pthread_mutex_unlock(&l->lock);
}
