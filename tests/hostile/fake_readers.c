/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded in place of libpcsclite: readers and cards that no real pcscd would show.
 * ECERT_TEST_CASE names the case itself here.
 */
#include "tests/unit/transport/fake_pcsc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#define NAMES_MAX 8000

struct row {
	const char *name;
	void (*set)(size_t n);
	size_t n;
};

static void atr(size_t n)
{
	fake_state(SCARD_STATE_PRESENT, (DWORD)n);
}

static void odd_name(size_t n)
{
	static const char names[] = "e\033[2J\r\n\a\b\x7f\xc2\x9b\xff 00 00\0";

	(void)n;
	fake_names(names, sizeof names);
}

static void long_name(size_t n)
{
	static char names[NAMES_MAX];

	memset(names, 'R', n);
	fake_names(names, n + 2);
}

static void many(size_t n)
{
	static char names[NAMES_MAX];
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		at += (size_t)sprintf(names + at, "Reader %02zu 00", i) + 1;
	fake_names(names, at + 1);
}

static void twice(size_t n)
{
	(void)n;
	fake_names("Same 00 00\0Same 00 00\0", 23);
}

static void unended(size_t n)
{
	static const char names[] = {'N', 'o', ' ', 'e', 'n', 'd'};

	(void)n;
	fake_names(names, sizeof names);
}

static void empty(size_t n)
{
	(void)n;
	fake_names("\0", 2);
}

/* An answer that says it is n bytes long. */
static void answer(size_t n)
{
	fake_answer("\x90\x00", n < 2 ? n : 2, n);
}

static const struct row rows[] = {
    {"atr-34", atr, 34},
    {"atr-200", atr, 200},
    {"atr-0", atr, 0},
    {"name-control", odd_name, 0},
    {"name-long", long_name, 5000},
    {"name-127", long_name, 127},
    {"names-many", many, 100},
    {"names-twice", twice, 0},
    {"names-unended", unended, 0},
    {"names-empty", empty, 0},
    {"answer-0", answer, 0},
    {"answer-1", answer, 1},
    {"answer-70000", answer, 70000},
};

__attribute__((constructor)) static void start(void)
{
	const char *want = getenv("ECERT_TEST_CASE");

	fake_reset();
	for (size_t i = 0; want != NULL && i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].name, want) == 0) {
			rows[i].set(rows[i].n);
			return;
		}
	}
	fprintf(stderr, "fake-readers: no case %s\n", want != NULL ? want : "");
	_Exit(2);
}
