/* SPDX-License-Identifier: BSD-2-Clause */
/* Delays by serial number, over restarts. */
#include "daemon/limit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/log.h"

static const int delays[] = {2, 30, 300};
#define DELAYS (sizeof delays / sizeof delays[0])

/* After so many failures, in ms. */
static int64_t delay(uint32_t failures)
{
	return failures == 0 ? 0 : delays[failures < DELAYS ? failures - 1 : DELAYS - 1] * 1000LL;
}

/* ---- the tables ---- */

static struct limit *table_of(struct limits *l, enum limit_kind kind, size_t **n)
{
	*n = kind == LIMIT_KEY ? &l->clients : &l->tokens;
	return kind == LIMIT_KEY ? l->client : l->token;
}

static struct limit *limit_of_whom(
    struct limits *l, enum limit_kind kind, const char *serial, uint64_t client)
{
	size_t *n;
	struct limit *table = table_of(l, kind, &n);

	for (size_t i = 0; i < *n; i++)
		if (table[i].kind == kind && strcmp(table[i].serial, serial) == 0 &&
		    (kind != LIMIT_KEY || table[i].client == client))
			return &table[i];
	return NULL;
}

/* A full table gives up the row whose delay ends first. */
static struct limit *place(
    struct limits *l, enum limit_kind kind, const char *serial, uint64_t client)
{
	struct limit *at = limit_of_whom(l, kind, serial, client), *table;
	size_t *n;

	if (at)
		return at;
	at = table = table_of(l, kind, &n);
	for (size_t i = 0; *n == LIMIT_TOKENS && i < *n; i++)
		if (table[i].until < at->until)
			at = &table[i];
	if (*n < LIMIT_TOKENS)
		at = &table[(*n)++];
	memset(at, 0, sizeof *at);
	(void)snprintf(at->serial, sizeof at->serial, "%.32s", serial);
	at->kind = kind;
	at->client = client;
	return at;
}

/* ---- the file: serial, failures, end in seconds since 1970, and "puk" if it is one's ---- */

static void load_line(struct limits *l, const char *line)
{
	char serial[33], word[8] = "";
	uint32_t failures;
	int64_t until, left;
	struct limit *at;
	int n = sscanf(line, "%32s %" SCNu32 " %" SCNd64 " %7s", serial, &failures, &until, word);

	if (n < 3 || (n == 4 && strcmp(word, "puk") != 0))
		return;
	at = place(l, n == 4 ? LIMIT_PUK : LIMIT_PIN, serial, 0);
	at->failures = failures;
	/* A clock that was set back must not lock a token for years. */
	left = until - (int64_t)clock_now();
	if (left < 0)
		left = 0;
	if (left > delay(failures) / 1000)
		left = delay(failures) / 1000;
	at->until = clock_boot_ms() + left * 1000;
}

static void load(struct limits *l)
{
	char line[128];
	FILE *f = fopen(l->path, "re");

	if (!f)
		return;
	while (fgets(line, sizeof line, f))
		load_line(l, line);
	(void)fclose(f);
}

static bool store_row(FILE *f, const struct limit *row)
{
	int64_t left = row->until - clock_boot_ms();

	if (row->failures == 0)
		return true;
	if (left < 0)
		left = 0;
	return fprintf(f, "%s %" PRIu32 " %" PRId64 "%s\n", row->serial, row->failures,
		   (int64_t)clock_now() + (left + 999) / 1000,
		   row->kind == LIMIT_PUK ? " puk" : "") > 0;
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
	if (!f) {
		log_error("%s: cannot be written", fresh);
		return;
	}
	for (size_t i = 0; i < l->tokens; i++)
		good &= store_row(f, &l->token[i]);
	good &= fflush(f) == 0 && fdatasync(fileno(f)) == 0;
	good &= fclose(f) == 0;
	if (!good || rename(fresh, l->path) != 0)
		log_error("%s: cannot be written", l->path);
}

/* ---- what the workers call ---- */

enum ecert_rc limits_open(struct limits *l, const char *dir)
{
	int n;

	memset(l, 0, sizeof *l);
	(void)pthread_mutex_init(&l->lock, NULL);
	if (!dir)
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

int64_t limits_left(struct limits *l, enum limit_kind kind, const char *serial, uint64_t client)
{
	struct limit *at;
	int64_t left = 0;

	(void)pthread_mutex_lock(&l->lock);
	at = limit_of_whom(l, kind, key_of(serial), client);
	if (at && at->failures > 0)
		left = at->until - clock_boot_ms();
	(void)pthread_mutex_unlock(&l->lock);
	return left > 0 ? (left + 999) / 1000 : 0;
}

void limits_failed(struct limits *l, enum limit_kind kind, const char *serial, uint64_t client)
{
	struct limit *at;

	(void)pthread_mutex_lock(&l->lock);
	at = place(l, kind, key_of(serial), client);
	if (at->failures < UINT32_MAX)
		at->failures++;
	at->until = clock_boot_ms() + delay(at->failures);
	if (kind != LIMIT_KEY)
		store(l);
	(void)pthread_mutex_unlock(&l->lock);
}

void limits_passed(struct limits *l, enum limit_kind kind, const char *serial, uint64_t client)
{
	struct limit *at;

	(void)pthread_mutex_lock(&l->lock);
	at = limit_of_whom(l, kind, key_of(serial), client);
	if (at && at->failures > 0) {
		at->failures = 0;
		if (kind != LIMIT_KEY)
			store(l);
	}
	(void)pthread_mutex_unlock(&l->lock);
}
