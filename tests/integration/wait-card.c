/* SPDX-License-Identifier: BSD-2-Clause */
/* Waits until pcscd has a card in a reader and prints the reader's name: `wait-card [SECONDS]`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Prints the first reader with a card that answers; false when there is none. */
static int find(SCARDCONTEXT ctx)
{
	char names[4096];
	DWORD n = sizeof names;

	if (SCardListReaders(ctx, NULL, names, &n) != SCARD_S_SUCCESS)
		return 0;
	for (const char *p = names; *p; p += strlen(p) + 1) {
		SCARD_READERSTATE st = {.szReader = p};

		if (SCardGetStatusChange(ctx, 0, &st, 1) == SCARD_S_SUCCESS &&
		    (st.dwEventState & SCARD_STATE_PRESENT) &&
		    !(st.dwEventState & SCARD_STATE_MUTE)) {
			puts(p);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	double until = now() + (argc > 1 ? atof(argv[1]) : 10);
	const struct timespec nap = {0, 20 * 1000 * 1000};

	do {
		SCARDCONTEXT ctx;
		int found = 0;

		if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &ctx) ==
		    SCARD_S_SUCCESS) {
			found = find(ctx);
			SCardReleaseContext(ctx);
		}
		if (found)
			return 0;
		nanosleep(&nap, NULL);
	} while (now() < until);
	return 1;
}
